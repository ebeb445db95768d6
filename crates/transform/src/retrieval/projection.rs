//! Onto the coefficients that some signal has.

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::TransformError;
use crate::analysis::{Analysis, Cells, Part, Worker};
use crate::cg::{System, conjugate_gradients};
use crate::inverse::{Diagonals, RowNoise, SpectralFilter, carried, raised_cosine};
use crate::parallel::join;
use crate::vectors::{add_scaled, dot, update_direction};
use crate::watch::Stop;

/// The least-squares signal of coefficients that change little by little, and its own
/// coefficients.
pub(super) struct Projection<'a> {
    pub(super) plan: &'a dyn Analysis,
    diagonals: Diagonals,
    noise: RowNoise,
    filter: SpectralFilter,
    /// Frequency up to which the grid determines a signal.
    limit_hz: f64,
    /// Gain over frequency of what [`preconditioned`](Self::preconditioned) lets change.
    reach: Vec<f64>,
    worker: Box<dyn Worker + 'a>,
    /// The signal so far.
    pub(super) samples: Vec<f64>,
    /// Its coefficients.
    pub(super) cells: Cells,
    /// The ridge times the signal.
    ridged: Vec<f64>,
    /// Working memory.
    residual: Cells,
    image: Cells,
    gradient: Vec<f64>,
    z: Vec<f64>,
    direction: Vec<f64>,
    ridged_direction: Vec<f64>,
}

impl<'a> Projection<'a> {
    /// Starts at silence. `noise` sets the ridge as in [`crate::inverse::least_squares`].
    pub(super) fn new(plan: &'a dyn Analysis, magnitudes: &Cells, noise: &RowNoise) -> Self {
        Self::with_limit(plan, magnitudes, noise, carried(plan).limit_hz)
    }

    fn with_limit(plan: &'a dyn Analysis, magnitudes: &Cells, noise: &RowNoise, limit_hz: f64) -> Self {
        let filter = SpectralFilter::new(plan.samples());
        let frequencies: Vec<f64> = filter.frequencies().collect();
        let diagonals = Diagonals::new(plan, magnitudes, noise, &frequencies);
        let limit = limit_hz / plan.channels().sample_rate_hz;
        let reach = frequencies.iter().map(|f| reach(f / limit)).collect();
        let (bins, frames) = plan.shape();
        let cells = Plane::filled(bins, frames, Complex::default());
        let zeros = || vec![0.0; plan.samples()];
        Self {
            plan,
            diagonals,
            noise: noise.clone(),
            filter,
            limit_hz,
            reach,
            worker: plan.worker(),
            samples: zeros(),
            residual: cells.clone(),
            image: cells.clone(),
            cells,
            gradient: zeros(),
            z: zeros(),
            direction: zeros(),
            ridged: zeros(),
            ridged_direction: zeros(),
        }
    }

    /// The rows within the reach of magnitudes, at a rate of their own, where that is not all.
    pub(super) fn within_reach(&self) -> Option<Box<dyn Part + 'a>> {
        let rows = &self.plan.channels().rows;
        let within = rows.partition_point(|row| row.centre_hz <= self.limit_hz);
        self.plan.part(0..within.max(1)).filter(|part| part.rows().end < rows.len())
    }

    /// The same projection of a part that begins at the lowest row.
    pub(super) fn restricted<'b>(
        &self,
        part: &'b dyn Part,
        magnitudes: &Plane<f64>,
    ) -> Result<Projection<'b>, TransformError> {
        let plan = part.analysis();
        let (bins, frames) = plan.shape();
        let magnitudes = Plane::from_fn(bins, frames, |k, t| Complex::from(magnitudes[(k, t)]));
        let noise = RowNoise(self.noise.0[..bins].to_vec());
        let mut restricted = Projection::with_limit(plan, &magnitudes, &noise, self.limit_hz);
        restricted.set(part.restrict(&self.samples))?;
        Ok(restricted)
    }

    /// Adds what a [`restricted`](Self::restricted) projection, whose signal is now `found`, has changed.
    pub(super) fn prolong(&mut self, part: &dyn Part, found: &[f64]) -> Result<(), TransformError> {
        let mut change = found.to_vec();
        add_scaled(&mut change, -1.0, &part.restrict(&self.samples));
        let mut samples = part.prolong(&change);
        add_scaled(&mut samples, 1.0, &self.samples);
        self.set(samples)
    }

    fn set(&mut self, samples: Vec<f64>) -> Result<(), TransformError> {
        self.samples = samples;
        self.worker.forward(&self.samples, &mut self.cells)?;
        let ridge = &self.diagonals.ridge;
        self.filter.load(&self.samples);
        self.filter.product(|k| ridge[k], &mut self.ridged);
        Ok(())
    }

    /// Takes conjugate gradient steps from the signal so far towards the one that `target` asks for.
    ///
    /// Cost: a forward and an adjoint transform a step.
    pub(super) fn approach(&mut self, target: &Cells, steps: usize) -> Result<(), TransformError> {
        self.approach_until(target, steps, || false)
    }

    /// The same, ended early by the caller.
    pub(super) fn approach_until(
        &mut self,
        target: &Cells,
        steps: usize,
        mut stopped: impl FnMut() -> bool,
    ) -> Result<(), TransformError> {
        for ((residual, target), cell) in
            self.residual.as_mut_slice().iter_mut().zip(target.as_slice()).zip(self.cells.as_slice())
        {
            *residual = target - cell;
        }
        conjugate_gradients(self, steps, |_, energy| {
            if stopped() {
                return Some(Stop::Cancelled);
            }
            (energy.is_nan() || energy <= 0.0).then_some(Stop::Converged)
        })?;
        Ok(())
    }

    /// Half the negative gradient of the squared residual and the ridge, `pull(cell, value)` being the way from
    /// a cell's value to its target.
    ///
    /// Cost: an adjoint transform.
    pub(super) fn negative_gradient(
        &mut self,
        pull: impl Fn(usize, Complex<f64>) -> Complex<f64>,
    ) -> Result<Vec<f64>, TransformError> {
        for (index, (residual, cell)) in self.residual.as_mut_slice().iter_mut().zip(self.cells.as_slice()).enumerate()
        {
            *residual = pull(index, *cell);
        }
        self.worker.adjoint(&self.residual, &mut self.gradient)?;
        Ok(self.gradient.iter().zip(&self.ridged).map(|(gradient, ridged)| gradient - ridged).collect())
    }

    /// A gradient over the diagonal of the normal equations, within the reach of magnitudes.
    pub(super) fn preconditioned(&mut self, gradient: &[f64]) -> Vec<f64> {
        let Diagonals { response, ridge } = &self.diagonals;
        let reach = &self.reach;
        let mut out = vec![0.0; gradient.len()];
        self.filter.load(gradient);
        self.filter.product(|k| reach[k] / (response[k] + ridge[k]), &mut out);
        out
    }

    /// Takes a direction, its image and its product with the ridge.
    ///
    /// Cost: a forward transform.
    pub(super) fn search_along(&mut self, direction: Vec<f64>) -> Result<SearchDirection<'_>, TransformError> {
        self.direction = direction;
        self.take_image()?;
        Ok(SearchDirection {
            cells: self.cells.as_slice(),
            image: self.image.as_slice(),
            ridge: (dot(&self.direction, &self.ridged), dot(&self.direction, &self.ridged_direction)),
        })
    }

    /// Moves along the direction last searched.
    pub(super) fn update(&mut self, length: f64) {
        add_scaled(&mut self.samples, length, &self.direction);
        add_scaled(&mut self.ridged, length, &self.ridged_direction);
        add_scaled(self.cells.as_mut_slice(), length, self.image.as_slice());
    }

    /// The direction's image and its product with the ridge, side by side.
    fn take_image(&mut self) -> Result<(), TransformError> {
        let Self { worker, direction, image, filter, diagonals, ridged_direction, .. } = self;
        let ridge = &diagonals.ridge;
        let forward = || worker.forward(direction, image);
        let ridged = || {
            filter.load(direction);
            filter.product(|k| ridge[k], ridged_direction);
        };
        join(forward, ridged).0
    }
}

/// The normal equations `(A^T A + R) x = A^T c`. The residual of `c` is kept up in place of theirs, since the next target
/// begins from it.
impl System for Projection<'_> {
    fn precondition(&mut self) -> Result<f64, TransformError> {
        self.worker.adjoint(&self.residual, &mut self.gradient)?;
        add_scaled(&mut self.gradient, -1.0, &self.ridged);
        let Diagonals { response, ridge } = &self.diagonals;
        self.filter.load(&self.gradient);
        self.filter.product(|k| 1.0 / (response[k] + ridge[k]), &mut self.z);
        Ok(dot(&self.gradient, &self.z))
    }

    fn update_direction(&mut self, ratio: f64) {
        update_direction(&mut self.direction, &self.z, ratio);
    }

    fn image(&mut self) -> Result<f64, TransformError> {
        self.take_image()?;
        let ridged = dot(&self.direction, &self.ridged_direction);
        Ok(ridged + self.image.as_slice().iter().map(Complex::norm_sqr).sum::<f64>())
    }

    fn step(&mut self, length: f64) {
        self.update(length);
        add_scaled(self.residual.as_mut_slice(), -length, self.image.as_slice());
    }
}

/// A direction, seen from where a [`Projection`] is.
pub(super) struct SearchDirection<'a> {
    pub(super) cells: &'a [Complex<f64>],
    /// The direction's coefficients.
    pub(super) image: &'a [Complex<f64>],
    /// The ridge between direction and signal, and between direction and itself.
    pub(super) ridge: (f64, f64),
}

/// Gain of what may be changed to meet magnitudes alone, over a frequency as a share of the grid's limit.
///
/// A magnitude is one number and a coefficient two, so magnitudes tell a signal from others only
/// where there are twice the coefficients that it takes: up to half the grid's limit. From there
/// it falls as a raised cosine over log frequency, to 0 at the limit. Above, signals that meet the
/// magnitudes ever better come no nearer to the sound.
fn reach(share_of_limit: f64) -> f64 {
    raised_cosine(1.0 + share_of_limit.log2())
}
