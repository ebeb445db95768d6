//! The most likely signal under a prior, solved for in the space of the data.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::gram::Gram;
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
    /// Minus twice the log of how probable the prior makes each cell, but for a constant.
    pub(super) surprise: Plane<f64>,
}

/// Solves `(A P A^T + N) q = c`; the most likely signal is then `P A^T q`.
///
/// `A` is a plan, `P` a prior, `N` half the noise variance of each cell (complex data, real
/// signals). Conjugate gradients, preconditioned by [`Gram`] and started from the last round's solution.
pub(super) struct Dual<'a> {
    plan: &'a dyn Analysis,
    /// Half the noise variance of each cell; infinite where there are no data.
    noise: Plane<f64>,
    /// The last round's `q`, and the `G` of its prior: `G q` is about the data in both.
    last: Option<(Cells, Gram)>,
    cells: Cells,
    samples: Vec<f64>,
    worker: Box<dyn Worker + 'a>,
}

impl<'a> Dual<'a> {
    pub(super) fn new(plan: &'a dyn Analysis, noise: Plane<f64>) -> Self {
        let (rows, frames) = plan.shape();
        let (cells, samples) = (Plane::filled(rows, frames, Complex::default()), vec![0.0; plan.samples()]);
        Self { plan, noise, last: None, cells, samples, worker: plan.worker() }
    }

    /// The Gram matrices of the last solve.
    pub(super) fn gram(&self) -> Option<&Gram> {
        self.last.as_ref().map(|(_, gram)| gram)
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
        let gram = prior.gram(self.plan, &self.noise);
        let (mut q, mut residual) = (data.map(|_| Complex::default()), data.clone());
        if let Some((last, before)) = self.last.take() {
            q = gram.solve(&before.multiply(&last));
            self.apply(prior, &q)?;
            add_scaled(residual.as_mut_slice(), -1.0, self.cells.as_slice());
        }
        let whole = dot(data.as_slice(), gram.solve(data).as_slice());
        let zeros = || Plane::filled(data.rows(), data.columns(), Complex::default());
        let mut system = DualSteps { dual: self, prior, gram, q, residual, z: zeros(), direction: zeros() };
        let (steps, ended) = conjugate_gradients(&mut system, steps, |taken, energy| {
            if energy <= tolerance * tolerance * whole {
                return Some(Stop::Converged);
            }
            stop(taken, (energy / whole).sqrt()).then_some(Stop::Cancelled)
        })?;
        if ended == Stop::Cancelled {
            return Ok(None);
        }
        let DualSteps { q, gram, .. } = system;
        self.worker.adjoint(&q, &mut self.samples)?;
        let surprise = surprise(data, &q, &gram);
        self.last = Some((q, gram));
        Ok(Some(Round { samples: prior.apply(&self.samples), steps, surprise }))
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
    gram: Gram,
    q: Cells,
    residual: Cells,
    z: Cells,
    direction: Cells,
}

impl System for DualSteps<'_, '_> {
    fn precondition(&mut self) -> Result<f64, TransformError> {
        self.z = self.gram.solve(&self.residual);
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

/// `c^H M^-1 c + ln det M`, cell by cell, for `q = M^-1 c`; what frames have in common is left out of the determinant.
fn surprise(data: &Cells, q: &Cells, gram: &Gram) -> Plane<f64> {
    let (rows, frames) = data.shape();
    Plane::from_fn(rows, frames, |row, t| (data[(row, t)].conj() * q[(row, t)]).re + gram.log_determinant(row, t))
}
