//! Plans of fast Fourier transforms in double precision.
//!
//! A thin layer over `rustfft` and `realfft`, whose planners are generic over the type of number: what calls them
//! directly compiles all of their algorithms itself, in every crate and every test. Here they are compiled once.
//!
//! ```
//! let fft = photophone_fft::Planner::default().real_forward(8);
//! let mut samples: Vec<f64> = (0..8).map(|i| (std::f64::consts::TAU * f64::from(i) / 8.0).cos()).collect();
//! let mut bins = fft.make_output_vec();
//! fft.process(&mut samples, &mut bins)?;
//! assert!((bins[1].re - 4.0).abs() < 1e-12 && bins[2].norm() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
