//! Arrays of a short-time Fourier transform to sound.

use std::ops::ControlFlow;

use photophone_spectrum::Finding;
use photophone_transform::identify::{StftEnds, estimate_stft_ends};
use photophone_transform::inverse::{Progress, Solution, Stop};
use photophone_transform::{Analysis, PadMode, Stft, StftParams};

use super::budget::Budget;
use super::job::Job;
use super::{
    Data, RecoverOptions, Recovered, carried_report, check, finished, idle, line, losses, report_of, report_retrieved,
    retrieval, solve,
};
use crate::recipe::{Inverse, Recipe, ResolvedStft};
use crate::report::Solve;
use crate::{Error, GIVEN};

/// What a frame may leave of itself under the right pad mode, in dB: ten times single precision's rounding.
const EXACT_DB: f64 = -120.0;

/// The steps from the array that was read to the sound.
///
/// Complex coefficients whose frames overlap come back by overlap-add, which is exact whatever the pad mode. The others
/// are solved for, and magnitudes retrieved, as those of any analysis.
pub(super) fn solved(
    options: &RecoverOptions,
    job: &Job,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Recovered, Error> {
    let recipe = job.recipe();
    let (rows, frames) = job.shape();
    let mut report = report_of(options, recipe);
    let Some(data) = job.array_coefficients(options, &mut report) else {
        let expected = "cqt or vqt for a picture: of an STFT, arrays of coefficients or magnitudes are recovered";
        return Err(Error::Value { name: "transform", found: "stft".to_owned(), expected });
    };
    let mut resolved = recipe.resolve_stft(rows)?;
    let (shortest, longest) = lengths(&resolved.params, frames)?;
    options.limits.check_stft(&resolved.params, frames, longest)?;
    report.warnings.extend(idle::warning(options, job, data.phase_trust.is_none()));
    check(progress)?;
    let samples = pad_mode_and_length(recipe, &mut resolved, &data, (shortest, longest))?;
    let plan = Stft::new(&resolved.params, samples)?;
    check(progress)?;
    report.carried = Some(carried_report(&plan, f64::from(resolved.sample_rate_hz) / resolved.params.sr, rows));
    let inverse = inverse(recipe, &plan, &data);
    let by_work = options.limits.most_iterations_at(&resolved.params.cost(frames), rows * frames, samples);
    let mut budget = Budget::new(options.max_iterations, by_work);
    let how = (inverse.value, options);
    let mut fit = None;
    let (solution, reading_noise) = match &data.phase_trust {
        Some(trust) if data.knows_phase() => {
            let (completed, of_unedited) = retrieval::completed(&plan, &data, trust, how, &mut budget, progress)?;
            fit = Some(of_unedited);
            completed
        }
        Some(trust) => (retrieval::retrieved(&plan, &data, trust, how, &mut budget, progress)?, None),
        None if recipe.inverse.method.is_none() && overlap_adds(&plan, &data) => (overlap_added(&plan, &data)?, None),
        None => solve::solve(&plan, &data, inverse.value, options, &mut budget, progress)?,
    };
    report.findings.append(&mut resolved.entries);
    report.findings.push(line("recipe", "inverse", &inverse));
    if solution.stop == Stop::Cancelled {
        return Err(Error::Interrupted);
    }
    report.losses = losses::losses(&plan, &data, reading_noise.as_ref());
    let (iterations, mut residual_db, stop) = (solution.iterations, solution.residual_db, solution.stop);
    let of_magnitudes = !data.knows_phase();
    let mut is_poor = false;
    if of_magnitudes {
        report_retrieved(&plan, &data, residual_db, &mut report);
    } else {
        let fit = fit.as_deref().unwrap_or(&solution.samples);
        residual_db = solve::left_db(&plan, &data, fit)?;
        let warning = solve::warning(&plan, &data, fit, job.edits(options))?;
        is_poor = warning.is_some();
        report.warnings.extend(warning);
    }
    report.solve = Some(Solve { iterations, residual_db, of_magnitudes, is_poor, stop });
    Ok(finished(options, job, (solution.samples, resolved.sample_rate_hz), data.absolute, report))
}

/// The lengths that so many frames can be of, in samples.
fn lengths(params: &StftParams, frames: usize) -> Result<(usize, usize), Error> {
    params.samples_from_frames(frames)?.ok_or_else(|| Error::Value {
        name: "hop",
        found: format!("{} samples, of {frames} frames", params.hop),
        expected: "frames of a sound that is not longer than the longest",
    })
}

/// Whether the data are coefficients that overlap-add gives the samples of.
fn overlap_adds(plan: &Stft, data: &Data) -> bool {
    data.phase_trust.is_none() && data.intervals.is_none() && data.trust.is_none() && plan.dual().is_some()
}

fn overlap_added(plan: &Stft, data: &Data) -> Result<Solution, Error> {
    let samples = plan.inverse(&data.coefficients)?;
    let residual_db = solve::left_db(plan, data, &samples)?;
    Ok(Solution { samples, iterations: 0, residual_db, stop: Stop::Converged })
}

/// The inverse that was asked for, else overlap-add, which is a linear one, or what the grid needs.
fn inverse(recipe: &Recipe, plan: &Stft, data: &Data) -> Finding<Inverse> {
    if recipe.inverse.method.is_none() && overlap_adds(plan, data) {
        return Finding::assumed(Inverse::Linear, 1.0, "overlap-add: the frames overlap, so it is exact");
    }
    solve::inverse(recipe, plan)
}

/// Resolves the pad mode, which the ends of complex coefficients tell, and gives the number of samples.
fn pad_mode_and_length(
    recipe: &Recipe,
    resolved: &mut ResolvedStft,
    data: &Data,
    lengths: (usize, usize),
) -> Result<usize, Error> {
    let told = recipe.transform.pad_mode;
    let is_exact = data.phase_trust.is_none() && data.intervals.is_none();
    let ends = if is_exact { estimate_stft_ends(&resolved.params, &data.coefficients, told)? } else { None };
    let pad_mode = pad_mode(told, resolved.params.pad_mode, ends.as_ref());
    resolved.params.pad_mode = pad_mode.value;
    let length = length(recipe, resolved, (data, ends.as_ref()), lengths)?;
    resolved.entries.push(line("recipe", "pad-mode", &pad_mode));
    resolved.entries.push(line("recipe", "length", &length));
    Ok(length.value)
}

fn pad_mode(told: Option<PadMode>, default: PadMode, ends: Option<&StftEnds>) -> Finding<PadMode> {
    if let Some(told) = told {
        return Finding::given(told, "");
    }
    let why = match ends {
        Some(StftEnds { pad_mode, pad_mode_misfits_db: (misfit_db, next_db), .. }) => {
            let evidence =
                format!("leaves {misfit_db:.1} dB of the first frame unexplained, the next best {next_db:.1} dB");
            if *misfit_db <= EXACT_DB && *next_db > EXACT_DB {
                return Finding::read(*pad_mode, 0.99, evidence);
            }
            format!("that release's default; {pad_mode} {evidence}")
        }
        None => "that release's default".to_owned(),
    };
    Finding::assumed(default, 0.5, why)
}

/// The length that was given, else the one that the last frame tells.
fn length(
    recipe: &Recipe,
    resolved: &ResolvedStft,
    (data, ends): (&Data, Option<&StftEnds>),
    (shortest, longest): (usize, usize),
) -> Result<Finding<usize>, Error> {
    let frames = data.coefficients.columns();
    if let Some(samples) = recipe.sound.length {
        if (shortest..=longest).contains(&samples) {
            return Ok(Finding::given(samples, ""));
        }
        let hop = resolved.params.hop;
        let (given, stored) = (samples.to_string(), format!("{shortest} to {longest} ({frames} frames of hop {hop})"));
        let (here, there) = (GIVEN, "the array");
        return Err(Error::Contradiction { name: "length".to_owned(), here, given, there, stored });
    }
    Ok(match ends {
        Some(ends) if ends.pad_mode == resolved.params.pad_mode && ends.length_misfits_db.0 <= EXACT_DB => {
            let StftEnds { samples, shortest, length_misfits_db: (misfit_db, worst_db), .. } = *ends;
            let evidence = format!(
                "{shortest} to {samples} fit the last frame best: {misfit_db:.1} dB unexplained, at worst {worst_db:.1} dB"
            );
            Finding::read(samples, 0.99, evidence)
        }
        _ if !resolved.params.center => {
            Finding::assumed(shortest, 0.5, format!("what lies beyond the last of {frames} frames, nothing tells"))
        }
        _ if data.phase_trust.is_some() => {
            let middle = shortest.midpoint(longest).max(1);
            Finding::assumed(middle, 0.5, format!("{frames} frames are {shortest} to {longest} samples; the middle"))
        }
        _ => Finding::assumed(longest, 0.5, format!("{frames} frames; the longest that they can be of")),
    })
}
