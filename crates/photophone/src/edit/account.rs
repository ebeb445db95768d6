//! What an edit did: which regions, and which samples.

use std::ops::Range;

use photophone_spectrum::Plane;
use serde::Serialize;

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
    /// The least and the greatest gain in it, in dB: minus infinity is nothing left.
    pub gain_db: (f64, f64),
    /// How large it is, in cells.
    pub cells: f64,
}

/// The regions of a plane of gains, the largest first, and how many there are.
pub(super) fn regions(surface: &Surface, gains: &Plane<f32>) -> (Vec<Region>, usize) {
    let mut regions: Vec<Region> =
        pieces(gains).into_iter().map(|piece| piece.into_region(surface)).collect();
    regions.sort_by(|a, b| b.cells.total_cmp(&a.cells));
    let count = regions.len();
    regions.truncate(MAX_REGIONS);
    (regions, count)
}

/// The pieces that a plane's changed pixels hang together in.
fn pieces(gains: &Plane<f32>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut below: Vec<(Range<usize>, usize)> = Vec::new();
    for row in 0..gains.rows() {
        let mut here = Vec::new();
        for columns in runs(gains.row(row)) {
            let mut own = pieces.len();
            pieces.push(Piece::of_run(row, &columns, &gains.row(row)[columns.clone()]));
            let touching = below.iter().filter(|(other, _)| other.start < columns.end && columns.start < other.end);
            for &(_, other) in touching {
                own = joined(&mut pieces, own, other);
            }
            here.push((columns, own));
        }
        below = here;
    }
    pieces.into_iter().filter(|piece| piece.joined_to.is_none()).collect()
}

/// Joins two pieces and gives the one that stays.
fn joined(pieces: &mut [Piece], a: usize, b: usize) -> usize {
    let (a, b) = (root(pieces, a), root(pieces, b));
    if a == b {
        return a;
    }
    let (stays, goes) = (a.min(b), a.max(b));
    let other = std::mem::replace(&mut pieces[goes], Piece { joined_to: Some(stays), ..Piece::default() });
    pieces[stays].take(&other);
    stays
}

fn root(pieces: &mut [Piece], mut at: usize) -> usize {
    while let Some(next) = pieces[at].joined_to {
        // Half of the way is cut, so that chains stay short (Tarjan and van Leeuwen 1984).
        if let Some(after) = pieces[next].joined_to {
            pieces[at].joined_to = Some(after);
        }
        at = next;
    }
    at
}

/// A row's changed pixels, without gaps.
fn runs(row: &[f32]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for (column, _) in row.iter().enumerate().filter(|(_, gain)| **gain != 1.0) {
        match all.last_mut() {
            Some(run) if run.end == column => run.end += 1,
            _ => all.push(column..column + 1),
        }
    }
    all
}

#[derive(Clone, Debug, Default)]
struct Piece {
    rows: Range<usize>,
    columns: Range<usize>,
    gain: (f32, f32),
    /// Pixels of each row.
    pixels: Vec<(usize, usize)>,
    joined_to: Option<usize>,
}

impl Piece {
    fn of_run(row: usize, columns: &Range<usize>, gains: &[f32]) -> Self {
        let gain = gains.iter().fold((f32::MAX, 0.0), |(least, most): (f32, f32), &gain| (least.min(gain), most.max(gain)));
        Self { rows: row..row + 1, columns: columns.clone(), gain, pixels: vec![(row, columns.len())], joined_to: None }
    }

    fn take(&mut self, other: &Self) {
        let union = |a: &Range<usize>, b: &Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        self.rows = union(&self.rows, &other.rows);
        self.columns = union(&self.columns, &other.columns);
        self.gain = (self.gain.0.min(other.gain.0), self.gain.1.max(other.gain.1));
        self.pixels.extend(&other.pixels);
    }

    fn into_region(self, surface: &Surface) -> Region {
        let (hop, sr) = (surface.options().hop as f64, surface.params().sr);
        let end = surface.samples().min(self.columns.end * surface.options().hop);
        let cells = |&(row, pixels): &(usize, usize)| {
            pixels as f64 * hop / surface.cell_samples(row) / ROWS_OF_CELL as f64
        };
        Region {
            secs: (self.columns.start as f64 * hop / sr, end as f64 / sr),
            hz: (
                surface.hz_from_row(self.rows.start as f64 - 0.5).max(0.0),
                surface.hz_from_row(self.rows.end as f64 - 0.5).min(sr / 2.0),
            ),
            gain_db: (db(self.gain.0), db(self.gain.1)),
            cells: self.pixels.iter().map(cells).sum(),
        }
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
