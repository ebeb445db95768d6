//! Coefficients of a short-time Fourier transform to samples.

use photophone_spectrum::Finding;

use super::{Data, Inverse, SolveOptions, Solved, left_db, solve_or_retrieve};
use crate::analysis::Analysis;
use crate::budget::Budget;
use crate::inverse::Solution;
use crate::watch::{Stop, Watch};
use crate::{Stft, TransformError};

/// The inverse that was asked for, else overlap-add, which is a linear one, or what the grid needs.
pub fn inverse_of_stft(asked: Option<Inverse>, plan: &Stft, data: &Data) -> Finding<Inverse> {
    if asked.is_none() && overlap_adds(plan, data) {
        return Finding::assumed(Inverse::Linear, 1.0, "overlap-add: the frames overlap, so it is exact");
    }
    Inverse::of(asked, plan)
}

/// The samples: by overlap-add where that is exact and no other inverse was `asked` for, whatever the pad mode; else as those
/// of any analysis.
///
/// # Errors
/// As [`solve_or_retrieve`].
pub fn solve_stft(
    plan: &Stft,
    data: &Data,
    (asked, options): (Option<Inverse>, &SolveOptions),
    budget: &mut Budget,
    watch: &mut Watch<'_>,
) -> Result<Solved, TransformError> {
    if asked.is_some() || !overlap_adds(plan, data) {
        return solve_or_retrieve(plan, data, options, budget, watch);
    }
    let samples = plan.inverse(&data.coefficients)?;
    let residual_db = left_db(plan, data, &samples)?;
    Ok(Solved::new(Solution { samples, iterations: 0, residual_db, stop: Stop::Converged }, None))
}

/// Whether the data are coefficients that overlap-add gives the samples of.
fn overlap_adds(plan: &Stft, data: &Data) -> bool {
    data.phase_trust.is_none() && data.intervals.is_none() && data.trust.is_none() && plan.dual().is_some()
}
