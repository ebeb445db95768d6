//! The most likely signal under a prior, solved for in the space of the data.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::gram::Gram;
use super::prior::LocalPrior;
use crate::TransformError;
use crate::analysis::{Analysis, Cells, Worker};

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
            add_scaled(&mut residual, -1.0, &self.cells);
        }
        let whole = dot(data, &gram.solve(data));
        let mut z = gram.solve(&residual);
        let mut energy = dot(&residual, &z);
        let mut direction = z.clone();
        let mut taken = 0;
        while taken < steps {
            if energy <= tolerance * tolerance * whole {
                break;
            }
            if stop(taken, (energy / whole).sqrt()) {
                return Ok(None);
            }
            self.apply(prior, &direction)?;
            let curvature = dot(&direction, &self.cells);
            if curvature.is_nan() || curvature <= 0.0 {
                break;
            }
            let length = energy / curvature;
            add_scaled(&mut q, length, &direction);
            add_scaled(&mut residual, -length, &self.cells);
            z = gram.solve(&residual);
            let next = dot(&residual, &z);
            let ratio = next / energy;
            for (direction, z) in direction.as_mut_slice().iter_mut().zip(z.as_slice()) {
                *direction = z + *direction * ratio;
            }
            energy = next;
            taken += 1;
        }
        self.worker.adjoint(&q, &mut self.samples)?;
        self.last = Some((q, gram));
        Ok(Some(Round { samples: prior.apply(&self.samples), steps: taken }))
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

fn dot(a: &Cells, b: &Cells) -> f64 {
    a.as_slice().iter().zip(b.as_slice()).map(|(a, b)| a.re * b.re + a.im * b.im).sum()
}

fn add_scaled(a: &mut Cells, scale: f64, b: &Cells) {
    for (a, b) in a.as_mut_slice().iter_mut().zip(b.as_slice()) {
        *a += b * scale;
    }
}
