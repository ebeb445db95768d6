//! Coefficients to samples, whatever is known of them.
//!
//! | file | what |
//! |---|---|
//! | `data` | coefficients, and what is believed of them |
//! | `method` | which inverse |
//! | `options` | how samples are found, and what finding them gives |
//! | `solve` | least squares and the adaptive inverse, with the noise that the data turn out to have |
//! | `clipped` | whether the loudest cells are no louder than they are shown |
//! | `linear` | the linear inverse: low rows first, then all |
//! | `retrieval` | the sound where phase is missing |
//! | `channels` | the channels of one sound, side by side |
//! | `constant_q` | the same of a constant-Q transform, with what is unknown of it |
//! | `stft` | the same of a short-time Fourier transform |
//! | `observed` | the same of sums over its powers, such as a mel spectrogram |
//! | `fit` | what a sound leaves unexplained |
//! | `losses` | what limits the result |

mod channels;
mod clipped;
mod constant_q;
mod data;
mod fit;
mod linear;
mod losses;
mod method;
mod observed;
mod options;
mod retrieval;
mod solve;
mod stft;

pub use channels::{each_channel, solve_channels};
pub use constant_q::{InvertOptions, Inverted, invert, invert_channels, residual_db, solve_padded};
pub use data::Data;
pub use fit::{UNTRUSTED_SHARE, Unexplained, left_db, unexplained, untrusted_share};
pub use losses::{Loss, losses};
pub use method::Inverse;
pub use observed::solve_observed;
pub use options::{Cut, SolveOptions, Solved};
pub use stft::{inverse_of_stft, solve_stft};

use retrieval::Retrieval;

use crate::budget::Budget;
use crate::watch::Watch;
use crate::{Analysis, TransformError};

/// The samples of coefficients: solved for where the phase is known, completed where an edit has taken some of it, and
/// retrieved where most of it is missing. Iterations come out of `budget`.
///
/// # Errors
/// Data of another shape than the plan's, or values that are not finite.
pub fn solve_or_retrieve(
    plan: &dyn Analysis,
    data: &Data,
    options: &SolveOptions,
    budget: &mut Budget,
    watch: &mut Watch<'_>,
) -> Result<Solved, TransformError> {
    let Some(phase_trust) = &data.phase_trust else { return solve::solve(plan, data, options, budget, watch) };
    let retrieval = Retrieval { plan, data, phase_trust, options };
    if data.knows_phase() { retrieval.completed(budget, watch) } else { retrieval.retrieved(budget, watch) }
}
