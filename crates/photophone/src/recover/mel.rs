//! The steps from an array or picture of a mel spectrogram that was read to its sound.

use photophone_transform::identify::{Knows, Searches, resolve_stft_ends};
use photophone_transform::invert::{each_channel, solve_observed};
use photophone_transform::{Budget, Stft, Watch};

use super::account::{self, Account};
use super::stft::{lengths, of_array};
use super::{RecoverOptions, Recovered, idle};
use crate::Error;
use crate::read::Job;
use crate::recipe::Entry;

/// The steps from what was read to the sound.
///
/// # Errors
/// A picture that is too doubtful, values with phase or such that do not fit each other, or an interruption.
pub(super) fn recovered(options: &RecoverOptions, job: &Job, watch: &mut Watch<'_>) -> Result<Recovered, Error> {
    let (recipe, (rows, frames)) = (job.recipe(), job.shape());
    let refused = |expected| Error::Value { name: "transform", found: "mel".to_owned(), expected };
    let mut report = account::begun(options, recipe);
    account::refuse(options, &job.doubts_of_axes())?;
    let Some(data) = job.other_coefficients(None, &mut report)? else {
        return Err(refused("cqt or vqt for a picture with its phase: a mel spectrogram has none"));
    };
    if data.phase_trust.is_none() {
        return Err(refused("stft or cqt for coefficients with phase: a mel spectrogram has none"));
    }
    job.report_phase(options.phase_method, &mut report);
    let mut resolved = recipe.resolve_mel(rows)?;
    let lengths = lengths(&resolved.stft, frames)?;
    options.limits.check_stft(&resolved.stft, (job.stack().channels, frames), lengths.1)?;
    let observation = resolved.mel.observation(&resolved.stft)?;
    report.warnings.extend(idle::warning(options, job, false));
    watch.check()?;
    let knows = Knows { phase: false, exact: data.intervals.is_none(), searches: Searches::ALL };
    let told = (recipe.transform.pad_mode, recipe.sound.length);
    let (pad_mode, length) =
        resolve_stft_ends(&resolved.stft, &data.coefficients, told, knows, lengths).map_err(of_array)?;
    resolved.stft.pad_mode = pad_mode.value;
    let plan = Stft::new(&resolved.stft, length.value)?;
    watch.check()?;
    let cost = resolved.stft.cost(frames);
    let cells = resolved.stft.rows() * frames;
    let by_work = options.limits.most_iterations_at(&cost, cells, length.value);
    let budget = Budget::new(options.max_iterations, by_work);
    let solving = options.solving(recipe.inverse.method.unwrap_or_default());
    let channels = data.divided(job.stack());
    let solved = each_channel(&channels, watch, |data, watch| {
        solve_observed(&plan, &observation, data, &solving, budget, watch)
    })?;
    report.findings.append(&mut resolved.entries);
    report.findings.push(Entry::new("recipe", "pad-mode", &pad_mode));
    report.findings.push(Entry::new("recipe", "length", &length));
    job.attribute_axes(&mut report);
    let mut account = Account { options, job, channels: &channels, report };
    account.judge_observed(&solved)?;
    Ok(account.finished(solved, resolved.sample_rate_hz))
}
