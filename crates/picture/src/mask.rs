//! Another picture of the same size, cell by cell: a mask.

use photophone_spectrum::Plane;

use crate::PictureError;
use crate::picture::Picture;
use crate::raster::Raster;

/// Brightness, 0 to 1, of another raster in each visible cell of a picture: the mean over the cell's
/// pixels. Transparent pixels count as black.
///
/// The other raster has the picture's own size, `raster_px` (width, height), or one pixel a visible
/// cell, row 0 at the top. Cost: one look at each pixel of the data box.
///
/// # Errors
/// [`PictureError::MaskSize`] for any other size.
pub fn brightness_of_cells(
    mask: &Raster,
    picture: &Picture,
    raster_px: (usize, usize),
) -> Result<Plane<f64>, PictureError> {
    let (rows, frames) = picture.levels.shape();
    let (across, up) = if picture.transposed { (rows, frames) } else { (frames, rows) };
    let size = (mask.width(), mask.height());
    let (x, y) = (&picture.lattice.value.x, &picture.lattice.value.y);
    let mean = |column: usize, row: usize| {
        if size == (across, up) {
            return brightness(mask.pixel(column, row));
        }
        let widened = |pixels: std::ops::Range<usize>, sample: usize| {
            if pixels.is_empty() { sample..sample + 1 } else { pixels }
        };
        let columns = widened(x.pixels_of_cell(column), x.sample_px(column));
        let lines = widened(y.pixels_of_cell(row), y.sample_px(row));
        let count = (columns.len() * lines.len()) as f64;
        let sum: f64 =
            lines.flat_map(|y| columns.clone().map(move |x| (x, y))).map(|(x, y)| brightness(mask.pixel(x, y))).sum();
        sum / count
    };
    if size != (across, up) && size != raster_px {
        return Err(PictureError::MaskSize { found: size, picture: raster_px, cells: (across, up) });
    }
    let flip = picture.flip.value;
    Ok(Plane::from_fn(rows, frames, |k, t| {
        let (k, t) = if flip.turns_rows() { (rows - 1 - k, t) } else { (k, t) };
        let t = if flip.turns_columns() { frames - 1 - t } else { t };
        // Row 0 is the lowest and lies at the bottom; transposed, frequency runs right and time up.
        if picture.transposed { mean(k, frames - 1 - t) } else { mean(t, rows - 1 - k) }
    }))
}

/// Mean of the channels, darkened by transparency.
fn brightness([r, g, b, a]: [u8; 4]) -> f64 {
    (f64::from(r) + f64::from(g) + f64::from(b)) / 765.0 * f64::from(a) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Flip, PaintOptions, ReadOptions, paint, read};

    #[test]
    fn a_mask_follows_the_picture_however_it_is_turned() {
        let levels = Plane::from_fn(9, 14, |k, t| ((k * 37 + t * 61) % 97) as f64 / 97.0);
        let options = PaintOptions { cell_width_px: 3, cell_height_px: 2, ..PaintOptions::default() };
        let raster = paint(&levels, &options).unwrap();
        for flip in [Flip::None, Flip::Vertical, Flip::Horizontal, Flip::Both] {
            let reading = ReadOptions { cells: Some((9, 14)), flip: Some(flip), ..ReadOptions::default() };
            let picture = read(&raster, &reading).unwrap();
            // The gray of the level that the cell was read at, as a picture of the same size.
            let drawn = |px: usize, py: usize| {
                let (j, i) = (px / 3, py / 2);
                let gray = (levels[(8 - i, j)] * 255.0).round() as u8;
                [gray, gray, gray, 255]
            };
            let mask = Raster::from_fn(raster.width(), raster.height(), drawn).unwrap();
            let seen = brightness_of_cells(&mask, &picture, (raster.width(), raster.height())).unwrap();
            for (seen, level) in seen.as_slice().iter().zip(picture.levels.as_slice()) {
                assert!((seen - level).abs() < 0.01, "{flip:?}: {seen} {level}");
            }
        }
        let small = Raster::from_fn(5, 5, |_, _| [0; 4]).unwrap();
        let picture = read(&raster, &ReadOptions { cells: Some((9, 14)), ..ReadOptions::default() }).unwrap();
        let error = brightness_of_cells(&small, &picture, (42, 18)).unwrap_err().to_string();
        assert!(error.contains("5 x 5") && error.contains("42 x 18") && error.contains("14 x 9"), "{error}");
    }
}
