//! Coefficients to samples, whatever is known of them.
//!
//! | file | what |
//! |---|---|
//! | `data` | coefficients, and what is believed of them |
//! | `method` | which inverse |
//! | `solve` | least squares and the adaptive inverse, with the noise that the data turn out to have |
//! | `retrieval` | the sound where phase is missing |
//! | `constant_q` | the same of a constant-Q transform, with what is unknown of it |
//! | `stft` | the same of a short-time Fourier transform |
//! | `fit` | what a sound leaves unexplained |
//! | `losses` | what limits the result |

mod constant_q;
mod data;
mod fit;
mod losses;
mod method;
mod retrieval;
mod solve;
mod stft;

use photophone_spectrum::Plane;

pub use constant_q::{InvertOptions, Inverted, invert, solve_padded};
pub use data::Data;
pub use fit::{UNTRUSTED_SHARE, left_db, share_beyond_bins, untrusted_share};
pub use losses::{Loss, losses};
pub use method::Inverse;
pub use stft::{inverse_of_stft, solve_stft};

use retrieval::Retrieval;

use crate::budget::Budget;
use crate::inverse::Solution;
use crate::retrieval::PhaseMethod;
use crate::watch::Watch;
use crate::{Analysis, TransformError};

/// How samples are found.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolveOptions {
    /// Which inverse.
    pub inverse: Inverse,
    /// Takes each magnitude for the centre of its range; else the inverse may move within the range. For comparison.
    pub centres: bool,
    /// How phase that is not known is found.
    pub phase_method: PhaseMethod,
    /// Where random phases start.
    pub seed: u64,
}

/// The samples, and what solving for them told.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The samples; the residual is that of the magnitudes alone where most of the phase had to be found.
    pub solution: Solution,
    /// Mean square error of each cell, where the residual told of more than was expected.
    pub noise: Option<Plane<f64>>,
    /// The sound of the cells with phase alone, where others have lost theirs.
    pub of_known: Option<Vec<f64>>,
}

impl Solved {
    pub(crate) fn new(solution: Solution, noise: Option<Plane<f64>>) -> Self {
        Self { solution, noise, of_known: None }
    }

    /// The sound that coefficients with phase are compared with: that of the cells with phase alone, where some have none.
    pub fn fit(&self) -> &[f64] {
        self.of_known.as_deref().unwrap_or(&self.solution.samples)
    }
}

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
