//! Panels on a white sheet: titles, ticks and a colour bar.

use photophone_picture::Raster;
use photophone_spectrum::{FrameAxis, LogFrequencyAxis, Plane};

use super::font;
use crate::Error;

const WHITE: [u8; 4] = [255; 4];
const TEXT: [u8; 4] = [51, 51, 51, 255];
const TICK: [u8; 4] = [136, 136, 136, 255];
/// Space left of the panels (for `10 kHz` and a tick), right (for the colour bar), above each
/// (for its title) and below the last (for the seconds).
const LEFT_PX: usize = 56;
const RIGHT_PX: usize = 76;
const TITLE_PX: usize = 22;
const BOTTOM_PX: usize = 28;
const TICK_PX: usize = 4;
const BAR_GAP_PX: usize = 12;
const BAR_WIDTH_PX: usize = 10;

/// One spectrogram and what it is.
pub(super) struct Panel {
    pub(super) title: &'static str,
    pub(super) picture: Raster,
}

/// A colour bar's levels, from 0 at the bottom to 1.
pub(super) fn bar_levels(rows: usize) -> Plane<f64> {
    Plane::from_fn(rows, BAR_WIDTH_PX, |row, _| row as f64 / (rows - 1).max(1) as f64)
}

/// Lays equally large panels over each other and labels them.
pub(super) fn compose(
    panels: &[Panel; 3],
    bar: &Raster,
    rows: &LogFrequencyAxis,
    columns: &FrameAxis,
    frame_width_px: usize,
) -> Result<Raster, Error> {
    let (width, height) = (panels[0].picture.width(), panels[0].picture.height());
    let mut sheet = Sheet::new(LEFT_PX + width + RIGHT_PX, panels.len() * (TITLE_PX + height) + BOTTOM_PX);
    for (place, panel) in panels.iter().enumerate() {
        let top = place * (TITLE_PX + height) + TITLE_PX;
        sheet.text(LEFT_PX, top - font::GLYPH_HEIGHT_PX - 4, panel.title);
        sheet.picture(LEFT_PX, top, &panel.picture);
        sheet.picture(LEFT_PX + width + BAR_GAP_PX, top, bar);
        hz_ticks(&mut sheet, top, height, rows);
        db_ticks(&mut sheet, LEFT_PX + width + BAR_GAP_PX + BAR_WIDTH_PX, top, height);
    }
    let bottom = sheet.height - BOTTOM_PX;
    secs_ticks(&mut sheet, bottom, columns, frame_width_px);
    Ok(Raster::from_pixels(sheet.width, sheet.height, sheet.pixels)?)
}

/// Ticks at 1, 2 and 5 times powers of ten, left of a panel whose rows are one pixel each.
fn hz_ticks(sheet: &mut Sheet, top: usize, height: usize, rows: &LogFrequencyAxis) {
    for hz in [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000] {
        let bin = rows.bin_from_hz(f64::from(hz)).round();
        if bin >= 0.0 && (bin as usize) < height {
            let y = top + height - 1 - bin as usize;
            sheet.line(LEFT_PX - TICK_PX - 1, y, TICK_PX, 1);
            let label = if hz < 1000 { format!("{hz} Hz") } else { format!("{} kHz", hz / 1000) };
            sheet.text_left_of(LEFT_PX - TICK_PX - 4, y, &label);
        }
    }
}

/// Ticks at every 20 dB, right of a colour bar over 80 dB.
fn db_ticks(sheet: &mut Sheet, x: usize, top: usize, height: usize) {
    for (place, label) in ["0 dB", "-20", "-40", "-60", "-80"].into_iter().enumerate() {
        let y = top + place * (height - 1) / 4;
        sheet.line(x + 1, y, TICK_PX, 1);
        sheet.text(x + TICK_PX + 4, y.saturating_sub(font::GLYPH_HEIGHT_PX / 2), label);
    }
}

/// At most about ten ticks at round numbers of seconds below the last panel.
fn secs_ticks(sheet: &mut Sheet, y: usize, columns: &FrameAxis, frame_width_px: usize) {
    let lasts = columns.secs_from_frame(columns.frames as f64);
    let rough = (lasts / 10.0).max(1e-4);
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|&step| step >= rough);
    let step = step.unwrap_or(rough);
    let decimals = (-step.log10().floor()).clamp(0.0, 4.0) as usize;
    for place in 0..=(lasts / step) as usize {
        let secs = place as f64 * step;
        // A frame's centre in time is its cell's centre.
        let x = LEFT_PX + ((columns.frame_from_secs(secs) + 0.5) * frame_width_px as f64) as usize;
        let label = if place == 0 { "0 s".to_owned() } else { format!("{secs:.decimals$}") };
        if x < sheet.width - RIGHT_PX {
            sheet.line(x, y + 1, 1, TICK_PX);
            sheet.text(x - font::width_px(&label) / 2, y + TICK_PX + 5, &label);
        }
    }
}

/// Pixels to draw on, row by row from the top; what lies outside is not drawn.
struct Sheet {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Sheet {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![WHITE; width * height] }
    }

    fn set(&mut self, x: usize, y: usize, pixel: [u8; 4]) {
        if x < self.width && y < self.height {
            self.pixels[y * self.width + x] = pixel;
        }
    }

    fn line(&mut self, x: usize, y: usize, width: usize, height: usize) {
        for (dx, dy) in (0..height).flat_map(|dy| (0..width).map(move |dx| (dx, dy))) {
            self.set(x + dx, y + dy, TICK);
        }
    }

    fn picture(&mut self, x: usize, y: usize, picture: &Raster) {
        for dy in 0..picture.height() {
            for (dx, &pixel) in picture.row(dy).iter().enumerate() {
                self.set(x + dx, y + dy, pixel);
            }
        }
    }

    /// Text with its top left corner at a pixel.
    fn text(&mut self, x: usize, y: usize, text: &str) {
        font::ink(text).for_each(|(dx, dy)| self.set(x + dx, y + dy, TEXT));
    }

    /// Text that ends left of a column, centred on a row.
    fn text_left_of(&mut self, x: usize, y: usize, text: &str) {
        self.text(x.saturating_sub(font::width_px(text)), y.saturating_sub(font::GLYPH_HEIGHT_PX / 2), text);
    }
}
