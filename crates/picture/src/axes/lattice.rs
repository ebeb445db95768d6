//! The cells of a panel: hypotheses of rows and frames, decided by the lines of pixels that differ.

use photophone_spectrum::{FrequencyScale, MelScale};

use super::changes::{Changes, Explained};
use super::cut::cut;
use super::fit::Axis;
use super::rows::{Kind, Rows, bins_hz, cqts, mels, stft_part, stfts, uniform};

/// Share of the changes that the cells have to explain.
const EXPLAINED: f64 = 0.95;
/// Share of the ends of cells at which lines have to differ: silence hides some.
const SEEN: f64 = 0.5;
/// Fewest pairs of lines of one cell, and their share: without any every number of cells explains all.
const INSIDE: (usize, f64) = (8, 0.03);
/// By how much the logarithm of the likelihood of other cells has to be less: e^-8 is 1 in 3000.
const LEAD: f64 = 8.0;
/// Sample rates, and upper ends of banks of mel filters in Hz, of pictures without axes.
pub(crate) const BARE_RATES: [u32; 5] = [22050, 44100, 16000, 48000, 24000];
const BARE_TOPS: [f64; 7] = [11025.0, 8000.0, 22050.0, 24000.0, 12000.0, 4000.0, 10000.0];
/// Hypotheses that are looked at to a tenth of a pixel.
const FINALISTS: usize = 12;
/// How far the edges of rows may be from those of the box, in pixels.
const AT_EDGE_PX: f64 = 1.0;

/// Cells that explain the changes.
#[derive(Clone, Debug)]
pub(crate) struct Found<T> {
    pub(crate) cells: T,
    pub(crate) explained: Explained,
    /// By how much the logarithm of the likelihood of another number of cells is less.
    pub(crate) lead: f64,
}

/// Frames, as columns of pixels show them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frames {
    /// How many there are; `None` where the box shows a part of them.
    pub(crate) whole: Option<usize>,
    /// Where each ends, in pixels.
    pub(crate) edges_px: Vec<f64>,
    pub(crate) period_px: f64,
}

/// The equally wide frames between two edges; `None` where the columns do not tell.
pub(crate) fn frames(changes: &Changes, from_px: f64, to_px: f64) -> Option<Found<Frames>> {
    let most = (to_px - from_px) as usize;
    let whole = best(changes, (4..=most).map(uniform).collect(), |rows| rows.edges_hz.clone(), from_px, to_px);
    let is_unlike = |explained: &Explained| {
        let whole = whole.as_ref().map_or(f64::NEG_INFINITY, |whole| whole.explained.likelihood);
        whole < explained.likelihood + LEAD
    };
    let cut = cut(changes, from_px, to_px).filter(|cut| is_acceptable(changes, &cut.explained));
    if let Some(cut) = cut.filter(|cut| is_unlike(&cut.explained)) {
        let cells = Frames { whole: None, edges_px: cut.edges(to_px), period_px: cut.period_px };
        return Some(Found { cells, explained: cut.explained, lead: LEAD });
    }
    whole.map(|Found { cells: rows, explained, lead }| {
        let count = rows.count();
        let period_px = (explained.to_px - explained.from_px) / count as f64;
        let edges_px = (0..=count).map(|frame| explained.from_px + frame as f64 * period_px).collect();
        Found { cells: Frames { whole: Some(count), edges_px, period_px }, explained, lead }
    })
}

/// The rows on an axis of frequencies; `None` where the lines do not tell. `rates` are the sample rates that the axis may end
/// at half of. Rows of an STFT that the axis cuts are told, too.
pub(crate) fn rows_on_axis(
    changes: &Changes,
    axis: &Axis,
    rates: &[u32],
    from_px: f64,
    to_px: f64,
) -> Option<Found<Rows>> {
    let fits = |low: f64, high: f64| {
        (axis.px(low) - from_px).abs() <= AT_EDGE_PX && (axis.px(high) - to_px).abs() <= AT_EDGE_PX
    };
    let (low, high) = (axis.value(from_px), axis.value(to_px));
    let all: Vec<Rows> = match axis.scale {
        FrequencyScale::LIBROSA_MEL => mels(MelScale::Slaney, fits),
        FrequencyScale::Log => cqts(low, high, 12.0 * (high / low).log2() / (to_px - from_px).abs()),
        _ => {
            let whole = rates.iter().flat_map(|&rate| stfts(rate)).filter(|rows| fits(rows.low_hz(), rows.high_hz()));
            whole.chain(bins_hz().into_iter().filter_map(|bin_hz| stft_part(bin_hz, low, high))).collect()
        }
    };
    best(changes, all, |rows| rows.places(axis.scale), from_px, to_px)
}

/// The number of equally high rows between two edges, from the upper one on.
pub(crate) fn uniform_rows(changes: &Changes, from_px: f64, to_px: f64) -> Option<Found<Rows>> {
    let found = frames(changes, from_px, to_px)?;
    let cells = uniform(found.cells.whole?);
    Some(Found { cells, explained: found.explained, lead: found.lead })
}

/// Rows on an axis that nothing tells of: equally high, or those that librosa draws on its own axes; with the scale.
pub(crate) fn rows_without_axis(changes: &Changes, from_px: f64, to_px: f64) -> Option<(Found<Rows>, FrequencyScale)> {
    if let Some(found) = uniform_rows(changes, to_px, from_px) {
        return Some((found, FrequencyScale::Linear));
    }
    let of_log = || BARE_RATES.iter().flat_map(|&rate| stfts(rate)).collect();
    let is_common = |fmin: f64, fmax: f64| BARE_TOPS.iter().any(|&top| fmin <= 0.0 && fmax >= top && fmax < 1.07 * top);
    let families: [(Vec<Rows>, FrequencyScale); 2] =
        [(of_log(), FrequencyScale::LIBROSA_LOG), (mels(MelScale::Slaney, is_common), FrequencyScale::LIBROSA_MEL)];
    let found = families.into_iter().filter_map(|(all, scale)| {
        best(changes, all, |rows| rows.places(scale), from_px, to_px).map(|found| (found, scale))
    });
    found.max_by(|a, b| a.0.explained.likelihood.total_cmp(&b.0.explained.likelihood))
}

/// The cells that explain the changes best, if they explain them and no others do nearly as well.
fn best(
    changes: &Changes,
    all: Vec<Rows>,
    places: impl Fn(&Rows) -> Vec<f64>,
    from_px: f64,
    to_px: f64,
) -> Option<Found<Rows>> {
    if changes.same() < INSIDE.0.max((INSIDE.1 * changes.pairs() as f64) as usize) {
        return None;
    }
    let rough = |rows: Rows| Some((changes.roughly(&places(&rows), from_px, to_px)?.likelihood, rows));
    let mut ranked: Vec<(f64, Rows)> = all.into_iter().filter_map(rough).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.truncate(FINALISTS);
    let fine = |(_, rows): (f64, Rows)| Some((changes.finely(&places(&rows), from_px, to_px)?, rows));
    let mut ranked: Vec<(Explained, Rows)> = ranked.into_iter().filter_map(fine).collect();
    // A stable sort keeps the commonest first among equals.
    ranked.sort_by(|a, b| b.0.likelihood.total_cmp(&a.0.likelihood));
    let (explained, cells) = ranked.first()?.clone();
    let others = ranked.iter().filter(|(_, other)| !other.is_alike(&cells));
    let lead = explained.likelihood - others.map(|other| other.0.likelihood).fold(f64::NEG_INFINITY, f64::max);
    let is_doubled = is_doubled(changes, &places(&cells), &explained);
    (is_acceptable(changes, &explained) && lead >= LEAD && !is_doubled).then_some(Found { cells, explained, lead })
}

/// Whether every other end of these cells explains the changes as well: the cells are twice as many as were drawn.
fn is_doubled(changes: &Changes, places: &[f64], explained: &Explained) -> bool {
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return false };
    let px_a_place = (explained.to_px - explained.from_px) / (last - first);
    let ends: Vec<f64> = places.iter().map(|place| explained.from_px + (place - first) * px_a_place).collect();
    let half = |from: usize| {
        let every_other = ends.iter().skip(from).step_by(2).copied();
        changes.explained_by(every_other, explained.from_px, explained.to_px).likelihood
    };
    half(0).max(half(1)) >= explained.likelihood
}

/// Whether cells explain the changes, and could have failed to.
fn is_acceptable(changes: &Changes, explained: &Explained) -> bool {
    let is_tested = explained.inside >= INSIDE.0.max((INSIDE.1 * changes.pairs() as f64) as usize);
    is_tested && explained.seen >= SEEN && explained.share >= EXPLAINED
}

/// Which cell each line of pixels shows, from pixel `first` on, where cells end at these pixels (rising or falling).
pub(crate) fn cell_of_line(edges_px: &[f64], first: usize, lines: usize) -> Vec<usize> {
    let mut shown = vec![0; lines];
    for (cell, pair) in edges_px.windows(2).enumerate() {
        let (a, b) = ((pair[0] + 0.5).floor(), (pair[1] + 0.5).floor());
        let line = |px: f64| (px - first as f64).clamp(0.0, lines as f64) as usize;
        shown[line(a.min(b))..line(a.max(b))].fill(cell);
    }
    shown
}

/// What is said of the kind of rows.
pub(crate) fn kind_said(kind: Kind) -> &'static str {
    match kind {
        Kind::Stft { .. } | Kind::StftPart { .. } => "bins of an STFT",
        Kind::Mel { .. } => "mel bands",
        Kind::Cqt { .. } => "constant-Q bins",
        Kind::Uniform => "equally high rows",
    }
}

#[cfg(test)]
mod tests {
    use super::super::boxes::Rectangle;
    use super::super::rows::{Outer, stft};
    use super::*;
    use crate::raster::Raster;

    /// A mesh in a box of real edges, drawn as Agg rounds it, with a colour of its own for each cell.
    fn drawn(rows: &Rows, scale: FrequencyScale, frames: usize, edges: [f64; 4]) -> (Raster, Rectangle) {
        let [left, top, right, bottom] = edges;
        let places = rows.places(scale);
        let (low, high) = (places[0], places[places.len() - 1]);
        let y: Vec<f64> = places.iter().map(|place| bottom - (place - low) / (high - low) * (bottom - top)).collect();
        let x: Vec<f64> = (0..=frames).map(|i| left + (right - left) * i as f64 / frames as f64).collect();
        let (width, height) = ((right + 20.0) as usize, (bottom + 20.0) as usize);
        let (row, column) = (cell_of_line(&y, 0, height), cell_of_line(&x, 0, width));
        let raster = Raster::from_fn(width, height, |x, y| {
            let hash = (row[y] * 7919 + column[x] * 104_729) % 251;
            [hash as u8, (hash * 3 % 256) as u8, 60, 255]
        });
        let px = |edge: f64| (edge + 0.5).floor() as usize;
        let outer = [px(left), px(top), px(right) - 1, px(bottom) - 1];
        (raster.unwrap(), Rectangle { outer, line_px: 0, hidden: None })
    }

    #[test]
    fn rows_and_frames_are_told_by_the_lines_that_differ() {
        let rows = stft(22050, 1025, Outer::Beyond);
        let edges = [80.0, 57.6, 476.8, 427.2];
        let (raster, rectangle) = drawn(&rows, FrequencyScale::LIBROSA_LOG, 173, edges);
        let axis = Axis::between(FrequencyScale::LIBROSA_LOG, (427.0, rows.low_hz()), (58.0, rows.high_hz())).unwrap();
        let found = rows_on_axis(&Changes::of(&raster, &rectangle, true), &axis, &[22050], 427.0, 58.0).unwrap();
        assert_eq!(found.cells.kind, Kind::Stft { rate: 22050, n_fft: 2048 });
        let columns = Changes::of(&raster, &rectangle, false);
        assert_eq!(frames(&columns, 80.0, 477.0).unwrap().cells.whole, Some(173));
        assert!(found.explained.share > 0.95 && found.lead >= LEAD);
    }

    #[test]
    fn cells_are_not_taken_for_twice_as_many() {
        let scale = FrequencyScale::LIBROSA_MEL;
        let all = || mels(MelScale::Slaney, |low, high| low <= 0.0 && high > 8000.0 && high < 8300.0);
        let of = |count: usize| all().into_iter().find(|rows| rows.count() == count).unwrap();
        // Every other edge of the narrow rows is one of the wide ones.
        let narrow = of(128);
        let odd = narrow.edges_hz.iter().skip(1).step_by(2).copied();
        let every_other = std::iter::once(narrow.low_hz()).chain(odd).chain([narrow.high_hz()]).collect();
        let wide = Rows { edges_hz: every_other, ..narrow.clone() };
        let (raster, rectangle) = drawn(&wide, scale, 60, [80.0, 57.6, 476.8, 427.2]);
        let changes = Changes::of(&raster, &rectangle, true);
        let explained = changes.finely(&narrow.places(scale), 427.2, 57.6).unwrap();
        assert!(is_acceptable(&changes, &explained), "{explained:?}");
        assert!(best(&changes, vec![narrow], |rows| rows.places(scale), 427.2, 57.6).is_none());
    }

    #[test]
    fn as_many_cells_as_pixels_stay_unknown() {
        let rows = stft(22050, 1025, Outer::Beyond);
        let (raster, rectangle) = drawn(&rows, FrequencyScale::Linear, 400, [80.0, 57.6, 476.8, 427.2]);
        let axis = Axis::between(FrequencyScale::Linear, (427.0, rows.low_hz()), (58.0, rows.high_hz())).unwrap();
        assert!(rows_on_axis(&Changes::of(&raster, &rectangle, true), &axis, &[22050], 427.0, 58.0).is_none());
        assert!(frames(&Changes::of(&raster, &rectangle, false), 80.0, 477.0).is_none());
    }
}
