//! What was changed of an own picture since it was drawn.

use photophone_picture::unchanged_by_edits;
use photophone_spectrum::Plane;
use photophone_transform::gabor::Band;

use super::draw::with_strip;
use super::layout::Layout;
use super::levels::Levels;
use super::pixels::GrayPixels;
use super::recipe::OwnRecipe;
use crate::files::{GraySamples, Sound};

/// Steps of 65 535 that a program may move a 16-bit level by without having edited it: Krita 5.1 does so by 7.
const DEEP_TOLERANCE: u16 = 8;

/// The same where 16 bits were cut to 8, by truncation or by rounding.
const CUT_TOLERANCE: u16 = 257;

/// An edited picture: what an edit of the sound is made of.
#[derive(Clone, Debug)]
pub struct Edited {
    /// How the picture was drawn.
    pub recipe: OwnRecipe,
    /// The whole sound that it was drawn of.
    pub sound: Sound,
    /// The levels that were drawn, of the whole sound.
    pub before: Levels,
    /// The levels that it has now, on the same scale. Where no more than what programs round was changed, and where it was
    /// cropped, they are the ones before.
    pub after: Levels,
    /// Where it was changed.
    pub region: Region,
    /// Pixels that have a colour or are not opaque.
    pub coloured: usize,
    /// Steps of levels within which a change counts as the JPEG's, where the picture is one; 0 where it is none.
    pub moved_by_jpeg: u16,
    /// Whether the picture is a JPEG whose own changes cannot be told from what was edited.
    pub is_blurred_by_jpeg: bool,
}

/// What encloses all changed levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// How many levels were changed, of all.
    pub changed: usize,
    /// All of them.
    pub of: usize,
    /// From where to where in the sound, in seconds.
    pub secs: (f64, f64),
    /// From the centre of the lowest band to that of the highest, in Hz.
    pub hz: (f64, f64),
}

/// A picture's pixels, whose first column is that of this number, on the scale of the levels that were drawn. Columns that it does
/// not have are as they were drawn.
pub(super) fn levels_now(
    (pixels, first_column): (&GrayPixels, usize),
    before: &Levels,
    layout: Layout,
    recipe_bits: u8,
) -> Levels {
    let all = pixels.part(layout.panel_rows(), (0, pixels.width));
    let to_scale = |value: u16| match (recipe_bits, pixels.is_deep) {
        (16, false) => value * 256 + 128,
        (16, true) | (_, false) => value,
        (_, true) => value >> 8,
    };
    let tolerance = match (recipe_bits, pixels.is_deep) {
        (16, false) => CUT_TOLERANCE,
        (16, true) => DEEP_TOLERANCE,
        _ => 0,
    };
    let of_channel = |(channel, drawn): (usize, &Plane<u16>)| {
        Plane::from_fn(drawn.rows(), drawn.columns(), |row, column| {
            let y = layout.top_of(channel) + drawn.rows() - 1 - row;
            let drawn = drawn[(row, column)];
            let Some(x) = column.checked_sub(first_column).filter(|x| *x < pixels.width) else { return drawn };
            let now = to_scale(all.get(y * pixels.width + x).copied().unwrap_or(0));
            if now.abs_diff(drawn) <= tolerance { drawn } else { now }
        })
    };
    Levels { channels: before.channels.iter().enumerate().map(of_channel).collect(), most: before.most }
}

/// The pixels of a JPEG of which nothing but the JPEG itself has changed the levels; none of another picture, or of one of another
/// size.
pub(super) fn compressed_only(pixels: &GrayPixels, drawn: &Levels, recipe: &OwnRecipe) -> Option<Vec<bool>> {
    let (jpeg, layout) = (pixels.jpeg.as_ref()?, Layout::of(recipe));
    let to_eight = |level: u16| if drawn.most > 255 { (level >> 8) as u8 } else { level as u8 };
    let panels: Vec<u8> = drawn.painted(layout).into_iter().map(to_eight).collect();
    match with_strip(GraySamples::Eight(panels), recipe, layout) {
        GraySamples::Eight(drawn) => unchanged_by_edits(&drawn, jpeg),
        GraySamples::Sixteen(_) => None,
    }
}

/// How far the JPEG alone has moved levels: all but a thousandth of those that nothing else has changed, in steps of the levels;
/// `None` where there are no such levels.
pub(super) fn moved_by_jpeg(
    before: &Levels,
    after: &Levels,
    (kept, width): (&[bool], usize),
    layout: Layout,
) -> Option<u16> {
    let mut moved: Vec<u16> = Vec::new();
    each_pixel(before, layout, width, |channel, at, pixel| {
        if kept.get(pixel).is_some_and(|kept| *kept) {
            moved.push(before.channels[channel][at].abs_diff(after.channels[channel][at]));
        }
    });
    moved.sort_unstable();
    moved.get((moved.len() as f64 * 0.999) as usize).copied()
}

/// Puts the levels that were drawn where nothing but the JPEG has changed them, or by no more than `most`.
pub(super) fn undo_jpeg(
    before: &Levels,
    after: &mut Levels,
    (kept, width, most): (&[bool], usize, u16),
    layout: Layout,
) {
    let mut same = Vec::new();
    each_pixel(before, layout, width, |channel, at, pixel| {
        let change = before.channels[channel][at].abs_diff(after.channels[channel][at]);
        if change <= most || kept.get(pixel).is_some_and(|kept| *kept) {
            same.push((channel, at));
        }
    });
    for (channel, at) in same {
        after.channels[channel][at] = before.channels[channel][at];
    }
}

/// Calls `with` with the channel, the row and column, and the number of the pixel, for each level.
fn each_pixel(levels: &Levels, layout: Layout, width: usize, mut with: impl FnMut(usize, (usize, usize), usize)) {
    for (channel, plane) in levels.channels.iter().enumerate() {
        for row in 0..plane.rows() {
            let y = layout.top_of(channel) + plane.rows() - 1 - row;
            for column in 0..plane.columns() {
                with(channel, (row, column), y * width + column);
            }
        }
    }
}

/// What encloses the levels that differ; `None` where none do.
pub(super) fn region_of((before, after): (&Levels, &Levels), bands: &[Band], recipe: &OwnRecipe) -> Option<Region> {
    let (mut changed, mut of) = (0, 0);
    let mut rows: Option<(usize, usize)> = None;
    let mut columns: Option<(usize, usize)> = None;
    let enclose = |range: &mut Option<(usize, usize)>, at: usize| {
        *range = Some(range.map_or((at, at), |(low, high)| (low.min(at), high.max(at))));
    };
    for (before, after) in before.channels.iter().zip(&after.channels) {
        of += before.as_slice().len();
        for row in 0..before.rows() {
            for (column, _) in before.row(row).iter().zip(after.row(row)).enumerate().filter(|(_, (a, b))| a != b) {
                changed += 1;
                enclose(&mut rows, row);
                enclose(&mut columns, column);
            }
        }
    }
    let ((low, high), (first, last)) = (rows?, columns?);
    let secs = |column: usize| (column * recipe.picture.hop) as f64 / f64::from(recipe.sound.sample_rate);
    let hz = |row: usize| bands.get(row).map_or(0.0, |band| band.centre_hz);
    Some(Region { changed, of, secs: (secs(first), secs(last + 1)), hz: (hz(low), hz(high)) })
}
