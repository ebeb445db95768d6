//! Which cells of the matrix the picture does not show.

use photophone_spectrum::Finding;

use crate::error::PictureError;
use crate::lattice::{CellAxis, Lattice};

/// Cells this wide or wider have a pixel beside a rounded edge and are never lost.
const SAFE_CELL_PX: f64 = 1.5;

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

/// Compares the visible cells with the shape expected; both are rows x frames.
///
/// # Errors
/// [`PictureError::ShapeMismatch`] when more than a row or a frame is missing or there are too many.
pub(crate) fn find_missing(
    lattice: &Lattice,
    picture: (usize, usize),
    turned: Turned,
    expected: Option<(usize, usize)>,
) -> Result<Finding<Missing>, PictureError> {
    let (time, pitch) = if turned.transposed { (&lattice.y, &lattice.x) } else { (&lattice.x, &lattice.y) };
    let (time_px, pitch_px) = if turned.transposed { (picture.1, picture.0) } else { picture };
    let (rows, columns) = (pitch.cells, time.cells);
    let Some((expected_rows, expected_columns)) = expected else {
        return Ok(unasked(time, turned.columns));
    };
    let fits = |seen: usize, wanted: usize| seen == wanted || seen + 1 == wanted;
    if !fits(rows, expected_rows) || !fits(columns, expected_columns) {
        let hint = if fits(columns, expected_rows) && fits(rows, expected_columns) {
            "; rows and frames seem exchanged: say that the picture is transposed (--transposed), or transpose the expected shape"
        } else {
            "; give the phase that belongs to this picture (--phase), the data box (--crop) or its cells (--cells)"
        };
        let hint = hint.to_owned();
        return Err(PictureError::ShapeMismatch { rows, columns, expected_rows, expected_columns, hint });
    }
    let (time_end, time_sure, time_why) = lost_end(time, time_px, columns < expected_columns);
    let (pitch_end, pitch_sure, pitch_why) = lost_row(pitch, pitch_px, rows < expected_rows);
    let mut missing = Missing::default();
    // Transposed pictures have time running up, so the pixel before is the frame after.
    match (time_end, turned.columns != turned.transposed) {
        (End::Neither, _) => {}
        (End::Before, false) | (End::After, true) => missing.frames_before = 1,
        (End::After, false) | (End::Before, true) => missing.frames_after = 1,
    }
    // Rows count from the top of the picture, frequencies from the bottom, unless the picture is transposed.
    match (pitch_end, turned.rows != turned.transposed) {
        (End::Neither, _) => {}
        (End::Before, false) | (End::After, true) => missing.rows_above = 1,
        (End::After, false) | (End::Before, true) => missing.rows_below = 1,
    }
    let words: Vec<&str> = [time_why, pitch_why].into_iter().filter(|why| !why.is_empty()).collect();
    let evidence = if words.is_empty() {
        format!("all {rows} x {columns} cells expected are visible")
    } else {
        format!("{rows} x {columns} of {expected_rows} x {expected_columns} cells are visible; {}", words.join("; "))
    };
    let sure = f64::min(time_sure, pitch_sure);
    Ok(if sure < 0.6 { Finding::assumed(missing, sure, evidence) } else { Finding::read(missing, sure, evidence) })
}

/// Without an expected shape only the gap before the first cell can tell of a lost one.
fn unasked(time: &CellAxis, turned: bool) -> Finding<Missing> {
    if first_cell_lost(time) && !turned {
        let evidence = gap_words(time);
        Finding::read(Missing { frames_before: 1, ..Missing::default() }, 0.8, evidence)
    } else {
        Finding::assumed(Missing::default(), 0.7, "no shape to compare with was given")
    }
}

/// Agg snaps cells to `floor` but clips them to the axes box *rounded*. A box whose left edge l has a fraction of
/// one half or more is clipped at floor(l) + 1; a first cell narrower than 1.5 px may then have no pixel left, and the
/// next cell begins frac(l) + cell - 1, at least cell - 1/2, after the clip. A first cell that shows begins less than
/// 1/2 after it. Half a cell lies between the two.
fn first_cell_lost(axis: &CellAxis) -> bool {
    axis.cell_px < SAFE_CELL_PX && axis.gap_before_px() >= axis.cell_px / 2.0
}

fn gap_words(time: &CellAxis) -> String {
    format!(
        "the lattice leaves {:.2} px before the first visible frame, which a clipped earlier frame explains",
        time.gap_before_px()
    )
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

    fn lattice(gap: f64, columns: usize) -> Lattice {
        let x = CellAxis { origin_px: 4.0 + gap, cell_px: 1.2877, cells: columns, first_px: 4, end_px: 338 };
        Lattice { x, y: CellAxis { origin_px: 3.0, cell_px: 2.5886, cells: 84, first_px: 3, end_px: 220 } }
    }

    fn missing(gap: f64, width: usize, turned: Turned) -> Finding<Missing> {
        find_missing(&lattice(gap, 259), (width, 224), turned, Some((84, 260))).unwrap()
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

    #[test]
    fn shapes_that_cannot_belong_together_are_refused_by_both_numbers() {
        let refuse =
            |expected| find_missing(&lattice(0.2, 259), (341, 224), UPRIGHT, Some(expected)).unwrap_err().to_string();
        let error = refuse((84, 300));
        assert!(error.contains("84 x 259") && error.contains("84 x 300"), "{error}");
        assert!(refuse((260, 84)).contains("transposed"));
        assert!(refuse((83, 259)).contains("83 x 259"));
    }
}
