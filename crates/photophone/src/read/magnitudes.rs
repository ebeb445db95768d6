//! Levels to magnitudes, how far off each row can be, and the cells that are not in the picture.

use num_complex::Complex;
use photophone_picture::{Clip, Picture};
use photophone_spectrum::{LevelScale, Plane};
use photophone_transform::inverse::Intervals;

use super::Data;

/// Trust in a cell that was filled from its neighbour. From one frame to the next a magnitude
/// changes by some 10 dB less than itself, where a quantiser is some 30 dB better: the square
/// of that ratio.
const FILLED_TRUST: f64 = 1e-3;

/// Levels below the ceiling with which its cells are compared, and cells that may always be there.
const CEILING_STEPS: usize = 4;
const CEILING_CELLS: usize = 4;

/// A picture's levels and what they mean.
pub(super) struct Levels<'a> {
    pub(super) picture: &'a Picture,
    pub(super) scale: LevelScale,
    /// Magnitude of level 1; 1 where the picture does not say.
    pub(super) reference: Option<f64>,
}

/// Coefficients from levels and phasors.
///
/// `edited`: which of the visible cells have lost their phase.
pub(super) fn from_levels(levels: &Levels<'_>, phasors: &Plane<Complex<f64>>, edited: Option<&Plane<bool>>) -> Data {
    let (bins, frames) = phasors.shape();
    let visible = &levels.picture.levels;
    let place = Place::new(levels.picture, (bins, frames));
    let silent = levels.picture.is_silent();
    let magnitude = |cell| if silent { 0.0 } else { levels.magnitude(cell) };
    let coefficients = Plane::from_fn(bins, frames, |k, t| phasors[(k, t)] * magnitude(place.nearest_visible(k, t)));
    let clipped = levels.is_clipped();
    let interval = |k, t| if silent { (0.0, 0.0) } else { levels.interval(place.nearest_visible(k, t), clipped) };
    let noise = Plane::from_fn(bins, frames, |k, t| {
        let (low, high) = interval(k, t);
        let width = if high.is_finite() { high - low } else { coefficients[(k, t)].norm() - low };
        width * width / 12.0
    });
    let intervals = Intervals {
        low: Plane::from_fn(bins, frames, |k, t| if place.is_visible(k, t) { interval(k, t).0 } else { 0.0 }),
        high: Plane::from_fn(
            bins,
            frames,
            |k, t| if place.is_visible(k, t) { interval(k, t).1 } else { f64::INFINITY },
        ),
    };
    let phase_trust = edited
        .map(|edited| Plane::from_fn(bins, frames, |k, t| if edited[place.nearest_visible(k, t)] { 0.0 } else { 1.0 }));
    let trust = (visible.shape() != (bins, frames))
        .then(|| Plane::from_fn(bins, frames, |k, t| if place.is_visible(k, t) { 1.0 } else { FILLED_TRUST }));
    Data { coefficients, noise, intervals: Some(intervals), trust, phase_trust, absolute: levels.reference.is_some() }
}

/// Bins and frames of the grid, those included that the picture is missing.
pub(super) fn whole_shape(picture: &Picture) -> (usize, usize) {
    let ((rows, frames), missing) = (picture.levels.shape(), &picture.missing.value);
    (rows + missing.rows_below + missing.rows_above, frames + missing.frames_before + missing.frames_after)
}

impl Levels<'_> {
    /// The likeliest magnitude of a visible cell. A cell at the floor of a decibel scale is
    /// anything from nothing to the floor: half of it.
    pub(super) fn magnitude(&self, cell: (usize, usize)) -> f64 {
        let magnitude = self.reference.unwrap_or(1.0) * self.scale.magnitude_from_level(self.picture.levels[cell]);
        let floored = self.picture.clip[cell] == Clip::Floor && self.scale.logarithms().is_some();
        if floored { 0.5 * magnitude } else { magnitude }
    }

    /// Between which magnitudes a visible cell lies: from nothing at the floor of a decibel scale, to
    /// any at the ceiling of a clipped picture.
    fn interval(&self, cell: (usize, usize), clipped: bool) -> (f64, f64) {
        let at = |level: f64| self.reference.unwrap_or(1.0) * self.scale.magnitude_from_level(level);
        let (low, high) = (at(self.picture.low[cell]), at(self.picture.high[cell]));
        match self.picture.clip[cell] {
            Clip::Floor if self.scale.logarithms().is_some() => (0.0, high),
            Clip::Ceiling if clipped => (low, f64::INFINITY),
            _ => (low, high),
        }
    }

    /// Whether the picture was clipped: many more cells are at the ceiling than just below it. In a
    /// picture whose brightest colour is its largest value only the loudest cells are there.
    fn is_clipped(&self) -> bool {
        let (_, at_ceiling) = self.picture.clipped_cells();
        let step = self.picture.high.as_slice().iter().zip(self.picture.low.as_slice()).map(|(high, low)| high - low);
        let widest = step.fold(0.0, f64::max);
        let near = 1.0 - (1 + CEILING_STEPS) as f64 * widest;
        let below = self.picture.levels.as_slice().iter().filter(|level| **level > near).count() - at_ceiling;
        at_ceiling > CEILING_CELLS + 2 * below.div_ceil(CEILING_STEPS)
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
