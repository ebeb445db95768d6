//! Coefficients back to samples.
//!
//! | file | what |
//! |---|---|
//! | `least_squares` | preconditioned conjugate gradients on the regularised normal equations |
//! | `below` | the same where most of the sound lies below the lowest bin |
//! | `determined` | the rows that determine their part of the signal many times over |
//! | `evidence` | whether data tell of sound below the lowest bin |
//! | `normal` | the normal equations and their preconditioner |
//! | `adaptive/` | beyond the grid's limit: a prior learnt from the signal itself |
//! | `metric` | how what a signal leaves of the data is measured |
//! | `precision` | the inverse covariance that the data have where frames fold frequencies onto each other |
//! | `banded` | its matrices, factored |
//! | `prior` | what is expected of the signal before the data: its mean spectrum |
//! | `heard` | how much of a sound beyond the bins is heard |
//! | `outside` | sound below the lowest bin, heard only at the ends |
//! | `noise` | how far rows and cells of the data can be off |
//! | `interval` | data that are ranges |
//! | `filter` | products with functions of frequency |
//! | `carried` | how much of the signal the grid can carry, bin by bin |

mod adaptive;
mod banded;
mod below;
mod carried;
mod determined;
mod evidence;
mod filter;
mod heard;
mod interval;
mod least_squares;
mod metric;
mod noise;
mod normal;
mod outside;
mod precision;
mod prior;

pub use adaptive::{AdaptiveOptions, adaptive};
pub use below::{
    AND_BELOW_SOLVES, BELOW_AT_ALL, MOST_SOLVES, is_loud_below, least_squares_and_below, least_squares_beside,
    least_squares_far_below, sound_below,
};
pub use carried::{BinBudget, Carried, carried};
pub use determined::DeterminedRows;
pub use evidence::tells_of_low_sound;
pub use interval::{Intervals, least_squares_within};
pub use least_squares::{LeastSquaresOptions, Solution, least_squares};
pub use noise::{OPERATOR_MISMATCH, RowNoise, noise_from_misfit};

#[cfg(test)]
pub(crate) use filter::filtered;
pub(crate) use filter::{SpectralFilter, raised_cosine};
pub(crate) use prior::Diagonals;
