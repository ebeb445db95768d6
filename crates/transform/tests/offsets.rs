//! Sound beyond the bins costs the sound within them nothing.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_fft::Planner;
use photophone_transform::inverse::{
    AdaptiveOptions, LeastSquaresOptions, Progress, adaptive, is_loud_below, least_squares_and_below,
    least_squares_far_below,
};
use photophone_transform::{Cqt, CqtParams, PadMode};

const SR: f64 = 22050.0;
const SAMPLES: usize = 44_100;
const FMIN_HZ: f64 = 110.0;

/// Notes, quiet beside what is added to them.
fn notes() -> Vec<f64> {
    let note = |hz: f64, secs: f64| (1..=5).map(|h| (TAU * hz * f64::from(h) * secs).sin() / f64::from(h)).sum::<f64>();
    (0..SAMPLES)
        .map(|i| {
            let secs = i as f64 / SR;
            let swell = (std::f64::consts::PI * i as f64 / SAMPLES as f64).sin();
            0.02 * swell * if secs < 0.9 { note(233.1, secs) } else { note(311.1, secs) }
        })
        .collect()
}

/// `10 log10(|clean|^2 / |x - y|^2)` from the lowest bin to the highest, of the signals as they are and under a Hann
/// window.
///
/// The bank hears a mirrored signal, or zeros beyond it, and nothing of what is wrong outside of the bins. Cut off at the
/// ends that spreads over all frequencies: an error in the last samples of a rumble that is 28 dB above the notes counts
/// as one within the bins. The window leaves what is wrong within them.
fn snr_db(clean: &[f64], x: &[f64], y: &[f64], top_hz: f64) -> [f64; 2] {
    let fft = Planner::default().real_forward(SAMPLES);
    let energy = |signal: &[f64], window: &dyn Fn(f64) -> f64| -> f64 {
        let mut signal: Vec<f64> =
            signal.iter().enumerate().map(|(i, x)| x * window(i as f64 / SAMPLES as f64)).collect();
        let mut bins = vec![Complex::default(); SAMPLES / 2 + 1];
        let mut scratch = vec![Complex::default(); fft.get_scratch_len()];
        fft.process_with_scratch(&mut signal, &mut bins, &mut scratch).unwrap();
        let inside = |k: &usize| (FMIN_HZ..top_hz).contains(&(*k as f64 * SR / SAMPLES as f64));
        (0..bins.len()).filter(inside).map(|k| bins[k].norm_sqr()).sum()
    };
    let error: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - y).collect();
    let db = |window: &dyn Fn(f64) -> f64| 10.0 * (energy(clean, window) / energy(&error, window)).log10();
    [db(&|_| 1.0), db(&|share| 0.5 - 0.5 * (TAU * share).cos())]
}

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// SNR within the bins of the linear and of the adaptive inverse, of a clip that something was added to.
fn figures(params: &CqtParams, clean: &[f64], x: &[f64]) -> [[f64; 2]; 2] {
    let plan = Cqt::new(params, x.len()).unwrap();
    let data = plan.forward(x).unwrap();
    let options = LeastSquaresOptions::default();
    let mut linear = least_squares_and_below(&plan, &data, &options, go).unwrap();
    if is_loud_below(&plan, &linear.samples) {
        linear = least_squares_far_below(&plan, &data, (&options, linear), go).unwrap();
    }
    let adapted = adaptive(&plan, &data, &linear, &AdaptiveOptions::default(), go).unwrap();
    let top_hz = plan.hz_from_bin()[params.bins - 1];
    [&linear, &adapted].map(|solution| snr_db(clean, x, &solution.samples, top_hz))
}

fn params(pad_mode: PadMode) -> CqtParams {
    CqtParams { sr: SR, fmin_hz: FMIN_HZ, bins: 48, hop: 512, pad_mode, ..CqtParams::default() }
}

/// What each disturbance costs of the inverses' figures, where it is more than `most_db`: as they are, and windowed.
fn losses(added: &[(&str, &dyn Fn(f64) -> f64)], most_db: [f64; 2]) -> Vec<String> {
    let clean = notes();
    let mut losses = Vec::new();
    for pad_mode in [PadMode::Constant, PadMode::Reflect] {
        let params = params(pad_mode);
        let without = figures(&params, &clean, &clean);
        for (name, disturbance) in added {
            let x: Vec<f64> = clean.iter().enumerate().map(|(i, x)| x + disturbance(i as f64 / SR)).collect();
            let with = figures(&params, &clean, &x);
            for ((with, without), inverse) in with.iter().zip(without).zip(["linear", "adaptive"]) {
                if (0..2).any(|way| with[way] < without[way] - most_db[way]) {
                    losses.push(format!("{name}, {pad_mode:?}, {inverse}: {with:.2?} instead of {without:.2?} dB"));
                }
            }
        }
    }
    losses
}

/// The notes come back at 33 dB: what is wrong in the last samples of a drift that is 25 dB above them shows.
#[test]
fn offsets_and_drifts_cost_nothing() {
    let losses = losses(&[("offset", &|_| 0.9), ("drift", &|secs| 0.4 * secs - 0.5)], [0.3, 0.3]);
    assert!(losses.is_empty(), "{losses:#?}");
}

#[test]
fn rumble_near_the_lowest_bin_costs_nothing_within_the_bins() {
    let losses = losses(&[("0.8 fmin", &|secs| 0.5 * (TAU * 88.0 * secs + 1.0).sin())], [2.0, 0.3]);
    assert!(losses.is_empty(), "{losses:#?}");
}

#[test]
fn loud_rumble_costs_nothing() {
    let losses = losses(&[("0.2 fmin", &|secs| 0.5 * (TAU * 23.0 * secs + 1.0).sin())], [1.0, 0.3]);
    assert!(losses.is_empty(), "{losses:#?}");
}

/// What a tone above the highest bin costs of the adaptive inverse, where it is more than `most_db`.
///
/// Frames are too far apart for the upper bins here, so the tone could be any of its aliases within the bins.
fn losses_to_tones(amplitude: f64, most_db: f64) -> Vec<String> {
    let clean = notes();
    let params = params(PadMode::Reflect);
    let top_hz = Cqt::new(&params, clean.len()).unwrap().hz_from_bin()[params.bins - 1];
    let [without, _] = figures(&params, &clean, &clean)[1];
    let mut losses = Vec::new();
    for times in [1.02, 1.07] {
        let tone = |i: usize| amplitude * (TAU * times * top_hz * i as f64 / SR + 1.0).sin();
        let x: Vec<f64> = clean.iter().enumerate().map(|(i, x)| x + tone(i)).collect();
        let [with, _] = figures(&params, &clean, &x)[1];
        if with < without - most_db {
            losses.push(format!("{times} at {amplitude}: {with:.2} instead of {without:.2} dB"));
        }
    }
    losses
}

#[test]
fn tones_above_the_highest_bin_are_not_taken_for_their_aliases() {
    let losses = losses_to_tones(0.02, 0.3);
    assert!(losses.is_empty(), "{losses:#?}");
    // Far louder than the notes it hides what is next to its aliases.
    let losses = losses_to_tones(0.5, 24.0);
    assert!(losses.is_empty(), "{losses:#?}");
}

#[test]
#[ignore = "known failure: a tone above the highest bin, 28 dB above the notes, costs 11 to 14 dB of 27"]
fn loud_tones_above_the_highest_bin_cost_nothing() {
    let losses = losses_to_tones(0.5, 0.3);
    assert!(losses.is_empty(), "{losses:#?}");
}
