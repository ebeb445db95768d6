//! Quasi-Newton steps on the residual of magnitudes.

use std::collections::VecDeque;

use num_complex::Complex;

use super::constraints::Constraints;
use super::projection::{Projection, SearchDirection};
use crate::TransformError;
use crate::inverse::{add_scaled, dot};

/// Last steps that the curvature is learnt from; 20 gain no more in some 150 steps.
const MEMORY: usize = 8;

/// Secant steps of the line search: the residual along a line is nearly a parabola.
const LINE_STEPS: usize = 3;

/// Share of the first slope at which a line's minimum is near enough.
const FLAT: f64 = 0.1;

/// Times the expected length that a step may take.
const LONGEST: f64 = 8.0;

/// One step and how the gradient changed along it.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    /// Their product.
    product: f64,
}

/// Limited-memory BFGS (Nocedal 1980; for phase retrieval Decorsiere, Sondergaard, `MacDonald` and
/// Dau 2015) on the squared distance of a signal's coefficients from what is wanted of them, ridge
/// included. Its first Hessian is the diagonal that preconditions least squares.
pub(super) struct Descent<'a> {
    constraints: Constraints<'a>,
    pairs: VecDeque<Pair>,
    /// The last step and the negative gradient before it.
    last: Option<(Vec<f64>, Vec<f64>)>,
    /// Curvature of the first Hessian over that found in the last step.
    scale: f64,
}

impl<'a> Descent<'a> {
    /// Has learnt nothing yet.
    pub(super) fn new(constraints: Constraints<'a>) -> Self {
        Self { constraints, pairs: VecDeque::new(), last: None, scale: 1.0 }
    }

    /// Takes one step; whether there was anything to gain.
    ///
    /// Cost: a forward and an adjoint transform.
    pub(super) fn step(&mut self, projection: &mut Projection<'_>) -> Result<bool, TransformError> {
        let constraints = self.constraints;
        let negative_gradient = projection.negative_gradient(|cell, value| constraints.nearest(cell, value) - value)?;
        self.learn(projection, &negative_gradient);
        let mut direction = self.direction(projection, &negative_gradient);
        let mut slope = dot(&direction, &negative_gradient);
        if slope.is_nan() || slope <= 0.0 {
            self.pairs.clear();
            self.scale = 1.0;
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
            let again = !self.pairs.is_empty();
            self.pairs.clear();
            self.scale = 1.0;
            return if again { self.step(projection) } else { Ok(false) };
        };
        projection.update(length);
        scale(&mut direction, length);
        self.last = Some((direction, negative_gradient));
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

    /// Takes in how the last step changed the gradient.
    fn learn(&mut self, projection: &mut Projection<'_>, negative_gradient: &[f64]) {
        let Some((step, before)) = self.last.take() else { return };
        let change: Vec<f64> = before.iter().zip(negative_gradient).map(|(before, now)| before - now).collect();
        let product = dot(&step, &change);
        if product > 0.0 {
            self.scale = product / dot(&change, &projection.preconditioned(&change));
            self.pairs.push_back(Pair { step, change, product });
            if self.pairs.len() > MEMORY {
                self.pairs.pop_front();
            }
        }
    }

    /// The two-loop recursion.
    fn direction(&self, projection: &mut Projection<'_>, negative_gradient: &[f64]) -> Vec<f64> {
        let mut left = negative_gradient.to_vec();
        let mut shares = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let share = dot(&pair.step, &left) / pair.product;
            add_scaled(&mut left, -share, &pair.change);
            shares.push(share);
        }
        let mut direction = projection.preconditioned(&left);
        scale(&mut direction, self.scale);
        for (pair, share) in self.pairs.iter().zip(shares.iter().rev()) {
            let back = dot(&pair.change, &direction) / pair.product;
            add_scaled(&mut direction, share - back, &pair.step);
        }
        direction
    }
}

fn scale(values: &mut [f64], by: f64) {
    for value in values {
        *value *= by;
    }
}

/// Where a slope that is `first` at 0 comes to 0, by the secant method; `None` if it does not fall.
/// A slope that grows says that there is more to gain further on.
fn line_minimum(first: f64, slope_at: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut last, mut now) = ((0.0, first), (1.0, slope_at(1.0)));
    for _ in 1..LINE_STEPS {
        if now.1.abs() < FLAT * first {
            break;
        }
        let grows = now.0 > last.0 && now.1 >= last.1;
        let next = if grows { 2.0 * now.0 } else { (last.0 * now.1 - now.0 * last.1) / (now.1 - last.1) };
        if !next.is_finite() || next <= 0.0 || next > LONGEST {
            break;
        }
        (last, now) = (now, (next, slope_at(next)));
    }
    let further = now.0 > last.0 && now.1 > 0.0;
    let best = if further || now.1.abs() <= last.1.abs() { now.0 } else { last.0 };
    (best > 0.0).then_some(best)
}
