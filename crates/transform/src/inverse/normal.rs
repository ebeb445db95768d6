//! The normal equations of regularised least squares, and the vectors of conjugate gradients on them.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::filter::SpectralFilter;
use super::noise::RowNoise;
use super::outside::Outside;
use super::prior::Diagonals;
use super::vectors::{add_scaled, dot};
use crate::TransformError;
use crate::analysis::{Analysis, Worker};

/// The vectors of the iteration. `ridged` is the ridge times `direction`, kept up by recurrence
/// so that it costs no FFT of its own.
pub(super) struct Steps {
    pub(super) z: Vec<f64>,
    ridged_z: Vec<f64>,
    pub(super) direction: Vec<f64>,
    ridged: Vec<f64>,
    pub(super) image: Vec<f64>,
}

impl Steps {
    pub(super) fn new(n: usize) -> Self {
        let zeros = || vec![0.0; n];
        Self { z: zeros(), ridged_z: zeros(), direction: zeros(), ridged: zeros(), image: zeros() }
    }

    pub(super) fn begin(&mut self) {
        self.direction.copy_from_slice(&self.z);
        self.ridged.copy_from_slice(&self.ridged_z);
    }

    /// `direction = z + ratio direction`.
    pub(super) fn turn(&mut self, ratio: f64) {
        let pairs = self.direction.iter_mut().zip(&self.z).chain(self.ridged.iter_mut().zip(&self.ridged_z));
        for (direction, z) in pairs {
            *direction = z + ratio * *direction;
        }
    }
}

/// `A^T G P G A + R`, with the gains `G = sqrt(W T)` and the projection `P` of [`Outside`], and its preconditioner.
pub(super) struct NormalEquations<'a> {
    plan: &'a dyn Analysis,
    outside: &'a Outside,
    diagonals: Diagonals,
    filter: SpectralFilter,
    coefficients: Plane<Complex<f64>>,
    worker: Box<dyn Worker + 'a>,
}

impl<'a> NormalEquations<'a> {
    pub(super) fn new(
        plan: &'a dyn Analysis,
        data: &Plane<Complex<f64>>,
        noise: &RowNoise,
        (weights, outside, below): (&[f64], &'a Outside, Option<f64>),
    ) -> Self {
        let filter = SpectralFilter::new(plan.samples());
        let frequencies: Vec<f64> = filter.frequencies().collect();
        let diagonals = Diagonals::weighed(plan, data, noise, (weights, below), &frequencies);
        let (bins, frames) = plan.shape();
        let coefficients = Plane::filled(bins, frames, Complex::default());
        Self { plan, outside, diagonals, filter, coefficients, worker: plan.worker() }
    }

    /// `A^T G P G c`.
    pub(super) fn right_side(&mut self, data: &Plane<Complex<f64>>) -> Result<Vec<f64>, TransformError> {
        self.coefficients.as_mut_slice().copy_from_slice(data.as_slice());
        self.outside.project(&mut self.coefficients);
        let mut out = vec![0.0; self.plan.samples()];
        self.worker.adjoint(&self.coefficients, &mut out)?;
        Ok(out)
    }

    /// `steps.image = (A^T G P G A + R) x`.
    pub(super) fn apply_to(&mut self, x: &[f64], steps: &mut Steps) -> Result<(), TransformError> {
        let ridge = &self.diagonals.ridge;
        self.filter.load(x);
        self.filter.product(|k| ridge[k], &mut steps.ridged);
        self.normal(x, &steps.ridged, &mut steps.image)
    }

    /// `steps.image = (A^T G P G A + R) direction`.
    pub(super) fn apply_to_direction(&mut self, steps: &mut Steps) -> Result<(), TransformError> {
        self.normal(&steps.direction, &steps.ridged, &mut steps.image)
    }

    fn normal(&mut self, x: &[f64], ridged: &[f64], image: &mut [f64]) -> Result<(), TransformError> {
        self.worker.forward(x, &mut self.coefficients)?;
        self.outside.project(&mut self.coefficients);
        self.worker.adjoint(&self.coefficients, image)?;
        add_scaled(image, 1.0, ridged);
        Ok(())
    }

    /// `residual^T M^-1 residual` without what lies below the lowest bin.
    pub(super) fn energy_within_bins(&mut self, residual: &[f64], steps: &mut Steps) -> f64 {
        let Diagonals { response, ridge } = &self.diagonals;
        let lowest = self.plan.channels().rows[0].centre_hz / self.plan.channels().sample_rate_hz;
        let first = self.filter.frequencies().take_while(|frequency| *frequency < lowest).count();
        self.filter.load(residual);
        self.filter.product(|k| if k < first { 0.0 } else { 1.0 / (response[k] + ridge[k]) }, &mut steps.z);
        dot(residual, &steps.z)
    }

    /// `steps.z = M^-1 residual` and the ridge times that.
    pub(super) fn precondition(&mut self, residual: &[f64], steps: &mut Steps) {
        let Diagonals { response, ridge } = &self.diagonals;
        self.filter.load(residual);
        self.filter.product(|k| 1.0 / (response[k] + ridge[k]), &mut steps.z);
        // Of the signal as it was cut to its length, or the equations are not symmetric and a large ridge diverges.
        self.filter.load(&steps.z);
        self.filter.product(|k| ridge[k], &mut steps.ridged_z);
    }
}
