//! From a phase that is nearly right to one that a signal has.

use photophone_spectrum::Plane;

use super::constraints::Constraints;
use super::descent::Descent;
use super::projection::Projection;
use crate::TransformError;
use crate::analysis::Cells;
use crate::watch::{Progress, Step, Stop, Watch};

/// Steps of conjugate gradients for each projection, warm-started.
const PROJECTION_STEPS: usize = 2;

/// Quasi-Newton steps for each round of Griffin-Lim.
const STEPS_A_ROUND: usize = 5;

/// How long [`refine`] works, and how far Griffin-Lim runs ahead.
#[derive(Clone, Copy)]
pub(super) struct Rounds {
    /// Rounds of Griffin-Lim; as many of descent follow.
    pub(super) count: usize,
    /// Weight of the last change.
    pub(super) momentum: f64,
}

/// Refines the signal of a projection; the rounds done and why it ended.
///
/// First Griffin-Lim: the coefficients' magnitudes are put right, the nearest signal to that is
/// taken, and so on, each time running ahead with the last change. It holds each phase to what it
/// was, so it becomes slow where the grid is redundant. Then as many rounds of [`Descent`], which
/// holds to magnitudes only, and works on the octaves within the reach of magnitudes. The signal left
/// is always a projected one.
pub(super) fn refine(
    projection: &mut Projection<'_>,
    constraints: Constraints<'_>,
    Rounds { count: rounds, momentum }: Rounds,
    watch: &mut Watch<'_>,
) -> Result<(usize, Stop), TransformError> {
    let whole = constraints.magnitudes.values.as_slice().iter().map(|value| value * value).sum::<f64>();
    let max_iterations = 2 * rounds;
    let mut cancelled = |iteration: usize, cells: &Cells| {
        let gradient = if whole > 0.0 { (constraints.residual(cells) / whole).sqrt() } else { 0.0 };
        watch.tell(Progress::of(Step::Retrieval, iteration, max_iterations, gradient)).is_break()
    };
    let mut last = projection.cells.clone();
    for iteration in 0..rounds {
        if cancelled(iteration, &projection.cells) {
            return Ok((iteration, Stop::Cancelled));
        }
        let ahead = extrapolate(&projection.cells, &last, momentum);
        last.clone_from(&projection.cells);
        projection.approach(&constraints.applied_to(&ahead), PROJECTION_STEPS)?;
    }
    let Some(part) = projection.within_reach() else {
        return descend(projection, constraints, rounds, cancelled);
    };
    // What cannot change need not be worked on.
    let mut restricted = projection.restricted(&*part, constraints.magnitudes.values)?;
    let ended = descend(&mut restricted, constraints, rounds, cancelled)?;
    let found = restricted.samples;
    projection.prolong(&*part, &found)?;
    Ok(ended)
}

fn descend(
    projection: &mut Projection<'_>,
    constraints: Constraints<'_>,
    rounds: usize,
    mut cancelled: impl FnMut(usize, &Cells) -> bool,
) -> Result<(usize, Stop), TransformError> {
    let mut descent = Descent::new(constraints);
    for iteration in rounds..2 * rounds {
        if cancelled(iteration, &projection.cells) {
            return Ok((iteration, Stop::Cancelled));
        }
        for _ in 0..STEPS_A_ROUND {
            if !descent.step(projection)? {
                return Ok((iteration, Stop::Converged));
            }
        }
    }
    Ok((2 * rounds, Stop::IterationLimit))
}

fn extrapolate(cells: &Cells, last: &Cells, momentum: f64) -> Cells {
    let (rows, frames) = cells.shape();
    Plane::from_fn(rows, frames, |k, t| cells[(k, t)] + (cells[(k, t)] - last[(k, t)]) * momentum)
}
