//! The sound where some or all of the phase is not known.

use std::ops::ControlFlow;

use photophone_spectrum::Plane;
use photophone_transform::Cqt;
use photophone_transform::inverse::{Progress, Solution};
use photophone_transform::phase::{KnownPhase, Magnitudes, RetrieveOptions, retrieve};

use super::{Data, RecoverOptions};
use crate::Error;
use crate::recipe::Inverse;

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
    let interval = data.intervals.as_ref().map(|intervals| (&intervals.low, &intervals.high));
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
    let found = retrieve(plan, &Magnitudes { values: &values, interval }, known, &asked, progress)?;
    Ok(Solution {
        samples: found.samples,
        iterations: found.iterations,
        residual_db: found.consistency_db,
        stop: found.stop,
    })
}
