//! A lattice from exact change positions: every change lies on a boundary `floor(origin + j * cell)`.
//!
//! The boundaries of a mesh are a digital straight line (Debled-Rennesson and Reveillès 1995) of which silence
//! hides some points. The search keeps the polygon of lattices that agree with the changes met so far and branches
//! where a change can be more than one boundary; coarse lattices are tried first, because every fine enough lattice
//! agrees with anything.

use photophone_spectrum::{StopFlag, Stopped};

use super::axis_fit::{AxisFit, MIN_CELL_PX};
use super::choice::fit_from_region;
use super::region::Region;
use super::robust_fit::robust_fit;
use crate::raster::Field;

/// Cell sizes are tried in windows of this ratio, coarse ones first.
const WINDOW: f64 = 1.05;
/// Holes for each boundary seen that leave no doubt about a lattice with the number of cells told. One that has all boundaries
/// of another has at least twice as many, so a hole for each; what is well below that is silence.
const FEW_HOLES: f64 = 0.2;
/// Polygons clipped before the search gives up: about 10 ms.
const BUDGET: usize = 60_000;

/// A boundary that falls on a whole pixel may be drawn on either side of it: renderers round as they add.
const JITTER_PX: f64 = 1e-6;
/// Cells by which two lattices may differ over the whole length and count as one and the same.
const DRIFT_CELLS: f64 = 3.0;
/// Open branches; every branch pins the lattice down further, so real pictures need a handful.
const MAX_DEPTH: usize = 256;

/// How many pixels differ from those one column to the left, for each column; the first has none.
pub(crate) fn changes(field: &Field, stop: &StopFlag) -> Result<Vec<usize>, Stopped> {
    let mut counts = vec![0; field.width];
    for y in 0..field.height {
        stop.check()?;
        let row = field.row(y);
        for (count, pair) in counts[1..].iter_mut().zip(row.windows(2)) {
            *count += usize::from(pair[0] != pair[1]);
        }
    }
    Ok(counts)
}

/// The coarsest lattice with a boundary at each column that has changes, or the one that explains most changes where
/// that leaves fewer oddities; `expected` cells are tried first.
///
/// `None` when no lattice with cells over [`MIN_CELL_PX`] fits. Cost: some thousand polygon clippings; when they find
/// nothing plain also that of [`robust_fit`].
pub(crate) fn fit_to_changes(counts: &[usize], expected: Option<usize>) -> Option<AxisFit> {
    let all = fit_to_all(counts, expected);
    let as_told = |fit: &AxisFit| expected.is_some_and(|n| fit.cells == n || fit.cells + 1 == n);
    if all.is_some_and(|all| as_told(&all) || all.oddities() <= 1) {
        return all;
    }
    let most = robust_fit(counts, expected);
    match (all, most) {
        (Some(all), Some(most)) if all.oddities() <= most.oddities() => Some(all),
        (all, most) => most.or(all),
    }
}

fn fit_to_all(counts: &[usize], expected: Option<usize>) -> Option<AxisFit> {
    let strict = fit_with_jitter(counts, expected, 0.0);
    let jittered = fit_with_jitter(counts, expected, JITTER_PX);
    match (strict, jittered) {
        // Jitter lets a lattice that drifts by under a pixel in all pass for one of whole pixels; a lattice that
        // really jitters leaves the strict search something unrelated.
        (Some(strict), Some(jittered)) if jittered.cell < strict.cell * (1.0 + DRIFT_CELLS / strict.cells as f64) => {
            Some(strict)
        }
        (strict, jittered) => jittered.or(strict),
    }
}

fn fit_with_jitter(counts: &[usize], expected: Option<usize>, jitter: f64) -> Option<AxisFit> {
    let places: Vec<f64> = counts.iter().enumerate().filter(|&(_, &n)| n > 0).map(|(x, _)| x as f64).collect();
    let length = counts.len() as f64;
    let smallest_gap = places.windows(2).map(|pair| pair[1] - pair[0]).fold(length, f64::min);
    let mut search = Search { places: &places, budget: BUDGET, jitter };
    let first = *places.first()?;
    let told = expected.filter(|&n| n > 0).and_then(|n| {
        // One cell may be missing and the outer ones cut.
        let (low, high) = ((length - 1.0) / (n as f64 + 1.0), (length + 1.0) / (n as f64 - 1.0).max(0.5));
        search.within(first, low.max(MIN_CELL_PX), high.min(smallest_gap + 1.0))
    });
    let fit = |region: &Region| fit_from_region(region, &places, counts.len(), expected);
    let told = told.as_ref().map(fit);
    if let Some(told) = told.filter(|told| told.holes <= FEW_HOLES) {
        return Some(told);
    }
    // Twice the true number of cells fits as well, but leaves a hole after each boundary.
    let coarsest = search.coarsest(first, smallest_gap + 1.0).as_ref().map(fit);
    match (told, coarsest) {
        (Some(told), Some(coarsest)) if told.holes <= 2.0 * coarsest.holes + FEW_HOLES => Some(told),
        (told, coarsest) => coarsest.or(told),
    }
}

struct Search<'a> {
    places: &'a [f64],
    budget: usize,
    jitter: f64,
}

impl Search<'_> {
    fn coarsest(&mut self, first: f64, largest_cell: f64) -> Option<Region> {
        let mut high = largest_cell;
        while high > MIN_CELL_PX && self.budget > 0 {
            let low = (high / WINDOW).max(MIN_CELL_PX);
            if let Some(region) = self.within(first, low, high) {
                return Some(region);
            }
            high = low;
        }
        None
    }

    fn within(&mut self, first: f64, low: f64, high: f64) -> Option<Region> {
        (low < high)
            .then(|| Region::from_ranges((first, first + 1.0), (low, high)))
            .and_then(|r| self.extend(r, 1, 0.0, 0))
    }

    /// Places the changes from number `next` on, the one before being boundary `last`.
    fn extend(&mut self, mut region: Region, mut next: usize, mut last: f64, depth: usize) -> Option<Region> {
        let origin = self.places[0];
        while let Some(&place) = self.places.get(next) {
            let (low, high) = region.cell_range();
            // Boundary j lies in [place, place + 1) and boundary 0 in [origin, origin + 1).
            let from = ((place - origin - 1.0) / high).ceil().max(last + 1.0);
            let to = ((place - origin + 1.0) / low).floor();
            let mut options = Vec::new();
            let mut j = from;
            while j <= to {
                self.budget = self.budget.checked_sub(1)?;
                options.extend(region.with_boundary_at(j, place, self.jitter).map(|region| (region, j)));
                j += 1.0;
            }
            next += 1;
            if options.len() > 1 {
                let mut options = options.into_iter().filter(|_| depth < MAX_DEPTH);
                return options.find_map(|(region, j)| self.extend(region, next, j, depth + 1));
            }
            (region, last) = options.pop()?;
        }
        Some(region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changes on every boundary of a lattice but those in silence.
    fn counts(length: usize, origin: f64, cell: f64, silent: std::ops::Range<usize>) -> Vec<usize> {
        let mut counts = vec![0; length];
        for j in 1.. {
            let place = (origin + f64::from(j) * cell).floor() as usize;
            if place >= length {
                return counts;
            }
            if !silent.contains(&place) {
                counts[place] = 3;
            }
        }
        counts
    }

    #[test]
    fn lattices_are_found_through_silence() {
        for (length, origin, cell, cells) in [
            (334, 0.7877, 1.287_692, 259),
            (496, 0.0, 496.0 / 260.0, 260),
            (369, 0.3, 4.4, 84),
            (1200, 0.5, 1.17, 1026),
        ] {
            let silence = length / 3..length / 3 + length / 5;
            let fit = fit_to_changes(&counts(length, origin, cell, silence), None).unwrap();
            assert_eq!(fit.cells, cells, "{fit:?}");
            assert!((fit.cell - cell).abs() * (length as f64) < cell, "{fit:?}");
        }
    }

    #[test]
    fn changes_everywhere_and_nowhere_have_no_lattice() {
        assert_eq!(fit_to_changes(&[1; 300], None), None);
        assert_eq!(fit_to_changes(&[0; 300], None), None);
        assert_eq!(fit_to_changes(&[], Some(4)), None);
    }

    #[test]
    fn twice_the_cells_told_do_not_overrule_what_is_seen() {
        let fit = fit_to_changes(&counts(120, 0.0, 4.0, 0..0), Some(60)).unwrap();
        assert_eq!(fit.cells, 30);
    }
}
