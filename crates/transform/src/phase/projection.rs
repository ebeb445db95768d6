//! Onto the coefficients that some signal has.

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::cqt::Scratch;
use crate::inverse::{Diagonals, RowNoise, SpectralFilter};
use crate::{Cqt, TransformError};

type Cells = Plane<Complex<f64>>;

/// The least-squares signal of coefficients that change little by little, and its own
/// coefficients.
pub(super) struct Projection<'a> {
    plan: &'a Cqt,
    diagonals: Diagonals,
    filter: SpectralFilter,
    scratch: Scratch,
    /// The signal so far.
    pub(super) samples: Vec<f64>,
    /// Its coefficients.
    pub(super) cells: Cells,
    /// Working memory.
    misfit: Cells,
    image: Cells,
    gradient: Vec<f64>,
    z: Vec<f64>,
    direction: Vec<f64>,
    ridged: Vec<f64>,
}

impl<'a> Projection<'a> {
    /// Starts at silence. `noise` sets the ridge as in [`crate::inverse::least_squares`].
    pub(super) fn new(plan: &'a Cqt, magnitudes: &Cells, noise: &RowNoise) -> Self {
        let filter = SpectralFilter::new(plan.samples());
        let frequencies: Vec<f64> = filter.frequencies().collect();
        let diagonals = Diagonals::new(plan, magnitudes, noise, &frequencies);
        let (bins, frames) = plan.shape();
        let cells = Plane::filled(bins, frames, Complex::default());
        let zeros = || vec![0.0; plan.samples()];
        Self {
            plan,
            diagonals,
            filter,
            scratch: Scratch::default(),
            samples: zeros(),
            misfit: cells.clone(),
            image: cells.clone(),
            cells,
            gradient: zeros(),
            z: zeros(),
            direction: zeros(),
            ridged: zeros(),
        }
    }

    /// Takes conjugate gradient steps from the signal so far towards the one that `wanted` asks for.
    ///
    /// Cost: a forward and an adjoint transform a step.
    pub(super) fn approach(&mut self, wanted: &Cells, steps: usize) -> Result<(), TransformError> {
        self.approach_weighted(wanted, steps, |_, value| value)
    }

    /// The same with each cell's misfit weighted: `weigh(cell, value)` is a symmetric, positive
    /// map of the cell's plane.
    pub(super) fn approach_weighted(
        &mut self,
        wanted: &Cells,
        steps: usize,
        weigh: impl Fn(usize, Complex<f64>) -> Complex<f64>,
    ) -> Result<(), TransformError> {
        for ((misfit, wanted), cell) in
            self.misfit.as_mut_slice().iter_mut().zip(wanted.as_slice()).zip(self.cells.as_slice())
        {
            *misfit = wanted - cell;
        }
        for (cell, misfit) in self.misfit.as_mut_slice().iter_mut().enumerate() {
            *misfit = weigh(cell, *misfit);
        }
        let mut last = 0.0;
        for step in 0..steps {
            self.plan.adjoint_into(&self.misfit, &mut self.gradient, &mut self.scratch)?;
            self.regularise();
            let energy = dot(&self.gradient, &self.z);
            if energy.is_nan() || energy <= 0.0 {
                break;
            }
            let ratio = if step == 0 { 0.0 } else { energy / last };
            last = energy;
            for (direction, z) in self.direction.iter_mut().zip(&self.z) {
                *direction = z + ratio * *direction;
            }
            self.plan.forward_into(&self.direction, &mut self.image, &mut self.scratch)?;
            let ridge = &self.diagonals.ridge;
            self.filter.load(&self.direction);
            self.filter.product(|k| ridge[k], &mut self.ridged);
            let mut curvature = dot(&self.direction, &self.ridged);
            for (cell, image) in self.image.as_slice().iter().enumerate() {
                let weighed = weigh(cell, *image);
                curvature += image.re * weighed.re + image.im * weighed.im;
            }
            let length = energy / curvature;
            if !length.is_finite() {
                break;
            }
            for (sample, direction) in self.samples.iter_mut().zip(&self.direction) {
                *sample += length * direction;
            }
            let cells = self.cells.as_mut_slice().iter_mut().zip(self.misfit.as_mut_slice());
            for (index, ((cell, misfit), image)) in cells.zip(self.image.as_slice()).enumerate() {
                *cell += image * length;
                *misfit -= weigh(index, *image) * length;
            }
        }
        Ok(())
    }

    /// Takes the ridge's part off the gradient and preconditions it.
    fn regularise(&mut self) {
        let Diagonals { response, ridge } = &self.diagonals;
        self.filter.load(&self.samples);
        self.filter.product(|k| ridge[k], &mut self.ridged);
        for (gradient, ridged) in self.gradient.iter_mut().zip(&self.ridged) {
            *gradient -= ridged;
        }
        self.filter.load(&self.gradient);
        self.filter.product(|k| 1.0 / (response[k] + ridge[k]), &mut self.z);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
