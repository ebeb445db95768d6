//! Least squares and the adaptive inverse, with the noise that the data turn out to have.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::clipped::closed_unless_clipped;
use super::fit::unexplained_share;
use super::linear::{either, exact, from_low_rows};
use super::{Cut, Data, Inverse, SolveOptions, Solved};
use crate::budget::{Budget, FOLDED_ITERATIONS};
use crate::inverse::{
    AdaptiveOptions, DeterminedRows, Intervals, LeastSquaresOptions, OPERATOR_MISMATCH, RowNoise, Solution, adaptive,
    least_squares, least_squares_within, noise_from_misfit,
};
use crate::watch::{Stop, Watch};
use crate::{Analysis, TransformError};

/// How many times its expected noise the misfit may be before the noise is believed from it.
const NOISE_SURPRISE: f64 = 1.5;

/// Error of a range's middle, root mean square and as a share of it, up to which the range is taken for
/// its middle: 30 dB below the value, where the solutions of undersampling grids are 20 dB off.
const NARROW: f64 = 0.03;

/// Solves for the samples. Also gives the noise of each cell where the misfit told of more than was expected.
pub(super) fn solve(
    plan: &dyn Analysis,
    data: &Data,
    &SolveOptions { inverse, centres, cut, .. }: &SolveOptions,
    budget: &mut Budget,
    watch: &mut Watch<'_>,
) -> Result<Solved, TransformError> {
    let mismatch = RowNoise::relative(&data.coefficients, OPERATOR_MISMATCH).cells(data.coefficients.columns());
    let least = LeastSquaresOptions { trust: data.trust.as_ref(), ..LeastSquaresOptions::default() };
    let mut believed = Believed {
        plan,
        data,
        noise: larger(&data.noise, &mismatch),
        intervals: data.intervals.clone(),
        told: None,
        free_ends: !cut.is_bound(),
        cut,
    };
    // The linear inverse and the adaptive one after it.
    let share = if inverse == Inverse::Linear { 1 } else { 2 };
    let linear = believed.linear(least, centres, budget.part(share), watch)?;
    budget.spend(linear.iterations);
    let told = believed.told;
    if linear.stop == Stop::Cancelled || inverse == Inverse::Linear {
        return Ok(Solved::new(linear, told));
    }
    let (noise, trust, intervals) = (Some(&believed.noise), data.trust.as_ref(), believed.intervals.as_ref());
    let free_ends = believed.free_ends;
    let options = AdaptiveOptions { noise, trust, intervals, free_ends, ..AdaptiveOptions::default() };
    let Some(options) = options.within(budget.left()) else { return Ok(Solved::new(linear, told)) };
    let adapted = adaptive(plan, &data.coefficients, &linear, &options, watch)?;
    budget.spend(adapted.iterations - linear.iterations);
    Ok(Solved::new(adapted, told))
}

/// The data with what is believed of their errors.
struct Believed<'a> {
    plan: &'a dyn Analysis,
    data: &'a Data,
    noise: Plane<f64>,
    intervals: Option<Intervals>,
    /// Noise that the misfit told of, beyond what was expected.
    told: Option<Plane<f64>>,
    /// Whether sound below the bins is free.
    free_ends: bool,
    /// Where the signal was cut out of a longer one.
    cut: Cut,
}

impl Believed<'_> {
    /// Solves by least squares, and once more where the data turn out to be worse than their
    /// intervals say: after image processing or JPEG, what no sound explains tells the noise.
    fn linear(
        &mut self,
        mut options: LeastSquaresOptions<'_>,
        centres: bool,
        mut budget: Budget,
        watch: &mut Watch<'_>,
    ) -> Result<Solution, TransformError> {
        let (plan, grid) = (self.plan, &self.data.coefficients);
        options.noise = Some(RowNoise::from_cells(&self.noise));
        if self.intervals.is_none() {
            return exact(plan, grid, (&options, self.cut), budget, watch);
        }
        let usual = options.max_iterations;
        options.max_iterations = budget.most(usual, 3);
        let (first, free_ends) = from_low_rows(
            (plan, grid),
            (&options, self.cut),
            budget,
            watch,
            &|(plan, grid), options, budget, watch| either(plan, grid, &options, budget.left(), watch),
        )?;
        if first.stop == Stop::Cancelled {
            return Ok(first);
        }
        options.free_ends = free_ends;
        self.free_ends = options.free_ends;
        let Some(mut intervals) = self.intervals.take() else { return Ok(first) };
        let expected = RowNoise::from_cells(&self.noise).share_of(grid);
        let made = plan.forward(&first.samples)?;
        intervals = closed_unless_clipped(plan, grid, intervals, &made);
        let surprised = unexplained_share(plan, self.data, &made) >= NOISE_SURPRISE * expected;
        let trust = self.data.trust_in_both();
        if surprised && let Some(told) = noise_from_misfit(plan, grid, &made, trust.as_ref()) {
            self.noise = larger(&self.noise, &told);
            options.noise = Some(RowNoise::from_cells(&self.noise));
            intervals = widened(&intervals, &told);
            self.told = Some(told);
        }
        self.intervals = if centres { None } else { where_wide(&intervals, grid) };
        budget.spend(first.iterations);
        // Data that are ranges are solved for, and moved within them, three times.
        let whiten = DeterminedRows::of(plan, grid, &options).is_some();
        let usual = if whiten { FOLDED_ITERATIONS } else { usual };
        let max_iterations = budget.left().min(budget.most(usual, if self.intervals.is_some() { 3 } else { 1 }));
        let options = LeastSquaresOptions { max_iterations, start: Some(&first.samples), whiten, ..options };
        let solution = match &self.intervals {
            Some(intervals) => least_squares_within(plan, grid, intervals, &options, watch)?.0,
            None => least_squares(plan, grid, &options, watch)?,
        };
        Ok(Solution { iterations: first.iterations + solution.iterations, ..solution })
    }
}

fn larger(a: &Plane<f64>, b: &Plane<f64>) -> Plane<f64> {
    Plane::from_fn(a.rows(), a.columns(), |k, t| a[(k, t)].max(b[(k, t)]))
}

/// Ranges that say less than their middle does, all others being their middle; `None` where there are
/// none.
///
/// The freedom of a narrow range is used up by what the prior makes up: at 256 levels of 80 dB it
/// costs up to 0.2 dB, where quiet levels of a linear scale and clipped cells gain 0.5 to 8.
pub(super) fn where_wide(intervals: &Intervals, grid: &Plane<Complex<f64>>) -> Option<Intervals> {
    let is_wide = |k, t| {
        let (value, width) = (grid[(k, t)].norm(), intervals.high[(k, t)] - intervals.low[(k, t)]);
        width * width > 12.0 * (NARROW * value).powi(2)
    };
    let (rows, frames) = grid.shape();
    let bound = |bound: &Plane<f64>| {
        Plane::from_fn(rows, frames, |k, t| if is_wide(k, t) { bound[(k, t)] } else { grid[(k, t)].norm() })
    };
    let any = (0..rows).any(|k| (0..frames).any(|t| is_wide(k, t)));
    any.then(|| Intervals { low: bound(&intervals.low), high: bound(&intervals.high) })
}

/// Ranges that reach further to both sides by the noise's standard deviation, twice.
fn widened(intervals: &Intervals, noise: &Plane<f64>) -> Intervals {
    let reach = noise.map(|variance| 2.0 * variance.sqrt());
    let (rows, frames) = noise.shape();
    Intervals {
        low: Plane::from_fn(rows, frames, |k, t| (intervals.low[(k, t)] - reach[(k, t)]).max(0.0)),
        high: Plane::from_fn(rows, frames, |k, t| intervals.high[(k, t)] + reach[(k, t)]),
    }
}
