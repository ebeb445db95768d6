//! The sparse filter bank of one octave, in the frequency domain.

use std::f64::consts::TAU;
use std::ops::Range;

use num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::geometry::{Geometry, Octave};
use super::params::{CqtParams, LibrosaVersion, Norm};
use super::parts::{Parts, Spectra};

/// Filters of one octave as sparse rows over the bins of a real FFT.
#[derive(Debug)]
pub(crate) struct Bank {
    /// FFT length.
    pub(crate) fft_length: usize,
    rows: Vec<Row>,
}

/// One filter from its first kept bin to its last.
///
/// What is dropped in between stays as zeros: few, and cheaper than an index for each entry.
#[derive(Debug)]
struct Row {
    first: usize,
    values: Vec<Complex<f64>>,
}

impl Row {
    fn range(&self) -> Range<usize> {
        self.first..self.first + self.values.len()
    }
}

impl Bank {
    /// Builds the filters of one octave; every later gain is folded in.
    pub(crate) fn new(params: &CqtParams, geometry: &Geometry, octave: &Octave) -> Self {
        let top_sr = params.sr / geometry.early_factor as f64;
        let longest = geometry.q[octave.bins.start] * octave.sr / octave.fft_length_hz;
        let longest =
            octave.bins.clone().map(|k| geometry.q[k] * octave.sr / geometry.freqs_hz[k]).fold(longest, f64::max);
        let fft_length = (longest.log2().ceil().exp2() as usize).max(2);
        let fft = FftPlanner::new().plan_fft_forward(fft_length);
        let single_fft = (params.librosa == LibrosaVersion::V0_11 && params.sparsity > 0.0)
            .then(|| FftPlanner::new().plan_fft_forward(fft_length));
        let mut bank = Self { fft_length, rows: Vec::with_capacity(octave.bins.len()) };
        let octave_gain = (top_sr / octave.sr).sqrt();
        let early_gain = if params.scale { 1.0 } else { (geometry.early_factor as f64).sqrt() };
        for k in octave.bins.clone() {
            let length = geometry.q[k] * octave.sr / geometry.freqs_hz[k];
            let cycles_per_sample = geometry.freqs_hz[k] / octave.sr;
            let mut row = centred_filter(params, length, cycles_per_sample, fft_length);
            let single = single_fft.as_ref().map(|fft| single_magnitudes(fft.as_ref(), &row));
            fft.process(&mut row);
            row.truncate(fft_length / 2 + 1);
            let magnitudes = single.unwrap_or_else(|| row.iter().map(|value| value.norm()).collect());
            let scale = if params.scale { geometry.lengths[k].sqrt().recip() } else { 1.0 };
            let threshold = sparse_threshold(&magnitudes, params.sparsity);
            bank.push_row(&row, &magnitudes, threshold, octave_gain * early_gain * scale);
        }
        bank
    }

    /// Appends a row's entries whose magnitude reaches the threshold.
    fn push_row(&mut self, row: &[Complex<f64>], magnitudes: &[f64], threshold: f64, gain: f64) {
        let kept = |k: &usize| magnitudes[*k] >= threshold && row[*k] != Complex::default();
        let first = (0..row.len()).find(kept).unwrap_or(0);
        let end = (first..row.len()).rfind(kept).map_or(first, |last| last + 1);
        let values = (first..end).map(|k| if kept(&k) { row[k] * gain } else { Complex::default() }).collect();
        self.rows.push(Row { first, values });
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The spectrum's bins that any row uses.
    pub(crate) fn span(&self) -> Range<usize> {
        let ranges = || self.rows.iter().map(Row::range);
        let first = ranges().map(|range| range.start).min().unwrap_or(0);
        first..ranges().map(|range| range.end).max().unwrap_or(first)
    }

    /// Row `row` times the spectra. No conjugate: the transform is a convolution.
    pub(crate) fn analyse(&self, row: usize, spectra: &Spectra) -> Parts {
        let row = &self.rows[row];
        let mut sum = Parts::default();
        for (&value, bin) in row.values.iter().zip(spectra.starting_at(row.first)) {
            sum.add_times(value, bin);
        }
        sum
    }

    /// Magnitude of a row's response to a unit exponential at a frequency (cycles a sample).
    pub(crate) fn response(&self, row: usize, cycles_per_sample: f64) -> f64 {
        let n = self.fft_length as f64;
        let row = &self.rows[row];
        // The exponential's spectrum in a rectangular frame is a Dirichlet kernel.
        let kernel = |column: usize| {
            let x = cycles_per_sample * n - column as f64;
            let phase = Complex::from_polar(1.0, std::f64::consts::PI * x * (n - 1.0) / n);
            let (top, bottom) = ((std::f64::consts::PI * x).sin(), (std::f64::consts::PI * x / n).sin());
            if bottom.abs() < 1e-12 { Complex::new(n, 0.0) } else { phase * (top / bottom) }
        };
        let pairs = row.range().zip(&row.values);
        pairs.map(|(column, value)| value * kernel(column)).sum::<Complex<f64>>().norm()
    }

    /// Adds the conjugate transpose: `spectra += conj(row) * coefficients`.
    pub(crate) fn synthesise(&self, row: usize, coefficients: &Parts, spectra: &mut Spectra) {
        let row = &self.rows[row];
        for (value, bin) in row.values.iter().zip(spectra.starting_at_mut(row.first)) {
            bin.add_times(value.conj(), coefficients);
        }
    }
}

/// A windowed, normalised exponential, centred in `fft_length` samples and scaled by
/// `length / fft_length`.
///
/// Sample indices run from `floor(-length/2)` in unit steps below `floor(length/2)`, so the
/// phase origin lies half a sample off the window's centre, as in librosa.
fn centred_filter(params: &CqtParams, length: f64, cycles_per_sample: f64, fft_length: usize) -> Vec<Complex<f64>> {
    let first = (-length / 2.0).floor();
    let count = (((length / 2.0).floor() - first) as usize).clamp(1, fft_length);
    let window = params.window.samples(count);
    let filter: Vec<Complex<f64>> = window
        .iter()
        .enumerate()
        .map(|(i, w)| Complex::from_polar(*w, TAU * cycles_per_sample * (first + i as f64)))
        .collect();
    let gain = match norm_of(&filter, params.norm) {
        norm if norm > f64::MIN_POSITIVE => norm.recip(),
        _ => 1.0,
    } * length
        / fft_length as f64;
    let mut padded = vec![Complex::default(); fft_length];
    let left = (fft_length - count) / 2;
    for (target, value) in padded[left..].iter_mut().zip(&filter) {
        *target = round_to_complex64(value * gain);
    }
    padded
}

fn norm_of(filter: &[Complex<f64>], norm: Norm) -> f64 {
    match norm {
        Norm::None => 1.0,
        Norm::L1 => filter.iter().map(|value| value.norm()).sum(),
        Norm::L2 => filter.iter().map(Complex::norm_sqr).sum::<f64>().sqrt(),
        Norm::Max => filter.iter().map(|value| value.norm()).fold(0.0, f64::max),
    }
}

/// librosa keeps its basis in single precision.
fn round_to_complex64(value: Complex<f64>) -> Complex<f64> {
    Complex::new(f64::from(value.re as f32), f64::from(value.im as f32))
}

/// Magnitudes of a filter's spectrum as librosa 0.10 and later have them when they sparsify.
///
/// `scipy.fft` keeps single precision, `numpy.fft` before it did not. Its rounding noise in the
/// many empty bins adds about 1e-6 to the cumulative share, which decides near ties; one entry
/// more or less there is -46 dB of the row.
fn single_magnitudes(fft: &dyn Fft<f32>, filter: &[Complex<f64>]) -> Vec<f64> {
    let mut row: Vec<Complex<f32>> =
        filter.iter().map(|value| Complex::new(value.re as f32, value.im as f32)).collect();
    fft.process(&mut row);
    row[..=filter.len() / 2].iter().map(|value| f64::from(value.norm())).collect()
}

/// The smallest magnitude that is kept (librosa's `sparsify_rows`, an L1 quantile): the first of
/// the sorted magnitudes at which their cumulative share reaches `sparsity`.
fn sparse_threshold(magnitudes: &[f64], sparsity: f64) -> f64 {
    let mut sorted = magnitudes.to_vec();
    sorted.sort_by(f64::total_cmp);
    let total: f64 = sorted.iter().sum();
    let mut cumulative = 0.0;
    for &magnitude in &sorted {
        cumulative += magnitude / total;
        if cumulative >= sparsity {
            return magnitude;
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparsifying_keeps_the_largest() {
        let row = [0.001, 1.0, 0.004, 2.0];
        assert_eq!(sparse_threshold(&row, 0.0), 0.001);
        assert_eq!(sparse_threshold(&row, 0.001), 0.004);
        assert_eq!(sparse_threshold(&row, 0.01), 1.0);
    }
}
