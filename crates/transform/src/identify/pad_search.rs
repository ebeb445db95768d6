//! The pad mode of exact coefficients: the one under which they are explained best by the smallest sound.

use num_complex::Complex;

use super::pad_race::{FIRST_ITERATIONS, PadRace, Padding, lead_db, left, modes, racers_of};
use super::settings::{Knows, Searches};
use crate::budget::{Budget, FEW_ITERATIONS};
use crate::inverse::{LeastSquaresOptions, OPERATOR_MISMATCH, Solution, carried, least_squares};
use crate::vectors::dot;
use crate::watch::Watch;
use crate::{Cqt, PadMode, TransformError};

/// How many times the share unexplained elsewhere the frames at the ends may leave.
const DOUBTFUL: f64 = 10.0;

/// Share of their power that the frames at the ends may leave in any case: -60 dB. A wrong mode leaves -50 to -22
/// (`defaults`).
const EXPLAINED: f64 = 1e-6;

/// Share of the determined rows' power that exact coefficients never leave unexplained: -30 dB, where the quick inverse
/// of white noise leaves -50 and a wrong pad mode that spoils all frames -20.
const POOR: f64 = 1e-3;

/// Share of the power that no sound explains up to which coefficients are librosa's own, after more iterations than the quick
/// inverse takes: -40 dB. Of one clip at hop 128 the bins of `intervals="equal"` leave -71 dB, those of `"ji3"`,
/// `"pythagorean"`, `"ji5"` and `"ji7"` -27 to -21, taken as equal ones; 18 frames fit a wrong pad mode to -35 dB and the right
/// one to -58. Warnings tell of what is above.
pub(crate) const OWN_SHARE: f64 = 1e-4;

/// Times the energy of the inverse's first step that a sound seldom has: 20 dB. A sound that has more lies where the
/// bank hears little, as that of a wrong mode may; of 33 random settings of a few cells two had more with the right one.
const LOUD: f64 = 100.0;

/// Iterations that each mode is given in the first look at a long sound.
const GLANCE_ITERATIONS: usize = 20;

/// Iterations that looking for a length to the sample takes: see [`estimate_samples`](super::estimate_samples).
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

/// How much less another mode has to leave of a long sound.
const CLEARLY_LESS_DB: f64 = 3.0;

/// Longest sound that is doubted because it has more samples than the coefficients have numbers, so that a wrong mode
/// may fit as well.
const MOST_FREE_SAMPLES: usize = 1 << 13;

impl PadRace<'_> {
    /// A pad mode that explains the coefficients better than the one found, under which they were solved for; `None` where
    /// nothing is to be doubted, or no other mode is better.
    pub(crate) fn rival(
        &self,
        plan: &Cqt,
        solution: &Solution,
        budget: &mut Budget,
        watch: &mut Watch<'_>,
    ) -> Result<Option<Padding>, TransformError> {
        let Some(most_work) = self.work_for_doubt(plan, solution)? else { return Ok(None) };
        let best = self.best((plan.samples(), most_work), budget, watch)?;
        Ok(best.filter(|(pad_mode, _)| pad_mode.value != self.settings.params.pad_mode))
    }

    /// How much work a round of looking for another mode may be; `None` where there is no doubt. There is where a few
    /// numbers leave the sound too free, most frames saw what lies beyond the ends, these fit worse than the others,
    /// nothing fits, or what fits is hardly heard.
    fn work_for_doubt(&self, plan: &Cqt, solution: &Solution) -> Result<Option<usize>, TransformError> {
        let carried = carried(plan);
        let work = MOST_WORK.max(solution.iterations * plan.samples());
        if is_long(plan) {
            // The octaves, which have told the mode, are deaf to an offset, whose step at the ends tells it too.
            let left = 10_f64.powf(solution.residual_db / 10.0);
            return Ok((left > OWN_SHARE).then_some(work));
        }
        let (bins, frames) = plan.shape();
        if 2 * bins * frames < plan.samples_after_early_step() && plan.samples() <= MOST_FREE_SAMPLES {
            return Ok(Some(MOST_FREE_WORK));
        }
        let made = plan.forward(&solution.samples)?;
        let wanted = self.grid;
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
        let poor = if solution.iterations > FEW_ITERATIONS { OWN_SHARE } else { POOR };
        let is_doubtful = ends > (DOUBTFUL * expected).max(EXPLAINED)
            || ends.max(expected) > poor
            || self.is_hardly_heard(plan, solution)?;
        Ok(is_doubtful.then_some(work))
    }

    /// Whether a solution is far louder than the first step towards it, which has the level that the bank hears.
    fn is_hardly_heard(&self, plan: &Cqt, solution: &Solution) -> Result<bool, TransformError> {
        let trust = self.trust;
        let options = LeastSquaresOptions { max_iterations: 1, trust, ..LeastSquaresOptions::default() };
        let step = least_squares(plan, self.grid, &options, &mut Watch::default())?;
        let energy = |samples: &[f64]| dot(samples, samples);
        Ok(energy(&solution.samples) > LOUD * energy(&step.samples))
    }

    /// The best mode and its length; `None` where the mode that was found has no rival, or nothing tells.
    ///
    /// Every round costs a part of the solve: where the sound is long, a few iterations with no length looked for tell which
    /// modes are worth one that is near, and a length to the sample is looked for where few samples make that cheap, else
    /// only for a mode that wins.
    fn best(
        &self,
        (samples, most_work): (usize, usize),
        budget: &mut Budget,
        watch: &mut Watch<'_>,
    ) -> Result<Option<Padding>, TransformError> {
        let mut modes = modes(self.settings);
        // Half of what is left is kept for the solve under the mode that is found.
        if modes.len() * FIRST_ITERATIONS > budget.left() / 2 {
            return Ok(None);
        }
        let is_long = modes.len() * FIRST_ITERATIONS * samples > MOST_WORK;
        if is_long {
            let searches = Searches { length: false, ..self.knows.searches };
            let racers = self.with_lengths(&modes, Knows { searches, ..self.knows }, watch.stop())?;
            let left = left(self.ranked(racers, GLANCE_ITERATIONS, budget, watch)?);
            modes = left.into_iter().map(|mode| mode.pad_mode).collect();
        }
        let is_found = |mode: PadMode| mode == self.settings.params.pad_mode;
        if modes.iter().all(|&mode| is_found(mode)) {
            return Ok(None);
        }
        let racers = self.with_lengths(&modes, Knows { exact: false, ..self.knows }, watch.stop())?;
        let ranked = left(self.ranked(racers, FIRST_ITERATIONS, budget, watch)?);
        let Some(first) = ranked.first() else { return Ok(None) };
        if is_found(first.pad_mode) && (ranked.len() == 1 || is_long && lead_db(&ranked) >= AGREED_DB) {
            return Ok(None);
        }
        let is_close = ranked.len() * CLOSE_LENGTH * samples <= most_work.max(MOST_WORK);
        let modes: Vec<PadMode> = ranked.iter().map(|mode| mode.pad_mode).collect();
        let racers = if is_close { self.with_lengths(&modes, self.knows, watch.stop())? } else { racers_of(ranked) };
        let Some((finding, mut length)) = self.winner(racers, most_work, budget, watch)? else {
            return Ok(None);
        };
        if !is_close && !is_found(finding.value) {
            let found = self.with_lengths(&[finding.value], self.knows, watch.stop())?.pop();
            length = found.map_or(length, |racer| racer.length);
        }
        Ok(Some((finding, length)))
    }
}

/// Whether another mode, found after a solve and now solved for, has to leave clearly less to be taken, and does not: what no
/// mode explains was changed since, and the ends of the octaves have told as much as there is.
pub(crate) fn is_no_better(plan: &Cqt, first_db: f64, other_db: f64) -> bool {
    is_long(plan) && other_db > first_db - CLEARLY_LESS_DB
}

/// Whether a sound is longer than what is looked at anew for little reason.
fn is_long(plan: &Cqt) -> bool {
    carried(plan).bins_above > 0 && plan.samples() > MOST_SAMPLES
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
