//! Sums and products of vectors, of real samples or of complex cells.

use std::ops::{Add, AddAssign, Mul};

use num_complex::Complex;

/// What vectors are of. Their scalars are real.
pub(crate) trait Entry: Copy + Add<Output = Self> + AddAssign + Mul<f64, Output = Self> {
    /// The product of two, or its real part.
    fn inner(self, other: Self) -> f64;
}

impl Entry for f64 {
    fn inner(self, other: Self) -> f64 {
        self * other
    }
}

impl Entry for Complex<f64> {
    fn inner(self, other: Self) -> f64 {
        self.re * other.re + self.im * other.im
    }
}

pub(crate) fn dot<T: Entry>(a: &[T], b: &[T]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x.inner(*y)).sum()
}

/// `a += scale b`.
pub(crate) fn add_scaled<T: Entry>(a: &mut [T], scale: f64, b: &[T]) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += *y * scale;
    }
}

/// `direction = z + ratio direction`.
pub(crate) fn update_direction<T: Entry>(direction: &mut [T], z: &[T], ratio: f64) {
    for (direction, z) in direction.iter_mut().zip(z) {
        *direction = *z + *direction * ratio;
    }
}

pub(crate) fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

pub(crate) fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

pub(crate) fn power(x: &[f64]) -> f64 {
    x.iter().map(|sample| sample * sample).sum()
}
