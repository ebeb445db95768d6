//! Lines of text in a figure, and reading them.

use super::glyphs::{Glyph, SUBPIXELS, Size};
use super::ink::Ink;

/// Ink from which a pixel belongs to a letter.
const LETTER: u8 = 40;
/// Farthest that letters of one line are apart, in heights of the higher one: a space of 0.32 em and the letters' own room are
/// 0.6 of the height of digits.
const JOINED: f64 = 0.68;
/// Most pieces of letters: more is no figure's text.
const MAX_PIECES: usize = 4000;
/// Largest piece of a letter, in pixels.
const LARGEST: usize = 72;
/// Cost of a glyph, in pixels of full ink: what is explained by few is explained better.
const GLYPH_COST: f32 = 0.15;
/// Cost of a pen a quarter of a pixel off its place.
const SHIFT_COST: f32 = 0.05;
/// Share of a line's ink that may be unexplained on the way to its end, and pixels of full ink besides.
const MOST_UNEXPLAINED: f32 = 0.4;
const ALLOWANCE: f32 = 3.0;

/// A line of text: its first column and row, last column and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

impl Line {
    pub(crate) fn height(&self) -> usize {
        self.bottom + 1 - self.top
    }

    pub(crate) fn width(&self) -> usize {
        self.right + 1 - self.left
    }

    pub(crate) fn centre(&self) -> (f64, f64) {
        (f64::midpoint(self.left as f64, self.right as f64), f64::midpoint(self.top as f64, self.bottom as f64))
    }

    fn joined(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Whether the two stand on one line, one beside the other.
    fn belongs_to(&self, other: &Self) -> bool {
        let overlap = self.bottom.min(other.bottom) as f64 + 1.0 - self.top.max(other.top) as f64;
        let gap = self.left.max(other.left) as f64 - self.right.min(other.right) as f64 - 1.0;
        let (lower, higher) = (self.height().min(other.height()) as f64, self.height().max(other.height()) as f64);
        overlap >= 0.5 * lower && gap <= JOINED * higher
    }
}

/// All lines of text that run to the right.
pub(crate) fn lines(ink: &Ink) -> Vec<Line> {
    let mut lines = pieces(ink);
    if lines.len() > MAX_PIECES {
        return Vec::new();
    }
    lines.sort_by_key(|line| line.left);
    loop {
        let before = lines.len();
        let mut joined: Vec<Line> = Vec::with_capacity(before);
        for line in lines {
            match joined.iter_mut().find(|other| other.belongs_to(&line)) {
                Some(other) => *other = other.joined(line),
                None => joined.push(line),
            }
        }
        lines = joined;
        if lines.len() == before {
            return lines;
        }
    }
}

/// Boxes of the pixels that touch each other.
fn pieces(ink: &Ink) -> Vec<Line> {
    let (width, height) = (ink.width, ink.height);
    let mut seen = vec![false; width * height];
    let mut found = Vec::new();
    let mut open = Vec::new();
    for start in 0..width * height {
        if seen[start] || ink.at(start % width, start / width) < LETTER {
            continue;
        }
        seen[start] = true;
        open.push(start);
        let (x, y) = (start % width, start / width);
        let mut piece = Line { left: x, top: y, right: x, bottom: y };
        while let Some(at) = open.pop() {
            let (x, y) = (at % width, at / width);
            piece = piece.joined(Line { left: x, top: y, right: x, bottom: y });
            for near_y in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for near_x in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let near = near_y * width + near_x;
                    if !seen[near] && ink.at(near_x, near_y) >= LETTER {
                        seen[near] = true;
                        open.push(near);
                    }
                }
            }
        }
        if piece.width() <= LARGEST && piece.height() <= LARGEST {
            found.push(piece);
        }
    }
    found
}

/// What a line says, and the share of its ink that glyphs do not explain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    pub(crate) letters: String,
    pub(crate) unexplained: f64,
}

/// Reads a line whose letters stand on the row before `baseline`: the cheapest row of glyphs, by dynamic programming over
/// the places of the pen. `None` where nothing explains it.
pub(crate) fn read_line(ink: &Ink, line: Line, baseline: usize, size: Size, glyphs: &[Glyph]) -> Option<Text> {
    let columns = columns(ink, line, baseline, size);
    let energies: Vec<f32> = columns.iter().map(|column| column.iter().map(|v| v * v).sum()).collect();
    let total: f32 = energies.iter().sum();
    let end = columns.len() * SUBPIXELS;
    let mut so_far = vec![0f32];
    so_far.extend(energies.iter().scan(0.0, |sum, energy| {
        *sum += energy;
        Some(*sum)
    }));
    let allowed = |pen: usize| MOST_UNEXPLAINED * so_far[(pen / SUBPIXELS).min(columns.len())] + ALLOWANCE;
    // Cheapest way to each place of the pen: its cost, where it came from, and the glyph.
    let mut ways: Vec<Option<(f32, usize, usize)>> = vec![None; end + 1];
    for way in &mut ways[..=MARGIN * SUBPIXELS] {
        *way = Some((0.0, usize::MAX, usize::MAX));
    }
    for pen in 0..end {
        let Some((cost, ..)) = ways[pen].filter(|way| way.0 <= allowed(pen)) else { continue };
        for (index, glyph) in glyphs.iter().enumerate() {
            let next = pen + glyph.advance;
            if next > end {
                continue;
            }
            let cost = cost + GLYPH_COST + misfit(&columns, &energies, glyph, pen);
            for (to, extra) in [(next - 1, SHIFT_COST), (next, 0.0), ((next + 1).min(end), SHIFT_COST)] {
                if to > pen && ways[to].is_none_or(|way| way.0 > cost + extra) {
                    ways[to] = Some((cost + extra, pen, index));
                }
            }
        }
    }
    let last = (end - 2 * MARGIN * SUBPIXELS..=end).filter_map(|pen| Some((pen, ways[pen]?)));
    let rest = |pen: usize| energies[pen.div_ceil(SUBPIXELS).min(energies.len())..].iter().sum::<f32>();
    let (pen, way) = last.min_by(|a, b| (a.1.0 + rest(a.0)).total_cmp(&(b.1.0 + rest(b.0))))?;
    let letters = way_back(&ways, pen, glyphs);
    Some(Text { letters, unexplained: f64::from((way.0 + rest(pen)) / total.max(f32::MIN_POSITIVE)) })
}

/// The share of a line's ink that a word does not explain whose letters stand on the row before `baseline`; `None` where it is
/// too long or too short, or has a letter without a glyph.
pub(crate) fn unexplained_by(
    ink: &Ink,
    line: Line,
    baseline: usize,
    size: Size,
    (word, glyphs): (&str, &[Glyph]),
) -> Option<f64> {
    let columns = columns(ink, line, baseline, size);
    let energies: Vec<f32> = columns.iter().map(|column| column.iter().map(|v| v * v).sum()).collect();
    let end = columns.len() * SUBPIXELS;
    // Cheapest way to each place of the pen behind the letters so far.
    let mut ways = vec![f32::INFINITY; end + 1];
    ways[..=MARGIN * SUBPIXELS].fill(0.0);
    for letter in word.chars() {
        let glyph = glyphs.iter().find(|glyph| glyph.letter == letter)?;
        let mut behind = vec![f32::INFINITY; end + 1];
        for pen in (0..end.saturating_sub(glyph.advance)).filter(|&pen| ways[pen].is_finite()) {
            let cost = ways[pen] + GLYPH_COST + misfit(&columns, &energies, glyph, pen);
            let next = pen + glyph.advance;
            for (to, extra) in [(next - 1, SHIFT_COST), (next, 0.0), (next + 1, SHIFT_COST)] {
                behind[to] = behind[to].min(cost + extra);
            }
        }
        ways = behind;
    }
    let rest = |pen: usize| energies[pen.div_ceil(SUBPIXELS).min(energies.len())..].iter().sum::<f32>();
    let last = (end - 2 * MARGIN * SUBPIXELS..=end).map(|pen| ways[pen] + rest(pen)).min_by(f32::total_cmp)?;
    let total = energies.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    last.is_finite().then(|| f64::from(last / total))
}

/// Columns of background on either side of a line: letters have room of their own.
const MARGIN: usize = 3;

/// A line's ink, 0 to 1, column by column.
fn columns(ink: &Ink, line: Line, baseline: usize, size: Size) -> Vec<Vec<f32>> {
    let (above, below) = size.rows();
    let strongest = (line.top..=line.bottom).flat_map(|y| (line.left..=line.right).map(move |x| (x, y)));
    let strongest = strongest.map(|(x, y)| ink.at(x, y)).max().unwrap_or(255).max(1);
    (0..line.width() + 2 * MARGIN)
        .map(|i| {
            let x = (line.left + i).checked_sub(MARGIN).filter(|&x| x >= line.left && x <= line.right);
            (0..above + below)
                .map(|row| {
                    let y = (baseline + row).checked_sub(above).filter(|y| (line.top..=line.bottom).contains(y));
                    x.zip(y).map_or(0.0, |(x, y)| f32::from(ink.at(x, y)) / f32::from(strongest))
                })
                .collect()
        })
        .collect()
}

/// Squared difference between a glyph and the columns that it moves the pen over.
fn misfit(columns: &[Vec<f32>], energies: &[f32], glyph: &Glyph, pen: usize) -> f32 {
    let drawn = &glyph.drawn[pen % SUBPIXELS];
    let origin = (pen / SUBPIXELS) as isize;
    let covered = pen.div_ceil(SUBPIXELS)..(pen + glyph.advance).div_ceil(SUBPIXELS).min(columns.len());
    covered
        .map(|x| {
            let of_glyph = usize::try_from(x as isize - origin - drawn.left).ok().and_then(|i| drawn.columns.get(i));
            of_glyph
                .map_or(energies[x], |of_glyph| columns[x].iter().zip(of_glyph).map(|(a, b)| (a - b) * (a - b)).sum())
        })
        .sum()
}

fn way_back(ways: &[Option<(f32, usize, usize)>], mut pen: usize, glyphs: &[Glyph]) -> String {
    let mut letters = Vec::new();
    while let Some((_, from, glyph)) = ways[pen].filter(|way| way.1 != usize::MAX) {
        letters.push(glyphs[glyph].letter);
        pen = from;
    }
    letters.iter().rev().collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use photophone_spectrum::StopFlag;

    use super::super::glyphs::{OF_TICKS, OF_TITLES, glyphs};
    use super::*;
    use crate::raster::Raster;

    /// Writes a text with the same font at another size, its pen at any part of a pixel.
    fn written(text: &str, size: Size, shift: f64) -> Raster {
        written_with(OF_TICKS, text, size, shift)
    }

    fn written_with(letters: &str, text: &str, size: Size, shift: f64) -> Raster {
        let fine = glyphs(letters, size);
        let mut ink = vec![vec![0f32; 160]; 60];
        let mut pen = 20.0 + shift;
        for letter in text.chars() {
            let glyph = fine.iter().find(|glyph| glyph.letter == letter).unwrap();
            let place = (pen * SUBPIXELS as f64).round() as usize;
            let drawn = &glyph.drawn[place % SUBPIXELS];
            for (x, column) in drawn.columns.iter().enumerate() {
                for (y, coverage) in column.iter().enumerate() {
                    let at = (place / SUBPIXELS) as isize + drawn.left + x as isize;
                    ink[10 + y][at as usize] += coverage;
                }
            }
            pen += glyph.advance as f64 / SUBPIXELS as f64;
        }
        let pixel = |x: usize, y: usize| (255.0 - 255.0 * ink[y][x].min(1.0)) as u8;
        Raster::from_fn(160, 60, |x, y| [pixel(x, y), pixel(x, y), pixel(x, y), 255]).unwrap()
    }

    #[test]
    fn labels_are_read_at_any_size_and_place_of_the_pen() {
        for em in [10.0, 13.9, 20.8] {
            for shift in [0.0, 0.3, 0.6] {
                for text in ["16384", "\u{2212}80", "+0 dB", "2.5", "1:40", "C\u{266f}4", "10k"] {
                    let size = Size { across: em, up: em };
                    let ink = Ink::of(&written(text, size, shift), &StopFlag::default()).unwrap().unwrap();
                    let lines = lines(&ink);
                    assert_eq!(lines.len(), 1, "{text} at {em}");
                    let glyphs = glyphs(OF_TICKS, size);
                    let (above, _) = size.rows();
                    let read = read_line(&ink, lines[0], 10 + above, size, &glyphs).unwrap();
                    assert_eq!(read.letters, text, "at {em} + {shift}");
                    assert!(read.unexplained < 0.2, "{text} at {em}: {}", read.unexplained);
                }
            }
        }
    }

    #[test]
    fn a_word_explains_its_own_ink_and_no_other_does() {
        let size = Size { across: 10.0, up: 10.0 };
        let glyphs = glyphs(OF_TITLES, size);
        let (above, _) = size.rows();
        let left = |said: &str, word: &str| {
            let ink = Ink::of(&written_with(OF_TITLES, said, size, 0.3), &StopFlag::default()).unwrap().unwrap();
            let [line] = lines(&ink)[..] else { panic!("{said}") };
            unexplained_by(&ink, line, 10 + above, size, (word, &glyphs))
        };
        assert!(left("Time", "Time").unwrap() < 0.1);
        for other in ["Hz", "Frames", "Note", "Time (s)"] {
            assert!(left("Time", other).is_none_or(|left| left > 0.3), "{other}: {:?}", left("Time", other));
        }
    }
}
