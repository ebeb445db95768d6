//! Least squares where there is sound below the lowest bin, or most of it.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::evidence::{may_tell_of_low_sound, tells_by_much, tells_of_low_sound};
use super::filter::below_bins;
use super::least_squares::{LeastSquaresOptions, Solution, least_response, least_squares, residual_db, solved};
use crate::TransformError;
use crate::analysis::Analysis;
use crate::vectors::{difference, power, sum};
use crate::watch::{Stop, Watch};

/// Times the power within the bins from which sound below them has solves of its own: 20 dB, about what one solve
/// copes with (`cargo xtask offsets`).
const LOUD: f64 = 100.0;

/// Times the iterations of one solve that the solves for loud sound take.
pub const MOST_SOLVES: usize = TIMES + 1;

/// Iterations of the first of them, as a multiple of the usual: its condition is a hundred times as large.
const TIMES: usize = 3;

/// Power below the bins over that within them from which there is sound below them at all: what a change of the rate leaves of
/// it is then 117 dB below the sound.
pub const BELOW_AT_ALL: f64 = 1e-4;

/// What is heard below the lowest bin, as a share of what is heard there, down to which the solve for loud sound follows
/// the bank: what the entries that librosa drops leave of the lowest filter.
const LEAST_RESPONSE: f64 = 1e-6;

/// Iterations of the solve that begins anew: one over this of the first's.
const ANEW_SHARE: usize = 3;

/// Times the iterations of one solve that [`least_squares_and_below`] takes, rounded up.
pub const AND_BELOW_SOLVES: usize = 2;

/// Share of its power up to which two solves may differ about sound below the bins that they have found: a tenth.
const DIFFERENCE: f64 = 0.1;

/// [`least_squares`](super::least_squares()) where sound below the bins is free, if the data tell of any: fewer numbers than it
/// has unknowns never do.
///
/// The preconditioner follows the bank down as far as so many iterations resolve. That makes sound cheap that is hardly
/// heard, and the first steps, which are far from the solution everywhere, leave much of it. So what is below the bins
/// is taken away and a second solve begins from the rest. What the data tell of comes back at nearly the right height at
/// once, and what the first steps left does not. Where both solves do not agree about it, a last one begins without
/// such sound, which then stays away unless ten times as much of the data is left.
///
/// Cost: up to [`AND_BELOW_SOLVES`] times that of least squares.
///
/// # Errors
/// As of least squares.
pub fn least_squares_and_below(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    if !may_tell_of_low_sound(plan) {
        return least_squares(plan, data, &LeastSquaresOptions { free_ends: false, ..options.clone() }, watch);
    }
    let options = LeastSquaresOptions { free_ends: true, ..options.clone() };
    let response = least_response(options.max_iterations);
    let first = solved(plan, data, &options, response, watch)?;
    let lowest = lowest(plan);
    // What the first steps leave is never that loud, and what is has to be followed further down.
    let is_loud = first.stop == Stop::IterationLimit && is_loud_below(plan, &first.samples);
    if first.stop == Stop::Cancelled || lowest <= 0.0 || is_loud {
        return Ok(first);
    }
    let max_iterations = options.max_iterations.div_ceil(ANEW_SHARE);
    let anew = LeastSquaresOptions { max_iterations, ..options };
    let low = below_bins(&first.samples, lowest);
    let within = difference(&first.samples, &low);
    if first.stop == Stop::Converged {
        return or_bound(plan, data, (&anew, first, &within), tells_of_low_sound, watch);
    }
    let second = solved(plan, data, &LeastSquaresOptions { start: Some(&within), ..anew.clone() }, response, watch)?;
    let iterations = first.iterations + second.iterations;
    let second = Solution { iterations, ..second };
    let again = below_bins(&second.samples, lowest);
    let agree = power(&difference(&low, &again)) <= DIFFERENCE * power(&again);
    if second.stop == Stop::Cancelled || agree {
        return Ok(second);
    }
    let within = difference(&second.samples, &again);
    let left_least = if first.residual_db < second.residual_db { Solution { iterations, ..first } } else { second };
    or_bound(plan, data, (&anew, left_least, &within), tells_by_much, watch)
}

/// A solution, or the one without sound below the bins that begins from what it has within them, if the data do not tell
/// of any.
fn or_bound(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    (options, free, within): (&LeastSquaresOptions<'_>, Solution, &[f64]),
    tells: impl Fn(&dyn Analysis, [&Solution; 2]) -> bool,
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    let options = LeastSquaresOptions { start: Some(within), free_ends: false, ..options.clone() };
    let bound = least_squares(plan, data, &options, watch)?;
    let is_told = bound.stop == Stop::Cancelled || tells(plan, [&bound, &free]);
    let (iterations, stop) = (free.iterations + bound.iterations, bound.stop);
    Ok(Solution { iterations, stop, ..if is_told { free } else { bound } })
}

/// [`least_squares`](super::least_squares()) of what the signal `known` leaves of the data, and that signal with it.
///
/// A few steps leave much below the bins that the data do not tell of. So what they find there is taken away, and a second,
/// shorter solve goes on from the rest: what the data tell of comes back. Where both agree about it to a tenth it counts.
///
/// # Errors
/// As of least squares, and a signal of another length.
pub fn least_squares_beside(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    (known, options): (&[f64], &LeastSquaresOptions<'_>),
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    plan.check_samples("the known signal", known.len())?;
    let first = least_squares(plan, &left_by(plan, known, data)?, options, watch)?;
    let low = below_bins(&first.samples, lowest(plan));
    let within = sum(known, &difference(&first.samples, &low));
    let second = if first.stop == Stop::Cancelled {
        Solution { samples: vec![0.0; within.len()], iterations: 0, ..first }
    } else {
        let options =
            LeastSquaresOptions { max_iterations: options.max_iterations.div_ceil(ANEW_SHARE), ..options.clone() };
        least_squares(plan, &left_by(plan, &within, data)?, &options, watch)?
    };
    let again = below_bins(&second.samples, lowest(plan));
    let agree = power(&difference(&low, &again)) <= DIFFERENCE * power(&again);
    let samples = sum(&within, &if agree { second.samples } else { difference(&second.samples, &again) });
    let residual_db = residual_db(plan, &samples, (data, options.trust))?;
    Ok(Solution { samples, residual_db, iterations: first.iterations + second.iterations, stop: second.stop })
}

/// What a signal leaves of the data.
fn left_by(plan: &dyn Analysis, x: &[f64], data: &Plane<Complex<f64>>) -> Result<Plane<Complex<f64>>, TransformError> {
    let made = plan.forward(x)?;
    Ok(Plane::from_fn(data.rows(), data.columns(), |k, t| data[(k, t)] - made[(k, t)]))
}

/// Whether sound below the bins is too loud for [`least_squares_and_below`]. An offset is no such sound: least squares has
/// unknowns for it.
pub fn is_loud_below(plan: &dyn Analysis, samples: &[f64]) -> bool {
    let low = below_bins(samples, lowest(plan));
    let offset = low.iter().sum::<f64>() / low.len() as f64;
    let wave: Vec<f64> = low.iter().map(|x| x - offset).collect();
    power(&wave) > LOUD * power(&difference(samples, &low))
}

/// The power below the bins over that within them, of the part of a signal that `seen` shows. A change of the rate leaves -77 dB
/// of it at the ends.
pub fn sound_below(plan: &dyn Analysis, samples: &[f64], seen: impl Fn(&[f64]) -> &[f64]) -> f64 {
    let low = below_bins(samples, lowest(plan));
    power(seen(&low)) / power(seen(&difference(samples, &low))).max(f64::MIN_POSITIVE)
}

/// [`least_squares_and_below`] where what is below the bins is far louder than what is within them; `found` is what that
/// gave.
///
/// A rumble that is 30 dB louder than the sound in the bins, and heard 60 dB less, has to be known to a thousandth before
/// what it adds to the bins is. So one solve follows the bank down to where it is heard least. That also makes sound
/// cheap that is heard nowhere but ends in a crack; so only what is below the bins is taken from it, and another solve
/// finds the rest.
///
/// Cost: [`MOST_SOLVES`] times that of least squares.
///
/// # Errors
/// As of least squares.
pub fn least_squares_far_below(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    (options, found): (&LeastSquaresOptions<'_>, Solution),
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    let options = LeastSquaresOptions { free_ends: true, ..options.clone() };
    let more = LeastSquaresOptions { max_iterations: TIMES * options.max_iterations, ..options.clone() };
    let deep = solved(plan, data, &more, LEAST_RESPONSE, watch)?;
    let iterations = found.iterations + deep.iterations;
    if deep.stop == Stop::Cancelled {
        return Ok(Solution { iterations, ..deep });
    }
    let low = below_bins(&deep.samples, lowest(plan));
    let last = least_squares(plan, data, &LeastSquaresOptions { start: Some(&low), ..options }, watch)?;
    let iterations = iterations + last.iterations;
    let is_better = last.residual_db <= found.residual_db || last.stop == Stop::Cancelled;
    Ok(Solution { iterations, ..if is_better { last } else { found } })
}

/// The lowest bin, in cycles a sample.
fn lowest(plan: &dyn Analysis) -> f64 {
    plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz
}
