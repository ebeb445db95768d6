//! Rounds: the prior is learnt from the last estimate, then the next estimate found under it.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::crossover::Crossover;
use super::dual::Dual;
use super::prior::{Above, LocalPrior, WINDOW_SECS, telling_window_secs};
use super::tonality::Belief;
use super::upper::Upper;
use crate::TransformError;
use crate::inverse::filter::filtered;
use crate::vectors::{difference, power, sum};

/// Power of a round's change, over that of what the prior answers for within the bins, below which rounds end: -35 dB,
/// 15 dB below the error that the best solutions of undersampling grids have.
const SETTLED: f64 = 3e-4;

/// What all rounds have in common.
pub(super) struct Fixed<'a> {
    pub(super) upper: &'a Upper<'a>,
    pub(super) crossover: &'a Crossover,
    /// The signal's part below the bins, of which nothing is learnt.
    pub(super) low: &'a [f64],
    /// The part that the linear solution answers for.
    pub(super) kept: &'a [f64],
    /// Most steps of the solver in a round, and the residual at which it ends.
    pub(super) steps: usize,
    pub(super) tolerance: f64,
}

/// How far the rounds have come.
pub(super) struct Rounds<'a> {
    fixed: &'a Fixed<'a>,
    prior: LocalPrior,
    dual: Dual<'a>,
    pub(super) above: Above,
    /// The estimate.
    pub(super) x: Vec<f64>,
    /// Steps taken.
    pub(super) steps: usize,
}

impl<'a> Rounds<'a> {
    /// With a window of that length, from a first estimate.
    pub(super) fn new(fixed: &'a Fixed<'a>, window_secs: f64, above: Above, start: &[f64]) -> Self {
        let Fixed { upper, crossover, .. } = *fixed;
        let prior = LocalPrior::new(upper.plan(), crossover, window_secs, above);
        let dual = Dual::new(upper.plan(), upper.noise.clone());
        Self { fixed, prior, dual, above, x: start.to_vec(), steps: 0 }
    }

    /// One round; whether there should be another, or `None` if `stop`, which is called with the steps taken and the
    /// solver's residual, says so.
    pub(super) fn next(
        &mut self,
        wanted: &Plane<Complex<f64>>,
        mut stop: impl FnMut(usize, f64) -> bool,
    ) -> Result<Option<bool>, TransformError> {
        let Fixed { crossover, low, kept, steps, tolerance, .. } = *self.fixed;
        if stop(self.steps, 1.0) {
            return Ok(None);
        }
        self.prior.learn(&difference(&self.x, low));
        let taken = self.steps;
        let found = self.dual.solve(&self.prior, wanted, steps, tolerance, |step, z| stop(taken + step, z))?;
        let Some(found) = found else { return Ok(None) };
        self.steps += found.steps;
        let last = std::mem::replace(&mut self.x, sum(kept, &found.samples));
        let adapted = |x: &[f64]| power(&filtered(x, |frequency| crossover.is_adapted(frequency)));
        Ok(Some(adapted(&difference(&self.x, &last)) > SETTLED * adapted(&self.x)))
    }

    /// The first round under the kind of prior that explains the data best, if `others` than this one's are to be tried:
    /// with a window that tells aliases apart, and with sound above the highest bin. `None` as in [`Rounds::next`].
    pub(super) fn first(
        mut self,
        others: bool,
        start: &[f64],
        wanted: &Plane<Complex<f64>>,
        mut stop: impl FnMut(usize, f64) -> bool,
    ) -> Result<Option<Self>, TransformError> {
        let Some(_) = self.next(wanted, &mut stop)? else { return Ok(None) };
        let Fixed { upper, crossover, .. } = *self.fixed;
        let telling = telling_window_secs(upper.plan());
        let mut kinds: Vec<(f64, Above)> = telling.map(|secs| (secs, Above::Silent)).into_iter().collect();
        if upper.can_tell(crossover.unknowns_above(start.len())) {
            kinds.push((WINDOW_SECS, Above::Free));
            kinds.extend(telling.map(|secs| (secs, Above::Free)));
        }
        for (window_secs, above) in kinds.into_iter().filter(|_| others) {
            let mut other = Self::new(self.fixed, window_secs, above, start);
            let before = self.steps;
            let Some(_) = other.next(wanted, |step, z| stop(before + step, z))? else { return Ok(None) };
            let steps = before + other.steps;
            if other.is_better_than(&self) {
                self = other;
            }
            self.steps = steps;
        }
        Ok(Some(self))
    }

    /// Whether another kind of prior is to be preferred to one that was tried before it.
    ///
    /// A sound that is louder above the highest bin than below it is none of the aliases of what lies below.
    fn is_better_than(&self, other: &Self) -> bool {
        let crossover = self.fixed.crossover;
        let is_less_spread = self.spread() < other.spread();
        match self.above {
            Above::Silent => is_less_spread,
            Above::Free => {
                let is_louder = other.above == Above::Silent && crossover.rises(&other.x);
                (is_louder || is_less_spread) && crossover.matters_above(&self.x)
            }
        }
    }

    /// How far the estimate is spread over the local spectrum.
    fn spread(&self) -> f64 {
        self.prior.spread_of(&difference(&self.x, self.fixed.low))
    }

    /// How far the rounds are to be believed of a signal whose linear solution this is; `of_noise` is that of noise.
    pub(super) fn belief_in(&self, linear: &[f64], of_noise: &[f64]) -> Belief {
        self.prior.belief_in(linear, of_noise)
    }
}
