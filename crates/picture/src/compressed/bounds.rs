//! Which pixels each cell has, to the pixel.

use std::ops::Range;

use super::Jpeg;
use crate::lattice::{CellAxis, Lattice};

/// Rounds in which boundaries may move by a pixel each.
const ROUNDS: usize = 3;

/// Pixels where cells begin, along both directions; the last is where the last cell ends.
pub(super) struct Bounds {
    pub(super) x: Vec<usize>,
    pub(super) y: Vec<usize>,
}

impl Bounds {
    /// The lattice's boundaries, moved to where the samples change. A lattice found in a compressed picture may be a
    /// hundredth of a pixel off, and a boundary on a whole pixel falls to either side of it. `None` where a cell has no
    /// pixel, or cells lie outside the picture.
    pub(super) fn find(lattice: &Lattice, jpeg: &Jpeg) -> Option<Self> {
        let is_inside = |axis: &CellAxis, pixels: usize| axis.first_px < axis.end_px && axis.end_px <= pixels;
        if !is_inside(&lattice.x, jpeg.width) || !is_inside(&lattice.y, jpeg.height) {
            return None;
        }
        let mut bounds = Self { x: starts(&lattice.x)?, y: starts(&lattice.y)? };
        for _ in 0..ROUNDS {
            bounds.x = moved(&bounds.x, &bounds.y, &|x, y| y * jpeg.width + x, jpeg);
            bounds.y = moved(&bounds.y, &bounds.x, &|y, x| y * jpeg.width + x, jpeg);
        }
        Some(bounds)
    }

    /// Number of rows and columns.
    pub(super) fn cells(&self) -> (usize, usize) {
        (self.y.len() - 1, self.x.len() - 1)
    }
}

fn starts(axis: &CellAxis) -> Option<Vec<usize>> {
    let cells = (0..axis.cells).map(|j| Some(axis.pixels_of_cell(j)).filter(|pixels| !pixels.is_empty()));
    let mut starts = cells.map(|pixels| Some(pixels?.start)).collect::<Option<Vec<usize>>>()?;
    starts.push(axis.end_px);
    Some(starts)
}

/// The boundaries along one direction, each where the pixels beside it fit the mean of their cell best. `place` tells
/// where the sample at a place along and one across lies.
fn moved(along: &[usize], across: &[usize], place: &dyn Fn(usize, usize) -> usize, jpeg: &Jpeg) -> Vec<usize> {
    let sums: Vec<Lines> =
        jpeg.channels.iter().map(|channel| Lines::new(along, across, place, &channel.samples)).collect();
    let misfit = |px: usize, cell: usize| sums.iter().map(|lines| lines.misfit(px - along[0], cell)).sum::<f64>();
    let mut moved = along.to_vec();
    for cell in 1..along.len() - 1 {
        let (before, start, after) = (moved[cell - 1], along[cell], along[cell + 1]);
        // The pixel before the boundary may be this cell's, and the one behind it the last cell's.
        if start - before > 1 && misfit(start - 1, cell) < misfit(start - 1, cell - 1) {
            moved[cell] = start - 1;
        } else if after - start > 1 && misfit(start, cell - 1) < misfit(start, cell) {
            moved[cell] = start + 1;
        }
    }
    moved
}

/// Lines of samples across the cells, each averaged over the cells' pixels across.
struct Lines {
    lines: Vec<Vec<f64>>,
    /// Mean line of each cell.
    means: Vec<Vec<f64>>,
    /// Pixels across for each value of a line.
    weights: Vec<f64>,
}

impl Lines {
    fn new(along: &[usize], across: &[usize], place: &dyn Fn(usize, usize) -> usize, samples: &[u8]) -> Self {
        let ranges: Vec<Range<usize>> = across.windows(2).map(|pair| pair[0]..pair[1]).collect();
        let mean = |a: usize, range: &Range<usize>| {
            range.clone().map(|b| f64::from(samples[place(a, b)])).sum::<f64>() / range.len() as f64
        };
        let (first, end) = (along[0], along[along.len() - 1]);
        let lines: Vec<Vec<f64>> = (first..end).map(|a| ranges.iter().map(|range| mean(a, range)).collect()).collect();
        let means = along
            .windows(2)
            .map(|pair| {
                let own = &lines[pair[0] - first..pair[1] - first];
                (0..ranges.len()).map(|i| own.iter().map(|line| line[i]).sum::<f64>() / own.len() as f64).collect()
            })
            .collect();
        Self { lines, means, weights: ranges.iter().map(|range| range.len() as f64).collect() }
    }

    fn misfit(&self, line: usize, cell: usize) -> f64 {
        let pairs = self.lines[line].iter().zip(&self.means[cell]).zip(&self.weights);
        pairs.map(|((a, b), weight)| weight * (a - b).powi(2)).sum()
    }
}
