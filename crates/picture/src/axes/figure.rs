//! The parts of a figure: panels of data with their axes, and colour bars.

use photophone_spectrum::{FrequencyScale, StopFlag, Stopped};

use super::boxes::{Rectangle, rectangles};
use super::content::{Content, content};
use super::fit::{Axis, TOLERANCE_PX, fit, fit_octaves};
use super::ink::{Ink, page_colour};
use super::label::Unit;
use super::labels::{LabelledTick, Lettering};
use super::ticks::{Side, Tick, ticks};
use crate::palette::Colours;
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Scales of an axis of frequencies that are tried.
const SCALES: [FrequencyScale; 5] = [
    FrequencyScale::Linear,
    FrequencyScale::Log,
    FrequencyScale::LIBROSA_LOG,
    FrequencyScale::LIBROSA_MEL,
    FrequencyScale::SYMLOG,
];

/// Farthest that the middle of a label is from its place, in pixels.
const UNTICKED_PX: f64 = 1.6;

/// Share of the picture that a page in it takes, and how far its colour is from what is around it.
const PAGE_SHARE: f64 = 0.4;
const PAGE_CONTRAST: u8 = 32;

/// A figure: what was found on it.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) panels: Vec<Panel>,
    pub(crate) bars: Vec<Bar>,
    /// Whether its background is brighter than middle gray.
    pub(crate) is_light: bool,
    pub(crate) background: [u8; 3],
    /// Width and height of the picture, and dots an inch, if the file says.
    pub(crate) size: (usize, usize),
    pub(crate) dpi: Option<f64>,
}

/// A box of data.
#[derive(Clone, Debug)]
pub(crate) struct Panel {
    pub(crate) rectangle: Rectangle,
    pub(crate) colours: Colours,
    pub(crate) across: ReadSide,
    pub(crate) up: ReadSide,
    pub(crate) title: Option<String>,
    /// Which panel it is, counted from 1 in reading order.
    pub(crate) number: usize,
    /// Whether its rectangle is what the user says.
    pub(crate) is_given: bool,
}

/// One axis of a panel or a bar, as it is drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadSide {
    pub(crate) ticks: Vec<Tick>,
    pub(crate) labelled: Vec<LabelledTick>,
    pub(crate) axis: Option<Axis>,
    pub(crate) unit: Option<Unit>,
    pub(crate) title: Option<String>,
}

impl ReadSide {
    /// The axis of a bar, whose values rise upwards or to the right. Where they fall, it is their minus signs that are not seen,
    /// if no value is negative, and nothing is known otherwise.
    fn rising(mut self, upright: bool) -> Self {
        let Some(axis) = self.axis.filter(|axis| (axis.slope > 0.0) == upright) else { return self };
        self.axis = None;
        if self.labelled.iter().all(|tick| tick.label.value >= 0.0) {
            self.labelled.iter_mut().for_each(|tick| tick.label.value = -tick.label.value);
            let points: Vec<(f64, f64)> = self.labelled.iter().map(|tick| (tick.tick.at, tick.label.value)).collect();
            self.axis = fit(&points, &[axis.scale], axis.tolerance_px);
        }
        self
    }

    /// Why there is no axis.
    pub(crate) fn untold(&self) -> String {
        match (self.ticks.len(), self.labelled.len()) {
            (0, 0) => "it has no ticks".to_owned(),
            (ticks, 0) => format!("none of its {ticks} ticks has a label that can be read"),
            (_, 1) => "it has one label that can be read, and an axis needs three".to_owned(),
            (_, 2) => "it has two labels that can be read, and an axis needs three".to_owned(),
            (_, labels) => format!("its {labels} labels contradict each other"),
        }
    }

    /// Pixel and value of the ticks that lie on the axis.
    pub(crate) fn fitting(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let ticks = self.labelled.iter().map(|tick| (tick.tick.at, tick.label.value));
        ticks.filter(|&(px, value)| self.axis.is_some_and(|axis| (axis.px(value) - px).abs() <= axis.tolerance_px))
    }
}

impl Figure {
    /// The figure with the box of data that is given first, in place of the one that it covers; `None` where it covers none
    /// for the most part.
    pub(crate) fn with_box(mut self, given: PixelBox) -> Option<Self> {
        let covered = |panel: &Panel| {
            let inside = panel.rectangle.inside();
            let along = |a: usize, b: usize, c: usize, d: usize| (a + b).min(c + d).saturating_sub(a.max(c));
            along(given.x, given.width, inside.x, inside.width) * along(given.y, given.height, inside.y, inside.height)
        };
        let index = (0..self.panels.len()).max_by_key(|&index| covered(&self.panels[index]))?;
        let mut panel = self.panels.remove(index);
        if 2 * covered(&panel) < given.width * given.height || given.width * given.height == 0 {
            return None;
        }
        let outer = [given.x, given.y, given.x + given.width - 1, given.y + given.height - 1];
        panel.rectangle = Rectangle { outer, line_px: 0, hidden: None };
        panel.is_given = true;
        self.panels.insert(0, panel);
        Some(self)
    }
}

/// A colour bar.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) rectangle: Rectangle,
    pub(crate) upright: bool,
    pub(crate) colours: Vec<[u8; 3]>,
    pub(crate) axis: ReadSide,
}

/// Finds the parts of a figure and reads its labels; `None` where the picture is no figure with data in it.
///
/// # Errors
/// [`Stopped`].
pub(crate) fn survey(raster: &Raster, dpi: Option<f64>, stop: &StopFlag) -> Result<Option<Figure>, Stopped> {
    let Some(ink) = Ink::of(raster, stop)? else { return Ok(None) };
    let filled = rectangles(raster, &ink);
    // A page in a window is a filled rectangle, too: the figure is on it.
    let is_large = |rectangle: &&Rectangle| {
        let (width, height) = rectangle.inner_size();
        (width * height) as f64 >= PAGE_SHARE * (raster.width() * raster.height()) as f64
    };
    let pages = filled.iter().filter(is_large).filter_map(|rectangle| page_colour(raster, rectangle.inside()));
    let differs = |page: &[u8; 3]| page.iter().zip(ink.background).any(|(&a, b)| a.abs_diff(b) >= PAGE_CONTRAST);
    if let Some(page) = pages.into_iter().find(differs) {
        let ink = Ink::on(raster, page, stop)?;
        let found = survey_on(raster, rectangles(raster, &ink), ink, dpi, stop)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    survey_on(raster, filled, ink, dpi, stop)
}

/// The same on one background.
fn survey_on(
    raster: &Raster,
    filled: Vec<Rectangle>,
    mut ink: Ink,
    dpi: Option<f64>,
    stop: &StopFlag,
) -> Result<Option<Figure>, Stopped> {
    let (mut panels, mut bars) = (Vec::new(), Vec::new());
    for rectangle in filled {
        stop.check()?;
        match content(raster, &ink, &rectangle, stop)? {
            Content::Data(colours) => panels.push((rectangle, colours)),
            Content::Bar { upright, colours } => bars.push((rectangle, upright, colours)),
            Content::Other => {}
        }
    }
    let all: Vec<Rectangle> = panels.iter().map(|panel| panel.0).chain(bars.iter().map(|bar| bar.0)).collect();
    let is_free = |rectangle: &Rectangle| all.iter().all(|other| !lies_within(rectangle, other));
    panels.retain(|panel| is_free(&panel.0));
    bars.retain(|bar| is_free(&bar.0));
    if panels.is_empty() {
        return Ok(None);
    }
    in_reading_order(&mut panels);
    let drawn: Vec<(Vec<Tick>, Vec<Tick>)> =
        panels.iter().map(|(r, _)| (ticks(&ink, r, Side::Bottom), ticks(&ink, r, Side::Left))).collect();
    let of_bars: Vec<(Side, Vec<Tick>)> = bars.iter().map(|bar| bar_ticks(&ink, &bar.0, bar.1)).collect();
    for ((rectangle, _), (across, up)) in panels.iter_mut().zip(&drawn) {
        *rectangle = rectangle.with_whole_line(line_widths(if across.is_empty() { up } else { across }), dpi);
    }
    for ((rectangle, ..), (_, ticks)) in bars.iter_mut().zip(&of_bars) {
        *rectangle = rectangle.with_whole_line(line_widths(ticks), dpi);
    }
    for rectangle in &all {
        clear(&mut ink, rectangle);
    }
    let surrounds = ink.surrounds;
    let is_light = ink.background.iter().map(|&channel| u32::from(channel)).sum::<u32>() > 3 * 128;
    let background = ink.background;
    let mut lettering = Lettering::new(ink);
    let (mut drawn, mut of_bars) = (drawn, of_bars);
    for ((rectangle, _), (across, up)) in panels.iter().zip(&mut drawn) {
        for (ticks, side) in [(across, Side::Bottom), (up, Side::Left)] {
            if ticks.is_empty() {
                *ticks = lettering.as_ticks(rectangle, side);
            }
        }
    }
    for (bar, (side, ticks)) in bars.iter().zip(&mut of_bars) {
        if ticks.is_empty() {
            *ticks = lettering.as_ticks(&bar.0, *side);
        }
    }
    let mut sides: Vec<(&Rectangle, Side, &[Tick])> = Vec::new();
    for ((rectangle, _), (across, up)) in panels.iter().zip(&drawn) {
        sides.push((rectangle, Side::Bottom, across));
        sides.push((rectangle, Side::Left, up));
    }
    for (bar, (side, ticks)) in bars.iter().zip(&of_bars) {
        sides.push((&bar.0, *side, ticks));
    }
    lettering.find_size(&sides);
    let read: Vec<Vec<LabelledTick>> =
        sides.iter().map(|&(r, side, ticks)| lettering.labelled(r, side, ticks)).collect();
    let lettering = lettering.without_labels(&sides);
    let mut read = sides
        .iter()
        .zip(read)
        .map(|(&(rectangle, side, ticks), labelled)| {
            let scales = if side == Side::Left { &SCALES[..] } else { &SCALES[..1] };
            read_side(ticks.to_vec(), labelled, lettering.title(rectangle, side), scales)
        })
        .collect::<Vec<_>>()
        .into_iter();
    let mut found = Figure {
        panels: Vec::new(),
        bars: Vec::new(),
        is_light,
        background,
        size: (raster.width(), raster.height()),
        dpi,
    };
    for (rectangle, colours) in &panels {
        let (across, up) = (read.next().unwrap_or_default(), read.next().unwrap_or_default());
        let title = lettering.title(rectangle, Side::Top);
        let (rectangle, colours, number) = (*rectangle, colours.clone(), found.panels.len() + 1);
        found.panels.push(Panel { rectangle, colours, across, up, title, number, is_given: false });
    }
    for (rectangle, upright, colours) in &bars {
        let axis = read.next().unwrap_or_default().rising(*upright);
        found.bars.push(Bar { rectangle: *rectangle, upright: *upright, colours: colours.clone(), axis });
    }
    // On a page that does not surround the picture a box is one of a figure's by its axes alone.
    let has_axes = |panel: &Panel| panel.across.axis.is_some() || panel.up.axis.is_some();
    Ok(Some(found).filter(|found| surrounds || found.panels.iter().any(has_axes)))
}

/// Sorts panels line by line from the top, and in a line from the left. A panel is in a line if it begins above the middle of the
/// line's first.
fn in_reading_order(panels: &mut [(Rectangle, Colours)]) {
    panels.sort_by_key(|(rectangle, _)| rectangle.outer[1]);
    let mut rest = panels;
    while let Some((first, _)) = rest.first() {
        let middle = usize::midpoint(first.outer[1], first.outer[3]);
        let line = rest.partition_point(|(rectangle, _)| rectangle.outer[1] <= middle);
        let (in_line, below) = std::mem::take(&mut rest).split_at_mut(line);
        in_line.sort_by_key(|(rectangle, _)| rectangle.outer[0]);
        rest = below;
    }
}

fn read_side(
    ticks: Vec<Tick>,
    labelled: Vec<LabelledTick>,
    title: Option<String>,
    scales: &[FrequencyScale],
) -> ReadSide {
    let points: Vec<(f64, f64)> = labelled.iter().map(|tick| (tick.tick.at, tick.label.value)).collect();
    // A label without a tick stands a pixel beside its place.
    let tolerance = if ticks.iter().all(|tick| tick.length_px == 0) { UNTICKED_PX } else { TOLERANCE_PX };
    let all: Vec<f64> = ticks.iter().map(|tick| tick.at).collect();
    let octaves = if scales.len() > 1 { fit_octaves(&points, &all, scales, tolerance) } else { None };
    let axis = octaves.or_else(|| fit(&points, scales, tolerance));
    let unit = labelled.iter().find_map(|tick| tick.label.unit);
    ReadSide { ticks, labelled, axis, unit, title }
}

/// Pixels that the lines of ticks are wide.
fn line_widths(ticks: &[Tick]) -> Vec<usize> {
    ticks.iter().map(|tick| tick.width_px).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_counted_as_a_page_is_read() {
        let at = |left: usize, top: usize| {
            let rectangle = Rectangle { outer: [left, top, left + 90, top + 60], line_px: 1, hidden: None };
            (rectangle, Colours::new(std::iter::empty()))
        };
        let mut panels = vec![at(120, 11), at(10, 100), at(120, 99), at(10, 12)];
        in_reading_order(&mut panels);
        let places: Vec<[usize; 2]> = panels.iter().map(|(of, _)| [of.outer[0], of.outer[1]]).collect();
        assert_eq!(places, [[10, 12], [120, 11], [10, 100], [120, 99]]);
    }
}
