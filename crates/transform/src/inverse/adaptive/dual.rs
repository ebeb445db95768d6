//! The most likely signal under a prior, solved for in the space of the data.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::prior::LocalPrior;
use crate::TransformError;
use crate::analysis::{Analysis, Cells, Worker};
use crate::cg::{System, conjugate_gradients};
use crate::vectors::{add_scaled, dot, update_direction};
use crate::watch::Stop;

/// The result of one round.
pub(super) struct Round {
    /// `P A^T q`.
    pub(super) samples: Vec<f64>,
    /// Steps taken.
    pub(super) steps: usize,
}

/// Solves `(A P A^T + N) q = c`; the most likely signal is then `P A^T q`.
///
/// `A` is a plan, `P` a prior, `N` half the noise variance of each cell (complex data, real
/// signals). Conjugate gradients, preconditioned by the power expected of each cell, started from
/// the last round's solution.
pub(super) struct Dual<'a> {
    plan: &'a dyn Analysis,
    /// Half the noise variance of each cell; infinite where there are no data.
    noise: Plane<f64>,
    q: Cells,
    /// `D` of the last round: `q` scales with its inverse.
    diagonal: Option<Plane<f64>>,
    cells: Cells,
    samples: Vec<f64>,
    worker: Box<dyn Worker + 'a>,
}

impl<'a> Dual<'a> {
    pub(super) fn new(plan: &'a dyn Analysis, noise: Plane<f64>) -> Self {
        let (rows, frames) = plan.shape();
        let zeros = Plane::filled(rows, frames, Complex::default());
        let samples = vec![0.0; plan.samples()];
        Self { plan, noise, q: zeros.clone(), diagonal: None, cells: zeros, samples, worker: plan.worker() }
    }

    /// Takes up to `steps` steps, until the preconditioned residual is `tolerance` of the data's.
    /// `stop` is called before each with its number and that residual; `None` if it says so.
    pub(super) fn solve(
        &mut self,
        prior: &LocalPrior,
        data: &Cells,
        steps: usize,
        tolerance: f64,
        mut stop: impl FnMut(usize, f64) -> bool,
    ) -> Result<Option<Round>, TransformError> {
        let diagonal = self.diagonal_of(prior);
        if let Some(last) = &self.diagonal {
            for ((q, last), now) in self.q.as_mut_slice().iter_mut().zip(last.as_slice()).zip(diagonal.as_slice()) {
                *q *= if now.is_finite() { last / now } else { 0.0 };
            }
        }
        let q = std::mem::replace(&mut self.q, Plane::filled(0, 0, Complex::default()));
        let mut residual = data.clone();
        if self.diagonal.is_some() {
            self.apply(prior, &q)?;
            add_scaled(residual.as_mut_slice(), -1.0, self.cells.as_slice());
        }
        let whole = dot(data.as_slice(), divided(data, &diagonal).as_slice());
        let zeros = || Plane::filled(data.rows(), data.columns(), Complex::default());
        let mut system = DualSteps { dual: self, prior, diagonal, q, residual, z: zeros(), direction: zeros() };
        let (steps, ended) = conjugate_gradients(&mut system, steps, |taken, energy| {
            if energy <= tolerance * tolerance * whole {
                return Some(Stop::Converged);
            }
            stop(taken, (energy / whole).sqrt()).then_some(Stop::Cancelled)
        })?;
        if ended == Stop::Cancelled {
            return Ok(None);
        }
        let DualSteps { q, diagonal, .. } = system;
        self.diagonal = Some(diagonal);
        self.worker.adjoint(&q, &mut self.samples)?;
        self.q = q;
        Ok(Some(Round { samples: prior.apply(&self.samples), steps }))
    }

    /// The diagonal of the system: half the power expected of each cell, and its noise.
    fn diagonal_of(&self, prior: &LocalPrior) -> Plane<f64> {
        let (rows, frames) = self.plan.shape();
        let powers = prior.expected_powers(frames);
        Plane::from_fn(rows, frames, |k, t| 0.5 * powers[(k, t)] + self.noise[(k, t)])
    }

    /// `self.cells = (A P A^T + N) q`. Cells without data take no part.
    fn apply(&mut self, prior: &LocalPrior, q: &Cells) -> Result<(), TransformError> {
        self.worker.adjoint(q, &mut self.samples)?;
        self.worker.forward(&prior.apply(&self.samples), &mut self.cells)?;
        for ((cell, q), noise) in self.cells.as_mut_slice().iter_mut().zip(q.as_slice()).zip(self.noise.as_slice()) {
            *cell = if noise.is_finite() { *cell + q * noise } else { Complex::default() };
        }
        Ok(())
    }
}

/// Conjugate gradients on the system of a round. The image of the direction stands in the solver's cells.
struct DualSteps<'s, 'a> {
    dual: &'s mut Dual<'a>,
    prior: &'s LocalPrior,
    diagonal: Plane<f64>,
    q: Cells,
    residual: Cells,
    z: Cells,
    direction: Cells,
}

impl System for DualSteps<'_, '_> {
    fn precondition(&mut self) -> Result<f64, TransformError> {
        self.z = divided(&self.residual, &self.diagonal);
        Ok(dot(self.residual.as_slice(), self.z.as_slice()))
    }

    fn update_direction(&mut self, ratio: f64) {
        update_direction(self.direction.as_mut_slice(), self.z.as_slice(), ratio);
    }

    fn image(&mut self) -> Result<f64, TransformError> {
        self.dual.apply(self.prior, &self.direction)?;
        Ok(dot(self.direction.as_slice(), self.dual.cells.as_slice()))
    }

    fn step(&mut self, length: f64) {
        add_scaled(self.q.as_mut_slice(), length, self.direction.as_slice());
        add_scaled(self.residual.as_mut_slice(), -length, self.dual.cells.as_slice());
    }
}

/// `cells / diagonal`, zero where that is infinite.
fn divided(cells: &Cells, diagonal: &Plane<f64>) -> Cells {
    let (rows, frames) = cells.shape();
    Plane::from_fn(rows, frames, |k, t| cells[(k, t)] / diagonal[(k, t)].max(f64::MIN_POSITIVE))
}
