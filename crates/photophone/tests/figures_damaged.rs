//! Small figures to which something was done since they were drawn: each is named, and none is read with confidence as another.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a failed unwrap is a failed test")]

use std::path::Path;

use photophone::files::{PictureReadOptions, read_picture};
use photophone::picture::{FigureOptions, PanelReading, Raster, read_figure};
use photophone::spectrum::StopFlag;

fn drawn(name: &str) -> Raster {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures").join(format!("{name}.png"));
    read_picture(&path, PictureReadOptions::default()).unwrap().into_raster(&path).unwrap()
}

/// The first panel of a figure.
fn panel(raster: &Raster) -> PanelReading {
    let options = FigureOptions { software: Some("Matplotlib version3.11.2".to_owned()), ..FigureOptions::default() };
    read_figure(raster, &options, &StopFlag::default()).unwrap().expect("a figure").panels.remove(0)
}

/// The same picture with the colours of some of its pixels changed.
fn changed(raster: &Raster, of: impl Fn(usize, usize, [u8; 4]) -> [u8; 4]) -> Raster {
    Raster::from_fn(raster.width(), raster.height(), |x, y| of(x, y, raster.pixel(x, y))).unwrap()
}

#[test]
fn a_bar_of_other_colours_tells_neither_palette_nor_levels() {
    let mel = drawn("mel");
    let right = panel(&mel).inside;
    let beside = right.x + right.width + 4;
    let foreign = changed(&mel, |x, _, [r, g, b, a]| if x > beside { [b, r, g, a] } else { [r, g, b, a] });
    let read = panel(&foreign);
    assert_eq!(read.palette.value.as_deref(), Some("inferno"));
    assert_eq!(read.levels.value, None);
    assert!(read.levels.evidence.contains("something else"), "{}", read.levels.evidence);
    assert_eq!(panel(&mel).levels.value.map(|levels| levels.low), Some(-40.0));
}

#[test]
fn what_is_drawn_over_the_data_is_said_with_the_palette_beneath() {
    // Without its bar, which tells the palette whatever lies over the data.
    let mel = drawn("mel");
    let inside = panel(&mel).inside;
    let over = changed(&mel, |x, y, pixel| {
        let (right, dx, dy) = (inside.x + inside.width + 2, x.wrapping_sub(inside.x), y.wrapping_sub(inside.y));
        if x > right {
            [255; 4]
        } else if dx < inside.width && dy < inside.height && (dx + dy) % 12 < 2 {
            [(dx * 3) as u8, 255, (dy * 5) as u8, 255]
        } else {
            pixel
        }
    });
    let read = panel(&over);
    assert_eq!(read.palette.value, None, "{}", read.palette.evidence);
    let damage = read.damage.value.unwrap();
    assert!(damage.contains("drawn over") && damage.contains("`palette inferno`"), "{damage}");
    assert_eq!(panel(&mel).damage.value, None);
}

#[test]
fn a_figure_turned_by_quarters_or_mirrored_is_said_to_be() {
    let mut turned = drawn("mel");
    let mirrored = changed(&turned, |x, y, _| turned.pixel(turned.width() - 1 - x, y));
    assert!(panel(&mirrored).damage.value.unwrap().contains("mirrored"));
    for said in ["90 degrees clockwise", "180 degrees", "90 degrees counterclockwise"] {
        let (width, height) = (turned.width(), turned.height());
        turned = Raster::from_fn(height, width, |x, y| turned.pixel(y, height - 1 - x)).unwrap();
        let read = panel(&turned);
        assert!(read.damage.value.as_ref().unwrap().contains(said), "{:?}", read.damage);
        assert_eq!((read.frequency.value, read.time.value), (None, None));
    }
}

#[test]
fn why_an_axis_is_not_read_is_said() {
    let mel = drawn("mel");
    let inside = panel(&mel).inside;
    let of_left = |px: usize| changed(&mel, |x, _, pixel| if x + px < inside.x { [255; 4] } else { pixel });
    // Ticks are 3 px long, the frame line is one: labels go, then ticks, too.
    let labels = panel(&of_left(6)).frequency.evidence;
    assert!(labels.contains("ticks has a label"), "{labels}");
    let ticks = panel(&of_left(2)).frequency.evidence;
    assert!(ticks.contains("no ticks"), "{ticks}");
}
