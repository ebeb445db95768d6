//! The steps from a constant-Q picture or array that was read to its sound.

use photophone_transform::blocks::Layout;
use photophone_transform::identify::{Knows, mixed};
use photophone_transform::invert::{Data, Inverse, solve_padded};
use photophone_transform::{Budget, Watch};

use super::account::{self, Account};
use super::each_block::blocks_entry;
use super::{RecoverOptions, Recovered, at_hand, idle, warnings};
use crate::Error;
use crate::read::{Job, array_doubts, attribute, check_bins, kind, panel_doubts, picture_doubts, report_kind};
use crate::recipe::{Entry, Resolved};
use crate::report::Report;

/// The steps from what was read to the sound.
///
/// # Errors
/// Values that do not fit each other, what is too doubtful, or an interruption.
pub(super) fn recovered(options: &RecoverOptions, job: &Job, watch: &mut Watch<'_>) -> Result<Recovered, Error> {
    let (recipe, (rows, frames)) = (job.recipe(), job.shape());
    let mut report = account::begun(options, recipe);
    let resolved = recipe.resolve(Some(rows))?;
    let data = data(options, job, &resolved, &mut report)?;
    report.warnings.extend(idle::warning(options, job, data.phase_trust.is_none()));
    watch.check()?;
    let searches = options.limits.searches(resolved.tempered(), frames)?;
    let (phase, exact) = (data.knows_phase(), data.intervals.is_none());
    let whole = mixed(&data.coefficients, job.stack());
    let channels = data.divided(job.stack());
    let knows = Knows { phase, exact, searches };
    let mut settings = resolved.settings(recipe);
    if job.has_own_phase() && recipe.transform.intervals.is_none() {
        settings.resolve_intervals(&whole, watch.stop())?;
        watch.check()?;
    }
    let samples = settings.resolve(&whole, knows, watch)?;
    let plan = settings.plan(samples, watch.stop())?;
    watch.check()?;
    report.carried = Some(account::carried_report(&plan, resolved.hz_from_told(), resolved.params.bins_per_octave));
    let inverse = Inverse::of(recipe.inverse.method, &plan);
    let solving = options.solving(inverse.value);
    let grid = (channels.len(), plan.shape().1);
    let block = options.limits.block_samples(plan.tempered(), grid, options.block_secs)?;
    let layout = block.map(|block| Layout::of_inverse(plan.tempered(), samples, block)).transpose()?;
    let (plan, solved) = if let Some(layout) = &layout {
        let solved = at_hand::solved((plan.tempered(), layout), &channels, (options, solving), watch)?;
        (plan, solved)
    } else {
        let by_work = options.limits.most_iterations(plan.tempered(), plan.shape().1, samples)?;
        let mut budget = Budget::new(options.max_iterations, by_work);
        solve_padded(&mut settings, plan, (&channels, knows), &solving, &mut budget, watch)?
    };
    let sample_rate_hz = resolved.sample_rate_hz;
    report.findings.extend(resolved.entries_with(&settings.found));
    if let Some(opened) = job.picture() {
        attribute(&mut report, &options.inputs(), opened.stored());
    }
    job.attribute_axes(&mut report);
    report.findings.push(Entry::new("recipe", "inverse", &inverse));
    report.findings.extend(layout.map(|layout| blocks_entry(&layout, plan.params().sr)));
    let mut account = Account { options, job, channels: &channels, report };
    account.judge(&plan, &solved)?;
    if knows.phase {
        for (channel, (data, solved)) in channels.iter().zip(&solved).enumerate() {
            account.warn(channel, warnings::of_coefficients(&plan, data, &solved.solution)?);
        }
    }
    Ok(account.finished(solved, sample_rate_hz))
}

/// The data of a job that can be a constant-Q transform's, and is not too large.
fn data(options: &RecoverOptions, job: &Job, resolved: &Resolved, report: &mut Report) -> Result<Data, Error> {
    let (inputs, recipe, frames) = (options.inputs(), job.recipe(), job.shape().1);
    let read = |report: &mut Report| {
        job.report_phase(options.phase_method, report);
        job.coefficients(&inputs, resolved, report)
    };
    let stack = job.stack();
    if let Err(error) = check_bins(resolved, recipe, frames, None) {
        // Of a wrong box or wrong cells, their number is wrong too.
        if let Some(opened) = job.picture() {
            account::refuse(options, &picture_doubts(opened, None))?;
        }
        if job.phase().is_none() {
            // Magnitudes may tell of another grid, whose bins fit.
            check_bins(resolved, recipe, frames, Some(&read(report)?.loudest(stack)))
                .map_err(|error| job.with_untold(error, &inputs))?;
        }
        return Err(job.with_untold(error, &inputs));
    }
    options.limits.check_recovery(resolved.tempered(), (stack.channels, frames), recipe.sound.length)?;
    let data = read(report)?;
    // With a phase, what no sound explains judges (`warnings::of_fit`).
    if job.phase().is_none() && data.phase_trust.is_some() {
        let loudest = data.clone().loudest(stack);
        let kind = kind(resolved, recipe, &loudest, job.picture().map(|opened| &opened.picture))?;
        report_kind(job.picture(), if job.is_array() { "array" } else { "picture" }, &kind, report);
        let doubts = match job.picture() {
            Some(opened) => picture_doubts(opened, Some(&kind)),
            None if job.is_array() => array_doubts(&kind, job.doubt()),
            None => panel_doubts(job.doubts_of_axes(), &kind),
        };
        account::refuse(options, &doubts)?;
    }
    Ok(data)
}
