//! The vocabulary of spectrogram work: planes, axes, levels, findings.
//!
//! Both halves of Photophone speak this crate and know nothing of each other: the sound half
//! (`photophone-transform`) turns samples into coefficients and back, the picture half
//! (`photophone-picture`) turns pixels into levels and back.
//!
//! ```
//! use photophone_spectrum::{LevelScale, Plane};
//!
//! let levels = Plane::from_fn(2, 3, |row, frame| (row + frame) as f64 / 4.0);
//! let magnitudes = levels.map(|&level| LevelScale::DB_80.magnitude_from_level(level));
//! assert_eq!(magnitudes.shape(), (2, 3));
//! assert!((magnitudes[(1, 1)] - 0.01).abs() < 1e-9); // half of 80 dB below 1
//! ```
//!
//! - [`Plane`]: a matrix with one row a frequency bin (row 0 the lowest) and one column a frame.
//! - [`Stack`]: channels in one plane, one above the other.
//! - [`LogFrequencyAxis`], [`FrameAxis`]: what a row and a column mean, in Hz and seconds.
//! - [`FrequencyScale`]: which frequency lies where along an axis: linear, logarithmic, or the one below the other.
//! - [`MelScale`]: mels and Hz. [`hz_from_note`]: a note in Hz.
//! - [`LevelScale`]: what a level between 0 and 1 means as a magnitude.
//! - [`Finding`]: a value with where it came from, how sure it is, and the evidence.
//! - [`Number`]: a number as people read it.
//! - [`StopFlag`]: what ends long work of either half from another thread.
//!
//! No files, clocks or global state; builds for wasm.

mod axis;
mod calibration;
mod finding;
mod frequency_scale;
mod level;
mod mel;
mod note;
mod number;
mod plane;
mod stack;
mod stop_flag;

pub use axis::{FrameAxis, LogFrequencyAxis};
pub use calibration::{Calibration, Sureness};
pub use finding::{Finding, Source};
pub use frequency_scale::FrequencyScale;
pub use level::{Interval, LevelScale, LevelScaleError};
pub use mel::{MelScale, MelScaleError};
pub use note::hz_from_note;
pub use number::Number;
pub use plane::{Plane, ShapeError};
pub use stack::Stack;
pub use stop_flag::{StopFlag, Stopped};
