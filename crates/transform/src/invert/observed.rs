//! The sound where sums over the powers of coefficients are known.

use super::{Data, SolveOptions, Solved};
use crate::budget::Budget;
use crate::inverse::Solution;
use crate::observe::Observation;
use crate::retrieval::{Magnitudes, RetrieveOptions, Retrieved, retrieve_observed};
use crate::watch::Watch;
use crate::{Analysis, TransformError};

/// The samples of which `observation` sees the magnitudes of the data, rows by frames; no phase is looked at. The solution's
/// residual is that of what is seen.
///
/// # Errors
/// As [`retrieve_observed`].
pub fn solve_observed(
    plan: &dyn Analysis,
    observation: &Observation,
    data: &Data,
    options: &SolveOptions,
    budget: Budget,
    watch: &mut Watch<'_>,
) -> Result<Solved, TransformError> {
    let values = data.coefficients.map(|value| value.norm());
    let intervals = data.intervals.as_ref().filter(|_| !options.centres);
    let usual = RetrieveOptions::default();
    let (iterations, most) = (budget.most(usual.iterations, 2), budget.left_for_rounds());
    let (method, seed) = (options.phase_method, options.seed);
    let asked = RetrieveOptions { method, iterations, most, seed, ..usual };
    let seen = Magnitudes { values: &values, intervals };
    let found = retrieve_observed(plan, observation, &seen, &asked, watch)?;
    let Retrieved { samples, consistency_db: residual_db, iterations, stop, .. } = found;
    Ok(Solved::new(Solution { samples, iterations, residual_db, stop }, None))
}
