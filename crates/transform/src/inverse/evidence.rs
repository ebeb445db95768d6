//! Whether data tell of sound below the lowest bin.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::least_squares::{OPERATOR_MISMATCH, Solution};
use super::noise::RowNoise;
use crate::TransformError;
use crate::analysis::Analysis;

/// What a tenth of the power that is left is worth, for each number: neither solve has come to its end, and less than that
/// may be the one being further.
const A_TENTH: f64 = std::f64::consts::LN_10;

/// Coefficients, the trust in each, and how far each row can be off.
type Observed<'a> = (&'a Plane<Complex<f64>>, Option<&'a Plane<f64>>, Option<&'a RowNoise>);

/// Whether data tell of sound below the bins: free unknowns for it explain more of them than they would of noise.
///
/// `bound` and `free` are signals found without and with such unknowns. Schwarz's criterion (1978): so many unknowns more are
/// worth it where the deviance falls by more than their number times the logarithm of the data's. Cost: two forward
/// transforms.
///
/// # Errors
/// A shape that is not the plan's.
pub fn tells_of_low_sound(
    plan: &dyn Analysis,
    observed: Observed<'_>,
    [bound, free]: [&[f64]; 2],
) -> Result<bool, TransformError> {
    let (bound, free) = (Unexplained::by(plan, observed, bound)?, Unexplained::by(plan, observed, free)?);
    let needed = needed(plan, bound.numbers());
    Ok(bound.deviance() - free.deviance() > needed.max(A_TENTH * bound.numbers()))
}

/// The same of data whose noise has one level, as a picture's: row by row, what few quiet rows gain would count for more
/// than what the loud ones say.
pub fn tells_on_the_whole(plan: &dyn Analysis, [bound, free]: [&Solution; 2]) -> bool {
    let (bins, frames) = plan.shape();
    let numbers = (2 * bins * frames) as f64;
    let gain = (bound.residual_db - free.residual_db) / 10.0 * std::f64::consts::LN_10;
    numbers * gain > needed(plan, numbers)
}

/// By how much the deviance of so many numbers has to fall: the unknowns below the lowest bin times their logarithm.
fn needed(plan: &dyn Analysis, numbers: f64) -> f64 {
    let lowest = plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz;
    2.0 * lowest * plan.samples() as f64 * numbers.max(1.0).ln()
}

/// What a solution leaves of each row, as a share of it: numbers known, and share of their energy.
struct Unexplained(Vec<(f64, f64)>);

impl Unexplained {
    /// Rows of which nothing is known or heard are left out. What is left is never less than the row can be off, or the
    /// operator.
    fn by(plan: &dyn Analysis, (data, trust, noise): Observed<'_>, samples: &[f64]) -> Result<Self, TransformError> {
        let made = plan.forward(samples)?;
        let of_row = |row: usize| {
            let (mut numbers, mut left, mut whole) = (0.0, 0.0, 0.0);
            for (t, (made, wanted)) in made.row(row).iter().zip(data.row(row)).enumerate() {
                let trust = trust.map_or(1.0, |trust| trust[(row, t)]);
                numbers += 2.0 * trust;
                left += trust * (made - wanted).norm_sqr();
                whole += trust * wanted.norm_sqr();
            }
            let off = noise.map_or(0.0, |noise| 0.5 * numbers * noise.0[row]).max(OPERATOR_MISMATCH.powi(2) * whole);
            (whole > 0.0).then(|| (numbers, f64::max(left, off) / whole))
        };
        Ok(Self((0..data.rows()).filter_map(of_row).collect()))
    }

    fn numbers(&self) -> f64 {
        self.0.iter().map(|(numbers, _)| numbers).sum()
    }

    /// Minus twice the logarithm of the likelihood, but for a constant, where each row's noise is what is left of it: a loud
    /// row does not hide what is left of the others.
    fn deviance(&self) -> f64 {
        self.0.iter().map(|(numbers, share)| numbers * share.ln()).sum()
    }
}
