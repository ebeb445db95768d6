//! How samples are found, and what finding them gives.

use photophone_spectrum::Plane;

use super::method::Inverse;
use crate::inverse::Solution;
use crate::retrieval::PhaseMethod;

/// How samples are found.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolveOptions {
    /// Which inverse.
    pub inverse: Inverse,
    /// Takes each magnitude for the centre of its range; else the inverse may move within the range. For comparison.
    pub centres: bool,
    /// How phase that is not known is found.
    pub phase_method: PhaseMethod,
    /// Where random phases start.
    pub seed: u64,
}

/// The samples, and what solving for them told.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The samples; the residual is that of the magnitudes alone where most of the phase had to be found.
    pub solution: Solution,
    /// Mean square error of each cell, where the residual told of more than was expected.
    pub noise: Option<Plane<f64>>,
    /// The sound of the cells with phase alone, where others have lost theirs.
    pub of_known: Option<Vec<f64>>,
}

impl Solved {
    pub(crate) fn new(solution: Solution, noise: Option<Plane<f64>>) -> Self {
        Self { solution, noise, of_known: None }
    }

    /// The sound that coefficients with phase are compared with: that of the cells with phase alone, where some have none.
    pub fn fit(&self) -> &[f64] {
        self.of_known.as_deref().unwrap_or(&self.solution.samples)
    }
}
