//! How phase is retrieved.

use std::fmt;
use std::str::FromStr;

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::TransformError;
use crate::acceleration::ACCELERATION;
use crate::analysis::Analysis;

/// Where the phase comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhaseMethod {
    /// Heap integration alone.
    HeapIntegration,
    /// Griffin-Lim from random phase, as librosa does.
    GriffinLim,
    /// Griffin-Lim from heap integration.
    #[default]
    Refined,
}

impl fmt::Display for PhaseMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HeapIntegration => "heap",
            Self::GriffinLim => "griffin-lim",
            Self::Refined => "refined",
        })
    }
}

impl FromStr for PhaseMethod {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::HeapIntegration, Self::GriffinLim, Self::Refined];
        all.into_iter().find(|method| method.to_string() == text).ok_or_else(|| TransformError::Parameter {
            name: "phase-method",
            found: format!("'{text}'"),
            expected: "heap, griffin-lim or refined".to_owned(),
        })
    }
}

/// How [`retrieve`](super::retrieve::retrieve) works.
#[derive(Clone, Copy, Debug)]
pub struct RetrieveOptions<'a> {
    /// Where the phase comes from. Default: refined.
    pub method: PhaseMethod,
    /// Rounds of Griffin-Lim; as many of quasi-Newton steps follow, or of Griffin-Lim where the analysis has an exact
    /// inverse. Default: 25.
    pub iterations: usize,
    /// Most iterations in all: first steps, rounds, and the solves at the end. Default: no limit but those of each.
    pub most: usize,
    /// Whether what the grid undersamples is estimated with a prior learnt from the signal. Default: true.
    pub adaptive: bool,
    /// Where random phases start. Default: 0.
    pub seed: u64,
    /// Weight of the last change that Griffin-Lim runs ahead with, 0 or more. Default: [`ACCELERATION`].
    pub momentum: f64,
    /// Phase to start from instead of one that `method` finds, bins by frames; its moduli are not looked at.
    /// Default: none.
    pub start: Option<&'a Plane<Complex<f64>>>,
}

impl Default for RetrieveOptions<'_> {
    fn default() -> Self {
        let method = PhaseMethod::default();
        Self { method, iterations: 25, most: usize::MAX, adaptive: true, seed: 0, momentum: ACCELERATION, start: None }
    }
}

impl RetrieveOptions<'_> {
    /// Rounds of all kinds, where no solve follows them.
    pub(super) fn rounds(&self) -> usize {
        self.iterations.saturating_mul(2).min(self.most)
    }

    pub(super) fn check(&self, plan: &dyn Analysis) -> Result<(), TransformError> {
        if let Some(start) = self.start {
            plan.check_shape("the phase to start from", start.shape())?;
            if let Some(index) = start.as_slice().iter().position(|value| !value.is_finite()) {
                return Err(TransformError::NotFinite { what: "the phase to start from", index });
            }
        }
        if self.momentum.is_finite() && self.momentum >= 0.0 {
            return Ok(());
        }
        Err(TransformError::Parameter {
            name: "momentum",
            found: self.momentum.to_string(),
            expected: "0 or more, and less than 1 to settle".to_owned(),
        })
    }
}
