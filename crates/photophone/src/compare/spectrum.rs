//! A sound as one spectrum, so that brick-wall bands and energies cost no further transform.

use photophone_fft::Planner;
use photophone_transform::Complex;

/// The smallest energy that is told from none.
pub(super) const TINY: f64 = 1e-30;

/// The FFT of a whole sound of any length.
pub(super) struct Spectrum {
    bins: Vec<Complex<f64>>,
    samples: usize,
    sample_rate_hz: f64,
}

impl Spectrum {
    pub(super) fn of(samples: &[f64], sample_rate_hz: f64) -> Self {
        let fft = Planner::default().real_forward(samples.len());
        let mut bins = fft.make_output_vec();
        // The buffers come from the plan: a length error cannot occur.
        let _ = fft.process(&mut samples.to_vec(), &mut bins);
        Self { bins, samples: samples.len(), sample_rate_hz }
    }

    /// The bins from `low_hz` to `high_hz`, both included; zero elsewhere.
    pub(super) fn band(&self, low_hz: f64, high_hz: f64) -> Self {
        let hz = |bin: usize| bin as f64 * self.sample_rate_hz / self.samples as f64;
        let keep = |(bin, &value)| if (low_hz..=high_hz).contains(&hz(bin)) { value } else { Complex::default() };
        Self { bins: self.bins.iter().enumerate().map(keep).collect(), ..*self }
    }

    /// Back to samples.
    pub(super) fn samples(&self) -> Vec<f64> {
        let inverse = Planner::default().real_inverse(self.samples);
        let mut samples = inverse.make_output_vec();
        let _ = inverse.process(&mut self.bins.clone(), &mut samples);
        let scale = 1.0 / self.samples as f64;
        samples.into_iter().map(|sample| sample * scale).collect()
    }

    /// The samples' sum of squares.
    pub(super) fn energy(&self) -> f64 {
        self.sum(self.bins.iter().map(Complex::norm_sqr))
    }

    /// The sum of the products of both's samples.
    pub(super) fn product(&self, other: &Self) -> f64 {
        self.sum(self.bins.iter().zip(&other.bins).map(|(x, y)| (x * y.conj()).re))
    }

    /// The sum of squares of the samples of `self - gain * other`.
    pub(super) fn error_energy(&self, other: &Self, gain: f64) -> f64 {
        self.sum(self.bins.iter().zip(&other.bins).map(|(x, y)| (x - y * gain).norm_sqr()))
    }

    /// Parseval's sum: every bin but the first and (of an even length) the last stands for two.
    fn sum(&self, terms: impl Iterator<Item = f64>) -> f64 {
        let alone = |bin: usize| bin == 0 || 2 * bin == self.samples;
        let twice: f64 = terms.enumerate().map(|(bin, term)| if alone(bin) { term } else { 2.0 * term }).sum();
        twice / self.samples as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energies_are_those_of_the_samples_at_any_length() {
        for length in [1, 2, 3, 64, 101] {
            let x: Vec<f64> = (0..length).map(|n| (f64::from(n) * 0.7).sin() + 0.1).collect();
            let y: Vec<f64> = (0..length).map(|n| (f64::from(n) * 1.3).cos()).collect();
            let (a, b) = (Spectrum::of(&x, 8000.0), Spectrum::of(&y, 8000.0));
            let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(&y).map(|(&x, &y)| f(x, y)).sum::<f64>();
            assert!((a.energy() - sum(&|x, _| x * x)).abs() < 1e-12);
            assert!((a.product(&b) - sum(&|x, y| x * y)).abs() < 1e-12);
            assert!((a.error_energy(&b, 0.3) - sum(&|x, y| (x - 0.3 * y).powi(2))).abs() < 1e-12);
            assert!(a.samples().iter().zip(&x).all(|(back, x)| (back - x).abs() < 1e-14));
        }
    }

    #[test]
    fn bands_take_both_edges() {
        let mut impulse = vec![0.0; 16];
        impulse[0] = 1.0;
        let spectrum = Spectrum::of(&impulse, 16.0);
        assert!((spectrum.band(2.0, 4.0).energy() - 6.0 / 16.0).abs() < 1e-15);
        assert!((spectrum.band(0.0, 0.5).energy() - 1.0 / 16.0).abs() < 1e-15);
        assert!((spectrum.band(8.0, 9.0).energy() - 1.0 / 16.0).abs() < 1e-15);
        assert_eq!(spectrum.band(4.1, 4.9).energy(), 0.0);
    }
}
