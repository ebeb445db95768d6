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
    /// Where the signal was cut out of a longer one.
    pub cut: Cut,
}

/// What of a signal that was cut out of a longer one is solved for as context alone: what lies beyond is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Samples of context at the beginning. Default: 0, a true end.
    pub head: usize,
    /// Samples of context at the end. Default: 0, a true end.
    pub tail: usize,
    /// Whether sound below the bins is looked for between two cuts, where next to nothing is heard of it. Default: false.
    pub below: bool,
}

impl Cut {
    /// Whether both ends are true ones.
    pub(super) fn is_none(self) -> bool {
        self.head == 0 && self.tail == 0
    }

    /// Whether the signal has no sound below the bins: it has no true end, where that would be heard, and none is looked for.
    pub(super) fn is_bound(self) -> bool {
        self.head > 0 && self.tail > 0 && !self.below
    }

    /// What of a signal at another rate is no context; `rates` is the signal's own rate over that.
    pub(crate) fn inside(self, samples: &[f64], rates: f64) -> &[f64] {
        let at_rate = |count: usize| (count as f64 / rates) as usize;
        let end = samples.len().saturating_sub(at_rate(self.tail));
        &samples[at_rate(self.head).min(end)..end]
    }
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
