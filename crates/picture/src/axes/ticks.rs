//! Tick marks along the sides of a rectangle.

use super::boxes::Rectangle;
use super::ink::Ink;

/// Longest tick, in pixels: 3.5 pt at 450 dots an inch.
const MAX_LENGTH: usize = 24;
/// Widest tick, in pixels.
const MAX_WIDTH: usize = 6;
/// Weakest ink of a tick.
const WEAKEST: u8 = 24;

/// A side of a rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

/// A tick mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tick {
    /// Where it stands along the side, in pixels from the picture's left or top edge, to half a pixel.
    ///
    /// matplotlib puts the mark at `floor(position + 0.5)`: the index of its middle pixel, or where its two middle pixels meet
    /// (Agg, `draw_markers`, 2.2 to 3.11).
    pub(crate) at: f64,
    /// Pixels from the rectangle to its end; 0 where a label stands without a tick.
    pub(crate) length_px: usize,
    /// Pixels that its line is wide.
    pub(crate) width_px: usize,
}

/// The tick marks that point away from a side.
pub(crate) fn ticks(ink: &Ink, rectangle: &Rectangle, side: Side) -> Vec<Tick> {
    let [left, top, right, bottom] = rectangle.outer;
    let (first, last, limit) = match side {
        Side::Left | Side::Right => (top.saturating_sub(1), bottom + 1, ink.height),
        Side::Top | Side::Bottom => (left.saturating_sub(1), right + 1, ink.width),
    };
    let at = |along: usize, depth: usize| {
        let point = match side {
            Side::Left => left.checked_sub(depth).map(|x| (x, along)),
            Side::Right => Some((right + depth, along)),
            Side::Top => top.checked_sub(depth).map(|y| (along, y)),
            Side::Bottom => Some((along, bottom + depth)),
        };
        point.filter(|&(x, y)| x < ink.width && y < ink.height).map_or(0, |(x, y)| ink.at(x, y))
    };
    // The first line may be the frame's soft edge.
    let depth = 2;
    let strongest = (first..=last.min(limit - 1)).map(|along| at(along, depth)).max().unwrap_or(0);
    let drawn = (strongest / 2).max(WEAKEST);
    let mut found = Vec::new();
    let mut along = first;
    while along <= last && along < limit {
        let width = (along..limit).take_while(|&along| at(along, depth) >= drawn).count();
        if (1..=MAX_WIDTH).contains(&width) {
            let middle = along + width / 2;
            let length_px = (depth..=MAX_LENGTH).take_while(|&depth| at(middle, depth) >= drawn).count() + depth - 1;
            if length_px < MAX_LENGTH {
                found.push(Tick { at: (along + width / 2) as f64, length_px, width_px: width });
            }
        }
        along += width.max(1);
    }
    found
}
