//! Equally wide cells of which a box shows a part: a zoom into a picture cuts its outermost cells anywhere.

use std::f64::consts::TAU;

use super::changes::{Changes, Explained};

/// How far the ends of whole cells may be from the edges of the box, in pixels: edges are known to half a pixel, and
/// matplotlib 2 rounds half a pixel differently.
const WHOLE_PX: f64 = 1.0;
/// Narrowest and widest cells: of narrower ones than twice [`WHOLE_PX`] an end is near to any edge, and of wider ones than a
/// quarter of the box too few are seen.
pub(crate) const NARROWEST_PX: f64 = 2.0 * WHOLE_PX;
const WIDEST_SHARE: f64 = 0.25;
/// Periods between two that a box of so many pixels tells apart.
const OVERSAMPLED: f64 = 4.0;
/// Periods that are looked at closely, and by how much: steps of a cell over the whole box, and of a tenth of a pixel.
const PEAKS: usize = 8;
const CELL_STEPS: (i32, f64) = (6, 0.05);
const PX_STEPS: (i32, f64) = (6, 0.1);

/// A lattice that the box cuts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cut {
    pub(crate) period_px: f64,
    /// Where its first cell begins, at the first edge of the box or before, in pixels.
    pub(crate) begin_px: f64,
    pub(crate) explained: Explained,
}

impl Cut {
    /// Ends of its cells, as far as the box shows these.
    pub(crate) fn edges(&self, to_px: f64) -> Vec<f64> {
        let cells = ((to_px - self.begin_px) / self.period_px).ceil() as usize;
        (0..=cells).map(|cell| self.begin_px + cell as f64 * self.period_px).collect()
    }
}

/// The equally wide cells that explain the changes between two edges best, of those that do not end at both.
pub(crate) fn cut(changes: &Changes, from_px: f64, to_px: f64) -> Option<Cut> {
    let width = to_px - from_px;
    let peaks = periodic(&changes.places(), width);
    let near = |(frequency, offset): (f64, f64)| {
        let cells = frequency * width;
        let (most, cell_step) = CELL_STEPS;
        (-most..=most).flat_map(move |step| {
            let period = width / (cells + f64::from(step) * cell_step);
            // Turned about the middle of the box, where the phase was measured.
            let middle = from_px + width / 2.0;
            let at_middle = offset + ((middle - offset) * frequency).round() / frequency;
            (-PX_STEPS.0..=PX_STEPS.0).map(move |px| (period, at_middle + f64::from(px) * PX_STEPS.1))
        })
    };
    let all = peaks.into_iter().flat_map(near).filter_map(|(period_px, anchor)| {
        let begin_px = anchor - ((anchor - from_px) / period_px).ceil() * period_px;
        let off = |edge: f64| {
            let cells = (edge - anchor) / period_px;
            (cells - cells.round()).abs() * period_px
        };
        if off(from_px).max(off(to_px)) <= WHOLE_PX {
            return None;
        }
        let ends = (0..).map(|cell| begin_px + f64::from(cell) * period_px).take_while(|&end| end <= to_px);
        Some(Cut { period_px, begin_px, explained: changes.explained_by(ends, from_px, to_px) })
    });
    all.max_by(|a, b| a.explained.likelihood.total_cmp(&b.explained.likelihood))
}

/// The frequencies, in cells a pixel, at which changes recur most, each with a place where one is: the peaks of the changes'
/// Fourier transform.
fn periodic(places: &[f64], width: f64) -> Vec<(f64, f64)> {
    let step = 1.0 / (OVERSAMPLED * width);
    let first = (1.0 / (WIDEST_SHARE * width * step)).ceil();
    let count = ((1.0 / NARROWEST_PX) / step - first).max(0.0) as usize;
    let mut sums = vec![(0.0, 0.0); count];
    for &place in places {
        let (sin, cos) = (TAU * step * place).sin_cos();
        let (mut im, mut re) = (TAU * first * step * place).sin_cos();
        for sum in &mut sums {
            *sum = (sum.0 + re, sum.1 + im);
            (re, im) = (re * cos - im * sin, re * sin + im * cos);
        }
    }
    let power: Vec<f64> = sums.iter().map(|(re, im)| re * re + im * im).collect();
    let is_peak = |&i: &usize| power[i] >= power[i - 1] && power[i] > power[i + 1];
    let mut peaks: Vec<usize> = (1..count.saturating_sub(1)).filter(is_peak).collect();
    peaks.sort_by(|&a, &b| power[b].total_cmp(&power[a]));
    peaks.truncate(PEAKS);
    let found = peaks.into_iter().map(|i| {
        let frequency = (first + i as f64) * step;
        (frequency, sums[i].1.atan2(sums[i].0) / (TAU * frequency))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::boxes::Rectangle;
    use super::super::lattice::{cell_of_line, frames};
    use super::*;
    use crate::raster::Raster;

    /// Columns of a box from pixel 80 to 480 that show cells of a width from a place on.
    fn columns(begin_px: f64, period_px: f64) -> Changes {
        let cells = ((480.0 - begin_px) / period_px).ceil() as usize;
        let edges: Vec<f64> = (0..=cells).map(|i| begin_px + i as f64 * period_px).collect();
        let cell = cell_of_line(&edges, 0, 520);
        let raster = Raster::from_fn(520, 60, |x, y| {
            let hash = (cell[x] * 104_729 + y * 7919) % 251;
            [hash as u8, (hash * 3 % 256) as u8, 60, 255]
        });
        let rectangle = Rectangle { outer: [80, 10, 479, 50], line_px: 0, hidden: None };
        Changes::of(&raster.unwrap(), &rectangle, false)
    }

    #[test]
    fn a_zoom_that_shows_half_a_cell_at_its_edges_is_not_taken_for_twice_as_many_cells() {
        for (begin, period) in [(75.4, 9.27), (77.0, 6.01), (79.0 - 4.0, 9.5)] {
            let changes = columns(begin, period);
            let found = frames(&changes, 80.0, 480.0).unwrap();
            assert_eq!(found.cells.whole, None, "{found:?}");
            assert!((found.cells.period_px - period).abs() < 0.02, "{found:?}");
            assert!((found.cells.edges_px[0] - begin).abs() < 0.6, "{found:?}");
        }
        assert_eq!(frames(&columns(80.0, 8.0), 80.0, 480.0).unwrap().cells.whole, Some(50));
    }
}
