//! How many samples the transform was given.
//!
//! A grid of `n` frames fits any length from `(n - 1) hop` to `n hop - 1`. Where the signal was
//! mirrored at its end, a wrong length puts the mirror in the wrong place, and everything
//! within a filter's reach of the end no longer fits: on the example grid 100 samples too few
//! cost 30 dB of the whole sound. The right length is where the end fits best.
//!
//! An octave that runs at a rate divided by `d` sees only the length `ceil(samples / d)`. So
//! the lowest octave tells a few lengths of the hop apart, and each octave above halves what
//! is left.

use num_complex::Complex;
use photophone_spectrum::Plane;
use serde::Serialize;

use super::consistency::Probe;
use crate::PadMode;
use crate::inverse::carried;
use crate::parallel::try_map;
use crate::{Cqt, StopFlag, Tempered, TransformError};

/// Lengths that fit within this many dB of the best stay in the race.
const KEPT_WITHIN_DB: f64 = 3.0;

/// Most lengths tried in one octave. More than this are left only when the octaves below were
/// silent; then the end is too quiet for its length to matter.
const MOST_TRIALS: usize = 24;

/// Steps of the solver in the rounds before the last of the race at the full rate, after each of which the better third
/// stays, [`LEAST_LEFT`] at least. In 12 an offset that is free to be anything still hides the right length.
const ROUNDS: [usize; 1] = [36];
const LEAST_LEFT: usize = 3;

/// A length and the evidence for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LengthEstimate {
    /// Samples.
    pub samples: usize,
    /// Lengths that fit as well: from here,
    pub shortest: usize,
    /// to here.
    pub longest: usize,
    /// What no signal of that length explains of the last frames, in dB: the deciding octave's.
    pub misfit_db: f64,
    /// The same at the worst length tried in that octave.
    pub worst_misfit_db: f64,
}

/// Estimates the length from coefficients with phase.
///
/// `exact` asks to tell the last few lengths apart too, which only data without a quantiser can.
///
/// `None` where any length does: zeros beyond the end fit every length, and so does silence.
/// Cost: some 20 short solves of one octave's last frames.
///
/// # Errors
/// Parameters that make no transform, or values that are not numbers.
pub fn estimate_samples<'a>(
    of: impl Into<Tempered<'a>>,
    coefficients: &Plane<Complex<f64>>,
    exact: bool,
    stop: &StopFlag,
) -> Result<Option<LengthEstimate>, TransformError> {
    let (of, frames) = (of.into(), coefficients.columns());
    if of.params.pad_mode == PadMode::Constant || frames < 2 {
        return Ok(None);
    }
    let (first, last) = of.samples_from_frames(frames)?;
    let plan = of.plan(last, stop)?;
    let limit_hz = carried(&plan).limit_hz;
    let mut left = vec![Lengths { first, last }];
    let mut verdict = None;
    for octave in plan.octaves().rev() {
        if plan.hz_from_bin()[octave.0.start] >= limit_hz {
            break;
        }
        let probe = Probe::octave_tail(&plan, octave, frames).until(stop);
        let trials: Vec<Lengths> = left.iter().flat_map(|lengths| lengths.split(probe.division())).collect();
        if trials.len() == left.len() || trials.len() > MOST_TRIALS {
            continue;
        }
        let misfits = try_map(&trials, |lengths| probe.misfit_for_samples_db(lengths.first, coefficients))?;
        let best = misfits.iter().copied().fold(f64::INFINITY, f64::min);
        let worst = misfits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        left = trials.into_iter().zip(misfits).filter(|(_, db)| *db <= best + KEPT_WITHIN_DB).map(|(t, _)| t).collect();
        if worst > best + KEPT_WITHIN_DB {
            verdict = Some((best, worst));
        }
    }
    let Some((misfit_db, worst_misfit_db)) = verdict else { return Ok(None) };
    let mut samples = middle(&left, 1);
    if exact {
        (samples, left) = finest(&plan, coefficients, &left, stop)?;
    }
    let (shortest, longest) = (left[0].first, left[left.len() - 1].last);
    Ok(Some(LengthEstimate { samples, shortest, longest, misfit_db, worst_misfit_db }))
}

/// The best of the lengths left, by all octaves together at the full rate, and those as good.
///
/// Short solves tell which are worth a long one (successive halving, Jamieson and Talwalkar 2016).
fn finest(
    plan: &Cqt,
    coefficients: &Plane<Complex<f64>>,
    left: &[Lengths],
    stop: &StopFlag,
) -> Result<(usize, Vec<Lengths>), TransformError> {
    let division = plan.octaves().next().map_or(1, |(_, sr, _)| (plan.params().sr / sr).round() as usize);
    let probe = Probe::whole_tail(plan, coefficients.columns()).until(stop);
    let mut trials: Vec<Lengths> = left.iter().flat_map(|lengths| lengths.split(division)).take(MOST_TRIALS).collect();
    for steps in ROUNDS {
        let probe = probe.in_steps(steps);
        let misfits = try_map(&trials, |lengths| probe.misfit_for_samples_db(lengths.first, coefficients))?;
        let mut ranked = misfits.clone();
        ranked.sort_by(f64::total_cmp);
        let worst = ranked[(trials.len() / 3).max(LEAST_LEFT).min(trials.len()) - 1];
        let kept = trials.into_iter().zip(misfits).filter(|(_, misfit_db)| *misfit_db <= worst);
        trials = kept.map(|(lengths, _)| lengths).collect();
    }
    let misfits = try_map(&trials, |lengths| probe.misfit_for_samples_db(lengths.first, coefficients))?;
    let mut fits: Vec<(Lengths, f64)> = trials.into_iter().zip(misfits).collect();
    let best_db = fits.iter().map(|fit| fit.1).fold(f64::INFINITY, f64::min);
    fits.retain(|fit| fit.1 <= best_db + KEPT_WITHIN_DB);
    let fits: Vec<Lengths> = fits.into_iter().map(|fit| fit.0).collect();
    Ok((middle(&fits, division), fits))
}

/// The middle of lengths that fit alike, where the error is least whichever is right; the longest of those that a rate
/// divided by `division` does not tell from it. What is between two that fit fits too, also where a short solve dropped it.
fn middle(fits: &[Lengths], division: usize) -> usize {
    let (first, last) = (fits[0].first, fits[fits.len() - 1].last);
    usize::midpoint(first, last).next_multiple_of(division).min(last)
}

/// The longest of each group of lengths that a rate divided by `division` tells apart.
pub(super) fn lengths_told_apart(
    of: Tempered<'_>,
    frames: usize,
    division: usize,
) -> Result<Vec<usize>, TransformError> {
    let (first, last) = of.samples_from_frames(frames)?;
    Ok(Lengths { first, last }.split(division).into_iter().map(|lengths| lengths.last).take(MOST_TRIALS).collect())
}

/// Lengths that the octaves so far do not tell apart.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Lengths {
    first: usize,
    last: usize,
}

impl Lengths {
    /// The groups of these lengths that an octave at a rate divided by `division` tells apart.
    fn split(self, division: usize) -> Vec<Self> {
        let group = |samples: usize| samples.div_ceil(division);
        (group(self.first)..=group(self.last))
            .map(|length| Self {
                first: self.first.max((length - 1) * division + 1),
                last: self.last.min(length * division),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::testing::noise;
    use crate::{Cqt, CqtParams};

    #[test]
    fn an_octave_splits_lengths_where_its_own_length_changes() {
        let split = Lengths { first: 100, last: 118 }.split(8);
        let ends: Vec<_> = split.iter().map(|lengths| (lengths.first, lengths.last)).collect();
        assert_eq!(ends, [(100, 104), (105, 112), (113, 118)]);
    }

    #[test]
    fn of_lengths_that_fit_alike_the_middle_is_taken() {
        let of = |first, last| Lengths { first, last };
        // One of the middle was dropped by a short solve.
        assert_eq!(middle(&[of(705, 706), of(709, 710), of(711, 712)], 2), 708);
        assert_eq!(middle(&[of(707, 708)], 2), 708);
        assert_eq!(middle(&[of(100, 101), of(102, 108)], 8), 104);
    }

    #[test]
    fn finds_the_length_behind_a_mirror_and_says_nothing_without_one() {
        for (samples, quantised) in [(40_000, false), (40_421, false), (40_300, true), (39_936, true)] {
            let params = CqtParams { pad_mode: PadMode::Reflect, ..CqtParams::default() };
            let hiss = noise(samples, 9);
            let sound: Vec<f64> = (0..samples)
                .map(|i| {
                    let secs = i as f64 / params.sr;
                    (TAU * 98.3 * secs).cos() + 0.7 * (TAU * 261.0 * secs).sin() + 0.1 * hiss[i]
                })
                .collect();
            let mut grid = Cqt::new(&params, samples).unwrap().forward(&sound).unwrap();
            if quantised {
                let loudest = grid.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
                grid = grid.map(|value| value / value.norm() * ((value.norm() / loudest * 256.0).floor() + 0.5));
            }
            let found = estimate_samples(&params, &grid, !quantised, &StopFlag::default()).unwrap().unwrap();
            assert!((found.shortest..=found.longest).contains(&samples), "{samples}: {found:?}");
            assert!(found.longest - found.shortest < 32, "{samples}: {found:?}");
            let zeros = CqtParams { pad_mode: PadMode::Constant, ..params };
            assert_eq!(estimate_samples(&zeros, &grid, true, &StopFlag::default()).unwrap(), None);
        }
    }

    /// An offset is heard only at the ends, where it looks like a mirror in the wrong place.
    #[test]
    fn finds_the_length_of_a_sound_with_an_offset() {
        let (samples, params) = (40_123, CqtParams { pad_mode: PadMode::Reflect, ..CqtParams::default() });
        let hiss = noise(samples, 9);
        let sound: Vec<f64> = (0..samples)
            .map(|i| {
                let secs = i as f64 / params.sr;
                20.0 + (TAU * 98.3 * secs).cos() + 0.7 * (TAU * 261.0 * secs).sin() + 0.1 * hiss[i]
            })
            .collect();
        let grid = Cqt::new(&params, samples).unwrap().forward(&sound).unwrap();
        let found = estimate_samples(&params, &grid, true, &StopFlag::default()).unwrap().unwrap();
        assert_eq!(found.samples, samples, "{found:?}");
    }
}
