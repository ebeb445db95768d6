//! Where renderers put the edges of the data box and the boundaries of cells, and which outer cells have no pixel then.

use crate::frame_line::FrameLine;
use crate::lattice::{CellAxis, Lattice};

/// Cells this wide or wider have a pixel beside a rounded edge and are never lost.
pub(crate) const SAFE_CELL_PX: f64 = 1.5;
/// How far off the place of a line may be: rounding, and a soft edge that compression hides.
pub(crate) const LINE_SLACK_PX: f64 = 1.0;
/// Cells divided by which a lattice of floored boundaries is known to this part of a pixel, and once more for safety:
/// the fractions of `n` boundaries leave gaps of about `1/n` between them.
const KNOWN_PX_CELLS: f64 = 2.0;
/// Misfits of 1, by which one way of drawing is clearly likelier than another: so far beyond where rounding puts an edge ...
const EDGE_ODDS_PX: f64 = 0.02;
/// ... and so much in squares of distances from the middle of a line, whose variance is that of rounding (1/12) and about as
/// much again of its soft edges: odds of 4 to 1.
const LINE_ODDS_PX2: f64 = 0.5;

/// How a renderer turns the real boundaries of cells into whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Snapping {
    /// To the nearest pixel: matplotlib's `pcolormesh` from 3.4 on (`pcolormesh.snap`), and its `nearest` images.
    Rounded,
    /// Down in x, and up in y counted from the top: matplotlib's `pcolormesh` up to 3.3. Agg fills each pixel that a
    /// cell touches, and later cells lie over earlier ones.
    Floored,
}

/// Where the axes box lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// It fills the picture: it begins at its left and ends at its bottom, and the fraction of a pixel that its width
    /// and height have more than the picture is cut off (`bbox_inches="tight"`, `pad_inches=0`).
    Filling,
    /// Anywhere: its edges are rounded to those of the data box, which a frame line marks.
    Anywhere,
}

/// How a picture may have been drawn. Of two that fit alike the first is taken, and no more than doubtful: a box that
/// fills the picture to the fraction of a pixel seldom does so by chance, and before an unseen frame is missed it is
/// counted, as it is taken for silence.
pub(crate) const WAYS: [(Snapping, Placement); 4] = [
    (Snapping::Rounded, Placement::Filling),
    (Snapping::Floored, Placement::Filling),
    (Snapping::Floored, Placement::Anywhere),
    (Snapping::Rounded, Placement::Anywhere),
];

/// Where a real edge can lie, from the picture's left or top, in pixels.
#[derive(Clone, Copy, Debug)]
struct Range {
    low: f64,
    high: f64,
}

impl Range {
    fn about(middle: f64) -> Self {
        Self { low: middle - 0.5, high: middle + 0.5 }
    }

    fn excess(self, place: f64) -> f64 {
        (self.low - place).max(place - self.high).max(0.0)
    }

    fn off(self, place: f64) -> f64 {
        (place - 0.5 * (self.low + self.high)).abs()
    }
}

/// One axis of cells under one way of drawing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DrawnAxis<'a> {
    pub(crate) axis: &'a CellAxis,
    /// Width or height of the picture.
    pub(crate) picture_px: usize,
    /// How far a lattice of floored boundaries lies after the real one.
    pub(crate) late_px: f64,
    /// How far outside the data box the edges lie that a frame line marks.
    line_px: Option<(f64, f64)>,
    ends: [Range; 2],
    /// Whether the pixels are unchanged since drawing.
    is_exact: bool,
}

/// Columns and rows of a lattice as drawn in one way; `None` where it cannot be told, as of a box that fills the
/// picture where the box is smaller or was resized. `is_exact` where the pixels are unchanged since drawing.
pub(crate) fn as_drawn<'a>(
    lattice: &'a Lattice,
    picture_px: (usize, usize),
    line: Option<FrameLine>,
    is_exact: bool,
    (snapping, placement): (Snapping, Placement),
) -> Option<(DrawnAxis<'a>, DrawnAxis<'a>)> {
    let (late_x, late_y) = match snapping {
        Snapping::Rounded => (0.5, 0.5),
        Snapping::Floored => (0.0, 1.0),
    };
    let fills = |axis: &CellAxis, px: usize| axis.first_px == 0 && axis.end_px == px;
    let is_filled = is_exact && line.is_none() && fills(&lattice.x, picture_px.0) && fills(&lattice.y, picture_px.1);
    if placement == Placement::Filling && !is_filled {
        return None;
    }
    let axis =
        |axis: &'a CellAxis, picture_px: usize, late_px: f64, line_px: Option<(f64, f64)>, filling: [Range; 2]| {
            let ends = match (placement, line_px) {
                (Placement::Filling, _) => filling,
                (_, Some((first, last))) => [axis.first_px as f64 - first, axis.end_px as f64 + last].map(Range::about),
                (_, None) => [axis.first_px, axis.end_px].map(|edge| Range::about(edge as f64)),
            };
            DrawnAxis { axis, picture_px, late_px, line_px, ends, is_exact }
        };
    let at = |place: f64| Range { low: place, high: place };
    let (width, height) = (picture_px.0 as f64, picture_px.1 as f64);
    let across = [at(0.0), Range { low: width, high: width + 1.0 }];
    let down = [Range { low: -1.0, high: 0.0 }, at(height)];
    Some((
        axis(&lattice.x, picture_px.0, late_x, line.map(|l| (l.left, l.right)), across),
        axis(&lattice.y, picture_px.1, late_y, line.map(|l| (l.top, l.bottom)), down),
    ))
}

impl DrawnAxis<'_> {
    /// Real edges of the axes box if so many cells lie before the visible ones and after them.
    fn edges(&self, before: usize, after: usize) -> [f64; 2] {
        let CellAxis { origin_px, cell_px, cells, .. } = *self.axis;
        let begin = origin_px - self.late_px;
        [begin - before as f64 * cell_px, begin + (cells + after) as f64 * cell_px]
    }

    /// How badly the edges of the axes box fit this way of drawing if so many cells lie before the visible ones and after
    /// them. Rounding says of an edge only between what it lies; the middle of a soft line is rounded and blurred, and
    /// is the less likely the farther off it is. In what was compressed or resampled the box is known to a pixel or two,
    /// which tells nothing.
    pub(crate) fn misfit(&self, before: usize, after: usize) -> f64 {
        let edges = self.edges(before, after).into_iter().zip(self.ends);
        let known_px = KNOWN_PX_CELLS / self.axis.cells.max(1) as f64;
        match (self.is_framed(), self.is_exact) {
            (true, _) => edges.map(|(edge, range)| range.off(edge).powi(2) / LINE_ODDS_PX2).sum(),
            (false, true) => edges.map(|(edge, range)| (range.excess(edge) - known_px).max(0.0) / EDGE_ODDS_PX).sum(),
            (false, false) => 0.0,
        }
    }

    /// Cells before and after the visible ones that make the edges fit best, and how much worse the next best ones do.
    pub(crate) fn unseen(&self) -> [(usize, f64); 2] {
        let cell_px = self.axis.cell_px;
        let most = |line_px: f64| ((line_px + LINE_SLACK_PX) / cell_px).ceil() as usize + 1;
        // Cells of one pixel were never snapped.
        let clipped = usize::from(cell_px > 1.0 && cell_px < SAFE_CELL_PX);
        let (first, last) = self.line_px.map_or((clipped, clipped), |(first, last)| (most(first), most(last)));
        let [begin, end] = self.ends;
        [nearest(first, |n| (begin, self.edges(n, 0)[0])), nearest(last, |n| (end, self.edges(0, n)[1]))]
    }

    /// Whether a frame line lies around the cells.
    pub(crate) fn is_framed(&self) -> bool {
        self.line_px.is_some()
    }
}

/// The number up to `most` whose edge fits its range best, and by how much less the next one does.
fn nearest(most: usize, edge: impl Fn(usize) -> (Range, f64)) -> (usize, f64) {
    let off = |n: usize| {
        let (range, place) = edge(n);
        (range.excess(place), range.off(place))
    };
    let better = |a: &usize, b: &usize| {
        let ((a, a_off), (b, b_off)) = (off(*a), off(*b));
        a.total_cmp(&b).then(a_off.total_cmp(&b_off))
    };
    let best = (0..=most).min_by(better).unwrap_or(0);
    let next = (0..=most).filter(|&n| n != best).map(|n| off(n).1).fold(f64::INFINITY, f64::min);
    (best, next - off(best).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What pixels show of `count` cells between two edges, and how many are lost before and after.
    fn shown(edges: (f64, f64), count: usize, clip: (usize, usize), late_px: f64) -> (CellAxis, [usize; 2]) {
        let cell_px = (edges.1 - edges.0) / count as f64;
        let boundary = |j: usize| (edges.0 + late_px + j as f64 * cell_px).floor();
        let begin = |j: usize| if j == 0 { clip.0 as f64 } else { boundary(j).max(clip.0 as f64) };
        let end = |j: usize| if j + 1 == count { clip.1 as f64 } else { boundary(j + 1).min(clip.1 as f64) };
        // The first of all reaches back to the edge only where its own boundary does.
        let is_shown = |&j: &usize| begin(j) < end(j);
        let visible: Vec<usize> = (0..count).filter(is_shown).collect();
        let (first, last) = (visible[0], visible[visible.len() - 1]);
        let origin_px = edges.0 + late_px + first as f64 * cell_px;
        let axis = CellAxis { origin_px, cell_px, cells: last + 1 - first, first_px: clip.0, end_px: clip.1 };
        (axis, [first, count - 1 - last])
    }

    #[test]
    fn lost_cells_are_found_whatever_the_snapping() {
        let (mut lost, mut wrong, mut cases) = (0, 0, 0);
        for case in 0..400 {
            let part = |prime: usize| (case * prime % 101) as f64 / 101.0;
            let (left, top) = (40.0 + part(37), 30.0 + part(53));
            let (count, rows) = (150 + case % 90, 60 + case % 30);
            let (right, bottom) = (left + count as f64 * (1.05 + 0.4 * part(71)), top + rows as f64 * (2.0 + part(29)));
            let (snapping, late) =
                if case % 2 == 0 { (Snapping::Rounded, (0.5, 0.5)) } else { (Snapping::Floored, (0.0, 1.0)) };
            let round = |edges: (f64, f64)| (edges.0.round() as usize, edges.1.round() as usize);
            let (x, unseen) = shown((left, right), count, round((left, right)), late.0);
            let (y, _) = shown((top, bottom), rows, round((top, bottom)), late.1);
            let lattice = Lattice { x, y };
            let found = as_drawn(&lattice, (900, 900), None, true, (snapping, Placement::Anywhere)).unwrap();
            let [(before, _), (after, _)] = found.0.unseen();
            cases += 1;
            lost += usize::from(unseen != [0, 0]);
            wrong += usize::from([before, after] != unseen);
            assert!(found.0.misfit(unseen[0], unseen[1]) + found.1.misfit(0, 0) < 1.0, "{snapping:?} {lattice:?}");
        }
        assert!(lost > 10 && wrong == 0, "{wrong} wrong, {lost} lost of {cases}");
    }
}
