//! The phase's gradient, from magnitudes alone.
//!
//! A transform with a Gaussian window is an analytic function times a known factor, so the
//! derivatives of its log-magnitude and of its phase determine each other (Auger, Chassande-Mottin
//! and Flandrin 2012 for a fixed window; Holighaus, Koliander, Prusa and Abreu 2019 for wavelets).

use std::f64::consts::TAU;

use photophone_spectrum::Plane;

use super::ends::slope_share;
use super::magnitudes::Magnitudes;
use super::smooth::smoothed;
use super::width::gaussian_width;
use crate::TransformError;
use crate::analysis::{Analysis, Channel};
use crate::inverse::Intervals;

/// Depth below the loudest cell, in nepers, below which log-magnitudes are cut: 217 dB.
pub(super) const FLOOR_NEPERS: f64 = 25.0;

/// How the phase changes about each cell of a plan, bins by frames.
#[derive(Clone, Debug)]
pub struct PhaseGradient {
    /// Along time, in radians a sample: the frequency that is heard in the cell, not its
    /// deviation from the bin's centre.
    pub time: Plane<f64>,
    /// Along the rows, in radians for each unit of [`Spacing::coordinate`](crate::Spacing::coordinate) in cycles a sample:
    /// of `ln f` where rows are a ratio apart.
    pub frequency: Plane<f64>,
}

/// The gradient of the phase that coefficients with these magnitudes have.
///
/// With `M` the magnitude over the row's peak response, `L` the filter's length in samples, `f` its
/// centre in cycles a sample, `u` the coordinate along which rows follow each other (`ln f` where they are a ratio apart,
/// else `f`) and `c` the window's [`gaussian_width`],
///
/// ```text
/// d phase/dt = 2 pi f + (d ln M / du) / (c L^2 df/du)
/// d phase/du = -c L^2 df/du (d ln M / dt) + 2 pi df/du j
/// ```
///
/// exact for a Gaussian window of one width, and off by about 1/Q where the width follows the
/// frequency. `j` is where the exponential's phase is zero, in samples after the window's centre: half a sample before it
/// at the rate of the octave for librosa's constant-Q filters, half a frame for a short-time transform whose phase counts
/// from the frame's first sample. Where intervals are given, the log-magnitudes are
/// first smoothed within them. Cost: a pass over the cells, and ten for the smoothing.
///
/// # Errors
/// A shape that is not the plan's, or a value that is not a number.
pub fn phase_gradient(plan: &dyn Analysis, magnitudes: &Magnitudes<'_>) -> Result<PhaseGradient, TransformError> {
    magnitudes.check(plan)?;
    Ok(gradient_of(plan, &log_magnitudes(plan, magnitudes)))
}

/// Log-magnitudes over the rows' peak responses, cut at [`FLOOR_NEPERS`] below the loudest.
pub(super) fn log_magnitudes(plan: &dyn Analysis, magnitudes: &Magnitudes<'_>) -> Plane<f64> {
    let peaks: Vec<f64> = plan.channels().peaks().iter().map(|peak| peak.max(f64::MIN_POSITIVE).ln()).collect();
    let (rows, frames) = plan.shape();
    let log = |plane: &Plane<f64>| Plane::from_fn(rows, frames, |k, t| plane[(k, t)].ln() - peaks[k]);
    let mut logs = log(magnitudes.values);
    let loudest = logs.as_slice().iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let floor = if loudest.is_finite() { loudest - FLOOR_NEPERS } else { 0.0 };
    for value in logs.as_mut_slice() {
        *value = value.max(floor);
    }
    if let Some(Intervals { low, high }) = magnitudes.intervals {
        let (mut low, mut high) = (log(low), log(high));
        for ((value, low), high) in logs.as_slice().iter().zip(low.as_mut_slice()).zip(high.as_mut_slice()) {
            *low = low.max(floor).min(*value);
            *high = high.max(*value);
        }
        logs = smoothed(logs, &low, &high);
    }
    logs
}

/// The gradient for log-magnitudes whose rows have one peak response.
pub(super) fn gradient_of(plan: &dyn Analysis, logs: &Plane<f64>) -> PhaseGradient {
    let rows = Rows::new(plan);
    let (bins, frames) = plan.shape();
    let time =
        Plane::from_fn(bins, frames, |k, t| TAU * rows.centres[k] + rows.slope_over_bins(logs, k, t) / rows.spreads[k]);
    let (hop, beyond) = (plan.channels().hop as f64, plan.mirror());
    let frequency = Plane::from_fn(bins, frames, |k, t| {
        let slope = slope_over_time(logs.row(k), t, hop, beyond.as_ref().map(|beyond| beyond[k]));
        TAU * rows.slopes[k] * rows.origins[k] - rows.spreads[k] * slope
    });
    PhaseGradient { time, frequency }
}

/// Central difference over frames, a sample; at an end the one there is, and what is left of it
/// where the signal is mirrored.
fn slope_over_time(row: &[f64], t: usize, hop: f64, mirrored: Option<f64>) -> f64 {
    let last = row.len() - 1;
    match (t > 0, t < last) {
        (true, true) => (row[t + 1] - row[t - 1]) / (2.0 * hop),
        (true, false) => (row[t] - row[t - 1]) / hop * mirrored.map_or(1.0, |beyond| slope_share(beyond, hop)),
        (false, true) if mirrored.is_none() => (row[1] - row[0]) / hop,
        _ => 0.0,
    }
}

/// What the gradient needs to know of each row.
struct Rows {
    /// Centre in cycles a sample.
    centres: Vec<f64>,
    /// Where it lies on the coordinate `u` along which rows follow each other.
    coordinates: Vec<f64>,
    /// `df / du`.
    slopes: Vec<f64>,
    /// `c L^2 df / du` in samples.
    spreads: Vec<f64>,
    /// Where the exponential's phase is zero, in samples after the window's centre.
    origins: Vec<f64>,
}

impl Rows {
    fn new(plan: &dyn Analysis) -> Self {
        let channels = plan.channels();
        let (centres, spacing) = (channels.centres(), channels.spacing);
        let width = gaussian_width(channels.window);
        let slopes: Vec<f64> = centres.iter().map(|f| spacing.slope(*f)).collect();
        let spread = |(row, slope): (&Channel, &f64)| width * row.length * row.length * slope;
        Self {
            spreads: channels.rows.iter().zip(&slopes).map(spread).collect(),
            coordinates: centres.iter().map(|f| spacing.coordinate(*f)).collect(),
            origins: channels.rows.iter().map(|row| row.phase_origin).collect(),
            slopes,
            centres,
        }
    }

    /// Mean of the slopes to the bins on both sides, over `ln f`; in an edge row the one there is.
    fn slope_over_bins(&self, logs: &Plane<f64>, k: usize, t: usize) -> f64 {
        let slope =
            |low: usize| (logs[(low + 1, t)] - logs[(low, t)]) / (self.coordinates[low + 1] - self.coordinates[low]);
        match (k > 0, k + 1 < self.coordinates.len()) {
            (true, true) => 0.5 * (slope(k - 1) + slope(k)),
            (true, false) => slope(k - 1),
            (false, true) => slope(k),
            (false, false) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use num_complex::Complex;

    use super::*;
    use crate::{Cqt, CqtParams, Norm, Window};

    /// Fine in time and frequency, so that differences are derivatives.
    fn fine() -> CqtParams {
        CqtParams { hop: 16, bins: 96, bins_per_octave: 48, fmin_hz: 400.0, filter_scale: 0.5, ..CqtParams::default() }
    }

    fn chirp(samples: usize, sr: f64) -> Vec<f64> {
        (0..samples)
            .map(|i| {
                let secs = i as f64 / sr;
                (TAU * (500.0 * secs + 600.0 * secs * secs)).sin()
            })
            .collect()
    }

    /// Root mean square error of both components against finite differences of the phase of a
    /// transform, over the cells within 10 dB of the loudest, where a Hann window is much like a Gaussian: in radians a
    /// hop, and as a share of the change from bin to bin.
    fn errors(params: &CqtParams) -> (f64, f64) {
        let plan = Cqt::new(params, 11025).unwrap();
        let coefficients = plan.forward(&chirp(11025, params.sr)).unwrap();
        let values = coefficients.map(|value: &Complex<f64>| value.norm());
        let gradient = phase_gradient(&plan, &Magnitudes::exact(&values)).unwrap();
        let logs = log_magnitudes(&plan, &Magnitudes::exact(&values));
        let loudest = logs.as_slice().iter().copied().fold(f64::MIN, f64::max);
        let (bins, frames) = plan.shape();
        let step = 2f64.ln() / params.bins_per_octave as f64;
        let (mut time, mut bin, mut whole, mut count) = (0.0, 0.0, 0.0, 0.0);
        for k in 1..bins - 1 {
            for t in frames / 4..3 * frames / 4 {
                if logs[(k, t)] < loudest - 1.15 {
                    continue;
                }
                // Both neighbours' advance is known up to whole turns: so is its difference.
                let error = |to: (usize, usize), from: (usize, usize), step: f64| {
                    0.5 * (coefficients[to] / coefficients[from] * Complex::from_polar(1.0, -2.0 * step)).arg()
                };
                let (hop, here) = (params.hop as f64, (k, t));
                time += error((k, t + 1), (k, t - 1), gradient.time[here] * hop).powi(2);
                bin += error((k + 1, t), (k - 1, t), gradient.frequency[here] * step).powi(2);
                whole += error((k + 1, t), (k - 1, t), 0.0).powi(2);
                count += 1.0;
            }
        }
        assert!(count > 1000.0);
        (f64::sqrt(time / count), f64::sqrt(bin / whole))
    }

    #[test]
    fn the_gradient_is_that_of_a_finely_sampled_transform() {
        // The centre of the filters alone is off by up to 1 rad a hop, and 2 fc/fs by twice that.
        for params in [
            fine(),
            CqtParams { scale: false, ..fine() },
            CqtParams { norm: Norm::L2, ..fine() },
            CqtParams { window: Window::Blackman, ..fine() },
        ] {
            let (time, bin) = errors(&params);
            assert!(time < 0.05 && bin < 0.2, "{params:?}: {time} rad a hop, {bin} of the change a bin");
        }
    }

    #[test]
    fn a_tone_is_heard_at_its_own_frequency_in_every_row() {
        // A deviation from the row's centre, or twice the frequency, would be far off.
        let params =
            CqtParams { bins_per_octave: 48, bins: 96, fmin_hz: 220.0, filter_scale: 0.25, ..CqtParams::default() };
        let plan = Cqt::new(&params, 44100).unwrap();
        let tone: Vec<f64> = (0..44100).map(|i| (TAU * 440.0 * f64::from(i) / params.sr).sin()).collect();
        let values = plan.forward(&tone).unwrap().map(|value| value.norm());
        let gradient = phase_gradient(&plan, &Magnitudes::exact(&values)).unwrap();
        for k in [46, 47, 49, 50] {
            let hz = gradient.time[(k, 40)] / TAU * params.sr;
            let off = (plan.hz_from_bin()[k] - 440.0).abs();
            assert!((hz - 440.0).abs() < 0.3 * off, "row {k}: {hz} Hz");
        }
    }

    #[test]
    fn edge_rows_use_the_slope_they_have() {
        // That slope belongs half a bin inside, so the tone is heard half a bin nearer than it is; a
        // slope that was not divided by the bins' distance would leave it at the centre.
        let params = CqtParams { bins: 25, fmin_hz: 220.0, filter_scale: 0.25, ..CqtParams::default() };
        let plan = Cqt::new(&params, 44100).unwrap();
        for (row, hz) in [(0, 240.0), (24, 807.0)] {
            let tone: Vec<f64> = (0..44100).map(|i| (TAU * hz * f64::from(i) / params.sr).sin()).collect();
            let values = plan.forward(&tone).unwrap().map(|value| value.norm());
            let gradient = phase_gradient(&plan, &Magnitudes::exact(&values)).unwrap();
            let (heard, centre) = (gradient.time[(row, 40)] / TAU * params.sr, plan.hz_from_bin()[row]);
            assert!((heard - hz).abs() < 0.6 * (centre - hz).abs(), "row {row}: {heard} Hz, centre {centre} Hz");
        }
    }
}
