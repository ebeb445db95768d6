//! Quasi-Newton steps on the residual of magnitudes.

use num_complex::Complex;

use super::constraints::Constraints;
use super::curvature::{Curvature, line_minimum};
use super::projection::{Projection, SearchDirection};
use crate::TransformError;
use crate::vectors::dot;

/// Limited-memory BFGS (Nocedal 1980; for phase retrieval Decorsiere, Sondergaard, `MacDonald` and
/// Dau 2015) on the squared distance of a signal's coefficients from what is wanted of them, ridge
/// included. Its first Hessian is the diagonal that preconditions least squares.
pub(super) struct Descent<'a> {
    constraints: Constraints<'a>,
    curvature: Curvature,
}

impl<'a> Descent<'a> {
    /// Has learnt nothing yet.
    pub(super) fn new(constraints: Constraints<'a>) -> Self {
        Self { constraints, curvature: Curvature::new() }
    }

    /// Takes one step; whether there was anything to gain.
    ///
    /// Cost: a forward and an adjoint transform.
    pub(super) fn step(&mut self, projection: &mut Projection<'_>) -> Result<bool, TransformError> {
        let constraints = self.constraints;
        let negative_gradient = projection.negative_gradient(|cell, value| constraints.nearest(cell, value) - value)?;
        self.curvature.learn(&negative_gradient, |change| projection.preconditioned(change));
        let mut direction = self.curvature.direction(&negative_gradient, |left| projection.preconditioned(left));
        let mut slope = dot(&direction, &negative_gradient);
        if slope.is_nan() || slope <= 0.0 {
            self.curvature.forget();
            direction = projection.preconditioned(&negative_gradient);
            slope = dot(&direction, &negative_gradient);
        }
        if slope.is_nan() || slope <= 0.0 {
            return Ok(false);
        }
        let along = projection.search_along(direction.clone())?;
        let length =
            line_minimum(slope, |length| self.pull_along(&along, length) - along.ridge.0 - length * along.ridge.1);
        let Some(length) = length else {
            // What was learnt elsewhere can mislead; the gradient alone cannot.
            let again = self.curvature.is_known();
            self.curvature.forget();
            return if again { self.step(projection) } else { Ok(false) };
        };
        projection.update(length);
        self.curvature.took(direction, length, negative_gradient);
        Ok(true)
    }

    /// What the constraints gain along a line, per length.
    fn pull_along(&self, along: &SearchDirection<'_>, length: f64) -> f64 {
        let pull = |(cell, (value, image)): (usize, (&Complex<f64>, &Complex<f64>))| {
            let value = value + image * length;
            let pull = self.constraints.nearest(cell, value) - value;
            pull.re * image.re + pull.im * image.im
        };
        along.cells.iter().zip(along.image).enumerate().map(pull).sum()
    }
}
