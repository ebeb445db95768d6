//! Data with something drawn over them: text, curves, a legend.

use crate::palette::{PaletteName, own_colours};
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

use super::spread::sample;

/// Share of the pixels that have a palette's own colours where the data are in it: more than what is drawn over them.
const MOST: f64 = 0.5;

/// The palette of which most pixels of a box have colours of their own, and what share of them; `None` where there is none. Cost:
/// some million look-ups.
pub(crate) fn beneath(raster: &Raster, inside: PixelBox) -> Option<(PaletteName, f64)> {
    let mut pixels: Vec<[u8; 3]> = sample(raster, inside).collect();
    pixels.sort_unstable();
    let counted: Vec<([u8; 3], usize)> = pixels.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect();
    let share = |own: &[[u8; 3]]| {
        let hits = counted.iter().filter(|(colour, _)| own.binary_search(colour).is_ok());
        hits.map(|(_, count)| count).sum::<usize>() as f64 / pixels.len().max(1) as f64
    };
    let shares = own_colours().map(|(name, own)| (name, share(&own)));
    shares.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, share)| *share > MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::painted_table;

    #[test]
    fn data_under_a_curve_are_in_the_palette_that_most_pixels_have() {
        let table = painted_table(&PaletteName::MAGMA).unwrap();
        let of = |share: usize| {
            let drawn = Raster::from_fn(120, 90, |x, y| {
                let [r, g, b] = table.colours[(x * 2 + y) % 256];
                if (x * 31 + y * 17) % 100 < share { [(x * 2) as u8, 250, y as u8, 255] } else { [r, g, b, 255] }
            });
            beneath(&drawn.unwrap(), PixelBox { x: 0, y: 0, width: 120, height: 90 })
        };
        let (name, share) = of(15).unwrap();
        assert_eq!(name, PaletteName::MAGMA);
        assert!((share - 0.85).abs() < 0.02, "{share}");
        assert_eq!(of(80), None);
    }
}
