//! How much of the data a sound leaves unexplained.

use super::Data;
use crate::budget::FEW_ITERATIONS;
use crate::identify::OWN_SHARE;
use crate::inverse::{Solution, carried};
use crate::watch::Stop;
use crate::{Analysis, Cells, Cqt, TransformError};

/// Share of the power that no sound explains, from which the result is not to be trusted: a tenth of what is there is
/// another thing. Clean pictures are at 0.1 % and below, small JPEGs at 3 %.
pub const UNTRUSTED_SHARE: f64 = 0.1;

/// Share of the power that no sound explains, where it is so large that the result is not to be trusted.
///
/// # Errors
/// Samples that are not the plan's.
pub fn untrusted_share(plan: &dyn Analysis, data: &Data, samples: &[f64]) -> Result<Option<f64>, TransformError> {
    let share = unexplained_share(plan, data, &plan.forward(samples)?).powi(2);
    Ok(Some(share).filter(|&share| share > UNTRUSTED_SHARE))
}

/// What no sound explains of exact coefficients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unexplained {
    /// Its share of the power.
    pub share: f64,
    /// Whether it lies in the frames whose filters reach beyond an end: what was put there is another thing, or begins at
    /// another sample, and bins are where they are said to be.
    pub at_the_ends: bool,
}

/// How much louder, for its power, what is unexplained at the ends must be than what is unexplained inside, to be of the
/// ends. Wrong bins leave the same at both; a wrong end leaves of the inside what the solve has not reached.
const OF_THE_ENDS: f64 = 10.0;

/// What no sound explains of exact coefficients, where it is more than librosa's own leave: their bins or their ends lie
/// elsewhere, or they were changed. `None` of data that a picture has rounded or that lack something, and after few steps.
///
/// # Errors
/// A solution of another length than the plan's.
pub fn unexplained(plan: &Cqt, data: &Data, solution: &Solution) -> Result<Option<Unexplained>, TransformError> {
    let is_unfinished = solution.stop != Stop::Converged && solution.iterations <= FEW_ITERATIONS;
    if data.intervals.is_some() || data.trust.is_some() || data.phase_trust.is_some() || is_unfinished {
        return Ok(None);
    }
    let made = plan.forward(&solution.samples)?;
    let share = unexplained_share(plan, data, &made).powi(2);
    let (ends, inside) = shares_by_place(plan, data, &made);
    let at_the_ends = ends > OWN_SHARE && ends > OF_THE_ENDS * inside;
    Ok((share > OWN_SHARE || at_the_ends)
        .then_some(Unexplained { share: if at_the_ends { ends } else { share }, at_the_ends }))
}

/// What is unexplained over what is there: of the cells whose filters reach beyond an end, and of the others.
fn shares_by_place(plan: &Cqt, data: &Data, made: &Cells) -> (f64, f64) {
    let (lengths, hop, columns) = (plan.filter_lengths(), plan.params().hop as f64, made.columns());
    let determined = carried(plan).bins.iter().take_while(|bin| bin.carried >= 1.0).count();
    let mut sums = [(0.0, 0.0); 2];
    for (row, length) in lengths.iter().enumerate().take(determined) {
        let reach = (0.5 * length / hop).ceil() as usize;
        for (t, (made, wanted)) in made.row(row).iter().zip(data.coefficients.row(row)).enumerate() {
            let (misfit, total) = &mut sums[usize::from(t >= reach && t + reach < columns)];
            *misfit += (made - wanted).norm_sqr();
            *total += wanted.norm_sqr();
        }
    }
    let [ends, inside] = sums.map(|(misfit, total)| if total > 0.0 { misfit / total } else { 0.0 });
    (ends, inside)
}

/// What a sound leaves unexplained of the cells whose phase is known, beyond their ranges, in dB of what is there.
///
/// # Errors
/// Samples that are not the plan's.
pub fn left_db(plan: &dyn Analysis, data: &Data, samples: &[f64]) -> Result<f64, TransformError> {
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
pub(super) fn unexplained_share(plan: &dyn Analysis, data: &Data, made: &Cells) -> f64 {
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
