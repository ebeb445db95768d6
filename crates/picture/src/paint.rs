//! Levels to pixels: the way forward.

use photophone_spectrum::Plane;

use crate::error::PictureError;
use crate::palette::{PaletteName, painted_table, plain_gray};
use crate::raster::Raster;

/// Bits of a drawn sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BitDepth {
    /// A palette's entries.
    #[default]
    Eight,
    /// Gray of 65536 steps.
    Sixteen,
}

/// How [`paint`] draws.
#[derive(Clone, Debug, PartialEq)]
pub struct PaintOptions {
    /// Palette; gray copies are drawn with OpenCV's rule.
    pub palette: PaletteName,
    /// Pixels a cell is wide, at least 1. Two or more make the picture countable again.
    pub cell_width_px: usize,
    /// Pixels a cell is high, at least 1.
    pub cell_height_px: usize,
    /// Bits of a sample; 16 only in gray. Default: 8.
    pub bits: BitDepth,
}

impl Default for PaintOptions {
    fn default() -> Self {
        Self { palette: PaletteName::MAGMA, cell_width_px: 2, cell_height_px: 4, bits: BitDepth::Eight }
    }
}

/// Draws levels, row 0 at the bottom and column 0 at the left, each cell a whole number of pixels.
///
/// Entry `trunc(n * level)` clipped to `n - 1` of the palette's `n` is drawn, as in matplotlib; NaN draws as level 0.
/// With 16 bits `n` is 65536, so that the high byte of a sample is what 8 bits would have drawn. Cost: one write a pixel.
///
/// # Errors
/// [`PictureError::PaintSize`] when a number is 0 or the picture is over 2^28 pixels, [`PictureError::UnknownPalette`],
/// [`PictureError::PaintDepth`] for 16 bits in another palette than `gray` or `gray_r`.
pub fn paint(levels: &Plane<f64>, options: &PaintOptions) -> Result<Raster, PictureError> {
    let (rows, columns) = levels.shape();
    let PaintOptions { cell_width_px, cell_height_px, .. } = *options;
    let size = || PictureError::PaintSize { rows, columns, cell_width_px, cell_height_px };
    let width = columns.checked_mul(cell_width_px).ok_or_else(size)?;
    let height = rows.checked_mul(cell_height_px).ok_or_else(size)?;
    if columns == 0 || rows == 0 || width == 0 || height == 0 {
        return Err(size());
    }
    let table = painted_table(&options.palette)?;
    let cell = |x: usize, y: usize| (rows - 1 - y / cell_height_px, x / cell_width_px);
    if options.bits == BitDepth::Sixteen {
        let backwards =
            plain_gray(&table).ok_or_else(|| PictureError::PaintDepth { name: options.palette.to_string() })?;
        let raster = Raster::from_fn(width, height, |_, _| [0, 0, 0, 255]).map_err(|_| size())?;
        let entries = levels.map(|&level| {
            let entry = entry_from_level(level, 1 << 16) as u16;
            if backwards { u16::MAX - entry } else { entry }
        });
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        return raster.with_gray16(pixels.map(|(x, y)| entries[cell(x, y)]).collect());
    }
    let colours = levels.map(|&level| {
        let [r, g, b] = table.colours[entry_from_level(level, table.colours.len())];
        [r, g, b, 255]
    });
    Raster::from_fn(width, height, |x, y| colours[cell(x, y)]).map_err(|_| size())
}

/// The entry that a level is drawn as, of so many.
fn entry_from_level(level: f64, entries: usize) -> usize {
    ((level * entries as f64) as usize).min(entries - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_0_is_at_the_bottom_and_levels_are_clipped() {
        let levels = Plane::from_vec(2, 2, vec![-1.0, 2.0, 0.5, f64::NAN]).unwrap();
        let options = PaintOptions {
            palette: "gray".parse().unwrap(),
            cell_width_px: 3,
            cell_height_px: 2,
            ..PaintOptions::default()
        };
        let raster = paint(&levels, &options).unwrap();
        assert_eq!((raster.width(), raster.height()), (6, 4));
        assert_eq!(raster.pixel(2, 3), [0, 0, 0, 255]);
        assert_eq!(raster.pixel(3, 2), [255, 255, 255, 255]);
        assert_eq!(raster.pixel(0, 1), [128, 128, 128, 255]);
        assert_eq!(raster.pixel(5, 0), [0, 0, 0, 255]);
    }

    #[test]
    fn impossible_sizes_are_refused() {
        let levels = Plane::filled(3, 3, 0.5);
        for (cell_width_px, cell_height_px) in [(0, 1), (1, 0), (usize::MAX, 2), (1 << 20, 1 << 20)] {
            let options = PaintOptions { cell_width_px, cell_height_px, ..PaintOptions::default() };
            assert!(matches!(paint(&levels, &options), Err(PictureError::PaintSize { .. })));
        }
        assert!(paint(&Plane::filled(0, 0, 0.0), &PaintOptions::default()).is_err());
    }
}
