//! Coefficients to samples by overlap-add.

use num_complex::Complex;

use super::plan::Stft;
use crate::TransformError;
use crate::analysis::{Cells, Dual, check_samples, check_shape};

/// The weight of a sample, as a share of the largest, below which windows do not reach it: rounding would be raised by
/// one over its root.
const REACHED: f64 = 1e-10;

/// Overlap-add with the dual window `w / sum w^2`: the frames' least squares (Griffin and Lim 1984, equation 6), exact
/// because neighbouring frames overlap and a frame's spectrum has all of it ("painless": Daubechies, Grossmann and Meyer
/// 1986).
pub(super) struct OverlapAdd<'a> {
    plan: &'a Stft,
    /// Over the sum of squared windows at each sample; 0 where none reaches.
    gains: Vec<f64>,
    frames: Vec<Complex<f64>>,
    fft: Vec<Complex<f64>>,
}

impl<'a> OverlapAdd<'a> {
    pub(super) fn new(plan: &'a Stft) -> Self {
        let mut weights = vec![0.0; plan.samples()];
        let squares: Vec<f64> = plan.window.iter().map(|weight| weight * weight).collect();
        for t in 0..plan.shape().1 {
            add_inside(plan.framing.start(t), squares.iter().copied(), &mut weights);
        }
        let least = REACHED * weights.iter().copied().fold(0.0, f64::max);
        let gain = |weight: &f64| if *weight > least { 1.0 / weight } else { 0.0 };
        let zeros = |n| vec![Complex::default(); n];
        Self {
            plan,
            gains: weights.iter().map(gain).collect(),
            frames: zeros(plan.window.len()),
            fft: zeros(plan.inverse_fft.get_inplace_scratch_len()),
        }
    }

    /// Whether a window reaches every sample.
    pub(super) fn is_exact(&self) -> bool {
        self.gains.iter().all(|gain| *gain > 0.0)
    }

    /// Two frames from their spectra, side by side as real and imaginary part.
    fn fill(&mut self, cells: &Cells, t: usize) {
        let n = self.frames.len();
        let column = |k: usize, t: usize| if t < cells.columns() { cells[(k, t)] } else { Complex::default() };
        for k in 0..cells.rows() {
            let (a, b) = (column(k, t), column(k, t + 1));
            // Of 0 Hz and half the rate the real part alone is a real signal's.
            if k == 0 || 2 * k == n {
                self.frames[k] = Complex::new(a.re, b.re);
            } else {
                self.frames[k] = Complex::new(a.re - b.im, a.im + b.re);
                self.frames[n - k] = Complex::new(a.re + b.im, b.re - a.im);
            }
        }
    }
}

impl Dual for OverlapAdd<'_> {
    fn synthesise(&mut self, cells: &Cells, samples: &mut [f64]) -> Result<(), TransformError> {
        check_samples(self.plan.samples(), "the signal", samples.len())?;
        check_shape(self.plan.shape(), "the coefficients", cells.shape())?;
        samples.fill(0.0);
        let plan = self.plan;
        for t in (0..cells.columns()).step_by(2) {
            self.fill(cells, t);
            plan.inverse_fft.process_with_scratch(&mut self.frames, &mut self.fft);
            let scale = 1.0 / self.frames.len() as f64;
            let frame = |part: fn(&Complex<f64>) -> f64| {
                self.frames.iter().zip(&plan.window).map(move |(value, weight)| scale * weight * part(value))
            };
            add_inside(plan.framing.start(t), frame(|value| value.re), samples);
            add_inside(plan.framing.start(t + 1), frame(|value| value.im), samples);
        }
        for (sample, gain) in samples.iter_mut().zip(&self.gains) {
            *sample *= gain;
        }
        Ok(())
    }
}

/// Adds what of a frame lies inside the signal.
fn add_inside(start: isize, frame: impl Iterator<Item = f64>, samples: &mut [f64]) {
    let skip = start.min(0).unsigned_abs();
    let first = start.max(0).unsigned_abs().min(samples.len());
    for (sample, value) in samples[first..].iter_mut().zip(frame.skip(skip)) {
        *sample += value;
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::Analysis;
    use crate::testing::{db_from_ratio, noise};
    use crate::{Stft, StftParams};

    #[test]
    fn undoes_the_transform_where_windows_reach() {
        for (n_fft, hop, win_length) in [(64, 16, 64), (63, 20, 63), (64, 13, 40), (128, 64, 128)] {
            let params = StftParams { n_fft, hop, win_length, ..StftParams::default() };
            let x = noise(1000, 3);
            let plan = Stft::new(&params, x.len()).unwrap();
            let back = plan.inverse(&plan.forward(&x).unwrap()).unwrap();
            assert!(db_from_ratio(&back, &x) < -240.0, "{params:?}");
            assert!(plan.dual().is_some(), "{params:?}");
        }
    }

    #[test]
    fn is_not_said_to_be_exact_where_no_window_reaches() {
        // The first sample of a periodic Hann window is 0, and so is every sample of a gap between frames.
        for params in
            [StftParams { center: false, ..StftParams::default() }, StftParams { hop: 2100, ..StftParams::default() }]
        {
            let plan = Stft::new(&params, 10_000).unwrap();
            assert!(plan.dual().is_none());
            let x = noise(10_000, 3);
            let back = plan.inverse(&plan.forward(&x).unwrap()).unwrap();
            assert_eq!(back[if params.center { 1050 } else { 0 }], 0.0);
            assert!(db_from_ratio(&back[400..900], &x[400..900]) < -200.0);
        }
    }
}
