//! The golden tests' sounds, as `xtask/goldens.py` makes them: 16-bit integers by formula.

use std::f64::consts::TAU;

use super::noise::noise;

/// `n` samples of the sound `name`: `noise`, `sweep` or `music`.
pub(crate) fn sound(name: &str, n: usize) -> Vec<i16> {
    let samples = match name {
        "noise" => noise(n, 7),
        "sweep" => sweep(n),
        "music" => music(n),
        other => panic!("no sound is called {other}"),
    };
    samples.iter().map(|value| (value * 32768.0 + 0.5).floor() as i16).collect()
}

/// A sine whose frequency rises from 0.0015 to 0.4 cycles a sample, by the same ratio in the
/// same time.
fn sweep(n: usize) -> Vec<f64> {
    let ratio = (0.4f64 / 0.0015).ln();
    let cycles = |i: usize| 0.0015 * n as f64 / ratio * ((i as f64 / n as f64 * ratio).exp() - 1.0);
    (0..n).map(|i| (TAU * cycles(i)).sin() / 2.0).collect()
}

/// Eight tones of six decaying harmonics each, one begun every `n / 8` samples, and a click
/// inside each.
fn music(n: usize) -> Vec<f64> {
    let mut y = vec![0.0; n];
    for (note, semitones) in [0.0, 7.0, 12.0, 16.0, 19.0, 24.0, 28.0, 31.0f64].into_iter().enumerate() {
        let onset = note * (n / 8);
        for harmonic in 1..=6 {
            let harmonic = f64::from(harmonic);
            let cycles = 110.0 / 22050.0 * (semitones / 12.0).exp2() * harmonic;
            for (t, value) in y[onset..].iter_mut().enumerate() {
                let decay = (-(t as f64) * harmonic / 3300.0).exp();
                *value += 0.15 / harmonic * decay * (TAU * cycles * t as f64).sin();
            }
        }
        y[onset + n / 16] += 0.25;
    }
    y
}
