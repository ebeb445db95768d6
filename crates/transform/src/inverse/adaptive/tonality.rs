//! Whether the signal is of partials or of noise: only partials let a prior fill in what is missing.

use photophone_spectrum::Plane;

/// Bins to either side over which the spectrum is compared with its own mean: 17 bins of 21.5 Hz hold
/// several partials of a voice.
const HALF_WIDTH: usize = 8;

/// Euler's constant: how far the mean log of an exponentially distributed power lies below the log
/// of its mean, in nepers. So is the power of Gaussian noise in a bin, however its spectrum is
/// shaped.
const NOISE: f64 = 0.577_215_664_901_532_9;

/// Excess over [`NOISE`] from which the signal is taken to be of partials: three standard errors of
/// the mean over some hundred independent neighbourhoods, each with a variance of `pi^2 / 6` over 17.
const CERTAIN: f64 = 0.1;

/// Reach of the average over frequency, in octaves.
const REACH_OCTAVES: f64 = 0.5;

/// How far the learnt prior is to be believed, 0 to 1, over the bins of a short-time spectrum.
///
/// Power that a prior has learnt to be concentrated is no evidence that it is: learning from noise
/// concentrates it too. The linear inverse does not. Its result is a linear function of the signal, so
/// that of Gaussian noise is Gaussian, and the flatness of its spectrum, the geometric over the
/// arithmetic mean, is `exp(-0.577)` in any narrow band. Partials lower it, and a click raises it to 1.
pub(super) struct Belief {
    frequencies: Vec<f64>,
    shares: Vec<f64>,
}

impl Belief {
    /// From the short-time powers (frames by bins) of the linear solution and the bins' frequencies.
    pub(super) fn from_powers(powers: &Plane<f64>, frequencies: Vec<f64>) -> Self {
        let bins = powers.columns();
        let mut sums = vec![(0.0, 0.0); bins];
        for frame in 0..powers.rows() {
            let row = powers.row(frame);
            for (bin, sum) in sums.iter_mut().enumerate() {
                let near = &row[bin.saturating_sub(HALF_WIDTH)..(bin + HALF_WIDTH + 1).min(bins)];
                let mean = near.iter().sum::<f64>() / near.len() as f64;
                if mean > 0.0 {
                    let logs = near.iter().map(|power| (power / mean).max(1e-12).ln()).sum::<f64>() / near.len() as f64;
                    sum.0 += mean * (-logs - NOISE);
                    sum.1 += mean;
                }
            }
        }
        let share = |at: f64| {
            let (excess, whole) = frequencies.iter().zip(&sums).skip(1).fold((0.0, 0.0), |all, (frequency, sum)| {
                let near = (-0.5 * ((frequency / at).log2() / REACH_OCTAVES).powi(2)).exp();
                (all.0 + near * sum.0, all.1 + near * sum.1)
            });
            if whole > 0.0 { (excess / whole / CERTAIN).clamp(0.0, 1.0) } else { 0.0 }
        };
        let shares = frequencies.iter().map(|&at| if at > 0.0 { share(at) } else { 0.0 }).collect();
        Self { frequencies, shares }
    }

    /// The belief at a frequency, in the unit of the bins' frequencies.
    pub(super) fn at(&self, frequency: f64) -> f64 {
        let above = self.frequencies.partition_point(|bin| *bin < frequency);
        self.shares.get(above).or(self.shares.last()).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cqt::testing::noise;
    use crate::inverse::adaptive::frame::TightFrame;

    fn belief(x: &[f64]) -> f64 {
        let frame = TightFrame::new(x.len(), 1024.0);
        let frequencies = (0..frame.shape().1).map(|bin| frame.frequency_from_bin(bin)).collect();
        Belief::from_powers(&frame.powers(x), frequencies).at(0.1)
    }

    #[test]
    fn believes_partials_but_neither_noise_nor_clicks() {
        // A sum of twelve uniform values is close to Gaussian.
        let hiss: Vec<f64> = noise(12 * 60_000, 3).chunks(12).map(|values| values.iter().sum()).collect();
        let partials: Vec<f64> =
            (0..60_000).map(|i| (1..40).map(|h| (f64::from(h) * 0.0507 * f64::from(i)).sin()).sum()).collect();
        let clicks: Vec<f64> = (0..60_000).map(|i| if i % 4851 == 100 { 1.0 } else { 0.0 }).collect();
        let swelling: Vec<f64> =
            hiss.iter().enumerate().map(|(i, value)| value * (1.0 + (i as f64 / 2000.0).sin())).collect();
        assert_eq!(belief(&partials), 1.0);
        assert_eq!(belief(&clicks), 0.0);
        assert!(belief(&hiss) < 0.3 && belief(&swelling) < 0.3, "{} {}", belief(&hiss), belief(&swelling));
        assert_eq!(belief(&vec![0.0; 20_000]), 0.0);
    }
}
