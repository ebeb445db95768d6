//! The values at the edges of a box: what the ticks say, to what was drawn.
//!
//! Ticks and edges are known to half a pixel, which is too coarse for the sound. What was drawn is one of few: the frequencies
//! of a transform end at half a sample rate or half a bin beyond.

use super::fit::Axis;

/// Sample rates that sounds have, in Hz.
const RATES: [u32; 12] = [22050, 44100, 48000, 16000, 24000, 8000, 32000, 11025, 96000, 88200, 12000, 192_000];
/// Lengths of windows, the commonest first.
const WINDOWS: [usize; 10] = [2048, 1024, 512, 4096, 256, 8192, 128, 16384, 64, 400];
/// Farthest that a tick may be from its place when box and tick are rounded to whole pixels, in pixels.
const TOLERANCE_PX: f64 = 0.56;
/// Misfits this near to each other are as good, in pixels.
const ALIKE_PX: f64 = 0.08;

/// An axis whose ends were told by what transforms have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ends {
    pub(crate) axis: Axis,
    /// Values at the lower and the upper end.
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// The ends' places, in pixels.
    pub(crate) from_px: f64,
    pub(crate) to_px: f64,
    pub(crate) rate: u32,
    /// Samples in a window, where the axis ends half a bin beyond the lowest and highest frequency.
    pub(crate) n_fft: Option<usize>,
    /// Farthest that a tick is from its place, in pixels.
    pub(crate) worst_px: f64,
}

/// The ends of an axis of the frequencies of a short-time Fourier transform that agree with its ticks best, the commonest first.
/// `is_exact` says that the box is known to a fraction of a pixel.
pub(crate) fn of_stft(axis: &Axis, ticks: &[(f64, f64)], from_px: f64, to_px: f64, is_exact: bool) -> Vec<Ends> {
    let slack = if is_exact { 1 } else { 5 };
    let mut found: Vec<Ends> = Vec::new();
    for rate in RATES {
        let nyquist = f64::from(rate) / 2.0;
        // A quick look before the windows: the upper end has to be about right.
        if (axis.px(nyquist) - to_px).abs() > 0.05 * (to_px - from_px).abs() {
            continue;
        }
        let windows = WINDOWS.map(Some).into_iter().chain([None]);
        found.extend(windows.filter_map(|n_fft| {
            let beyond = n_fft.map_or(0.0, |n_fft| nyquist / n_fft as f64);
            let (low, high) = (-beyond, nyquist + beyond);
            let (axis, from_px, to_px, worst_px) = nearest_ends(axis, ticks, (from_px, low), (to_px, high), slack)?;
            Some(Ends { axis, low, high, from_px, to_px, rate, n_fft, worst_px })
        }));
    }
    let least = found.iter().map(|ends| ends.worst_px).fold(f64::INFINITY, f64::min);
    found.retain(|ends| ends.worst_px <= least + ALIKE_PX);
    found
}

/// The axis through two ends, each moved within its rounding by tenths of a pixel, that lies nearest to the ticks; `None` beyond the tolerance.
pub(crate) fn nearest_ends(
    axis: &Axis,
    ticks: &[(f64, f64)],
    (from_px, low): (f64, f64),
    (to_px, high): (f64, f64),
    slack: i32,
) -> Option<(Axis, f64, f64, f64)> {
    let moved = |px: f64| (-slack..=slack).map(move |step| px + f64::from(step) / 10.0);
    let mut best: Option<(Axis, f64, f64, f64)> = None;
    for from in moved(from_px) {
        for to in moved(to_px) {
            let through = axis.through((from, low), (to, high));
            let worst = ticks.iter().map(|&(px, value)| (through.px(value) - px).abs()).fold(0.0, f64::max);
            if best.is_none_or(|best| worst < best.3 - 1e-9) {
                best = Some((through, from, to, worst));
            }
        }
    }
    best.filter(|best| best.3 <= TOLERANCE_PX)
}

#[cfg(test)]
mod tests {
    use photophone_spectrum::FrequencyScale;

    use super::super::fit::fit;
    use super::*;

    #[test]
    fn the_rate_and_the_window_are_told_from_rounded_ticks() {
        for (rate, n_fft) in [(22050, 256), (44100, 512), (16000, 256)] {
            let nyquist = f64::from(rate) / 2.0;
            let beyond = nyquist / n_fft as f64;
            let (from, to) = (427.2, 57.6);
            let px = |hz: f64| from + (to - from) * (hz + beyond) / (nyquist + 2.0 * beyond);
            let ticks: Vec<(f64, f64)> = (0..100)
                .map(|i| f64::from(i) * 1000.0)
                .take_while(|&hz| hz < nyquist)
                .map(|hz| (px(hz).round(), hz))
                .collect();
            let axis = fit(&ticks, &[FrequencyScale::Linear], 0.8).unwrap();
            let ends = of_stft(&axis, &ticks, 427.0, 58.0, false);
            assert!(ends.iter().all(|ends| ends.rate == rate), "{ends:?}");
            assert!(ends.iter().any(|ends| ends.n_fft == Some(n_fft)), "{ends:?}");
        }
    }
}
