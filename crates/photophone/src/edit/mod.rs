//! Edits as changes: gains on a surface of frequency and time, and a sound that is changed just there.
//!
//! ```
//! use photophone::edit::{EditOptions, Surface, by_gains};
//! use photophone::files::Sound;
//! use photophone::spectrum::Plane;
//!
//! let tones = |n: i32| (0.1 * f64::from(n)).sin() + (0.9 * f64::from(n)).sin();
//! let sound = Sound::from_mono(8000, &(0..24_000).map(tones).collect::<Vec<_>>());
//! let options = EditOptions::default();
//! let surface = Surface::new(8000.0, sound.frames(), &options.surface)?;
//! // Everything above 500 Hz in the second second is taken out.
//! let gains = Plane::from_fn(surface.rows(), surface.columns(), |row, column| {
//!     let is_out = surface.hz_from_row(row as f64) > 500.0 && (1.0..2.0).contains(&surface.secs_from_column(column));
//!     if is_out { 0.0 } else { 1.0 }
//! });
//! let edited = by_gains(&sound, &gains, &options)?;
//! assert_eq!(edited.sound.channels[0][..2000], sound.channels[0][..2000]);
//! assert_ne!(edited.sound.channels[0][12_000], sound.channels[0][12_000]);
//! # Ok::<(), photophone::Error>(())
//! ```
//!
//! The sound becomes `y = x + synthesis((m - 1) C)`, with `C` its coefficients in the exact constant-Q transform and `m`
//! the gains. Where `m` is 1 nothing is added, and farther from a change than its rows ring samples stay what they were
//! to the last bit. `docs/edit.md` has what was measured.

mod account;
mod applied;
mod editor;
mod edits;
mod engine;
mod field;
mod levels;
mod moved;
mod options;
mod painted;
mod pieces;
mod plane;
mod shape;
mod shapes;
mod stored;
mod surface;

pub use account::{EditAccount, Region};
pub use applied::{Edited, by_gains, by_gains_and_moves, edited, gained, regions_changed};
pub use editor::{Editor, apply};
pub use edits::{Action, EDITS_VERSION, Edit, Edits, Shape};
pub use levels::{GainLaw, LevelGains, gains_from_levels, jpeg_tolerance_db};
pub use moved::{Moved, moved_pixels};
pub use options::{Edge, EditOptions};
pub use painted::{PaintedSound, paint, regions_painted};
pub use stored::kept_format;
pub use surface::{Surface, SurfaceOptions};
