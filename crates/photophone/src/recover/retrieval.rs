//! The sound where some or all of the phase is not known.

use std::ops::ControlFlow;

use photophone_spectrum::Plane;
use photophone_transform::Cqt;
use photophone_transform::inverse::{Progress, Solution, Stop};
use photophone_transform::phase::{KnownPhase, Magnitudes, RetrieveOptions, retrieve};

use super::solve::{solve, where_wide};
use super::{Data, RecoverOptions};
use crate::Error;
use crate::recipe::Inverse;

/// Solves where most of the phase was kept: first without the cells that have none, which tells what
/// their neighbours and the transform's consistency make of them, then with them at that phase and
/// their own magnitudes.
///
/// Gives what [`solve`] gives.
pub(super) fn completed(
    plan: &Cqt,
    data: &Data,
    phase_trust: &Plane<f64>,
    (inverse, options): (Inverse, &RecoverOptions),
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Solution, Option<Plane<f64>>), Error> {
    let grid = &data.coefficients;
    let (bins, frames) = grid.shape();
    let without = Data { trust: data.trust_in_both(), ..data.clone() };
    let (first, noise) = solve(plan, &without, inverse, options, progress)?;
    if first.stop == Stop::Cancelled {
        return Ok((first, noise));
    }
    let made = plan.forward(&first.samples)?;
    let coefficients = Plane::from_fn(bins, frames, |k, t| {
        let (kept, found) = (grid[(k, t)], made[(k, t)]);
        if phase_trust[(k, t)] > 0.0 || found.norm() <= 0.0 { kept } else { found * (kept.norm() / found.norm()) }
    });
    solve(plan, &Data { coefficients, ..data.clone() }, inverse, options, progress)
}

/// Retrieves the phase that is not known, and solves with it. The solution's residual is that of
/// the magnitudes.
pub(super) fn retrieved(
    plan: &Cqt,
    data: &Data,
    phase_trust: &Plane<f64>,
    (inverse, options): (Inverse, &RecoverOptions),
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, Error> {
    let values = data.coefficients.map(|value| value.norm());
    let wide = data.intervals.as_ref().filter(|_| !options.centres);
    let wide = wide.and_then(|intervals| where_wide(intervals, &data.coefficients));
    let none_known = phase_trust.as_slice().iter().all(|trust| *trust <= 0.0);
    let known = (!none_known).then_some(KnownPhase { phasors: &data.coefficients, trust: phase_trust });
    let mut asked = RetrieveOptions {
        method: options.phase_method,
        adaptive: inverse == Inverse::Adaptive,
        seed: options.seed,
        ..RetrieveOptions::default()
    };
    if options.max_iterations > 0 {
        asked.iterations = options.max_iterations;
    }
    let found = retrieve(plan, &Magnitudes { values: &values, intervals: wide.as_ref() }, known, &asked, progress)?;
    Ok(Solution {
        samples: found.samples,
        iterations: found.iterations,
        residual_db: found.consistency_db,
        stop: found.stop,
    })
}
