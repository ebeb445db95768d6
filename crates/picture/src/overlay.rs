//! The picture with what was read drawn over it.

use crate::lattice::CellAxis;
use crate::picture::Picture;
use crate::raster::Raster;

/// Colour of the box and the ticks: cyan, in no common spectrogram palette's loud or quiet end.
const LINE: [u8; 4] = [0, 255, 255, 255];
/// Colour where cells are missing.
const MISSING: [u8; 4] = [255, 64, 64, 255];
/// Pixels added around the picture.
const BORDER_PX: usize = 12;
/// Every how many cells a tick is drawn, and every how many a long one.
const TICKS: (usize, usize) = (10, 50);

/// Draws the data box, a tick every 10 cells (long every 50) and the ends where cells are missing.
///
/// The picture itself is unchanged in the middle; a border of 12 px around it carries the marks.
/// Cost: one copy of the picture.
pub fn overlay(raster: &Raster, picture: &Picture) -> Raster {
    let (width, height) = (raster.width() + 2 * BORDER_PX, raster.height() + 2 * BORDER_PX);
    let inside = |x: usize, y: usize| {
        let (x, y) = (x.checked_sub(BORDER_PX)?, y.checked_sub(BORDER_PX)?);
        (x < raster.width() && y < raster.height()).then(|| raster.pixel(x, y))
    };
    let copy = Raster::from_fn(width, height, |x, y| inside(x, y).unwrap_or([32, 32, 32, 255]));
    let mut canvas = copy.unwrap_or_else(|_| raster.clone());
    let (x, y) = (&picture.lattice.value.x, &picture.lattice.value.y);
    outline(&mut canvas, x, y);
    ticks(&mut canvas, x, |canvas, along, depth| canvas.set(along, y.end_px + BORDER_PX + 1 + depth, LINE));
    ticks(&mut canvas, y, |canvas, along, depth| {
        if let Some(across) = (x.first_px + BORDER_PX).checked_sub(2 + depth) {
            canvas.set(across, along, LINE);
        }
    });
    mark_missing(&mut canvas, picture, x, y);
    canvas
}

fn outline(canvas: &mut Raster, x: &CellAxis, y: &CellAxis) {
    let (left, right) = (x.first_px + BORDER_PX - 1, x.end_px + BORDER_PX);
    let (top, bottom) = (y.first_px + BORDER_PX - 1, y.end_px + BORDER_PX);
    for column in left..=right {
        canvas.set(column, top, LINE);
        canvas.set(column, bottom, LINE);
    }
    for row in top..=bottom {
        canvas.set(left, row, LINE);
        canvas.set(right, row, LINE);
    }
}

fn ticks(canvas: &mut Raster, axis: &CellAxis, mut set: impl FnMut(&mut Raster, usize, usize)) {
    for cell in (0..axis.cells).step_by(TICKS.0) {
        let length = if cell % TICKS.1 == 0 { 8 } else { 4 };
        for depth in 0..length {
            set(canvas, axis.sample_px(cell) + BORDER_PX, depth);
        }
    }
}

fn mark_missing(canvas: &mut Raster, picture: &Picture, x: &CellAxis, y: &CellAxis) {
    let missing = picture.missing.value;
    let flip = picture.flip.value;
    let (mut left, mut right) = (missing.frames_before, missing.frames_after);
    let (mut bottom, mut top) = (missing.rows_below, missing.rows_above);
    if flip.turns_columns() {
        std::mem::swap(&mut left, &mut right);
    }
    if flip.turns_rows() {
        std::mem::swap(&mut bottom, &mut top);
    }
    if picture.transposed {
        // Frequency runs to the right and time up.
        (left, right, bottom, top) = (bottom, top, left, right);
    }
    let rows = y.first_px + BORDER_PX..y.end_px + BORDER_PX;
    let columns = x.first_px + BORDER_PX..x.end_px + BORDER_PX;
    for row in rows {
        for depth in 0..3 * left.min(1) {
            canvas.set((x.first_px + BORDER_PX).saturating_sub(2 + depth), row, MISSING);
        }
        for depth in 0..3 * right.min(1) {
            canvas.set(x.end_px + BORDER_PX + 1 + depth, row, MISSING);
        }
    }
    for column in columns {
        for depth in 0..3 * top.min(1) {
            canvas.set(column, (y.first_px + BORDER_PX).saturating_sub(2 + depth), MISSING);
        }
        for depth in 0..3 * bottom.min(1) {
            canvas.set(column, y.end_px + BORDER_PX + 1 + depth, MISSING);
        }
    }
}
