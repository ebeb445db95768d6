//! The data box of a figure with axes: inside a frame line, or a filled rectangle among other things.

use photophone_spectrum::{Finding, StopFlag, Stopped};

use crate::background::{OPAQUE, border_colour, is_of};
use crate::frame_line::{FRAME_DEPTH, Found, FrameLine, thinnest};
use crate::pixel_box::PixelBox;
use crate::raster::Raster;
use crate::unframed::{without_frame, without_soft_frame};

/// Share of a line that must be drawn on for the line to belong to the data box of a figure.
const FILLED_SHARE: f64 = 0.98;
/// Share of the lines just outside a data box without a frame that is background: ticks take some.
const BARE_SHARE: f64 = 0.9;
/// What else may be drawn in the rows of a data box without a frame, as a share of it: a colour bar is a twentieth. More is
/// the rest of the data, beyond a line drawn across.
const BESIDE_SHARE: f64 = 0.1;
/// Scores of the ways in which a box is found, which calibration measures apart.
const FRAMED: f64 = 0.9;
const ALONE: f64 = 0.8;
const IN_DARKNESS: f64 = 0.6;

/// The data box of a figure with axes, ticks and perhaps a colour bar; `None` when the picture is no such figure.
///
/// The background is the colour of the picture's outermost lines; the data box is the widest stretch of columns that
/// are drawn on over one and the same tall stretch of rows. A frame line drawn over its edges is left out.
pub(crate) fn figure_box(
    raster: &Raster,
    outer: PixelBox,
    slack: u8,
    stop: &StopFlag,
) -> Result<Option<Found>, Stopped> {
    let Some(background) = border_colour(raster, outer, slack) else { return Ok(None) };
    let drawn = |x: usize, y: usize| {
        let pixel = raster.pixel(x, y);
        pixel[3] >= OPAQUE && !is_of(pixel, background, slack)
    };
    let mut runs = Vec::with_capacity(outer.width);
    for x in outer.x..outer.x + outer.width {
        stop.check()?;
        runs.push(longest_run((outer.y..outer.y + outer.height).map(|y| drawn(x, y))));
    }
    let filled = filled_area(outer, &runs, drawn);
    let inside = |area| {
        let inner = match without_frame(raster, area, background, slack) {
            inner if inner != area => inner,
            _ => without_soft_frame(raster, area, background).unwrap_or(area),
        };
        let is_framed = inner != area && inner.width >= 2 && inner.height >= 2;
        is_framed.then(|| (inner, FrameLine::measured(raster, area, inner, background)))
    };
    if let Some((inner, line)) = filled.and_then(inside) {
        let is_thick = thinnest(filled.unwrap_or(inner), inner) >= FRAME_DEPTH;
        let (score, doubt) =
            if is_thick { (IN_DARKNESS, ", which silence beside it on all sides looks like") } else { (FRAMED, "") };
        let evidence = format!("inside the frame line of a figure with background {background:?}{doubt}");
        return Ok(Some((Finding::read(inner, score, evidence), Some(line))));
    }
    stop.check()?;
    if let Some(area) = filled.filter(|area| stands_alone(outer, *area, drawn)) {
        let evidence = format!("a filled rectangle without a frame line, on a figure with background {background:?}");
        return Ok(Some((Finding::read(area, ALONE, evidence), None)));
    }
    Ok(None)
}

/// The widest stretch of columns that are drawn on over one and the same tall stretch of rows.
fn filled_area(outer: PixelBox, runs: &[(usize, usize)], drawn: impl Fn(usize, usize) -> bool) -> Option<PixelBox> {
    let (x, width) = widest_block(runs, outer.height)?;
    let x = x + outer.x;
    let filled_row = |y: usize| (x..x + width).filter(|&x| drawn(x, y)).count() as f64 >= FILLED_SHARE * width as f64;
    let (y, height) = longest_run((outer.y..outer.y + outer.height).map(filled_row));
    Some(PixelBox { x, y: y + outer.y, width, height })
}

/// Whether an area is a rectangle of data with other things around it: filled, its sides bare but for ticks, and
/// something drawn elsewhere. Sound between silences has no such straight sides.
fn stands_alone(outer: PixelBox, area: PixelBox, drawn: impl Fn(usize, usize) -> bool) -> bool {
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    let beside =
        area.x > outer.x && area.y > outer.y && right < outer.x + outer.width && bottom < outer.y + outer.height;
    if !beside || area.width < 2 || area.height < 2 {
        return false;
    }
    let count = |xs: std::ops::Range<usize>, ys: std::ops::Range<usize>| {
        ys.flat_map(|y| xs.clone().map(move |x| (x, y))).filter(|&(x, y)| drawn(x, y)).count()
    };
    let inside = count(area.x..right, area.y..bottom);
    let outside = count(outer.x..outer.x + outer.width, outer.y..outer.y + outer.height) - inside;
    let bare = |drawn: usize, length: usize| drawn as f64 <= (1.0 - BARE_SHARE) * length as f64;
    let in_its_rows = count(outer.x..outer.x + outer.width, area.y..bottom) - inside;
    inside as f64 >= FILLED_SHARE * (area.width * area.height) as f64
        && outside > 0
        && in_its_rows as f64 <= BESIDE_SHARE * inside as f64
        && bare(count(area.x - 1..area.x, area.y..bottom), area.height)
        && bare(count(right..right + 1, area.y..bottom), area.height)
        && bare(count(area.x..right, area.y - 1..area.y), area.width)
        && bare(count(area.x..right, bottom..bottom + 1), area.width)
}

/// Start and length of the longest run of true.
fn longest_run(flags: impl Iterator<Item = bool>) -> (usize, usize) {
    let (mut best, mut start) = ((0, 0), 0);
    for (i, flag) in flags.enumerate() {
        if !flag {
            start = i + 1;
        } else if i + 1 - start > best.1 {
            best = (start, i + 1 - start);
        }
    }
    best
}

/// The widest block of columns whose tall runs overlap; a run is tall from a quarter of the height on.
fn widest_block(runs: &[(usize, usize)], height: usize) -> Option<(usize, usize)> {
    let tall = runs.iter().map(|&(_, length)| length * 4 >= height);
    let (start, width) = longest_run(tall);
    (width >= 2).then_some((start, width))
}
