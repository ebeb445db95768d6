//! How well coefficients fit together: the test of a guess about what made them.
//!
//! Neighbouring bins and frames of a redundant grid are not independent. A wrong tuning, a wrong
//! level scale or a wrong phase makes coefficients that no signal has, and the part that no
//! signal explains is what least squares leaves over.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::least_squares::{LeastSquaresOptions, least_squares};
use super::noise::RowNoise;
use crate::cqt::LibrosaVersion;
use crate::{Cqt, CqtParams, TransformError};

/// Octaves looked at: more would cost more and say the same.
const OCTAVES: usize = 3;

/// Frames looked at.
const FRAMES: usize = 512;

/// Steps of the solver: enough that what is left is inconsistency, not slow convergence.
const STEPS: usize = 6;

/// Part of a grid on which guesses can be tested quickly: the octaves below the grid's limit
/// that hold the most energy, at the lowest rate that carries them.
#[derive(Clone, Debug)]
pub struct Probe {
    params: CqtParams,
    first_bin: usize,
    first_frame: usize,
    frames: usize,
    /// Frames at a cut end whose filters reach beyond the cut.
    margin: (usize, usize),
}

impl Probe {
    /// Chooses the part to look at from the magnitudes.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn new(params: &CqtParams, magnitudes: &Plane<f64>) -> Result<Self, TransformError> {
        params.validate()?;
        let (first_bin, bins) = busiest_octaves(params, magnitudes);
        let fmin_hz = params.fmin_hz * (first_bin as f64 / params.bins_per_octave as f64).exp2();
        let division = division(params, fmin_hz, bins);
        let sub = CqtParams { sr: params.sr / division as f64, hop: params.hop / division, bins, fmin_hz, ..*params };
        let (first_frame, frames) = busiest_frames(magnitudes);
        let reach = reach_frames(&sub);
        let before = if first_frame > 0 { reach } else { 0 };
        let after = if first_frame + frames < magnitudes.columns() { reach } else { 0 };
        Ok(Self { params: sub, first_bin, first_frame, frames, margin: (before, after) })
    }

    /// What no signal explains of the coefficients under a tuning, in dB; 0 for nothing
    /// explained. The plane is the whole grid's. Cost: some milliseconds a call.
    ///
    /// # Errors
    /// Parameters that make no transform, or values that are not numbers.
    pub fn misfit_db(&self, tuning: f64, coefficients: &Plane<Complex<f64>>) -> Result<f64, TransformError> {
        let params = CqtParams { tuning, ..self.params };
        let plan = Cqt::new(&params, (self.frames - 1) * params.hop + params.hop / 2 + 1)?;
        let frames = plan.shape().1.min(self.frames);
        let part = Plane::from_fn(params.bins, plan.shape().1, |row, t| {
            coefficients[(self.first_bin + row, self.first_frame + t.min(frames - 1))]
        });
        let trusted = self.margin.0..frames.saturating_sub(self.margin.1);
        let trust = Plane::from_fn(params.bins, plan.shape().1, |_, t| if trusted.contains(&t) { 1.0 } else { 0.0 });
        let options = LeastSquaresOptions {
            max_iterations: STEPS,
            noise: Some(RowNoise::relative(&part, 1e-2)),
            trust: Some(&trust),
            start: None,
        };
        Ok(least_squares(&plan, &part, &options, |_| ControlFlow::Continue(()))?.residual_db)
    }
}

/// First bin and number of bins of the octaves with the most energy that the grid carries.
fn busiest_octaves(params: &CqtParams, magnitudes: &Plane<f64>) -> (usize, usize) {
    let per_octave = params.bins_per_octave;
    let frame_rate_hz = params.sr / params.hop as f64;
    let limit_hz = frame_rate_hz / ((1.0 / per_octave as f64).exp2() - 1.0);
    let carried =
        (0..params.bins).take_while(|&bin| params.fmin_hz * (bin as f64 / per_octave as f64).exp2() < limit_hz).count();
    let usable = (carried / per_octave).max(1).min(params.bins.div_ceil(per_octave));
    let octaves = OCTAVES.min(usable);
    let energy = |first: usize| -> f64 {
        let end = ((first + octaves) * per_octave).min(magnitudes.rows());
        (first * per_octave..end).flat_map(|row| magnitudes.row(row)).map(|m| m * m).sum()
    };
    let first = (0..=usable - octaves).max_by(|&a, &b| energy(a).total_cmp(&energy(b))).unwrap_or(0);
    (first * per_octave, (octaves * per_octave).min(params.bins - first * per_octave))
}

/// Largest power of two by which rate and hop can be divided without touching the filters.
fn division(params: &CqtParams, fmin_hz: f64, bins: usize) -> usize {
    let top_hz = fmin_hz * (bins as f64 / params.bins_per_octave as f64).exp2();
    let octaves = bins.div_ceil(params.bins_per_octave) as u32;
    let spare_twos = match params.librosa {
        // These need a factor of two in the hop for each octave that is left.
        LibrosaVersion::V0_6 | LibrosaVersion::V0_8 => (params.hop.trailing_zeros() + 1).saturating_sub(octaves),
        _ => params.hop.trailing_zeros(),
    };
    let mut division = 1;
    while division < 1 << spare_twos && params.sr / (2 * division) as f64 > 4.0 * top_hz {
        division *= 2;
    }
    division
}

/// First frame and number of frames of the loudest stretch.
fn busiest_frames(magnitudes: &Plane<f64>) -> (usize, usize) {
    let columns = magnitudes.columns();
    if columns <= FRAMES {
        return (0, columns);
    }
    let mut power = vec![0.0; columns];
    for row in 0..magnitudes.rows() {
        for (sum, m) in power.iter_mut().zip(magnitudes.row(row)) {
            *sum += m * m;
        }
    }
    let mut sum: f64 = power[..FRAMES].iter().sum();
    let (mut best, mut first) = (sum, 0);
    for start in 1..=columns - FRAMES {
        sum += power[start + FRAMES - 1] - power[start - 1];
        if sum > best {
            (best, first) = (sum, start);
        }
    }
    (first, FRAMES)
}

/// Frames that the longest filter spans to either side.
fn reach_frames(params: &CqtParams) -> usize {
    let q = params.filter_scale / ((1.0 / params.bins_per_octave as f64).exp2() - 1.0);
    ((q * params.sr / params.fmin_hz / params.hop as f64).ceil() as usize).min(FRAMES / 4)
}
