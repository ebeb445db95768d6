//! Whether data tell of sound below the lowest bin.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::least_squares::{OPERATOR_MISMATCH, Solution};
use crate::TransformError;
use crate::analysis::Analysis;

/// Coefficients, and the trust in each.
type Observed<'a> = (&'a Plane<Complex<f64>>, Option<&'a Plane<f64>>);

/// Whether data tell of sound below the bins: free unknowns for it explain more of them than they would of noise.
///
/// `bound` and `free` are solutions without and with such unknowns. Schwarz's criterion (1978): so many unknowns more are
/// worth it where the deviance falls by more than their number times the logarithm of the data's. Cost: two forward
/// transforms.
///
/// # Errors
/// A shape that is not the plan's.
pub fn tells_of_low_sound(
    plan: &dyn Analysis,
    observed: Observed<'_>,
    [bound, free]: [&Solution; 2],
) -> Result<bool, TransformError> {
    let (bound, free) = (Unexplained::by(plan, observed, bound)?, Unexplained::by(plan, observed, free)?);
    let lowest = plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz;
    let unknowns = 2.0 * lowest * plan.samples() as f64;
    Ok(bound.deviance() - free.deviance() > unknowns * bound.numbers().max(1.0).ln())
}

/// What a solution leaves of each row, as a share of it: numbers known, and share of their energy.
struct Unexplained(Vec<(f64, f64)>);

impl Unexplained {
    /// Rows of which nothing is known or heard are left out. What is left is never less than the operator may be off.
    fn by(plan: &dyn Analysis, (data, trust): Observed<'_>, solution: &Solution) -> Result<Self, TransformError> {
        let made = plan.forward(&solution.samples)?;
        let of_row = |row: usize| {
            let (mut numbers, mut left, mut whole) = (0.0, 0.0, 0.0);
            for (t, (made, wanted)) in made.row(row).iter().zip(data.row(row)).enumerate() {
                let trust = trust.map_or(1.0, |trust| trust[(row, t)]);
                numbers += 2.0 * trust;
                left += trust * (made - wanted).norm_sqr();
                whole += trust * wanted.norm_sqr();
            }
            (whole > 0.0).then(|| (numbers, (left / whole).max(OPERATOR_MISMATCH.powi(2))))
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
