//! The cells of a panel, as far as axes and pixels tell them.

use super::boxes::Rectangle;
use photophone_spectrum::FrequencyScale;

use super::chances::COARSE;
use super::changes::{Changes, Explained};
use super::cut::NARROWEST_PX;
use super::figure::ReadSide;
use super::fit::Axis;
use super::hertz_axis::HertzAxis;
use super::lattice::{Found, Frames, cell_of_line, frames, kind_said, rows_on_axis, uniform_rows};
use super::rows::{Kind, Outer, Rows, Wholeness, uniform};
use super::statement::{Statement, TimeEnds};
use super::words::{Quantity, quantity};

/// Chance that cells are right that explain every change of lines, and that an axis counts.
const EXPLAINED: f64 = 0.95;
const COUNTED: f64 = 0.9;
/// The same where nothing tells whether the first frame is that of a sound, or the rows all there are.
const BEGINS_UNTOLD: f64 = 0.65;
/// Hops that are used, in samples: powers of two, and hundredths and half hundredths of a second at common rates.
const HOPS: [usize; 22] =
    [512, 256, 1024, 128, 2048, 64, 160, 200, 220, 221, 240, 300, 320, 400, 441, 480, 100, 80, 110, 600, 800, 882];
/// Sample rates, where the frequencies do not tell.
const RATES: [u32; 6] = [22050, 16000, 44100, 48000, 24000, 8000];
/// How far a tick may be from its place, in pixels.
const TICK_PX: f64 = 0.5;
/// Periods this near to each other are one, as a part of them.
const ALIKE: f64 = 0.0005;
/// How far the first edge may be from where frames begin, in pixels.
const BEGIN_PX: f64 = 0.6;
/// How far the ends of an axis of numbers may be from a cell's, in pixels and in cells.
const BEYOND_PX: f64 = 0.7;
const WITHIN: f64 = 0.35;
/// Fewest cells that an axis of numbers counts: fewer are ticks of anything.
const FEWEST: f64 = 12.0;

/// Rows and frames of a panel.
#[derive(Clone, Debug)]
pub(crate) struct PanelCells {
    pub(crate) rows: Option<Found<Rows>>,
    /// Whether all rows are shown.
    pub(crate) wholeness: Wholeness,
    pub(crate) frames: Option<Found<Frames>>,
    /// Rows and columns as axes of numbers count them.
    counted: (Option<usize>, Option<usize>),
    /// Scale's places to pixels, of the axis of frequencies.
    hz: Option<Axis>,
    /// Whether they are what the user says.
    is_given: bool,
}

/// What is known of how a box was drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// Rows and frames, and the sample rate, as the user says.
    pub(crate) cells: Option<[usize; 2]>,
    pub(crate) rate: Option<u32>,
    /// How far its edges may be from where they are read, in pixels.
    pub(crate) off_px: f64,
    /// Whether matplotlib is older than 3.5, with which meshes may end at the centres of their outermost rows.
    pub(crate) is_old: bool,
}

impl PanelCells {
    pub(crate) fn find(
        raster: &crate::raster::Raster,
        rectangle: &Rectangle,
        [left, top, right, bottom]: [f64; 4],
        hz: Option<&HertzAxis>,
        (up, across): (&ReadSide, &ReadSide),
        drawn: Drawn,
    ) -> Self {
        let changes = Changes::of(raster, rectangle, true);
        let rows = match hz {
            Some(hz) => {
                let mut rates: Vec<u32> = hz.ends.iter().map(|ends| ends.rate).collect();
                rates.dedup();
                let rates = drawn.rate.map_or(rates, |rate| vec![rate]);
                rows_on_axis(&changes, &hz.axis, &rates, hz.from_px, hz.to_px)
            }
            None => uniform_rows(&changes, top, bottom),
        };
        let rows = match drawn.cells {
            Some([count, _]) => {
                rows.filter(|rows| rows.cells.count() == count).or(Some(told(uniform(count), bottom, top)))
            }
            None => rows,
        };
        let frames = match drawn.cells {
            Some([_, count]) => {
                let period_px = (right - left) / count as f64;
                let edges_px = (0..=count).map(|frame| left + frame as f64 * period_px).collect();
                Some(told(Frames { whole: Some(count), edges_px, period_px }, left, right))
            }
            None => frames(&Changes::of(raster, rectangle, false), left, right),
        };
        let counted = (counted(up, bottom, top), counted(across, left, right));
        let wholeness = rows.as_ref().zip(hz).map_or(Wholeness::Whole, |(rows, hz)| {
            match rows.cells.wholeness(&hz.axis, hz.from_px, hz.to_px, drawn.off_px) {
                Wholeness::Untold if drawn.is_old || drawn.rate.is_some() => Wholeness::Whole,
                found => found,
            }
        });
        let is_given = drawn.cells.is_some();
        let wholeness = if is_given { Wholeness::Whole } else { wholeness };
        Self { rows, wholeness, frames, counted, hz: hz.map(|hz| hz.axis), is_given }
    }

    /// Whether the axis below the columns counts these.
    pub(crate) fn counts_columns(&self) -> bool {
        self.counted.1.is_some()
    }

    /// How the outermost edges of the rows lie, where the rows are known.
    pub(crate) fn outer(&self) -> Option<Outer> {
        self.rows.as_ref().and_then(|rows| rows.cells.outer)
    }

    /// Rows and frames, where both are known and nothing contradicts them.
    ///
    /// `begins` says whether the axis of times begins where a sound does, if it tells.
    pub(crate) fn said(&self, begins: Option<bool>) -> Statement<[usize; 2]> {
        if self.wholeness == Wholeness::Cut {
            return Statement::unknown("the axis of frequencies shows a part of the rows");
        }
        if self.frames.as_ref().is_some_and(|frames| frames.cells.whole.is_none()) {
            return Statement::unknown("the axis of times shows a part of the frames");
        }
        let rows = self.rows.as_ref().map(|rows| (rows.cells.count(), rows.cells.kind));
        let frames = self.frames.as_ref().and_then(|frames| frames.cells.whole);
        let either = |seen: Option<usize>, counted: Option<usize>| match (seen, counted) {
            (Some(seen), Some(counted)) if seen != counted => None,
            (seen, counted) => seen.or(counted),
        };
        let (counted_rows, counted_frames) = self.counted;
        match (either(rows.map(|rows| rows.0), counted_rows), either(frames, counted_frames)) {
            (Some(rows_said), Some(frames_said)) => {
                let kind = rows.map_or("rows, which the axis counts", |rows| kind_said(rows.1));
                let is_seen = rows.is_some() && frames.is_some();
                let evidence =
                    format!("{rows_said} {kind} and {frames_said} frames explain which lines of pixels differ");
                let confidence = match (self.wholeness, is_seen) {
                    (Wholeness::Untold, _) => COARSE,
                    _ if self.may_be_cut() => COARSE,
                    // Nor does anything tell whether equally high rows fill the box.
                    _ if rows.is_some_and(|rows| rows.1 == Kind::Uniform) && counted_rows.is_none() => BEGINS_UNTOLD,
                    // Any axis of times may be a zoom that cells happen to fill.
                    _ if begins != Some(true) && counted_frames.is_none() => BEGINS_UNTOLD,
                    (_, true) => EXPLAINED,
                    (_, false) => COUNTED,
                };
                Statement::read([rows_said, frames_said], confidence, evidence)
            }
            (None, Some(frames)) => Statement::unknown(format!(
                "{frames} frames, but there are as many rows as pixels or more: give `transform`"
            )),
            (Some(rows), None) => {
                Statement::unknown(format!("{rows} rows, but there are as many frames as pixels or more: give `cells`"))
            }
            (None, None) => Statement::unknown("lines of pixels all differ, or differ as no cells do: give `cells`"),
        }
    }

    /// Whether rows that no axis places are too low to tell whether the box ends where they do.
    fn may_be_cut(&self) -> bool {
        self.rows.as_ref().filter(|rows| rows.cells.kind == Kind::Uniform).is_some_and(|rows| {
            let height = (rows.explained.to_px - rows.explained.from_px).abs();
            height < NARROWEST_PX * rows.cells.count() as f64
        })
    }

    /// The row of the matrix that each row of pixels inside the frame line shows.
    pub(crate) fn bin_of_row(&self, rectangle: &Rectangle) -> Vec<usize> {
        let Some(rows) = self.placed_rows() else { return Vec::new() };
        let places = match self.hz.filter(|_| rows.cells.kind != Kind::Uniform) {
            Some(axis) => rows.cells.places(axis.scale),
            None => rows.cells.edges_hz.clone(),
        };
        let edges = spread(&places, rows.explained.from_px, rows.explained.to_px);
        let [_, top, _, bottom] = rectangle.inner();
        cell_of_line(&edges, top, bottom + 1 - top)
    }

    /// Rows whose places are known: a transform's on its axis, or as many equally high ones as are given, which no axis with a
    /// linear part has.
    fn placed_rows(&self) -> Option<&Found<Rows>> {
        let is_even = !self.hz.is_some_and(|axis| matches!(axis.scale, FrequencyScale::Symlog { .. }));
        let is_placed = |rows: &&Found<Rows>| match rows.cells.kind {
            Kind::Uniform => self.is_given && is_even,
            _ => self.hz.is_some(),
        };
        self.rows.as_ref().filter(is_placed)
    }

    /// The frequency of each row, in Hz; empty where it is not known.
    pub(crate) fn row_hz(&self) -> Vec<f64> {
        let (Some(rows), Some(axis)) = (self.placed_rows(), self.hz) else { return Vec::new() };
        if rows.cells.kind != Kind::Uniform {
            return rows.cells.centres_hz.clone();
        }
        let edges = spread(&rows.cells.edges_hz, rows.explained.from_px, rows.explained.to_px);
        edges.windows(2).map(|pair| axis.value(f64::midpoint(pair[0], pair[1]))).collect()
    }

    /// The time of each frame's middle, in seconds, on an axis with these ends; empty where frames are not known.
    pub(crate) fn frame_s(&self, [left, _, right, _]: [f64; 4], ends: Option<TimeEnds>) -> Vec<f64> {
        let (Some(frames), Some(TimeEnds { low_s, high_s })) = (&self.frames, ends) else { return Vec::new() };
        if let Some(whole) = frames.cells.whole {
            return (0..whole).map(|frame| low_s + (frame as f64 + 0.5) / whole as f64 * (high_s - low_s)).collect();
        }
        let middles = frames.cells.edges_px.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
        middles.map(|px| low_s + (px - left) / (right - left) * (high_s - low_s)).collect()
    }

    /// The frame that each column of pixels inside the frame line shows.
    pub(crate) fn frame_of_column(&self, rectangle: &Rectangle) -> Vec<usize> {
        let Some(frames) = &self.frames else { return Vec::new() };
        let [left, _, right, _] = rectangle.inner();
        cell_of_line(&frames.cells.edges_px, left, right + 1 - left)
    }
}

/// Cells between two pixels that the user says.
fn told<T>(cells: T, from_px: f64, to_px: f64) -> Found<T> {
    let explained = Explained { likelihood: 0.0, share: 1.0, seen: 1.0, inside: 0, from_px, to_px };
    Found { cells, explained, lead: 0.0 }
}

/// Pixels of places, the first and the last at two pixels.
fn spread(places: &[f64], from_px: f64, to_px: f64) -> Vec<f64> {
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return Vec::new() };
    places.iter().map(|place| from_px + (place - first) * (to_px - from_px) / (last - first)).collect()
}

/// How many cells an axis of whole numbers counts: from half before the first to half beyond the last, or from 0.
fn counted(side: &ReadSide, from_px: f64, to_px: f64) -> Option<usize> {
    let axis = side.axis?;
    let (low, high) = (axis.value(from_px), axis.value(to_px));
    let (low, high) = (low.min(high), low.max(high));
    let is_index = match quantity(side.title.as_deref()) {
        Quantity::Index => true,
        // `imshow` without an extent has its first cell's middle at 0.
        Quantity::Untold => (low + 0.5).abs() < 0.25,
        _ => false,
    };
    let whole = side.labelled.iter().all(|tick| tick.label.value.fract() == 0.0 && tick.label.unit.is_none());
    if !is_index || !whole {
        return None;
    }
    let px = (axis.value(from_px + BEYOND_PX) - axis.value(from_px)).abs();
    let near = px.min(WITHIN);
    let count = high - low;
    let begins = (low + 0.5).abs() <= near.max(px.min(1.0)) || low.abs() <= near;
    if !begins || count < FEWEST {
        return None;
    }
    if px <= WITHIN {
        return ((count - count.round()).abs() <= near).then_some(count.round() as usize);
    }
    // Where a pixel is more than a cell, it is an STFT's number of bins or none is told.
    (6..=13).map(|power| (1usize << power) + 1).find(|&bins| (bins as f64 - count).abs() <= 2.0 * px)
}

/// Times of frames that are a hop apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Framed {
    pub(crate) low_s: f64,
    pub(crate) high_s: f64,
    pub(crate) hop: usize,
    pub(crate) rate: u32,
    /// Whether the axis begins where a sound's first frame does.
    pub(crate) begins: bool,
}

/// The times at the edges of an axis as its ticks tell them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TickedTimes {
    pub(crate) low_s: f64,
    pub(crate) high_s: f64,
    /// Width of the axis, in pixels.
    pub(crate) width: f64,
    /// From the first to the last tick, in pixels: what ticks are off by grows beyond them.
    pub(crate) span: f64,
}

/// The times at the edges of frames, where the hop between them is one that is used, or the one given, and no other is as near.
///
/// The first frame is centred on 0 where rows go half a row beyond their centres, and begins there where they do not (librosa
/// from 0.9 on, and before). Where the axis shows a part of the frames, its ends are as the ticks tell them.
pub(crate) fn framed(
    times: TickedTimes,
    frames: &Frames,
    (rate, hop): (Option<u32>, Option<usize>),
    outer: Option<Outer>,
) -> Option<Framed> {
    let TickedTimes { low_s, high_s, width, span } = times;
    let s_a_px = (high_s - low_s) / width;
    let off_px = 2.0 * TICK_PX * (width / span.max(1.0)).max(1.0);
    let count = frames.whole.map_or(width / frames.period_px, |whole| whole as f64);
    let period = (high_s - low_s) / count;
    let known = rate.map_or_else(|| RATES.to_vec(), |rate| vec![rate]);
    let hops = hop.map_or_else(|| HOPS.to_vec(), |hop| vec![hop]);
    let all = hops.into_iter().flat_map(|hop| known.iter().map(move |&rate| (rate, hop)));
    let hop_s = |(rate, hop): (u32, usize)| hop as f64 / f64::from(rate);
    let near: Vec<(u32, usize)> = all.filter(|&of| (hop_s(of) - period).abs() * count <= off_px * s_a_px).collect();
    let &(rate, hop) = near.first()?;
    let hop_s = hop_s((rate, hop));
    if near.iter().any(|&(rate, hop)| (hop as f64 / f64::from(rate) / hop_s - 1.0).abs() > ALIKE) {
        return None;
    }
    if frames.whole.is_none() {
        return Some(Framed { low_s, high_s, hop, rate, begins: false });
    }
    let off = |begin: f64| (begin - low_s).abs() / s_a_px;
    let (centred, at_zero) = (-hop_s / 2.0, 0.0);
    let begin = match outer {
        Some(Outer::Beyond) => Some(centred).filter(|&begin| off(begin) <= off_px.min(off(at_zero))),
        Some(Outer::AtCentres) => Some(at_zero).filter(|&begin| off(begin) <= off_px.min(off(centred))),
        None if off(centred).max(off(at_zero)) <= BEGIN_PX => return None,
        None => [centred, at_zero].into_iter().find(|&begin| off(begin) <= BEGIN_PX),
    };
    let begins = begin.is_some();
    let low_s = begin.unwrap_or(low_s);
    Some(Framed { low_s, high_s: low_s + count * hop_s, hop, rate, begins })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hop_is_told_by_the_period_unless_another_is_as_near() {
        let (low, high) = (-256.0 / 22050.0, 64.5 * 512.0 / 22050.0);
        let of = |low_s: f64, high_s: f64, width: f64| TickedTimes { low_s, high_s, width, span: 0.7 * width };
        let whole = |count: usize| Frames { whole: Some(count), edges_px: Vec::new(), period_px: 0.0 };
        let found =
            framed(of(low + 0.001, high - 0.003, 268.0), &whole(65), (None, None), Some(Outer::Beyond)).unwrap();
        assert_eq!((found.hop, found.rate, found.begins), (512, 22050, true));
        assert!((found.low_s - low).abs() < 1e-9 && (found.high_s - high).abs() < 1e-9);
        // A hundredth of a second at 16 kHz, or 221 samples at 22.05 kHz.
        assert_eq!(framed(of(0.0, 3.0, 320.0), &whole(300), (None, None), None), None);
        let of_16_khz = framed(of(0.0, 3.0, 320.0), &whole(300), (Some(16000), None), Some(Outer::AtCentres));
        assert_eq!(of_16_khz.map(|found| found.hop), Some(160));
        // A zoom from 1 s to 2 s has its own ends, and the hop.
        let part = Frames { whole: None, edges_px: Vec::new(), period_px: 400.0 * 512.0 / 22050.0 };
        let found = framed(of(1.0, 2.0, 400.0), &part, (Some(22050), None), Some(Outer::Beyond)).unwrap();
        assert_eq!((found.low_s, found.high_s, found.hop, found.begins), (1.0, 2.0, 512, false));
    }
}
