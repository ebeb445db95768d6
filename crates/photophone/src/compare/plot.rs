//! Truth, result and difference as spectrograms over each other.

use photophone_picture::{PaintOptions, Raster, paint};
use photophone_spectrum::{FrameAxis, LevelScale, LogFrequencyAxis, Plane};
use photophone_transform::cqt::C1_HZ;
use photophone_transform::{Complex, Cqt, CqtParams};

use super::align::align;
use super::sheet::{self, Panel};
use super::stft::best_gain;
use super::{Mono, at_rate, check};
use crate::Error;

const BINS_PER_OCTAVE: usize = 24;
/// Most columns a plot may have; the fewest for a long sound are 4/5 of it.
const MAX_COLUMNS: usize = 1000;
/// Fewest samples from a frame to the next: 1.5 ms at 44.1 kHz. The transform halves the rate
/// only as often as the hop can be halved, and without that a short sound would take seconds.
const MIN_HOP: usize = 64;
/// What is drawn: 80 dB below the truth's loudest cell, as librosa's pictures have it.
const RANGE_DB: f64 = 80.0;

/// What the third panel of a [`plot`] shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Difference {
    /// Of the magnitudes, the result at the best gain: what the ear may notice when the phase
    /// was not known.
    #[default]
    Magnitudes,
    /// Of the waveforms, no gain fitted: the noise of
    /// [`Comparison::snr_db`](super::Comparison::snr_db), for a known phase.
    Waveforms,
}

/// How [`plot`] draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlotOptions {
    /// What the third panel shows. Default: the magnitudes' difference.
    pub difference: Difference,
    /// Samples by which the result is delayed (negative: advanced) first, as
    /// [`Comparison::lag`](super::Comparison::lag) says. Default: 0.
    pub lag: isize,
}

/// Draws the constant-Q spectrograms of truth, result and difference over each other, in magma,
/// all three in dB relative to the truth's loudest cell and over 80 dB.
///
/// 24 bins an octave from C1 (32.7 Hz) to just below half the sample rate, one pixel each; 800
/// to 1000 columns over the sounds' common length (whole pixels a frame for short sounds), with
/// ticks in Hz and seconds. Cost: two constant-Q transforms.
///
/// # Errors
/// As [`compare`](super::compare), and [`Error::Transform`] for sounds of fewer samples than
/// the transform can halve or sample rates below 140 Hz.
pub fn plot(truth: Mono<'_>, result: Mono<'_>, options: &PlotOptions) -> Result<Raster, Error> {
    check(truth, result)?;
    let result = at_rate(result, truth.sample_rate_hz)?;
    let (x, y) = align(truth.samples, &result, options.lag)?;
    let params = transform_params(f64::from(truth.sample_rate_hz), x.len());
    let plan = Cqt::new(&params, x.len())?;
    let (x, y) = (plan.forward(x)?, plan.forward(&y)?);
    let [truth, result, difference] = planes(&x, &y, options.difference);
    let loudest = truth.as_slice().iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let scale = LevelScale::Db { low: -RANGE_DB, high: 0.0 };
    let cell_width_px = (MAX_COLUMNS / plan.shape().1).max(1);
    let paint_options = PaintOptions { cell_width_px, cell_height_px: 1, ..PaintOptions::default() };
    let panel = |title: &'static str, cells: Plane<f64>| -> Result<Panel, Error> {
        let levels = cells.map(|magnitude| scale.level_from_magnitude(magnitude / loudest));
        Ok(Panel { title, picture: paint(&levels, &paint_options)? })
    };
    let titles = match options.difference {
        Difference::Magnitudes => ["truth", "result, best gain", "difference of magnitudes"],
        Difference::Waveforms => ["truth", "result", "difference of waveforms"],
    };
    let panels = [panel(titles[0], truth)?, panel(titles[1], result)?, panel(titles[2], difference)?];
    let (bins, frames) = plan.shape();
    let rows = LogFrequencyAxis { fmin_hz: params.fmin_hz, bins_per_octave: BINS_PER_OCTAVE, bins };
    let columns = FrameAxis { hop: params.hop, sample_rate_hz: params.sr, frames };
    let bar = paint(&sheet::bar_levels(bins), &PaintOptions { cell_width_px: 1, cell_height_px: 1, ..paint_options })?;
    sheet::compose(&panels, &bar, &rows, &columns, cell_width_px)
}

/// The three magnitude planes to draw.
fn planes(x: &Plane<Complex<f64>>, y: &Plane<Complex<f64>>, difference: Difference) -> [Plane<f64>; 3] {
    let truth = x.map(|value| value.norm());
    let mut result = y.map(|value| value.norm());
    let mut apart = truth.clone();
    match difference {
        Difference::Magnitudes => {
            let gain = best_gain(truth.as_slice(), result.as_slice());
            result = result.map(|value| gain * value);
            for (value, other) in apart.as_mut_slice().iter_mut().zip(result.as_slice()) {
                *value = (*value - other).abs();
            }
        }
        Difference::Waveforms => {
            for (value, (x, y)) in apart.as_mut_slice().iter_mut().zip(x.as_slice().iter().zip(y.as_slice())) {
                *value = (x - y).norm();
            }
        }
    }
    [truth, result, apart]
}

/// A transform up to just below half the sample rate, with a hop that gives the width wanted.
fn transform_params(sr: f64, samples: usize) -> CqtParams {
    // A Hann filter reaches 0.75 times its bandwidth above its centre; 5% is more than that.
    let octaves = (sr / 2.0 / 1.05 / C1_HZ).log2();
    let bins = (octaves * BINS_PER_OCTAVE as f64).max(0.0) as usize;
    CqtParams { sr, bins, hop: hop(samples), bins_per_octave: BINS_PER_OCTAVE, ..CqtParams::default() }
}

/// The smallest hop of 4, 5, 6 or 7 times a power of two that keeps within [`MAX_COLUMNS`]: near
/// any width, yet divisible by two nearly as often as its size allows.
fn hop(samples: usize) -> usize {
    let least = (samples / (MAX_COLUMNS - 1) + 1).max(MIN_HOP);
    let unit = (least + 1).next_power_of_two() / 8;
    least.div_ceil(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hops_give_the_width_promised_and_can_be_halved() {
        for samples in (1..400_000).step_by(997).chain([26_460_000]) {
            let hop = hop(samples);
            let columns = 1 + samples / hop;
            assert!(columns <= MAX_COLUMNS, "{samples} {hop} {columns}");
            assert!(samples < 999 * MIN_HOP || columns >= 799, "{samples} {hop} {columns}");
            assert!(hop >= MIN_HOP && hop >> hop.trailing_zeros() <= 7, "{hop}");
        }
    }
}
