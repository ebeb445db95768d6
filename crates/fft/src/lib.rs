//! Plans of fast Fourier transforms in double precision.
//!
//! A thin layer over `rustfft` and `realfft`, whose planners are generic over the type of number: what calls them
//! directly compiles all of their algorithms itself, in every crate and every test. Here they are compiled once.

use std::sync::Arc;

use realfft::RealFftPlanner;
use rustfft::FftPlanner;

pub use realfft::{ComplexToReal, RealToComplex};
pub use rustfft::Fft;

/// Plans transforms; those planned by one planner share their tables.
pub struct Planner {
    complex: FftPlanner<f64>,
    real: RealFftPlanner<f64>,
}

impl Default for Planner {
    fn default() -> Self {
        Self { complex: FftPlanner::new(), real: RealFftPlanner::new() }
    }
}

impl Planner {
    /// Of `len` complex numbers, with `exp(-2 pi i k n / len)`.
    pub fn forward(&mut self, len: usize) -> Arc<dyn Fft<f64>> {
        self.complex.plan_fft_forward(len)
    }

    /// Of `len` complex numbers, with `exp(2 pi i k n / len)`; undoes [`Planner::forward`] but for a factor of `len`.
    pub fn inverse(&mut self, len: usize) -> Arc<dyn Fft<f64>> {
        self.complex.plan_fft_inverse(len)
    }

    /// Of `len` real numbers to their `len / 2 + 1` bins.
    pub fn real_forward(&mut self, len: usize) -> Arc<dyn RealToComplex<f64>> {
        self.real.plan_fft_forward(len)
    }

    /// Of `len / 2 + 1` bins to `len` real numbers; undoes [`Planner::real_forward`] but for a factor of `len`.
    pub fn real_inverse(&mut self, len: usize) -> Arc<dyn ComplexToReal<f64>> {
        self.real.plan_fft_inverse(len)
    }
}
