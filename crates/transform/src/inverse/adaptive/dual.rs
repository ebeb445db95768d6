//! The most likely signal under a prior, solved for in the space of the data.

use num_complex::Complex;
use photophone_spectrum::Plane;

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
        let mut q = std::mem::replace(&mut self.q, Plane::filled(0, 0, Complex::default()));
        let mut residual = data.clone();
        if self.diagonal.is_some() {
            self.apply(prior, &q)?;
            add_scaled(&mut residual, -1.0, &self.cells);
        }
        let whole = dot(data, &divided(data, &diagonal));
        let mut z = divided(&residual, &diagonal);
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
            z = divided(&residual, &diagonal);
            let next = dot(&residual, &z);
            let ratio = next / energy;
            for (direction, z) in direction.as_mut_slice().iter_mut().zip(z.as_slice()) {
                *direction = z + *direction * ratio;
            }
            energy = next;
            taken += 1;
        }
        self.diagonal = Some(diagonal);
        self.worker.adjoint(&q, &mut self.samples)?;
        self.q = q;
        Ok(Some(Round { samples: prior.apply(&self.samples), steps: taken }))
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

/// `cells / diagonal`, zero where that is infinite.
fn divided(cells: &Cells, diagonal: &Plane<f64>) -> Cells {
    let (rows, frames) = cells.shape();
    Plane::from_fn(rows, frames, |k, t| cells[(k, t)] / diagonal[(k, t)].max(f64::MIN_POSITIVE))
}

fn dot(a: &Cells, b: &Cells) -> f64 {
    a.as_slice().iter().zip(b.as_slice()).map(|(a, b)| a.re * b.re + a.im * b.im).sum()
}

fn add_scaled(a: &mut Cells, scale: f64, b: &Cells) {
    for (a, b) in a.as_mut_slice().iter_mut().zip(b.as_slice()) {
        *a += b * scale;
    }
}
