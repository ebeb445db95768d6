//! What was changed of an own picture since it was drawn.

use photophone_spectrum::Plane;
use photophone_transform::gabor::Band;

use super::layout::Layout;
use super::levels::Levels;
use super::pixels::GrayPixels;
use super::recipe::OwnRecipe;
use crate::files::Sound;

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
    /// The levels that were drawn, of the columns that the picture still has.
    pub before: Levels,
    /// The levels that it has now, on the same scale. Where no more than what programs round was changed, they are the ones before.
    pub after: Levels,
    /// Number of the first column in the picture as it was drawn: above 0 where it was cropped.
    pub first_column: usize,
    /// Where it was changed.
    pub region: Region,
    /// Pixels that have a colour or are not opaque.
    pub coloured: usize,
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

/// A picture's pixels on the scale of the levels that were drawn, from column `first` on, of `columns` columns.
pub(super) fn levels_now(
    pixels: &GrayPixels,
    before: &Levels,
    layout: Layout,
    (recipe_bits, columns): (u8, usize),
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
        Plane::from_fn(drawn.rows(), columns, |row, column| {
            let y = layout.top_of(channel) + drawn.rows() - 1 - row;
            let now = to_scale(all.get(y * pixels.width + column).copied().unwrap_or(0));
            let drawn = drawn[(row, column)];
            if now.abs_diff(drawn) <= tolerance { drawn } else { now }
        })
    };
    Levels { channels: before.channels.iter().enumerate().map(of_channel).collect(), most: before.most }
}

/// What encloses the levels that differ; `None` where none do.
pub(super) fn region_of(
    (before, after): (&Levels, &Levels),
    bands: &[Band],
    (recipe, first_column): (&OwnRecipe, usize),
) -> Option<Region> {
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
    let secs =
        |column: usize| ((first_column + column) * recipe.picture.hop) as f64 / f64::from(recipe.sound.sample_rate);
    let hz = |row: usize| bands.get(row).map_or(0.0, |band| band.centre_hz);
    Some(Region { changed, of, secs: (secs(first), secs(last + 1)), hz: (hz(low), hz(high)) })
}
