//! The sparse filter bank of one octave, in the frequency domain.

use std::f64::consts::PI;
use std::ops::Range;

use num_complex::Complex;
use photophone_fft::Fft;

use super::filter::FilterMaker;
use super::geometry::{Geometry, Octave};
use super::params::CqtParams;
use crate::lanes::{Parts, Spectra};
use crate::{Real, StopFlag, TransformError};

/// Filters of one octave as sparse rows over the bins of a real FFT.
#[derive(Debug)]
pub(crate) struct Bank<T = f64> {
    /// FFT length.
    pub(crate) fft_length: usize,
    rows: Vec<Row<T>>,
}

/// One filter from its first kept bin to its last.
///
/// What is dropped in between stays as zeros: few, and cheaper than an index for each entry.
#[derive(Debug)]
struct Row<T = f64> {
    first: usize,
    values: Vec<Complex<T>>,
}

impl Row {
    fn new(spectrum: &[Complex<f64>], gain: f64) -> Self {
        let kept = |value: &Complex<f64>| *value != Complex::default();
        let first = spectrum.iter().position(kept).unwrap_or(0);
        let end = spectrum.iter().rposition(kept).map_or(first, |last| last + 1);
        Self { first, values: spectrum[first..end].iter().map(|value| value * gain).collect() }
    }

    fn rounded(&self) -> Row<f32> {
        let rounded = |value: &Complex<f64>| Complex::new(value.re as f32, value.im as f32);
        Row { first: self.first, values: self.values.iter().map(rounded).collect() }
    }
}

impl<T> Row<T> {
    fn range(&self) -> Range<usize> {
        self.first..self.first + self.values.len()
    }
}

impl Bank {
    /// Builds the filters of one octave; every later gain is folded in.
    ///
    /// # Errors
    /// A filter that librosa cannot fit into its FFT, or [`TransformError::Stopped`].
    pub(crate) fn new(
        params: &CqtParams,
        geometry: &Geometry,
        octave: &Octave,
        stop: &StopFlag,
    ) -> Result<Self, TransformError> {
        let (lengths, fft_length) = geometry.filters_of(octave);
        let fft_length = fft_length as usize;
        if fft_length == 0 {
            let longest = lengths.iter().copied().fold(octave.whole_length, f64::max);
            return Err(TransformError::FilterLength { samples: longest });
        }
        let maker = FilterMaker::new(params, octave.sr, fft_length);
        let mut rows = Vec::with_capacity(lengths.len());
        let top_sr = params.sr / geometry.early_factor as f64;
        let octave_gain = (top_sr / octave.sr).sqrt();
        let early_gain = if params.scale { 1.0 } else { (geometry.early_factor as f64).sqrt() };
        for (k, length) in octave.bins.clone().zip(lengths) {
            let scale = if params.scale { geometry.lengths[k].sqrt().recip() } else { 1.0 };
            stop.check()?;
            let spectrum = maker.spectrum(length, geometry.freqs_hz[k])?;
            rows.push(Row::new(&spectrum, octave_gain * early_gain * scale));
        }
        Ok(Self { fft_length, rows })
    }

    /// The same in single precision.
    pub(crate) fn rounded(&self) -> Bank<f32> {
        Bank { fft_length: self.fft_length, rows: self.rows.iter().map(Row::rounded).collect() }
    }

    /// Entries of all rows.
    pub(crate) fn entries(&self) -> usize {
        self.rows.iter().map(|row| row.values.len()).sum()
    }

    /// A row's response to a unit exponential at a frequency (cycles a sample), over what that is in the frame's middle.
    pub(crate) fn transfer(&self, row: usize, cycles_per_sample: f64) -> Complex<f64> {
        let n = self.fft_length as f64;
        let row = &self.rows[row];
        // In a rectangular frame of n samples the exponential has a Dirichlet kernel for its spectrum, at column c
        // (-1)^c exp(-i a) sin(n a) / sin(a) with a = pi (f n - c) / n. From one column to the next a falls by pi / n, and
        // both signs change.
        let first = PI * (cycles_per_sample - row.first as f64 / n);
        let sign = if row.first.is_multiple_of(2) { 1.0 } else { -1.0 };
        let (mut phase, turn) = (Complex::from_polar(1.0, -first), Complex::from_polar(1.0, PI / n));
        let top = sign * (n * first).sin();
        let mut sum = Complex::default();
        for (column, value) in row.values.iter().enumerate() {
            let bottom = -phase.im;
            if bottom.abs() < 1e-12 {
                return value * (n * if column.is_multiple_of(2) { sign } else { -sign });
            }
            sum += value * phase * (top / bottom);
            phase *= turn;
        }
        sum
    }

    /// Adds the conjugate transpose: `spectra += conj(row) * coefficients`.
    #[inline(always)]
    pub(crate) fn synthesise(&self, row: usize, coefficients: &Parts, spectra: &mut Spectra) {
        let row = &self.rows[row];
        for (value, bin) in row.values.iter().zip(spectra.starting_at_mut(row.first)) {
            bin.add_times(value.conj(), coefficients);
        }
    }
}

impl<T: Real> Bank<T> {
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
    #[inline(always)]
    pub(crate) fn analyse(&self, row: usize, spectra: &Spectra<T>) -> Parts<T> {
        let row = &self.rows[row];
        let mut sum = Parts::default();
        for (&value, bin) in row.values.iter().zip(spectra.starting_at(row.first)) {
            sum.add_times(value, bin);
        }
        sum
    }

    /// The taps of row `row` over a frame: the coefficient is their sum with the frame's samples. `fft` is of the
    /// bank's length.
    pub(crate) fn taps(&self, row: usize, fft: &dyn Fft<T>) -> Vec<Complex<T>> {
        let mut taps = vec![Complex::default(); self.fft_length];
        taps[self.rows[row].range()].copy_from_slice(&self.rows[row].values);
        fft.process(&mut taps);
        taps
    }
}
