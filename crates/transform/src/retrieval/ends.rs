//! What a mirrored end says about the phase.
//!
//! Where a signal goes on as its own mirror image it is even about its end, so a coefficient
//! whose filter is centred there is real: its phase is 0 or pi. Which of the two, no magnitude
//! tells, and nothing depends on it as long as one partial has one sign.

use photophone_spectrum::Plane;

use crate::analysis::Analysis;

/// Share of the slope between the last two frames that a function has at the last one when it is
/// even about a point `beyond` samples behind: a parabola about that point.
pub(super) fn slope_share(beyond: f64, hop: f64) -> f64 {
    let twice = 2.0 * beyond.max(0.0);
    twice / (twice + hop)
}

/// Cells and phases from which integration can start: the peaks over frequency of the first and
/// the last frame. What lies between two peaks is reached from the louder one. `slopes` is the phase's over time, in
/// radians a sample.
pub(super) fn mirrored_ends(plan: &dyn Analysis, logs: &Plane<f64>, slopes: &Plane<f64>) -> Vec<(usize, f64)> {
    let Some(beyond) = plan.mirror() else { return Vec::new() };
    let (rows, frames) = plan.shape();
    let mut starts = Vec::new();
    for t in [0, frames - 1] {
        for k in 0..rows {
            let late = if t > 0 { beyond[k] } else { 0.0 };
            let level = logs[(k, t)];
            let above_lower = k == 0 || logs[(k - 1, t)] < level;
            if above_lower && (k + 1 == rows || logs[(k + 1, t)] <= level) {
                starts.push((k * frames + t, -late * slopes[(k, t)]));
            }
        }
    }
    starts
}
