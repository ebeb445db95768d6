//! The line that a figure draws around its data box, and the edges of the axes box that it marks.

use photophone_spectrum::Finding;

use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Lines from the box's edge among which a frame line is looked for. matplotlib's is 0.8 points wide, 3.3 pixels at 300 dots
/// an inch, and soft edges take up to another on either side.
pub(crate) const FRAME_DEPTH: usize = 5;
/// Lines of data beside the frame line that tell what it covers.
const BESIDE: usize = 2;
/// Data darker than this share of the background (or, beside a light line, lighter) look like part of the line.
const LIKE_THE_LINE: f64 = 0.15;
/// How far two pixels of a uniform line are apart after rounding, of 255.
const UNIFORM: f64 = 1.5;

/// How far outside the data box the rounded edges of the axes box lie, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FrameLine {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// A data box, and the frame line around it if there is one.
pub(crate) type Found = (Finding<PixelBox>, Option<FrameLine>);

/// Width of a line, and how far its middle lies from the outermost pixel edge that it touches.
#[derive(Clone, Copy, Debug)]
struct Profile {
    width_px: f64,
    middle_px: f64,
}

impl FrameLine {
    /// The edges that the line between the outer edges of a frame and those of the data marks.
    ///
    /// matplotlib's `PathSnapper` moves the middle of a line to the rounded edge, and half a pixel on where the line is an
    /// odd number of pixels wide. All four sides are alike, as all are moved to whole or to half pixels.
    pub(crate) fn measured(raster: &Raster, outer: PixelBox, inner: PixelBox, background: [u8; 3]) -> Self {
        let [left, right, top, bottom] = left_out(outer, inner);
        let thinnest = thinnest(outer, inner);
        let Profile { width_px, middle_px } =
            profile(raster, outer, thinnest, background).unwrap_or_else(|| Profile::usual(thinnest));
        let on = if width_px.round() as i64 % 2 == 0 && width_px >= 1.0 { 0.0 } else { 0.5 };
        // The first edges lie before the middle of the line, which the last ones do too.
        let first = |px: usize| px as f64 - middle_px + on;
        let last = |px: usize| px as f64 - middle_px - on;
        Self { left: first(left), right: last(right), top: first(top), bottom: last(bottom) }
    }
}

/// Pixels left out at the left, right, top and bottom.
fn left_out(outer: PixelBox, inner: PixelBox) -> [usize; 4] {
    let right = outer.x + outer.width - inner.x - inner.width;
    let bottom = outer.y + outer.height - inner.y - inner.height;
    [inner.x - outer.x, right, inner.y - outer.y, bottom]
}

/// Pixels left out on the side where they are fewest.
pub(crate) fn thinnest(outer: PixelBox, inner: PixelBox) -> usize {
    left_out(outer, inner).into_iter().min().unwrap_or(0)
}

impl Profile {
    /// What the pixels left out on the thinnest side make likely, as dark data beside a line look like part of it: a hard
    /// middle and a soft edge on the inner side, on the outer one too where there is a third pixel.
    fn usual(thinnest: usize) -> Self {
        Self { width_px: 1.0, middle_px: if thinnest <= 2 { 0.5 } else { thinnest as f64 / 2.0 } }
    }
}

/// The line's profile by how much of each pixel it covers, on average over the sides whose data do not look like it; `None`
/// where all do.
fn profile(raster: &Raster, outer: PixelBox, thinnest: usize, background: [u8; 3]) -> Option<Profile> {
    let (line, depth) = (line_colour(background), FRAME_DEPTH + BESIDE);
    if outer.width <= 2 * depth || outer.height <= 2 * depth {
        return None;
    }
    let bare = background.iter().zip(line).map(|(&a, b)| f64::from(a.abs_diff(b))).fold(0.0, f64::max);
    let covers = [Side::Left, Side::Right, Side::Top, Side::Bottom].map(|side| {
        let at = |i: usize| brightness(raster, side.line(outer, i, depth), line);
        let data = (thinnest..thinnest + BESIDE).map(|i| at(i).mean).sum::<f64>() / BESIDE as f64;
        let cover = |i: usize| {
            let seen = at(i);
            // What lies over the background alone is of one colour.
            let below = if i == 0 && f64::from(seen.most) - seen.mean < UNIFORM { bare } else { data };
            (1.0 - seen.mean / below).clamp(0.0, 1.0)
        };
        (data > LIKE_THE_LINE * bare).then(|| (0..thinnest).map(cover).collect::<Vec<f64>>())
    });
    let covers: Vec<Vec<f64>> = covers.into_iter().flatten().collect();
    let sides = covers.len() as f64;
    let mean = |i: usize| covers.iter().map(|side| side[i]).sum::<f64>() / sides;
    let width_px: f64 = (0..thinnest).map(mean).sum();
    let moment: f64 = (0..thinnest).map(|i| (i as f64 + 0.5) * mean(i)).sum();
    (!covers.is_empty() && width_px >= 0.5).then(|| Profile { width_px, middle_px: moment / width_px })
}

/// The colour of a frame line on a figure with this background: black, or white.
pub(crate) fn line_colour(background: [u8; 3]) -> [u8; 3] {
    let light = background.iter().map(|&v| u32::from(v)).sum::<u32>() > 3 * 127;
    if light { [0; 3] } else { [255; 3] }
}

/// The pixels that a line takes on each side, of those that look like it: silence beside the line looks like part of it, but
/// the line is as wide on all sides within a pixel, and as wide to the pixel where the sides that can tell agree, as those of
/// a line do that was moved to whole pixels.
pub(crate) fn of_one_line(ends: [usize; 4]) -> [usize; 4] {
    let thinnest = ends.into_iter().min().unwrap_or(0);
    let of_line = ends.into_iter().filter(|&end| end <= thinnest + 1);
    let (agreeing, telling) = of_line.fold((0, 0), |(same, all), end| (same + usize::from(end == thinnest), all + 1));
    ends.map(|end| end.min(if agreeing == telling && telling >= 2 { thinnest } else { thinnest + 1 }))
}

/// A side of a box.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    /// The pixels of the `i`-th line from this side, without the corners of `depth` pixels.
    pub(crate) fn line(self, area: PixelBox, i: usize, depth: usize) -> PixelBox {
        let upright = PixelBox { y: area.y + depth, width: 1, height: area.height - 2 * depth, ..area };
        let level = PixelBox { x: area.x + depth, width: area.width - 2 * depth, height: 1, ..area };
        match self {
            Self::Left => PixelBox { x: area.x + i, ..upright },
            Self::Right => PixelBox { x: area.x + area.width - 1 - i, ..upright },
            Self::Top => PixelBox { y: area.y + i, ..level },
            Self::Bottom => PixelBox { y: area.y + area.height - 1 - i, ..level },
        }
    }
}

/// How far the pixels of a line are from the frame's colour, 0 to 255.
pub(crate) struct Brightness {
    pub(crate) most: u8,
    pub(crate) mean: f64,
}

pub(crate) fn brightness(raster: &Raster, line: PixelBox, colour: [u8; 3]) -> Brightness {
    let (mut most, mut sum) = (0, 0.0);
    for y in line.y..line.y + line.height {
        for &[r, g, b, _] in &raster.row(y)[line.x..line.x + line.width] {
            let far = [r, g, b].iter().zip(colour).map(|(&a, b)| a.abs_diff(b)).max().unwrap_or(0);
            most = most.max(far);
            sum += f64::from(far);
        }
    }
    Brightness { most, mean: sum / (line.width * line.height).max(1) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, frame::find_data_box};

    /// A frame line around data at 40 x 30 to 160 x 110 px, its middle moved to the edges and `on` from them.
    fn framed(width: f64, on: f64) -> Raster {
        let covered = |at: f64, middle: f64| {
            let (from, to) = (middle - width / 2.0, middle + width / 2.0);
            ((at + 1.0).min(to) - at.max(from)).clamp(0.0, 1.0)
        };
        let pixel = |x: usize, y: usize| {
            let (px, py) = (x as f64, y as f64);
            let inside =
                |at: f64, from: f64, to: f64| at >= from + on - width / 2.0 - 1.0 && at <= to + on + width / 2.0;
            let across =
                if inside(py, 30.0, 110.0) { covered(px, 40.0 + on).max(covered(px, 160.0 + on)) } else { 0.0 };
            let down = if inside(px, 40.0, 160.0) { covered(py, 30.0 + on).max(covered(py, 110.0 + on)) } else { 0.0 };
            let is_data = (40..160).contains(&x) && (30..110).contains(&y);
            let below = if is_data { 90.0 + ((x * 7 + y * 11 + x * y) % 120) as f64 } else { 255.0 };
            let tick = (30..34).contains(&x) && y == 60;
            if tick { 0.0 } else { below * (1.0 - across.max(down)) }
        };
        Raster::from_fn(200, 140, |x, y| {
            let value = pixel(x, y).round() as u8;
            [value, value, value, 255]
        })
        .unwrap()
    }

    #[test]
    fn lines_of_any_width_mark_the_edges_of_the_axes_box() {
        // 0.8 pt at 72, 100, 150 and 200 dots an inch; 1.5 pt at 72.
        for (width, on) in [(0.8, 0.5), (1.11, 0.5), (1.67, 0.0), (2.22, 0.0), (1.5, 0.0)] {
            let raster = framed(width, on);
            let (found, line) = find_data_box(&raster, &ReadOptions::default()).unwrap();
            let (inner, line) = (found.value, line.unwrap());
            let (right, bottom) = ((inner.x + inner.width) as f64, (inner.y + inner.height) as f64);
            let edges =
                [inner.x as f64 - line.left, inner.y as f64 - line.top, right + line.right, bottom + line.bottom];
            for (edge, truth) in edges.into_iter().zip([40.0, 30.0, 160.0, 110.0]) {
                assert!((edge - truth).abs() < 0.2, "{width}: {edges:?} {inner:?} {line:?}");
            }
        }
    }
}
