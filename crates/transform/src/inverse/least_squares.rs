//! Regularised least squares: the signal that the data and a mean spectrum make most likely.

use std::ops::Range;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::filter::below_bins;
use super::noise::{OPERATOR_MISMATCH, RowNoise};
use super::normal::{NormalEquations, Steps};
use super::outside::Outside;
use super::prior::row_weights;
use crate::TransformError;
use crate::analysis::{Analysis, Cells};
use crate::cg::conjugate_gradients;
use crate::error::{TRUST, check_range};
use crate::vectors::{add_scaled, difference};
use crate::watch::{Progress, Step, Stop, Watch};

/// The gradient (preconditioned, relative to the first) at which the solver stops, over the
/// noise's share: what is still to be gained then lies 34 dB below the noise.
const GRADIENT_OVER_NOISE: f64 = 0.02;

/// Share (one over this) of the iterations that is kept for the full rate.
const FULL_RATE_SHARE: usize = 8;

/// The same of the few that whitened data take: what the last samples have beyond the lower rate takes four of twelve.
const FULL_RATE_SHARE_OF_FEW: usize = 3;

/// The share that the preconditioner follows where nothing is known of sound below the bins.
const USUAL_RESPONSE: f64 = 1e-2;

/// The accuracy that iterations are to reach for what is below the bins: -60 dB, 10 to 40 dB below the error that most grids
/// leave within them.
const ACCURACY: f64 = 1e-3;

/// The least share that the preconditioner follows: further down, what is heard at the ends alone ends in a crack.
const LEAST_RESPONSE: f64 = 1e-4;

/// How [`least_squares`] works.
#[derive(Clone, Debug)]
pub struct LeastSquaresOptions<'a> {
    /// Most iterations. Default: 300; the low octaves at a reflected edge need that many.
    pub max_iterations: usize,
    /// How far each row can be off. Default: [`OPERATOR_MISMATCH`] of each row.
    pub noise: Option<RowNoise>,
    /// Trust in each cell, 0 (missing) to 1. Default: 1 everywhere.
    pub trust: Option<&'a Plane<f64>>,
    /// Where to start. Default: silence.
    pub start: Option<&'a [f64]>,
    /// Whether an offset and slow sound at the ends are unknowns without a prior. Default: true; false where the ends
    /// are what is asked about.
    pub free_ends: bool,
    /// Whether what is left of the data is measured under their inverse covariance where frames fold frequencies onto each
    /// other, which takes a tenth of the iterations there. Default: false, so that the misfits of plans compare.
    pub whiten: bool,
}

impl Default for LeastSquaresOptions<'_> {
    fn default() -> Self {
        Self { max_iterations: 300, noise: None, trust: None, start: None, free_ends: true, whiten: false }
    }
}

/// The result of a solve.
#[derive(Clone, Debug)]
pub struct Solution {
    /// The signal, of the plan's length.
    pub samples: Vec<f64>,
    /// Iterations done.
    pub iterations: usize,
    /// `|Ax - c| / |c|` over the trusted cells, in dB.
    pub residual_db: f64,
    /// Why it ended.
    pub stop: Stop,
}

/// The signal `x` that minimises `sum w t |Ax - c|^2 + x^T R x`, with the trust `t` of each cell, the
/// weight `w` of its row (1; where the data are few, one over the bank's response there) and the ridge
/// `R` diagonal in frequency (noise variance over twice the mean spectrum of the data's own rows), where `x` is but
/// for what lies below the lowest bin and is heard only at the ends: that has no ridge. The result never leaves more of
/// the data than silence does. With [`LeastSquaresOptions::whiten`] the misfit is measured under the data's inverse
/// covariance.
///
/// Conjugate gradients on the normal equations (Hestenes and Stiefel 1952), preconditioned by
/// the envelope of their diagonal in frequency. Deterministic. Cost: a forward and an adjoint transform and
/// four FFTs of the signal's length an iteration; 20 to 300 iterations, nearly all of them at the
/// rate after early downsampling where librosa does that.
///
/// # Errors
/// A shape that is not the plan's, or a value that is not a number.
pub fn least_squares(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    solved(plan, data, options, USUAL_RESPONSE, watch)
}

/// [`least_squares`] with a preconditioner that follows the bank below its lowest bin down to a share of what is heard
/// there.
pub(super) fn solved(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
    least_response: f64,
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    check(plan, data, options)?;
    let noise = options.noise.clone().unwrap_or_else(|| RowNoise::relative(data, OPERATOR_MISMATCH));
    let weights = row_weights(plan, data);
    let gain = Plane::from_fn(data.rows(), data.columns(), |k, t| {
        (weights[k] * options.trust.map_or(1.0, |trust| trust[(k, t)])).sqrt()
    });
    // An analysis that hears down to 0 Hz leaves nothing below.
    let lowest = plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz;
    let below = (options.free_ends && lowest > 0.0).then_some(least_response);
    let outside = Outside::new(plan, gain, below.is_some())?;
    let exact = if options.start.is_none() && options.trust.is_none() { by_dual(plan, data)? } else { None };
    let Some(start) = options.start.or(exact.as_deref()) else {
        let problem = Problem { data, noise, weights, outside, below, whiten: options.whiten };
        let rough = within_bins(plan, &problem, (None, options.max_iterations), watch)?;
        return problem.completed(plan, rough, (data, options.trust));
    };
    // What the start has below the bins is kept: decimators would cut it off at the ends.
    let low = if below.is_some() { below_bins(start, lowest) } else { vec![0.0; start.len()] };
    let rest = difference(start, &low);
    let made = plan.forward(&low)?;
    let left = Plane::from_fn(data.rows(), data.columns(), |k, t| data[(k, t)] - made[(k, t)]);
    let problem = Problem { data: &left, noise, weights, outside, below, whiten: options.whiten };
    let mut rough = within_bins(plan, &problem, (Some(&rest), options.max_iterations), watch)?;
    add_scaled(&mut rough.samples, 1.0, &low);
    problem.completed(plan, rough, (data, options.trust))
}

/// What is heard below the lowest bin, as a share of what is heard there, down to which the preconditioner follows the
/// bank in so many iterations.
///
/// Conjugate gradients bring the error to `e` in `n = sqrt(k) / 2 ln(2 / e)` steps where the condition is `k` (Hestenes and
/// Stiefel 1952; Saad 2003, eq. 6.128). What is heard at the ends, where a mirror makes a kink of a slow wave, is as loud
/// as within the bins, so the condition is one over that share.
pub(super) fn least_response(iterations: usize) -> f64 {
    let condition = (2.0 * iterations as f64 / (2.0 / ACCURACY).ln()).powi(2);
    condition.recip().clamp(LEAST_RESPONSE, 1.0)
}

/// What the exact left inverse gives, where there is one.
fn by_dual(plan: &dyn Analysis, data: &Cells) -> Result<Option<Vec<f64>>, TransformError> {
    let Some(mut dual) = plan.dual() else { return Ok(None) };
    let mut samples = vec![0.0; plan.samples()];
    dual.synthesise(data, &mut samples)?;
    Ok(Some(samples))
}

/// The signal but for what [`Outside`] adds.
fn within_bins(
    plan: &dyn Analysis,
    problem: &Problem<'_>,
    (start, max_iterations): (Option<&[f64]>, usize),
    watch: &mut Watch<'_>,
) -> Result<Rough, TransformError> {
    let Some(lower) = plan.slower() else {
        return within_budget(plan, problem, start, 0..max_iterations, watch);
    };
    // Nearly all of the work is done at the lower rate, where it costs half or less.
    let start = start.map(|start| lower.restrict(start));
    let most = max_iterations - max_iterations / if problem.whiten { FULL_RATE_SHARE_OF_FEW } else { FULL_RATE_SHARE };
    let rough = within_budget(lower.analysis(), problem, start.as_deref(), 0..most, watch)?;
    let start = lower.prolong(&rough.samples);
    if rough.stop == Stop::Cancelled {
        return Ok(Rough { samples: start, ..rough });
    }
    within_budget(plan, problem, Some(&start), rough.iterations..max_iterations, watch)
}

/// A solution whose misfit is not known yet.
struct Rough {
    samples: Vec<f64>,
    iterations: usize,
    stop: Stop,
}

/// What is to be solved.
struct Problem<'a> {
    data: &'a Plane<Complex<f64>>,
    noise: RowNoise,
    /// Weight of each row.
    weights: Vec<f64>,
    outside: Outside,
    /// Where sound below the bins is free: the least share of the lowest bin's response that it is taken to be heard with.
    below: Option<f64>,
    whiten: bool,
}

impl Problem<'_> {
    /// The whole signal, never further from the data than silence: of its multiples the nearest, should it be.
    fn completed(
        &self,
        plan: &dyn Analysis,
        rough: Rough,
        (data, trust): (&Plane<Complex<f64>>, Option<&Plane<f64>>),
    ) -> Result<Solution, TransformError> {
        let Rough { mut samples, iterations, stop } = rough;
        let made = plan.forward(&samples)?;
        let (rows, frames) = made.shape();
        let left = Plane::from_fn(rows, frames, |k, t| data[(k, t)] - made[(k, t)]);
        self.outside.explain(left, &self.noise, &mut samples);
        let made = plan.forward(&samples)?;
        let mut fit = Fit::of(&made, data, trust);
        if fit.misfit.is_nan() || fit.misfit > fit.data {
            let gain = fit.best_gain();
            for sample in &mut samples {
                *sample *= gain;
            }
            fit = fit.scaled(gain);
        }
        Ok(Solution { samples, iterations, residual_db: fit.residual_db(), stop })
    }
}

/// What a signal leaves of the trusted cells, as [`Solution::residual_db`] says it.
pub(super) fn residual_db(
    plan: &dyn Analysis,
    samples: &[f64],
    (data, trust): (&Cells, Option<&Plane<f64>>),
) -> Result<f64, TransformError> {
    Ok(Fit::of(&plan.forward(samples)?, data, trust).residual_db())
}

/// Energies, over the trusted cells, of data and of what a signal makes.
#[derive(Clone, Copy, Debug, Default)]
struct Fit {
    made: f64,
    data: f64,
    /// Their inner product.
    both: f64,
    misfit: f64,
}

impl Fit {
    fn of(made: &Plane<Complex<f64>>, data: &Plane<Complex<f64>>, trust: Option<&Plane<f64>>) -> Self {
        let mut fit = Self::default();
        for (i, (made, data)) in made.as_slice().iter().zip(data.as_slice()).enumerate() {
            let trust = trust.map_or(1.0, |trust| trust.as_slice()[i]);
            fit.made += trust * made.norm_sqr();
            fit.data += trust * data.norm_sqr();
            fit.both += trust * (made.re * data.re + made.im * data.im);
            fit.misfit += trust * (made - data).norm_sqr();
        }
        fit
    }

    /// The factor of the signal that leaves least of the data; 0 for a signal that is not finite.
    fn best_gain(&self) -> f64 {
        let gain = self.both / self.made;
        if gain.is_finite() { gain } else { 0.0 }
    }

    fn scaled(&self, gain: f64) -> Self {
        let misfit = if gain == 0.0 { self.data } else { (self.data - gain * self.both).max(0.0) };
        Self { misfit, ..*self }
    }

    fn residual_db(&self) -> f64 {
        if self.data > 0.0 { 10.0 * (self.misfit / self.data).max(1e-40).log10() } else { 0.0 }
    }
}

/// One solve. `budget` counts from the iterations that have been done before.
fn within_budget(
    plan: &dyn Analysis,
    problem: &Problem<'_>,
    start: Option<&[f64]>,
    budget: Range<usize>,
    watch: &mut Watch<'_>,
) -> Result<Rough, TransformError> {
    let Problem { data, noise, weights, outside, below, whiten } = problem;
    let tolerance = GRADIENT_OVER_NOISE * noise.share_of(data);
    let normal = NormalEquations::new(plan, data, noise, (weights, outside, *below), *whiten);
    let (mut system, first) = Steps::at(normal, data, start)?;
    // Whether the last iteration converged is asked too, so the budget is counted here.
    let (taken, stop) = conjugate_gradients(&mut system, usize::MAX, |taken, energy| {
        let iterations = budget.start + taken;
        let gradient = if first > 0.0 { (energy / first).sqrt() } else { 0.0 };
        if gradient <= tolerance {
            return Some(Stop::Converged);
        }
        if iterations >= budget.end {
            return Some(Stop::IterationLimit);
        }
        let now = Progress::of(Step::LeastSquares, iterations, budget.end, gradient);
        // Conjugate gradients fall by about the same factor in each iteration.
        let done = now.done.max(gradient.ln() / tolerance.ln());
        watch.tell(Progress { done, ..now }).is_break().then_some(Stop::Cancelled)
    })?;
    Ok(Rough { samples: system.x, iterations: budget.start + taken, stop })
}

pub(super) fn check(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
) -> Result<(), TransformError> {
    plan.check_shape("the data", data.shape())?;
    if let Some(index) = data.as_slice().iter().position(|value| !value.is_finite()) {
        return Err(TransformError::NotFinite { what: "the data", index });
    }
    if let Some(trust) = options.trust {
        plan.check_shape("the trust", trust.shape())?;
        check_range("the trust (`mask`)", trust.as_slice(), TRUST)?;
    }
    if let Some(noise) = &options.noise
        && noise.0.len() != data.rows()
    {
        let (found, expected) = ((noise.0.len(), 1), (data.rows(), 1));
        return Err(TransformError::Shape { what: "the noise", found, expected });
    }
    options.start.map_or(Ok(()), |start| plan.check_samples("the start", start.len()))
}
