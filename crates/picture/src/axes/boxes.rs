//! Rectangles of a figure: data boxes, colour bars, frames of other plots.

use super::ink::Ink;
use super::layout::{drawn_width, laid_out};
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Ink from which a pixel is drawn on: a line drawn over less than a quarter of a pixel leaves less than the first. The
/// second finds pale lines, and palettes that end near the background.
const DRAWN: [u8; 2] = [64, 24];
/// Shortest side of a rectangle, in pixels.
const MIN_SIDE: usize = 9;
/// Shortest straight edge, in pixels: a colour bar is 14 px wide at least in a figure of 4 in at 72 dots an inch.
const MIN_EDGE: usize = 10;
/// What ticks may take of an edge at once, and what data of the background's colour may, in pixels.
const GAPS: [usize; 2] = [6, 48];
/// Share of an edge that ticks leave: a tick a semitone takes a quarter.
const EDGE_SHARE: f64 = 0.6;
/// How far from a corner an edge may begin: a tick may stand there.
const CORNER: usize = 6;
/// How far an edge may run on beyond its corner: a tick there prolongs it.
const BEYOND: usize = 24;
/// Most pixels that a frame line is wide: 0.8 pt at 450 dots an inch.
const MAX_LINE: usize = 5;
/// How far the pixels of a frame line may be from its colour: nothing but rounding, and compression.
const LINE_SLACKS: [u8; 2] = [12, 64];
/// Share of their ink that pixels under the soft edge of a line a pixel wide and more keep: it takes a quarter at most.
const HIDDEN: std::ops::Range<f64> = 0.72..0.97;
/// Width of the lines around axes, in points (`axes.linewidth`, matplotlib 2.0 to 3.11).
const LINE_PT: f64 = 0.8;
/// Widths of the lines of the background's colour, in points: `default` and `classic`, `ggplot`, seaborn's, `fivethirtyeight`.
const LINES_PT: [f64; 4] = [1.0, 0.8, 1.25, 3.0];
/// Most edges in one direction: a page of text has many, and no figure.
const MAX_EDGES: usize = 4000;

/// Times the picture's area that its rectangles cover together, at most: a box in a window on a page is covered three times.
/// Each is looked at as a whole, and lines that all cross make as many rectangles as there are pairs of them.
const MOST_COVERED: usize = 8;

/// A rectangle on the figure, with the frame line around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rectangle {
    /// Outermost pixels: first column and row, last column and row.
    pub(crate) outer: [usize; 4],
    /// Width of the frame line, in whole pixels; 0 without one.
    pub(crate) line_px: usize,
    /// What the soft edge of a line of the background's colour, drawn over the outermost data, takes of the pixels that show,
    /// if there is such a line.
    pub(crate) hidden: Option<f64>,
}

impl Rectangle {
    /// First column and row, last column and row inside of the frame line.
    pub(crate) fn inner(&self) -> [usize; 4] {
        let [left, top, right, bottom] = self.outer;
        [left + self.line_px, top + self.line_px, right - self.line_px, bottom - self.line_px]
    }

    /// The edges of the data, left, top, right and bottom, to half a pixel; of a figure of this size and resolution, if that is
    /// known.
    ///
    /// matplotlib rounds a frame line to whole pixels: of odd width its middle pixel is `floor(edge + 0.5)`, of even width its two
    /// middle pixels meet there (Agg, `PathSnapper`, 2.2 to 3.11). Without a line the mesh itself ends at
    /// `floor(edge + 0.5)`. Where its own layout is as near as that, it is what was drawn.
    pub(crate) fn edges(&self, size: (usize, usize), dpi: Option<f64>) -> [f64; 4] {
        let [left, top, right, bottom] = self.outer.map(|px| px as f64);
        let (line, sign) = match self.hidden {
            Some(coverage) => (hidden_width(coverage, dpi), -1.0),
            None => (self.line_px, 1.0),
        };
        let half = (line / 2) as f64;
        let edges = match (line % 2, self.hidden) {
            (1, None) => [left + half, top + half, right - half, bottom - half],
            (1, Some(_)) => [left - half - 1.0, top - half - 1.0, right + half + 1.0, bottom + half + 1.0],
            _ => [left + sign * half, top + sign * half, right + 1.0 - sign * half, bottom + 1.0 - sign * half],
        };
        laid_out(edges, (drawn_width(size.0, dpi), size.1), self.slack()).unwrap_or(edges)
    }

    /// How far the edges found may be from those drawn: lines of styles leave the outermost pixels in doubt.
    fn slack(&self) -> f64 {
        // How wide a line of the background's colour is, only the resolution tells.
        if self.hidden.is_some() { 2.6 } else { 1.2 }
    }

    /// Whether a frame line or the layout says where the edges are to the pixel: resampling smears the one and moves the other.
    pub(crate) fn is_crisp(&self, size: (usize, usize), dpi: Option<f64>) -> bool {
        self.line_px > 0 || self.is_laid_out(size, dpi)
    }

    /// Whether the edges are those of matplotlib's own layout.
    pub(crate) fn is_laid_out(&self, size: (usize, usize), dpi: Option<f64>) -> bool {
        laid_out(self.edges(size, dpi), (drawn_width(size.0, dpi), size.1), 1e-6).is_some()
    }

    /// The edges of what is inside of the frame line.
    pub(crate) fn inner_edges(&self) -> [f64; 4] {
        let [left, top, right, bottom] = self.inner().map(|px| px as f64);
        [left, top, right + 1.0, bottom + 1.0]
    }

    /// The pixels inside of the frame line.
    pub(crate) fn inside(&self) -> PixelBox {
        let [x, y, ..] = self.inner();
        let (width, height) = self.inner_size();
        PixelBox { x, y, width, height }
    }

    /// The same with the whole width of its frame line: data shows through the inner pixels of a line that is no whole number of
    /// pixels wide, and they are not counted. The resolution tells it, as matplotlib's line is 0.8 pt wide, or else a tick's, of which
    /// these are the widths.
    #[must_use]
    pub(crate) fn with_whole_line(self, mut tick_widths: Vec<usize>, dpi: Option<f64>) -> Self {
        tick_widths.sort_unstable();
        let of_tick = tick_widths.get(tick_widths.len() / 2).copied();
        let of_line = dpi.map(|dpi| ((LINE_PT * dpi / 72.0).round() as usize).max(1));
        let whole = of_line.or(of_tick).filter(|&width| self.line_px > 0 && width == self.line_px + 1);
        Self { line_px: whole.unwrap_or(self.line_px), ..self }
    }

    /// Columns and rows inside of the frame line.
    pub(crate) fn inner_size(&self) -> (usize, usize) {
        let [left, top, right, bottom] = self.inner();
        (right + 1 - left, bottom + 1 - top)
    }
}

/// One straight edge between background and what is drawn: its line, and its ends along it.
#[derive(Clone, Copy, Debug)]
struct Edge {
    at: usize,
    start: usize,
    end: usize,
    /// Whether it goes on across gaps that are no ticks'.
    is_broken: bool,
}

impl Edge {
    /// Whether the edge is the side between two corners.
    fn spans(&self, from: usize, to: usize) -> bool {
        let begins = self.start <= from + CORNER && self.start + BEYOND >= from;
        begins && self.end + CORNER >= to && self.end <= to + BEYOND
    }
}

/// All rectangles whose four sides are edges.
pub(crate) fn rectangles(raster: &Raster, ink: &Ink) -> Vec<Rectangle> {
    let mut found: Vec<Rectangle> = Vec::new();
    for drawn in DRAWN {
        let more = of_ink(raster, ink, drawn);
        found.extend(more);
        // The soft edge of a line is no other rectangle; a pale line's own pixels are.
        let same = |a: &Rectangle, b: &Rectangle| a.outer.iter().zip(b.outer).all(|(&a, b)| a.abs_diff(b) <= 1);
        let mut kept: Vec<Rectangle> = Vec::with_capacity(found.len());
        for rectangle in found {
            match kept.iter_mut().find(|other| same(&rectangle, other)) {
                None => kept.push(rectangle),
                Some(other) if is_of_line(ink, &rectangle, other) => *other = rectangle,
                Some(_) => {}
            }
        }
        found = kept;
    }
    let covered: usize = found.iter().map(Rectangle::inside).map(|at| at.width * at.height).sum();
    if covered > MOST_COVERED * ink.width * ink.height { Vec::new() } else { found }
}

/// Whether the pixels around a rectangle, those of a larger one, belong to its line: they are at least half as much ink.
fn is_of_line(ink: &Ink, larger: &Rectangle, other: &Rectangle) -> bool {
    let ([a, b, c, d], [left, top, right, bottom]) = (larger.outer, other.outer);
    let sides = |[left, top, right, bottom]: [usize; 4]| {
        let (x, y) = (usize::midpoint(left, right), usize::midpoint(top, bottom));
        [(left, y), (x, top), (right, y), (x, bottom)].map(|(x, y)| u32::from(ink.at(x, y)))
    };
    let is_larger = a < left && b < top && c > right && d > bottom;
    is_larger && sides(larger.outer).iter().zip(sides(other.outer)).all(|(&around, line)| 2 * around >= line)
}

fn of_ink(raster: &Raster, ink: &Ink, drawn: u8) -> Vec<Rectangle> {
    let (width, height) = (ink.width, ink.height);
    let across = |x: usize, y: usize| ink.at(x, y) >= drawn;
    let left = edges(width, height, true, across);
    let right = edges(width, height, true, |at, along| across(width - 1 - at, along));
    let top = edges(height, width, false, |at, along| across(along, at));
    let bottom = edges(height, width, false, |at, along| across(along, height - 1 - at));
    let mut found: Vec<Rectangle> = Vec::new();
    if [&left, &right, &top, &bottom].iter().any(|edges| edges.len() > MAX_EDGES) {
        return found;
    }
    for l in &left {
        for r in &right {
            let right_at = width - 1 - r.at;
            if right_at < l.at + MIN_SIDE || l.end < r.start || r.end < l.start {
                continue;
            }
            let fits = |from: usize, to: usize| l.spans(from, to) && r.spans(from, to);
            for upper in top.iter().filter(|upper| upper.spans(l.at, right_at)) {
                let lower =
                    bottom.iter().filter(|lower| lower.spans(l.at, right_at)).map(|lower| height - 1 - lower.at);
                for lower in lower.filter(|&lower| lower >= upper.at + MIN_SIDE && fits(upper.at, lower)) {
                    let outer = [l.at, upper.at, right_at, lower];
                    let is_broken = l.is_broken || r.is_broken || upper.is_broken;
                    if found.iter().all(|other| other.outer != outer) && !(is_broken && is_parted(ink, outer)) {
                        let line_px = line_width(raster, outer);
                        let hidden = if line_px == 0 { hidden_line(ink, outer) } else { None };
                        found.push(Rectangle { outer, line_px, hidden });
                    }
                }
            }
        }
    }
    found
}

/// Edges of the lines `1..lines`, each of which is drawn on where the line before it is not. `across` says that lines are columns,
/// whose pixels lie apart in memory: rows are then gone through first.
fn edges(lines: usize, length: usize, across: bool, drawn: impl Fn(usize, usize) -> bool) -> Vec<Edge> {
    let mut found = Vec::new();
    let begins = |at: usize, along: usize| drawn(at, along) && !drawn(at - 1, along);
    if across {
        let mut runs: Vec<Runs> = vec![Runs::default(); lines];
        for along in 0..length {
            for at in (1..lines).filter(|&at| begins(at, along)) {
                runs[at].add(at, along, &mut found);
            }
        }
        for runs in runs {
            runs.end(&mut found);
        }
    } else {
        for at in 1..lines {
            let mut runs = Runs::default();
            (0..length).filter(|&along| begins(at, along)).for_each(|along| runs.add(at, along, &mut found));
            runs.end(&mut found);
        }
    }
    found
}

/// What of a line is an edge so far, with its hits: across the gaps of ticks, and across larger ones.
#[derive(Clone, Copy, Default)]
struct Runs([Option<(Edge, usize)>; 2]);

impl Runs {
    fn add(&mut self, at: usize, along: usize, found: &mut Vec<Edge>) {
        for (run, gap) in self.0.iter_mut().zip(GAPS) {
            let is_broken = gap == GAPS[1];
            *run = match *run {
                Some((edge, hits)) if along - edge.end <= gap => Some((Edge { end: along, ..edge }, hits + 1)),
                other => {
                    found.extend(other.and_then(long_enough).map(|edge| Edge { is_broken, ..edge }));
                    Some((Edge { at, start: along, end: along, is_broken: false }, 1))
                }
            };
        }
    }

    fn end(self, found: &mut Vec<Edge>) {
        let [fine, coarse] = self.0.map(|run| run.and_then(long_enough));
        found.extend(fine);
        let broken = coarse.filter(|coarse| fine.is_none_or(|fine| fine.start != coarse.start));
        found.extend(broken.map(|edge| Edge { is_broken: true, ..edge }));
    }
}

fn long_enough((edge, hits): (Edge, usize)) -> Option<Edge> {
    let length = edge.end + 1 - edge.start;
    (length >= MIN_EDGE && hits as f64 >= EDGE_SHARE * length as f64).then_some(edge)
}

/// Width of the line of one colour around a rectangle; 0 without one.
fn line_width(raster: &Raster, outer: [usize; 4]) -> usize {
    let widths = LINE_SLACKS.map(|slack| line_width_within(raster, outer, slack));
    widths.into_iter().find(|&width| width > 0).unwrap_or(0)
}

/// The same of pixels no farther from the line's colour than `slack`: the thinnest side's, as data of its colour may lie
/// beside it.
fn line_width_within(raster: &Raster, [left, top, right, bottom]: [usize; 4], slack: u8) -> usize {
    let deepest = MAX_LINE.min((right - left) / 4).min((bottom - top) / 4);
    let middle = |from: usize, to: usize| from + deepest..to + 1 - deepest;
    let colour = raster.pixel(left, usize::midpoint(top, bottom));
    let near = |pixel: [u8; 4]| pixel.iter().zip(colour).all(|(&a, b)| a.abs_diff(b) <= slack);
    let column = |x: usize| middle(top, bottom).all(|y| near(raster.pixel(x, y)));
    let row = |y: usize| middle(left, right).all(|x| near(raster.pixel(x, y)));
    let side = |is_line: &dyn Fn(usize) -> bool| (0..deepest).take_while(|&depth| is_line(depth)).count();
    let widths = [
        side(&|depth| column(left + depth)),
        side(&|depth| column(right - depth)),
        side(&|depth| row(top + depth)),
        side(&|depth| row(bottom - depth)),
    ];
    let thinnest = widths.into_iter().min().unwrap_or(0);
    // All of one colour is no line but a patch.
    if thinnest == deepest { 0 } else { thinnest }
}

/// Whether background runs through a rectangle from side to side: it is several things.
fn is_parted(ink: &Ink, [left, top, right, bottom]: [usize; 4]) -> bool {
    let column = |x: usize| (top..=bottom).all(|y| ink.at(x, y) < DRAWN[1]);
    let row = |y: usize| (left..=right).all(|x| ink.at(x, y) < DRAWN[1]);
    (left..=right).any(column) || (top..=bottom).any(row)
}

/// What a line of the background's colour takes of the outermost pixels: they are paler than those behind them, by the same
/// share on all sides.
fn hidden_line(ink: &Ink, [left, top, right, bottom]: [usize; 4]) -> Option<f64> {
    let kept = |pairs: &mut dyn Iterator<Item = (u8, u8)>| {
        let (outer, behind) = pairs.fold((0, 0), |sum, p| (sum.0 + u64::from(p.0), sum.1 + u64::from(p.1)));
        outer as f64 / behind.max(1) as f64
    };
    let column = |x: usize, behind: usize| kept(&mut (top + 2..bottom - 1).map(|y| (ink.at(x, y), ink.at(behind, y))));
    let row = |y: usize, behind: usize| kept(&mut (left + 2..right - 1).map(|x| (ink.at(x, y), ink.at(x, behind))));
    let sides = [column(left, left + 1), column(right, right - 1), row(top, top + 1), row(bottom, bottom - 1)];
    sides.iter().all(|share| HIDDEN.contains(share)).then(|| 1.0 - sides.iter().sum::<f64>() / 4.0)
}

/// Width in whole pixels of a line of the background's colour whose soft edge covers so much of the next pixel.
fn hidden_width(coverage: f64, dpi: Option<f64>) -> usize {
    let Some(dpi) = dpi else { return 1 };
    let widths = LINES_PT.map(|pt| pt * dpi / 72.0);
    let off = |width: &f64| ((width - width.round()) / 2.0 - coverage).abs();
    let nearest = widths.into_iter().filter(|width| *width >= 1.0).min_by(|a, b| off(a).total_cmp(&off(b)));
    nearest.map_or(1, |width| width.round() as usize)
}

#[cfg(test)]
mod tests {
    use photophone_spectrum::StopFlag;

    use super::super::ticks::{Side, ticks};
    use super::*;

    fn data(x: usize, y: usize) -> [u8; 4] {
        [(x * 7 % 120) as u8, (y * 11 % 120) as u8, 90, 255]
    }

    /// A figure with a box of data at columns 40..=140 and rows 20..=80, a frame line and ticks of this width, and a bar.
    fn figure(line: usize) -> Raster {
        let black = [0, 0, 0, 255];
        Raster::from_fn(220, 120, |x, y| match (x, y) {
            (40..=140, 20..=80) if x < 40 + line || x > 140 - line || y < 20 + line || y > 80 - line => black,
            (40..=140, 20..=80) => data(x, y),
            (160..=170, 20..=80) => [y as u8, 0, 2 * y as u8, 255],
            // Ticks at both corners and between, which break the edges.
            (35..=39, 20 | 50 | 80) | (40 | 90 | 140, 81..=85) => black,
            _ => [255; 4],
        })
        .unwrap()
    }

    #[test]
    fn boxes_are_found_with_ticks_at_their_corners_and_without_a_line() {
        for line in [0, 1] {
            let raster = figure(line);
            let ink = Ink::of(&raster, &StopFlag::default()).unwrap().unwrap();
            let found = rectangles(&raster, &ink);
            let outer: Vec<[usize; 4]> = found.iter().map(|rectangle| rectangle.outer).collect();
            assert!(outer.contains(&[40, 20, 140, 80]) && outer.contains(&[160, 20, 170, 80]), "{outer:?}");
            let panel = found.iter().find(|rectangle| rectangle.outer[0] == 40).unwrap();
            assert_eq!(panel.line_px, line);
            let expected = if line == 1 { [40.0, 20.0, 140.0, 80.0] } else { [40.0, 20.0, 141.0, 81.0] };
            assert_eq!(panel.edges((220, 120), None), expected);
            let beside: Vec<f64> = ticks(&ink, panel, Side::Left).iter().map(|tick| tick.at).collect();
            assert_eq!(beside, [20.0, 50.0, 80.0]);
            let below = ticks(&ink, panel, Side::Bottom);
            assert!(below.iter().all(|tick| tick.length_px == 5 && tick.width_px == 1), "{below:?}");
        }
    }

    #[test]
    fn lines_that_all_cross_are_no_figure() {
        let raster = Raster::from_fn(200, 200, |x, y| match (x % 4, y % 4) {
            (0, _) | (_, 0) => [0, 0, 0, 255],
            _ => [200, 200, 200, 255],
        })
        .unwrap();
        let ink = Ink::of(&raster, &StopFlag::default()).unwrap().unwrap();
        assert_eq!(rectangles(&raster, &ink), []);
    }

    #[test]
    fn a_line_of_the_backgrounds_colour_hides_the_outermost_pixels() {
        let raster = Raster::from_fn(120, 90, |x, y| match (x, y) {
            (21..=99, 16..=74) => {
                let [r, g, b, a] = data(x, y);
                let pale = |c: u8| c + ((255 - u16::from(c)) / 5) as u8;
                let is_edge = x == 21 || x == 99 || y == 16 || y == 74;
                if is_edge { [pale(r), pale(g), pale(b), a] } else { [r, g, b, a] }
            }
            _ => [255; 4],
        })
        .unwrap();
        let ink = Ink::of(&raster, &StopFlag::default()).unwrap().unwrap();
        let found = rectangles(&raster, &ink);
        assert_eq!(found.len(), 1);
        // 1 pt at 100 dots an inch: a pixel, and a fifth of those beside it.
        assert_eq!(found[0].edges((120, 90), Some(100.0)), [20.0, 15.0, 100.0, 75.0]);
    }
}
