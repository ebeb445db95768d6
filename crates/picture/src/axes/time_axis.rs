//! The axis of times: what it says of the times at the edges and of the hop.

use super::cells::{Framed, PanelCells, TickedTimes, framed};
use super::chances::{COARSE, EDGE_PX, FINE, OF_TRANSFORM, TO_A_PIXEL};
use super::figure::ReadSide;
use super::fit::TOLERANCE_PX;
use super::label::Unit;
use super::statement::{Statement, TimeEnds};
use super::words::{Quantity, quantity};

/// Longest time that is counted in plain seconds, mostly.
const LONGEST_PLAIN_S: f64 = 120.0;

/// Times at the edges, and how far the frames are apart; `rate` and `hop` are known where they are not `None`.
pub(crate) fn time(
    [left, _, right, _]: [f64; 4],
    side: &ReadSide,
    cells: &PanelCells,
    (rate, hop): (Option<u32>, Option<usize>),
    off_px: f64,
) -> (Statement<TimeEnds>, Option<Framed>) {
    let Some(axis) = side.axis else {
        return (Statement::unknown(format!("no axis of times was read ({}): give `duration`", side.untold())), None);
    };
    let factor = match (side.unit, quantity(side.title.as_deref())) {
        (Some(Unit::Seconds), _) => Some((1.0, TO_A_PIXEL)),
        // Frames, too, are numbered below the word.
        (None, Quantity::Time(factor)) if axis.value(right) > LONGEST_PLAIN_S => Some((factor, COARSE)),
        (None, Quantity::Time(factor)) => Some((factor, TO_A_PIXEL)),
        // Numbers that begin half before 0 count columns, and so do large ones without a word.
        (None, Quantity::Untold) if cells.counts_columns() || axis.value(right) > LONGEST_PLAIN_S => None,
        (None, Quantity::Untold) => Some((1.0, COARSE)),
        _ => None,
    };
    let Some((factor, confidence)) = factor else {
        return (
            Statement::unknown("the axis below the columns does not say that it counts time: give `duration`"),
            None,
        );
    };
    let evidence = format!("{} of {} labels lie on one line", axis.fitting, axis.of);
    let (low_s, high_s) = (factor * axis.value(left), factor * axis.value(right));
    let s_a_px = (high_s - low_s) / (right - left);
    let (first, last) = first_and_last(side);
    // Of an axis that runs to the left the times rise from its right edge on.
    let is_mirrored = low_s > high_s;
    let (first_s, last_s) = if is_mirrored { (high_s, low_s) } else { (low_s, high_s) };
    let ticked = TickedTimes { low_s: first_s, high_s: last_s, width: right - left, span: last - first };
    // Of frames that are no hop apart at the rate that the axis beside them ends as, either is misread.
    let framed = cells.frames.as_ref().and_then(|frames| framed(ticked, &frames.cells, (rate, hop), cells.outer()));
    if let Some(Framed { low_s, high_s, hop, rate: of, begins: true }) = framed {
        let evidence = format!("{evidence}, and the frames are {hop} samples apart at {of} Hz");
        let (low_s, high_s) = if is_mirrored { (high_s, low_s) } else { (low_s, high_s) };
        return (Statement::read(TimeEnds { low_s, high_s }, confidence.max(OF_TRANSFORM), evidence), framed);
    }
    let is_fine = off_px * s_a_px.abs() <= FINE * (high_s - low_s).abs()
        && axis.fitting >= 4
        && axis.tolerance_px <= TOLERANCE_PX;
    let confidence = if is_fine { confidence } else { confidence.min(COARSE) };
    let ticks: Vec<(f64, f64)> = side.fitting().map(|(px, value)| (px, value * factor)).collect();
    let at_edge = |px: f64, read: f64| {
        let there = ticks.iter().find(|tick| (tick.0 - px).abs() <= EDGE_PX + 0.2);
        there.map_or(read, |tick| tick.1)
    };
    let ends = TimeEnds { low_s: at_edge(left, low_s), high_s: at_edge(right, high_s) };
    (Statement::read(ends, confidence, evidence), framed)
}

/// The first and the last pixel of the ticks that lie on an axis.
fn first_and_last(side: &ReadSide) -> (f64, f64) {
    side.fitting().fold((f64::INFINITY, f64::NEG_INFINITY), |ends, (px, _)| (ends.0.min(px), ends.1.max(px)))
}
