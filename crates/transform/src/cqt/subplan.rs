//! Parts of a plan as plans: without the early step, or without some octaves.

use std::sync::{Arc, OnceLock};

use super::decimate::DecimatorScratch;
use super::params::CqtParams;
use super::plan::Cqt;
use super::tempered::{ratio_of_bin, rotated};

impl Cqt {
    /// The same transform without the octaves that lie wholly below bin `first`.
    pub(crate) fn upper_octaves(&self, first: usize) -> Self {
        let dropped = self.geometry.octaves.iter().filter(|octave| octave.bins.end <= first).count();
        let geometry = self.geometry.without_low_octaves(dropped);
        let bins = geometry.freqs_hz.len();
        let cut = self.params.bins - bins;
        let fmin_hz = self.params.fmin_hz * ratio_of_bin(&self.params, self.ratios.as_deref(), cut);
        Self {
            params: CqtParams { bins, fmin_hz, ..self.params },
            ratios: self.ratios.as_deref().map(|ratios| rotated(ratios, cut).into()),
            geometry,
            samples: self.samples,
            frames: self.frames,
            early: self.early.clone(),
            stages: Arc::clone(&self.stages),
            base_stage: self.base_stage,
            base_bin: self.base_bin + cut,
            channels: OnceLock::new(),
            single: OnceLock::new(),
        }
    }

    /// The same transform without the `dropped` highest octaves, of a signal at the rate of the
    /// highest octave left; at least one is left.
    pub(crate) fn lower_octaves(&self, dropped: usize) -> Self {
        let dropped = dropped.min(self.stages().len() - 1);
        let geometry = self.geometry.without_high_octaves(dropped);
        let top = &geometry.octaves[0];
        let params = CqtParams { sr: top.sr, hop: top.hop, bins: top.bins.end, ..self.params };
        Self {
            params,
            ratios: self.ratios.clone(),
            samples: self.stages()[dropped].framing.samples(),
            geometry,
            frames: self.frames,
            early: None,
            stages: Arc::clone(&self.stages),
            base_stage: self.base_stage + dropped,
            base_bin: self.base_bin,
            channels: OnceLock::new(),
            single: OnceLock::new(),
        }
    }

    /// The signal of [`Cqt::lower_octaves`].
    pub(crate) fn halved(&self, dropped: usize, samples: &[f64]) -> Vec<f64> {
        let (mut out, mut scratch) = (self.downsampled_early(samples), DecimatorScratch::default());
        for halve in self.stages()[1..].iter().take(dropped).filter_map(|stage| stage.halve.as_ref()) {
            let before = std::mem::take(&mut out);
            halve.forward(&before, &mut out, &mut scratch);
        }
        out
    }

    /// The transpose of [`Cqt::halved`], and its inverse for a signal without anything near half
    /// the lower rate.
    pub(crate) fn doubled(&self, dropped: usize, samples: &[f64]) -> Vec<f64> {
        let (mut out, mut scratch) = (samples.to_vec(), DecimatorScratch::default());
        for halve in self.stages()[1..].iter().take(dropped).rev().filter_map(|stage| stage.halve.as_ref()) {
            let before = std::mem::take(&mut out);
            halve.transpose(&before, &mut out, &mut scratch);
        }
        self.upsampled_early(&out)
    }

    /// The signal after the early step.
    pub(crate) fn downsampled_early(&self, samples: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        match &self.early {
            Some(early) => early.forward(samples, &mut out, &mut DecimatorScratch::default()),
            None => out.extend_from_slice(samples),
        }
        out
    }

    /// The transpose of [`Cqt::downsampled_early`]. The step's passband has the gain that makes
    /// this its inverse for a signal without anything near half the lower rate.
    pub(crate) fn upsampled_early(&self, samples: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        match &self.early {
            Some(early) => early.transpose(samples, &mut out, &mut DecimatorScratch::default()),
            None => out.extend_from_slice(samples),
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{db_from_ratio, noise};
    use crate::{Cqt, CqtParams};

    #[test]
    fn parts_of_a_plan_give_parts_of_its_result() {
        for (sr, hop) in [(44100.0, 512), (22050.0, 256)] {
            let plan = Cqt::new(&CqtParams { sr, hop, scale: false, ..CqtParams::default() }, 50_000).unwrap();
            let x = noise(50_000, 6);
            let whole = plan.forward(&x).unwrap();
            let upper = plan.upper_octaves(50);
            assert_eq!(upper.shape(), (36, plan.shape().1));
            assert_eq!(upper.hz_from_bin(), &plan.hz_from_bin()[48..]);
            assert_eq!(upper.peak_responses(), &plan.peak_responses()[48..]);
            let part = upper.forward(&x).unwrap();
            assert!((0..36).all(|row| part.row(row) == whole.row(48 + row)));
            for dropped in [1, 3, 99] {
                let slow = plan.lower_octaves(dropped);
                let (rows, _) = slow.shape();
                assert_eq!(rows, 84 - 12 * dropped.min(6));
                assert_eq!(slow.peak_responses().len(), rows);
                let part = slow.forward(&plan.halved(dropped.min(6), &x)).unwrap();
                assert!((0..rows).all(|row| part.row(row) == whole.row(row)), "{dropped}");
                let (ends, all) = (slow.last_samples(), plan.last_samples());
                assert!((0..rows).all(|row| ends[row] / slow.params().sr == all[row] / sr));
            }
            let slow: Vec<f64> = (0..1000).map(|i| (0.3 * f64::from(i)).sin()).collect();
            let low =
                plan.halved(2, &plan.doubled(2, &[slow, vec![0.0; plan.lower_octaves(2).samples() - 1000]].concat()));
            assert!((100..900).all(|i| (low[i] - (0.3 * i as f64).sin()).abs() < 1e-3));
            let slower = plan.lower_octaves(0);
            assert_eq!(slower.forward(&plan.downsampled_early(&x)).unwrap(), whole);
            let back = plan.downsampled_early(&plan.upsampled_early(&plan.downsampled_early(&x)));
            let again = plan.downsampled_early(&x);
            assert!(db_from_ratio(&back[200..20_000], &again[200..20_000]) < -20.0);
        }
    }
}
