//! Which inverse, and with which noise.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use photophone_transform::inverse::{
    AND_BELOW_SOLVES, AdaptiveOptions, Intervals, LeastSquaresOptions, MOST_SOLVES, OPERATOR_MISMATCH, Progress,
    RowNoise, Solution, Stop, adaptive, carried, is_loud_below, least_squares, least_squares_and_below,
    least_squares_far_below, least_squares_within, noise_from_misfit, tells_of_low_sound,
};
use photophone_transform::{Analysis, Spacing};

use super::budget::Budget;
use super::{Data, RecoverOptions};
use crate::Error;
use crate::recipe::{Inverse, Recipe};

/// How many times its expected noise the misfit may be before the noise is believed from it.
const NOISE_SURPRISE: f64 = 1.5;

/// Most iterations of the linear inverse where frames are too far apart and the data exact, unless told otherwise.
/// Who asks for it there, in place of the adaptive one, wants it quick: within ten times the time of librosa's `icqt`
/// on the example grid. All 300 iterations, at six times the time, win 0.3 to 1 dB more on two clips of the
/// gallery, and 9 dB on one that the grid nearly determines.
pub(super) const QUICK_ITERATIONS: usize = 48;

/// Error of a range's middle, root mean square and as a share of it, up to which the range is taken for
/// its middle: 30 dB below the value, where the solutions of undersampling grids are 20 dB off.
const NARROW: f64 = 0.03;

/// The inverse that was asked for, else the adaptive one where the grid undersamples.
pub(super) fn inverse(recipe: &Recipe, plan: &dyn Analysis) -> Finding<Inverse> {
    let above = carried(plan).bins_above;
    match recipe.inverse.method {
        Some(inverse) => Finding::given(inverse, ""),
        None if above == 0 => Finding::assumed(Inverse::Linear, 1.0, "the grid carries every bin"),
        None => Finding::assumed(Inverse::Adaptive, 0.9, format!("the frames are too far apart for {above} bins")),
    }
}

/// Share of the power that no sound explains, from which the result is not to be trusted: a tenth of what is there is
/// another thing. Clean pictures are at 0.1 % and below, small JPEGs at 3 %.
pub(super) const UNTRUSTED_SHARE: f64 = 0.1;

/// The same from which a result is said to explain next to nothing.
const HARDLY_SHARE: f64 = 0.5;

/// What is known of edits to a picture since its phase was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edits {
    /// Which cells were edited is told, and these count for nothing here.
    Told,
    /// The picture was drawn here, so that its recipe is right and only an edit can be wrong.
    Untold,
    /// Nothing is known of how the picture was made but what was given.
    Unknown,
    /// The same of an array of magnitudes with its phase, whose rows and columns may have been exchanged to fit.
    OfMagnitudes { phase_was_turned: bool },
    /// The same of an array of complex coefficients.
    OfCoefficients,
}

/// Share of the power that no sound explains, where it is so large that the result is not to be trusted.
pub(super) fn untrusted_share(plan: &dyn Analysis, data: &Data, samples: &[f64]) -> Result<Option<f64>, Error> {
    let share = unexplained_share(plan, data, &plan.forward(samples)?).powi(2);
    Ok(Some(share).filter(|&share| share > UNTRUSTED_SHARE))
}

/// What to say when magnitudes and phase are not of one sound. `samples` is the sound that the cells with phase give.
pub(super) fn warning(
    plan: &dyn Analysis,
    data: &Data,
    samples: &[f64],
    edits: Edits,
) -> Result<Option<String>, Error> {
    let Some(share) = untrusted_share(plan, data, samples)? else { return Ok(None) };
    let percent = 100.0 * share;
    let misfit = match edits {
        Edits::OfCoefficients => "the coefficients do not fit together",
        _ => "magnitudes and phase do not fit together",
    };
    let (settings, wrong_phase) = (settings_to_doubt(plan), doubted_phase(edits));
    if share > HARDLY_SHARE && !matches!(edits, Edits::Told | Edits::Untold) {
        return Ok(Some(format!(
            "WARNING: {misfit}: the result explains {:.0} % of the data's power, which is little better than silence. It is \
             not to be trusted. {wrong_phase}doubt {settings}",
            (100.0 - percent).max(0.0)
        )));
    }
    let what =
        format!("WARNING: {misfit}: {percent:.0} % of the power cannot come from any sound, 1 % or less is usual");
    let cure = match edits {
        Edits::Untold => {
            "If the picture was edited after its phase was kept, give the picture before (`original`) or a mask of what \
             was edited (`mask`): the sound is better then. If it was not, doubt whether the phase belongs to it"
        }
        Edits::Told => &format!(
            "The result is not to be trusted. Doubt whether `original` or `mask` tells all that was edited, then {settings}"
        ),
        Edits::Unknown => &format!(
            "The result is not to be trusted. Doubt {settings} first, then what was read of the picture (see `overlay`): \
             `crop`, `cells`, `palette`, `levels`, `flip`; then whether the phase belongs to this picture. If it was \
             edited after its phase was kept, give `original` or `mask`"
        ),
        Edits::OfMagnitudes { .. } | Edits::OfCoefficients => {
            &format!("Unless they were edited, the result is not to be trusted: {wrong_phase}doubt {settings}")
        }
    };
    Ok(Some(format!("{what}. {cure}")))
}

/// What shapes the transform most, in the order in which it is most often wrong.
fn settings_to_doubt(plan: &dyn Analysis) -> &'static str {
    match plan.channels().spacing {
        Spacing::Logarithmic => "`sr`, `hop`, `fmin`, `bins-per-octave` and `librosa`",
        Spacing::Linear => STFT_SETTINGS,
    }
}

/// The same of a short-time Fourier transform.
pub(super) const STFT_SETTINGS: &str = "`hop`, `window`, `win-length` and `center`";

/// How to see whether the phase is the right one, before the settings are doubted.
fn doubted_phase(edits: Edits) -> &'static str {
    match edits {
        Edits::OfCoefficients => "",
        Edits::OfMagnitudes { phase_was_turned: true } => {
            "rows and columns of the phase were exchanged to fit the array: if it is the array that has a row for each frame, \
             give `transposed`; see whether the phase belongs to it, then "
        }
        Edits::OfMagnitudes { .. } => "see whether the phase belongs to this array, then ",
        _ => "See whether the phase belongs to this picture, then ",
    }
}

/// Solves for the samples. Also gives the noise of each cell where the misfit told of more than was
/// expected.
pub(super) fn solve(
    plan: &dyn Analysis,
    data: &Data,
    inverse: Inverse,
    options: &RecoverOptions,
    budget: &mut Budget,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Solution, Option<Plane<f64>>), Error> {
    let mismatch = RowNoise::relative(&data.coefficients, OPERATOR_MISMATCH).cells(data.coefficients.columns());
    let mut least = LeastSquaresOptions { trust: data.trust.as_ref(), ..LeastSquaresOptions::default() };
    if inverse == Inverse::Linear && data.intervals.is_none() && carried(plan).bins_above > 0 {
        least.max_iterations = QUICK_ITERATIONS;
    }
    let mut job = Job {
        plan,
        data,
        noise: larger(&data.noise, &mismatch),
        intervals: data.intervals.clone(),
        told: None,
        free_ends: true,
    };
    // The linear inverse and the adaptive one after it.
    let share = if inverse == Inverse::Linear { 1 } else { 2 };
    let linear = job.linear(least, options.centres, budget.part(share), progress)?;
    budget.spend(linear.iterations);
    let told = job.told;
    if linear.stop == Stop::Cancelled || inverse == Inverse::Linear {
        return Ok((linear, told));
    }
    let (noise, trust, intervals) = (Some(&job.noise), data.trust.as_ref(), job.intervals.as_ref());
    let free_ends = job.free_ends;
    let options = AdaptiveOptions { noise, trust, intervals, free_ends, ..AdaptiveOptions::default() };
    let Some(options) = options.within(budget.left()) else { return Ok((linear, told)) };
    let adapted = adaptive(plan, &data.coefficients, &linear, &options, progress)?;
    budget.spend(adapted.iterations - linear.iterations);
    Ok((adapted, told))
}

/// The data with what is believed of their errors.
struct Job<'a> {
    plan: &'a dyn Analysis,
    data: &'a Data,
    noise: Plane<f64>,
    intervals: Option<Intervals>,
    /// Noise that the misfit told of, beyond what was expected.
    told: Option<Plane<f64>>,
    /// Whether sound below the bins is free.
    free_ends: bool,
}

impl Job<'_> {
    /// Solves by least squares, and once more where the data turn out to be worse than their
    /// intervals say: after image processing or JPEG, what no sound explains tells the noise.
    fn linear(
        &mut self,
        mut options: LeastSquaresOptions<'_>,
        centres: bool,
        mut budget: Budget,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Solution, Error> {
        let (plan, grid) = (self.plan, &self.data.coefficients);
        options.noise = Some(RowNoise::from_cells(&self.noise));
        if self.intervals.is_none() {
            return exact(plan, grid, options, budget, progress);
        }
        let usual = options.max_iterations;
        options.max_iterations = budget.most(usual, 3);
        let (first, free_ends) = either(plan, grid, &options, budget.left(), &mut *progress)?;
        if first.stop == Stop::Cancelled {
            return Ok(first);
        }
        options.free_ends = free_ends;
        self.free_ends = options.free_ends;
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
        self.intervals = if centres { None } else { where_wide(&intervals, grid) };
        budget.spend(first.iterations);
        // Data that are ranges are solved for, and moved within them, three times.
        let max_iterations = budget.left().min(budget.most(usual, if self.intervals.is_some() { 3 } else { 1 }));
        let options = LeastSquaresOptions { max_iterations, start: Some(&first.samples), ..options };
        let solution = match &self.intervals {
            Some(intervals) => least_squares_within(plan, grid, intervals, &options, progress)?.0,
            None => least_squares(plan, grid, &options, progress)?,
        };
        Ok(Solution { iterations: first.iterations + solution.iterations, ..solution })
    }
}

/// The linear inverse of exact data, with sound below the bins as loud as it may be. Where few iterations are wanted, those
/// data alone that tell of such sound have all of them.
fn exact(
    plan: &dyn Analysis,
    grid: &Plane<Complex<f64>>,
    options: LeastSquaresOptions<'_>,
    mut budget: Budget,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, Error> {
    let usual = LeastSquaresOptions::default().max_iterations;
    let most = budget.most(options.max_iterations, AND_BELOW_SOLVES);
    let mut done = 0;
    if most < usual {
        let quick = LeastSquaresOptions { max_iterations: most, ..options.clone() };
        let (found, is_told) = either(plan, grid, &quick, budget.left(), &mut *progress)?;
        done = found.iterations;
        budget.spend(done);
        if !is_told || found.stop == Stop::Cancelled || !budget.affords(AND_BELOW_SOLVES * usual) {
            return Ok(found);
        }
    }
    let options = LeastSquaresOptions { max_iterations: most.max(usual), ..options };
    let found = least_squares_and_below(plan, grid, &options, &mut *progress)?;
    budget.spend(found.iterations);
    let found = Solution { iterations: done + found.iterations, ..found };
    if found.stop == Stop::Cancelled || !budget.affords(MOST_SOLVES * usual) || !is_loud_below(plan, &found.samples) {
        return Ok(found);
    }
    Ok(least_squares_far_below(plan, grid, (&options, found), progress)?)
}

/// The solution without sound below the bins, or with it where the data tell of it, and whether they do; `left` is the most
/// iterations for both.
fn either(
    plan: &dyn Analysis,
    grid: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
    left: usize,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Solution, bool), Error> {
    let bound = LeastSquaresOptions { free_ends: false, ..options.clone() };
    let bound = least_squares(plan, grid, &bound, &mut *progress)?;
    let max_iterations = options.max_iterations.min(left.saturating_sub(bound.iterations));
    if bound.stop == Stop::Cancelled || max_iterations == 0 {
        return Ok((bound, false));
    }
    let free = LeastSquaresOptions { max_iterations, free_ends: true, ..options.clone() };
    let free = least_squares(plan, grid, &free, progress)?;
    let iterations = bound.iterations + free.iterations;
    let is_told = free.stop == Stop::Cancelled || tells_of_low_sound(plan, [&bound, &free]);
    Ok((Solution { iterations, ..if is_told { free } else { bound } }, is_told))
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

/// What a sound leaves unexplained of the cells whose phase is known, beyond their ranges, in dB of what is there.
pub(super) fn left_db(plan: &dyn Analysis, data: &Data, samples: &[f64]) -> Result<f64, Error> {
    let made = plan.forward(samples)?;
    let nearest = data.intervals.as_ref().map(|intervals| intervals.nearest(&data.coefficients, &made));
    let wanted = nearest.as_ref().unwrap_or(&data.coefficients);
    let trust = data.trust_in_both();
    let (mut left, mut whole) = (0.0, 0.0);
    for (cell, made) in made.as_slice().iter().enumerate() {
        let trust = trust.as_ref().map_or(1.0, |trust| trust.as_slice()[cell]);
        left += trust * (made - wanted.as_slice()[cell]).norm_sqr();
        whole += trust * data.coefficients.as_slice()[cell].norm_sqr();
    }
    Ok(if whole > 0.0 { 10.0 * (left / whole).max(1e-40).log10() } else { 0.0 })
}

/// Root mean square of what a solution, whose coefficients are `made`, leaves unexplained in the rows
/// that the grid determines, as a share of them.
pub(super) fn unexplained_share(plan: &dyn Analysis, data: &Data, made: &Plane<Complex<f64>>) -> f64 {
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
