//! How likely a tuning makes the coefficients, octave by octave.
//!
//! Each octave is looked at as the transform computed it: its rate, its hop, its filters. Where the noise is of unknown
//! strength in each octave, twice the log likelihood of a tuning is the sum of `-n ln(misfit)` over octaves with `n` numbers
//! more than their signal has.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::consistency::Probe;
use crate::parallel::try_map;
use crate::{StopFlag, Tempered, TransformError};

/// librosa's `estimate_tuning` answers in steps of this many bins.
const LIBROSA_STEP: f64 = 0.01;

/// Distances, in bins, at which the neighbours of the best tuning so far are tried.
const STEPS: [f64; 4] = [0.08, 0.04, 0.02, 0.01];

/// Grids of up to so many frames are scanned at these tunings: the quick look may have found another neighbourhood.
const SHORT_FRAMES: usize = 128;
const SCAN: [f64; 8] = [-0.44, -0.33, -0.22, -0.11, 0.11, 0.22, 0.33, 0.44];

/// Steps of the solver for the last comparisons.
const CLOSE_STEPS: usize = 64;

/// Power of an octave over the loudest one's up to which it may be leakage of that, which no sound of its own explains:
/// `sparsity` cuts a hundredth off each filter.
const HEARD: f64 = 1e-4;

/// Share of the power below which what is unexplained is the solver's own: -80 dB.
const LEAST_MISFIT: f64 = 1e-8;

/// The octaves that tell one tuning from another.
pub(super) struct Octaves {
    probes: Vec<Probe>,
    /// Numbers of each beyond those of its signal.
    redundancies: Vec<f64>,
}

/// The likeliest tuning.
pub(super) struct Likeliest {
    pub(super) tuning: f64,
    /// What is unexplained at its place on the raster in the octave that tells it best from 0, in dB,
    pub(super) misfit_db: f64,
    /// and there at 0.
    pub(super) default_misfit_db: f64,
    /// Twice the log of the ratio of its likelihood and that of 0, less Schwarz's penalty for one unknown.
    pub(super) evidence: f64,
}

/// A tuning and the share that each octave leaves unexplained.
#[derive(Clone)]
struct Trial {
    tuning: f64,
    misfits: Vec<f64>,
}

impl Octaves {
    pub(super) fn new(
        of: Tempered<'_>,
        coefficients: &Plane<Complex<f64>>,
        stop: &StopFlag,
    ) -> Result<Self, TransformError> {
        let (_, longest) = of.samples_from_frames(coefficients.columns())?;
        let plan = of.plan(longest, stop)?;
        let magnitudes = coefficients.map(|value| value.norm());
        let probes = plan.octaves().map(|octave| Probe::octave_inside(&plan, octave, &magnitudes).until(stop));
        let probes: Vec<(Probe, f64)> = probes
            .map(|probe| {
                let power = probe.mean_power(coefficients);
                (probe, power)
            })
            .collect();
        let loudest = probes.iter().map(|(_, power)| *power).fold(0.0, f64::max);
        let tells = |(probe, power): &(Probe, f64)| probe.redundancy() > 0.0 && *power > HEARD * loudest;
        let probes: Vec<Probe> = probes.into_iter().filter(tells).map(|(probe, _)| probe).collect();
        let redundancies = probes.iter().map(Probe::redundancy).collect();
        Ok(Self { probes, redundancies })
    }

    /// The likeliest tuning near `found` or near 0, whichever is likelier, and how much the data prefer it to 0.
    pub(super) fn best(&self, found: f64, grid: &Plane<Complex<f64>>) -> Result<Likeliest, TransformError> {
        let mut best = self.trial(0.0, grid)?;
        let scan = if grid.columns() <= SHORT_FRAMES { &SCAN[..] } else { &[] };
        for &tuning in scan.iter().chain(&[found]).filter(|tuning| on_raster(**tuning) != 0.0) {
            best = self.likelier(best, self.trial(tuning, grid)?);
        }
        let near = self.descended(best, &STEPS, grid)?;
        // Where a sound lies at the edge of an octave, short solves leave more than a wrong tuning costs.
        let close = self.in_steps(CLOSE_STEPS);
        let tuning = close.descended(close.trial(near.tuning, grid)?, &STEPS[1..], grid)?.tuning;
        let settled = close.trial(on_raster(tuning - tuning.round()), grid)?;
        let default = close.trial(0.0, grid)?;
        let gain = self.surprise(&default) - self.surprise(&settled);
        let evidence = gain - self.redundancies.iter().sum::<f64>().max(1.0).ln();
        let lead = |octave: &usize| default.misfits[*octave] / settled.misfits[*octave];
        let telling = (0..self.probes.len()).max_by(|a, b| lead(a).total_cmp(&lead(b)));
        let db = |trial: &Trial| telling.map_or(0.0, |octave| 10.0 * trial.misfits[octave].log10());
        Ok(Likeliest { tuning, misfit_db: db(&settled), default_misfit_db: db(&default), evidence })
    }

    /// The likeliest tuning by smaller and smaller steps from one, until its place on the raster is settled.
    fn descended(&self, mut best: Trial, steps: &[f64], grid: &Plane<Complex<f64>>) -> Result<Trial, TransformError> {
        for &step in steps {
            let (left, right) = (self.trial(best.tuning - step, grid)?, self.trial(best.tuning + step, grid)?);
            let place = best.tuning + step * self.offset(&left, &best, &right);
            let is_settled = on_raster(place) == on_raster(best.tuning);
            best = self.likelier(self.likelier(best, left), right);
            if is_settled {
                return Ok(Trial { tuning: place, ..best });
            }
            best = self.likelier(best, self.trial(place, grid)?);
        }
        Ok(best)
    }

    fn in_steps(&self, steps: usize) -> Self {
        let probes = self.probes.iter().map(|probe| probe.in_steps(steps)).collect();
        Self { probes, redundancies: self.redundancies.clone() }
    }

    fn trial(&self, tuning: f64, grid: &Plane<Complex<f64>>) -> Result<Trial, TransformError> {
        let misfits = try_map(&self.probes, |probe| match probe.misfit_for_tuning_db(tuning, grid) {
            // A tuning that no transform has explains nothing.
            Err(TransformError::AboveNyquist { .. } | TransformError::FilterLength { .. }) => Ok(1.0),
            misfit_db => misfit_db.map(|misfit_db| power(misfit_db).max(LEAST_MISFIT)),
        })?;
        Ok(Trial { tuning, misfits })
    }

    fn likelier(&self, one: Trial, other: Trial) -> Trial {
        if self.surprise(&other) < self.surprise(&one) { other } else { one }
    }

    /// Minus twice the log likelihood.
    fn surprise(&self, trial: &Trial) -> f64 {
        self.redundancies.iter().zip(&trial.misfits).map(|(count, misfit)| count * misfit.ln()).sum()
    }

    /// Where the most likely tuning is, in steps off the middle of three.
    ///
    /// The misfit of each octave is a parabola in the tuning; they are weighed by what they leave at the best of the three.
    fn offset(&self, left: &Trial, middle: &Trial, right: &Trial) -> f64 {
        let weights: Vec<f64> = (0..self.probes.len())
            .map(|i| self.redundancies[i] / left.misfits[i].min(middle.misfits[i]).min(right.misfits[i]))
            .collect();
        let whole = |trial: &Trial| weights.iter().zip(&trial.misfits).map(|(weight, misfit)| weight * misfit).sum();
        parabola_offset(whole(left), whole(middle), whole(right))
    }
}

/// The nearest tuning that librosa's `estimate_tuning` can answer.
pub(super) fn on_raster(tuning: f64) -> f64 {
    (tuning / LIBROSA_STEP).round() * LIBROSA_STEP
}

pub(super) fn power(db: f64) -> f64 {
    10f64.powf(db / 10.0)
}

/// Where the parabola through three equally spaced values is least, in steps off the middle.
pub(super) fn parabola_offset(left: f64, middle: f64, right: f64) -> f64 {
    let curvature = left - 2.0 * middle + right;
    if curvature > 0.0 { (0.5 * (left - right) / curvature).clamp(-1.0, 1.0) } else { 0.0 }
}
