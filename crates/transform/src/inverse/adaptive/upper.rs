//! The part of a grid that lies above the crossover.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::crossover::Crossover;
use super::windows::LEAST_FRAMES;
use crate::TransformError;
use crate::analysis::{Analysis, Part};
use crate::inverse::interval::Intervals;

/// The octaves of a plan that the prior has to help, and the noise of their cells.
pub(super) struct Upper<'a> {
    whole: &'a dyn Analysis,
    /// The rows, where they are not all.
    part: Option<Box<dyn Part + 'a>>,
    /// Half the noise variance of each cell; infinite where a cell is not held to the data.
    pub(super) noise: Plane<f64>,
    first_row: usize,
}

impl<'a> Upper<'a> {
    /// `noise`: mean square error of each cell of the whole grid.
    pub(super) fn new(
        plan: &'a dyn Analysis,
        data: &Plane<Complex<f64>>,
        noise: &Plane<f64>,
        trust: Option<&Plane<f64>>,
        crossover: &Crossover,
    ) -> Self {
        let first_bin = crossover.first_bin(plan);
        let (bins, frames) = plan.shape();
        let part = plan.part(first_bin.min(bins - 1)..bins);
        let first_row = part.as_ref().map_or(0, |part| part.rows().start);
        let loudest = data.as_slice().iter().map(Complex::norm_sqr).fold(0.0, f64::max);
        let noise = Plane::from_fn(bins - first_row, frames, |k, t| {
            let cell = (first_row + k, t);
            let trust = trust.map_or(1.0, |trust| trust[cell]);
            // Rows below the crossover are not held to the data: the linear solution answers for them.
            if cell.0 < first_bin || trust <= 0.0 {
                f64::INFINITY
            } else {
                (0.5 * noise[cell] / trust).max(f64::EPSILON * f64::EPSILON * loudest).max(f64::MIN_POSITIVE)
            }
        });
        Self { whole: plan, part, noise, first_row }
    }

    /// The analysis of those rows.
    pub(super) fn plan(&self) -> &dyn Analysis {
        self.part.as_ref().map_or(self.whole, |part| part.analysis())
    }

    /// Whether there are twice as many numbers as a part of the signal has, which fewer would explain away, and frames
    /// enough that its advance from one to the next tells anything.
    pub(super) fn can_tell(&self, unknowns: f64) -> bool {
        let (rows, frames) = self.noise.shape();
        frames >= LEAST_FRAMES && (rows * frames) as f64 >= unknowns
    }

    /// What a signal leaves unexplained of the data.
    pub(super) fn left_by(&self, x: &[f64], data: &Plane<Complex<f64>>) -> Result<Plane<Complex<f64>>, TransformError> {
        let made = self.plan().forward(x)?;
        let (rows, frames) = self.plan().shape();
        Ok(Plane::from_fn(rows, frames, |k, t| {
            let held = self.noise[(k, t)].is_finite();
            if held { data[(self.first_row + k, t)] - made[(k, t)] } else { Complex::default() }
        }))
    }

    /// The whole grid's data, moved within their ranges towards what an estimate makes of these rows.
    pub(super) fn nearest(
        &self,
        intervals: &Intervals,
        data: &Plane<Complex<f64>>,
        estimate: &[f64],
    ) -> Result<Plane<Complex<f64>>, TransformError> {
        let made = self.plan().forward(estimate)?;
        let whole = Plane::from_fn(data.rows(), data.columns(), |row, t| match row.checked_sub(self.first_row) {
            Some(k) => made[(k, t)],
            None => data[(row, t)],
        });
        Ok(intervals.nearest(data, &whole))
    }
}
