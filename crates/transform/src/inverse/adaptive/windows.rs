//! Windows for the local spectrum, each where it explains the data best.

use std::f64::consts::PI;

use photophone_spectrum::Plane;

use super::frame::TightFrame;
use crate::analysis::Analysis;

/// Length of the usual window in seconds: long enough to tell the partials of a voice of 80 Hz apart, short enough that speech
/// stands still. 2048 samples at 44.1 kHz.
pub(super) const USUAL_SECS: f64 = 0.046_439_9;

/// A window for partials that stand still longer. Four times the usual one would give chords 2.5 dB more, and takes 1.5 to 7
/// dB from bells and plucked notes.
const LONGER_SECS: f64 = 2.0 * USUAL_SECS;

/// Most samples of a window, whatever the rate is said to be: 46 ms at 1.4 MHz.
const MOST_SAMPLES: f64 = 65_536.0;

/// Hops from which a window tells a partial from its aliases, which are a frame rate apart: as wide is a Hann window's
/// main lobe then. 46 ms at 44.1 kHz and a hop of 512.
const TELLING_HOPS: f64 = 4.0;

/// Frames from which a signal holds four such windows end to end: fewer teach nothing of its local spectrum.
pub(super) const LEAST_FRAMES: usize = 16;

/// Windows of a length that a signal has to hold end to end.
const LEAST_WINDOWS: f64 = LEAST_FRAMES as f64 / TELLING_HOPS;

/// Octaves to either side over which cells tell of a place.
const REACH_OCTAVES: f64 = 0.5;

/// By how much a cell has to be less of a surprise, on average, for a window that is not the usual one: longer windows fit
/// what they were learnt from more closely. `cargo xtask sweep longer-window`.
const ADVANTAGE: f64 = 0.1;

/// A share below which a window is left out.
const LEAST_SHARE: f64 = 0.03;

/// A window and the share that each place of its local spectrum, frames by bins, has of the prior.
pub(super) struct Window {
    pub(super) frame: TightFrame,
    pub(super) shares: Plane<f64>,
}

impl Window {
    /// One that has all.
    pub(super) fn alone(frame: TightFrame) -> Self {
        let (frames, bins) = frame.shape();
        Self { frame, shares: Plane::filled(frames, bins, 1.0) }
    }
}

/// The usual window's frame for the signals of a plan.
pub(super) fn usual(plan: &dyn Analysis) -> TightFrame {
    frame(plan, USUAL_SECS)
}

/// The frame of a window that tells aliases apart, where the usual one does not and the plan's signals hold several.
pub(super) fn telling(plan: &dyn Analysis) -> Option<TightFrame> {
    let secs = TELLING_HOPS * plan.channels().hop as f64 / plan.channels().sample_rate_hz;
    // Within a tenth they are the same.
    (plan.shape().1 >= LEAST_FRAMES && secs > 1.1 * USUAL_SECS).then(|| frame(plan, secs))
}

/// The frames of all windows that may share a prior: the usual one, and a longer one where a plan's signals hold several.
pub(super) fn candidates(plan: &dyn Analysis) -> Vec<TightFrame> {
    let fits = LEAST_WINDOWS * LONGER_SECS * plan.channels().sample_rate_hz <= plan.samples() as f64;
    [usual(plan)].into_iter().chain(fits.then(|| frame(plan, LONGER_SECS))).collect()
}

fn frame(plan: &dyn Analysis, secs: f64) -> TightFrame {
    TightFrame::new(plan.samples(), (secs * plan.channels().sample_rate_hz).min(MOST_SAMPLES))
}

/// Windows that share a prior: at each place, each as far as the cells near speak for it, which all sums to 1 but for what is
/// left out.
///
/// `surprise`: minus twice the log of how probable each window's prior alone makes each cell of the plan. A share is how
/// probable the window is (Bayes' rule) by the cells as far away as the longest window and half an octave reach.
pub(super) fn fitting(plan: &dyn Analysis, frames: Vec<TightFrame>, surprise: &[Plane<f64>]) -> Vec<Window> {
    let reach = frames.iter().map(TightFrame::size).max().unwrap_or(0) as f64;
    let evidence = Evidence { plan, surprise, reach };
    let shares: Vec<Plane<f64>> = frames.iter().enumerate().map(|(at, frame)| evidence.shares(at, frame)).collect();
    let windows = frames.into_iter().zip(shares).map(|(frame, shares)| Window { frame, shares });
    windows.filter(|window| window.shares.as_slice().iter().any(|share| *share > 0.0)).collect()
}

/// What cells tell of windows.
struct Evidence<'a> {
    plan: &'a dyn Analysis,
    surprise: &'a [Plane<f64>],
    /// Samples.
    reach: f64,
}

impl Evidence<'_> {
    /// The shares of one window.
    fn shares(&self, at: usize, frame: &TightFrame) -> Plane<f64> {
        let (frames, bins) = frame.shape();
        let near: Vec<Vec<(usize, f64)>> = (0..bins).map(|bin| self.near_rows(frame.frequency_from_bin(bin))).collect();
        let rows: Vec<Vec<Vec<f64>>> = (0..frames)
            .map(|index| self.surprise.iter().map(|cells| self.over_time(cells, frame.centre(index))).collect())
            .collect();
        Plane::from_fn(frames, bins, |index, bin| {
            let of_window = |rows: &Vec<f64>| near[bin].iter().map(|(row, weight)| weight * rows[*row]).sum::<f64>();
            share(&rows[index].iter().map(of_window).collect::<Vec<f64>>(), at)
        })
    }

    /// Rows near a frequency, with a Hann window over log frequency; beyond the lowest and the highest row, those near them.
    fn near_rows(&self, frequency: f64) -> Vec<(usize, f64)> {
        let centres = self.plan.channels().centres();
        let within = frequency.clamp(centres[0], centres[centres.len() - 1]);
        let near = centres.iter().map(|centre| hann((centre / within).log2() / REACH_OCTAVES));
        near.enumerate().filter(|(_, weight)| *weight > 0.0).collect()
    }

    /// The sum of each row's surprise around a sample, under a Hann window, beside the usual window's so much more than it
    /// has.
    fn over_time(&self, cells: &Plane<f64>, sample: f64) -> Vec<f64> {
        let hop = self.plan.channels().hop as f64;
        let first = ((sample - self.reach) / hop).max(0.0) as usize;
        let last = (((sample + self.reach) / hop).ceil().max(0.0) as usize).min(cells.columns());
        let usual = &self.surprise[0];
        let more = |row: usize, t: usize| {
            hann((t as f64 * hop - sample) / self.reach) * (cells[(row, t)] - usual[(row, t)] + ADVANTAGE)
        };
        let is_usual = std::ptr::eq(cells, usual);
        (0..cells.rows()).map(|row| if is_usual { 0.0 } else { (first..last).map(|t| more(row, t)).sum() }).collect()
    }
}

/// The probability of one of several, all as probable before, by minus twice the log of each likelihood.
fn share(surprise: &[f64], at: usize) -> f64 {
    let least = surprise.iter().copied().fold(f64::INFINITY, f64::min);
    let weight = |surprise: &f64| (-0.5 * (surprise - least)).exp();
    let share = weight(&surprise[at]) / surprise.iter().map(weight).sum::<f64>();
    if share < LEAST_SHARE { 0.0 } else { share }
}

fn hann(away: f64) -> f64 {
    if away.abs() < 1.0 { 0.5 + 0.5 * (PI * away).cos() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cqt, CqtParams};

    fn plan(samples: usize, hop: usize) -> Cqt {
        Cqt::new(&CqtParams { sr: 44100.0, hop, ..CqtParams::default() }, samples).unwrap()
    }

    #[test]
    fn windows_are_those_that_a_signal_holds_several_of() {
        let sizes = |samples, hop| candidates(&plan(samples, hop)).iter().map(TightFrame::size).collect::<Vec<_>>();
        assert_eq!(sizes(60_000, 512), [2048, 4096]);
        assert_eq!(sizes(10_000, 512), [2048]);
        let absurd = CqtParams { sr: 1e9, fmin_hz: 1e6, ..CqtParams::default() };
        assert_eq!(usual(&Cqt::new(&absurd, 60_000).unwrap()).size(), MOST_SAMPLES as usize);
        assert_eq!(telling(&plan(60_000, 2048)).map(|frame| frame.size()), Some(8192));
        assert!(telling(&plan(60_000, 512)).is_none());
    }

    #[test]
    fn each_has_the_places_whose_cells_it_explains() {
        let plan = plan(120_000, 512);
        let (rows, frames) = plan.shape();
        // The longer one explains the upper rows of the first half.
        let is_longer = |row: usize, t: usize| row > 60 && t < frames / 2;
        let surprise = [false, true]
            .map(|longer| Plane::from_fn(rows, frames, |row, t| if is_longer(row, t) == longer { -1.0 } else { 1.0 }));
        let windows = fitting(&plan, candidates(&plan), &surprise);
        let share = |window: &Window, secs: f64, row: usize| {
            let frame = (0..window.frame.shape().0).find(|frame| window.frame.centre(*frame) > secs * 44100.0).unwrap();
            let bin = (plan.channels().centres()[row] / window.frame.frequency_from_bin(1)).round() as usize;
            window.shares[(frame, bin)]
        };
        for (secs, row, shares) in [(0.7, 75, [0.0, 1.0]), (0.7, 30, [1.0, 0.0]), (2.0, 75, [1.0, 0.0])] {
            let found = [&windows[0], &windows[1]].map(|window| share(window, secs, row));
            assert_eq!(found, shares, "{secs} s, row {row}");
        }
    }

    #[test]
    fn of_equals_the_usual_one_has_it_all() {
        let plan = plan(60_000, 512);
        let (rows, frames) = plan.shape();
        let same = || Plane::filled(rows, frames, 1.0);
        let windows = fitting(&plan, candidates(&plan), &[same(), same()]);
        let middle = windows[0].shares.row(windows[0].shares.rows() / 2);
        assert!(middle.iter().all(|share| *share > 0.5));
    }
}
