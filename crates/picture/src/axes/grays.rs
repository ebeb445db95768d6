//! Which gray palette a panel without a colour bar has, and which end of it is quiet.

use photophone_spectrum::Plane;

use crate::palette::{Colours, Inverse, Metric, PaletteName, Recognised, recognise, recognise_named};
use crate::pixel_box::PixelBox;
use crate::polarity::find_polarity;
use crate::raster::Raster;

/// Most rows and columns of pixels that are looked at.
const MOST_LINES: usize = 400;

/// The gray palette of a box; `None` where its colours are not gray, or of none that can be read.
///
/// `is_original` says whether the file is as a plotting library wrote it: none writes gray copies of coloured palettes.
pub(crate) fn gray_palette(
    raster: &Raster,
    inside: PixelBox,
    colours: &Colours,
    (is_original, is_overturned): (bool, bool),
) -> Option<Recognised> {
    if !colours.are_gray() {
        return None;
    }
    let found = if is_original { recognise_named(colours, &PaletteName::GRAY) } else { recognise(colours) };
    let mut found = found.ok()?;
    let (up, across) = (inside.height.div_ceil(MOST_LINES).max(1), inside.width.div_ceil(MOST_LINES).max(1));
    let (rows, columns) = (inside.height / up, inside.width / across);
    let inverse = Inverse::new(&found.table, Metric::Rgb);
    let places = Plane::from_fn(rows, columns, |row, column| {
        let y = if is_overturned { row * up } else { inside.height - 1 - row * up };
        let [r, g, b, _] = raster.pixel(inside.x + column * across, inside.y + y);
        inverse.place([r, g, b])
    });
    let other = find_polarity(&places, colours, &mut found).ok()?;
    Some(other.unwrap_or(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_is_a_palette_backwards() {
        // Loud rows below, mostly quiet cells, half of all at the floor.
        let level = |x: usize, y: usize| {
            let noise = ((x / 3 * 7919 + y / 2 * 104_729) % 997) as f64 / 997.0;
            (noise * (0.2 + 0.8 * y as f64 / 120.0) - 0.3).max(0.0)
        };
        for (backwards, name) in [(false, "gray"), (true, "gray_r")] {
            let raster = Raster::from_fn(300, 120, |x, y| {
                let gray = (255.0 * level(x, y)) as u8;
                let gray = if backwards { 255 - gray } else { gray };
                [gray, gray, gray, 255]
            });
            let raster = raster.unwrap();
            let colours = Colours::new((0..300 * 120).map(|i| {
                let [r, g, b, _] = raster.pixel(i % 300, i / 300);
                [r, g, b]
            }));
            let whole = PixelBox { x: 0, y: 0, width: 300, height: 120 };
            let found = gray_palette(&raster, whole, &colours, (true, false)).unwrap();
            assert_eq!(found.name.value.to_string(), name);
        }
    }
}
