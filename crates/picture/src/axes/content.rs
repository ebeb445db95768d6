//! What the rectangles of a figure hold: data, a colour bar, or something else.

use photophone_spectrum::{StopFlag, Stopped};

use super::boxes::Rectangle;
use super::ink::Ink;
use crate::palette::{Colours, exact_share_of_any};
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Shortest and longest side of a data box, in pixels.
const MIN_DATA_PX: usize = 24;
/// A bar is at least so many times as long as wide.
const BAR_ASPECT: f64 = 4.0;
/// Shortest bar, in pixels.
const MIN_BAR_PX: usize = 24;
/// Share of a bar's lines that are of one colour across.
const BAR_LINES: f64 = 0.9;
/// How far the colours of one line of a bar may be apart: compression.
const BAR_SLACK: u8 = 24;
/// Fewest colours of a bar and of data.
const FEWEST_COLOURS: usize = 12;
/// Share of a plot's pixels that the figure's background takes when curves are drawn on it.
const BARE_SHARE: f64 = 0.3;
/// Share of the colours of data that are a palette's own.
const OWN_SHARE: f64 = 0.9;

/// What a rectangle holds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Data in a palette, perhaps.
    Data(Colours),
    /// A colour bar: its colours from the low end of its side on, that is from the bottom up or from the left.
    Bar { upright: bool, colours: Vec<[u8; 3]> },
    /// Curves, bars, text.
    Other,
}

/// Tells what a rectangle holds.
pub(crate) fn content(raster: &Raster, ink: &Ink, rectangle: &Rectangle, stop: &StopFlag) -> Result<Content, Stopped> {
    let (width, height) = rectangle.inner_size();
    let (short, long) = (width.min(height) as f64, width.max(height) as f64);
    if short >= 3.0 && long >= BAR_ASPECT * short && long >= MIN_BAR_PX as f64 {
        let upright = height > width;
        if let Some(colours) = bar_colours(raster, rectangle, upright) {
            return Ok(Content::Bar { upright, colours });
        }
    }
    if width < MIN_DATA_PX || height < MIN_DATA_PX {
        return Ok(Content::Other);
    }
    let [left, top, ..] = rectangle.inner();
    let field = raster.cut(PixelBox { x: left, y: top, width, height }, stop)?;
    let colours = Colours::of(&field, stop)?;
    if colours.unique.len() < FEWEST_COLOURS {
        return Ok(Content::Other);
    }
    let bare = field.colours.iter().filter(|&&colour| colour == ink.background).count();
    let is_bare = bare as f64 >= BARE_SHARE * (width * height) as f64;
    Ok(if is_bare && exact_share_of_any(&colours) < OWN_SHARE { Content::Other } else { Content::Data(colours) })
}

/// The colours of a bar from its low end; `None` when its lines are not of one colour each.
fn bar_colours(raster: &Raster, rectangle: &Rectangle, upright: bool) -> Option<Vec<[u8; 3]>> {
    let [left, top, right, bottom] = rectangle.inner();
    // Beside the frame line its soft edge and what compression smears is mixed in.
    let inset = (right - left).min(bottom - top) / 4;
    let (from, to) = if upright { (left + inset, right - inset) } else { (top + inset, bottom - inset) };
    let lines: Vec<usize> = if upright { (top..=bottom).rev().collect() } else { (left..=right).collect() };
    let pixel = |line: usize, across: usize| {
        let [r, g, b, _] = if upright { raster.pixel(across, line) } else { raster.pixel(line, across) };
        [r, g, b]
    };
    let middle = usize::midpoint(from, to);
    let is_plain = |&&line: &&usize| {
        let colour = pixel(line, middle);
        (from..=to).all(|across| pixel(line, across).iter().zip(colour).all(|(&a, b)| a.abs_diff(b) <= BAR_SLACK))
    };
    let plain = lines.iter().filter(is_plain).count();
    let colours: Vec<[u8; 3]> = lines.iter().map(|&line| pixel(line, middle)).collect();
    let different = Colours::new(colours.iter().copied()).unique.len();
    (plain as f64 >= BAR_LINES * lines.len() as f64 && different >= FEWEST_COLOURS).then_some(colours)
}
