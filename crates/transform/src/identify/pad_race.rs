//! Pad modes in a race: each explains the coefficients for some iterations, and those that are clearly behind are out.

use photophone_spectrum::{Finding, Plane};

use super::settings::{Knows, Settings};
use crate::budget::Budget;
use crate::inverse::{LeastSquaresOptions, least_squares};
use crate::vectors::dot;
use crate::watch::{Stop, Watch};
use crate::{Cells, PadMode, StopFlag, TransformError};

/// Lead, in dB, from which a mode is out. On 260 random settings of a few cells the right one was further behind on
/// two after 60 iterations and on one after 300, and on those the sounds were alike.
const CLEAR_DB: f64 = 20.0;

/// Misfit, in dB, below which all are alike: what is that small is heard of in no sound, and where filters cancel librosa's
/// own rounding is not much smaller.
const NO_MISFIT_DB: f64 = -80.0;

/// What a ramp has to be ahead by, in dB: librosa takes it as it takes all of NumPy's modes, but no release has it as a
/// default and no guide uses it. Where a few numbers are explained by every mode, the guess should not be the rare one.
const RARE_DB: f64 = 10.0;

/// Iterations that each mode is given; those left after them get three times as many, up to what a solve gets.
pub(super) const FIRST_ITERATIONS: usize = 60;

/// Exact coefficients whose pad mode may be another than the one that was found.
pub(crate) struct PadRace<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) grid: &'a Cells,
    pub(crate) trust: Option<&'a Plane<f64>>,
    pub(crate) knows: Knows,
}

/// A pad mode and the length that goes with it.
pub(crate) type Padding = (Finding<PadMode>, Finding<usize>);

impl PadRace<'_> {
    /// The mode that is ahead when one is left or the next round would take too much.
    pub(super) fn winner(
        &self,
        mut racers: Vec<Racer>,
        most_work: usize,
        budget: &mut Budget,
        watch: &mut Watch<'_>,
    ) -> Result<Option<Padding>, TransformError> {
        let most = LeastSquaresOptions::default().max_iterations;
        let mut iterations = FIRST_ITERATIONS;
        loop {
            let next = (3 * iterations).min(most);
            let work = racers.iter().map(|racer| next * racer.length.value).sum::<usize>();
            let is_affordable = work <= most_work && racers.len() * next <= budget.left() / 2;
            if is_affordable {
                iterations = next;
            }
            let ranked = left(self.ranked(racers, iterations, budget, watch)?);
            if ranked.len() > 1 && next < most && is_affordable {
                racers = racers_of(ranked);
                continue;
            }
            let lead_db = lead_db(&ranked);
            let Some(best) = ranked.into_iter().next() else { return Ok(None) };
            let evidence =
                format!("explains the coefficients best by the smallest sound, {lead_db:.1} dB before the next");
            let finding = Finding::read(best.pad_mode, (0.5 + lead_db / 40.0).min(0.99), evidence);
            return Ok(Some((finding, best.length)));
        }
    }

    /// The modes with their likeliest lengths, but for those that librosa cannot have padded by either.
    pub(super) fn with_lengths(
        &self,
        modes: &[PadMode],
        knows: Knows,
        stop: &StopFlag,
    ) -> Result<Vec<Racer>, TransformError> {
        let mut racers = Vec::new();
        for &pad_mode in modes {
            match self.settings.padded_by(pad_mode).samples(self.grid, knows, stop) {
                Ok(length) => racers.push(Racer { pad_mode, length }),
                Err(TransformError::TooShort { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(racers)
    }

    /// The modes by how well and with how small a sound they explain the coefficients, the best first.
    ///
    /// A wrong mode explains less, or explains it by a sound that is far too loud where the grid leaves it that
    /// freedom. The least product of misfit and energy weighs both without a scale (Reginska 1996, "A regularization
    /// parameter in discrete ill-posed problems").
    pub(super) fn ranked(
        &self,
        racers: Vec<Racer>,
        iterations: usize,
        budget: &mut Budget,
        watch: &mut Watch<'_>,
    ) -> Result<Vec<Ranked>, TransformError> {
        let mut ranked = Vec::new();
        for racer in racers {
            match self.rank(racer, iterations, budget, watch) {
                Ok(mode) => ranked.push(mode),
                Err(TransformError::TooShort { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        ranked.sort_by(|a, b| a.product_db.total_cmp(&b.product_db));
        Ok(ranked)
    }

    fn rank(
        &self,
        Racer { pad_mode, length }: Racer,
        iterations: usize,
        budget: &mut Budget,
        watch: &mut Watch<'_>,
    ) -> Result<Ranked, TransformError> {
        let plan = self.settings.padded_by(pad_mode).plan(length.value, watch.stop())?;
        let (max_iterations, trust) = (iterations, self.trust);
        let options = LeastSquaresOptions { max_iterations, trust, ..LeastSquaresOptions::default() };
        let solution = least_squares(&plan, self.grid, &options, watch)?;
        budget.spend(solution.iterations);
        if solution.stop == Stop::Cancelled {
            return Err(TransformError::Stopped);
        }
        let misfit_db = solution.residual_db.max(NO_MISFIT_DB);
        let rarity_db = if pad_mode == PadMode::LinearRamp { RARE_DB } else { 0.0 };
        let product_db =
            misfit_db + 10.0 * dot(&solution.samples, &solution.samples).max(f64::MIN_POSITIVE).log10() + rarity_db;
        Ok(Ranked { pad_mode, length, product_db })
    }
}

/// All modes, the release's default first: of those that are alike the first is taken.
pub(super) fn modes(settings: &Settings) -> Vec<PadMode> {
    let default = settings.params.librosa.default_pad_mode();
    let mut modes = PadMode::ALL.to_vec();
    modes.sort_by_key(|mode| *mode != default);
    modes
}

/// Those that the best does not clearly beat.
pub(super) fn left(mut ranked: Vec<Ranked>) -> Vec<Ranked> {
    let best_db = ranked.first().map_or(0.0, |best| best.product_db);
    ranked.retain(|mode| mode.product_db - best_db < CLEAR_DB);
    ranked
}

/// How far the best is ahead, in dB; of those that are out nobody asks how far.
pub(super) fn lead_db(ranked: &[Ranked]) -> f64 {
    if let [best, next, ..] = ranked { next.product_db - best.product_db } else { CLEAR_DB }
}

pub(super) fn racers_of(ranked: Vec<Ranked>) -> Vec<Racer> {
    ranked.into_iter().map(|Ranked { pad_mode, length, .. }| Racer { pad_mode, length }).collect()
}

/// A pad mode in the race, and the length that goes with it.
pub(super) struct Racer {
    pub(super) pad_mode: PadMode,
    pub(super) length: Finding<usize>,
}

/// How a pad mode explains the coefficients.
pub(super) struct Ranked {
    pub(super) pad_mode: PadMode,
    pub(super) length: Finding<usize>,
    /// Misfit times energy, and how rare the mode is.
    pub(super) product_db: f64,
}
