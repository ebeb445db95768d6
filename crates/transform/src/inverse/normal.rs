//! The normal equations of regularised least squares, and conjugate gradients on them.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::filter::{SpectralFilter, below_bins_gain};
use super::metric::Metric;
use super::noise::RowNoise;
use super::outside::Outside;
use super::precision::Precision;
use super::prior::Diagonals;
use crate::TransformError;
use crate::analysis::{Analysis, Worker};
use crate::cg::System;
use crate::vectors::{add_scaled, dot, update_direction};

/// `A^T M A + R`, with the metric `M` of the data and the ridge `R`, and its preconditioner.
pub(super) struct NormalEquations<'a> {
    plan: &'a dyn Analysis,
    metric: Metric<'a>,
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
        whiten: bool,
    ) -> Self {
        let filter = SpectralFilter::new(plan.samples());
        let frequencies: Vec<f64> = filter.frequencies().collect();
        let mut diagonals = Diagonals::weighed(plan, data, noise, (weights, below), &frequencies);
        if whiten && below.is_none() {
            // Kinks at the ends tell of waves below the bins as well as of noise: what is known of those is known before.
            let lowest = plan.channels().centres()[0];
            for (response, frequency) in diagonals.response.iter_mut().zip(&frequencies) {
                *response /= 1.0 - below_bins_gain(*frequency, lowest);
            }
        }
        let precision = if whiten { precision(plan, weights, &diagonals, frequencies[1]) } else { None };
        if let Some(precision) = &precision {
            // Of the metric only so much is left where the signal is weak beside the noise that it takes for granted.
            let centres = plan.channels().centres();
            for (ridge, frequency) in diagonals.ridge.iter_mut().zip(&frequencies) {
                let row = centres.partition_point(|centre| centre < frequency).min(centres.len() - 1);
                *ridge /= precision.share(row);
            }
        }
        let metric = Metric::new(outside, precision);
        let (bins, frames) = plan.shape();
        let coefficients = Plane::filled(bins, frames, Complex::default());
        Self { plan, metric, diagonals, filter, coefficients, worker: plan.worker() }
    }

    /// `A^T M c`.
    pub(super) fn right_side(&mut self, data: &Plane<Complex<f64>>) -> Result<Vec<f64>, TransformError> {
        self.coefficients.as_mut_slice().copy_from_slice(data.as_slice());
        self.metric.apply(&mut self.coefficients);
        let mut out = vec![0.0; self.plan.samples()];
        self.worker.adjoint(&self.coefficients, &mut out)?;
        Ok(out)
    }

    /// `R x`.
    fn ridged(&mut self, x: &[f64], out: &mut [f64]) {
        let ridge = &self.diagonals.ridge;
        self.filter.load(x);
        self.filter.product(|k| ridge[k], out);
    }

    /// `image = (A^T M A + R) x`, `ridged` being `R x`.
    fn apply(&mut self, x: &[f64], ridged: &[f64], image: &mut [f64]) -> Result<(), TransformError> {
        self.worker.forward(x, &mut self.coefficients)?;
        self.metric.apply(&mut self.coefficients);
        self.worker.adjoint(&self.coefficients, image)?;
        add_scaled(image, 1.0, ridged);
        Ok(())
    }

    /// `z = M^-1 residual`.
    fn precondition(&mut self, residual: &[f64], z: &mut [f64]) {
        self.precondition_from(0, residual, z);
    }

    /// The same without what lies below the lowest bin.
    fn precondition_within_bins(&mut self, residual: &[f64], z: &mut [f64]) {
        let lowest = self.plan.channels().rows[0].centre_hz / self.plan.channels().sample_rate_hz;
        let first = self.filter.frequencies().take_while(|frequency| *frequency < lowest).count();
        self.precondition_from(first, residual, z);
    }

    fn precondition_from(&mut self, first: usize, residual: &[f64], z: &mut [f64]) {
        let Diagonals { response, ridge } = &self.diagonals;
        self.filter.load(residual);
        self.filter.product(|k| if k < first { 0.0 } else { 1.0 / (response[k] + ridge[k]) }, z);
    }
}

/// The data's precision under the envelope of what the bank hears, where rows are not weighed; `step`: how far frequencies
/// lie apart.
fn precision(plan: &dyn Analysis, weights: &[f64], diagonals: &Diagonals, step: f64) -> Option<Precision> {
    let nearest = |frequency: f64| ((frequency / step).round() as usize).min(diagonals.response.len() - 1);
    let centres = plan.channels().centres();
    let noise = |row: usize| diagonals.ridge[nearest(centres[row])] / diagonals.response[nearest(centres[row])];
    let is_plain = weights.iter().all(|weight| *weight == 1.0);
    is_plain.then(|| Precision::new(plan, |frequency| diagonals.response[nearest(frequency)], noise)).flatten()
}

/// Conjugate gradients on the normal equations. The ridge times `z` and times the direction are kept beside them, so
/// that the latter costs no FFT of its own.
pub(super) struct Steps<'a> {
    normal: NormalEquations<'a>,
    /// The solution so far.
    pub(super) x: Vec<f64>,
    residual: Vec<f64>,
    z: Vec<f64>,
    ridged_z: Vec<f64>,
    direction: Vec<f64>,
    ridged: Vec<f64>,
    image: Vec<f64>,
}

impl<'a> Steps<'a> {
    /// At a start, or at silence; and the energy within the bins that the gradient has at silence. To that a tolerance
    /// is relative: a warm start is not held to more, and loud sound below the bins does not end the work early.
    pub(super) fn at(
        mut normal: NormalEquations<'a>,
        data: &Plane<Complex<f64>>,
        start: Option<&[f64]>,
    ) -> Result<(Self, f64), TransformError> {
        let residual = normal.right_side(data)?;
        let [x, mut z, ridged_z, direction, ridged, image] = [(); 6].map(|()| vec![0.0; residual.len()]);
        normal.precondition_within_bins(&residual, &mut z);
        let first = dot(&residual, &z);
        let mut steps = Self { normal, x, residual, z, ridged_z, direction, ridged, image };
        if let Some(start) = start {
            steps.x.copy_from_slice(start);
            steps.normal.ridged(&steps.x, &mut steps.ridged);
            steps.normal.apply(&steps.x, &steps.ridged, &mut steps.image)?;
            add_scaled(&mut steps.residual, -1.0, &steps.image);
        }
        Ok((steps, first))
    }
}

impl System for Steps<'_> {
    fn precondition(&mut self) -> Result<f64, TransformError> {
        self.normal.precondition(&self.residual, &mut self.z);
        // Of the signal as it was cut to its length, or the equations are not symmetric and a large ridge diverges.
        self.normal.ridged(&self.z, &mut self.ridged_z);
        Ok(dot(&self.residual, &self.z))
    }

    fn update_direction(&mut self, ratio: f64) {
        update_direction(&mut self.direction, &self.z, ratio);
        update_direction(&mut self.ridged, &self.ridged_z, ratio);
    }

    fn image(&mut self) -> Result<f64, TransformError> {
        self.normal.apply(&self.direction, &self.ridged, &mut self.image)?;
        Ok(dot(&self.direction, &self.image))
    }

    fn step(&mut self, length: f64) {
        add_scaled(&mut self.x, length, &self.direction);
        add_scaled(&mut self.residual, -length, &self.image);
    }
}
