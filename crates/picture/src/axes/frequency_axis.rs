//! What the axis of frequencies and the rows say of the frequencies at the edges and of the sample rate.

use photophone_spectrum::FrequencyScale;

use super::cells::PanelCells;
use super::chances::{COARSE, EDGE_PX, FINE, OF_TRANSFORM, TO_A_PIXEL};
use super::fit::TOLERANCE_PX;
use super::hertz_axis::HertzAxis;
use super::lattice::kind_said;
use super::rows::{Kind, Wholeness};
use super::statement::{FrequencyEnds, Statement};

/// A quarter of a constant-Q bin, of 36 in an octave, in octaves.
const QUARTER_BIN: f64 = 0.25 / 36.0;
/// Chance that an axis ends at half a sample rate and not at a zoom's round number.
const BY_END: f64 = 0.65;

/// The frequencies at the edges, and the sample rate.
pub(crate) fn frequency(
    hz: &Result<HertzAxis, String>,
    cells: &PanelCells,
    off_px: f64,
) -> (Statement<FrequencyEnds>, Statement<u32>) {
    let HertzAxis { axis, from_px, to_px, ends: all, evidence, ticks: hz_ticks } = match hz {
        Ok(hz) => hz,
        Err(why) => return (Statement::unknown(why), Statement::unknown(why)),
    };
    let said = |low_hz, high_hz| FrequencyEnds { scale: axis.scale, low_hz, high_hz };
    let is_rows = |kind: Kind| !matches!(kind, Kind::Uniform | Kind::StftPart { .. });
    if let Some(rows) = cells.rows.as_ref().map(|rows| &rows.cells).filter(|rows| is_rows(rows.kind))
        && cells.wholeness != Wholeness::Cut
    {
        let evidence = format!("{evidence}, and the rows are those of {} {}", rows.count(), kind_said(rows.kind));
        let is_whole = cells.wholeness == Wholeness::Whole;
        // What half a row changes may be too little to matter.
        let half_row = (rows.high_hz() - rows.outermost_hz()[1]).max(rows.outermost_hz()[0] - rows.low_hz());
        let is_fine = is_whole || half_row <= FINE * rows.high_hz();
        let rate = match rows.kind {
            Kind::Stft { rate, .. } => {
                Statement::read(rate, if is_whole { OF_TRANSFORM } else { BY_END }, evidence.clone())
            }
            _ => Statement::unknown("the rows do not tell the sample rate"),
        };
        let confidence = if is_fine { OF_TRANSFORM } else { COARSE };
        return (Statement::read(said(rows.low_hz(), rows.high_hz()), confidence, evidence), rate);
    }
    let is_banded =
        cells.rows.as_ref().is_some_and(|rows| matches!(rows.cells.kind, Kind::Mel { .. } | Kind::Cqt { .. }));
    if let Some(ends) = all.first().filter(|_| !is_banded) {
        let evidence = format!("{evidence}, and it ends as the frequencies of sounds at {} Hz do", ends.rate);
        // An axis may be cut at any round number, and at a quarter of a sample rate.
        let rate = Statement::read(ends.rate, by_end(ends.rate), evidence.clone());
        let is_one = all.iter().all(|other| (other.high - ends.high).abs() <= FINE * ends.high);
        let confidence = if is_one { OF_TRANSFORM } else { COARSE };
        return (Statement::read(said(ends.low, ends.high), confidence, evidence), rate);
    }
    let (low, high) = (at_edge(axis, hz_ticks, *from_px), at_edge(axis, hz_ticks, *to_px));
    let hz_a_px = (high - axis.value(to_px + (from_px - to_px).signum())).abs();
    // Rows a note apart and finer are told from each other by a quarter of one.
    let octaves_a_px = (axis.value(*from_px - (from_px - to_px).signum()) / axis.value(*from_px)).log2().abs();
    let is_of_notes = axis.scale == FrequencyScale::Log && is_banded && off_px * octaves_a_px <= QUARTER_BIN;
    let is_fine = off_px * hz_a_px <= FINE * high && axis.tolerance_px <= TOLERANCE_PX;
    let confidence = if is_of_notes || is_fine { TO_A_PIXEL } else { COARSE };
    let why = "the axis does not end at half a sample rate";
    (Statement::read(said(low, high), confidence, evidence.clone()), Statement::unknown(why))
}

/// Chance that a sample rate is right whose half an axis ends at, of which no row is seen: no sound has twice the highest rates.
fn by_end(rate: u32) -> f64 {
    match rate {
        44100 | 48000 | 88200 | 96000 | 192_000 => OF_TRANSFORM,
        22050 => BY_END,
        _ => COARSE,
    }
}

/// The value at an edge: that of the tick there, if one is, as an axis cut at a round number has.
fn at_edge(axis: &super::fit::Axis, ticks: &[(f64, f64)], edge_px: f64) -> f64 {
    let there = ticks.iter().find(|tick| (tick.0 - edge_px).abs() <= EDGE_PX + 0.2);
    there.map_or_else(|| axis.value(edge_px), |tick| tick.1)
}
