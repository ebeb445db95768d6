//! How the values of a panel are spread over its palette.

use crate::palette::{Inverse, Metric, Table};
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Pixels that are looked at.
const SAMPLE: usize = 20_000;
/// Parts of the palette, and how much fuller or emptier than the mean one of evenly spread values may be: counts of so many
/// pixels differ by a tenth by chance, and repeated pixels of large cells by more.
const PARTS: usize = 12;
const EVEN: std::ops::Range<f64> = 0.6..1.5;

/// Mean distance of the colours in a box from a palette, in steps of an 8-bit channel.
pub(crate) fn residual(raster: &Raster, inside: PixelBox, table: &Table) -> f64 {
    let inverse = Inverse::new(table, Metric::Rgb);
    let (sum, count) = sample(raster, inside).fold((0.0, 0), |(sum, count), colour| {
        let found: f64 = inverse.place(colour).distance;
        (sum + found, count + 1)
    });
    sum / f64::from(count.max(1))
}

/// Some of the colours in a box, evenly spread.
pub(super) fn sample(raster: &Raster, inside: PixelBox) -> impl Iterator<Item = [u8; 3]> + '_ {
    let pixels = inside.width * inside.height;
    (0..pixels).step_by(pixels.div_ceil(SAMPLE).max(1)).map(move |index| {
        let [r, g, b, _] = raster.pixel(inside.x + index % inside.width, inside.y + index / inside.width);
        [r, g, b]
    })
}

/// Whether all parts of a palette are about equally frequent, as of angles. Levels of sounds crowd at the floor, or about their
/// mean.
pub(crate) fn is_even(raster: &Raster, inside: PixelBox, table: &Table) -> bool {
    let inverse = Inverse::new(table, Metric::Rgb);
    let mut counts = [0usize; PARTS];
    for colour in sample(raster, inside) {
        let share = (inverse.place(colour).entry + 0.5) / table.colours.len() as f64;
        counts[((share * PARTS as f64) as usize).min(PARTS - 1)] += 1;
    }
    let mean = counts.iter().sum::<usize>() as f64 / PARTS as f64;
    counts.iter().all(|&count| EVEN.contains(&(count as f64 / mean)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::{PaletteName, painted_table};

    #[test]
    fn angles_are_spread_evenly_and_levels_are_not() {
        let table = painted_table(&PaletteName::MAGMA).unwrap();
        let drawn = |level: fn(f64) -> f64| {
            let raster = Raster::from_fn(200, 150, |x, y| {
                let part = ((x * 7919 + y * 104_729) % 9973) as f64 / 9973.0;
                let [r, g, b] = table.colours[((level(part) * 256.0) as usize).min(255)];
                [r, g, b, 255]
            });
            raster.unwrap()
        };
        let whole = PixelBox { x: 0, y: 0, width: 200, height: 150 };
        assert!(is_even(&drawn(|part| part), whole, &table));
        assert!(!is_even(&drawn(|part| part * part), whole, &table));
        assert!(!is_even(&drawn(|part| f64::midpoint(part, 0.5)), whole, &table));
    }
}
