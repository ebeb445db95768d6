//! Numbers that are of no sound give none unasked, and what lawful work leaves of a sound's magnitudes does.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::ops::ControlFlow;

use num_complex::Complex;
use photophone::spectrum::Plane;
use photophone::transform::retrieval::PhaseMethod;
use photophone::transform::{Cqt, CqtParams};
use photophone::{Error, Input, Recipe, RecoverOptions, Recovered, TransformRecipe, recover};

const SAMPLES: usize = 3 * 22_050;
const BINS: usize = 84;

fn recovered(input: Input, despite_doubt: bool) -> Result<Recovered, Error> {
    let recipe = Recipe::from(TransformRecipe {
        sr: Some(22_050.0),
        tuning: Some("0".parse().unwrap()),
        ..TransformRecipe::default()
    });
    let phase_method = PhaseMethod::HeapIntegration;
    let options =
        RecoverOptions { input, recipe, despite_doubt, phase_method, max_iterations: 1, ..RecoverOptions::default() };
    recover(&options, |_| ControlFlow::Continue(()))
}

fn pseudo_random(i: usize) -> f64 {
    let mixed = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f64 / (1u64 << 24) as f64
}

/// Notes of a few harmonics, with some noise.
fn melody() -> Vec<f64> {
    (0..SAMPLES)
        .map(|i| {
            let (secs, note) = (i as f64 / 22_050.0, i / 7_000);
            let hz = 110.0 * ((note * 5 % 12) as f64 / 12.0).exp2();
            let tone: f64 = (1..=5).map(|h| (TAU * hz * f64::from(h) * secs).sin() / f64::from(h)).sum();
            0.2 * tone * (-3.0 * (i % 7_000) as f64 / 22_050.0).exp() + 0.01 * (pseudo_random(i) - 0.5)
        })
        .collect()
}

fn sounds() -> [(&'static str, Vec<f64>); 4] {
    let tone = (0..SAMPLES).map(|i| (TAU * 440.0 * i as f64 / 22_050.0).sin()).collect();
    let clicks = (0..SAMPLES).map(|i| f64::from(u8::from(i % 15_013 == 4000))).collect();
    let noise = (0..SAMPLES).map(|i| pseudo_random(i) - 0.5).collect();
    [("a melody", melody()), ("a tone", tone), ("clicks", clicks), ("noise", noise)]
}

fn coefficients(samples: &[f64]) -> Plane<Complex<f64>> {
    Cqt::new(&CqtParams::default(), samples.len()).unwrap().forward(samples).unwrap()
}

/// What people do to magnitudes before they listen to them.
fn worked_on(magnitudes: &Plane<f64>) -> Vec<(&'static str, Plane<f64>)> {
    let (bins, frames) = magnitudes.shape();
    let top = magnitudes.as_slice().iter().copied().fold(0.0, f64::max);
    let of_cells =
        |work: &dyn Fn(usize, usize, f64) -> f64| Plane::from_fn(bins, frames, |k, t| work(k, t, magnitudes[(k, t)]));
    vec![
        ("as it is", magnitudes.clone()),
        ("in single precision", of_cells(&|_, _, value| f64::from(value as f32))),
        ("in steps of 8 bits", of_cells(&|_, _, value| (255.0 * value / top).round())),
        ("in steps of 16 bits", of_cells(&|_, _, value| (65_535.0 * value / top).round())),
        ("silent below a threshold", of_cells(&|_, _, value| if value < 0.01 * top { 0.0 } else { value })),
        ("with a stretch muted", of_cells(&|_, t, value| if (40..70).contains(&t) { 0.0 } else { value })),
        (
            "with a block muted",
            of_cells(&|k, t, v| if (20..40).contains(&k) && (30..90).contains(&t) { 0.0 } else { v }),
        ),
        ("without its low octaves", of_cells(&|k, _, value| if k < 30 { 0.0 } else { value })),
        ("louder from bin to bin", of_cells(&|k, _, value| value * (0.1 + 0.03 * k as f64))),
        ("fading", of_cells(&|_, t, value| value * (1.0 - 0.9 * t as f64 / frames as f64))),
    ]
}

#[test]
fn lawful_magnitudes_give_a_sound() {
    for (name, samples) in sounds() {
        let magnitudes = coefficients(&samples).map(|value| value.norm());
        for (work, plane) in worked_on(&magnitudes) {
            let result = recovered(Input::real("the magnitudes", &plane), false);
            assert!(result.is_ok(), "{name} {work}: {}", result.unwrap_err());
        }
    }
}

#[test]
fn lawful_coefficients_give_a_sound() {
    let plane = coefficients(&melody());
    let (bins, frames) = plane.shape();
    let muted =
        Plane::from_fn(bins, frames, |k, t| if (20..40).contains(&k) { Complex::new(0.0, 0.0) } else { plane[(k, t)] });
    let louder = Plane::from_fn(bins, frames, |k, t| plane[(k, t)] * if t % 50 < 25 { 3.0 } else { 1.0 });
    for plane in [plane, muted, louder] {
        assert!(recovered(Input::complex("the coefficients", plane), false).is_ok());
    }
}

#[test]
fn numbers_of_no_sound_give_none_unasked() {
    let plane = |value: &dyn Fn(usize, usize) -> f64| Plane::from_fn(BINS, 130, value);
    let melody = coefficients(&melody()).map(|value| value.norm());
    let top = melody.as_slice().iter().copied().fold(0.0, f64::max);
    let levels = melody.map(|&value| (80.0 + 20.0 * (value / top).max(1e-4).log10()).max(0.0));
    for (name, plane) in [
        ("random numbers", plane(&|k, t| pseudo_random(200 * k + t))),
        ("a chequered pattern", plane(&|k, t| 0.1 + ((k / 3 + t / 3) % 2) as f64)),
        ("a gradient", plane(&|k, t| (1 + k + t) as f64)),
        ("a constant", plane(&|_, _| 1.0)),
        ("an image", plane(&|k, t| 1.0 + (k as f64 / 7.0).sin() * (t as f64 / 9.0).cos())),
        ("rows in disorder", Plane::from_fn(BINS, melody.columns(), |k, t| melody[(k * 37 % BINS, t)])),
        ("decibels taken for magnitudes", levels),
    ] {
        let input = || Input::real("the magnitudes", &plane);
        match recovered(input(), false) {
            Err(Error::Doubtful { doubts, .. }) => assert!(doubts.contains("no constant-Q array"), "{doubts}"),
            other => panic!("{name}: {:?}", other.map(|result| result.report.warnings)),
        }
        assert!(!recovered(input(), true).unwrap().report.warnings.is_empty(), "{name}");
    }
}
