//! Whether data tell of sound below the lowest bin.

use std::f64::consts::LN_10;

use super::least_squares::Solution;
use super::noise::OPERATOR_MISMATCH;
use crate::analysis::Analysis;

/// Whether data whose noise has one level, as a picture's, tell of sound below the bins: free unknowns for it explain more of
/// them than they would of noise.
///
/// `bound` and `free` are solutions without and with such unknowns. Schwarz's criterion (1978): so many unknowns more are
/// worth it where the deviance falls by more than their number times the logarithm of the data's. What is left of the data is
/// never less than the operator can be off.
pub fn tells_of_low_sound(plan: &dyn Analysis, [bound, free]: [&Solution; 2]) -> bool {
    let numbers = numbers(plan);
    numbers * gain([bound, free]) > unknowns(plan) * numbers.max(1.0).ln()
}

/// Whether there are more numbers in the data than unknowns below the lowest bin: fewer would be explained away.
pub(super) fn may_tell_of_low_sound(plan: &dyn Analysis) -> bool {
    numbers(plan) > unknowns(plan)
}

/// Numbers in the data.
fn numbers(plan: &dyn Analysis) -> f64 {
    let (bins, frames) = plan.shape();
    (2 * bins * frames) as f64
}

/// Unknowns of sound below the lowest bin.
fn unknowns(plan: &dyn Analysis) -> f64 {
    2.0 * plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz * plan.samples() as f64
}

/// The same of solutions that have not converged, one of which may just be further: what is left has to fall to a tenth too.
pub(super) fn tells_by_much(plan: &dyn Analysis, solutions: [&Solution; 2]) -> bool {
    gain(solutions) > LN_10 && tells_of_low_sound(plan, solutions)
}

/// By how much the deviance falls for each number.
fn gain([bound, free]: [&Solution; 2]) -> f64 {
    let left = |solution: &Solution| solution.residual_db.max(20.0 * OPERATOR_MISMATCH.log10());
    (left(bound) - left(free)) / 10.0 * LN_10
}
