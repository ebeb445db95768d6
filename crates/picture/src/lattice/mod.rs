//! The cell lattice: where the cells of the matrix lie in the data box.

mod axis_fit;
mod choice;
mod energy;
mod fit;
mod region;
mod robust_fit;

use std::ops::Range;

pub(crate) use axis_fit::AxisFit;
pub(crate) use energy::{energies, fit_to_energy};
pub(crate) use fit::{changes, fit_to_changes};

/// Cells along one direction: the boundary before visible cell `j` lies at `origin_px + j * cell_px`, a real number
/// counted from the edge of the picture; pixels from its floor on belong to the cell.
///
/// matplotlib rounds mesh edges to whole pixels, and up to 3.3 took `floor` of them in x and `ceil` from the top in y; each
/// is `floor` of some real origin (`snapping.rs`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellAxis {
    /// Where visible cell 0 begins (cut at the picture's edge it may begin outside), in pixels.
    pub origin_px: f64,
    /// Width or height of a cell in pixels.
    pub cell_px: f64,
    /// Visible cells.
    pub cells: usize,
    /// First pixel of the data box.
    pub first_px: usize,
    /// One past the last pixel of the data box.
    pub end_px: usize,
}

/// How close to a whole pixel a boundary counts as falling on it.
const WHOLE_PX: f64 = 1e-4;

/// The cell lattice of a picture; rows count from the top here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lattice {
    /// Columns of cells, from the left.
    pub x: CellAxis,
    /// Rows of cells, from the top.
    pub y: CellAxis,
}

impl CellAxis {
    /// The same cells so many pixels further on.
    pub(crate) fn moved(self, by_px: usize) -> Self {
        Self {
            origin_px: self.origin_px + by_px as f64,
            first_px: self.first_px + by_px,
            end_px: self.end_px + by_px,
            ..self
        }
    }

    /// Real-valued boundary before visible cell `j`.
    pub fn boundary_px(&self, j: usize) -> f64 {
        self.origin_px + j as f64 * self.cell_px
    }

    /// The pixels of visible cell `j` that lie in the data box, the outer cells reaching to its edges; may be empty
    /// for cells narrower than a pixel.
    pub fn pixels_of_cell(&self, j: usize) -> Range<usize> {
        let edge = |j: usize| match j {
            0 => self.first_px,
            j if j >= self.cells => self.end_px,
            j => (self.boundary_px(j).floor().max(0.0) as usize).clamp(self.first_px, self.end_px),
        };
        edge(j)..edge(j + 1)
    }

    /// The pixel to sample for each visible cell, the boundaries taken where changes were seen: one that falls on a
    /// whole pixel may be drawn on either side of it. `counts` are the changes of each pixel of the data box.
    pub(crate) fn samples(&self, counts: &[usize]) -> Vec<usize> {
        let changed = |px: usize| px.checked_sub(self.first_px).and_then(|x| counts.get(x)).is_some_and(|&n| n > 0);
        let edge = |j: usize| {
            let start = self.pixels_of_cell(j).start;
            let beside = self.boundary_px(j) - self.boundary_px(j).round();
            match start {
                start if beside.abs() > WHOLE_PX || changed(start) => start,
                start if beside < 0.0 && changed(start + 1) => start + 1,
                start if beside >= 0.0 && changed(start.saturating_sub(1)) => start - 1,
                start => start,
            }
        };
        let edges: Vec<usize> = (0..self.cells).map(edge).chain([self.end_px]).collect();
        let middle = |(j, pair): (usize, &[usize])| {
            if pair[0] < pair[1] { pair[0] + (pair[1] - pair[0] - 1) / 2 } else { self.sample_px(j) }
        };
        edges.windows(2).enumerate().map(middle).collect()
    }

    /// The pixel to sample for visible cell `j`: the middle one of its pixels, or the one under its centre.
    pub fn sample_px(&self, j: usize) -> usize {
        let pixels = self.pixels_of_cell(j);
        if pixels.is_empty() {
            let centre = self.boundary_px(j) + self.cell_px / 2.0;
            (centre.max(0.0) as usize).clamp(self.first_px, self.end_px.saturating_sub(1).max(self.first_px))
        } else {
            pixels.start + (pixels.len() - 1) / 2
        }
    }

    /// From the data box's first edge to the first visible cell's own edge, in pixels: positive when something of
    /// an earlier cell would lie there.
    pub fn gap_before_px(&self) -> f64 {
        self.origin_px - self.first_px as f64
    }

    /// From the last visible cell's own edge to the data box's last edge, in pixels.
    pub fn gap_after_px(&self) -> f64 {
        self.end_px as f64 - self.boundary_px(self.cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_tile_the_box_and_samples_lie_inside() {
        let axis = CellAxis { origin_px: 4.79, cell_px: 1.2877, cells: 259, first_px: 4, end_px: 338 };
        let mut next = axis.first_px;
        for j in 0..axis.cells {
            let pixels = axis.pixels_of_cell(j);
            assert_eq!(pixels.start, next);
            assert!(pixels.contains(&axis.sample_px(j)));
            next = pixels.end;
        }
        assert_eq!(next, axis.end_px);
    }

    #[test]
    fn cells_under_a_pixel_are_sampled_inside_the_box() {
        let axis = CellAxis { origin_px: 10.0, cell_px: 0.25, cells: 40, first_px: 10, end_px: 20 };
        assert!((0..40).all(|j| (10..20).contains(&axis.sample_px(j))));
    }
}
