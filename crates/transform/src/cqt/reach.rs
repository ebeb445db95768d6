//! How far around its frame a coefficient hears.

use super::decimate::Decimator;
use super::plan::Cqt;

impl Cqt {
    /// For each bin, how many samples to either side of its frame's middle a coefficient depends on: half the FFT of its
    /// octave, as `sparsity` spreads a filter over all of it, and what the decimators before it look at.
    pub fn reaches(&self) -> Vec<usize> {
        let mut reaches = vec![0; self.params.bins];
        let (mut factor, mut before) = (1, 0);
        let mut pass = |decimator: Option<&Decimator>| {
            if let Some(decimator) = decimator {
                before += factor * decimator.reach();
                factor *= decimator.factor();
            }
            (factor, before)
        };
        pass(self.early.as_deref());
        for (index, (stage, octave)) in self.stages().iter().zip(&self.geometry.octaves).enumerate() {
            // The first octave of a part of a plan gets its signal as it is.
            let (factor, before) = pass(stage.halve.as_ref().filter(|_| index > 0 || self.base_stage == 0));
            reaches[octave.bins.clone()].fill(before + factor * stage.bank.fft_length.div_ceil(2));
        }
        reaches
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::noise;
    use crate::{Cqt, CqtParams, LibrosaVersion};

    #[test]
    fn what_is_further_away_changes_nothing() {
        let params = CqtParams { hop: 256, bins: 48, fmin_hz: 130.0, ..CqtParams::default() };
        for params in
            [params, CqtParams { sr: 44_100.0, ..params }, CqtParams { librosa: LibrosaVersion::V0_6, ..params }]
        {
            let plan = Cqt::new(&params, 60_000).unwrap();
            let (x, other) = (noise(60_000, 1), noise(60_000, 2));
            let frame = 117;
            let middle = frame * params.hop;
            let reaches = plan.reaches();
            for row in [0, 13, 30, 47] {
                let within = middle - reaches[row]..=middle + reaches[row];
                let mixed: Vec<f64> = (0..x.len()).map(|i| if within.contains(&i) { x[i] } else { other[i] }).collect();
                let (all, some) = (plan.forward(&x).unwrap(), plan.forward(&mixed).unwrap());
                let error = (all[(row, frame)] - some[(row, frame)]).norm() / all[(row, frame)].norm();
                assert!(error < 1e-11, "row {row}: {error}");
                // Not twice as far as it has to be.
                let (few, near) = (reaches[row] / 3, middle);
                let mixed: Vec<f64> =
                    (0..x.len()).map(|i| if i.abs_diff(near) < few { x[i] } else { other[i] }).collect();
                let some = plan.forward(&mixed).unwrap();
                assert!((all[(row, frame)] - some[(row, frame)]).norm() > 1e-6 * all[(row, frame)].norm());
            }
        }
    }
}
