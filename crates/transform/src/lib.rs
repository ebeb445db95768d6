//! Constant-Q transform as librosa computes it, its exact adjoint, and its inverses.
//!
//! ```
//! use photophone_transform::inverse::{LeastSquaresOptions, least_squares};
//! use photophone_transform::{Cqt, CqtParams, Watch};
//!
//! let x: Vec<f64> = (0..4000).map(|i| (0.2 * f64::from(i)).sin()).collect();
//! let cqt = Cqt::new(&CqtParams { bins: 24, fmin_hz: 440.0, hop: 64, ..CqtParams::default() }, x.len())?;
//! let coefficients = cqt.forward(&x)?;
//! let found = least_squares(&cqt, &coefficients, &LeastSquaresOptions::default(), &mut Watch::default())?;
//! let error: f64 = x.iter().zip(&found.samples).map(|(x, y)| (x - y).powi(2)).sum();
//! assert!(error < 1e-2 * x.iter().map(|x| x * x).sum::<f64>());
//! # Ok::<(), photophone_transform::TransformError>(())
//! ```
//!
//! The order of use is `CqtParams` (what the transform is) → [`Cqt`] (a plan for one signal
//! length) → [`Cqt::forward`] and [`Cqt::adjoint`] (samples to coefficients and the transpose
//! of that) → [`inverse::least_squares`] (coefficients back to samples). Where something is not known of the transform or of
//! the coefficients, [`invert`] finds it on the way.
//!
//! Everything here is computed in f64, but for [`gabor`], which takes either precision, and coefficients that are asked for
//! in f32: the operator is compared with librosa at -120 dB (-110 in f32) and its adjoint at 1e-12, and the inverse amplifies
//! what the operator gets wrong.
//! No files, clocks or global state; builds for wasm. Work is shared between threads inside of [`Threads::run`] only.

mod acceleration;
pub mod analysis;
pub mod blocks;
mod budget;
mod cg;
mod course;
pub mod cqt;
mod error;
mod framing;
pub mod gabor;
pub mod identify;
pub mod inverse;
pub mod invert;
mod lanes;
mod librosa_version;
pub mod observe;
mod operations;
mod pad;
mod parallel;
mod random;
mod real;
pub mod retrieval;
mod roughness;
mod simd;
mod spread;
pub mod stft;
#[cfg(test)]
pub(crate) mod testing;
mod vectors;
mod watch;
mod window;

pub use analysis::{Analysis, Cells, Channel, Channels, Spacing};
pub use budget::Budget;
pub use course::Course;
pub use cqt::{Cost, Cqt, CqtParams, Gamma, IntervalSet, Norm, ResType, Scratch, Tempered};
pub use error::TransformError;
pub use librosa_version::LibrosaVersion;
pub use num_complex::Complex;
pub use pad::PadMode;
pub use parallel::Threads;
pub use photophone_spectrum::StopFlag;
pub use real::{Real, all_finite};
pub use roughness::{Roughness, bins_that_fit, roughness};
pub use stft::{Stft, StftParams};
pub use watch::{Progress, Step, Stop, Watch};
pub use window::Window;
