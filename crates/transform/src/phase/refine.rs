//! From a phase that is nearly right to one that a signal has.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::magnitudes::{KnownPhase, Magnitudes};
use super::projection::Projection;
use crate::TransformError;
use crate::inverse::{Progress, Stop};

type Cells = Plane<Complex<f64>>;

/// Weight of the last change that Griffin-Lim runs ahead with (Perraudin, Balazs and Sondergaard
/// 2013). Above 1 it does not settle.
const ACCELERATION: f64 = 0.99;

/// Steps of conjugate gradients for each projection, warm-started.
const PROJECTION_STEPS: usize = 2;

/// Steps of conjugate gradients for each Gauss-Newton round.
const NEWTON_STEPS: usize = 8;

/// One Gauss-Newton round for this many rounds of Griffin-Lim.
const ROUNDS_A_NEWTON: usize = 3;

/// Weight of the phase's error in the first Gauss-Newton round; 1 would be Griffin-Lim.
const FIRST_PHASE_WEIGHT: f64 = 0.1;

/// What is wanted of the coefficients.
#[derive(Clone, Copy)]
pub(super) struct Constraints<'a> {
    pub(super) magnitudes: &'a Magnitudes<'a>,
    pub(super) known: Option<KnownPhase<'a>>,
}

impl Constraints<'_> {
    /// The coefficient nearest to `value` that a cell can have.
    fn nearest(&self, cell: usize, value: Complex<f64>) -> Complex<f64> {
        let modulus = value.norm();
        let magnitude = self.magnitudes.nearest(cell, modulus);
        match self.kept(cell) {
            Some(phasor) => phasor * magnitude,
            None if modulus > 0.0 => value * (magnitude / modulus),
            None => Complex::new(magnitude, 0.0),
        }
    }

    fn kept(&self, cell: usize) -> Option<Complex<f64>> {
        self.known.and_then(|known| known.kept(cell))
    }

    /// The nearest cells to these that meet the constraints.
    pub(super) fn applied_to(&self, cells: &Cells) -> Cells {
        let (rows, frames) = cells.shape();
        Plane::from_fn(rows, frames, |k, t| self.nearest(k * frames + t, cells[(k, t)]))
    }

    /// Squared distance of coefficients from what is wanted.
    pub(super) fn misfit(&self, cells: &Cells) -> f64 {
        cells.as_slice().iter().enumerate().map(|(cell, value)| (value - self.nearest(cell, *value)).norm_sqr()).sum()
    }
}

/// Refines the signal of a projection; the rounds done and why it ended.
///
/// First Griffin-Lim: the coefficients' magnitudes are put right, the nearest signal to that is
/// taken, and so on, each time running ahead with the last change. It holds each phase to what it
/// was, so it becomes slow where the grid is redundant. Then Gauss-Newton (Levenberg 1944): the
/// phases' errors count less and less, and only magnitudes are held to. A round that makes the
/// misfit larger is taken back. The signal left is always a projected one.
pub(super) fn refine(
    projection: &mut Projection<'_>,
    constraints: Constraints<'_>,
    rounds: usize,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<(usize, Stop), TransformError> {
    let newton_rounds = rounds / ROUNDS_A_NEWTON;
    let max_iterations = rounds + newton_rounds;
    let whole = constraints.magnitudes.values.as_slice().iter().map(|value| value * value).sum::<f64>();
    let mut last = projection.cells.clone();
    let mut phase_weight = FIRST_PHASE_WEIGHT;
    let mut misfit = f64::INFINITY;
    for iteration in 0..max_iterations {
        let now = constraints.misfit(&projection.cells);
        let gradient = if whole > 0.0 { (now / whole).sqrt() } else { 0.0 };
        if progress(Progress { iteration, max_iterations, gradient }).is_break() {
            return Ok((iteration, Stop::Cancelled));
        }
        if iteration < rounds {
            let ahead = run_ahead(&projection.cells, &last);
            last = projection.cells.clone();
            projection.approach(&constraints.applied_to(&ahead), PROJECTION_STEPS)?;
        } else {
            let before = (projection.samples.clone(), projection.cells.clone());
            misfit = misfit.min(now);
            newton(projection, constraints, phase_weight)?;
            if constraints.misfit(&projection.cells) < misfit {
                phase_weight *= 0.5;
            } else {
                (projection.samples, projection.cells) = before;
                phase_weight = (4.0 * phase_weight).min(1.0);
            }
        }
    }
    Ok((max_iterations, Stop::IterationLimit))
}

fn run_ahead(cells: &Cells, last: &Cells) -> Cells {
    let (rows, frames) = cells.shape();
    Plane::from_fn(rows, frames, |k, t| cells[(k, t)] + (cells[(k, t)] - last[(k, t)]) * ACCELERATION)
}

/// One Gauss-Newton round: to first order a change along a coefficient changes its magnitude and
/// one across it does not, so the latter is weighed down where the phase is not known.
fn newton(
    projection: &mut Projection<'_>,
    constraints: Constraints<'_>,
    phase_weight: f64,
) -> Result<(), TransformError> {
    let wanted = constraints.applied_to(&projection.cells);
    let along = projection.cells.map(|value| {
        let modulus = value.norm();
        if modulus > 0.0 { value / modulus } else { Complex::new(1.0, 0.0) }
    });
    let along = along.as_slice();
    projection.approach_weighted(&wanted, NEWTON_STEPS, |cell, value| {
        if constraints.kept(cell).is_some() {
            return value;
        }
        let turned = along[cell].conj() * value;
        along[cell] * Complex::new(turned.re, phase_weight * turned.im)
    })
}
