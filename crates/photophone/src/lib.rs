//! Sound back from its picture: recipe, files, draw, recover, inspect, compare, report.

pub mod clip;
pub mod compare;
mod draw;
mod error;
pub mod files;
mod input;
mod recipe;
mod recover;
mod report;
pub mod wording;

pub use draw::{BitDepth, DrawOptions, Drawn, RECIPE_KEY, draw, draw_coefficients, draw_magnitudes};
pub use error::Error;
pub use files::write_raster;
pub use input::{Input, NamedFile};
pub use recipe::{Entry, Inverse, Pitch, Recipe, Settled, Tuning};
pub use recover::{
    InvertOptions, Inverted, ReadPicture, RecoverOptions, Recovered, invert, magnitudes_warning, read_picture, recover,
};
pub use report::Report;

/// The crates that this one joins, for callers that need their types.
pub use {photophone_picture as picture, photophone_spectrum as spectrum, photophone_transform as transform};
