//! Complex numbers of several frames side by side, real and imaginary parts apart: the shape in
//! which a processor multiplies them fastest.

use std::ops::Range;

use num_complex::Complex;

use crate::Real;

/// Frames that are worked on at a time.
pub(crate) const LANES: usize = 8;

/// One complex number a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Parts<T = f64> {
    pub(crate) re: [T; LANES],
    pub(crate) im: [T; LANES],
}

impl<T: Real> Parts<T> {
    /// `self += factor * other`.
    #[inline(always)]
    pub(crate) fn add_times(&mut self, factor: Complex<T>, other: &Self) {
        // One loop for each part: together they are compiled to shuffles of pairs.
        for lane in 0..LANES {
            self.re[lane] += factor.re * other.re[lane] - factor.im * other.im[lane];
        }
        for lane in 0..LANES {
            self.im[lane] += factor.re * other.im[lane] + factor.im * other.re[lane];
        }
    }

    /// `self += one * other`, lane by lane.
    #[inline(always)]
    pub(crate) fn add_product(&mut self, one: &Self, other: &Self) {
        for lane in 0..LANES {
            self.re[lane] += one.re[lane] * other.re[lane] - one.im[lane] * other.im[lane];
        }
        for lane in 0..LANES {
            self.im[lane] += one.re[lane] * other.im[lane] + one.im[lane] * other.re[lane];
        }
    }

    /// `self += conj(one) * other`, lane by lane.
    #[inline(always)]
    pub(crate) fn add_conj_product(&mut self, one: &Self, other: &Self) {
        for lane in 0..LANES {
            self.re[lane] += one.re[lane] * other.re[lane] + one.im[lane] * other.im[lane];
        }
        for lane in 0..LANES {
            self.im[lane] += one.re[lane] * other.im[lane] - one.im[lane] * other.re[lane];
        }
    }

    #[inline(always)]
    pub(crate) fn get(&self, lane: usize) -> Complex<T> {
        Complex::new(self.re[lane], self.im[lane])
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, lane: usize, value: Complex<T>) {
        (self.re[lane], self.im[lane]) = (value.re, value.im);
    }

    /// Writes as many frames as there is place for.
    #[inline(always)]
    pub(crate) fn write(&self, frames: &mut [Complex<T>]) {
        for (lane, frame) in frames.iter_mut().take(LANES).enumerate() {
            *frame = self.get(lane);
        }
    }

    /// As many frames as there are, zeros beyond.
    #[inline(always)]
    pub(crate) fn from_frames(frames: &[Complex<T>]) -> Self {
        let mut parts = Self::default();
        for (lane, &value) in frames.iter().take(LANES).enumerate() {
            parts.set(lane, value);
        }
        parts
    }
}

/// Spectra of [`LANES`] frames at the bins that a bank uses.
#[derive(Debug, Default)]
pub(crate) struct Spectra<T = f64> {
    first_bin: usize,
    bins: Vec<Parts<T>>,
}

impl<T: Real> Spectra<T> {
    /// Zeros at the bins `span`.
    pub(crate) fn clear(&mut self, span: &Range<usize>) {
        self.first_bin = span.start;
        self.bins.clear();
        self.bins.resize(span.len(), Parts::default());
    }

    /// The bins from `first` on.
    #[inline(always)]
    pub(crate) fn starting_at(&self, first: usize) -> &[Parts<T>] {
        &self.bins[first - self.first_bin..]
    }

    /// The bins from `first` on.
    #[inline(always)]
    pub(crate) fn starting_at_mut(&mut self, first: usize) -> &mut [Parts<T>] {
        &mut self.bins[first - self.first_bin..]
    }

    /// Every bin with its number.
    #[inline(always)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &Parts<T>)> {
        (self.first_bin..).zip(&self.bins)
    }

    /// Every bin with its number.
    #[inline(always)]
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut Parts<T>)> {
        (self.first_bin..).zip(&mut self.bins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_complex_arithmetic() {
        let value = |i: usize| Complex::new((i as f64).sin(), (i as f64 * 0.7).cos());
        let (a, b): (Vec<_>, Vec<_>) = ((0..LANES).map(value).collect(), (LANES..2 * LANES).map(value).collect());
        let mut sum = Parts::from_frames(&a);
        sum.add_times(value(40), &Parts::from_frames(&b));
        for lane in 0..LANES {
            assert!((sum.get(lane) - (a[lane] + value(40) * b[lane])).norm() < 1e-15);
        }
    }
}
