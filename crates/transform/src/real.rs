//! The two precisions in which signals and coefficients are handed over.

/// A real number of a caller's buffer: `f32` or `f64`.
///
/// Only the hand-over is in this type, except in [`gabor`](crate::gabor). Everything else is computed in `f64`, so a buffer of `f32` saves a
/// copy and loses no more than its own rounding.
pub trait Real: Copy + Default + Send + Sync + sealed::Sealed + 'static {
    /// The value in double precision: exact.
    fn to_f64(self) -> f64;
    /// The nearest value of this type.
    fn from_f64(value: f64) -> Self;
}

impl Real for f32 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as Self
    }
}

impl Real for f64 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
}

mod sealed {
    /// Keeps [`super::Real`] to the two.
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
