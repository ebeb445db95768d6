//! Whether data tell of sound below the lowest bin.

use std::f64::consts::LN_10;

use super::least_squares::{OPERATOR_MISMATCH, Solution};
use crate::analysis::Analysis;

/// Whether data whose noise has one level, as a picture's, tell of sound below the bins: free unknowns for it explain more of
/// them than they would of noise.
///
/// `bound` and `free` are solutions without and with such unknowns. Schwarz's criterion (1978): so many unknowns more are
/// worth it where the deviance falls by more than their number times the logarithm of the data's. What is left of the data is
/// never less than the operator can be off.
pub fn tells_of_low_sound(plan: &dyn Analysis, [bound, free]: [&Solution; 2]) -> bool {
    let (bins, frames) = plan.shape();
    let numbers = (2 * bins * frames) as f64;
    let left = |solution: &Solution| solution.residual_db.max(20.0 * OPERATOR_MISMATCH.log10());
    let gain = (left(bound) - left(free)) / 10.0 * LN_10;
    numbers * gain > needed(plan, numbers)
}

/// By how much the deviance of so many numbers has to fall: the unknowns below the lowest bin times their logarithm.
fn needed(plan: &dyn Analysis, numbers: f64) -> f64 {
    let lowest = plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz;
    2.0 * lowest * plan.samples() as f64 * numbers.max(1.0).ln()
}
