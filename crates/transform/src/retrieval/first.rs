//! The phase to start from.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::anchor::anchored_to_known;
use super::constraints::Constraints;
use super::heap::{HeapOptions, integrated};
use super::magnitudes::KnownPhase;
use super::options::{PhaseMethod, RetrieveOptions};
use super::relax::{relax, synchronise_signs};
use crate::TransformError;
use crate::analysis::{Analysis, Cells};
use crate::random::RandomPhases;

/// The phase to start from, integrated phase relaxed or not; `None` where the caller has `stopped` it.
pub(super) fn first_phase(
    plan: &dyn Analysis,
    constraints: Constraints<'_>,
    (options, relaxes): (&RetrieveOptions<'_>, bool),
    mut stopped: impl FnMut() -> bool,
) -> Result<Option<Cells>, TransformError> {
    let Constraints { magnitudes, known } = constraints;
    if let Some(start) = options.start {
        return Ok(Some(phasors(start, known)));
    }
    if options.method != PhaseMethod::GriffinLim {
        let heap = HeapOptions { seed: options.seed, ..HeapOptions::default() };
        let mut found = integrated(plan, magnitudes, None, &heap)?;
        if stopped() {
            return Ok(None);
        }
        synchronise_signs(plan, &mut found, magnitudes.values);
        let mut phasors = found.phasors;
        if let Some(known) = known {
            phasors = anchored_to_known(&phasors, magnitudes.values, known);
        }
        if stopped() {
            return Ok(None);
        }
        if relaxes {
            relax(plan, &mut phasors, (&found.steps, magnitudes.values), known);
        }
        return Ok(Some(phasors));
    }
    let mut random = RandomPhases::new(options.seed);
    let (bins, frames) = plan.shape();
    Ok(Some(Plane::from_fn(bins, frames, |k, t| {
        let phasor = random.phasor();
        known.and_then(|known| known.kept(k * frames + t)).unwrap_or(phasor)
    })))
}

/// Phasors of coefficients, the known ones where phase is known, and 1 where a coefficient is 0.
pub(super) fn phasors(cells: &Cells, known: Option<KnownPhase<'_>>) -> Cells {
    let (bins, frames) = cells.shape();
    Plane::from_fn(bins, frames, |k, t| {
        let (value, kept) = (cells[(k, t)], known.and_then(|known| known.kept(k * frames + t)));
        let modulus = value.norm();
        kept.unwrap_or(if modulus > 0.0 { value / modulus } else { Complex::new(1.0, 0.0) })
    })
}
