//! Least squares where most of the sound lies below the lowest bin.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::evidence::tells_of_low_sound;
use super::filter::{below_bins, filtered};
use super::least_squares::{LeastSquaresOptions, Progress, Solution, Stop, least_response, least_squares, solved};
use super::vectors::{difference, power};
use crate::TransformError;
use crate::analysis::Analysis;

/// Times the power within the bins from which sound below them has solves of its own. Up to 20 dB, one solve comes
/// within 0.3 dB of what it finds without such sound (`docs/limits.md`).
const LOUD: f64 = 100.0;

/// Times the iterations of one solve that all together take.
pub const MOST_SOLVES: usize = 3 + TIMES;

/// Share (one over this) of the iterations that finds again what sound below the bins answered for within them.
const BACK_SHARE: usize = 3;

/// Iterations of the second solve, as a multiple of the first's: its condition is a hundred times as large.
const TIMES: usize = 3;

/// What is heard below the lowest bin, as a share of what is heard there, down to which the solve for loud sound follows
/// the bank: what the entries that librosa drops leave of the lowest filter.
const LEAST_RESPONSE: f64 = 1e-6;

/// [`least_squares`], and where it finds far more power below the lowest bin than above, two solves more.
///
/// A rumble that is 30 dB louder than the sound in the bins, and heard 60 dB less, has to be known to a thousandth before
/// what it adds to the bins is. The second solve's preconditioner follows the bank down to where it is heard least. That
/// also makes sound cheap that is heard nowhere but ends in a crack; so only what is below the bins is taken from it, and
/// the third solve finds the rest. An offset is no such sound: [`least_squares`] has unknowns for it.
///
/// Where it finds less within the bins than elsewhere, a solve without free sound below them shows whether the data tell
/// of that. What there is otherwise below the bins is left out where the data tell of none.
///
/// Cost: up to six times that of [`least_squares`], [`MOST_SOLVES`].
///
/// # Errors
/// As of [`least_squares`].
pub fn least_squares_and_below(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, TransformError> {
    let first = solved(plan, data, options, least_response(options.max_iterations), &mut progress)?;
    let lowest = plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz;
    if first.stop == Stop::Cancelled || !options.free_ends || lowest <= 0.0 {
        return Ok(first);
    }
    if share_within_bins(plan, &first.samples) < 0.5 {
        // Noise within few bins is explained by loud sound below them as well as by quiet sound where it is.
        let asked = LeastSquaresOptions { free_ends: false, ..options.clone() };
        let bound = least_squares(plan, data, &asked, &mut progress)?;
        let first = Solution { iterations: first.iterations + bound.iterations, ..first };
        let told =
            tells_of_low_sound(plan, (data, options.trust, options.noise.as_ref()), [&bound.samples, &first.samples])?;
        if bound.stop == Stop::Cancelled || !told {
            return Ok(Solution { iterations: first.iterations, ..bound });
        }
        return with_loud_sound_below(plan, data, options, (first, lowest), progress);
    }
    // What is hardly heard and hardly there is left out, and what it answered for within the bins is found again.
    let max_iterations = options.max_iterations / BACK_SHARE;
    let within = difference(&first.samples, &below_bins(&first.samples, lowest));
    let asked = LeastSquaresOptions { free_ends: false, start: Some(&within), max_iterations, ..options.clone() };
    let bound = least_squares(plan, data, &asked, progress)?;
    let stop = if bound.stop == Stop::Cancelled { bound.stop } else { first.stop };
    let first = Solution { iterations: first.iterations + bound.iterations, stop, ..first };
    if stop == Stop::Cancelled
        || tells_of_low_sound(plan, (data, options.trust, options.noise.as_ref()), [&bound.samples, &first.samples])?
    {
        return Ok(first);
    }
    Ok(Solution { iterations: first.iterations, stop: first.stop, ..bound })
}

/// A solution, or where nearly all of it lies below the lowest bin, that of the second and the third solve.
fn with_loud_sound_below(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
    (first, lowest): (Solution, f64),
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, TransformError> {
    let low = below_bins(&first.samples, lowest);
    let offset = low.iter().sum::<f64>() / low.len() as f64;
    let wave: Vec<f64> = low.iter().map(|x| x - offset).collect();
    let is_loud = power(&wave) > LOUD * power(&difference(&first.samples, &low));
    if first.stop != Stop::IterationLimit || !is_loud {
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

/// Share of a signal's power from the lowest bin's centre to the highest's; 1 of silence. Cost: two FFTs.
pub fn share_within_bins(plan: &dyn Analysis, x: &[f64]) -> f64 {
    let (channels, whole) = (plan.channels(), power(x));
    let centres = || channels.rows.iter().map(|row| row.centre_hz / channels.sample_rate_hz);
    let (lowest, highest) = (centres().fold(f64::INFINITY, f64::min), centres().fold(0.0, f64::max));
    let within = filtered(x, |frequency| f64::from(u8::from((lowest..=highest).contains(&frequency))));
    if whole > 0.0 { power(&within) / whole } else { 1.0 }
}
