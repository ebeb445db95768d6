//! The curvature of a residual, learnt from the steps that were taken on it.

use std::collections::VecDeque;

use crate::vectors::{add_scaled, dot};

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

/// Limited-memory BFGS (Nocedal 1980): the inverse Hessian by the last steps, over a first one that the caller applies.
pub(super) struct Curvature {
    pairs: VecDeque<Pair>,
    /// The last step and the negative gradient before it.
    last: Option<(Vec<f64>, Vec<f64>)>,
    /// Curvature of the first Hessian over that found in the last step.
    scale: f64,
}

impl Curvature {
    /// Has learnt nothing yet.
    pub(super) fn new() -> Self {
        Self { pairs: VecDeque::new(), last: None, scale: 1.0 }
    }

    /// Whether anything was learnt.
    pub(super) fn is_known(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// Forgets what was learnt.
    pub(super) fn forget(&mut self) {
        self.pairs.clear();
        self.scale = 1.0;
    }

    /// Keeps a step of `length` along `direction`, before which the negative gradient was this.
    pub(super) fn took(&mut self, mut direction: Vec<f64>, length: f64, negative_gradient: Vec<f64>) {
        scale(&mut direction, length);
        self.last = Some((direction, negative_gradient));
    }

    /// Takes in how the last step changed the gradient.
    pub(super) fn learn(&mut self, negative_gradient: &[f64], mut first: impl FnMut(&[f64]) -> Vec<f64>) {
        let Some((step, before)) = self.last.take() else { return };
        let change: Vec<f64> = before.iter().zip(negative_gradient).map(|(before, now)| before - now).collect();
        let product = dot(&step, &change);
        if product > 0.0 {
            self.scale = product / dot(&change, &first(&change));
            self.pairs.push_back(Pair { step, change, product });
            if self.pairs.len() > MEMORY {
                self.pairs.pop_front();
            }
        }
    }

    /// The search direction: the two-loop recursion, `first` being the first inverse Hessian.
    pub(super) fn direction(&self, negative_gradient: &[f64], first: impl FnOnce(&[f64]) -> Vec<f64>) -> Vec<f64> {
        let mut left = negative_gradient.to_vec();
        let mut shares = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let share = dot(&pair.step, &left) / pair.product;
            add_scaled(&mut left, -share, &pair.change);
            shares.push(share);
        }
        let mut direction = first(&left);
        scale(&mut direction, self.scale);
        for (pair, share) in self.pairs.iter().zip(shares.iter().rev()) {
            let back = dot(&pair.change, &direction) / pair.product;
            add_scaled(&mut direction, share - back, &pair.step);
        }
        direction
    }
}

/// Multiplies all values by a number.
pub(super) fn scale(values: &mut [f64], by: f64) {
    for value in values {
        *value *= by;
    }
}

/// Where a slope that is `first` at 0 comes to 0, by the secant method; `None` if it does not fall.
/// A slope that grows says that there is more to gain further on.
pub(super) fn line_minimum(first: f64, slope_at: impl Fn(f64) -> f64) -> Option<f64> {
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
