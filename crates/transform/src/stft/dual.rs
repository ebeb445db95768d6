//! Coefficients to samples by overlap-add.

use num_complex::Complex;

use super::plan::Stft;
use super::worker::weigh;
use crate::TransformError;
use crate::analysis::{Cells, Dual, check_samples, check_shape};
use crate::lanes::LANES;
use crate::simd::{Work, vectorized};

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
        for t in 0..plan.shape().1 {
            add_inside(plan.framing.start(t), &plan.window, &mut weights, |weight| weight * weight);
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

    /// Adds the frames `t` and `t + 1`, whose spectra these are, side by side as real and imaginary part.
    #[inline(always)]
    fn add(&mut self, (first, second): (&[Complex<f64>], &[Complex<f64>]), t: usize, samples: &mut [f64]) {
        let Self { plan, frames, fft, .. } = self;
        join(first, second, frames);
        plan.inverse_fft.process_with_scratch(frames, fft);
        weigh(frames, &plan.window);
        let scale = 1.0 / frames.len() as f64;
        add_inside(plan.framing.start(t), frames, samples, |value| scale * value.re);
        add_inside(plan.framing.start(t + 1), frames, samples, |value| scale * value.im);
    }

    fn apply_gains(&self, samples: &mut [f64]) {
        for (sample, gain) in samples.iter_mut().zip(&self.gains) {
            *sample *= gain;
        }
    }
}

impl Dual for OverlapAdd<'_> {
    fn samples(&self) -> usize {
        self.plan.samples()
    }

    fn synthesise(&mut self, cells: &Cells, samples: &mut [f64]) -> Result<(), TransformError> {
        check_samples(self.plan.samples(), "the signal", samples.len())?;
        check_shape(self.plan.shape(), "the coefficients", cells.shape())?;
        vectorized(Synthesis { dual: self, cells, samples });
        Ok(())
    }

    fn resynthesise(
        &mut self,
        samples: &[f64],
        change: &mut dyn FnMut(usize, &mut [Complex<f64>]),
        out: &mut [f64],
    ) -> Result<(), TransformError> {
        check_samples(self.plan.samples(), "the signal", samples.len())?;
        check_samples(self.plan.samples(), "the signal", out.len())?;
        vectorized(Resynthesis { dual: self, samples, change, out });
        Ok(())
    }
}

struct Synthesis<'a, 'b> {
    dual: &'a mut OverlapAdd<'b>,
    cells: &'a Cells,
    samples: &'a mut [f64],
}

impl Work for Synthesis<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { dual, cells, samples } = self;
        samples.fill(0.0);
        let (rows, frames) = cells.shape();
        let mut spectra = vec![Complex::default(); LANES * rows];
        for start in (0..frames).step_by(LANES) {
            // Neighbouring frames of a row share a line of the cache.
            let count = LANES.min(frames - start);
            spectra.fill(Complex::default());
            for k in 0..rows {
                for (lane, cell) in cells.row(k)[start..start + count].iter().enumerate() {
                    spectra[lane * rows + k] = *cell;
                }
            }
            for (pair, both) in spectra.chunks_exact(2 * rows).enumerate().take(count.div_ceil(2)) {
                dual.add(both.split_at(rows), start + 2 * pair, samples);
            }
        }
        dual.apply_gains(samples);
    }
}

struct Resynthesis<'a, 'b> {
    dual: &'a mut OverlapAdd<'b>,
    samples: &'a [f64],
    change: &'a mut dyn FnMut(usize, &mut [Complex<f64>]),
    out: &'a mut [f64],
}

impl Work for Resynthesis<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { dual, samples, change, out } = self;
        out.fill(0.0);
        let (rows, frames) = dual.plan.shape();
        let (mut first, mut second) = (vec![Complex::default(); rows], vec![Complex::default(); rows]);
        for t in (0..frames).step_by(2) {
            let OverlapAdd { plan, frames: both, fft, .. } = &mut *dual;
            plan.framing.read(samples, t, both);
            weigh(both, &plan.window);
            plan.fft.process_with_scratch(both, fft);
            split(both, &mut first, &mut second);
            change(t, &mut first);
            if t + 1 < frames {
                change(t + 1, &mut second);
            } else {
                second.fill(Complex::default());
            }
            dual.add((&first, &second), t, out);
        }
        dual.apply_gains(out);
    }
}

/// The spectra of two frames from that of both together.
#[inline(always)]
fn split(both: &[Complex<f64>], first: &mut [Complex<f64>], second: &mut [Complex<f64>]) {
    let mirrored = both[..1].iter().chain(both.iter().rev());
    for ((value, mirror), (first, second)) in both.iter().zip(mirrored).zip(first.iter_mut().zip(second)) {
        *first = Complex::new(0.5 * (value.re + mirror.re), 0.5 * (value.im - mirror.im));
        *second = Complex::new(0.5 * (value.im + mirror.im), 0.5 * (mirror.re - value.re));
    }
}

/// The spectrum of two frames together, as real and imaginary part, from the spectra of both.
#[inline(always)]
fn join(first: &[Complex<f64>], second: &[Complex<f64>], both: &mut [Complex<f64>]) {
    // Of 0 Hz and half the rate the real part alone is a real signal's.
    let (n, rows) = (both.len(), first.len());
    both[0] = Complex::new(first[0].re, second[0].re);
    for (k, (a, b)) in first.iter().zip(second).enumerate().skip(1) {
        both[n - k] = Complex::new(a.re + b.im, b.re - a.im);
    }
    for (value, (a, b)) in both[1..rows].iter_mut().zip(first.iter().zip(second).skip(1)) {
        *value = Complex::new(a.re - b.im, a.im + b.re);
    }
    if n.is_multiple_of(2) {
        both[n / 2] = Complex::new(first[n / 2].re, second[n / 2].re);
    }
}

/// Adds what of a frame lies inside the signal.
#[inline(always)]
fn add_inside<T>(start: isize, frame: &[T], samples: &mut [f64], part: impl Fn(&T) -> f64) {
    let frame = &frame[start.min(0).unsigned_abs().min(frame.len())..];
    let first = start.max(0).unsigned_abs().min(samples.len());
    for (sample, value) in samples[first..].iter_mut().zip(frame) {
        *sample += part(value);
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
