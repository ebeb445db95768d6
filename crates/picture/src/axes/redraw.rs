//! A panel repainted from what was read of it, and compared with its pixels.

use super::statement::PanelReading;
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Farthest that a channel of a repainted pixel may be from the picture's: a step of a palette of 64 colours.
const ALIKE: u8 = 4;

/// Least share that a reading explains of its picture: of figures with counted cells, right ones leave 2.4 % at
/// most, the soft edges of frame lines and ticks, and cells a quarter too wide over 20 %.
pub(crate) const LEAST_EXPLAINED: f64 = 0.9;

/// Share of the pixels inside a panel's frame line that have the colour of their cell, which is read in its middle, as a mesh is
/// painted. `None` where rows or frames are not known, or no cell has a second pixel that could differ. Cost: two look-ups a pixel.
pub(crate) fn explained_share(raster: &Raster, panel: &PanelReading) -> Option<f64> {
    let PixelBox { x: left, y: top, width, height } = panel.inside;
    let (rows, columns) = (middles(&panel.bin_of_row, height)?, middles(&panel.frame_of_column, width)?);
    if left + width > raster.width() || top + height > raster.height() {
        return None;
    }
    let is_middle = |x: usize, y: usize| rows[y] == y && columns[x] == x;
    let is_alike = |x: usize, y: usize| {
        let (own, cell) = (raster.pixel(left + x, top + y), raster.pixel(left + columns[x], top + rows[y]));
        own.iter().zip(cell).all(|(&own, cell)| own.abs_diff(cell) <= ALIKE)
    };
    let others = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).filter(|&(x, y)| !is_middle(x, y));
    let (alike, all) =
        others.fold((0usize, 0usize), |(alike, all), (x, y)| (alike + usize::from(is_alike(x, y)), all + 1));
    (all > 0).then(|| alike as f64 / all as f64)
}

/// For each line its cell's middle one; `None` where the cells are not those of so many lines.
fn middles(of_line: &[usize], lines: usize) -> Option<Vec<usize>> {
    if of_line.len() != lines || lines == 0 {
        return None;
    }
    let mut found = Vec::with_capacity(lines);
    for same in of_line.chunk_by(|a, b| a == b) {
        let middle = found.len() + same.len() / 2;
        found.extend(std::iter::repeat_n(middle, same.len()));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of 4 x 3 px, of which the first is at (2, 1).
    fn drawn() -> (Raster, PanelReading) {
        let raster = Raster::from_fn(50, 40, |x, y| {
            let (column, row) = (x.saturating_sub(2) / 4, y.saturating_sub(1) / 3);
            let hash = (column * 7919 + row * 104_729) % 251;
            [hash as u8, (hash * 7 % 256) as u8, 60, 255]
        });
        let panel = PanelReading {
            inside: PixelBox { x: 2, y: 1, width: 40, height: 30 },
            bin_of_row: (0..30).map(|y| 9 - y / 3).collect(),
            frame_of_column: (0..40).map(|x| x / 4).collect(),
            ..PanelReading::empty()
        };
        (raster.unwrap(), panel)
    }

    #[test]
    fn right_cells_explain_all_pixels_and_others_do_not() {
        let (raster, panel) = drawn();
        assert_eq!(explained_share(&raster, &panel), Some(1.0));
        let wider = PanelReading { frame_of_column: (0..40).map(|x| x / 5).collect(), ..panel.clone() };
        assert!(explained_share(&raster, &wider).unwrap() < LEAST_EXPLAINED - 0.1);
        let a_pixel_a_cell =
            PanelReading { frame_of_column: (0..40).collect(), bin_of_row: (0..30).rev().collect(), ..panel.clone() };
        assert_eq!(explained_share(&raster, &a_pixel_a_cell), None);
        assert_eq!(explained_share(&raster, &PanelReading { bin_of_row: Vec::new(), ..panel }), None);
    }
}
