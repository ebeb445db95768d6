//! Sound back from its picture: recipe, files, draw, recover, inspect, compare, report.

pub mod clip;
pub mod compare;
mod draw;
mod error;
pub mod files;
mod input;
mod limits;
mod recipe;
mod recover;
mod report;
mod shorten;
pub mod wording;

pub use draw::{BitDepth, DrawOptions, Drawn, draw, draw_coefficients, draw_magnitudes, plan_drawing};
pub use error::{Error, GIVEN};
pub use files::write_raster;
pub use input::{Input, NamedFile};
pub use limits::Limits;
pub use recipe::{
    COMMENT_KEY, Entry, Flag, Inverse, InverseRecipe, PARAMETERS, Parameter, PictureRecipe, Pitch, RECIPE_KEY, Recipe,
    Settled, SoundRecipe, TransformKind, TransformRecipe, Tuning, plain_problem,
};
pub use recover::{
    InvertOptions, Inverted, ReadPicture, RecoverOptions, Recovered, invert, likely_release, magnitudes_warning,
    read_picture, recover,
};
pub use report::{Report, percent};
pub use shorten::shortened;

/// The crates that this one joins, for callers that need their types.
pub use {photophone_picture as picture, photophone_spectrum as spectrum, photophone_transform as transform};
