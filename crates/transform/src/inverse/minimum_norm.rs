//! The signal of least energy among those with given coefficients.
//!
//! Conjugate gradients that start at silence and are preconditioned by `M` end, where the
//! coefficients leave a choice, at the solution of least `x^T M x`. With the bank's response for
//! `M` that is one with energy where the bank hears little. Here `M` is the identity, so
//! the solution is the orthogonal projection of the true signal onto the span of the filters' frames: no other
//! sum of them, so none that weighs the coefficients one by one as `librosa.icqt` does, lies
//! closer to the truth, and the error falls with every step (Hestenes and Stiefel 1952, theorem 6:3).
//!
//! What the preconditioner no longer does is left to weights of the rows, which change nothing
//! for data that are exact.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::carried::carried;
use super::noise::row_power;
use super::prior::Diagonals;
use crate::Cqt;

/// The gradient to stop at, over the share (in amplitude) of the signal that the grid leaves undetermined. The gain
/// that is left lies in directions that the grid sees weakly: those that it sees 40 dB below
/// the strongest are then solved to a fifth of what is undetermined, 0.2 dB of the whole.
const GRADIENT_OVER_UNDETERMINED: f64 = 0.002;

/// Weight of each row: the inverse of its peak response, 1 for the most responsive row.
///
/// The inverse of its square would make all octaves come equally fast. This lets the low ones,
/// which the grid determines best and where most sounds have most energy, lead.
pub(super) fn row_weights(plan: &Cqt) -> Vec<f64> {
    let peaks = plan.peak_responses();
    let top = peaks.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    // A row that responds to nothing, as one that sparsifying has emptied, weighs nothing.
    peaks.iter().map(|peak| if *peak > 0.0 { top / peak } else { 0.0 }).collect()
}

/// The identity's diagonals at the scale of `A^T W A`, and a ridge by the noise's share.
pub(super) fn diagonals(plan: &Cqt, weights: &[f64], noise_share: f64, frequencies: usize) -> Diagonals {
    let peaks = plan.peak_responses();
    let strongest = peaks.iter().zip(weights).map(|(peak, weight)| weight * peak * peak).fold(0.0, f64::max);
    let level = (0.5 * strongest / plan.params().hop as f64).max(f64::MIN_POSITIVE);
    Diagonals { response: vec![level; frequencies], ridge: vec![level * noise_share * noise_share; frequencies] }
}

/// The tolerance below which steps gain little beside what the grid leaves undetermined.
pub(super) fn least_tolerance(plan: &Cqt, data: &Plane<Complex<f64>>) -> f64 {
    let (mut undetermined, mut total) = (0.0, 0.0);
    let rows = plan.peak_responses().into_iter().zip(plan.filter_lengths()).zip(row_power(data));
    for (bin, ((peak, length), power)) in carried(plan).bins.iter().zip(rows) {
        // Power spectrum at the row (as in `prior`, up to a constant) times the band it stands for.
        let band = if peak > 0.0 { power * length / (peak * peak) * bin.spacing_hz } else { 0.0 };
        undetermined += band * (1.0 - bin.carried);
        total += band;
    }
    if total > 0.0 { GRADIENT_OVER_UNDETERMINED * f64::sqrt(undetermined / total) } else { 0.0 }
}
