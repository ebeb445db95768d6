//! Sound back from its picture: recipe, files, draw, recover, inspect, compare, report.

pub mod clip;
pub mod compare;
mod draw;
mod error;
pub mod files;
mod recipe;
mod recover;
mod report;

pub use draw::{DrawOptions, Drawn, RECIPE_KEY, draw, write_raster};
pub use error::Error;
pub use recipe::{Entry, Inverse, Pitch, Recipe, Settled, Tuning};
pub use recover::{Inspection, NamedFile, RecoverOptions, Recovered, inspect, recover};
pub use report::Report;

/// The crates that this one joins, for callers that need their types.
pub use {photophone_picture as picture, photophone_spectrum as spectrum, photophone_transform as transform};
