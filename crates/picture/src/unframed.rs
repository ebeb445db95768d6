//! A box without the frame line that is drawn over its outermost pixels.

use crate::background::{count_colour, most_frequent};
use crate::frame_line::{Brightness, FRAME_DEPTH, Side, brightness, line_colour, of_one_line};
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Farthest from its own colour that a line is after antialiasing, of 255: spread evenly over two pixels, 0.8 px wide
/// (matplotlib's 0.8 pt at 72 dpi), it still covers 0.4 of either.
const COVERED: u8 = 160;
/// A pixel this far from the line's colour is not covered by it.
const UNCOVERED: u8 = 253;
/// Covering by 0.4 leaves 0.6 of what is below; lines of data are on average as bright as their neighbours.
const DIMMED_SHARE: f64 = 0.7;

/// Leaves out the frame line around the box and the soft edge that antialiasing gives it on either side.
///
/// matplotlib's spines are 0.8 pt wide and drawn over the outermost pixels of the data.
pub(crate) fn without_frame(raster: &Raster, area: PixelBox, background: [u8; 3], slack: u8) -> PixelBox {
    let line = |x: usize, y: usize, width: usize, height: usize| {
        uniform_colour(raster, PixelBox { x, y, width, height }, slack).map_or(0, |colour| distance(colour, background))
    };
    let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
    let depth = FRAME_DEPTH.min(area.width / 4).min(area.height / 4);
    let left_lines = (0..depth).map(|i| line(area.x + i, area.y + depth, 1, area.height - 2 * depth));
    let right_lines = (0..depth).map(|i| line(right - i, area.y + depth, 1, area.height - 2 * depth));
    let top_lines = (0..depth).map(|i| line(area.x + depth, area.y + i, area.width - 2 * depth, 1));
    let bottom_lines = (0..depth).map(|i| line(area.x + depth, bottom - i, area.width - 2 * depth, 1));
    let sides = [hard_lines(left_lines), hard_lines(right_lines), hard_lines(top_lines), hard_lines(bottom_lines)];
    let [Some(left), Some(right), Some(top), Some(bottom)] = sides else { return area };
    // Behind the line lies its soft edge.
    let [l, r, t, b] = of_one_line([left, right, top, bottom]).map(|end| end + 1);
    PixelBox {
        x: area.x + l,
        y: area.y + t,
        width: area.width.saturating_sub(l + r),
        height: area.height.saturating_sub(t + b),
    }
}

/// Lines up to the last one of about the strongest contrast; `None` without a frame line.
fn hard_lines(contrasts: impl Iterator<Item = u32>) -> Option<usize> {
    let contrasts: Vec<u32> = contrasts.collect();
    let strongest = *contrasts.iter().max()?;
    let hard = |&contrast: &u32| contrast * 10 >= strongest * 9;
    let first = contrasts.iter().position(hard)?;
    let lines = contrasts[first..].iter().take_while(|&contrast| hard(contrast)).count();
    (strongest > 0).then_some(first + lines)
}

/// Leaves out a frame line whose every pixel antialiasing mixed with the background or the data.
///
/// A line covering `a` of its pixels leaves `1 - a` of the contrast below, so that even its brightest pixel is dim, and
/// it is dimmer than the data behind it. The line is as wide on all sides within a pixel, which tells it from dark data.
pub(crate) fn without_soft_frame(raster: &Raster, area: PixelBox, background: [u8; 3]) -> Option<PixelBox> {
    let line_colour = line_colour(background);
    let depth = (FRAME_DEPTH + 2).min(area.width / 4).min(area.height / 4);
    let sides = [Side::Left, Side::Right, Side::Top, Side::Bottom]
        .map(|side| (0..depth).map(|i| brightness(raster, side.line(area, i, depth), line_colour)).collect::<Vec<_>>());
    let mut ends = [0; 4];
    for (end, side) in ends.iter_mut().zip(&sides) {
        *end = covered_lines(side)?;
    }
    let ends = of_one_line(ends);
    let (mut line, mut behind) = (0.0, 0.0);
    for (side, &end) in sides.iter().zip(&ends) {
        line += side[..end].iter().map(|b| b.mean).fold(f64::INFINITY, f64::min);
        behind += side.get(end + 1)?.mean;
    }
    if line > DIMMED_SHARE * behind || behind == 0.0 {
        return None;
    }
    let mut hidden = [0; 4];
    for ((hidden, side), end) in hidden.iter_mut().zip(&sides).zip(ends) {
        *hidden = end + usize::from(side.get(end)?.most < UNCOVERED);
    }
    let [left, right, top, bottom] = hidden;
    Some(PixelBox {
        x: area.x + left,
        y: area.y + top,
        width: area.width.checked_sub(left + right)?,
        height: area.height.checked_sub(top + bottom)?,
    })
}

/// Lines up to the last that the frame may cover; the outermost may be soft. `None` when it covers none.
fn covered_lines(lines: &[Brightness]) -> Option<usize> {
    let covered = |line: &Brightness| line.most <= COVERED;
    let first = lines.iter().take(2).position(covered)?;
    Some(first + lines[first..].iter().take_while(|line| covered(line)).count().min(FRAME_DEPTH))
}

fn uniform_colour(raster: &Raster, area: PixelBox, slack: u8) -> Option<[u8; 3]> {
    let pixels = (area.y..area.y + area.height).flat_map(|y| &raster.row(y)[area.x..area.x + area.width]);
    let colour = most_frequent(pixels.map(|&[r, g, b, _]| [r, g, b]))?;
    (count_colour(raster, area, colour, slack) == area.width * area.height).then_some(colour)
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter().zip(b).map(|(&a, b)| u32::from(a.abs_diff(b))).sum()
}
