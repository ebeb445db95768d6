//! The data box: where in the picture the cells are.

use std::collections::HashSet;

use photophone_spectrum::{Finding, StopFlag, Stopped};

use crate::background::{OPAQUE, border_colour, count_colour, is_of};
use crate::error::PictureError;
use crate::figure::figure_box;
use crate::frame_line::{FRAME_DEPTH, Found};
use crate::options::ReadOptions;
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// A colour that makes up no more than this share inside is not the colour of data when whole border lines have it.
const RARE_SHARE: f64 = 0.01;
/// Confidence in the whole picture when a margin or silence may surround the data.
const UNSURE: f64 = 0.3;
/// Score of the whole picture where nothing looks like a margin: what could be one is told by its colour.
const BARE: f64 = 1.0;
/// How far compression leaves pixels of one colour from it where they lie beside others: at most 25 of 255 in JPEGs of
/// quality 60 on.
const LOSSY_SLACK: u8 = 25;
/// Different colours from which a picture was compressed or resampled: a palette has 256, and antialiasing mixes them
/// with a line or text a few times over.
const LOSSY_COLOURS: usize = 4096;

/// Finds the data box, and the frame line around it if there is one.
///
/// Transparent pixels are no data. On an opaque figure with axes it is the largest filled rectangle inside their frame;
/// else lines of one colour on all four sides that hardly occurs inside are a margin (whose alpha was dropped). On fewer
/// sides such lines may be silence.
///
/// # Errors
/// The crop given lies outside; no pixel is opaque; the box is under 2 x 2 pixels, or has one colour and neither
/// cells nor palette were told, without which silence cannot be read.
pub(crate) fn find_data_box(raster: &Raster, options: &ReadOptions) -> Result<Found, PictureError> {
    let (found, line) = match options.crop {
        Some(crop) => (Finding::given(checked_crop(raster, crop)?, "crop given"), None),
        None => found_box(raster, &options.stop)?,
    };
    let shape_told = options.cells.or(options.expected_shape).is_some();
    check_contents(raster, found.value, shape_told && options.palette.is_some())?;
    Ok((found, line))
}

fn checked_crop(raster: &Raster, crop: PixelBox) -> Result<PixelBox, PictureError> {
    let fits = |start: usize, length: usize, limit: usize| {
        length > 0 && start.checked_add(length).is_some_and(|end| end <= limit)
    };
    if fits(crop.x, crop.width, raster.width()) && fits(crop.y, crop.height, raster.height()) {
        Ok(crop)
    } else {
        Err(PictureError::Crop { crop, width: raster.width(), height: raster.height() })
    }
}

fn check_contents(raster: &Raster, found: PixelBox, may_be_silent: bool) -> Result<(), PictureError> {
    if found.width < 2 || found.height < 2 {
        return Err(PictureError::TooSmall { found });
    }
    if may_be_silent {
        return Ok(());
    }
    let [r, g, b, _] = raster.pixel(found.x, found.y);
    let colour = [r, g, b];
    let lines = found.y..found.y + found.height;
    let uniform = lines.flat_map(|y| &raster.row(y)[found.x..found.x + found.width]).all(|p| p[..3] == colour);
    if uniform { Err(PictureError::Uniform { found, colour }) } else { Ok(()) }
}

/// How far a pixel may be from a colour and count as of it.
fn slack(raster: &Raster, stop: &StopFlag) -> Result<u8, Stopped> {
    let mut colours = HashSet::new();
    for y in 0..raster.height() {
        stop.check()?;
        for run in raster.row(y).chunk_by(|a, b| a == b) {
            colours.insert([run[0][0], run[0][1], run[0][2]]);
        }
        if colours.len() > LOSSY_COLOURS {
            return Ok(LOSSY_SLACK);
        }
    }
    Ok(0)
}

fn found_box(raster: &Raster, stop: &StopFlag) -> Result<Found, PictureError> {
    let opaque = opaque_box(raster)?;
    let slack = slack(raster, stop)?;
    // Text may touch the edge of what is opaque, so a transparent margin is looked at whole; without text it has no frame.
    let figure = figure_box(raster, raster.bounds(), slack, stop)?;
    let is_figure = |(found, _): &Found| opaque == raster.bounds() || has_labels(found.value, opaque);
    if let Some(figure) = figure.filter(is_figure) {
        return Ok(figure);
    }
    if opaque != raster.bounds() {
        return Ok((Finding::read(opaque, 1.0, "transparent border left out"), None));
    }
    let found = match trim_margin(raster, opaque, slack) {
        Some((inner, colour, share)) => Finding::read(
            inner,
            1.0 - share / RARE_SHARE / 2.0,
            format!("a margin of colour {colour:?}, which makes up {:.3} % of the pixels inside", 100.0 * share),
        ),
        None => match border_colour(raster, opaque, slack) {
            Some(colour) => Finding::assumed(
                opaque,
                UNSURE,
                format!(
                    "the whole picture, but its border of colour {colour:?} is a margin or silence: if a margin, give \
                     the data box (`crop`)"
                ),
            ),
            None => Finding::read(opaque, BARE, "no margin found: the whole picture is data"),
        },
    };
    Ok((found, None))
}

/// Whether ticks or labels lie between a frame line and the edges of what is drawn.
fn has_labels(inner: PixelBox, outer: PixelBox) -> bool {
    let line = 2 * (FRAME_DEPTH + 1);
    outer.width > inner.width + line || outer.height > inner.height + line
}

fn opaque_box(raster: &Raster) -> Result<PixelBox, PictureError> {
    let (width, height) = (raster.width(), raster.height());
    let mut columns = vec![false; width];
    let mut rows = vec![false; height];
    for (y, row_drawn) in rows.iter_mut().enumerate() {
        for (x, pixel) in raster.row(y).iter().enumerate() {
            if pixel[3] >= OPAQUE {
                columns[x] = true;
                *row_drawn = true;
            }
        }
    }
    let ends = |drawn: &[bool]| Some((drawn.iter().position(|&d| d)?, drawn.iter().rposition(|&d| d)? + 1));
    match (ends(&columns), ends(&rows)) {
        (Some((x, right)), Some((y, bottom))) => Ok(PixelBox { x, y, width: right - x, height: bottom - y }),
        _ => Err(PictureError::Transparent { width, height }),
    }
}

/// The box without a margin of one colour on all sides, that colour, and its share inside; `None` without a margin.
fn trim_margin(raster: &Raster, outer: PixelBox, slack: u8) -> Option<(PixelBox, [u8; 3], f64)> {
    let colour = border_colour(raster, outer, slack)?;
    let inner = without_lines_of(raster, outer, colour, slack);
    if inner.width == 0 || inner.height == 0 {
        return None;
    }
    let inside = count_colour(raster, inner, colour, slack) as f64 / (inner.width * inner.height) as f64;
    (inside <= RARE_SHARE).then_some((inner, colour, inside))
}

fn without_lines_of(raster: &Raster, mut area: PixelBox, colour: [u8; 3], slack: u8) -> PixelBox {
    let is = |x: usize, y: usize| is_of(raster.pixel(x, y), colour, slack);
    let row_is = |area: &PixelBox, y: usize| (area.x..area.x + area.width).all(|x| is(x, y));
    let column_is = |area: &PixelBox, x: usize| (area.y..area.y + area.height).all(|y| is(x, y));
    while area.height > 0 && row_is(&area, area.y) {
        area.y += 1;
        area.height -= 1;
    }
    while area.height > 0 && row_is(&area, area.y + area.height - 1) {
        area.height -= 1;
    }
    while area.height > 0 && area.width > 0 && column_is(&area, area.x) {
        area.x += 1;
        area.width -= 1;
    }
    while area.height > 0 && area.width > 0 && column_is(&area, area.x + area.width - 1) {
        area.width -= 1;
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: [u8; 4] = [255; 4];

    fn data(x: usize, y: usize) -> [u8; 4] {
        [(x * 7 % 200) as u8, (y * 11 % 200) as u8, 90, 255]
    }

    fn found(raster: &Raster) -> PixelBox {
        find_data_box(raster, &ReadOptions::default()).unwrap().0.value
    }

    #[test]
    fn a_margin_is_found_with_and_without_its_alpha() {
        let inner = PixelBox { x: 4, y: 3, width: 33, height: 24 };
        let drawn = |x: usize, y: usize| (4..37).contains(&x) && (3..27).contains(&y);
        for outside in [[255, 255, 255, 0], WHITE] {
            let raster = Raster::from_fn(40, 30, |x, y| if drawn(x, y) { data(x, y) } else { outside }).unwrap();
            assert_eq!(found(&raster), inner);
        }
    }

    #[test]
    fn silent_lines_on_some_sides_are_data() {
        let raster = Raster::from_fn(40, 30, |x, y| if y < 9 || x < 3 { [0, 0, 4, 255] } else { data(x, y) }).unwrap();
        assert_eq!(found(&raster), raster.bounds());
    }

    /// Dark rows at the bottom and dark columns at the left look like part of a line of one pixel.
    #[test]
    fn a_line_is_as_wide_beside_silence_as_elsewhere() {
        let is_line = |x: usize, y: usize| x == 20 || x == 80 || y == 10 || y == 60;
        let raster = Raster::from_fn(120, 80, |x, y| match (x, y) {
            (20..=80, 10..=60) if is_line(x, y) => [0, 0, 0, 255],
            (20..=80, 10..=60) if x < 30 || y > 50 => [(x % 3) as u8, 0, (y % 3) as u8, 255],
            (20..=80, 10..=60) => data(x, y),
            (16..=19, 30) => [0, 0, 0, 255],
            _ => WHITE,
        })
        .unwrap();
        // The soft edge of a line may take one pixel more.
        assert_eq!(found(&raster), PixelBox { x: 22, y: 12, width: 57, height: 47 });
    }

    #[test]
    fn the_box_of_a_figure_lies_inside_its_frame_and_beside_its_colour_bar() {
        let black = [0, 0, 0, 255];
        let raster = Raster::from_fn(120, 80, |x, y| match (x, y) {
            (20..=80, 10..=60) if x == 20 || x == 80 || y == 10 || y == 60 => black,
            (20..=80, 10..=60) => data(x, y),
            (90..=96, 10..=60) => [y as u8, 0, 0, 255],
            (16..=19, 30) | (5..=12, 64..=70) => black,
            _ => WHITE,
        })
        .unwrap();
        assert_eq!(found(&raster), PixelBox { x: 22, y: 12, width: 57, height: 47 });
    }
}
