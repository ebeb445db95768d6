//! The sound where some or all of the phase is not known.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;
use photophone_transform::inverse::{LeastSquaresOptions, Progress, Solution, Stop, least_squares};
use photophone_transform::retrieval::{KnownPhase, Magnitudes, RetrieveOptions, Retrieved, retrieve};
use photophone_transform::{Analysis, Spacing};

use super::budget::Budget;
use super::solve::{STFT_SETTINGS, UNTRUSTED_SHARE, solve, where_wide};
use super::{Data, RecoverOptions};
use crate::Error;
use crate::recipe::Inverse;

type Cells = Plane<Complex<f64>>;
/// A solution, and the noise of each cell that it told of.
type Solved = (Solution, Option<Plane<f64>>);

/// Steps of least squares that show which phase fits an edit better.
const TRIAL_STEPS: usize = 20;

/// Solves where most of the phase was kept.
///
/// Edited cells start from the phase that they had, as after a change of gain, or from what their neighbours and the
/// transform's consistency make of them, as where something was taken out: whichever comes nearer to the magnitudes.
/// Retrieval refines that, and with it all cells are solved for.
///
/// Gives what [`solve`] gives, and the sound that the cells with phase alone give: what these leave unexplained tells
/// whether magnitudes and phase are of one sound, where edited ones are of none by intent.
pub(super) fn completed(
    plan: &dyn Analysis,
    data: &Data,
    phase_trust: &Plane<f64>,
    (inverse, options): (Inverse, &RecoverOptions),
    budget: &mut Budget,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Solved, Vec<f64>), Error> {
    let without = Data { trust: data.trust_in_both(), ..data.clone() };
    let mut quarter = budget.part(4);
    let (first, noise) = solve(plan, &without, Inverse::Linear, options, &mut quarter, progress)?;
    budget.spend(first.iterations);
    if first.stop == Stop::Cancelled {
        let samples = first.samples.clone();
        return Ok(((first, noise), samples));
    }
    let filled = with_phase_of(&plan.forward(&first.samples)?, data, phase_trust);
    let kept_db = trial_db(plan, &data.coefficients, budget, progress)?;
    let kept_fits = kept_db < trial_db(plan, &filled, budget, progress)?;
    let start = if kept_fits { &data.coefficients } else { &filled };
    let found = retrieve_from(plan, data, phase_trust, (Some(start), false), (options, budget.part(2)), progress)?;
    if found.stop == Stop::Cancelled {
        let samples = first.samples.clone();
        return Ok(((Solution { stop: found.stop, ..first }, noise), samples));
    }
    budget.spend(found.iterations + found.last_iterations);
    let coefficients = with_phase_of(&found.phasors, data, phase_trust);
    let solved = solve(plan, &Data { coefficients, ..data.clone() }, inverse, options, budget, progress)?;
    Ok((solved, first.samples))
}

/// The data, with the phase of `found` in cells that have lost theirs.
fn with_phase_of(found: &Cells, data: &Data, phase_trust: &Plane<f64>) -> Cells {
    let (bins, frames) = found.shape();
    Plane::from_fn(bins, frames, |k, t| {
        let (kept, found) = (data.coefficients[(k, t)], found[(k, t)]);
        if phase_trust[(k, t)] > 0.0 || found.norm() <= 0.0 { kept } else { found * (kept.norm() / found.norm()) }
    })
}

/// What the nearest sound leaves of magnitudes with some phase, in dB.
fn trial_db(
    plan: &dyn Analysis,
    cells: &Cells,
    budget: &mut Budget,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<f64, Error> {
    let max_iterations = TRIAL_STEPS.min(budget.left() / 8);
    let options = LeastSquaresOptions { max_iterations, ..LeastSquaresOptions::default() };
    let solution = least_squares(plan, cells, &options, progress)?;
    budget.spend(solution.iterations);
    Ok(solution.residual_db)
}

/// Retrieves the phase that is not known, and solves with it. The solution's residual is that of
/// the magnitudes.
pub(super) fn retrieved(
    plan: &dyn Analysis,
    data: &Data,
    phase_trust: &Plane<f64>,
    (inverse, options): (Inverse, &RecoverOptions),
    budget: &mut Budget,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, Error> {
    let found =
        retrieve_from(plan, data, phase_trust, (None, inverse == Inverse::Adaptive), (options, *budget), progress)?;
    budget.spend(found.iterations + found.last_iterations);
    Ok(Solution {
        samples: found.samples,
        iterations: found.iterations + found.last_iterations,
        residual_db: found.consistency_db,
        stop: found.stop,
    })
}

fn retrieve_from(
    plan: &dyn Analysis,
    data: &Data,
    phase_trust: &Plane<f64>,
    (start, adaptive): (Option<&Cells>, bool),
    (options, budget): (&RecoverOptions, Budget),
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Retrieved, Error> {
    let values = data.coefficients.map(|value| value.norm());
    let wide = data.intervals.as_ref().filter(|_| !options.centres);
    let wide = wide.and_then(|intervals| where_wide(intervals, &data.coefficients));
    let none_known = phase_trust.as_slice().iter().all(|trust| *trust <= 0.0);
    let known = (!none_known).then_some(KnownPhase { phasors: &data.coefficients, trust: phase_trust });
    let (method, seed) = (options.phase_method, options.seed);
    let usual = RetrieveOptions::default();
    let (iterations, most) = (budget.most(usual.iterations, 2), budget.left_for_rounds());
    let asked = RetrieveOptions { method, adaptive, seed, start, iterations, most, ..usual };
    let magnitudes = Magnitudes { values: &values, intervals: wide.as_ref() };
    Ok(retrieve(plan, &magnitudes, known, &asked, progress)?)
}

/// What to say of magnitudes that no sound was found for, of rows that follow each other so, whose `consistency_db` is
/// [`Retrieved`]'s after refining in full.
///
/// Magnitudes of noise, tones and clicks end at -27 dB and below, those drawn at random at -8 to -12.
pub fn magnitudes_warning(spacing: Spacing, consistency_db: f64) -> Option<String> {
    let share = 10_f64.powf(consistency_db / 10.0).min(1.0);
    (share > UNTRUSTED_SHARE).then(|| {
        let (settings, transform) = match spacing {
            Spacing::Logarithmic => {
                ("`sr`, `hop`, `fmin`, `bins-per-octave`, `tuning` and `librosa`", "a constant-Q transform")
            }
            Spacing::Linear => (STFT_SETTINGS, "a short-time Fourier transform"),
        };
        format!(
            "{:.0} % of the power of these magnitudes cannot come from any sound; 1 % or less is usual. The result is not to \
             be trusted: doubt {settings}, whether the magnitudes are as they were computed (`levels`, `flip`), and whether \
             they are of {transform} at all",
            100.0 * share
        )
    })
}
