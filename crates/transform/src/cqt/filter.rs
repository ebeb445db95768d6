//! One filter of the bank as a spectrum: librosa's `filters.wavelet` and the transform of that.

use std::f64::consts::PI;
use std::sync::Arc;

use num_complex::Complex;
use photophone_fft::{Fft, Planner};

use super::params::CqtParams;
use super::single_fft::SingleFft;
use super::sparsify::{kept, kept_single};
use crate::TransformError;

/// Makes the filters of one octave.
pub(super) struct FilterMaker<'a> {
    params: &'a CqtParams,
    fft: SpectrumOf,
    fft_length: usize,
    sr: f64,
}

/// The FFT that the release applies to its single-precision filters.
enum SpectrumOf {
    /// `scipy.fft` keeps single precision: 0.10 and later.
    Single(SingleFft),
    /// `numpy.fft` works in double precision.
    Double(Arc<dyn Fft<f64>>),
}

impl<'a> FilterMaker<'a> {
    /// For filters of at most `fft_length` samples at the rate `sr` (Hz).
    pub(super) fn new(params: &'a CqtParams, sr: f64, fft_length: usize) -> Self {
        let fft = if params.librosa.is_modern() {
            SpectrumOf::Single(SingleFft::new(fft_length))
        } else {
            SpectrumOf::Double(Planner::default().forward(fft_length))
        };
        Self { params, fft, fft_length, sr }
    }

    /// The spectrum, from 0 Hz to half the rate, of a filter of `length` samples at `hz`, with
    /// zeros for what `sparsity` drops.
    ///
    /// # Errors
    /// A length that librosa cannot fit into its FFT.
    pub(super) fn spectrum(&self, length: f64, hz: f64) -> Result<Vec<Complex<f64>>, TransformError> {
        let samples = self.samples(length, hz)?;
        let half = self.fft_length / 2 + 1;
        let sparsity = self.params.sparsity;
        let single = |value: &Complex<f64>| Complex::new(value.re as f32, value.im as f32);
        let double = |value: Complex<f32>| Complex::new(f64::from(value.re), f64::from(value.im));
        let (spectrum, kept) = match &self.fft {
            SpectrumOf::Single(fft) => {
                let mut spectrum = fft.transform(samples.iter().map(single).collect());
                spectrum.truncate(half);
                let kept = kept_single(&spectrum, sparsity);
                (spectrum.into_iter().map(double).collect(), kept)
            }
            SpectrumOf::Double(fft) => {
                let mut spectrum = samples;
                fft.process(&mut spectrum);
                spectrum.truncate(half);
                let kept = kept(&spectrum, sparsity);
                (spectrum, kept)
            }
        };
        let mask = |(value, kept)| if kept { value } else { Complex::default() };
        Ok(Vec::into_iter(spectrum).zip(kept).map(mask).collect())
    }

    /// A windowed, normalised exponential, centred in the FFT's length and scaled by `length` over
    /// that, each step rounded to single precision as librosa's is.
    ///
    /// Sample indices run from `floor(-length/2)` in unit steps below `floor(length/2)`, so the
    /// phase origin lies half a sample off the window's centre.
    fn samples(&self, length: f64, hz: f64) -> Result<Vec<Complex<f64>>, TransformError> {
        let first = (-length / 2.0).floor();
        let count = ((length / 2.0).floor() - first) as usize;
        if count > self.fft_length {
            return Err(TransformError::FilterLength { samples: length });
        }
        let window = self.params.window.samples(count);
        let filter: Vec<Complex<f64>> = window
            .iter()
            .enumerate()
            .map(|(i, w)| Complex::from_polar(1.0, (first + i as f64) * 2.0 * PI * hz / self.sr) * w)
            .collect();
        let gain = self.params.norm.of(&filter).recip();
        let scale = length / self.fft_length as f64;
        let mut padded = vec![Complex::default(); self.fft_length];
        let left = (self.fft_length - count) / 2;
        for (target, value) in padded[left..].iter_mut().zip(&filter) {
            *target = rounded(rounded(value * gain) * scale);
        }
        Ok(padded)
    }
}

/// librosa keeps its filters in single precision.
fn rounded(value: Complex<f64>) -> Complex<f64> {
    Complex::new(f64::from(value.re as f32), f64::from(value.im as f32))
}
