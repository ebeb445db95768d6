//! What colour bars tell: the palette, its direction, and what its ends stand for.

use super::chances::{BOX, COARSE, TO_A_PIXEL};
use super::figure::{Bar, Figure, Panel};
use super::label::Unit;
use super::spread::residual;
use super::statement::{LevelEnds, Statement};
use super::words::{Quantity, quantity};
use crate::palette::{Colours, MAX_RESIDUAL, Rounding, Table, recognise};
use crate::raster::Raster;

/// How far a bar's end may be from the panel's where they are level, in pixels.
const LEVEL_PX: f64 = 2.0;
/// Part of a bar that may be as bright as the page.
const HIDDEN_SHARE: f64 = 0.25;
/// How far a colour may be from the page's where it is not told from it.
const PAPER: u8 = 24;
/// Fewest decibels between the ends of a bar that are decibels without a word: natural logarithms span less.
const DB_SPAN: f64 = 30.0;
/// Part of its upper end by which the lower one of linear levels may differ from 0: the quietest cell is not silent.
const AT_ZERO: f64 = 0.01;

/// The colours of a bar from its low value on.
pub(crate) fn learned_colours(bar: &Bar) -> Vec<[u8; 3]> {
    let mut colours = bar.colours.clone();
    if bar.axis.axis.is_some_and(|axis| (axis.slope > 0.0) == bar.upright) {
        colours.reverse();
    }
    colours
}

/// The bar beside a panel, and whether its colours are those of the data: else it is another's.
pub(crate) fn own_bar_of<'a>(raster: &Raster, figure: &'a Figure, panel: &Panel) -> (Option<&'a Bar>, bool) {
    let found = bar_of(figure, panel);
    let is_foreign = found.is_some_and(|bar| {
        let table = Table { base: "learned", reversed: false, rounding: Rounding::Mesh, colours: bar.colours.clone() };
        residual(raster, panel.rectangle.inside(), &table) > MAX_RESIDUAL
    });
    (found.filter(|_| !is_foreign), is_foreign)
}

/// The bar that belongs to a panel: the one beside it.
fn bar_of<'a>(figure: &'a Figure, panel: &Panel) -> Option<&'a Bar> {
    let [left, top, right, bottom] = panel.rectangle.outer;
    let beside = |bar: &&Bar| {
        let [l, t, r, b] = bar.rectangle.outer;
        let overlap = if bar.upright {
            b.min(bottom) as i64 - t.max(top) as i64
        } else {
            r.min(right) as i64 - l.max(left) as i64
        };
        overlap > 0
    };
    let away = |bar: &&Bar| {
        let [l, t, ..] = bar.rectangle.outer;
        if bar.upright { l.abs_diff(right).min(l.abs_diff(left)) } else { t.abs_diff(bottom).min(t.abs_diff(top)) }
    };
    figure.bars.iter().filter(beside).min_by_key(away)
}

pub(crate) fn palette(panel: &Panel, bar: Option<&Bar>) -> Statement<String> {
    let learned = |bar: &Bar| {
        let colours = Colours::new(bar.colours.iter().copied()).unique.len();
        Statement::read(
            "learned".to_owned(),
            BOX,
            format!("{colours} colours of the colour bar, which are no known palette's"),
        )
    };
    let found = match bar {
        Some(bar) => recognise(&Colours::new(bar.colours.iter().copied())).or_else(|_| recognise(&panel.colours)),
        None => recognise(&panel.colours),
    };
    match (found, bar) {
        (Ok(found), bar) => {
            let is_exact = found.exact_share >= 0.9;
            if !is_exact && found.residual > 3.0 && bar.is_some_and(is_plain) {
                return bar.map_or_else(|| Statement::unknown(""), learned);
            }
            let mut name = found.name.value.clone();
            if let Some(bar) = bar {
                name.reversed = is_backwards(&found.table.colours, bar) != name.reversed;
            }
            // Grays that are no palette's own may be any gray palette's.
            let confidence = match (is_exact, panel.colours.are_gray()) {
                (true, false) => BOX,
                // Only a bar tells which end of grays is the loud one.
                (true, true) if !name.gray && bar.is_some() => BOX,
                (false, false) => TO_A_PIXEL,
                _ => COARSE,
            };
            Statement::read(name.to_string(), confidence, found.name.evidence)
        }
        (Err(_), Some(bar)) => learned(bar),
        (Err(error), None) => Statement::unknown(error.to_string()),
    }
}

/// Whether the lines of a bar are of exact colours: it was not compressed.
fn is_plain(bar: &Bar) -> bool {
    Colours::new(bar.colours.iter().copied()).unique.len() <= 256
}

/// Whether a table runs against the bar, from its loud end to its quiet one.
fn is_backwards(table: &[[u8; 3]], bar: &Bar) -> bool {
    // A smeared frame line is mixed into the ends.
    let ends = |colours: &[[u8; 3]]| Some((*colours.get(colours.len() / 10)?, *colours.get(colours.len() * 9 / 10)?));
    let (Some((first, last)), Some((mut low, mut high))) = (ends(table), ends(&bar.colours)) else { return false };
    // Values rise from the bottom up, so against the pixels of an upright bar.
    if bar.axis.axis.is_some_and(|axis| (axis.slope > 0.0) == bar.upright) {
        (low, high) = (high, low);
    }
    let away = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).map(|(&a, b)| u32::from(a.abs_diff(b))).sum::<u32>();
    away(first, low) + away(last, high) > away(first, high) + away(last, low)
}

/// Pixels at the two ends of a bar, of its low values and of its high ones or the other way round; and whether both are seen.
///
/// An end as bright as the page is not told from it: where the bar's other end is level with the panel's, as matplotlib draws
/// them (`colorbar` with `shrink=1`), so is this one.
fn ends_px(figure: &Figure, panel: &Panel, bar: &Bar) -> (f64, f64, bool) {
    let along = |[left, top, right, bottom]: [f64; 4]| if bar.upright { (top, bottom) } else { (left, right) };
    let (first, last) = along(bar.rectangle.edges(figure.size, figure.dpi));
    let (begin, end) = along(panel.rectangle.edges(figure.size, figure.dpi));
    let is_level = |a: f64, b: f64| (a - b).abs() <= LEVEL_PX;
    match (is_level(first, begin), is_level(last, end)) {
        (true, true) => (begin, end, true),
        // More than a quarter of a bar is not of one colour.
        (false, true) if first > begin && first - begin <= HIDDEN_SHARE * (end - begin) => (begin, end, true),
        (true, false) if last < end && end - last <= HIDDEN_SHARE * (end - begin) => (begin, end, true),
        _ => {
            let is_paper = |colour: Option<&[u8; 3]>| {
                colour.is_some_and(|colour| colour.iter().zip(figure.background).all(|(&a, b)| a.abs_diff(b) <= PAPER))
            };
            (first, last, !is_paper(bar.colours.first()) && !is_paper(bar.colours.last()))
        }
    }
}

/// `is_foreign` says of a bar that is left out that it is another's.
pub(crate) fn levels(figure: &Figure, panel: &Panel, bar: Option<&Bar>, is_foreign: bool) -> Statement<LevelEnds> {
    let Some(bar) = bar else {
        return Statement::unknown(if is_foreign {
            "the colour bar beside it has other colours than the data: it is of something else"
        } else {
            "no colour bar was found"
        });
    };
    let Some(axis) = bar.axis.axis else { return Statement::unknown("the colour bar's labels could not be read") };
    let (from, to, are_seen) = ends_px(figure, panel, bar);
    let end = |px: f64| {
        let near = bar.axis.labelled.iter().find(|tick| (tick.tick.at - px).abs() <= 1.0);
        let value = near.map(|tick| tick.label.value).filter(|&value| (axis.px(value) - px).abs() <= 1.0);
        value.unwrap_or_else(|| axis.value(px))
    };
    let (low, high) = (end(from).min(end(to)), end(from).max(end(to)));
    let said = bar.axis.unit == Some(Unit::Db) || quantity(bar.axis.title.as_deref()) == Quantity::Decibels;
    let evidence = format!("{} of {} labels of the colour bar lie on one line", axis.fitting, axis.of);
    let untold = format!("{evidence}, from {low:.3} to {high:.3}, but nothing says what they count");
    // Decibels under the loudest end at 0, magnitudes and powers begin there.
    if !said && high > 0.0 && low.abs() <= AT_ZERO * high {
        return Statement::assumed(LevelEnds { scale: "linear", low: 0.0, high, reference: None }, COARSE, untold);
    }
    if said || (low < 0.0 && high - low >= DB_SPAN) {
        let reference = if high.abs() < 0.5 { Some("max") } else { None };
        let are_decibels = said || low <= -40.0 || high - low >= 60.0;
        let confidence = if are_decibels && are_seen { 0.93 } else { COARSE };
        return Statement::read(LevelEnds { scale: "db", low, high, reference }, confidence, evidence);
    }
    Statement::unknown(untold)
}
