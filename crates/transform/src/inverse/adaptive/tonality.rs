//! Whether the signal is of partials or of noise: only partials let a prior fill in what is missing.

use std::f64::consts::PI;

use photophone_spectrum::Plane;

use super::frame::OVERLAP;

/// Bins to either side over which the spectrum is compared with its own mean: 17 bins of 21.5 Hz hold
/// several partials of a voice.
const HALF_WIDTH: usize = 8;

/// Euler's constant: how far the mean log of an exponentially distributed power lies below the log
/// of its mean, in nepers. So is the power of Gaussian noise in a bin, however its spectrum is
/// shaped.
const NOISE: f64 = 0.577_215_664_901_532_9;

/// Standard errors of the mean excess over [`NOISE`] from which the signal is taken to be of partials.
const CERTAIN_ERRORS: f64 = 3.0;

/// The least excess that is taken for partials: the bias of neighbouring bins that are not independent.
const LEAST_CERTAIN: f64 = 0.1;

/// Reach of the average over frequency, in octaves.
const REACH_OCTAVES: f64 = 0.5;

/// Places an octave at which the average is taken: neighbours share all but a hundredth of it.
const PLACES_AN_OCTAVE: f64 = 48.0;

/// How far the learnt prior is to be believed, 0 to 1, over the bins of a short-time spectrum.
///
/// Power that a prior has learnt to be concentrated is no evidence that it is: learning from noise
/// concentrates it too. The linear inverse does not. Its result is a linear function of the signal, so
/// that of Gaussian noise is Gaussian, and the flatness of its spectrum, the geometric over the
/// arithmetic mean, is `exp(-0.577)` in any narrow band. Partials lower it, and a click raises it to 1.
pub(super) struct Belief {
    places: Vec<f64>,
    shares: Vec<f64>,
}

impl Belief {
    /// From the short-time powers (frames by bins) of the linear solution, those of what the same inverse makes of
    /// white noise, and the bins' frequencies.
    ///
    /// A grid of few bins makes narrow bands of anything: what counts is how a solution differs from noise's.
    pub(super) fn from_powers(powers: &Plane<f64>, of_noise: &Plane<f64>, frequencies: &[f64]) -> Self {
        let (frames, bins) = powers.shape();
        let gain: Vec<f64> =
            (0..bins).map(|bin| (0..frames).map(|frame| of_noise[(frame, bin)]).sum::<f64>()).collect();
        let reach = |bin: usize| bin.saturating_sub(HALF_WIDTH)..(bin + HALF_WIDTH + 1).min(bins);
        let mut sums = vec![(0.0, 0.0, 0.0); bins];
        for frame in 0..frames {
            let row = powers.row(frame);
            let whitened: Vec<f64> =
                row.iter().zip(&gain).map(|(power, gain)| if *gain > 0.0 { power / gain } else { 0.0 }).collect();
            for (bin, sum) in sums.iter_mut().enumerate() {
                let near = &whitened[reach(bin)];
                let mean = near.iter().sum::<f64>() / near.len() as f64;
                if mean > 0.0 {
                    let logs = near.iter().map(|power| (power / mean).max(1e-12).ln()).sum::<f64>() / near.len() as f64;
                    let weight = row[reach(bin)].iter().sum::<f64>();
                    sum.0 += weight * (-logs - NOISE);
                    sum.1 += weight;
                    sum.2 += weight * weight;
                }
            }
        }
        let share = |at: f64| {
            let all = frequencies.iter().zip(&sums).skip(1).fold((0.0, 0.0, 0.0), |all, (frequency, sum)| {
                let near = (-0.5 * ((frequency / at).log2() / REACH_OCTAVES).powi(2)).exp();
                (all.0 + near * sum.0, all.1 + near * sum.1, all.2 + near * near * sum.2)
            });
            let (excess, whole, squares) = all;
            if whole > 0.0 { (excess / whole / certain(whole * whole / squares)).clamp(0.0, 1.0) } else { 0.0 }
        };
        // A bin a place would take time in proportion to the square of the bins.
        let mut places: Vec<f64> = Vec::new();
        for &at in frequencies.iter().filter(|at| **at > 0.0) {
            if places.last().is_none_or(|last| at >= last * (1.0 / PLACES_AN_OCTAVE).exp2()) {
                places.push(at);
            }
        }
        let shares = places.iter().map(|&at| share(at)).collect();
        Self { places, shares }
    }

    /// The belief at a frequency, in the unit of the bins' frequencies.
    pub(super) fn at(&self, frequency: f64) -> f64 {
        let above = self.places.partition_point(|place| *place < frequency);
        self.shares.get(above).or(self.shares.last()).copied().unwrap_or(0.0)
    }
}

/// Excess from which the signal is taken to be of partials, by the number of places that were looked at: the log of
/// a place's power has a variance of `pi^2 / 6`, and each place is seen by a neighbourhood and all windows over it.
fn certain(places: f64) -> f64 {
    let independent = places / OVERLAP as f64;
    LEAST_CERTAIN.max(CERTAIN_ERRORS * (PI * PI / 6.0 / independent).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inverse::adaptive::frame::TightFrame;
    use crate::testing::noise;

    fn belief(x: &[f64]) -> f64 {
        let frame = TightFrame::new(x.len(), 1024.0);
        let frequencies: Vec<f64> = (0..frame.shape().1).map(|bin| frame.frequency_from_bin(bin)).collect();
        let white = Plane::filled(frame.shape().0, frame.shape().1, 1.0);
        Belief::from_powers(&frame.powers(x), &white, &frequencies).at(0.1)
    }

    /// At a rate of a gigahertz a window has millions of bins.
    #[test]
    fn a_spectrum_of_many_bins_is_looked_at_in_few_places() {
        let bins = 1 << 16;
        let powers = Plane::filled(1, bins, 1.0);
        let belief = Belief::from_powers(&powers, &powers, &(0..bins).map(|bin| bin as f64).collect::<Vec<_>>());
        assert!(belief.places.len() < 16 * PLACES_AN_OCTAVE as usize + 48, "{}", belief.places.len());
        assert_eq!(belief.places[..48], (1..=48).map(f64::from).collect::<Vec<_>>());
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
