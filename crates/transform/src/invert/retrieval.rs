//! The sound where some or all of the phase is not known.

use photophone_spectrum::Plane;

use super::solve::{solve, where_wide};
use super::{Data, Inverse, SolveOptions, Solved};
use crate::budget::Budget;
use crate::inverse::{LeastSquaresOptions, Solution, least_squares};
use crate::retrieval::{KnownPhase, Magnitudes, RetrieveOptions, Retrieved, retrieve};
use crate::watch::{Stop, Watch};
use crate::{Analysis, Cells, TransformError};

/// Steps of least squares that show which phase fits an edit better.
const TRIAL_STEPS: usize = 20;

/// Coefficients of which some or all have no phase.
pub(super) struct Retrieval<'a> {
    pub(super) plan: &'a dyn Analysis,
    pub(super) data: &'a Data,
    /// Trust in each cell's phase, 0 or 1.
    pub(super) phase_trust: &'a Plane<f64>,
    pub(super) options: &'a SolveOptions,
}

/// Where retrieval begins, and whether it ends in the adaptive inverse.
struct Start<'a> {
    phasors: Option<&'a Cells>,
    adaptive: bool,
}

impl Retrieval<'_> {
    /// Solves where most of the phase was kept.
    ///
    /// Edited cells start from the phase that they had, as after a change of gain, or from what their neighbours and the
    /// transform's consistency make of them, as where something was taken out: whichever comes nearer to the magnitudes.
    /// Retrieval refines that, and with it all cells are solved for.
    ///
    /// What the sound of the cells with phase alone leaves unexplained tells whether magnitudes and phase are of one sound,
    /// where edited ones are of none by intent.
    pub(super) fn completed(&self, budget: &mut Budget, watch: &mut Watch<'_>) -> Result<Solved, TransformError> {
        let Self { plan, data, options, .. } = *self;
        let without = Data { trust: data.trust_in_both(), ..data.clone() };
        let mut quarter = budget.part(4);
        let linear = SolveOptions { inverse: Inverse::Linear, ..*options };
        let Solved { solution: first, noise, .. } = solve(plan, &without, &linear, &mut quarter, watch)?;
        budget.spend(first.iterations);
        if first.stop == Stop::Cancelled {
            return Ok(Solved::new(first, noise));
        }
        let filled = self.with_phase_of(&plan.forward(&first.samples)?);
        let kept_db = self.trial_db(&data.coefficients, budget, watch)?;
        let kept_fits = kept_db < self.trial_db(&filled, budget, watch)?;
        let start = if kept_fits { &data.coefficients } else { &filled };
        let start = Start { phasors: Some(start), adaptive: false };
        let found = self.begun_at(start, budget.part(2), watch)?;
        if found.stop == Stop::Cancelled {
            return Ok(Solved::new(Solution { stop: found.stop, ..first }, noise));
        }
        budget.spend(found.iterations + found.last_iterations);
        let coefficients = self.with_phase_of(&found.phasors);
        let solved = solve(plan, &Data { coefficients, ..data.clone() }, options, budget, watch)?;
        Ok(Solved { of_known: Some(first.samples), ..solved })
    }

    /// Retrieves the phase that is not known, and solves with it. The solution's residual is that of the magnitudes.
    pub(super) fn retrieved(&self, budget: &mut Budget, watch: &mut Watch<'_>) -> Result<Solved, TransformError> {
        let start = Start { phasors: None, adaptive: self.options.inverse == Inverse::Adaptive };
        let found = self.begun_at(start, *budget, watch)?;
        let iterations = found.iterations + found.last_iterations;
        budget.spend(iterations);
        let Retrieved { samples, consistency_db: residual_db, stop, .. } = found;
        Ok(Solved::new(Solution { samples, iterations, residual_db, stop }, None))
    }

    /// The data, with the phase of `found` in cells that have lost theirs.
    fn with_phase_of(&self, found: &Cells) -> Cells {
        let (bins, frames) = found.shape();
        Plane::from_fn(bins, frames, |k, t| {
            let (kept, found) = (self.data.coefficients[(k, t)], found[(k, t)]);
            let is_kept = self.phase_trust[(k, t)] > 0.0 || found.norm() <= 0.0;
            if is_kept { kept } else { found * (kept.norm() / found.norm()) }
        })
    }

    /// What the nearest sound leaves of magnitudes with some phase, in dB.
    fn trial_db(&self, cells: &Cells, budget: &mut Budget, watch: &mut Watch<'_>) -> Result<f64, TransformError> {
        let max_iterations = TRIAL_STEPS.min(budget.left() / 8);
        let options = LeastSquaresOptions { max_iterations, ..LeastSquaresOptions::default() };
        let solution = least_squares(self.plan, cells, &options, watch)?;
        budget.spend(solution.iterations);
        Ok(solution.residual_db)
    }

    fn begun_at(
        &self,
        Start { phasors: start, adaptive }: Start<'_>,
        budget: Budget,
        watch: &mut Watch<'_>,
    ) -> Result<Retrieved, TransformError> {
        let Self { plan, data, phase_trust, options } = *self;
        let values = data.coefficients.map(|value| value.norm());
        let wide = data.intervals.as_ref().filter(|_| !options.centres);
        let wide = wide.and_then(|intervals| where_wide(intervals, &data.coefficients));
        let none_known = phase_trust.as_slice().iter().all(|trust| *trust <= 0.0);
        let known = (!none_known).then_some(KnownPhase { phasors: &data.coefficients, trust: phase_trust });
        let (method, seed) = (options.phase_method, options.seed);
        let usual = RetrieveOptions::default();
        let (iterations, most) = (budget.most(usual.iterations, 2), budget.left_for_rounds());
        let asked = RetrieveOptions { method, iterations, most, adaptive, seed, start, ..usual };
        let magnitudes = Magnitudes { values: &values, intervals: wide.as_ref() };
        retrieve(plan, &magnitudes, known, &asked, watch)
    }
}
