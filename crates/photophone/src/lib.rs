//! Spectrogram pictures turned back into sound: recipe, draw, recover, inspect, compare, report.

pub mod clip;
pub mod compare;
mod draw;
mod error;
mod input;
mod limits;
mod loudness;
mod recipe;
mod recover;
mod report;
mod shorten;
pub mod wording;

pub use draw::{BitDepth, DrawOptions, Drawn, draw, draw_coefficients, draw_magnitudes, plan_drawing};
pub use error::{Error, GIVEN};
pub use input::{Input, NamedFile};
pub use limits::Limits;
pub use loudness::{Loudness, LoudnessOptions, ScaleReason, fit_peak};
pub use recipe::{COMMENT_KEY, Entry, Inverse, Pitch, RECIPE_KEY, Recipe, Settled, Tuning, plain_problem};
pub use recover::{
    InvertOptions, Inverted, ReadPicture, RecoverOptions, Recovered, invert, likely_release, magnitudes_warning,
    read_picture, recover,
};
pub use report::{Report, percent};
pub use shorten::shortened;

/// The crates that this one joins, for callers that need their types.
pub use {
    photophone_files as files, photophone_picture as picture, photophone_spectrum as spectrum,
    photophone_transform as transform,
};
