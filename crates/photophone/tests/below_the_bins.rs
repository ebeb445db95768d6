//! What lies below the bins costs the sound within them nothing, however loud or quiet it is beside them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::ops::ControlFlow;

use num_complex::Complex;
use photophone::invert;
use photophone::transform::{Cqt, CqtParams, PadMode};
use photophone::{Inverse, InvertOptions};

const SR: f64 = 22_050.0;
const SAMPLES: usize = 2 * 22_050;
const FMIN_HZ: f64 = 110.0;

fn notes() -> Vec<f64> {
    let note = |hz: f64, secs: f64| (1..=5).map(|h| (TAU * hz * f64::from(h) * secs).sin() / f64::from(h)).sum::<f64>();
    (0..SAMPLES)
        .map(|i| {
            let secs = i as f64 / SR;
            let swell = (0.5 * TAU * i as f64 / SAMPLES as f64).sin();
            0.3 * swell * if secs < 0.9 { note(233.1, secs) } else { note(311.1, secs) }
        })
        .collect()
}

/// Energy from the lowest bin to the highest, where each is heard: by the bank itself.
fn energy(plan: &Cqt, x: &[f64]) -> f64 {
    plan.forward(x).unwrap().as_slice().iter().map(Complex::norm_sqr).sum()
}

/// SNR within the bins of what comes back of a sound with something added, in dB.
fn snr_db(inverse: Inverse, clean: &[f64], added: &dyn Fn(f64) -> f64) -> f64 {
    let params = CqtParams { sr: SR, fmin_hz: FMIN_HZ, bins: 48, pad_mode: PadMode::Reflect, ..CqtParams::default() };
    let plan = Cqt::new(&params, SAMPLES).unwrap();
    let x: Vec<f64> = clean.iter().enumerate().map(|(i, x)| x + added(i as f64 / SR)).collect();
    let options = InvertOptions {
        pad_mode: Some(PadMode::Reflect),
        length: Some(SAMPLES),
        inverse: Some(inverse),
        ..InvertOptions::default()
    };
    let back = invert(&params, &plan.forward(&x).unwrap(), &options, |_| ControlFlow::Continue(())).unwrap();
    // A window leaves what is wrong within the bins: an error at the ends that is below them spreads over all of them.
    let windowed = |i: usize, value: f64| value * (0.5 - 0.5 * (TAU * i as f64 / SAMPLES as f64).cos());
    let error: Vec<f64> = x.iter().zip(&back.samples).enumerate().map(|(i, (x, y))| windowed(i, x - y)).collect();
    let clean: Vec<f64> = clean.iter().enumerate().map(|(i, x)| windowed(i, *x)).collect();
    10.0 * (energy(&plan, &clean) / energy(&plan, &error)).log10()
}

/// What an offset adds to the error lies 83 dB below the sound: it would take 0.3 dB of 71.5, which is what the inverses
/// came to before the data were whitened.
#[test]
fn of_exact_coefficients_it_costs_nothing() {
    let clean = notes();
    let error = |snr_db: f64| 10f64.powf(-0.1 * snr_db);
    let most = error(71.5 - 0.3) - error(71.5);
    for inverse in [Inverse::Linear, Inverse::Adaptive] {
        let without = snr_db(inverse, &clean, &|_| 0.0);
        for offset in [0.01, 0.1, 0.5] {
            let with = snr_db(inverse, &clean, &|_| offset);
            assert!(
                without > 71.5 && error(with) < error(without) + most,
                "{offset}, {inverse:?}: {with:.2} of {without:.2} dB"
            );
        }
    }
}

/// The octaves below the first see an offset end in a step, as if the last sample went on: the whole of a long sound has
/// to be asked.
#[test]
fn an_offset_does_not_hide_how_a_long_sound_was_padded() {
    let samples = 70_000;
    let x: Vec<f64> = notes().into_iter().cycle().take(samples).map(|x| 0.1 * x + 0.5).collect();
    for pad_mode in [PadMode::Constant, PadMode::Reflect] {
        let params = CqtParams { sr: SR, fmin_hz: FMIN_HZ, bins: 48, pad_mode, ..CqtParams::default() };
        let data = Cqt::new(&params, samples).unwrap().forward(&x).unwrap();
        let options =
            InvertOptions { length: Some(samples), inverse: Some(Inverse::Linear), ..InvertOptions::default() };
        let back = invert(&params, &data, &options, |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(back.pad_mode, pad_mode);
        assert!(back.residual_db < -40.0, "{pad_mode:?}: {:.1} dB", back.residual_db);
    }
}
