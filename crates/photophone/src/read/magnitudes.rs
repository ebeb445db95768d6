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

/// Levels of cells, the ranges that their colours leave, and what they mean.
pub(super) struct LevelCells<'a> {
    pub(super) levels: &'a Plane<f64>,
    pub(super) low: &'a Plane<f64>,
    pub(super) high: &'a Plane<f64>,
    pub(super) clip: &'a Plane<Clip>,
    pub(super) scale: LevelScale,
    /// Magnitude of level 1; 1 where the picture does not say.
    pub(super) reference: Option<f64>,
}

/// Coefficients from levels and phasors.
///
/// `edited`: which of the visible cells have lost their phase.
pub(super) fn from_levels(levels: &Levels<'_>, phasors: &Plane<Complex<f64>>, edited: Option<&Plane<bool>>) -> Data {
    let (bins, frames) = phasors.shape();
    let (visible, cells) = (&levels.picture.levels, levels.cells());
    let place = Place::new(levels.picture, (bins, frames));
    let silent = levels.picture.is_silent();
    let magnitude = |cell| if silent { 0.0 } else { cells.magnitude(cell) };
    let coefficients = Plane::from_fn(bins, frames, |k, t| phasors[(k, t)] * magnitude(place.nearest_visible(k, t)));
    let clipped = cells.is_clipped();
    let interval = |k, t| if silent { (0.0, 0.0) } else { cells.interval(place.nearest_visible(k, t), clipped) };
    let noise = Plane::from_fn(bins, frames, |k, t| evenly_filled(interval(k, t), coefficients[(k, t)].norm()));
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

/// Magnitudes of `whole` rows and frames of which `cells` are those with these numbers; their phase is not known.
///
/// What has no line of pixels lies between its neighbours in decibels, and may be anything; what lies beyond them is not there.
pub(super) fn from_shown(
    cells: &LevelCells<'_>,
    (rows, columns): (&[usize], &[usize]),
    (bins, frames): (usize, usize),
) -> Data {
    let (up, across): (Vec<Between>, Vec<Between>) =
        ((0..bins).map(|k| Between::of(rows, k)).collect(), (0..frames).map(|t| Between::of(columns, t)).collect());
    let (shown_rows, shown_columns) = cells.levels.shape();
    let magnitudes = Plane::from_fn(shown_rows, shown_columns, |r, c| cells.magnitude((r, c)));
    let clipped = cells.is_clipped();
    let value = |k: usize, t: usize| {
        let (Some(up), Some(across)) = (up[k].ends, across[t].ends) else { return 0.0 };
        let line = |row: usize| mixed(magnitudes[(row, across.0)], magnitudes[(row, across.1)], across.2);
        mixed(line(up.0), line(up.1), up.2)
    };
    let interval = |k: usize, t: usize| match (up[k].exact, across[t].exact) {
        (Some(row), Some(column)) => cells.interval((row, column), clipped),
        _ => (0.0, f64::INFINITY),
    };
    let coefficients = Plane::from_fn(bins, frames, |k, t| Complex::new(value(k, t), 0.0));
    let noise = Plane::from_fn(bins, frames, |k, t| evenly_filled(interval(k, t), coefficients[(k, t)].re));
    let intervals = Intervals {
        low: Plane::from_fn(bins, frames, |k, t| interval(k, t).0),
        high: Plane::from_fn(bins, frames, |k, t| interval(k, t).1),
    };
    let phase_trust = Some(Plane::filled(bins, frames, 0.0));
    Data { coefficients, noise, intervals: Some(intervals), trust: None, phase_trust, absolute: false }
}

/// Between which of some lines a place lies.
struct Between {
    /// The line that is there, if one is.
    exact: Option<usize>,
    /// The lines to either side and the share of the upper one; `None` beyond them.
    ends: Option<(usize, usize, f64)>,
}

impl Between {
    /// Of lines at rising places.
    fn of(places: &[usize], at: usize) -> Self {
        let above = places.partition_point(|&place| place < at);
        if places.get(above) == Some(&at) {
            return Self { exact: Some(above), ends: Some((above, above, 0.0)) };
        }
        let ends = (above > 0 && above < places.len()).then(|| {
            let (low, high) = (places[above - 1], places[above]);
            (above - 1, above, (at - low) as f64 / (high - low) as f64)
        });
        Self { exact: None, ends }
    }
}

/// The magnitude so far from the first to the second in decibels.
fn mixed(first: f64, second: f64, share: f64) -> f64 {
    if share == 0.0 { first } else { first.powf(1.0 - share) * second.powf(share) }
}

/// Bins and frames of the grid, those included that the picture is missing.
pub(super) fn whole_shape(picture: &Picture) -> (usize, usize) {
    let ((rows, frames), missing) = (picture.levels.shape(), &picture.missing.value);
    (rows + missing.rows_below + missing.rows_above, frames + missing.frames_before + missing.frames_after)
}

impl<'a> Levels<'a> {
    /// The cells that the picture shows.
    pub(super) fn cells(&self) -> LevelCells<'a> {
        let Self { picture: Picture { levels, low, high, clip, .. }, scale, reference } = *self;
        LevelCells { levels, low, high, clip, scale, reference }
    }
}

/// Mean square error of a magnitude anywhere in a range, evenly; of an open one, as far as the magnitude lies above its start.
pub(super) fn evenly_filled((low, high): (f64, f64), magnitude: f64) -> f64 {
    let width = if high.is_finite() { high - low } else { magnitude - low };
    width * width / 12.0
}

impl LevelCells<'_> {
    /// The likeliest magnitude of a visible cell. A cell at the floor of a decibel scale is
    /// anything from nothing to the floor: half of it.
    pub(super) fn magnitude(&self, cell: (usize, usize)) -> f64 {
        let magnitude = self.reference.unwrap_or(1.0) * self.scale.magnitude_from_level(self.levels[cell]);
        let floored = self.clip[cell] == Clip::Floor && self.scale.logarithms().is_some();
        if floored { 0.5 * magnitude } else { magnitude }
    }

    /// Between which magnitudes a visible cell lies: from nothing at the floor of a decibel scale, to
    /// any at the ceiling of a clipped picture.
    pub(super) fn interval(&self, cell: (usize, usize), clipped: bool) -> (f64, f64) {
        let at = |level: f64| self.reference.unwrap_or(1.0) * self.scale.magnitude_from_level(level);
        let (low, high) = (at(self.low[cell]), at(self.high[cell]));
        match self.clip[cell] {
            Clip::Floor if self.scale.logarithms().is_some() => (0.0, high),
            Clip::Ceiling if clipped => (low, f64::INFINITY),
            _ => (low, high),
        }
    }

    /// Whether the picture was clipped: many more cells are at the ceiling than just below it. In a
    /// picture whose brightest colour is its largest value only the loudest cells are there.
    pub(super) fn is_clipped(&self) -> bool {
        let at_ceiling = self.clip.as_slice().iter().filter(|&&clip| clip == Clip::Ceiling).count();
        let step = self.high.as_slice().iter().zip(self.low.as_slice()).map(|(high, low)| high - low);
        let widest = step.fold(0.0, f64::max);
        let near = 1.0 - (1 + CEILING_STEPS) as f64 * widest;
        let below = self.levels.as_slice().iter().filter(|level| **level > near).count() - at_ceiling;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_line_lies_between_its_neighbours_and_may_be_anything() {
        let levels = Plane::from_fn(2, 2, |row, column| [[0.25, 0.5], [0.75, 1.0]][row][column]);
        let (low, high) = (levels.map(|level| level - 0.01), levels.map(|level| level + 0.01));
        let clip = Plane::filled(2, 2, Clip::None);
        let scale = LevelScale::Db { low: -80.0, high: 0.0 };
        let cells = LevelCells { levels: &levels, low: &low, high: &high, clip: &clip, scale, reference: None };
        let data = from_shown(&cells, (&[1, 3], &[0, 2]), (5, 3));
        let db = |bin, frame| 20.0 * data.coefficients[(bin, frame)].norm().log10();
        for (bin, frame, expected) in [(1, 0, -60.0), (3, 2, 0.0), (2, 0, -40.0), (1, 1, -50.0), (2, 1, -30.0)] {
            assert!((db(bin, frame) - expected).abs() < 1e-6, "{bin}, {frame}: {}", db(bin, frame));
        }
        // Beyond the outermost lines there is nothing.
        assert!(data.coefficients[(0, 0)].norm() == 0.0 && data.coefficients[(4, 2)].norm() == 0.0);
        let ranges = data.intervals.unwrap();
        assert!(ranges.high[(1, 0)] < 0.002 && ranges.low[(1, 0)] > 0.0005);
        assert!(ranges.high[(2, 1)].is_infinite() && ranges.low[(2, 1)] == 0.0);
    }
}
