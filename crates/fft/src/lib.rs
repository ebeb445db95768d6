//! Plans of fast Fourier transforms in double and in single precision.
//!
//! A thin layer over `rustfft` and `realfft`, whose planners are generic over the type of number: what calls them
//! directly compiles all of their algorithms itself, in every crate and every test. Here they are compiled once for each
//! precision.
//!
//! ```
//! let fft = photophone_fft::Planner::<f64>::default().real_forward(8);
//! let mut samples: Vec<f64> = (0..8).map(|i| (std::f64::consts::TAU * f64::from(i) / 8.0).cos()).collect();
//! let mut bins = fft.make_output_vec();
//! fft.process(&mut samples, &mut bins)?;
//! assert!((bins[1].re - 4.0).abs() < 1e-12 && bins[2].norm() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;

use realfft::RealFftPlanner;
use rustfft::num_traits::NumAssign;
use rustfft::{FftNum, FftPlanner};

pub use realfft::{ComplexToReal, RealToComplex};
pub use rustfft::Fft;

/// A precision that there are plans in: `f64` or `f32`.
pub trait Precision: FftNum + NumAssign + Default + sealed::Sealed {
    /// See [`Planner::forward`].
    #[doc(hidden)]
    fn forward(planner: &mut Planner<Self>, len: usize) -> Arc<dyn Fft<Self>>;
    /// See [`Planner::inverse`].
    #[doc(hidden)]
    fn inverse(planner: &mut Planner<Self>, len: usize) -> Arc<dyn Fft<Self>>;
    /// See [`Planner::real_forward`].
    #[doc(hidden)]
    fn real_forward(planner: &mut Planner<Self>, len: usize) -> Arc<dyn RealToComplex<Self>>;
    /// See [`Planner::real_inverse`].
    #[doc(hidden)]
    fn real_inverse(planner: &mut Planner<Self>, len: usize) -> Arc<dyn ComplexToReal<Self>>;
    /// A planner without plans.
    #[doc(hidden)]
    fn planner() -> Planner<Self>;
}

/// Written out for each, so that the algorithms are compiled here.
macro_rules! precision {
    ($real:ty) => {
        impl sealed::Sealed for $real {}
        impl Precision for $real {
            fn forward(planner: &mut Planner<Self>, len: usize) -> Arc<dyn Fft<Self>> {
                planner.complex.plan_fft_forward(len)
            }

            fn inverse(planner: &mut Planner<Self>, len: usize) -> Arc<dyn Fft<Self>> {
                planner.complex.plan_fft_inverse(len)
            }

            fn real_forward(planner: &mut Planner<Self>, len: usize) -> Arc<dyn RealToComplex<Self>> {
                planner.real.plan_fft_forward(len)
            }

            fn real_inverse(planner: &mut Planner<Self>, len: usize) -> Arc<dyn ComplexToReal<Self>> {
                planner.real.plan_fft_inverse(len)
            }

            fn planner() -> Planner<Self> {
                Planner { complex: FftPlanner::new(), real: RealFftPlanner::new() }
            }
        }
    };
}

precision!(f64);
precision!(f32);

/// Plans transforms; those planned by one planner share their tables.
pub struct Planner<T: Precision = f64> {
    complex: FftPlanner<T>,
    real: RealFftPlanner<T>,
}

impl<T: Precision> Default for Planner<T> {
    fn default() -> Self {
        T::planner()
    }
}

impl<T: Precision> Planner<T> {
    /// Of `len` complex numbers, with `exp(-2 pi i k n / len)`.
    pub fn forward(&mut self, len: usize) -> Arc<dyn Fft<T>> {
        T::forward(self, len)
    }

    /// Of `len` complex numbers, with `exp(2 pi i k n / len)`; undoes [`Planner::forward`] but for a factor of `len`.
    pub fn inverse(&mut self, len: usize) -> Arc<dyn Fft<T>> {
        T::inverse(self, len)
    }

    /// Of `len` real numbers to their `len / 2 + 1` bins.
    pub fn real_forward(&mut self, len: usize) -> Arc<dyn RealToComplex<T>> {
        T::real_forward(self, len)
    }

    /// Of `len / 2 + 1` bins to `len` real numbers; undoes [`Planner::real_forward`] but for a factor of `len`.
    pub fn real_inverse(&mut self, len: usize) -> Arc<dyn ComplexToReal<T>> {
        T::real_inverse(self, len)
    }
}

mod sealed {
    /// Keeps [`super::Precision`] to the two.
    pub trait Sealed {}
}
