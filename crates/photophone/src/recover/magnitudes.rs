//! Levels to magnitudes, how far off each row can be, and the cells that are not in the picture.

use num_complex::Complex;
use photophone_picture::{Clip, Picture};
use photophone_spectrum::{LevelScale, Plane};
use photophone_transform::inverse::RowNoise;

use super::Data;

/// Trust in a cell that was filled from its neighbour. From one frame to the next a magnitude
/// changes by some 10 dB less than itself, where a quantiser is some 30 dB better: the square
/// of that ratio.
const FILLED_TRUST: f64 = 1e-3;

/// A picture's levels and what they mean.
pub(super) struct Levels<'a> {
    pub(super) picture: &'a Picture,
    pub(super) scale: LevelScale,
    /// Magnitude of level 1; 1 where the picture does not say.
    pub(super) reference: Option<f64>,
}

/// Coefficients from levels and phasors.
pub(super) fn from_levels(levels: &Levels<'_>, phasors: &Plane<Complex<f64>>) -> Data {
    let (bins, frames) = phasors.shape();
    let visible = &levels.picture.levels;
    let place = Place::new(levels.picture, (bins, frames));
    let silent = levels.picture.is_silent();
    let magnitude = |cell| if silent { 0.0 } else { levels.magnitude(cell) };
    let coefficients = Plane::from_fn(bins, frames, |k, t| phasors[(k, t)] * magnitude(place.nearest_visible(k, t)));
    let noise = (0..bins)
        .map(|k| {
            let row = place.nearest_visible(k, 0).0;
            (0..visible.columns()).map(|t| levels.variance((row, t))).sum::<f64>() / visible.columns().max(1) as f64
        })
        .collect();
    let trust = (visible.shape() != (bins, frames))
        .then(|| Plane::from_fn(bins, frames, |k, t| if place.is_visible(k, t) { 1.0 } else { FILLED_TRUST }));
    Data { coefficients, noise: RowNoise(noise), trust, absolute: levels.reference.is_some(), exact: false }
}

impl Levels<'_> {
    /// The likeliest magnitude of a visible cell. A cell at the floor of a decibel scale is
    /// anything from nothing to the floor: half of it.
    pub(super) fn magnitude(&self, cell: (usize, usize)) -> f64 {
        let magnitude = self.reference.unwrap_or(1.0) * self.scale.magnitude_from_level(self.picture.levels[cell]);
        let floored = self.picture.clip[cell] == Clip::Floor && matches!(self.scale, LevelScale::Db { .. });
        if floored { 0.5 * magnitude } else { magnitude }
    }

    /// Mean square error of a magnitude spread evenly over its interval.
    fn variance(&self, cell: (usize, usize)) -> f64 {
        let at = |level: f64| self.reference.unwrap_or(1.0) * self.scale.magnitude_from_level(level);
        let width = at(self.picture.high[cell]) - at(self.picture.low[cell]);
        width * width / 12.0
    }
}

/// Where the visible cells lie in the whole grid.
struct Place {
    first_row: usize,
    first_frame: usize,
    rows: usize,
    frames: usize,
}

impl Place {
    fn new(picture: &Picture, whole: (usize, usize)) -> Self {
        let (rows, frames) = picture.levels.shape();
        let missing = &picture.missing.value;
        Self {
            first_row: missing.rows_below.min(whole.0.saturating_sub(rows)),
            first_frame: missing.frames_before.min(whole.1.saturating_sub(frames)),
            rows,
            frames,
        }
    }

    fn is_visible(&self, k: usize, t: usize) -> bool {
        (self.first_row..self.first_row + self.rows).contains(&k)
            && (self.first_frame..self.first_frame + self.frames).contains(&t)
    }

    fn nearest_visible(&self, k: usize, t: usize) -> (usize, usize) {
        let row = k.clamp(self.first_row, self.first_row + self.rows - 1) - self.first_row;
        (row, t.clamp(self.first_frame, self.first_frame + self.frames - 1) - self.first_frame)
    }
}
