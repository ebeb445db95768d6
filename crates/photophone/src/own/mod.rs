//! The program's own picture: a gray picture of a sound's levels that carries the sound, so that what was not edited comes back
//! sample by sample.
//!
//! ```
//! use photophone::files::Sound;
//! use photophone::own::{OwnInput, OwnOptions, draw, opened};
//! use photophone::{Input, transform::StopFlag};
//!
//! let samples: Vec<f64> = (0..8000).map(|i| (0.5 * (0.2 * f64::from(i)).sin() * 32768.0).round() / 32768.0).collect();
//! let sound = Sound::from_mono(22_050, &samples);
//! let drawn = draw(&sound, &OwnOptions::default())?;
//! let input = Input::Bytes { name: "the picture".to_owned(), bytes: drawn.to_png()? };
//! let asked = OwnInput { input: &input, original: None, max_pixels: 0, stop: &StopFlag::default() };
//! let own = opened(&asked)?.ok_or("not one of these").unwrap();
//! assert!(own.recovered()?.sound == sound);
//! # Ok::<(), photophone::Error>(())
//! ```
//!
//! A pixel is a level of the exact constant-Q transform ([`gabor`](crate::gabor)). The sound itself lies behind the pixels, and a
//! digest ties both. `docs/format.md` has the file byte by byte.
//!
//! | file | what |
//! |---|---|
//! | `recipe` | what is written of how the picture was made |
//! | `layout` | where panels, gaps and the strip lie in the picture |
//! | `levels` | sound to levels |
//! | `strip/` | what is told below the picture, for where its texts are lost |
//! | `kept` | the sound in the file's chunks |
//! | `draw` | sound to picture |
//! | `pixels` | a picture's pixels as levels |
//! | `sounds` | where the sound is looked for |
//! | `seen` | a picture that is one of these |
//! | `opened` | the same with its sound |
//! | `changes`, `gains` | what was changed of it, as levels and as gains |
//! | `sounded` | the sound after an edit |
//! | `redrawn` | a picture in memory whose levels were changed |
//! | `inspected` | what it says of itself |

mod changes;
mod draw;
mod gains;
mod inspected;
mod kept;
mod layout;
mod levels;
mod opened;
mod pixels;
mod recipe;
mod redrawn;
mod seen;
mod sounded;
mod sounds;
mod strip;
#[cfg(test)]
mod tests;

pub use changes::{Edited, Region};
pub use draw::{OwnDrawn, OwnOptions, draw, plan_own};
pub(crate) use inspected::{InspectedOwn, inspected};
pub use levels::Levels;
pub use opened::{OpenedOwn, OwnInput, OwnRecovered, opened};
pub use recipe::{OwnFormat, OwnPicture, OwnRecipe, OwnSound, OwnTransform};
pub(crate) use sounded::{refused, sounded};
