//! Which cells of the matrix the picture does not show.

use photophone_spectrum::Finding;

use crate::error::PictureError;
use crate::frame_line::FrameLine;
use crate::lattice::{CellAxis, Lattice};
use crate::snapping::{DrawnAxis, LINE_SLACK_PX, Placement, SAFE_CELL_PX, Snapping, WAYS, as_drawn};

/// Pixels of data that a frame line of up to 4 px and its soft edge can hide at one side.
const HIDDEN_PX: i64 = 4;
/// By how much more misfit another way of drawing is clearly less likely.
const LESS_LIKELY: f64 = 1.0;
/// Score of a number of cells where pictures drawn in another way would have lost another one.
const UNSETTLED: f64 = 0.5;
/// Hidden pixels of an axis from which a frame line lies over it: clipping and rounding hide less than one at each side.
const FRAMED_PX: f64 = 1.5;

/// Cells of the expected matrix outside the visible ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Frames before the first visible one.
    pub frames_before: usize,
    /// Frames after the last visible one.
    pub frames_after: usize,
    /// Rows below the lowest visible one.
    pub rows_below: usize,
    /// Rows above the highest visible one.
    pub rows_above: usize,
}

/// Which end of an axis lacks a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Neither,
    Before,
    After,
}

/// How the picture was turned, as far as missing cells care.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turned {
    pub(crate) transposed: bool,
    pub(crate) rows: bool,
    pub(crate) columns: bool,
}

/// What lies around the cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outer {
    /// Width and height of the picture.
    pub(crate) picture_px: (usize, usize),
    /// The frame line around the data box, if there is one.
    pub(crate) line: Option<FrameLine>,
    /// Whether the pixels are unchanged since drawing.
    pub(crate) is_exact: bool,
}

/// Compares the visible cells with the rows and frames expected, as far as they are known.
///
/// # Errors
/// [`PictureError::ShapeMismatch`] when more are missing than clipping or a frame line can hide, or there are too many.
pub(crate) fn find_missing(
    lattice: &Lattice,
    outer: Outer,
    turned: Turned,
    expected: (Option<usize>, Option<usize>),
) -> Result<Finding<Missing>, PictureError> {
    let lost = WAYS.into_iter().filter_map(|way| lost_as_drawn(lattice, outer, turned, expected, way));
    let Some((lost_frames, lost_rows)) = likeliest(&lost.collect::<Vec<_>>()) else {
        let (rows, columns) = shape(lattice, turned);
        return Err(mismatch((rows, columns), (expected.0.unwrap_or(rows), expected.1.unwrap_or(columns))));
    };
    let ((rows, columns), (expected_rows, expected_columns)) = (shape(lattice, turned), expected);
    let mut missing = Missing::default();
    // Transposed pictures have time running up, so the pixel before is the frame after.
    (missing.frames_before, missing.frames_after) = lost_frames.turned(turned.columns != turned.transposed);
    // Rows count from the top of the picture, frequencies from the bottom, unless the picture is transposed.
    (missing.rows_above, missing.rows_below) = lost_rows.turned(turned.rows != turned.transposed);
    let whole = (rows + lost_rows.before + lost_rows.after, columns + lost_frames.before + lost_frames.after);
    let words: Vec<&str> = [lost_frames.why, lost_rows.why].into_iter().filter(|why| !why.is_empty()).collect();
    let evidence = match (words.is_empty(), expected_rows.is_some() || expected_columns.is_some()) {
        (true, true) => format!("all {rows} x {columns} cells expected are visible"),
        (true, false) => "no shape to compare with was given".to_owned(),
        (false, _) => {
            format!("{rows} x {columns} of {} x {} cells are visible; {}", whole.0, whole.1, words.join("; "))
        }
    };
    let sure = f64::min(lost_frames.sure, lost_rows.sure);
    let is_assumed = sure < 0.6 || words.is_empty() && (expected_rows.is_none() || expected_columns.is_none());
    Ok(if is_assumed { Finding::assumed(missing, sure, evidence) } else { Finding::read(missing, sure, evidence) })
}

/// Rows and frames that are visible.
fn shape(lattice: &Lattice, turned: Turned) -> (usize, usize) {
    let Lattice { x, y } = lattice;
    if turned.transposed { (x.cells, y.cells) } else { (y.cells, x.cells) }
}

/// Frames and rows lost, were the picture drawn in one way; `None` where they cannot be.
fn lost_as_drawn(
    lattice: &Lattice,
    outer: Outer,
    turned: Turned,
    (expected_rows, expected_columns): (Option<usize>, Option<usize>),
    way: (Snapping, Placement),
) -> Option<(Lost, Lost)> {
    let (across, down) = as_drawn(lattice, outer.picture_px, outer.line, outer.is_exact, way)?;
    let (time, pitch) = if turned.transposed { (down, across) } else { (across, down) };
    let lost = |along: &DrawnAxis<'_>, expected: Option<usize>, one: LostEnd| match expected {
        Some(expected) => lost_cells(along, expected, one),
        None => Some(unasked(along)),
    };
    Some((lost(&time, expected_columns, lost_end)?, lost(&pitch, expected_rows, lost_row)?))
}

/// What the way of drawing says that fits best; less sure where another one that fits as well says otherwise.
fn likeliest(ways: &[(Lost, Lost)]) -> Option<(Lost, Lost)> {
    let misfit = |way: &(Lost, Lost)| way.0.misfit + way.1.misfit;
    let (frames, rows) = ways.iter().copied().min_by(|a, b| misfit(a).total_cmp(&misfit(b)))?;
    let as_likely = |way: &&(Lost, Lost)| misfit(way) - misfit(&(frames, rows)) < LESS_LIKELY;
    let others: Vec<&(Lost, Lost)> = ways.iter().filter(as_likely).collect();
    let settled = |best: Lost, of: fn(&(Lost, Lost)) -> Lost| {
        let is_open = others.iter().any(|way| (of(way).before, of(way).after) != (best.before, best.after));
        if is_open { Lost { sure: best.sure.min(UNSETTLED), ..best } } else { best }
    };
    Some((settled(frames, |way| way.0), settled(rows, |way| way.1)))
}

fn mismatch((rows, columns): (usize, usize), (expected_rows, expected_columns): (usize, usize)) -> PictureError {
    let fits = |seen: usize, wanted: usize| seen == wanted || seen + 1 == wanted;
    let hint = if fits(columns, expected_rows) && fits(rows, expected_columns) {
        "; rows and frames seem exchanged: say that the picture is transposed (`transposed`), or transpose the expected shape"
    } else {
        " (more only where a frame line hides them); give the phase that belongs to this picture (`phase`), the data \
         box (`crop`) or its cells (`cells`)"
    };
    PictureError::ShapeMismatch { rows, columns, expected_rows, expected_columns, hint: hint.to_owned() }
}

/// Cells lost at the two ends of an axis, in the picture's direction.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Lost {
    before: usize,
    after: usize,
    sure: f64,
    /// How badly the edges of the axes box fit.
    misfit: f64,
    why: &'static str,
}

impl Lost {
    fn turned(self, turned: bool) -> (usize, usize) {
        if turned { (self.after, self.before) } else { (self.before, self.after) }
    }
}

type LostEnd = fn(&CellAxis, usize, bool) -> (End, f64, &'static str);

/// `None` when the cells expected cannot be these and some hidden ones.
fn lost_cells(along: &DrawnAxis<'_>, expected: usize, one: LostEnd) -> Option<Lost> {
    let DrawnAxis { axis, picture_px, late_px, .. } = *along;
    let lost = expected.checked_sub(axis.cells)?;
    let real = CellAxis { origin_px: axis.origin_px - late_px, ..*axis };
    if lost > 0
        && let Some(hidden) = hidden_by_frame(&real, picture_px, lost)
    {
        return Some(Lost { misfit: along.misfit(hidden.before, hidden.after), ..hidden });
    }
    if lost > 1 {
        return None;
    }
    let (end, sure, why) = one(axis, picture_px, lost == 1);
    let (before, after) = (usize::from(end == End::Before), usize::from(end == End::After));
    Some(Lost { before, after, sure, misfit: along.misfit(before, after), why })
}

/// The cells that a frame line hides at either end.
///
/// The line lies on the edges l and r of the axes box. matplotlib's `PathSnapper` moves it to `floor(l + 0.5)` when it
/// is an even number of pixels wide and to half a pixel further when odd, so from there to the data box it hides equally
/// many pixels at both ends, or one more at the first. How many cells lie before settles l and r.
fn hidden_by_frame(axis: &CellAxis, picture_px: usize, lost: usize) -> Option<Lost> {
    let hidden_px = (axis.cells + lost) as f64 * axis.cell_px - (axis.end_px - axis.first_px) as f64;
    if hidden_px < FRAMED_PX || axis.first_px == 0 || axis.end_px >= picture_px {
        return None;
    }
    let ends = |before: usize| {
        let left = axis.origin_px - before as f64 * axis.cell_px;
        let right = left + (axis.cells + lost) as f64 * axis.cell_px;
        let hidden = (axis.first_px as i64 - left.round() as i64, right.round() as i64 - axis.end_px as i64);
        // From 0 the farther, the less a snapped line explains it; a line left where it was may be out by one more.
        let uneven = (axis.first_px as f64 - left) - (right - axis.end_px as f64) - 0.5;
        (hidden, uneven.abs())
    };
    let possible = |&before: &usize| {
        let (first, last) = ends(before).0;
        (0..=HIDDEN_PX).contains(&first) && (0..=HIDDEN_PX).contains(&last)
    };
    let snapped = |&before: &usize| matches!(ends(before).0, (first, last) if first == last || first == last + 1);
    let possible: Vec<usize> = (0..=lost).filter(possible).collect();
    let fitting: Vec<usize> = possible.iter().copied().filter(snapped).collect();
    let (choice, sure) = match (fitting.as_slice(), possible.as_slice()) {
        (&[_], _) => (&fitting, 0.9),
        ([], _) => (&possible, 0.5),
        _ => (&fitting, 0.5),
    };
    let before = choice.iter().copied().min_by(|&a, &b| ends(a).1.total_cmp(&ends(b).1))?;
    let why = "the frame line hides cells, placed so that the line lies on the edges of the axes box at both ends";
    Some(Lost { before, after: lost - before, sure, misfit: 0.0, why })
}

/// Where the number expected is not known: the cells between the data box and the edges of the axes box, which are
/// boundaries of cells.
fn unasked(along: &DrawnAxis<'_>) -> Lost {
    let [(before, before_lead_px), (after, after_lead_px)] = along.unseen();
    let is_clear = before_lead_px > LINE_SLACK_PX && after_lead_px > LINE_SLACK_PX;
    let (sure, why) = match (along.is_framed(), before + after) {
        (true, 0) => (if is_clear { 0.9 } else { 0.6 }, ""),
        (true, _) => (
            if is_clear { 0.9 } else { 0.6 },
            "the frame line hides cells: its middle lies on the edges of the axes box, which are boundaries of cells",
        ),
        (false, 0) => (0.7, ""),
        (false, _) => {
            (0.8, "between the visible cells and the rounded edges of the axes box lies one that no pixel shows")
        }
    };
    Lost { before, after, sure, misfit: along.misfit(before, after), why }
}

/// Agg snaps cells to `floor` but clips them to the axes box *rounded*. A box whose left edge l has a fraction of
/// one half or more is clipped at floor(l) + 1; a first cell narrower than 1.5 px may then have no pixel left, and the
/// next cell begins frac(l) + cell - 1, at least cell - 1/2, after the clip. A first cell that shows begins less than
/// 1/2 after it. Half a cell lies between the two.
fn first_cell_lost(axis: &CellAxis) -> bool {
    axis.cell_px < SAFE_CELL_PX && axis.gap_before_px() >= axis.cell_px / 2.0
}

fn lost_end(axis: &CellAxis, picture_px: usize, lost: bool) -> (End, f64, &'static str) {
    if !lost {
        (End::Neither, 1.0, "")
    } else if first_cell_lost(axis) {
        (
            End::Before,
            0.98,
            "the first frame is missing: the lattice begins more than half a cell after the data box, \
             where only a clipped frame can have been",
        )
    } else if axis.end_px == picture_px {
        (
            End::After,
            0.9,
            "the last frame is missing: the first one fits its edge, and the picture's end cuts the axes box",
        )
    } else {
        (End::Before, 0.5, "one frame is missing, assumed to be the first")
    }
}

fn lost_row(axis: &CellAxis, picture_px: usize, lost: bool) -> (End, f64, &'static str) {
    if !lost {
        (End::Neither, 1.0, "")
    } else if axis.end_px == picture_px && axis.gap_after_px() < -0.5 {
        (End::After, 0.6, "the row at the picture's end is missing, cut off with it")
    } else {
        (End::Before, 0.4, "one row is missing, assumed to be the one at the top (transposed: left) of the picture")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPRIGHT: Turned = Turned { transposed: false, rows: false, columns: false };

    fn bare(width: usize, height: usize) -> Outer {
        Outer { picture_px: (width, height), line: None, is_exact: true }
    }

    fn lattice(gap: f64, columns: usize) -> Lattice {
        let x = CellAxis { origin_px: 4.0 + gap, cell_px: 1.2877, cells: columns, first_px: 4, end_px: 338 };
        Lattice { x, y: CellAxis { origin_px: 3.0, cell_px: 2.5886, cells: 84, first_px: 3, end_px: 220 } }
    }

    fn missing(gap: f64, width: usize, turned: Turned) -> Finding<Missing> {
        find_missing(&lattice(gap, 259), bare(width, 224), turned, (Some(84), Some(260))).unwrap()
    }

    #[test]
    fn a_gap_before_the_first_frame_means_it_was_clipped() {
        let first = missing(0.79, 341, UPRIGHT);
        assert_eq!(first.value, Missing { frames_before: 1, ..Missing::default() });
        assert!(first.confidence > 0.9);
        let mirrored = missing(0.79, 341, Turned { columns: true, ..UPRIGHT });
        assert_eq!(mirrored.value, Missing { frames_after: 1, ..Missing::default() });
    }

    #[test]
    fn without_a_gap_the_pictures_end_cut_the_last_frame() {
        assert_eq!(missing(0.2, 338, UPRIGHT).value, Missing { frames_after: 1, ..Missing::default() });
        let unknown = missing(0.2, 341, UPRIGHT);
        assert_eq!(unknown.value, Missing { frames_before: 1, ..Missing::default() });
        assert!(unknown.confidence <= 0.5);
    }

    /// librosa's figure of 345 frames at dpi 100: the axes box is 80 x 57.6 to 476.8 x 427.2 px, its line 0.8 pt wide.
    #[test]
    fn a_frame_line_hides_several_narrow_frames() {
        let cell_px = 396.8 / 345.0;
        let line = Some(FrameLine { left: 2.0, right: 1.0, top: 2.0, bottom: 1.0 });
        // Boundaries to the nearest pixel, and floored (matplotlib up to 3.3).
        for (late_x, late_y) in [(0.5, 0.5), (0.0, 1.0)] {
            let origin_px = 80.0 + 2.0 * cell_px + late_x;
            let x = CellAxis { origin_px, cell_px, cells: 342, first_px: 82, end_px: 476 };
            let y = CellAxis { origin_px: 57.6 + late_y, cell_px: 6.16, cells: 60, first_px: 60, end_px: 426 };
            let outer = Outer { line, ..bare(640, 480) };
            let found = |columns| find_missing(&Lattice { x, y }, outer, UPRIGHT, (Some(60), columns));
            for columns in [Some(345), None] {
                let found = found(columns).unwrap();
                assert_eq!(found.value, Missing { frames_before: 2, frames_after: 1, ..Missing::default() });
            }
            assert!(found(Some(345)).unwrap().confidence > 0.8);
            assert!(matches!(found(Some(352)), Err(PictureError::ShapeMismatch { .. })));
        }
    }

    #[test]
    fn shapes_that_cannot_belong_together_are_refused_by_both_numbers() {
        let refuse = |(rows, frames)| {
            let expected = (Some(rows), Some(frames));
            find_missing(&lattice(0.2, 259), bare(341, 224), UPRIGHT, expected).unwrap_err().to_string()
        };
        let error = refuse((84, 300));
        assert!(error.contains("84 x 259") && error.contains("84 x 300"), "{error}");
        assert!(refuse((260, 84)).contains("transposed"));
        assert!(refuse((83, 259)).contains("83 x 259"));
    }
}
