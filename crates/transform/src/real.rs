//! The two precisions of signals and coefficients.

use std::marker::PhantomData;

use photophone_fft::Precision;

use crate::simd::{Work, vectorized};

/// A real number of a caller's buffer: `f32` or `f64`.
pub trait Real: Precision + sealed::Sealed {
    /// The value in double precision: exact.
    fn to_f64(self) -> f64;
    /// The nearest value of this type.
    fn nearest(value: f64) -> Self;
    /// Whether it is neither infinite nor no number.
    fn is_finite(self) -> bool;
    /// Numbers as they are, where `T` is this type.
    #[doc(hidden)]
    fn as_they_are<T: Real>(numbers: &[Self]) -> Option<&[T]>;
    /// What there is for this precision, of one thing in both.
    #[doc(hidden)]
    fn choose<P: PerPrecision>(double: impl FnOnce() -> P::In<f64>, single: impl FnOnce() -> P::In<f32>)
    -> P::In<Self>;
}

/// Whether all numbers are finite. Cost: an addition each, eight side by side.
pub fn all_finite<T: Real>(numbers: &[T]) -> bool {
    vectorized(Finite { numbers })
}

struct Finite<'a, T> {
    numbers: &'a [T],
}

impl<T: Real> Work for Finite<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn call(self) -> bool {
        // Zero times what is not finite is no number, and stays so in a sum.
        let (eights, rest) = self.numbers.as_chunks::<8>();
        let mut sums = [T::default(); 8];
        for eight in eights {
            for (sum, number) in sums.iter_mut().zip(eight) {
                *sum += T::default() * *number;
            }
        }
        sums.iter().chain(rest).all(|number| number.is_finite())
    }
}

/// A type for each precision.
pub trait PerPrecision {
    /// That of one.
    type In<T: Real>;
}

/// Numbers of a precision, if there are some.
struct Numbers<'a>(PhantomData<&'a ()>);

impl<'a> PerPrecision for Numbers<'a> {
    type In<T: Real> = Option<&'a [T]>;
}

impl Real for f32 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn nearest(value: f64) -> Self {
        value as Self
    }

    #[inline(always)]
    fn is_finite(self) -> bool {
        self.is_finite()
    }

    fn as_they_are<T: Real>(numbers: &[Self]) -> Option<&[T]> {
        T::choose::<Numbers<'_>>(|| None, || Some(numbers))
    }

    fn choose<P: PerPrecision>(_: impl FnOnce() -> P::In<f64>, single: impl FnOnce() -> P::In<Self>) -> P::In<Self> {
        single()
    }
}

impl Real for f64 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }

    #[inline(always)]
    fn nearest(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn is_finite(self) -> bool {
        self.is_finite()
    }

    fn as_they_are<T: Real>(numbers: &[Self]) -> Option<&[T]> {
        T::choose::<Numbers<'_>>(|| Some(numbers), || None)
    }

    fn choose<P: PerPrecision>(double: impl FnOnce() -> P::In<Self>, _: impl FnOnce() -> P::In<f32>) -> P::In<Self> {
        double()
    }
}

mod sealed {
    /// Keeps [`super::Real`] to the two.
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_found_wherever_it_is() {
        let largest = vec![f32::MAX; 21];
        assert!(all_finite(&largest) && all_finite::<f64>(&[]));
        for at in 0..largest.len() {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let mut numbers = largest.clone();
                numbers[at] = bad;
                assert!(!all_finite(&numbers), "{bad} at {at}");
            }
        }
    }
}
