//! The constant-Q transform of librosa as a linear operator.
//!
//! | file | what |
//! |---|---|
//! | `params` | librosa's arguments and the presets of its releases |
//! | `geometry` | where the filters lie, at which rate each octave runs |
//! | `window`, `bank`, `parts` | the filters, and spectra of several frames side by side |
//! | `decimate/` | halving the rate as librosa's resamplers do |
//! | `stft` | frames and padding |
//! | `forward`, `adjoint` | samples to coefficients and the transpose of that |

mod adjoint;
mod bank;
mod decimate;
mod forward;
mod geometry;
mod octaves;
mod params;
mod parts;
mod plan;
mod stft;
#[cfg(test)]
pub(crate) mod testing;
mod window;

pub use params::{C1_HZ, CqtParams, LibrosaVersion, MAX_BINS, Norm, PadMode, ResType};
pub use plan::{Cqt, Scratch};
pub use window::Window;
