//! The pad mode of exact coefficients: the one under which they are explained best by the smallest sound.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use photophone_transform::inverse::{
    LeastSquaresOptions, OPERATOR_MISMATCH, Progress, Solution, Stop, carried, least_squares,
};
use photophone_transform::{Cqt, PadMode};

use super::budget::Budget;
use super::pad_race::{lead_db, left, modes, racers_of};
use super::solve::{self, QUICK_ITERATIONS};
use super::unknowns::Knows;
use super::{Data, RecoverOptions};
use crate::Error;
use crate::limits::Searches;
use crate::recipe::{Entry, Inverse, Recipe, Resolved};

/// How many times the share unexplained elsewhere the frames at the ends may leave.
const DOUBTFUL: f64 = 10.0;

/// Share of their power that the frames at the ends may leave in any case: -60 dB. A wrong mode leaves -50 to -22
/// ([`defaults`](super::defaults)).
const EXPLAINED: f64 = 1e-6;

/// Share of the determined rows' power that exact coefficients never leave unexplained: -30 dB, where the quick inverse
/// of white noise leaves -50 and a wrong pad mode that spoils all frames -20.
const POOR: f64 = 1e-3;

/// The same after more iterations than the quick inverse takes: -40 dB. On the grid that called for it (162 bins, 18
/// frames) they fit a wrong mode to -35 dB and the right one to -58.
const POOR_IN_THE_END: f64 = 1e-4;

/// Times the energy of the inverse's first step that a sound seldom has: 20 dB. A sound that has more lies where the
/// bank hears little, as that of a wrong mode may; of 33 random settings of a few cells two had more with the right one.
const LOUD: f64 = 100.0;

/// Iterations that each mode is given; those left after them get three times as many, up to what a solve gets.
pub(super) const FIRST_ITERATIONS: usize = 60;

/// The same in the first look at a long sound.
const GLANCE_ITERATIONS: usize = 20;

/// Iterations that looking for a length to the sample takes: see [`estimate_samples`](photophone_transform::inverse).
const CLOSE_LENGTH: usize = 900;

/// Lead, in dB, from which the mode that the ends of the octaves told is kept without another round: then both tell it.
const AGREED_DB: f64 = 10.0;

/// Most modes times iterations times samples of a round after the first, unless the solve itself took more: a fifth of a
/// second where there is a reason to doubt, a twentieth where the coefficients are just few.
const MOST_WORK: usize = 1 << 22;
const MOST_FREE_WORK: usize = 1 << 20;

/// Longest sound that is doubted where the grid does not determine it: the first round takes as long as the solve itself,
/// about a second here. Longer ones have frames enough for the estimate from their octaves, and are doubted only where
/// they are not explained.
const MOST_SAMPLES: usize = 1 << 16;

/// What exact coefficients leave unexplained at most, in dB: what the warning says too. The octaves are deaf to an offset,
/// whose step at the ends tells the mode.
const UNEXPLAINED_DB: f64 = -40.0;

/// How much less another mode has to leave of a long sound.
const CLEARLY_LESS_DB: f64 = 3.0;

/// Longest sound that is doubted because it has more samples than the coefficients have numbers, so that a wrong mode
/// may fit as well.
const MOST_FREE_SAMPLES: usize = 1 << 13;

/// What is known of coefficients whose pad mode may have to be found.
pub(super) struct PadModeSearch<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) data: &'a Data,
    pub(super) knows: Knows<'a>,
    pub(super) inverse: Inverse,
    pub(super) options: &'a RecoverOptions,
}

/// A solution, and the noise of each cell where the misfit told of more than was expected.
type Solved = (Solution, Option<Plane<f64>>);

/// A pad mode and the length that goes with it.
pub(super) type Padding = (Finding<PadMode>, Finding<usize>);

impl PadModeSearch<'_> {
    /// Solves for `samples` samples, and once more where exact coefficients show that another pad mode was used
    /// than the one that was found; `resolved` and the plan are then of that one.
    pub(super) fn solve(
        &self,
        resolved: &mut Resolved,
        samples: usize,
        budget: &mut Budget,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(Cqt, Solved), Error> {
        let plan = resolved.plan(samples, self.knows.stop)?;
        let solved = solve::solve(&plan, self.data, self.inverse, self.options, budget, progress)?;
        let told = !resolved.pad_mode_unknown || !self.knows.exact || !self.knows.phase;
        if told || solved.0.stop == Stop::Cancelled {
            return Ok((plan, solved));
        }
        let Some(most_work) = self.work_for_doubt(&plan, &solved.0)? else { return Ok((plan, solved)) };
        let Some((finding, length)) = self.best(resolved, (plan.samples(), most_work), budget, progress)? else {
            return Ok((plan, solved));
        };
        if finding.value == resolved.params.pad_mode {
            return Ok((plan, solved));
        }
        let found = resolved.clone();
        resolved.params.pad_mode = finding.value;
        resolved.entries.retain(|entry| !["pad-mode", "length"].contains(&entry.name));
        resolved.entries.push(Entry::new("recipe", "pad-mode", &finding));
        resolved.entries.push(Entry::new("recipe", "length", &length));
        let other = resolved.plan(length.value, self.knows.stop)?;
        let again = solve::solve(&other, self.data, self.inverse, self.options, budget, progress)?;
        if is_long(&plan) && again.0.residual_db > solved.0.residual_db - CLEARLY_LESS_DB {
            // What no mode explains was changed since: the ends of the octaves have told as much as there is.
            *resolved = found;
            return Ok((plan, solved));
        }
        Ok((other, again))
    }

    /// How much work a round of looking for another mode may be; `None` where there is no doubt. There is where a few
    /// numbers leave the sound too free, most frames saw what lies beyond the ends, these fit worse than the others,
    /// nothing fits, or what fits is hardly heard.
    fn work_for_doubt(&self, plan: &Cqt, solution: &Solution) -> Result<Option<usize>, Error> {
        let carried = carried(plan);
        let work = MOST_WORK.max(solution.iterations * plan.samples());
        if is_long(plan) {
            return Ok((solution.residual_db > UNEXPLAINED_DB).then_some(work));
        }
        let (bins, frames) = plan.shape();
        if 2 * bins * frames < plan.samples_after_early_step() && plan.samples() <= MOST_FREE_SAMPLES {
            return Ok(Some(MOST_FREE_WORK));
        }
        let made = plan.forward(&solution.samples)?;
        let wanted = &self.data.coefficients;
        let (mut ends, mut others) = (Share::default(), Share::default());
        for (row, (bin, length)) in carried.bins.iter().zip(plan.filter_lengths()).enumerate() {
            let reach = (0.5 * length / plan.params().hop as f64).ceil() as usize;
            let inner = reach..wanted.columns().saturating_sub(reach);
            for t in (0..wanted.columns()).filter(|_| bin.carried >= 1.0) {
                let share = if inner.contains(&t) { &mut others } else { &mut ends };
                share.add(made[(row, t)], wanted[(row, t)]);
            }
        }
        if others.cells < ends.cells {
            return Ok(Some(MOST_FREE_WORK));
        }
        let expected = others.value().map(|share| share.max(OPERATOR_MISMATCH.powi(2)));
        let (Some(ends), Some(expected)) = (ends.value(), expected) else { return Ok(Some(MOST_FREE_WORK)) };
        let poor = if solution.iterations > QUICK_ITERATIONS { POOR_IN_THE_END } else { POOR };
        let is_doubtful = ends > (DOUBTFUL * expected).max(EXPLAINED)
            || ends.max(expected) > poor
            || self.is_hardly_heard(plan, solution)?;
        Ok(is_doubtful.then_some(work))
    }

    /// Whether a solution is far louder than the first step towards it, which has the level that the bank hears.
    fn is_hardly_heard(&self, plan: &Cqt, solution: &Solution) -> Result<bool, Error> {
        let trust = self.data.trust.as_ref();
        let options = LeastSquaresOptions { max_iterations: 1, trust, ..LeastSquaresOptions::default() };
        let step = least_squares(plan, &self.data.coefficients, &options, |_| ControlFlow::Continue(()))?;
        Ok(energy(&solution.samples) > LOUD * energy(&step.samples))
    }

    /// The best mode and its length; `None` where the mode that was found has no rival, or nothing tells.
    ///
    /// Every round costs a part of the solve: where the sound is long, a few iterations with no length looked for tell which
    /// modes are worth one that is near, and a length to the sample is looked for where few samples make that cheap, else
    /// only for a mode that wins.
    fn best(
        &self,
        resolved: &Resolved,
        (samples, most_work): (usize, usize),
        budget: &mut Budget,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Option<Padding>, Error> {
        let mut modes = modes(resolved);
        // Half of what is left is kept for the solve under the mode that is found.
        if modes.len() * FIRST_ITERATIONS > budget.left() / 2 {
            return Ok(None);
        }
        let is_long = modes.len() * FIRST_ITERATIONS * samples > MOST_WORK;
        if is_long {
            let searches = Searches { length: false, ..self.knows.searches };
            let racers = self.with_lengths(&modes, resolved, Knows { searches, ..self.knows })?;
            let left = left(self.ranked(racers, resolved, GLANCE_ITERATIONS, budget, progress)?);
            modes = left.into_iter().map(|mode| mode.pad_mode).collect();
        }
        let is_found = |mode: PadMode| mode == resolved.params.pad_mode;
        if modes.iter().all(|&mode| is_found(mode)) {
            return Ok(None);
        }
        let racers = self.with_lengths(&modes, resolved, Knows { exact: false, ..self.knows })?;
        let ranked = left(self.ranked(racers, resolved, FIRST_ITERATIONS, budget, progress)?);
        let Some(first) = ranked.first() else { return Ok(None) };
        if is_found(first.pad_mode) && (ranked.len() == 1 || is_long && lead_db(&ranked) >= AGREED_DB) {
            return Ok(None);
        }
        let is_close = ranked.len() * CLOSE_LENGTH * samples <= most_work.max(MOST_WORK);
        let modes: Vec<PadMode> = ranked.iter().map(|mode| mode.pad_mode).collect();
        let racers = if is_close { self.with_lengths(&modes, resolved, self.knows)? } else { racers_of(ranked) };
        let Some((finding, mut length)) = self.winner(racers, resolved, most_work, budget, progress)? else {
            return Ok(None);
        };
        if !is_close && !is_found(finding.value) {
            length =
                self.with_lengths(&[finding.value], resolved, self.knows)?.pop().map_or(length, |racer| racer.length);
        }
        Ok(Some((finding, length)))
    }
}

/// Whether a sound is longer than what is looked at anew for little reason.
fn is_long(plan: &Cqt) -> bool {
    carried(plan).bins_above > 0 && plan.samples() > MOST_SAMPLES
}

pub(super) fn energy(samples: &[f64]) -> f64 {
    samples.iter().map(|sample| sample * sample).sum()
}

/// Power of a misfit over that of the data.
#[derive(Default)]
struct Share {
    misfit: f64,
    whole: f64,
    cells: usize,
}

impl Share {
    fn add(&mut self, made: Complex<f64>, wanted: Complex<f64>) {
        self.cells += 1;
        self.misfit += (made - wanted).norm_sqr();
        self.whole += wanted.norm_sqr();
    }

    /// `None` of nothing.
    fn value(&self) -> Option<f64> {
        (self.whole > 0.0).then(|| self.misfit / self.whole)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use photophone_transform::{CqtParams, Window};

    use super::*;
    use crate::{InvertOptions, invert};

    /// Tones that start and end softly, where few frames tell of the ends.
    #[test]
    fn soft_ends_are_recovered_as_if_the_pad_mode_were_told() {
        let samples = 22050_i32;
        let x: Vec<f64> = (0..samples)
            .map(|i| {
                let (secs, share) = (f64::from(i) / 22050.0, f64::from(i) / f64::from(samples));
                let tone = |hz: f64| (TAU * hz * secs).sin();
                0.01 * (TAU * 70.0 * secs).cos() + (TAU * share / 2.0).sin() * (tone(220.0) + tone(441.0))
            })
            .collect();
        for pad_mode in [PadMode::Constant, PadMode::Edge, PadMode::Symmetric] {
            let params = CqtParams { pad_mode, hop: 128, ..CqtParams::default() };
            let grid = Cqt::new(&params, x.len()).unwrap().forward(&x).unwrap();
            let snr_db = |told: Option<PadMode>| {
                let options = InvertOptions { length: Some(x.len()), pad_mode: told, ..InvertOptions::default() };
                let params = CqtParams { hop: 128, pad_mode: told.unwrap_or_default(), ..CqtParams::default() };
                let made = invert(&params, &grid, &options, |_| ControlFlow::Continue(())).unwrap().samples;
                let power = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>();
                let error = power(&mut x.iter().zip(&made).map(|(x, made)| x - made));
                10.0 * (power(&mut x.iter().copied()) / error).log10()
            };
            // A held sample near zero and a ramp to zero are nearly the same.
            let (found, told) = (snr_db(None), snr_db(Some(pad_mode)));
            assert!(found >= told - 6.0 && told > 60.0, "{pad_mode:?}: {found:.1} dB found, {told:.1} dB told");
        }
    }

    /// One octave-wide bin explains a tone as a far louder one that it hardly hears, in the wrong mode.
    #[test]
    fn a_sound_that_is_hardly_heard_is_doubted() {
        let params = CqtParams {
            sr: 8000.0,
            hop: 16,
            bins: 1,
            bins_per_octave: 1,
            fmin_hz: 140.0935,
            sparsity: 0.1,
            window: Window::Bohman,
            ..CqtParams::default()
        };
        let x: Vec<f64> = (0..200).map(|i| (TAU * 382.05 / 8000.0 * f64::from(i) + 3.872).sin()).collect();
        let padded = CqtParams { pad_mode: PadMode::Symmetric, ..params };
        let grid = Cqt::new(&padded, x.len()).unwrap().forward(&x).unwrap();
        let options = InvertOptions { length: Some(x.len()), ..InvertOptions::default() };
        let found = invert(&params, &grid, &options, |_| ControlFlow::Continue(())).unwrap().samples;
        assert!(energy(&found) < 2.0 * energy(&x), "{} times as loud", energy(&found) / energy(&x));
    }
}
