//! The tuning of a transform, read from the phase that it kept.
//!
//! `tuning=None` moves every bin by an amount that librosa stores nowhere. How fast the phase
//! advances from hop to hop tells where the partials are, and how it differs between
//! neighbouring bins tells where the bins are; only one tuning makes all of them fit one
//! signal. The misfit of a least-squares solve is a parabola in the tuning near that place.
//!
//! A quick look at the loudest octaves finds the neighbourhood; in a short sound, whose ends are much of it, a wrong one.
//! So what is found, and librosa's default, are put to the test that `likelihood` is.

use num_complex::Complex;
use photophone_spectrum::Plane;
use serde::Serialize;

use super::consistency::Probe;
use super::likelihood::{Octaves, on_raster, parabola_offset, power};
use crate::parallel::try_map;
use crate::{CqtParams, StopFlag, Tempered, TransformError};

/// Misfit, in dB, above which the coefficients do not fit together under any tuning.
const WORST_MISFIT_DB: f64 = -6.0;

/// A tuning and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TuningEstimate {
    /// Offset in bins, -0.5 to 0.5, on librosa's raster of 0.01.
    pub tuning: f64,
    /// The same before it was put on the raster.
    pub measured: f64,
    /// What no signal explains at that tuning, in dB.
    pub misfit_db: f64,
    /// What no signal explains half a bin away, in dB: the contrast is the evidence.
    pub misfit_away_db: f64,
    /// What no signal explains at that tuning in the octave that tells it best from 0, librosa's default, in dB.
    pub telling_misfit_db: f64,
    /// The same at 0.
    pub default_misfit_db: f64,
    /// By how much twice the log likelihood exceeds that of 0, less what Schwarz's criterion asks for one more unknown: 0
    /// or less where 0 explains the coefficients as well; 0, as both misfits, where no octave has more numbers than sound.
    pub evidence: f64,
}

/// Estimates the tuning of the transform that made these coefficients.
///
/// `params.tuning` is ignored. `None` where no tuning makes the coefficients fit together.
/// Cost: some 13 short solves on three octaves of the grid, and 6 to 30 longer ones on each octave that tells.
///
/// # Errors
/// Parameters that make no transform, or planes of another shape than the parameters'.
pub fn estimate_tuning<'a>(
    of: impl Into<Tempered<'a>>,
    coefficients: &Plane<Complex<f64>>,
    stop: &StopFlag,
) -> Result<Option<TuningEstimate>, TransformError> {
    let of = of.into();
    let params = of.params;
    if coefficients.rows() != params.bins || coefficients.columns() == 0 {
        let (found, expected) = (coefficients.shape(), (params.bins, coefficients.columns().max(1)));
        return Err(TransformError::Shape { what: "the coefficients", found, expected });
    }
    let of = of.with(CqtParams { tuning: 0.0, ..params });
    let probe = Probe::loudest(of, &coefficients.map(|value| value.norm()))?.until(stop);
    let misfit = |tuning: f64| probe.misfit_for_tuning_db(tuning, coefficients);
    let around = |centre: f64, step: f64| try_map(&[centre - step, centre + step], |&tuning| misfit(tuning));
    let (mut best, mut best_db) = (0.0, misfit(0.0)?);
    for step in [0.4, 0.2, 0.1, 0.05] {
        let centre = best;
        for (tuning, db) in [centre - step, centre + step].into_iter().zip(around(centre, step)?) {
            if db < best_db {
                (best, best_db) = (tuning, db);
            }
        }
    }
    for step in [0.04, 0.02] {
        if let [left, right] = around(best, step)?[..] {
            best += step * parabola_offset(power(left), power(best_db), power(right));
            best_db = misfit(best)?;
        }
    }
    if best_db > WORST_MISFIT_DB {
        return Ok(None);
    }
    let octaves = Octaves::new(of, coefficients, stop)?;
    let found = octaves.best(best, coefficients)?;
    let wrapped = found.tuning - found.tuning.round();
    let misfit_db = misfit(wrapped)?;
    let misfit_away_db = around(wrapped, 0.5)?.into_iter().fold(f64::INFINITY, f64::min);
    Ok(Some(TuningEstimate {
        tuning: on_raster(wrapped),
        measured: wrapped,
        misfit_db,
        misfit_away_db,
        telling_misfit_db: found.misfit_db,
        default_misfit_db: found.default_misfit_db,
        evidence: found.evidence,
    }))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::Cqt;
    use crate::testing::noise;

    /// Decaying partials that do not lie on the bins, with some noise.
    fn music(params: &CqtParams, samples: usize) -> Vec<f64> {
        let hiss = noise(samples, 5);
        (0..samples)
            .map(|i| {
                let secs = i as f64 / params.sr;
                let tones: f64 = [110.3, 164.1, 220.9, 277.0, 331.7].iter().map(|hz| (TAU * hz * secs).cos()).sum();
                tones * (-3.0 * (secs % 0.5)).exp() + 0.05 * hiss[i]
            })
            .collect()
    }

    #[test]
    fn finds_the_tuning_of_real_and_quantised_coefficients() {
        for tuning in [-0.37, -0.03, 0.0, 0.12, 0.45] {
            let params = CqtParams { sr: 44100.0, tuning, ..CqtParams::default() };
            let exact = Cqt::new(&params, 44100).unwrap().forward(&music(&params, 44100)).unwrap();
            let loudest = exact.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
            let quantised = exact.map(|value| {
                let level = ((value.norm() / loudest * 256.0).floor() + 0.5) / 256.0;
                value / value.norm().max(1e-12) * level
            });
            for coefficients in [&exact, &quantised] {
                let estimate = estimate_tuning(&params, coefficients, &StopFlag::default()).unwrap().unwrap();
                assert!((estimate.measured - tuning).abs() < 0.006, "{tuning}: {estimate:?}");
            }
        }
    }

    /// Short sounds by kind: a tone, a chord that decays, noise, clicks, and a voice that glides.
    fn short_sound(kind: usize, samples: usize, seed: u64) -> Vec<f64> {
        let hiss = noise(samples, seed);
        let pitch = 150.0 + 37.0 * seed as f64;
        (0..samples)
            .map(|i| {
                let secs = i as f64 / 22050.0;
                let tone = |hz: f64| (TAU * hz * secs).sin();
                match kind {
                    0 => tone(pitch),
                    1 => {
                        [1.0, 1.26, 1.5, 2.0].iter().map(|ratio| tone(ratio * pitch)).sum::<f64>() * (-4.0 * secs).exp()
                    }
                    2 => hiss[i],
                    3 => f64::from(u8::from(i % 3001 == 700)) + 1e-3 * hiss[i],
                    _ => {
                        let phase = TAU * (pitch * secs + 40.0 * secs * secs);
                        (1..20).map(|k| (f64::from(k) * phase).sin() / f64::from(k)).sum::<f64>() + 0.02 * hiss[i]
                    }
                }
            })
            .collect()
    }

    /// What is found, `None` where librosa's default is kept, in exact coefficients of a short sound.
    fn found_in_short_sound(case: usize, tuning: f64) -> Option<f64> {
        let samples = [4410, 5000, 11025, 16000, 30000][case % 5];
        let (hop, bins_per_octave) = ([128, 256, 512][case % 3], [12, 24][case % 2]);
        let params = CqtParams { hop, bins_per_octave, bins: 7 * bins_per_octave, tuning, ..CqtParams::default() };
        let x = short_sound(case / 5 % 5, samples, case as u64);
        let grid = Cqt::new(&params, samples).unwrap().forward(&x).unwrap();
        let found = estimate_tuning(&params, &grid, &StopFlag::default()).unwrap()?;
        (found.evidence > 0.0 && found.tuning != 0.0).then_some(found.tuning)
    }

    #[test]
    fn the_default_tuning_of_short_sounds_stays() {
        for case in (0..50).step_by(3) {
            let found = found_in_short_sound(case, 0.0);
            assert!(found.is_none_or(|tuning| tuning.abs() < 0.015), "{case}: {found:?}");
        }
    }

    #[test]
    fn the_tuning_of_a_short_sound_is_right_or_not_told() {
        let cases: Vec<(usize, f64)> =
            (0..50).step_by(3).map(|case| (case, [0.31, -0.12, 0.05, -0.44][case % 4])).collect();
        let found: Vec<Option<f64>> = cases.iter().map(|&(case, tuning)| found_in_short_sound(case, tuning)).collect();
        for ((case, tuning), found) in cases.iter().zip(&found) {
            let is_right = |found: f64| (found - tuning - (found - tuning).round()).abs() < 0.015;
            assert!(found.is_none_or(is_right), "{case}: {found:?} for {tuning}");
        }
        let told = found.iter().flatten().count();
        assert!(2 * told > cases.len(), "told for {told}");
    }

    #[test]
    fn a_random_phase_gives_no_answer() {
        let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let angles = noise(84 * 173, 3);
        let random = Plane::from_fn(84, 173, |k, t| Complex::from_polar(1.0, TAU * angles[k * 173 + t]));
        assert_eq!(estimate_tuning(&params, &random, &StopFlag::default()).unwrap(), None);
    }
}
