//! What made these coefficients: the parameters of a transform that nobody wrote down.
//!
//! | file | what |
//! |---|---|
//! | `consistency` | how well coefficients fit together under given parameters |
//! | `tuning` | the tuning |
//! | `intervals` | bins that are not equally spaced |
//! | `likelihood` | how likely a tuning makes the coefficients |
//! | `length` | how many samples the transform was given |
//! | `pad_mode` | what the transform put beyond the ends |
//! | `release` | which librosa it was |
//! | `stft_ends` | pad mode and length of a short-time Fourier transform |

mod consistency;
mod intervals;
mod length;
mod likelihood;
mod pad_mode;
mod release;
mod stft_ends;
mod tuning;

pub use consistency::{Probe, misfits_db};
pub use intervals::{IntervalsEstimate, estimate_intervals};
pub use length::{LengthEstimate, estimate_samples};
pub use pad_mode::{PadModeEstimate, estimate_pad_mode};
pub use release::{ReleaseEstimate, estimate_release};
pub use stft_ends::{StftEnds, estimate_stft_ends};
pub use tuning::{TuningEstimate, estimate_tuning};
