//! Products of a signal with functions of frequency.

use std::f64::consts::PI;
use std::sync::Arc;

use num_complex::Complex;
use photophone_fft::{ComplexToReal, Planner, RealToComplex};

/// Applies real, even functions of frequency to signals of one length.
///
/// The signal is padded with zeros to a fast FFT length and cut again, so a non-negative
/// function stays a positive semi-definite operator (a principal part of a circulant one).
pub(crate) struct SpectralFilter {
    length: usize,
    padded: usize,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
    time: Vec<f64>,
    bins: Vec<Complex<f64>>,
    product: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl SpectralFilter {
    pub(crate) fn new(length: usize) -> Self {
        let padded = fast_length(length);
        let mut planner = Planner::default();
        let (forward, inverse) = (planner.real_forward(padded), planner.real_inverse(padded));
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        Self {
            length,
            padded,
            time: vec![0.0; padded],
            bins: vec![Complex::default(); padded / 2 + 1],
            product: vec![Complex::default(); padded / 2 + 1],
            scratch: vec![Complex::default(); scratch],
            forward,
            inverse,
        }
    }

    /// Frequency of each bin, in cycles a sample.
    pub(crate) fn frequencies(&self) -> impl Iterator<Item = f64> + use<> {
        let padded = self.padded;
        (0..=padded / 2).map(move |bin| bin as f64 / padded as f64)
    }

    /// Transforms a signal; the products below are taken of it.
    pub(crate) fn load(&mut self, signal: &[f64]) {
        self.time[..self.length].copy_from_slice(&signal[..self.length]);
        self.time[self.length..].fill(0.0);
        // Lengths are right by construction.
        let _ = self.forward.process_with_scratch(&mut self.time, &mut self.bins, &mut self.scratch);
    }

    /// Writes the product of the loaded signal with a function of frequency.
    pub(crate) fn product(&mut self, gain: impl Fn(usize) -> f64, out: &mut [f64]) {
        let scale = 1.0 / self.padded as f64;
        for (k, (product, bin)) in self.product.iter_mut().zip(&self.bins).enumerate() {
            *product = bin * (gain(k) * scale);
        }
        if let [first, .., last] = self.product.as_mut_slice() {
            first.im = 0.0;
            last.im = 0.0;
        }
        let _ = self.inverse.process_with_scratch(&mut self.product, &mut self.time, &mut self.scratch);
        out.copy_from_slice(&self.time[..self.length]);
    }
}

/// A signal with a gain over frequency (cycles a sample).
pub(crate) fn filtered(x: &[f64], gain: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut filter = SpectralFilter::new(x.len());
    let gains: Vec<f64> = filter.frequencies().map(gain).collect();
    let mut out = vec![0.0; x.len()];
    filter.load(x);
    filter.product(|k| gains[k], &mut out);
    out
}

/// The same of a signal that goes on mirrored beyond its ends, so that a constant stays one.
pub(super) fn filtered_mirrored(x: &[f64], gain: impl Fn(f64) -> f64) -> Vec<f64> {
    let ends = x.len();
    let mirrored: Vec<f64> = x.iter().rev().chain(x).chain(x.iter().rev()).copied().collect();
    filtered(&mirrored, gain)[ends..2 * ends].to_vec()
}

/// A signal's part below the lowest bin, at `lowest` cycles a sample: all up to half of that, nothing from there on.
pub(super) fn below_bins(x: &[f64], lowest: f64) -> Vec<f64> {
    filtered_mirrored(x, |frequency| below_bins_gain(frequency, lowest))
}

/// The share of [`below_bins`] at a frequency.
pub(super) fn below_bins_gain(frequency: f64, lowest: f64) -> f64 {
    raised_cosine(2.0 * frequency / lowest - 1.0)
}

/// The smallest even number of the form 2^a 3^b that is not below `length` (rustfft's fastest).
pub(super) fn fast_length(length: usize) -> usize {
    let mut best = length.max(2).next_power_of_two();
    let mut threes = 3;
    while threes < best {
        let with_twos = threes * length.div_ceil(threes).next_power_of_two().max(2);
        best = best.min(with_twos);
        threes *= 3;
    }
    best
}

/// 1 at 0 and below, 0 at 1 and above.
pub(crate) fn raised_cosine(share: f64) -> f64 {
    if share.is_nan() {
        return 1.0;
    }
    0.5 + 0.5 * (PI * share.clamp(0.0, 1.0)).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_lengths_are_even_and_smooth() {
        for (length, want) in [(1, 2), (5, 6), (1000, 1024), (132_708, 139_968), (1025, 1152)] {
            assert_eq!(fast_length(length), want);
        }
    }

    #[test]
    fn a_unit_gain_gives_the_signal_back() {
        let signal: Vec<f64> = (0..77).map(|i| f64::from(i * i % 13)).collect();
        let mut filter = SpectralFilter::new(77);
        let mut out = vec![0.0; 77];
        filter.load(&signal);
        filter.product(|_| 1.0, &mut out);
        assert!(signal.iter().zip(&out).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
