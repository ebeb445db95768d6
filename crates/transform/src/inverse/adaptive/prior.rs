//! The prior: what windows of several lengths have learnt of the signal, each where it fits.

use photophone_spectrum::Plane;

use super::component::{Above, Component};
use super::crossover::Crossover;
use super::frame::TightFrame;
use super::gram::Gram;
use super::tonality::Belief;
use super::windows::{Window, usual};
use crate::analysis::Analysis;
use crate::vectors::add_scaled;

/// A covariance `P`, the sum of those of its components.
pub(super) struct LocalPrior {
    components: Vec<Component>,
    /// Of the usual window.
    usual: TightFrame,
}

impl LocalPrior {
    /// For the rows of a plan and windows that share it. Expects nothing yet, and nothing that the rows hardly hear where
    /// sound `above` them is not looked for.
    pub(super) fn new(plan: &dyn Analysis, crossover: &Crossover, windows: Vec<Window>, above: Above) -> Self {
        let components = windows.into_iter().map(|window| Component::new(plan, crossover, window, above)).collect();
        Self { components, usual: usual(plan) }
    }

    /// Takes the weights from a first estimate of the signal.
    pub(super) fn begin(&mut self, x: &[f64]) {
        self.components.iter_mut().for_each(|component| component.begin(x));
    }

    /// Takes the weights from the estimate that was found under those before, with their Gram matrices.
    pub(super) fn learn(&mut self, x: &[f64], gram: &Gram) {
        self.components.iter_mut().for_each(|component| component.learn(x, gram));
    }

    /// How far a signal is spread over the local spectrum: the mean of `|z|^b`, least where partials and clicks stand
    /// out most. Frames overlap alike whatever their window, so it compares windows too, and what was looked for.
    pub(super) fn spread_of(&self, x: &[f64]) -> f64 {
        self.components.iter().map(|component| component.spread_of(x)).sum()
    }

    /// How far what is learnt is to be believed of a signal whose linear solution this is; `of_noise` is that of
    /// white noise.
    pub(super) fn belief_in(&self, linear: &[f64], of_noise: &[f64]) -> Belief {
        let frequencies: Vec<f64> = (0..self.usual.shape().1).map(|bin| self.usual.frequency_from_bin(bin)).collect();
        Belief::from_powers(&self.usual.powers(linear), &self.usual.powers(of_noise), &frequencies)
    }

    /// `P y`.
    pub(super) fn apply(&self, y: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; y.len()];
        for component in &self.components {
            add_scaled(&mut sum, 1.0, &component.apply(y));
        }
        sum
    }

    /// What the rows of each frame of a plan are expected to have in common; `noise` is half the noise variance of each
    /// cell, infinite where there are no data.
    pub(super) fn gram(&self, plan: &dyn Analysis, noise: &Plane<f64>) -> Gram {
        let expected: Vec<_> = self.components.iter().map(Component::expected).collect();
        Gram::new(plan, &expected, noise)
    }
}

#[cfg(test)]
mod tests {
    use num_complex::Complex;

    use super::*;
    use crate::testing::noise;
    use crate::{Cqt, CqtParams};

    #[test]
    fn expects_of_white_noise_what_the_transform_shows() {
        let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let plan = Cqt::new(&params, 200_000).unwrap();
        let crossover = Crossover::new(&plan).unwrap();
        let x = noise(200_000, 11);
        let mut prior = LocalPrior::new(&plan, &crossover, vec![Window::alone(usual(&plan))], Above::Free);
        prior.begin(&x);
        let gram = prior.gram(&plan, &plan.forward(&x).unwrap().map(|_| 0.0));
        let shown = plan.forward(&x).unwrap();
        for row in 70..80 {
            let expected: f64 = (0..plan.shape().1).map(|t| 2.0 * of_cell(&plan, &gram, (row, t))[(row, t)].re).sum();
            let ratio = expected / shown.row(row).iter().map(Complex::norm_sqr).sum::<f64>();
            assert!((0.8..1.25).contains(&ratio), "row {row}: {ratio}");
        }
    }

    /// One cell's column of the Gram matrices.
    fn of_cell(plan: &Cqt, gram: &Gram, cell: (usize, usize)) -> Plane<Complex<f64>> {
        let (rows, frames) = plan.shape();
        let unit = Plane::from_fn(rows, frames, |k, t| Complex::from(f64::from(u8::from((k, t) == cell))));
        gram.multiply(&unit)
    }

    #[test]
    fn the_gram_matrix_is_what_transforming_the_prior_gives() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 40_000).unwrap();
        let crossover = Crossover::new(&plan).unwrap();
        let mut prior = LocalPrior::new(&plan, &crossover, vec![Window::alone(usual(&plan))], Above::Silent);
        prior.begin(&noise(40_000, 3));
        let (rows, frames) = plan.shape();
        let gram = prior.gram(&plan, &Plane::filled(rows, frames, 0.0));
        let cell = (76, 40);
        let unit = Plane::from_fn(rows, frames, |k, t| Complex::from(f64::from(u8::from((k, t) == cell))));
        let naive = plan.forward(&prior.apply(&plan.adjoint(&unit).unwrap())).unwrap();
        let found = of_cell(&plan, &gram, cell);
        let whole = naive[cell].norm();
        for row in 70..82 {
            let off = (found[(row, cell.1)] - naive[(row, cell.1)]).norm() / whole;
            assert!(off < 0.08, "row {row}: {} for {}", found[(row, cell.1)], naive[(row, cell.1)]);
        }
    }
}
