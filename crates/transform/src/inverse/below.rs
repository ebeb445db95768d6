//! Least squares where most of the sound lies below the lowest bin.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::filter::below_bins;
use super::least_squares::{LeastSquaresOptions, Progress, Solution, Stop, least_response, least_squares, solved};
use super::vectors::{difference, power};
use crate::TransformError;
use crate::analysis::Analysis;

/// Times the power within the bins from which sound below them has solves of its own: 20 dB, about what one solve
/// copes with (`cargo xtask offsets`).
const LOUD: f64 = 100.0;

/// Times the iterations of one solve that all together take.
pub const MOST_SOLVES: usize = 2 + TIMES;

/// Iterations of the second solve, as a multiple of the first's: its condition is a hundred times as large.
const TIMES: usize = 3;

/// What is heard below the lowest bin, as a share of what is heard there, down to which the solve for loud sound follows
/// the bank: what the entries that librosa drops leave of the lowest filter.
const LEAST_RESPONSE: f64 = 1e-6;

/// [`least_squares`](super::least_squares()) of data that tell of sound below the bins, which is free, and where that is far louder than
/// the rest two solves more.
///
/// Its preconditioner follows the bank down as far as so many iterations resolve. A rumble that is 30 dB louder than the
/// sound in the bins, and heard 60 dB less, has to be known to a thousandth before what it adds to the bins is. So the
/// second solve follows the bank down to where it is heard least. That also makes sound cheap that is heard nowhere but
/// ends in a crack; so only what is below the bins is taken from it, and the third solve finds the rest. An offset is no
/// such sound: least squares has unknowns for it.
///
/// Whether the data tell of such sound is not asked: see [`tells_of_low_sound`](super::tells_of_low_sound()).
///
/// Cost: up to [`MOST_SOLVES`] times that of least squares.
///
/// # Errors
/// As of least squares.
pub fn least_squares_and_below(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, TransformError> {
    let options = LeastSquaresOptions { free_ends: true, ..options.clone() };
    let first = solved(plan, data, &options, least_response(options.max_iterations), &mut progress)?;
    let lowest = plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz;
    if first.stop != Stop::IterationLimit || lowest <= 0.0 {
        return Ok(first);
    }
    let low = below_bins(&first.samples, lowest);
    let offset = low.iter().sum::<f64>() / low.len() as f64;
    let wave: Vec<f64> = low.iter().map(|x| x - offset).collect();
    if power(&wave) <= LOUD * power(&difference(&first.samples, &low)) {
        return Ok(first);
    }
    let more = LeastSquaresOptions { max_iterations: TIMES * options.max_iterations, ..options.clone() };
    let second = solved(plan, data, &more, LEAST_RESPONSE, &mut progress)?;
    let done = first.iterations + second.iterations;
    if second.stop == Stop::Cancelled {
        return Ok(Solution { iterations: done, ..second });
    }
    let low = below_bins(&second.samples, lowest);
    let last = least_squares(plan, data, &LeastSquaresOptions { start: Some(&low), ..options.clone() }, progress)?;
    let iterations = done + last.iterations;
    let is_better = last.residual_db <= first.residual_db || last.stop == Stop::Cancelled;
    Ok(Solution { iterations, ..if is_better { last } else { first } })
}
