//! An exactly invertible constant-Q transform: a tight nonstationary Gabor frame on a warped axis.
//!
//! ```
//! use photophone_transform::gabor::{Gabor, GaborParams};
//!
//! let sound: Vec<f64> = (0..30_011).map(|n| (0.05 * f64::from(n)).sin()).collect();
//! let plan = Gabor::new(&GaborParams::default(), sound.len())?;
//! let cells = plan.forward(&sound)?;
//! // Each band has a hop of its own, so rows are of different lengths.
//! assert_eq!(cells.row(0).len() * plan.bands()[0].hop, plan.period());
//! let back = plan.inverse(&cells)?;
//! assert!(sound.iter().zip(&back).all(|(x, y)| (x - y).abs() < 1e-13));
//! # Ok::<(), photophone_transform::TransformError>(())
//! ```
//!
//! Computed in `f32` or `f64`, as the samples are. Sounds of any length go through [`Analyser`] and [`Synthesiser`] in
//! slices. It does not stand behind [`Analysis`](crate::Analysis), whose coefficients are a rectangle of one hop in double
//! precision. `docs/gabor.md` has shapes, redundancy, agreement and speed.
//!
//! | file | what |
//! |---|---|
//! | `params`, `warp`, `bands` | the axis, and where the bands lie on it |
//! | `plan`, `cells` | what is computed before the samples; coefficients |
//! | `forward`, `inverse`, `kernels` | samples to coefficients and back |
//! | `slices`, `analyser`, `synthesiser`, `overlap` | the same for sounds of any length, block by block |
//! | `change` | what has to be added to a sound for its coefficients to be changed |
//! | `paint/` | the same for levels that were painted, whose phase is found |

mod analyser;
mod bands;
mod cells;
mod change;
mod forward;
mod inverse;
mod kernels;
mod overlap;
mod paint;
mod params;
mod plan;
#[cfg(test)]
mod slice_tests;
mod slices;
mod synthesiser;
#[cfg(test)]
mod tests;
mod warp;

pub use analyser::Analyser;
pub use bands::Band;
pub use cells::RaggedCells;
pub use change::{Change, Changer};
pub use paint::{PaintOptions, PaintStart, Painted, Painting, Skirts};
pub use params::{BINS_PER_OCTAVE, GaborParams, Taper};
pub use plan::{Gabor, GaborScratch};
pub use slices::{SliceOptions, Slices};
pub use synthesiser::Synthesiser;
pub use warp::Warp;
