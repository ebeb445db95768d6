//! The steps from an array or picture of a short-time Fourier transform that was read to its sound.

use photophone_transform::identify::{Knows, Searches, mixed, resolve_stft_ends};
use photophone_transform::invert::{each_channel, inverse_of_stft, solve_stft};
use photophone_transform::{Budget, Stft, StftParams, TransformError, Watch};

use super::account::{self, Account};
use super::{RecoverOptions, Recovered, idle};
use crate::read::Job;
use crate::recipe::Entry;
use crate::{Error, GIVEN};

/// The steps from what was read to the sound.
///
/// # Errors
/// A picture that is too doubtful or has a phase, values that do not fit each other, or an interruption.
pub(super) fn recovered(options: &RecoverOptions, job: &Job, watch: &mut Watch<'_>) -> Result<Recovered, Error> {
    let (recipe, (rows, frames)) = (job.recipe(), job.shape());
    let mut report = account::begun(options, recipe);
    job.report_phase(options.phase_method, &mut report);
    account::refuse(options, &job.doubts_of_axes())?;
    let mut resolved = recipe.resolve_stft(rows)?;
    let lengths = lengths(&resolved.params, frames)?;
    let stack = job.stack();
    options.limits.check_stft(&resolved.params, (stack.channels, frames), lengths.1)?;
    let Some(data) = job.other_coefficients(Some(&resolved.params), &mut report)? else {
        let expected = "cqt or vqt for a picture with its phase";
        return Err(Error::Value { name: "transform", found: "stft".to_owned(), expected });
    };
    report.warnings.extend(idle::warning(options, job, data.phase_trust.is_none()));
    watch.check()?;
    let knows = Knows { phase: data.phase_trust.is_none(), exact: data.intervals.is_none(), searches: Searches::ALL };
    let told = (recipe.transform.pad_mode, recipe.sound.length);
    let (pad_mode, length) =
        resolve_stft_ends(&resolved.params, &mixed(&data.coefficients, stack), told, knows, lengths)
            .map_err(of_array)?;
    resolved.params.pad_mode = pad_mode.value;
    let samples = length.value;
    let plan = Stft::new(&resolved.params, samples)?;
    watch.check()?;
    let hz_from_told = f64::from(resolved.sample_rate_hz) / resolved.params.sr;
    report.carried = Some(account::carried_report(&plan, hz_from_told, rows));
    let asked = recipe.inverse.method;
    let inverse = inverse_of_stft(asked, &plan, &data);
    let by_work = options.limits.most_iterations_at(&resolved.params.cost(frames), rows * frames, samples);
    let budget = Budget::new(options.max_iterations, by_work);
    let solving = options.solving(inverse.value);
    let channels = data.divided(stack);
    let solved = each_channel(&channels, watch, |data, watch| {
        let mut own = budget;
        solve_stft(&plan, data, (asked, &solving), &mut own, watch)
    })?;
    report.findings.append(&mut resolved.entries);
    report.findings.push(Entry::new("recipe", "pad-mode", &pad_mode));
    report.findings.push(Entry::new("recipe", "length", &length));
    report.findings.push(Entry::new("recipe", "inverse", &inverse));
    job.attribute_axes(&mut report);
    let mut account = Account { options, job, channels: &channels, report };
    account.judge(&plan, &solved)?;
    Ok(account.finished(solved, resolved.sample_rate_hz))
}

/// The lengths that so many frames can be of, in samples.
pub(super) fn lengths(params: &StftParams, frames: usize) -> Result<(usize, usize), Error> {
    params.samples_from_frames(frames)?.ok_or_else(|| Error::Value {
        name: "hop",
        found: format!("{} samples, of {frames} frames", params.hop),
        expected: "frames of a sound that is not longer than the longest",
    })
}

/// The same error, a length that does not fit being told of what was read.
pub(super) fn of_array(error: TransformError) -> Error {
    match error.into() {
        Error::Contradiction { name, given, stored, .. } => {
            Error::Contradiction { name, here: GIVEN, given, there: "the picture or array", stored }
        }
        other => other,
    }
}
