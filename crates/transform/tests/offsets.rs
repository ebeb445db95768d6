//! Sound beyond the bins costs the sound within them nothing.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::sync::OnceLock;

use num_complex::Complex;
use photophone_fft::Planner;
use photophone_transform::inverse::{
    AdaptiveOptions, LeastSquaresOptions, adaptive, is_loud_below, least_squares_and_below, least_squares_far_below,
};
use photophone_transform::{Cqt, CqtParams, PadMode, Watch};

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

/// SNR within the bins of the linear and of the adaptive inverse, of a clip that something was added to.
fn figures(params: &CqtParams, clean: &[f64], x: &[f64]) -> [[f64; 2]; 2] {
    let plan = Cqt::new(params, x.len()).unwrap();
    let data = plan.forward(x).unwrap();
    let options = LeastSquaresOptions::default();
    let mut linear = least_squares_and_below(&plan, &data, &options, &mut Watch::default()).unwrap();
    if is_loud_below(&plan, &linear.samples) {
        linear = least_squares_far_below(&plan, &data, (&options, linear), &mut Watch::default()).unwrap();
    }
    let adapted = adaptive(&plan, &data, &linear, &AdaptiveOptions::default(), &mut Watch::default()).unwrap();
    let top_hz = plan.hz_from_bin()[params.bins - 1];
    [&linear, &adapted].map(|solution| snr_db(clean, x, &solution.samples, top_hz))
}

fn params(pad_mode: PadMode) -> CqtParams {
    CqtParams { sr: SR, fmin_hz: FMIN_HZ, bins: 48, hop: 512, pad_mode, ..CqtParams::default() }
}

/// The figures of the notes alone, which several tests compare with.
fn figures_alone(pad_mode: PadMode) -> [[f64; 2]; 2] {
    static CONSTANT: OnceLock<[[f64; 2]; 2]> = OnceLock::new();
    static REFLECT: OnceLock<[[f64; 2]; 2]> = OnceLock::new();
    let found = if pad_mode == PadMode::Reflect { &REFLECT } else { &CONSTANT };
    *found.get_or_init(|| figures(&params(pad_mode), &notes(), &notes()))
}

/// An inverse's figures with and without what was added.
struct Cost {
    of: String,
    is_linear: bool,
    with: [f64; 2],
    without: [f64; 2],
    /// Energy of what was added over that of the notes.
    times: f64,
}

impl Cost {
    /// Whether more is lost than so many decibels: of the figures as they are, and windowed.
    fn is_more_than(&self, most_db: [f64; 2]) -> bool {
        (0..2).any(|way| self.with[way] < self.without[way] - most_db[way])
    }

    /// The error that came with what was added, windowed, over the energy of that.
    fn share_of_added(&self) -> f64 {
        let error = |db: f64| 10f64.powf(-db / 10.0);
        (error(self.with[1]) - error(self.without[1])) / self.times
    }
}

fn costs(added: &[(&str, &dyn Fn(f64) -> f64)]) -> Vec<Cost> {
    let clean = notes();
    let energy = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
    let mut costs = Vec::new();
    for pad_mode in [PadMode::Constant, PadMode::Reflect] {
        let params = params(pad_mode);
        let without = figures_alone(pad_mode);
        for (name, disturbance) in added {
            let added: Vec<f64> = (0..SAMPLES).map(|i| disturbance(i as f64 / SR)).collect();
            let x: Vec<f64> = clean.iter().zip(&added).map(|(x, added)| x + added).collect();
            let times = energy(&added) / energy(&clean);
            for ((with, without), is_linear) in figures(&params, &clean, &x).into_iter().zip(without).zip([true, false])
            {
                let of = format!("{name}, {pad_mode:?}, linear {is_linear}: {with:.2?} instead of {without:.2?} dB");
                costs.push(Cost { of, is_linear, with, without, times });
            }
        }
    }
    costs
}

/// What the linear inverse loses more than `most_db` to, and the adaptive one more than a millionth of what was added: the
/// accuracy that the solver's iterations are to reach for it.
fn losses(added: &[(&str, &dyn Fn(f64) -> f64)], most_db: [f64; 2]) -> Vec<String> {
    let is_lost = |cost: &Cost| if cost.is_linear { cost.is_more_than(most_db) } else { cost.share_of_added() > 1e-6 };
    costs(added).into_iter().filter(is_lost).map(|cost| cost.of).collect()
}

fn offset(_: f64) -> f64 {
    0.9
}

fn drift(secs: f64) -> f64 {
    0.4 * secs - 0.5
}

fn rumble(secs: f64) -> f64 {
    0.5 * (TAU * 23.0 * secs + 1.0).sin()
}

fn hum(secs: f64) -> f64 {
    0.5 * (TAU * 88.0 * secs + 1.0).sin()
}

/// Half a lobe below its centre the highest filter is not alone: what is learnt there is kept. Given up, 27 dB are left.
#[test]
fn partials_beside_the_highest_bin_come_back() {
    let [_, [adaptive_db, _]] = figures_alone(PadMode::Constant);
    assert!(adaptive_db > 31.0, "{adaptive_db}");
}

#[test]
fn offsets_and_drifts_cost_nothing() {
    let losses = losses(&[("offset", &offset), ("drift", &drift)], [0.3, 0.3]);
    assert!(losses.is_empty(), "{losses:#?}");
}

#[test]
fn rumble_near_the_lowest_bin_costs_nothing_within_the_bins() {
    let losses = losses(&[("0.8 fmin", &hum)], [2.0, 0.3]);
    assert!(losses.is_empty(), "{losses:#?}");
}

#[test]
fn loud_rumble_costs_nothing() {
    let losses = losses(&[("0.2 fmin", &rumble)], [1.0, 0.3]);
    assert!(losses.is_empty(), "{losses:#?}");
}

#[test]
#[ignore = "known failure: drifts and rumble, 25 to 28 dB above the notes, cost the adaptive inverse 0.3 to 1 dB of 34, beside the lowest bin 3 to 4 at the ends"]
fn drifts_and_rumble_cost_the_adaptive_inverse_nothing() {
    let costs = costs(&[("offset", &offset), ("drift", &drift), ("0.2 fmin", &rumble), ("0.8 fmin", &hum)]);
    let losses: Vec<String> =
        costs.into_iter().filter(|cost| cost.is_more_than([0.3, 0.3])).map(|cost| cost.of).collect();
    assert!(losses.is_empty(), "{losses:#?}");
}

/// What a tone above the highest bin costs of the adaptive inverse, where it is more than `most_db`.
///
/// Frames are too far apart for the upper bins here, so the tone could be any of its aliases within the bins.
fn losses_to_tones(amplitude: f64, most_db: f64) -> Vec<String> {
    let clean = notes();
    let params = params(PadMode::Reflect);
    let top_hz = Cqt::new(&params, clean.len()).unwrap().hz_from_bin()[params.bins - 1];
    let [without, _] = figures_alone(PadMode::Reflect)[1];
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
    let losses = losses_to_tones(0.02, 1.0);
    assert!(losses.is_empty(), "{losses:#?}");
    // Far louder than the notes it hides what is next to its aliases.
    let losses = losses_to_tones(0.5, 24.0);
    assert!(losses.is_empty(), "{losses:#?}");
}

#[test]
#[ignore = "known failure: a tone above the highest bin costs 0.8 dB of 33.5, and 28 dB above the notes 18 to 21"]
fn tones_above_the_highest_bin_cost_nothing() {
    let losses: Vec<String> = [0.02, 0.5].into_iter().flat_map(|amplitude| losses_to_tones(amplitude, 0.3)).collect();
    assert!(losses.is_empty(), "{losses:#?}");
}
