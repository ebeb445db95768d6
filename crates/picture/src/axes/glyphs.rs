//! Glyphs of `DejaVu Sans`, matplotlib's font, drawn at any size.

use ab_glyph::{Font, FontRef, PxScale, point};

/// A subset of `DejaVu Sans` 2.37 (Basic Latin, minus, times, superscripts, sharp and flat), made with fontTools from the file
/// that matplotlib ships. Its licence beside it permits copies of parts.
const FONT: &[u8] = include_bytes!("font/DejaVuSans-subset.ttf");
/// Height of its digits, in ems.
pub(crate) const DIGIT_HEIGHT: f64 = 1493.0 / 2048.0;
/// What lies above and below the baseline, in ems.
const ABOVE: f64 = 0.95;
const BELOW: f64 = 0.27;
/// Places of the pen in a pixel at which glyphs are drawn.
pub(crate) const SUBPIXELS: usize = 4;

/// What labels of ticks are written with.
pub(crate) const OF_TICKS: &str = "0123456789.,-\u{2212}+:kHzdBCDEFGA#\u{266f}\u{266d}bmse\u{d7}";
/// What titles are written with.
pub(crate) const OF_TITLES: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789()[]/-\u{2212}.,:_^";

/// One glyph at one size.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    pub(crate) letter: char,
    /// How far it moves the pen, in subpixels.
    pub(crate) advance: usize,
    /// Coverage for each place of the pen in a pixel.
    pub(crate) drawn: [Drawn; SUBPIXELS],
}

/// Coverage of pixels, column by column, each from the top row of the line to its last.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// First column, counted from the pixel that the pen is in.
    pub(crate) left: isize,
    pub(crate) columns: Vec<Vec<f32>>,
}

/// Size of glyphs, in pixels an em. Hinting makes heights whole pixels, so the two differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub(crate) across: f64,
    pub(crate) up: f64,
}

impl Size {
    /// Rows of a line above its baseline and below.
    pub(crate) fn rows(self) -> (usize, usize) {
        ((ABOVE * self.up).ceil() as usize, (BELOW * self.up).ceil() as usize)
    }
}

/// All glyphs of an alphabet at a size; none where the font cannot be read.
pub(crate) fn glyphs(alphabet: &str, size: Size) -> Vec<Glyph> {
    let Ok(font) = FontRef::try_from_slice(FONT) else { return Vec::new() };
    let em = f64::from(font.units_per_em().unwrap_or(2048.0));
    let height = f64::from(font.height_unscaled()) / em;
    let scale = PxScale { x: (size.across * height) as f32, y: (size.up * height) as f32 };
    let glyph = |letter: char| {
        let id = font.glyph_id(letter);
        let advance = f64::from(font.h_advance_unscaled(id)) / em * size.across * SUBPIXELS as f64;
        let drawn = std::array::from_fn(|i| {
            let pen = point(i as f32 / SUBPIXELS as f32, 0.0);
            draw(&font, id.with_scale_and_position(scale, pen), size)
        });
        Glyph { letter, advance: (advance.round() as usize).max(1), drawn }
    };
    alphabet.chars().chain([' ']).map(glyph).collect()
}

fn draw(font: &FontRef, glyph: ab_glyph::Glyph, size: Size) -> Drawn {
    let (above, below) = size.rows();
    let Some(outline) = font.outline_glyph(glyph) else { return Drawn { left: 0, columns: Vec::new() } };
    let bounds = outline.px_bounds();
    let (left, top) = (bounds.min.x.floor() as isize, bounds.min.y.floor() as isize);
    let mut columns = vec![vec![0f32; above + below]; bounds.width().ceil() as usize];
    outline.draw(|x, y, coverage| {
        let row = top + y as isize + above as isize;
        let column = columns.get_mut(x as usize);
        if let Some(pixel) = column.and_then(|column| column.get_mut(usize::try_from(row).ok()?)) {
            *pixel = coverage.min(1.0);
        }
    });
    Drawn { left, columns }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_as_high_as_said_and_equally_wide() {
        let glyphs = glyphs(OF_TICKS, Size { across: 100.0, up: 100.0 });
        let widths: Vec<usize> = glyphs.iter().filter(|g| g.letter.is_ascii_digit()).map(|g| g.advance).collect();
        assert!(widths.len() == 10 && widths.iter().all(|&width| width.abs_diff(254) <= 1), "{widths:?}");
        let one = &glyphs.iter().find(|glyph| glyph.letter == '1').unwrap().drawn[0];
        let rows = one.columns.iter().flat_map(|c| c.iter().enumerate().filter(|(_, p)| **p > 0.5).map(|(row, _)| row));
        let (above, _) = Size { across: 100.0, up: 100.0 }.rows();
        assert_eq!(rows.clone().max(), Some(above - 1));
        assert!((above - rows.min().unwrap()).abs_diff((100.0 * DIGIT_HEIGHT) as usize) <= 1);
    }
}
