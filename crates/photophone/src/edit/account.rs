//! What an edit did: which regions, and which samples.

use std::ops::Range;

use photophone_spectrum::Plane;
use serde::Serialize;

use super::moved::Moved;
use super::pieces::{Piece, pieces};
use super::surface::{ROWS_OF_CELL, Surface};

/// Most regions that are told one by one.
const MAX_REGIONS: usize = 100;

/// What was changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EditAccount {
    /// Regions of changed pixels that touch each other, the largest first: at most 100.
    pub regions: Vec<Region>,
    /// How many regions there are.
    pub regions_in_all: usize,
    /// Of each channel, the stretches of samples that the change reaches, in seconds from the first one to the one after
    /// the last. All others are what they were, to the last bit.
    pub reached_secs: Vec<Vec<(f64, f64)>>,
    /// The difference's energy over the sound's, in dB, of all channels: minus infinity where nothing changed.
    pub difference_db: f64,
}

/// Changed pixels that touch each other, or one edit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// When it begins and ends, in seconds.
    pub secs: (f64, f64),
    /// Its lowest and highest frequency, in Hz.
    pub hz: (f64, f64),
    /// The least and the greatest gain in it, in dB: minus infinity is nothing left, infinity what was painted.
    pub gain_db: (f64, f64),
    /// How large it is, in cells.
    pub cells: f64,
    /// When what was put there begins in the sound, in seconds; none where nothing was.
    pub copied_from_secs: Option<f64>,
}

/// The regions of a plane of gains, the largest first, and how many there are.
pub(super) fn regions(surface: &Surface, gains: &Plane<f32>) -> (Vec<Region>, usize) {
    let mut regions: Vec<Region> = pieces(gains).iter().map(|piece| region(surface, piece)).collect();
    regions.sort_by(|a, b| b.cells.total_cmp(&a.cells));
    let count = regions.len();
    regions.truncate(MAX_REGIONS);
    (regions, count)
}

fn region(surface: &Surface, piece: &Piece) -> Region {
    Region { gain_db: (db(piece.gain.0), db(piece.gain.1)), ..region_of_runs(surface, &piece.runs) }
}

/// What moved pixels changed.
pub(super) fn region_of_moved(surface: &Surface, moved: &Moved) -> Region {
    let region = region_of_runs(surface, &moved.runs);
    let later_secs = moved.columns_later as f64 * surface.options().hop as f64 / surface.params().sr;
    Region { copied_from_secs: Some(region.secs.0 - later_secs), ..region }
}

fn region_of_runs(surface: &Surface, runs: &[(usize, Range<usize>)]) -> Region {
    let (hop, sr) = (surface.options().hop, surface.params().sr);
    let [first, end] = [runs.iter().map(|run| run.1.start).min(), runs.iter().map(|run| run.1.end).max()]
        .map(|column| (column.unwrap_or(0) * hop).min(surface.samples()) as f64 / sr);
    let [low, high] =
        [runs.iter().map(|run| run.0).min(), runs.iter().map(|run| run.0).max()].map(|row| row.unwrap_or(0) as f64);
    let cells = |(row, run): &(usize, Range<usize>)| {
        (run.len() * hop) as f64 / surface.cell_samples(*row) / ROWS_OF_CELL as f64
    };
    Region {
        secs: (first, end),
        hz: (surface.hz_from_row(low - 0.5).max(0.0), surface.hz_from_row(high + 0.5).min(sr / 2.0)),
        gain_db: (f64::NEG_INFINITY, f64::NEG_INFINITY),
        cells: runs.iter().map(cells).sum(),
        copied_from_secs: None,
    }
}

fn db(gain: f32) -> f64 {
    20.0 * f64::from(gain).log10()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::SurfaceOptions;

    #[test]
    fn pixels_that_touch_are_one_region() {
        let surface = Surface::new(8000.0, 8000, &SurfaceOptions::default()).unwrap();
        let mut gains = Plane::filled(surface.rows(), surface.columns(), 1.0f32);
        // A U, whose arms meet in the last row only, turned over: two runs a row that are one region.
        for row in 10..20 {
            for column in [3, 9] {
                gains.row_mut(row)[column] = 0.5;
            }
        }
        gains.row_mut(20)[3..10].fill(0.0);
        gains.row_mut(22)[3] = 2.0;
        let (regions, count) = regions(&surface, &gains);
        assert_eq!((regions.len(), count), (2, 2));
        let (first, second) = (&regions[0], &regions[1]);
        assert_eq!(first.gain_db, (f64::NEG_INFINITY, 20.0 * 0.5f64.log10()));
        assert_eq!(first.secs, (3.0 * 256.0 / 8000.0, 10.0 * 256.0 / 8000.0));
        assert_eq!(first.hz, (surface.hz_from_row(9.5), surface.hz_from_row(20.5)));
        let cells = |row, pixels: f64| pixels * 256.0 * surface.cell_hz(row) / 8000.0 / 2.0;
        let wanted: f64 = (10..20).map(|row| cells(row, 2.0)).sum::<f64>() + cells(20, 7.0);
        assert!((first.cells - wanted).abs() < 1e-9 && (second.cells - cells(22, 1.0)).abs() < 1e-12);
    }

    #[test]
    fn nothing_changed_is_no_region() {
        let surface = Surface::new(8000.0, 1, &SurfaceOptions::default()).unwrap();
        assert_eq!(regions(&surface, &Plane::filled(surface.rows(), 1, 1.0)), (vec![], 0));
    }
}
