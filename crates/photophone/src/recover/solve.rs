//! Which inverse, and with which noise.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use photophone_transform::Cqt;
use photophone_transform::inverse::{
    AdaptiveOptions, Intervals, LeastSquaresOptions, OPERATOR_MISMATCH, Progress, RowNoise, Solution, Stop, adaptive,
    carried, least_squares, least_squares_within, noise_from_misfit,
};

use super::{Data, RecoverOptions};
use crate::Error;
use crate::recipe::{Inverse, Recipe};

/// How many times its expected noise the misfit may be before the noise is believed from it.
const NOISE_SURPRISE: f64 = 1.5;

/// Most iterations of the linear inverse where frames are too far apart and the data exact, unless told otherwise.
/// Who asks for it there, in place of the adaptive one, wants it quick: within ten times the time of librosa's `icqt`
/// on the question's grid. All 300 iterations, at six times the time, win 0.3 to 1 dB more on two clips of the
/// gallery, and 9 dB on one that the grid nearly determines.
pub(super) const QUICK_ITERATIONS: usize = 48;

/// Error of a range's middle, root mean square and as a share of it, up to which the range is taken for
/// its middle: 30 dB below the value, where the solutions of undersampling grids are 20 dB off.
const NARROW: f64 = 0.03;

/// The inverse that was asked for, else the adaptive one where the grid undersamples.
pub(super) fn inverse(recipe: &Recipe, plan: &Cqt) -> Finding<Inverse> {
    let above = carried(plan).bins_above;
    match recipe.inverse {
        Some(inverse) => Finding::given(inverse, ""),
        None if above == 0 => Finding::assumed(Inverse::Linear, 1.0, "the grid carries every bin"),
        None => Finding::assumed(Inverse::Adaptive, 0.9, format!("the frames are too far apart for {above} bins")),
    }
}

/// Share of the power, in dB, that no sound explains, from which the result is not to be trusted: a
/// tenth of what is there is another thing. Clean pictures are at -30 and below, small
/// JPEGs at -15.
const UNTRUSTED_DB: f64 = -10.0;

/// Residual, in dB, above which a result is said to explain next to nothing: less than half of the power.
const HARDLY_DB: f64 = -3.0;

/// What to say when magnitudes and phase are not of one sound.
pub(super) fn warning(plan: &Cqt, data: &Data, solution: &Solution) -> Result<Option<String>, Error> {
    let made = plan.forward(&solution.samples)?;
    let share = unexplained_share(plan, data, &made);
    let misfit_db = 20.0 * share.max(1e-20).log10();
    if misfit_db > HARDLY_DB {
        return Ok(Some(format!(
            "WARNING: the result explains {:.0} % of the data's power: it is little better than silence and not to be \
             trusted. Magnitudes and phase are most likely not of one sound: see whether the phase belongs to this \
             picture, then doubt --sr, --hop, --fmin, --bins-per-octave and --librosa",
            100.0 * (1.0 - share * share).max(0.0)
        )));
    }
    Ok((misfit_db > UNTRUSTED_DB).then(|| {
        format!(
            "WARNING: magnitudes and phase do not fit together ({misfit_db:.1} dB of what is there is of no sound; \
             -20 or less is usual). The result is not to be trusted. Doubt --sr, --hop, --fmin, --bins-per-octave and \
             --librosa first, then what was read of the picture (see --overlay): --crop, --cells, --palette, --levels, \
             --flip; then whether the phase belongs to this picture"
        )
    }))
}

/// Solves for the samples. Also gives the noise of each cell where the misfit told of more than was
/// expected.
pub(super) fn solve(
    plan: &Cqt,
    data: &Data,
    inverse: Inverse,
    options: &RecoverOptions,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Solution, Option<Plane<f64>>), Error> {
    let mismatch = RowNoise::relative(&data.coefficients, OPERATOR_MISMATCH).cells(data.coefficients.columns());
    let mut least = LeastSquaresOptions { trust: data.trust.as_ref(), ..LeastSquaresOptions::default() };
    if options.max_iterations > 0 {
        least.max_iterations = options.max_iterations;
    } else if inverse == Inverse::Linear && data.intervals.is_none() && carried(plan).bins_above > 0 {
        least.max_iterations = QUICK_ITERATIONS;
    }
    let mut job =
        Job { plan, data, noise: larger(&data.noise, &mismatch), intervals: data.intervals.clone(), told: None };
    let linear = job.linear(least, options.centres, progress)?;
    let told = job.told;
    if linear.stop == Stop::Cancelled || inverse == Inverse::Linear {
        return Ok((linear, told));
    }
    let (noise, trust, intervals) = (Some(&job.noise), data.trust.as_ref(), job.intervals.as_ref());
    let options = AdaptiveOptions { noise, trust, intervals, ..AdaptiveOptions::default() };
    let adapted = adaptive(plan, &data.coefficients, &linear, &options, progress)?;
    Ok((if is_plausible(plan, &linear, &adapted) { adapted } else { linear }, told))
}

/// Whether the adaptive inverse has added no more power than the frames leave open: of each bin's they determine at
/// least the least share, and the linear solution has that. On a grid of a few frames a prior can learn nonsense.
fn is_plausible(plan: &Cqt, linear: &Solution, adapted: &Solution) -> bool {
    let energy = |solution: &Solution| solution.samples.iter().map(|sample| sample * sample).sum::<f64>();
    let share = carried(plan).bins.iter().map(|bin| bin.carried).fold(1.0, f64::min);
    adapted.stop == Stop::Cancelled || share * energy(adapted) <= energy(linear)
}

/// The data with what is believed of their errors.
struct Job<'a> {
    plan: &'a Cqt,
    data: &'a Data,
    noise: Plane<f64>,
    intervals: Option<Intervals>,
    /// Noise that the misfit told of, beyond what was expected.
    told: Option<Plane<f64>>,
}

impl Job<'_> {
    /// Solves by least squares, and once more where the data turn out to be worse than their
    /// intervals say: after image processing or JPEG, what no sound explains tells the noise.
    fn linear(
        &mut self,
        mut options: LeastSquaresOptions<'_>,
        centres: bool,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Solution, Error> {
        let (plan, grid) = (self.plan, &self.data.coefficients);
        options.noise = Some(RowNoise::from_cells(&self.noise));
        let first = least_squares(plan, grid, &options, &mut *progress)?;
        if first.stop == Stop::Cancelled {
            return Ok(first);
        }
        let Some(mut intervals) = self.intervals.take() else { return Ok(first) };
        let expected = RowNoise::from_cells(&self.noise).share_of(grid);
        let made = plan.forward(&first.samples)?;
        let surprised = unexplained_share(plan, self.data, &made) >= NOISE_SURPRISE * expected;
        let trust = self.data.trust_in_both();
        if surprised && let Some(told) = noise_from_misfit(plan, grid, &made, trust.as_ref()) {
            self.noise = larger(&self.noise, &told);
            options.noise = Some(RowNoise::from_cells(&self.noise));
            intervals = widened(&intervals, &told);
            self.told = Some(told);
        }
        let options = LeastSquaresOptions { start: Some(&first.samples), ..options };
        self.intervals = if centres { None } else { where_wide(&intervals, grid) };
        let solution = match &self.intervals {
            Some(intervals) => least_squares_within(plan, grid, intervals, &options, progress)?.0,
            None => least_squares(plan, grid, &options, progress)?,
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

/// Root mean square of what a solution, whose coefficients are `made`, leaves unexplained in the rows
/// that the grid determines, as a share of them.
fn unexplained_share(plan: &Cqt, data: &Data, made: &Plane<Complex<f64>>) -> f64 {
    let determined = carried(plan).bins.iter().take_while(|bin| bin.carried >= 1.0).count();
    let (mut misfit, mut total) = (0.0, 0.0);
    for row in 0..determined {
        for (t, (made, wanted)) in made.row(row).iter().zip(data.coefficients.row(row)).enumerate() {
            // An edited cell is of no sound by intent.
            if data.phase_trust.as_ref().is_none_or(|trust| trust[(row, t)] > 0.0) {
                misfit += (made - wanted).norm_sqr();
                total += wanted.norm_sqr();
            }
        }
    }
    if total > 0.0 { (misfit / total).sqrt() } else { 0.0 }
}
