//! The colour around the data.

use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Alpha from which a pixel counts as drawn.
pub(crate) const OPAQUE: u8 = 128;
/// Times the slack of luma that chroma may be off where two colours share it.
const BLEEDING: u8 = 6;

/// Whether a pixel is of a colour. Where compression shares chroma among pixels, a neighbour's bleeds into it, so there
/// luma tells.
pub(crate) fn is_of([r, g, b, _]: [u8; 4], colour: [u8; 3], slack: u8) -> bool {
    let pixel = [r, g, b];
    if pixel == colour || slack == 0 {
        return pixel == colour;
    }
    let luma = |[r, g, b]: [u8; 3]| 299 * i32::from(r) + 587 * i32::from(g) + 114 * i32::from(b);
    let bleeds = pixel.iter().zip(colour).all(|(&a, b)| a.abs_diff(b) <= slack.saturating_mul(BLEEDING));
    bleeds && (luma(pixel) - luma(colour)).abs() <= 1000 * i32::from(slack)
}

/// How many pixels of a box are of a colour.
pub(crate) fn count_colour(raster: &Raster, area: PixelBox, colour: [u8; 3], slack: u8) -> usize {
    let rows = area.y..area.y + area.height;
    rows.flat_map(|y| &raster.row(y)[area.x..area.x + area.width]).filter(|&&p| is_of(p, colour, slack)).count()
}

/// The one colour of all outermost pixels: their most frequent one.
pub(crate) fn border_colour(raster: &Raster, outer: PixelBox, slack: u8) -> Option<[u8; 3]> {
    let (right, bottom) = (outer.x + outer.width, outer.y + outer.height);
    let level = (outer.x..right).flat_map(|x| [(x, outer.y), (x, bottom - 1)]);
    let upright = (outer.y..bottom).flat_map(|y| [(outer.x, y), (right - 1, y)]);
    let ring: Vec<[u8; 4]> = level.chain(upright).map(|(x, y)| raster.pixel(x, y)).collect();
    let colour = most_frequent(ring.iter().map(|&[r, g, b, _]| [r, g, b]))?;
    ring.iter().all(|&pixel| is_of(pixel, colour, slack)).then_some(colour)
}

/// The colour that most of them are.
pub(crate) fn most_frequent(colours: impl Iterator<Item = [u8; 3]>) -> Option<[u8; 3]> {
    let mut colours: Vec<[u8; 3]> = colours.collect();
    colours.sort_unstable();
    colours.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map(|same| same[0])
}
