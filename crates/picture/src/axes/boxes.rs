//! Rectangles of a figure: data boxes, colour bars, frames of other plots.

use super::ink::Ink;

/// Ink from which a pixel is drawn on: a line drawn over less than a quarter of a pixel leaves less. Pale lines are
/// looked for where these find none.
const DRAWN: [u8; 2] = [64, 24];
/// Shortest side of a rectangle, in pixels.
const MIN_SIDE: usize = 6;
/// Shortest straight edge, in pixels: the long side of a colour bar is longer.
const MIN_EDGE: usize = 6;
/// What ticks may take of an edge at once, in pixels.
const GAP: usize = 6;
/// Share of an edge that ticks leave: a tick a semitone takes a quarter.
const EDGE_SHARE: f64 = 0.6;
/// How far the ends of edges may be from the corner that they make.
const CORNER: usize = 2;
/// Most pixels that a frame line is wide: 0.8 pt at 450 dots an inch.
const MAX_LINE: usize = 5;
/// How far the pixels of a frame line may be from its colour.
const LINE_SLACK: u8 = 40;
/// Most edges in one direction: a page of text has many, and no figure.
const MAX_EDGES: usize = 4000;

/// A rectangle on the figure, with the frame line around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rectangle {
    /// Outermost pixels: first column and row, last column and row.
    pub(crate) outer: [usize; 4],
    /// Width of the frame line, in whole pixels; 0 without one.
    pub(crate) line_px: usize,
}

impl Rectangle {
    /// First column and row, last column and row inside of the frame line.
    pub(crate) fn inner(&self) -> [usize; 4] {
        let [left, top, right, bottom] = self.outer;
        [left + self.line_px, top + self.line_px, right - self.line_px, bottom - self.line_px]
    }

    /// The edges of the data, left, top, right and bottom, to half a pixel.
    ///
    /// matplotlib rounds a frame line to whole pixels from the picture's lower left corner: of odd width its centre is
    /// `floor(edge + 0.5) + 0.5`, of even width `floor(edge + 0.5)` (Agg, `PathSnapper`, 2.2 to 3.11). Without a line the mesh
    /// itself ends at `floor(edge + 0.5)`.
    pub(crate) fn edges(&self) -> [f64; 4] {
        let [left, top, right, bottom] = self.outer.map(|px| px as f64);
        let half = self.line_px as f64 / 2.0;
        let odd = if self.line_px % 2 == 1 { 0.5 } else { 0.0 };
        [left + half - odd, top + half + odd, right + 1.0 - half - odd, bottom + 1.0 - half + odd]
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
}

/// All rectangles whose four sides are edges.
pub(crate) fn rectangles(ink: &Ink) -> Vec<Rectangle> {
    DRAWN.iter().map(|&drawn| of_ink(ink, drawn)).find(|found| !found.is_empty()).unwrap_or_default()
}

fn of_ink(ink: &Ink, drawn: u8) -> Vec<Rectangle> {
    let (width, height) = (ink.width, ink.height);
    let across = |x: usize, y: usize| ink.at(x, y) >= drawn;
    let left = edges(width, height, |at, along| across(at, along));
    let right = edges(width, height, |at, along| across(width - 1 - at, along));
    let top = edges(height, width, |at, along| across(along, at));
    let bottom = edges(height, width, |at, along| across(along, height - 1 - at));
    let mut found: Vec<Rectangle> = Vec::new();
    if [&left, &right, &top, &bottom].iter().any(|edges| edges.len() > MAX_EDGES) {
        return found;
    }
    for l in &left {
        for r in &right {
            let right_at = width - 1 - r.at;
            if right_at < l.at + MIN_SIDE || l.start.abs_diff(r.start) > CORNER || l.end.abs_diff(r.end) > CORNER {
                continue;
            }
            let spans = |edge: &&Edge| edge.start <= l.at + CORNER && edge.end + CORNER >= right_at;
            let upper = top.iter().filter(spans).find(|t| t.at.abs_diff(l.start.min(r.start)) <= CORNER);
            let lower =
                bottom.iter().filter(spans).find(|b| (height - 1 - b.at).abs_diff(l.end.max(r.end)) <= CORNER);
            if let (Some(upper), Some(lower)) = (upper, lower) {
                let outer = [l.at, upper.at, right_at, height - 1 - lower.at];
                if outer[3] >= outer[1] + MIN_SIDE && found.iter().all(|other| other.outer != outer) {
                    found.push(Rectangle { outer, line_px: line_width(ink, outer) });
                }
            }
        }
    }
    found
}

/// Edges of the lines `1..lines`, each of which is drawn on where the line before it is not.
fn edges(lines: usize, length: usize, drawn: impl Fn(usize, usize) -> bool) -> Vec<Edge> {
    let mut found = Vec::new();
    for at in 1..lines {
        let mut run: Option<(Edge, usize)> = None;
        for along in 0..length {
            if !drawn(at, along) || drawn(at - 1, along) {
                continue;
            }
            run = match run {
                Some((edge, hits)) if along - edge.end <= GAP => Some((Edge { end: along, ..edge }, hits + 1)),
                other => {
                    found.extend(other.and_then(long_enough));
                    Some((Edge { at, start: along, end: along }, 1))
                }
            };
        }
        found.extend(run.and_then(long_enough));
    }
    found
}

fn long_enough((edge, hits): (Edge, usize)) -> Option<Edge> {
    let length = edge.end + 1 - edge.start;
    (length >= MIN_EDGE && hits as f64 >= EDGE_SHARE * length as f64).then_some(edge)
}

/// Width of the line of one colour around a rectangle: the thinnest side's, as data of its colour may lie beside it.
fn line_width(ink: &Ink, [left, top, right, bottom]: [usize; 4]) -> usize {
    let deepest = MAX_LINE.min((right - left) / 4).min((bottom - top) / 4);
    let middle = |from: usize, to: usize| from + deepest..to + 1 - deepest;
    let colour = ink.at(left, usize::midpoint(top, bottom));
    let column = |x: usize| middle(top, bottom).all(|y| ink.at(x, y).abs_diff(colour) <= LINE_SLACK);
    let row = |y: usize| middle(left, right).all(|x| ink.at(x, y).abs_diff(colour) <= LINE_SLACK);
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
