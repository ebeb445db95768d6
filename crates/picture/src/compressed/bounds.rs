//! Which pixels each cell has, to the pixel.

use std::ops::Range;

use super::{Jpeg, JpegChannel};
use crate::lattice::{CellAxis, Lattice};

/// Rounds of fitting the lattice; cells that had a neighbour's pixel have their own mean only after the first.
const ROUNDS: usize = 3;

/// Pixels by which a boundary may be off at first.
const REACH: i32 = 2;

/// Steps, in pixels, and how many of them to each side, by which the lattice's two ends are moved.
const STEPS_PX: [(f64, i32); 3] = [(0.2, 5), (0.05, 4), (0.01, 5)];

/// Standard deviations by which a boundary off the lattice has to be told. One on a whole pixel falls to either side. A
/// normal number exceeds 6 once in 1e9, so of 1e5 lines of a large picture's cells none moves by chance.
const SURE: f64 = 6.0;

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
        let (mut x, mut y) = (Axis::new(&lattice.x)?, Axis::new(&lattice.y)?);
        for _ in 0..ROUNDS {
            x = x.fitted(&y.starts, &|x, y| y * jpeg.width + x, jpeg)?;
            y = y.fitted(&x.starts, &|y, x| y * jpeg.width + x, jpeg)?;
        }
        Some(Self { x: x.starts, y: y.starts })
    }

    /// Number of rows and columns.
    pub(super) fn cells(&self) -> (usize, usize) {
        (self.y.len() - 1, self.x.len() - 1)
    }
}

/// Boundaries along one direction, and the pixels that they come to.
struct Axis {
    lattice: CellAxis,
    /// Where each cell begins, and the last one ends.
    starts: Vec<usize>,
}

impl Axis {
    fn new(lattice: &CellAxis) -> Option<Self> {
        let inner = (1..lattice.cells).map(|cell| pixel(lattice, lattice.boundary_px(cell)));
        let starts: Vec<usize> = [lattice.first_px].into_iter().chain(inner).chain([lattice.end_px]).collect();
        starts.is_sorted_by(|a, b| a < b).then_some(Self { lattice: *lattice, starts })
    }

    /// The lattice nearby whose boundaries lie where the samples change; one on a whole pixel lies to the side that the
    /// samples tell. `place` tells where the sample at a place along and one across lies.
    fn fitted(&self, across: &[usize], place: &dyn Fn(usize, usize) -> usize, jpeg: &Jpeg) -> Option<Self> {
        let gains = self.gains(across, place, jpeg);
        let cells = self.lattice.cells;
        let moved = |begin: f64, end: f64| {
            let origin_px = self.lattice.origin_px + begin;
            CellAxis {
                origin_px,
                cell_px: (self.lattice.boundary_px(cells) + end - origin_px) / cells as f64,
                ..self.lattice
            }
        };
        let misfit = |axis: &CellAxis| {
            let at = |cell: usize| self.misfit(&gains, cell, pixel(axis, axis.boundary_px(cell)));
            (1..cells).map(at).sum::<f64>()
        };
        let mut best = (misfit(&self.lattice), 0.0, 0.0);
        for (step, reach) in STEPS_PX {
            let (_, begin, end) = best;
            for (i, j) in (-reach..=reach).flat_map(|i| (-reach..=reach).map(move |j| (i, j))) {
                let (begin, end) = (begin + f64::from(i) * step, end + f64::from(j) * step);
                let found = misfit(&moved(begin, end));
                if found < best.0 {
                    best = (found, begin, end);
                }
            }
        }
        let mut fitted = Self::new(&moved(best.1, best.2))?;
        for cell in 1..cells {
            let start = fitted.starts[cell];
            let free = fitted.starts[cell - 1] + 1..fitted.starts[cell + 1];
            let cost = |start: usize| self.misfit(&gains, cell, start);
            let beside = [start.saturating_sub(1), start + 1].into_iter().filter(|start| free.contains(start));
            let best = beside.min_by(|a, b| cost(*a).total_cmp(&cost(*b)));
            fitted.starts[cell] = best.filter(|&best| cost(start) - cost(best) > least_gain(jpeg)).unwrap_or(start);
        }
        Some(fitted)
    }

    /// For each inner boundary what moving it by -2 to 2 pixels adds to the misfit of the pixels beside it.
    fn gains(&self, across: &[usize], place: &dyn Fn(usize, usize) -> usize, jpeg: &Jpeg) -> Vec<[f64; 5]> {
        let starts = &self.starts;
        let lines = |channel: &JpegChannel| Lines::new(starts, across, place, &channel.samples);
        let channels: Vec<Lines> = jpeg.channels.iter().map(lines).collect();
        // What a pixel's line adds when it is given to the cell before in place of the boundary's own.
        let given = |px: i64, cell: usize| {
            let line = usize::try_from(px - starts[0] as i64).ok();
            let lines = |lines: &Lines| line.and_then(|line| lines.given(line, cell)).unwrap_or(0.0);
            channels.iter().map(lines).sum::<f64>()
        };
        let gains = |cell: usize| {
            let at = |by: i64| given(starts[cell] as i64 + by, cell);
            [-at(-1) - at(-2), -at(-1), 0.0, at(0), at(0) + at(1)]
        };
        (1..self.lattice.cells).map(gains).collect()
    }

    /// What a boundary at a pixel adds to the misfit.
    fn misfit(&self, gains: &[[f64; 5]], cell: usize, start: usize) -> f64 {
        let by = (start as i64 - self.starts[cell] as i64).clamp(-i64::from(REACH), i64::from(REACH));
        gains[cell - 1][(by + i64::from(REACH)) as usize]
    }
}

/// What a pixel's line has to fit the other cell better to be given to it. Cells that differ by `d` make a gain of
/// `sum d^2`, with a standard deviation of `2 s sqrt(sum d^2)` where samples are off by `s`.
fn least_gain(jpeg: &Jpeg) -> f64 {
    let squared = |step: u16| f64::from(step).powi(2) / 12.0;
    let variance = |channel: &JpegChannel| channel.steps.iter().map(|&step| squared(step)).sum::<f64>() / 64.0;
    (2.0 * SURE).powi(2) * jpeg.channels.iter().map(variance).fold(0.0, f64::max)
}

/// The pixel where a cell begins whose boundary is at a place.
fn pixel(lattice: &CellAxis, place: f64) -> usize {
    (place.floor().max(0.0) as usize).clamp(lattice.first_px, lattice.end_px)
}

/// Lines of samples across the cells, each averaged over the cells' pixels across.
struct Lines {
    samples: Vec<Vec<f64>>,
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
        Self { samples: lines, means, weights: ranges.iter().map(|range| range.len() as f64).collect() }
    }

    /// How much worse a line fits the cell before than the cell itself; `None` beyond the cells.
    fn given(&self, line: usize, cell: usize) -> Option<f64> {
        let line = self.samples.get(line)?;
        let misfit = |cell: usize| {
            let pairs = line.iter().zip(&self.means[cell]).zip(&self.weights);
            pairs.map(|((a, b), weight)| weight * (a - b).powi(2)).sum::<f64>()
        };
        Some(misfit(cell - 1) - misfit(cell))
    }
}
