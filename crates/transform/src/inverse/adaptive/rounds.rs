//! Rounds: the prior is learnt from the last estimate, then the next estimate found under it.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::component::Above;
use super::crossover::Crossover;
use super::dual::Dual;
use super::frame::TightFrame;
use super::prior::LocalPrior;
use super::tonality::Belief;
use super::upper::Upper;
use super::windows::{Window, candidates, fitting, telling};
use crate::TransformError;
use crate::inverse::filter::filtered;
use crate::vectors::{difference, power, sum};

/// Power of a round's change, over that of what the prior answers for within the bins, below which rounds end: -35 dB,
/// 15 dB below the error that the best solutions of undersampling grids have.
const SETTLED: f64 = 3e-4;

/// What a round's solver may leave, over what it begins with (residuals in the norm of its preconditioner), and what the
/// last one may: -26 and -40 dB. Measured of the last: 0.03 takes half the steps and gives recordings the same within 0.03 dB, but
/// 0.02 costs a sound of one frame 0.8 dB. `cargo xtask sweep prior-left` and `prior-last-left`.
const LEFT: f64 = 0.05;
const LAST_LEFT: f64 = 0.01;

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
    /// How much of a surprise each cell was to the last round's prior.
    surprise: Plane<f64>,
}

impl<'a> Rounds<'a> {
    /// With such windows, from a first estimate.
    pub(super) fn new(fixed: &'a Fixed<'a>, windows: Vec<Window>, above: Above, start: &[f64]) -> Self {
        let Fixed { upper, crossover, .. } = *fixed;
        let prior = LocalPrior::new(upper.plan(), crossover, windows, above);
        let dual = Dual::new(upper.plan(), upper.noise.clone());
        Self { fixed, prior, dual, above, x: start.to_vec(), steps: 0, surprise: Plane::filled(0, 0, 0.0) }
    }

    /// One round of up to so many steps; whether there should be another, or `None` if `stop`, which is called with the
    /// steps taken and the solver's residual, says so.
    pub(super) fn next(
        &mut self,
        wanted: &Plane<Complex<f64>>,
        steps: usize,
        mut stop: impl FnMut(usize, f64) -> bool,
    ) -> Result<Option<bool>, TransformError> {
        let Fixed { crossover, low, kept, tolerance, .. } = *self.fixed;
        let tolerance = tolerance.max(if steps > self.fixed.steps { LAST_LEFT } else { LEFT });
        if stop(self.steps, 1.0) {
            return Ok(None);
        }
        let learnt = difference(&self.x, low);
        match self.dual.gram() {
            Some(gram) => self.prior.learn(&learnt, gram),
            None => self.prior.begin(&learnt),
        }
        let taken = self.steps;
        let found = self.dual.solve(&self.prior, wanted, steps, tolerance, |step, z| stop(taken + step, z))?;
        let Some(found) = found else { return Ok(None) };
        self.steps += found.steps;
        self.surprise = found.surprise;
        let last = std::mem::replace(&mut self.x, sum(kept, &found.samples));
        let adapted = |x: &[f64]| power(&filtered(x, |frequency| crossover.is_adapted(frequency)));
        Ok(Some(adapted(&difference(&self.x, &last)) > SETTLED * adapted(&self.x)))
    }

    /// The first round under the kind of prior that explains the data best: with windows that share it, or one of `others` if
    /// they are to be tried. `None` as in [`Rounds::next`].
    pub(super) fn first(
        mut self,
        others: bool,
        start: &[f64],
        wanted: &Plane<Complex<f64>>,
        mut stop: impl FnMut(usize, f64) -> bool,
    ) -> Result<Option<Self>, TransformError> {
        let Fixed { upper, steps, .. } = *self.fixed;
        let (mut surprise, mut before) = (Vec::new(), 0);
        for frame in candidates(upper.plan()) {
            self = Self::new(self.fixed, vec![Window::alone(frame)], Above::Silent, start);
            let Some(_) = self.next(wanted, steps, |step, z| stop(before + step, z))? else { return Ok(None) };
            before += self.steps;
            surprise.push(self.surprise.clone());
        }
        let shared = || fitting(upper.plan(), candidates(upper.plan()), &surprise);
        if surprise.len() > 1 {
            self = Self::new(self.fixed, shared(), Above::Silent, start);
            let Some(_) = self.next(wanted, steps, |step, z| stop(before + step, z))? else { return Ok(None) };
            before += self.steps;
        }
        self.steps = before;
        for (windows, above) in self.others().into_iter().filter(|_| others) {
            let windows = windows.map_or_else(shared, |frame| vec![Window::alone(frame)]);
            let mut other = Self::new(self.fixed, windows, above, start);
            let before = self.steps;
            let Some(_) = other.next(wanted, steps, |step, z| stop(before + step, z))? else { return Ok(None) };
            let steps = before + other.steps;
            if other.is_better_than(&self) {
                self = other;
            }
            self.steps = steps;
        }
        Ok(Some(self))
    }

    /// Other kinds of prior: with one window alone that tells aliases apart, and with sound above the highest bin where the
    /// data can tell it.
    fn others(&self) -> Vec<(Option<TightFrame>, Above)> {
        let Fixed { upper, crossover, .. } = *self.fixed;
        let mut kinds = Vec::from_iter(telling(upper.plan()).map(|frame| (Some(frame), Above::Silent)));
        if upper.can_tell(crossover.unknowns_above(self.x.len())) {
            kinds.push((None, Above::Free));
            kinds.extend(telling(upper.plan()).map(|frame| (Some(frame), Above::Free)));
        }
        kinds
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
