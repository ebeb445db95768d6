//! What the transform put beyond the ends of the signal.
//!
//! Zeros, a mirror of either kind or a held sample: no picture says which, but the frames within a filter's
//! reach of an end were made from it, and only the right one makes them fit a signal.

use num_complex::Complex;
use photophone_spectrum::Plane;
use serde::Serialize;

use super::consistency::Probe;
use super::length::lengths_told_apart;
use crate::PadMode;
use crate::inverse::carried;
use crate::parallel::try_map;
use crate::{Cqt, CqtParams, StopFlag, Tempered, TransformError};

const MODES: [PadMode; 4] = [PadMode::Constant, PadMode::Reflect, PadMode::Edge, PadMode::Symmetric];
const CONSTANT: usize = 0;
const REFLECT: usize = 1;
const EDGE: usize = 2;
const SYMMETRIC: usize = 3;

/// The least lead, in dB, of the best mode over the next in some octave: twice the power
/// unexplained is no accident of the hundreds of coefficients at an end.
const LEAST_LEAD_DB: f64 = 3.0;

/// Power at an end, over that of the same bins in all frames, up to which the end is silent.
const SILENT: f64 = 1e-6;

/// A pad mode and the evidence for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PadModeEstimate {
    /// The mode.
    pub pad_mode: PadMode,
    /// The end that told: the start of the signal, or else its end.
    pub at_start: bool,
    /// What no signal explains of the frames there, in dB, in the octave that tells most.
    pub misfit_db: f64,
    /// The same under the next best mode.
    pub next_misfit_db: f64,
}

/// Estimates the pad mode from coefficients with phase; `params.pad_mode` is ignored.
///
/// `None` where any does: where the signal is silent at both ends. Cost: four short solves an
/// octave; some tens more where the start is silent.
///
/// # Errors
/// Parameters that make no transform, or values that are not numbers.
pub fn estimate_pad_mode<'a>(
    of: impl Into<Tempered<'a>>,
    coefficients: &Plane<Complex<f64>>,
    stop: &StopFlag,
) -> Result<Option<PadModeEstimate>, TransformError> {
    let frames = coefficients.columns();
    if frames < 2 {
        return Ok(None);
    }
    let of = of.into();
    let zeros = of.with(CqtParams { pad_mode: PadMode::Constant, ..of.params });
    let (_, longest) = zeros.samples_from_frames(frames)?;
    let plan = zeros.plan(longest, stop)?;
    for at_start in [true, false] {
        if let Some(found) = at_end(&plan, coefficients, at_start, stop)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The mode that makes one end likeliest. With noise of unknown strength in each octave, the
/// log likelihood of a mode is the sum of `-n ln(misfit)` over octaves of `n` coefficients.
fn at_end(
    plan: &Cqt,
    grid: &Plane<Complex<f64>>,
    at_start: bool,
    stop: &StopFlag,
) -> Result<Option<PadModeEstimate>, TransformError> {
    let limit_hz = carried(plan).limit_hz;
    let carried = plan.octaves().rev().take_while(|(bins, ..)| plan.hz_from_bin()[bins.start] < limit_hz);
    let end = if at_start { Probe::octave_head } else { Probe::octave_tail };
    let probes = carried.map(|octave| end(plan, octave, grid.columns()).until(stop));
    let probes: Vec<Probe> = probes.filter(|probe| probe.share_of_power(grid) > SILENT).collect();
    let octaves = try_map(&probes, |probe| misfits_db(plan, probe, grid, at_start))?;
    let mut totals = [0.0; MODES.len()];
    for (probe, misfits) in probes.iter().zip(&octaves) {
        for (total, misfit_db) in totals.iter_mut().zip(misfits) {
            *total += probe.cells() as f64 * misfit_db;
        }
    }
    let clearly = |best: usize, next: usize| {
        let lead = |misfits: &[f64; MODES.len()]| misfits[next] - misfits[best];
        let telling = octaves.iter().max_by(|a, b| lead(a).total_cmp(&lead(b)))?;
        (totals[best] < totals[next] && lead(telling) >= LEAST_LEAD_DB).then_some(PadModeEstimate {
            pad_mode: MODES[best],
            at_start,
            misfit_db: telling[best],
            next_misfit_db: telling[next],
        })
    };
    // A held sample of zero is zeros, and the two mirrors are alike at low frequencies: the rarer
    // modes have to beat the better of the common two.
    let (better, worse) = if totals[REFLECT] < totals[CONSTANT] { (REFLECT, CONSTANT) } else { (CONSTANT, REFLECT) };
    let rarer = if totals[SYMMETRIC] < totals[EDGE] { SYMMETRIC } else { EDGE };
    Ok(clearly(rarer, better).or_else(|| clearly(better, worse)))
}

/// What no signal explains under each mode; at the end of the signal, at the best of its lengths.
fn misfits_db(
    plan: &Cqt,
    probe: &Probe,
    grid: &Plane<Complex<f64>>,
    at_start: bool,
) -> Result<[f64; MODES.len()], TransformError> {
    let mut misfits = [0.0; MODES.len()];
    for (misfit, pad_mode) in misfits.iter_mut().zip(MODES) {
        let probe = probe.padded_with(pad_mode);
        // Zeros fit every length, and the start does not see the end.
        let lengths = if at_start || pad_mode == PadMode::Constant {
            vec![plan.samples()]
        } else {
            lengths_told_apart(plan.tempered(), grid.columns(), probe.division())?
        };
        *misfit = f64::INFINITY;
        for samples in lengths {
            match probe.misfit_for_samples_db(samples, grid) {
                Ok(db) => *misfit = misfit.min(db),
                // A mirror longer than the signal: librosa refuses it too.
                Err(TransformError::TooShort { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        *misfit = misfit.min(0.0);
    }
    Ok(misfits)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::testing::noise;

    /// Tones and hiss, silent for some time at the start.
    fn sound(samples: usize, silent: usize) -> Vec<f64> {
        let hiss = noise(samples, 9);
        (0..samples)
            .map(|i| {
                let secs = i as f64 / 22050.0;
                let tones = (TAU * 98.3 * secs).cos() + 0.7 * (TAU * 261.0 * secs).sin();
                if i < silent { 0.0 } else { tones + 0.1 * hiss[i] }
            })
            .collect()
    }

    fn quantised(grid: &Plane<Complex<f64>>) -> Plane<Complex<f64>> {
        let loudest = grid.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
        grid.map(|value| {
            let level = ((value.norm() / loudest * 256.0).floor() + 0.5) / 256.0;
            value / value.norm().max(1e-12) * level
        })
    }

    #[test]
    fn finds_each_mode_at_the_start_or_else_at_the_end() {
        for pad_mode in MODES {
            for silent in [0, 20_000] {
                let params = CqtParams { pad_mode, ..CqtParams::default() };
                let grid = Cqt::new(&params, 40_123).unwrap().forward(&sound(40_123, silent)).unwrap();
                for grid in [&grid, &quantised(&grid)] {
                    let found = estimate_pad_mode(&CqtParams::default(), grid, &StopFlag::default()).unwrap();
                    let found = found.unwrap_or_else(|| panic!("{pad_mode:?}, silent until {silent}"));
                    assert_eq!(found.at_start, silent == 0, "{found:?}");
                    // A held sample lies below the lowest bin: where it looks like zeros, it is said so.
                    let alike = pad_mode == PadMode::Edge && found.pad_mode == PadMode::Constant;
                    assert!(found.pad_mode == pad_mode || alike, "{pad_mode:?}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn silence_at_both_ends_fits_every_mode() {
        let mut sound = sound(90_000, 30_000);
        sound[60_000..].fill(0.0);
        let grid = Cqt::new(&CqtParams::default(), 90_000).unwrap().forward(&sound).unwrap();
        assert_eq!(estimate_pad_mode(&CqtParams::default(), &grid, &StopFlag::default()).unwrap(), None);
    }
}
