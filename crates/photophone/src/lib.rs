//! Spectrogram pictures turned back into sound: recipe, draw, recover, inspect, compare, report.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use photophone::files::Sound;
//! use photophone::{DrawOptions, RecoverOptions, draw, recover};
//!
//! let samples: Vec<f64> = (0..8000).map(|i| 0.5 * (0.2 * f64::from(i)).sin()).collect();
//! let drawn = draw(&Sound::from_mono(22_050, &samples), &DrawOptions::default())?;
//! let options = RecoverOptions { input: drawn.to_input()?, phase: drawn.phase_input(), ..RecoverOptions::default() };
//! let recovered = recover(&options, |_| ControlFlow::Continue(()))?;
//! assert_eq!(recovered.sound.frames(), 8000);
//! # Ok::<(), photophone::Error>(())
//! ```

pub mod batch;
pub mod clip;
pub mod compare;
mod draw;
mod draw_tiles;
mod drawn;
pub mod edit;
mod error;
mod figure;
mod input;
mod limits;
mod loudness;
pub mod own;
mod read;
mod recipe;
mod recover;
mod report;
mod shorten;
mod sound_levels;
pub mod wording;

pub use draw::{
    BitDepth, DrawOptions, draw, draw_channels_of_coefficients, draw_channels_of_magnitudes, draw_coefficients,
    draw_magnitudes,
};
pub use draw_tiles::{DrawnTiles, LongSound, long_sound, tile_path};
pub use drawn::{Drawn, plan_drawing};
pub use error::{Error, GIVEN};
pub use figure::{Inspected, inspect};
pub use input::{Input, NamedFile};
pub use limits::Limits;
pub use loudness::{Loudness, LoudnessOptions, ScaleReason, fit_peak, fit_peaks};
pub use photophone_transform::gabor;
pub use photophone_transform::invert::Inverse;
pub use read::{ReadPicture, looked_for, tiles_of};
pub use recipe::{
    COMMENT_KEY, Entry, Flag, InverseRecipe, PARAMETERS, Parameter, PictureRecipe, Pitch, RECIPE_KEY, Recipe, Resolved,
    SoundRecipe, TransformKind, TransformRecipe, Tuning, plain_problem,
};
pub use recover::{
    InvertOptions, Inverted, LongInput, LongRecovered, RecoverOptions, Recovered, invert, invert_channels,
    likely_release, long_input, magnitudes_warning, read_picture, recover,
};
pub use report::{ChannelReport, Report, percent};
pub use shorten::shortened;
pub use sound_levels::SoundLevels;

/// The crates that this one joins, for callers that need their types.
pub use {
    photophone_files as files, photophone_picture as picture, photophone_spectrum as spectrum,
    photophone_transform as transform,
};
