//! Where neighbouring lines of pixels differ, and which lattice of cells explains that.
//!
//! A mesh is drawn without antialiasing: lines of pixels of one cell are the same, and lines differ where a cell ends and, by
//! chance, not everywhere there.

use super::boxes::Rectangle;
use crate::raster::Raster;

/// Chance that lines of one cell differ all the same: a mark drawn over the data.
const STRAY: f64 = 0.003;
/// Bounds of the chance that lines differ where a cell ends.
const DIFFERS: (f64, f64) = (0.3, 0.995);
/// How far a lattice may be moved as a whole and spread, in tenths of a pixel: the box is known to half a pixel, and
/// matplotlib 2 rounds edges half a pixel differently. Coarse and fine.
const COARSE: (i32, usize, i32, usize) = (9, 3, 3, 3);
const FINE: (i32, usize, i32, usize) = (11, 1, 7, 1);

/// Which neighbouring lines differ.
#[derive(Clone, Debug)]
pub(crate) struct Changes {
    /// Pixel at which the second of the first two lines begins.
    first: usize,
    differ: Vec<bool>,
}

/// How well a lattice explains the changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Explained {
    /// Logarithm of the likelihood of the changes.
    pub(crate) likelihood: f64,
    /// Share of the changes that lie where cells end.
    pub(crate) share: f64,
    /// Share of the ends of cells at which lines differ.
    pub(crate) seen: f64,
    /// Pairs of lines of one cell, which a lattice could get wrong.
    pub(crate) inside: usize,
    /// Ends of the lattice, in pixels.
    pub(crate) from_px: f64,
    pub(crate) to_px: f64,
}

impl Changes {
    /// Between the rows (`up`) or the columns inside of a rectangle's frame line.
    pub(crate) fn of(raster: &Raster, rectangle: &Rectangle, up: bool) -> Self {
        let [left, top, right, bottom] = rectangle.inner();
        // The soft edges of lines and ticks lie over the outermost pixels.
        let (left, top, right, bottom) = (left + 1, top + 1, right - 1, bottom - 1);
        let differ = if up {
            (top + 1..=bottom).map(|y| raster.row(y)[left..=right] != raster.row(y - 1)[left..=right]).collect()
        } else {
            let mut differ = vec![false; right - left];
            for y in top..=bottom {
                let row = &raster.row(y)[left..=right];
                differ.iter_mut().zip(row.windows(2)).for_each(|(differs, pair)| *differs |= pair[0] != pair[1]);
            }
            differ
        };
        Self { first: if up { top } else { left } + 1, differ }
    }

    /// How many pairs of lines are the same.
    pub(crate) fn same(&self) -> usize {
        self.differ.iter().filter(|differs| !**differs).count()
    }

    pub(crate) fn pairs(&self) -> usize {
        self.differ.len()
    }

    /// The pixels at which lines differ from the line before.
    pub(crate) fn places(&self) -> Vec<f64> {
        let differ = self.differ.iter().enumerate().filter(|(_, differs)| **differs);
        differ.map(|(index, _)| (self.first + index) as f64).collect()
    }

    /// How well cells that end at these pixels explain the changes.
    pub(crate) fn explained_by(&self, edges: impl Iterator<Item = f64>, from_px: f64, to_px: f64) -> Explained {
        let mut ends = vec![false; self.differ.len()];
        for edge in edges {
            let index = (edge + 0.5).floor() - self.first as f64;
            if index >= 0.0
                && let Some(end) = ends.get_mut(index as usize)
            {
                *end = true;
            }
        }
        // Changes at ends of cells, ends without a change, changes elsewhere, and neither.
        let mut counts = [0usize; 4];
        for (&differs, &ends) in self.differ.iter().zip(&ends) {
            counts[usize::from(!ends) * 2 + usize::from(differs != ends)] += 1;
        }
        let [hit, quiet, within, stray] = [counts[0], counts[1], counts[2], counts[3]];
        let differs = (hit as f64 / (hit + quiet).max(1) as f64).clamp(DIFFERS.0, DIFFERS.1);
        let likelihood = hit as f64 * differs.ln()
            + quiet as f64 * (1.0 - differs).ln()
            + stray as f64 * STRAY.ln()
            + within as f64 * (1.0 - STRAY).ln();
        let share = hit as f64 / (hit + stray).max(1) as f64;
        let seen = hit as f64 / (hit + quiet).max(1) as f64;
        Explained { likelihood, share, seen, inside: within + stray, from_px, to_px }
    }

    /// The same for cells that end at these places of a scale whose first and last are at `from_px` and `to_px`, moved a little.
    fn best_of(&self, places: &[f64], from_px: f64, to_px: f64, steps: (i32, usize, i32, usize)) -> Option<Explained> {
        let (&first, &last) = (places.first()?, places.last()?);
        let (farthest, step, widest, wider) = steps;
        let mut best: Option<Explained> = None;
        for moved in (-farthest..=farthest).step_by(step) {
            for spread in (-widest..=widest).step_by(wider) {
                let (from, to) = (from_px + f64::from(moved - spread) / 10.0, to_px + f64::from(moved + spread) / 10.0);
                let px_a_place = (to - from) / (last - first);
                let edges = places.iter().map(|place| from + (place - first) * px_a_place);
                let explained = self.explained_by(edges, from, to);
                if best.is_none_or(|best| explained.likelihood > best.likelihood) {
                    best = Some(explained);
                }
            }
        }
        best
    }

    /// As [`Changes::best_of`], quickly.
    pub(crate) fn roughly(&self, places: &[f64], from_px: f64, to_px: f64) -> Option<Explained> {
        self.best_of(places, from_px, to_px, COARSE)
    }

    /// As [`Changes::best_of`], to a tenth of a pixel.
    pub(crate) fn finely(&self, places: &[f64], from_px: f64, to_px: f64) -> Option<Explained> {
        self.best_of(places, from_px, to_px, FINE)
    }
}
