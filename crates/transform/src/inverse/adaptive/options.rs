//! How the adaptive inverse works.

use photophone_spectrum::Plane;

use crate::inverse::Intervals;

/// Iterations of least squares that put the result back onto the data.
pub(super) const BACK_ITERATIONS: usize = 30;

/// Iterations of least squares that show what becomes of white noise: its spectrum, not its samples, is wanted.
pub(super) const NOISE_ITERATIONS: usize = 20;

/// Rounds without sound above the bins, and those that come before steps where iterations are scarce.
pub(super) const FEW_ROUNDS: usize = 5;

/// Kinds of prior that a first round is done with, at most: two windows alone, both, one that tells aliases apart, and the
/// last two with sound above the bins.
const KINDS: usize = 6;

/// The rounds whose steps the last has: what it leaves undone no round takes up.
pub(super) const LAST_ROUND: usize = 5;

/// How [`adaptive`](super::adaptive) works.
#[derive(Clone, Debug)]
pub struct AdaptiveOptions<'a> {
    /// Most times that the prior is learnt anew. Default: 15, of which 5 are used unless sound above the highest bin is
    /// looked for; then they end where one changes less than -35 dB.
    pub rounds: usize,
    /// Most steps of the solver in a round, which ends before where it is solved; the last may take five times as many.
    /// Default: 60.
    pub steps: usize,
    /// Mean square error of each cell. Default: [`OPERATOR_MISMATCH`](crate::inverse::OPERATOR_MISMATCH) of its row.
    pub noise: Option<&'a Plane<f64>>,
    /// Trust in each cell, 0 (missing) to 1. Default: 1 everywhere.
    pub trust: Option<&'a Plane<f64>>,
    /// Ranges of the magnitudes, if the data are ranges. Default: they are values.
    pub intervals: Option<&'a Intervals>,
    /// As in [`LeastSquaresOptions`](crate::inverse::LeastSquaresOptions): what the linear solution was found with. Default: true.
    pub free_ends: bool,
}

impl Default for AdaptiveOptions<'_> {
    fn default() -> Self {
        Self { rounds: 15, steps: 60, noise: None, trust: None, intervals: None, free_ends: true }
    }
}

impl AdaptiveOptions<'_> {
    /// The same with as many rounds as fit into so many iterations in all, and where fewer than six do with
    /// as many steps a round; `None` where none do. What becomes of white noise and putting back take 50.
    #[must_use]
    pub fn within(self, iterations: usize) -> Option<Self> {
        let left = iterations.saturating_sub(NOISE_ITERATIONS + BACK_ITERATIONS);
        let fit = (left / self.steps.max(1)).saturating_sub(LAST_ROUND);
        let rounds = self.rounds.min(fit.max(KINDS)).max(1);
        let steps = self.steps.min(left / (rounds + LAST_ROUND));
        (steps > 0).then_some(Self { rounds: rounds.min(self.rounds), steps, ..self })
    }
}
