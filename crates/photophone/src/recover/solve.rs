//! Which inverse, and with which noise.

use std::ops::ControlFlow;

use photophone_spectrum::Finding;
use photophone_transform::Cqt;
use photophone_transform::inverse::{
    AdaptiveOptions, LeastSquaresOptions, OPERATOR_MISMATCH, Progress, RowNoise, Solution, Stop, adaptive, carried,
    least_squares,
};

use super::Data;
use crate::Error;
use crate::recipe::{Inverse, Recipe};

/// How many times its expected noise the misfit may be before the noise is believed from it.
const NOISE_SURPRISE: f64 = 1.5;

/// The inverse that was asked for, else the linear one.
pub(super) fn inverse(recipe: &Recipe, plan: &Cqt) -> Finding<Inverse> {
    let above = carried(plan).bins_above;
    match recipe.inverse {
        Some(inverse) => Finding::given(inverse, ""),
        None if above == 0 => Finding::assumed(Inverse::Linear, 1.0, "the grid carries every bin"),
        None => Finding::assumed(Inverse::Linear, 0.5, format!("adaptive may find more in {above} undersampled bins")),
    }
}

/// Share of the power, in dB, that no sound explains, from which the result is not to be trusted: a
/// tenth of what is there is another thing. Clean pictures are at -30 and below, small
/// JPEGs at -15.
const UNTRUSTED_DB: f64 = -10.0;

/// What to say when magnitudes and phase are not of one sound.
pub(super) fn warning(plan: &Cqt, data: &Data, solution: &Solution) -> Result<Option<String>, Error> {
    let misfit_db = 20.0 * unexplained_share(plan, data, solution)?.max(1e-20).log10();
    Ok((misfit_db > UNTRUSTED_DB).then(|| {
        format!(
            "WARNING: magnitudes and phase do not fit together ({misfit_db:.1} dB of what is there is of no sound; \
             -20 or less is usual). The result is not to be trusted. Doubt --sr, --hop, --fmin, --bins-per-octave and \
             --librosa first, then what was read of the picture (see --overlay): --crop, --cells, --palette, --levels, \
             --flip; then whether the phase belongs to this picture"
        )
    }))
}

/// Solves for the samples.
pub(super) fn solve(
    plan: &Cqt,
    data: &Data,
    inverse: Inverse,
    max_iterations: usize,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, Error> {
    let noise = data.noise.clone().at_least(&RowNoise::relative(&data.coefficients, OPERATOR_MISMATCH));
    let mut options =
        LeastSquaresOptions { noise: Some(noise.clone()), trust: data.trust.as_ref(), ..Default::default() };
    if max_iterations > 0 {
        options.max_iterations = max_iterations;
    }
    let (linear, noise) = linear(plan, data, noise, options, progress)?;
    if linear.stop == Stop::Cancelled || inverse == Inverse::Linear {
        return Ok(linear);
    }
    let options = AdaptiveOptions { noise: Some(noise), trust: data.trust.as_ref(), ..AdaptiveOptions::default() };
    Ok(adaptive(plan, &data.coefficients, &linear, &options, progress)?)
}

/// Solves by least squares, and once more where the data turn out to be worse than their
/// intervals say: after image processing or JPEG, what no sound explains is the noise. Also tells
/// the noise that it believes in.
fn linear(
    plan: &Cqt,
    data: &Data,
    noise: RowNoise,
    mut options: LeastSquaresOptions<'_>,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Solution, RowNoise), Error> {
    let first = least_squares(plan, &data.coefficients, &options, &mut *progress)?;
    if first.stop == Stop::Cancelled || data.exact {
        return Ok((first, noise));
    }
    let share = unexplained_share(plan, data, &first)?;
    if share < NOISE_SURPRISE * noise.share_of(&data.coefficients) {
        return Ok((first, noise));
    }
    let noise = noise.at_least(&RowNoise::relative(&data.coefficients, share));
    options.noise = Some(noise.clone());
    Ok((least_squares(plan, &data.coefficients, &options, progress)?, noise))
}

/// Root mean square of what a solution leaves unexplained in the rows that the grid determines,
/// as a share of them.
fn unexplained_share(plan: &Cqt, data: &Data, solution: &Solution) -> Result<f64, Error> {
    let made = plan.forward(&solution.samples)?;
    let determined = carried(plan).bins.iter().take_while(|bin| bin.carried >= 1.0).count();
    let (mut misfit, mut total) = (0.0, 0.0);
    for row in 0..determined {
        for (made, wanted) in made.row(row).iter().zip(data.coefficients.row(row)) {
            misfit += (made - wanted).norm_sqr();
            total += wanted.norm_sqr();
        }
    }
    Ok(if total > 0.0 { (misfit / total).sqrt() } else { 0.0 })
}
