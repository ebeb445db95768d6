//! The planners, one for each precision.

use std::ops::AddAssign;
use std::sync::Arc;

use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftNum, FftPlanner};

/// Plans transforms of one precision; those planned by one planner share their tables.
pub struct PlannerOf<T: FftNum> {
    complex: FftPlanner<T>,
    real: RealFftPlanner<T>,
}

/// Plans transforms in double precision.
pub type Planner = PlannerOf<f64>;

/// A number that transforms are planned for: `f32` or `f64`.
pub trait Float: FftNum + AddAssign + Default {
    /// A planner without plans.
    fn planner() -> PlannerOf<Self>;
    /// [`PlannerOf::forward`].
    fn forward(planner: &mut PlannerOf<Self>, len: usize) -> Arc<dyn Fft<Self>>;
    /// [`PlannerOf::inverse`].
    fn inverse(planner: &mut PlannerOf<Self>, len: usize) -> Arc<dyn Fft<Self>>;
    /// [`PlannerOf::real_forward`].
    fn real_forward(planner: &mut PlannerOf<Self>, len: usize) -> Arc<dyn RealToComplex<Self>>;
    /// [`PlannerOf::real_inverse`].
    fn real_inverse(planner: &mut PlannerOf<Self>, len: usize) -> Arc<dyn ComplexToReal<Self>>;
}

/// Functions of a generic `impl` would be compiled where they are called; these are compiled here.
macro_rules! of_precision {
    ($float:ty) => {
        impl Default for PlannerOf<$float> {
            fn default() -> Self {
                Self { complex: FftPlanner::new(), real: RealFftPlanner::new() }
            }
        }

        impl PlannerOf<$float> {
            /// Of `len` complex numbers, with `exp(-2 pi i k n / len)`.
            pub fn forward(&mut self, len: usize) -> Arc<dyn Fft<$float>> {
                self.complex.plan_fft_forward(len)
            }

            /// Of `len` complex numbers, with `exp(2 pi i k n / len)`; undoes the forward transform but for a factor of
            /// `len`.
            pub fn inverse(&mut self, len: usize) -> Arc<dyn Fft<$float>> {
                self.complex.plan_fft_inverse(len)
            }

            /// Of `len` real numbers to their `len / 2 + 1` bins.
            pub fn real_forward(&mut self, len: usize) -> Arc<dyn RealToComplex<$float>> {
                self.real.plan_fft_forward(len)
            }

            /// Of `len / 2 + 1` bins to `len` real numbers; undoes the forward transform but for a factor of `len`.
            pub fn real_inverse(&mut self, len: usize) -> Arc<dyn ComplexToReal<$float>> {
                self.real.plan_fft_inverse(len)
            }
        }

        impl Float for $float {
            fn planner() -> PlannerOf<Self> {
                PlannerOf::<Self>::default()
            }

            fn forward(planner: &mut PlannerOf<Self>, len: usize) -> Arc<dyn Fft<Self>> {
                planner.forward(len)
            }

            fn inverse(planner: &mut PlannerOf<Self>, len: usize) -> Arc<dyn Fft<Self>> {
                planner.inverse(len)
            }

            fn real_forward(planner: &mut PlannerOf<Self>, len: usize) -> Arc<dyn RealToComplex<Self>> {
                planner.real_forward(len)
            }

            fn real_inverse(planner: &mut PlannerOf<Self>, len: usize) -> Arc<dyn ComplexToReal<Self>> {
                planner.real_inverse(len)
            }
        }
    };
}

of_precision!(f32);
of_precision!(f64);
