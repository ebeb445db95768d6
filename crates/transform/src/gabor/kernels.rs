//! The inner loops.

use num_complex::Complex;

use crate::Real;
use crate::simd::{Work, vectorized};

/// `out = bins window`.
pub(super) fn weigh<T: Real>(bins: &[Complex<T>], window: &[T], out: &mut [Complex<T>]) {
    vectorized(Weigh { bins, window, out });
}

/// `sum += bins window share`.
pub(super) fn add_weighed<T: Real>(bins: &[Complex<T>], window: &[T], share: T, sum: &mut [Complex<T>]) {
    vectorized(AddWeighed { bins, window, share, sum });
}

struct Weigh<'a, T> {
    bins: &'a [Complex<T>],
    window: &'a [T],
    out: &'a mut [Complex<T>],
}

impl<T: Real> Work for Weigh<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for ((out, bin), weight) in self.out.iter_mut().zip(self.bins).zip(self.window) {
            *out = Complex::new(bin.re * *weight, bin.im * *weight);
        }
    }
}

struct AddWeighed<'a, T> {
    bins: &'a [Complex<T>],
    window: &'a [T],
    share: T,
    sum: &'a mut [Complex<T>],
}

impl<T: Real> Work for AddWeighed<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for ((sum, bin), weight) in self.sum.iter_mut().zip(self.bins).zip(self.window) {
            let weight = *weight * self.share;
            *sum = Complex::new(sum.re + bin.re * weight, sum.im + bin.im * weight);
        }
    }
}
