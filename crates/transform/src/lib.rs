//! Constant-Q transform as librosa computes it, its exact adjoint, and its inverses.
//!
//! The order of use is `CqtParams` (what the transform is) → [`Cqt`] (a plan for one signal
//! length) → [`Cqt::forward`] and [`Cqt::adjoint`] (samples to coefficients and the transpose
//! of that) → [`inverse::least_squares`] (coefficients back to samples).
//!
//! Everything here is computed in f64: the operator is compared with librosa at -120 dB and
//! its adjoint at 1e-12, and the inverse amplifies what the operator gets wrong.
//! No files, clocks or global state; builds for wasm. Work is shared between threads inside of [`Threads::run`] only.

pub mod cqt;
mod error;
pub mod inverse;
mod parallel;
pub mod phase;
mod random;
mod real;
mod roughness;
mod simd;

pub use cqt::{Cost, Cqt, CqtParams, Gamma, LibrosaVersion, Norm, PadMode, ResType, Scratch, Window};
pub use error::TransformError;
pub use num_complex::Complex;
pub use parallel::Threads;
pub use photophone_spectrum::StopFlag;
pub use real::Real;
pub use roughness::{Roughness, bins_that_fit, roughness};
