//! Which cells of the matrix the picture does not show.

use photophone_spectrum::Finding;

use crate::error::PictureError;
use crate::lattice::{CellAxis, Lattice};

/// Gap before the first visible cell from which an earlier cell must have been there: Agg snaps cells to `floor` but
/// clips them to the axes box *rounded*, so a cell under 1.5 px whose only pixel lies before the rounded edge is lost.
const LOST_GAP_PX: f64 = 0.5;

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
            "; rows and frames seem exchanged: say that the picture is transposed, or transpose the expected shape"
        } else {
            "; give the crop, the cells, or the phase that belongs to this picture"
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
    if time.gap_before_px() >= LOST_GAP_PX && !turned {
        let evidence = gap_words(time);
        Finding::read(Missing { frames_before: 1, ..Missing::default() }, 0.8, evidence)
    } else {
        Finding::assumed(Missing::default(), 0.7, "no shape to compare with was given")
    }
}

fn gap_words(time: &CellAxis) -> String {
    format!(
        "the lattice leaves {:.2} px before the first visible frame, which only a clipped earlier frame explains",
        time.gap_before_px()
    )
}

fn lost_end(axis: &CellAxis, picture_px: usize, lost: bool) -> (End, f64, &'static str) {
    if !lost {
        (End::Neither, 1.0, "")
    } else if axis.gap_before_px() >= LOST_GAP_PX {
        (
            End::Before,
            0.98,
            "the first frame is missing: the lattice begins more than half a pixel after the data box, \
             where only a clipped frame can have been",
        )
    } else if axis.end_px == picture_px {
        (End::After, 0.9, "the last frame is missing: the first one fits its edge, and the picture's end cuts the axes box")
    } else {
        (End::Before, 0.5, "one frame is missing, assumed to be the first")
    }
}

fn lost_row(axis: &CellAxis, picture_px: usize, lost: bool) -> (End, f64, &'static str) {
    if !lost {
        (End::Neither, 1.0, "")
    } else if axis.end_px == picture_px && axis.gap_after_px() < -LOST_GAP_PX {
        (End::After, 0.6, "the row at the picture's end is missing, cut off with it")
    } else {
        (End::Before, 0.4, "one row is missing, assumed to be the one at the top (transposed: left) of the picture")
    }
}
