//! Labels beside ticks, and titles, as text.

use super::boxes::Rectangle;
use super::glyphs::{DIGIT_HEIGHT, Glyph, OF_TICKS, OF_TITLES, Size, glyphs};
use super::ink::Ink;
use super::label::{Label, parse};
use super::text::{Line, Text, lines, read_line, unexplained_by};
use super::ticks::{Side, Tick};
use super::words::{Quantity, other, quantity};

/// Lines by which the size of the letters is found.
const SAMPLED: usize = 5;
/// Widths of letters tried, in parts of what their height says: hinting makes heights whole pixels.
const WIDTHS: [f64; 7] = [0.91, 0.94, 0.97, 1.0, 1.03, 1.06, 1.1];
/// Unexplained share of a line's ink from which it is not read: right readings leave 0.02 to 0.2, others 0.4 and more.
const MOST_UNEXPLAINED: f64 = 0.35;
/// Farthest from a side that a tick's label begins, in its own heights beyond the tick's end.
const REACH: f64 = 1.8;
/// Sizes of titles, in parts of the ticks': matplotlib's `medium` and `large`, beside ticks of `medium` or `small`.
const TITLE_SIZES: [f64; 4] = [1.0, 1.2, 1.44, 0.833];

/// Titles that stand beside the axes of spectrograms: librosa's, those of SciPy's and matplotlib's examples, and of matrices.
const USUAL_TITLES: [&str; 18] = [
    "Time",
    "Time (s)",
    "Time [s]",
    "Time (sec)",
    "Time [sec]",
    "Time (seconds)",
    "Time (ms)",
    "Hz",
    "Frequency",
    "Frequency (Hz)",
    "Frequency [Hz]",
    "Frequency (kHz)",
    "Frequency [kHz]",
    "Frame",
    "Frames",
    "Bin",
    "Sample",
    "Note",
];
/// Share of a line's ink that a usual title may leave unexplained beyond the letters that were read.
const NEARLY: f64 = 0.1;

/// A tick with its label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LabelledTick {
    pub(crate) tick: Tick,
    pub(crate) label: Label,
    /// Share of its ink that matplotlib's font does not explain.
    pub(crate) unexplained: f64,
}

/// The text of a figure.
pub(crate) struct Lettering {
    level: Page,
    upward: Page,
    /// Size of the ticks' labels.
    size: Option<Size>,
    of_ticks: Vec<Glyph>,
}

/// Lines that run in one direction, as they stand when they are turned level.
struct Page {
    ink: Ink,
    lines: Vec<Line>,
}

impl Page {
    fn new(ink: Ink) -> Self {
        let lines = lines(&ink);
        Self { ink, lines }
    }
}

impl Lettering {
    /// The text on a figure whose rectangles and ticks are taken away.
    pub(crate) fn new(ink: Ink) -> Self {
        let upward = Page::new(ink.turned());
        Self { level: Page::new(ink), upward, size: None, of_ticks: Vec::new() }
    }

    /// Lines beside the ticks of a side, each with the tick's index.
    fn beside(&self, rectangle: &Rectangle, side: Side, ticks: &[Tick]) -> Vec<(usize, Line)> {
        let [left, top, right, bottom] = rectangle.outer.map(|px| px as f64);
        let mut found = Vec::new();
        for (index, tick) in ticks.iter().enumerate() {
            let length = tick.length_px as f64;
            let fits = |line: &&Line| {
                let height = line.height() as f64;
                let (x, y) = line.centre();
                let reach = length + REACH * height;
                let (away, aside, slack) = match side {
                    Side::Left => (left - line.right as f64, y - tick.at, 0.3 * height),
                    Side::Right => (line.left as f64 - right, y - tick.at, 0.3 * height),
                    Side::Top => (top - line.bottom as f64, x - tick.at, 0.4 * height),
                    Side::Bottom => (line.top as f64 - bottom, x - tick.at, 0.4 * height),
                };
                away >= length && away <= reach && aside.abs() <= slack.max(2.0)
            };
            let aside = |line: &Line| {
                let (x, y) = line.centre();
                if matches!(side, Side::Left | Side::Right) { (y - tick.at).abs() } else { (x - tick.at).abs() }
            };
            let nearest = self.level.lines.iter().filter(fits).min_by(|a, b| aside(a).total_cmp(&aside(b)));
            found.extend(nearest.map(|&line| (index, line)));
        }
        found
    }

    /// Where labels stand along a side without ticks, as ticks of no length: to a pixel or two.
    pub(crate) fn as_ticks(&self, rectangle: &Rectangle, side: Side) -> Vec<Tick> {
        let [left, top, right, bottom] = rectangle.outer.map(|px| px as f64);
        let beside = |line: &&Line| {
            let (x, y) = line.centre();
            let (away, along, from, to) = match side {
                Side::Left => (left - line.right as f64, y, top, bottom),
                Side::Right => (line.left as f64 - right, y, top, bottom),
                Side::Top => (top - line.bottom as f64, x, left, right),
                Side::Bottom => (line.top as f64 - bottom, x, left, right),
            };
            let height = line.height() as f64;
            away > 0.0 && away <= REACH * height && along >= from - height && along <= to + height
        };
        let at = |line: &Line| {
            let (x, y) = line.centre();
            let at = if matches!(side, Side::Left | Side::Right) { y } else { x };
            Tick { at: at + 0.5, length_px: 0, width_px: 0 }
        };
        self.level.lines.iter().filter(beside).map(at).collect()
    }

    /// Finds the size of letters with which the labels beside these ticks are explained best.
    pub(crate) fn find_size(&mut self, sides: &[(&Rectangle, Side, &[Tick])]) {
        let mut sample: Vec<Line> = Vec::new();
        for &(rectangle, side, ticks) in sides {
            sample.extend(self.beside(rectangle, side, ticks).into_iter().map(|(_, line)| line));
        }
        let mut heights: Vec<usize> = sample.iter().map(Line::height).collect();
        heights.sort_unstable();
        let Some(&height) = heights.get(heights.len() / 2) else { return };
        sample.retain(|line| line.height().abs_diff(height) <= 1);
        // Long labels tell most about the width of letters.
        sample.sort_by_key(|line| std::cmp::Reverse(line.width()));
        sample.truncate(SAMPLED);
        let mut best: Option<(f64, Size, Vec<Glyph>)> = None;
        for rows in [height, height.saturating_sub(1)] {
            let up = rows as f64 / DIGIT_HEIGHT;
            for width in WIDTHS {
                let size = Size { across: width * up, up };
                let glyphs = glyphs(OF_TICKS, size);
                let cost: f64 = sample
                    .iter()
                    .map(|&line| self.level.read(line, size, &glyphs).map_or(1.0, |t| t.unexplained))
                    .sum();
                if best.as_ref().is_none_or(|best| cost < best.0) {
                    best = Some((cost, size, glyphs));
                }
            }
        }
        if let Some((_, size, glyphs)) = best {
            self.size = Some(size);
            self.of_ticks = glyphs;
        }
    }

    /// The ticks of a side whose labels can be read, each line the label of the tick that it is nearest to.
    pub(crate) fn labelled(&self, rectangle: &Rectangle, side: Side, ticks: &[Tick]) -> Vec<LabelledTick> {
        let Some(size) = self.size else { return Vec::new() };
        let beside = self.beside(rectangle, side, ticks);
        let read = |(index, line): (usize, Line)| {
            let text = self.level.read(line, size, &self.of_ticks)?;
            let label = parse(&text.letters).filter(|_| text.unexplained <= MOST_UNEXPLAINED)?;
            Some(LabelledTick { tick: ticks[index], label, unexplained: text.unexplained })
        };
        beside.into_iter().filter_map(read).collect()
    }

    /// What stands along a side beyond the ticks' labels, as far as it can be read: the nearest line first.
    pub(crate) fn title(&self, rectangle: &Rectangle, side: Side) -> Option<String> {
        let size = self.size?;
        let [left, top, right, bottom] = rectangle.outer;
        let (page, along, limit): (&Page, _, _) = match side {
            Side::Left | Side::Right => {
                // Turned clockwise, what ran upwards runs to the right and the left becomes the top.
                let height = self.level.ink.height;
                (&self.upward, (height - 1 - bottom, height - 1 - top), if side == Side::Left { left } else { right })
            }
            Side::Top => (&self.level, (left, right), top),
            Side::Bottom => (&self.level, (left, right), bottom),
        };
        let reach = 8.0 * size.up;
        let fits = |line: &&Line| {
            let (x, y) = line.centre();
            let away = if matches!(side, Side::Left | Side::Top) { limit as f64 - y } else { y - limit as f64 };
            let is_between = x >= along.0 as f64 && x <= along.1 as f64;
            is_between && away > 0.0 && away <= reach && line.width() >= line.height()
        };
        let middle = f64::midpoint(along.0 as f64, along.1 as f64);
        let off = |line: &Line| (line.centre().0 - middle).abs();
        // Titles are centred; the labels of ticks lie beside.
        let centred = page.lines.iter().filter(fits).filter(|line| off(line) <= 2.0 * size.across);
        let nearest = centred.min_by_key(|line| (line.centre().1 as usize).abs_diff(limit))?;
        let read = page.read_title(*nearest, size)?;
        // What names something else is no usual title misread.
        let is_unclear = quantity(Some(&read.letters)) == Quantity::Other && other(&read.letters).is_none();
        let usual = if is_unclear && side != Side::Top { page.usual_title(*nearest, size, &read) } else { None };
        let title = usual.map_or(read.letters, str::to_owned);
        Some(title).filter(|title| title.chars().filter(|c| c.is_alphabetic()).count() >= 2)
    }

    /// Takes the labels of the ticks away, so that titles are all that is left.
    pub(crate) fn without_labels(mut self, sides: &[(&Rectangle, Side, &[Tick])]) -> Self {
        for &(rectangle, side, ticks) in sides {
            for (_, line) in self.beside(rectangle, side, ticks) {
                self.level.ink.clear((line.left, line.top), (line.right + 1, line.bottom + 1));
            }
        }
        Self { upward: Page::new(self.level.ink.turned()), level: Page::new(self.level.ink), ..self }
    }
}

impl Page {
    /// Reads a line of digits and units: its letters stand on its last row or the one before.
    fn read(&self, line: Line, size: Size, glyphs: &[Glyph]) -> Option<Text> {
        let readings = [1, 0].into_iter().filter_map(|up| read_line(&self.ink, line, line.bottom + up, size, glyphs));
        readings.min_by(|a, b| a.unexplained.total_cmp(&b.unexplained))
    }

    /// Reads a title, which may have letters below its baseline and another size.
    fn read_title(&self, line: Line, size: Size) -> Option<Text> {
        let mut best: Option<Text> = None;
        for part in TITLE_SIZES {
            let size = Size { across: part * size.across, up: part * size.up };
            let glyphs = glyphs(OF_TITLES, size);
            let deepest = (0.25 * size.up).ceil() as usize;
            for below in 0..=deepest {
                let text = read_line(&self.ink, line, (line.bottom + 1).saturating_sub(below), size, &glyphs);
                if let Some(text) = text.filter(|t| best.as_ref().is_none_or(|b| t.unexplained < b.unexplained)) {
                    best = Some(text);
                }
            }
        }
        best.filter(|text| text.unexplained <= MOST_UNEXPLAINED)
    }

    /// The usual title that a line says nearly as well as the letters that were read: those of few pixels are misread.
    fn usual_title(&self, line: Line, size: Size, read: &Text) -> Option<&'static str> {
        let mut best: Option<(f64, &str)> = None;
        for part in TITLE_SIZES {
            let size = Size { across: part * size.across, up: part * size.up };
            let glyphs = glyphs(OF_TITLES, size);
            let deepest = (0.25 * size.up).ceil() as usize;
            for below in 0..=deepest {
                let baseline = (line.bottom + 1).saturating_sub(below);
                for title in USUAL_TITLES {
                    let found = unexplained_by(&self.ink, line, baseline, size, (title, &glyphs));
                    if let Some(found) = found.filter(|&found| best.is_none_or(|best| found < best.0)) {
                        best = Some((found, title));
                    }
                }
            }
        }
        best.filter(|&(unexplained, _)| unexplained <= read.unexplained + NEARLY).map(|(_, title)| title)
    }
}
