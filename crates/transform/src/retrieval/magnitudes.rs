//! What is known before the phase is: magnitudes, and perhaps some of the phase.

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::TransformError;
use crate::analysis::Analysis;
use crate::error::{MAGNITUDE, TRUST, check_range};
use crate::inverse::Intervals;

/// Trust from which a phase is kept as it is: more likely right than wrong.
pub const KEPT_TRUST: f64 = 0.5;

/// The magnitudes of a plan's coefficients, bins by frames.
#[derive(Clone, Copy, Debug)]
pub struct Magnitudes<'a> {
    /// The likeliest magnitude of each cell, 0 or more.
    pub values: &'a Plane<f64>,
    /// What each cell can have, where it is not known exactly: a quantiser's step. A cell that is not
    /// known at all has 0 as its least and infinity as its largest.
    pub intervals: Option<&'a Intervals>,
}

/// Phase that is known beforehand.
#[derive(Clone, Copy, Debug)]
pub struct KnownPhase<'a> {
    /// Phasors, bins by frames; their modulus is not looked at.
    pub phasors: &'a Plane<Complex<f64>>,
    /// Trust in each, 0 to 1. Those of [`KEPT_TRUST`] or more are kept, the others not used.
    pub trust: &'a Plane<f64>,
}

impl<'a> Magnitudes<'a> {
    /// Magnitudes that are exact.
    pub fn exact(values: &'a Plane<f64>) -> Self {
        Self { values, intervals: None }
    }

    /// The magnitude nearest to `magnitude` that a cell can have; `cell` counts row by row.
    pub(super) fn nearest(&self, cell: usize, magnitude: f64) -> f64 {
        let value = self.values.as_slice()[cell];
        self.intervals.map_or(value, |intervals| intervals.nearest_magnitude(cell, magnitude))
    }

    /// Whether anything is known of a cell; `cell` counts row by row.
    pub(super) fn is_known(&self, cell: usize) -> bool {
        self.intervals
            .is_none_or(|intervals| intervals.low.as_slice()[cell] > 0.0 || intervals.high.as_slice()[cell].is_finite())
    }

    pub(super) fn check(&self, plan: &dyn Analysis) -> Result<(), TransformError> {
        plan.check_shape("the magnitudes", self.values.shape())?;
        check_range("the magnitudes", self.values.as_slice(), MAGNITUDE)?;
        self.intervals.map_or(Ok(()), |intervals| intervals.check(plan))
    }
}

impl KnownPhase<'_> {
    /// The phasor of a cell, if it is to be kept; `cell` counts row by row.
    pub(super) fn kept(&self, cell: usize) -> Option<Complex<f64>> {
        let phasor = self.phasors.as_slice()[cell];
        let modulus = phasor.norm();
        (self.trust.as_slice()[cell] >= KEPT_TRUST && modulus > 0.0).then(|| phasor / modulus)
    }

    pub(super) fn check(&self, plan: &dyn Analysis) -> Result<(), TransformError> {
        plan.check_shape("the known phase", self.phasors.shape())?;
        plan.check_shape("the trust in the phase", self.trust.shape())?;
        if let Some(index) = self.phasors.as_slice().iter().position(|value| !value.is_finite()) {
            return Err(TransformError::NotFinite { what: "the known phase", index });
        }
        check_range("the trust in the phase (`mask`)", self.trust.as_slice(), TRUST)
    }
}
