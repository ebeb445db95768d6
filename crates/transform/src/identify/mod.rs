//! What made these coefficients: the parameters of a transform that nobody wrote down.
//!
//! | file | what |
//! |---|---|
//! | `settings` | what is known of a transform, and what was found |
//! | `resolve` | from estimates to settings, each with its evidence |
//! | `consistency` | how well coefficients fit together under given parameters |
//! | `defaults` | tuning and pad mode that need not be searched for |
//! | `tuning` | the tuning |
//! | `intervals` | bins that are not equally spaced |
//! | `likelihood` | how likely a tuning makes the coefficients |
//! | `length` | how many samples the transform was given |
//! | `pad_mode` | what the transform put beyond the ends |
//! | `pad_search` | the same of exact coefficients, told by the solution |
//! | `pad_race` | pad modes that race to explain them |
//! | `release` | which librosa it was |
//! | `stft_ends` | pad mode and length of a short-time Fourier transform |
//! | `stft_resolve` | the same, each with its evidence |
//! | `stft_magnitudes` | how near a sound comes to magnitudes of such a transform |
//! | `likeness` | whether magnitudes can be of a sound at all |
//! | `worked_on` | the masks and steps that magnitudes show |
//! | `mixture` | several channels as one, for what they share |
//! | `calibration` | how often findings are right |

mod calibration;
mod consistency;
mod defaults;
mod intervals;
mod length;
mod likelihood;
mod likeness;
mod mixture;
mod pad_mode;
mod pad_race;
mod pad_search;
mod release;
mod resolve;
mod settings;
mod stft_ends;
mod stft_magnitudes;
mod stft_resolve;
mod tuning;
mod worked_on;

pub use consistency::{Probe, misfits_db};
pub use intervals::{IntervalsEstimate, estimate_intervals};
pub use length::{LengthEstimate, estimate_samples};
pub use likeness::{Likeness, other_grids};
pub use mixture::mixed;
pub use pad_mode::{PadModeEstimate, estimate_pad_mode};
pub use release::{ReleaseEstimate, estimate_release, likely_release};
pub use settings::{Found, Knows, Open, OpenTuning, Searches, Settings};
pub use stft_ends::{StftEnds, estimate_stft_ends};
pub use stft_magnitudes::nearest_sound_db;
pub use stft_resolve::resolve_stft_ends;
pub use tuning::{TuningEstimate, estimate_tuning};

pub(crate) use mixture::Mixture;
pub(crate) use pad_race::PadRace;
pub(crate) use pad_search::{OWN_SHARE, is_no_better};
