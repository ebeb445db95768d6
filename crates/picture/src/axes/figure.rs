//! The parts of a figure: panels of data with their axes, and colour bars.

use photophone_spectrum::{FrequencyScale, StopFlag, Stopped};

use super::boxes::{Rectangle, rectangles};
use super::content::{Content, content};
use super::fit::{Axis, fit};
use super::ink::Ink;
use super::label::Unit;
use super::labels::{LabelledTick, Lettering};
use super::ticks::{Side, Tick, ticks};
use crate::palette::Colours;
use crate::raster::Raster;

/// Scales of an axis of frequencies that are tried.
const SCALES: [FrequencyScale; 5] = [
    FrequencyScale::Linear,
    FrequencyScale::Log,
    FrequencyScale::LIBROSA_LOG,
    FrequencyScale::LIBROSA_MEL,
    FrequencyScale::SYMLOG,
];

/// A figure: what was found on it.
#[derive(Clone, Debug)]
pub struct Figure {
    pub(crate) panels: Vec<Panel>,
    pub(crate) bars: Vec<Bar>,
    pub(crate) others: Vec<Rectangle>,
}

/// A box of data.
#[derive(Clone, Debug)]
pub(crate) struct Panel {
    pub(crate) rectangle: Rectangle,
    pub(crate) colours: Colours,
    pub(crate) across: Side1,
    pub(crate) up: Side1,
    pub(crate) title: Option<String>,
}

/// One axis of a panel or a bar, as it is drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side1 {
    pub(crate) ticks: Vec<Tick>,
    pub(crate) labelled: Vec<LabelledTick>,
    pub(crate) axis: Option<Axis>,
    pub(crate) unit: Option<Unit>,
    pub(crate) title: Option<String>,
}

/// A colour bar.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) rectangle: Rectangle,
    pub(crate) upright: bool,
    pub(crate) colours: Vec<[u8; 3]>,
    pub(crate) axis: Side1,
}

/// Finds the parts of a figure and reads its labels; `None` where the picture is no figure with data in it.
///
/// # Errors
/// [`Stopped`].
pub fn survey(raster: &Raster, stop: &StopFlag) -> Result<Option<Figure>, Stopped> {
    let Some(mut ink) = Ink::of(raster, stop)? else { return Ok(None) };
    let (mut panels, mut bars, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for rectangle in rectangles(raster, &ink) {
        stop.check()?;
        match content(raster, &ink, &rectangle, stop)? {
            Content::Data(colours) => panels.push((rectangle, colours)),
            Content::Bar { upright, colours } => bars.push((rectangle, upright, colours)),
            Content::Other => others.push(rectangle),
        }
    }
    let all: Vec<Rectangle> = panels.iter().map(|panel| panel.0).chain(bars.iter().map(|bar| bar.0)).collect();
    let is_free = |rectangle: &Rectangle| all.iter().all(|other| !lies_within(rectangle, other));
    panels.retain(|panel| is_free(&panel.0));
    bars.retain(|bar| is_free(&bar.0));
    if panels.is_empty() {
        return Ok(None);
    }
    let drawn: Vec<(Vec<Tick>, Vec<Tick>)> =
        panels.iter().map(|(r, _)| (ticks(&ink, r, Side::Bottom), ticks(&ink, r, Side::Left))).collect();
    let of_bars: Vec<(Side, Vec<Tick>)> = bars.iter().map(|bar| bar_ticks(&ink, &bar.0, bar.1)).collect();
    for ((rectangle, _), (across, up)) in panels.iter_mut().zip(&drawn) {
        *rectangle = rectangle.with_line_of(if across.is_empty() { up } else { across });
    }
    for ((rectangle, ..), (_, ticks)) in bars.iter_mut().zip(&of_bars) {
        *rectangle = rectangle.with_line_of(ticks);
    }
    for rectangle in &all {
        clear(&mut ink, rectangle);
    }
    let mut lettering = Lettering::new(ink);
    let mut sides: Vec<(&Rectangle, Side, &[Tick])> = Vec::new();
    for ((rectangle, _), (across, up)) in panels.iter().zip(&drawn) {
        sides.push((rectangle, Side::Bottom, across));
        sides.push((rectangle, Side::Left, up));
    }
    for (bar, (side, ticks)) in bars.iter().zip(&of_bars) {
        sides.push((&bar.0, *side, ticks));
    }
    lettering.find_size(&sides);
    let read: Vec<Vec<LabelledTick>> = sides.iter().map(|&(r, side, ticks)| lettering.labelled(r, side, ticks)).collect();
    let lettering = lettering.without_labels(&sides);
    let mut read = sides.iter().zip(read).map(|(&(rectangle, side, ticks), labelled)| {
        let scales = if side == Side::Left { &SCALES[..] } else { &SCALES[..1] };
        read_side(ticks.to_vec(), labelled, lettering.title(rectangle, side), scales)
    }).collect::<Vec<_>>().into_iter();
    let mut found = Figure { panels: Vec::new(), bars: Vec::new(), others };
    for (rectangle, colours) in &panels {
        let (across, up) = (read.next().unwrap_or_default(), read.next().unwrap_or_default());
        let title = lettering.title(rectangle, Side::Top);
        found.panels.push(Panel { rectangle: *rectangle, colours: colours.clone(), across, up, title });
    }
    for (rectangle, upright, colours) in &bars {
        let axis = read.next().unwrap_or_default();
        found.bars.push(Bar { rectangle: *rectangle, upright: *upright, colours: colours.clone(), axis });
    }
    Ok(Some(found))
}

fn read_side(ticks: Vec<Tick>, labelled: Vec<LabelledTick>, title: Option<String>, scales: &[FrequencyScale]) -> Side1 {
    let points: Vec<(f64, f64)> = labelled.iter().map(|tick| (tick.tick.at, tick.label.value)).collect();
    let axis = fit(&points, scales);
    let unit = labelled.iter().find_map(|tick| tick.label.unit);
    Side1 { ticks, labelled, axis, unit, title }
}

/// The side of a bar that its ticks are on, and these.
fn bar_ticks(ink: &Ink, rectangle: &Rectangle, upright: bool) -> (Side, Vec<Tick>) {
    let sides = if upright { [Side::Right, Side::Left] } else { [Side::Bottom, Side::Top] };
    let found = sides.map(|side| (side, ticks(ink, rectangle, side)));
    let [first, second] = found;
    if second.1.len() > first.1.len() { second } else { first }
}

fn lies_within(rectangle: &Rectangle, other: &Rectangle) -> bool {
    let ([a, b, c, d], [left, top, right, bottom]) = (rectangle.outer, other.outer);
    rectangle != other && a >= left && b >= top && c <= right && d <= bottom
}

/// Takes a rectangle and the ticks around it away.
fn clear(ink: &mut Ink, rectangle: &Rectangle) {
    let [left, top, right, bottom] = rectangle.outer;
    let longest = [Side::Left, Side::Right, Side::Top, Side::Bottom]
        .into_iter()
        .map(|side| ticks(ink, rectangle, side).iter().map(|tick| tick.length_px + 1).max().unwrap_or(1));
    let lengths: Vec<usize> = longest.collect();
    ink.clear(
        (left.saturating_sub(lengths[0]), top.saturating_sub(lengths[2])),
        (right + 1 + lengths[1], bottom + 1 + lengths[3]),
    );
}

impl Figure {
    pub fn debug(&self) -> String {
        use std::fmt::Write;
        let mut out = String::new();
        let side = |s: &Side1| {
            let l: Vec<String> = s.labelled.iter().map(|t| format!("{}:{}", t.tick.at, t.label.value)).collect();
            format!("{} ticks, {} title {:?} axis {:?}", s.ticks.len(), l.join(" "), s.title, s.axis)
        };
        for p in &self.panels {
            let e = p.rectangle.edges();
            let _ = writeln!(out, " panel {:?} line {} edges {:?} size {:?} title {:?}", p.rectangle.outer, p.rectangle.line_px, e, (e[2]-e[0], e[3]-e[1]), p.title);
            let _ = writeln!(out, "   x {}", side(&p.across));
            if let Some(a) = p.across.axis { let _ = writeln!(out, "     from {} to {}", a.value(e[0]), a.value(e[2])); }
            let _ = writeln!(out, "   y {}", side(&p.up));
            if let Some(a) = p.up.axis { let _ = writeln!(out, "     from {} to {}", a.value(e[3]), a.value(e[1])); }
        }
        for p in &self.bars {
            let e = p.rectangle.edges();
            let _ = writeln!(out, " bar {:?} line {} colours {} : {}", p.rectangle.outer, p.rectangle.line_px, p.colours.len(), side(&p.axis));
            if let Some(a) = p.axis.axis { let _ = writeln!(out, "     from {} to {}", a.value(e[3]), a.value(e[1])); }
        }
        let _ = writeln!(out, " others {}", self.others.len());
        out
    }
}
