//! Quasi-Newton steps on the distance of what is seen of a signal from what is wanted.

use photophone_spectrum::Plane;

use super::line::Line;
use super::misfit::Misfit;
use crate::TransformError;
use crate::analysis::{Analysis, Cells, Worker};
use crate::retrieval::curvature::{Curvature, line_minimum, scale};
use crate::vectors::{add_scaled, dot};

/// Share of what is wanted below which a residual is rounding.
const ROUNDING: f64 = 1e-7;

/// Limited-memory BFGS (Nocedal 1980) on a signal through its analysis and a map of the coefficients' powers.
pub(super) struct ObservedDescent<'a> {
    misfit: Misfit<'a>,
    worker: Box<dyn Worker + 'a>,
    samples: Vec<f64>,
    /// The signal's coefficients and the sums over them.
    cells: Cells,
    sums: Plane<f64>,
    /// Coefficients of the direction.
    image: Cells,
    curvature: Curvature,
    /// Norm of what is wanted.
    whole: f64,
}

impl<'a> ObservedDescent<'a> {
    /// At `samples`, having learnt nothing yet.
    pub(super) fn new(plan: &'a dyn Analysis, misfit: Misfit<'a>, samples: Vec<f64>) -> Result<Self, TransformError> {
        let cells = plan.forward(&samples)?;
        let sums = misfit.sums(&cells)?;
        let wanted = misfit.seen.values.as_slice();
        let whole = dot(wanted, wanted).sqrt().max(f64::MIN_POSITIVE);
        let (image, curvature) = (cells.clone(), Curvature::new());
        Ok(Self { misfit, worker: plan.worker(), samples, cells, sums, image, curvature, whole })
    }

    /// The distance as a share of what is wanted.
    pub(super) fn share_left(&self) -> f64 {
        self.misfit.squared(&self.sums).sqrt() / self.whole
    }

    pub(super) fn into_samples(self) -> Vec<f64> {
        self.samples
    }

    /// Takes one step; whether there was anything to gain. Cost: a forward and an adjoint transform.
    pub(super) fn step(&mut self) -> Result<bool, TransformError> {
        if self.share_left() < ROUNDING {
            return Ok(false);
        }
        let mut downhill = vec![0.0; self.samples.len()];
        self.worker.adjoint(&self.misfit.negative_gradient(&self.cells, &self.sums)?, &mut downhill)?;
        self.curvature.learn(&downhill, <[f64]>::to_vec);
        let known = self.curvature.is_known();
        let direction = self.curvature.direction(&downhill, <[f64]>::to_vec);
        if known && self.go(direction, &downhill, true)? {
            return Ok(true);
        }
        // What was learnt elsewhere can mislead; the gradient alone cannot.
        self.curvature.forget();
        self.go(downhill.clone(), &downhill, false)
    }

    /// Goes to the minimum along a direction; whether that lies ahead. The length expected is 1, or the one that Gauss and
    /// Newton give.
    fn go(&mut self, mut direction: Vec<f64>, downhill: &[f64], expects_one: bool) -> Result<bool, TransformError> {
        let mut slope = dot(&direction, downhill);
        if slope.is_nan() || slope <= 0.0 {
            return Ok(false);
        }
        self.worker.forward(&direction, &mut self.image)?;
        let misfit = self.misfit;
        if !expects_one {
            let line = Line::new(&misfit, (&self.cells, &self.sums), &self.image)?;
            let expected = slope / line.curvature(&misfit)?;
            if !(expected.is_finite() && expected > 0.0) {
                return Ok(false);
            }
            scale(&mut direction, expected);
            for value in self.image.as_mut_slice() {
                *value *= expected;
            }
            slope *= expected;
        }
        let line = Line::new(&misfit, (&self.cells, &self.sums), &self.image)?;
        let Some(length) = line_minimum(slope, |length| line.slope(&misfit, length).unwrap_or(f64::NAN)) else {
            return Ok(false);
        };
        add_scaled(&mut self.samples, length, &direction);
        for (cell, image) in self.cells.as_mut_slice().iter_mut().zip(self.image.as_slice()) {
            *cell += image * length;
        }
        self.sums = misfit.sums(&self.cells)?;
        self.curvature.took(direction, length, downhill.to_vec());
        Ok(true)
    }
}
