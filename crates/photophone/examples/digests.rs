//! Digests of 40 recovered sounds, one a line, to compare two commits bit by bit on one machine.
//!
//! Ten grids, each drawn and recovered from its picture and phase, from the picture alone, and from its coefficients by
//! either inverse. `cargo xtask digests COMMIT` runs this here and at a commit, by that commit's own copy where it has one.
//! FFTs round by processor, so the digests themselves are kept nowhere.

use std::f64::consts::TAU;
use std::ops::ControlFlow;

use photophone::files::Sound;
use photophone::transform::{Cqt, CqtParams, Gamma, LibrosaVersion, PadMode, Window};
use photophone::{DrawOptions, Error, Inverse, InvertOptions, Recipe, RecoverOptions, draw, invert, recover};
use sha2::{Digest, Sha256};

const SAMPLES: usize = 16_000;

/// Gliding partials, a click and hiss: something for every step to do.
fn sound(rate_hz: f64) -> Vec<f64> {
    let mut state = 1u64;
    (0..SAMPLES)
        .map(|i| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let hiss = (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
            let secs = i as f64 / rate_hz;
            let partial = |h: f64| (TAU * h * (210.0 * secs + 90.0 * secs * secs)).sin() / h;
            let click = if i == SAMPLES / 3 { 0.5 } else { 0.0 };
            0.3 * (partial(1.0) + partial(2.0) + partial(5.0)) + click + 0.01 * hiss
        })
        .collect()
}

/// Every release, pad mode and kind of window; grids that carry their bins and grids that do not.
fn grids() -> Vec<CqtParams> {
    let usual = CqtParams { bins: 60, fmin_hz: 65.0, hop: 256, ..CqtParams::default() };
    vec![
        usual,
        CqtParams { hop: 512, ..usual },
        CqtParams { sr: 44_100.0, bins: 72, hop: 512, ..usual },
        CqtParams { pad_mode: PadMode::Reflect, librosa: LibrosaVersion::V0_6, hop: 512, ..usual },
        CqtParams { pad_mode: PadMode::Reflect, librosa: LibrosaVersion::V0_8, ..usual },
        CqtParams { librosa: LibrosaVersion::V0_9, hop: 300, ..usual },
        CqtParams { librosa: LibrosaVersion::V1_0, pad_mode: PadMode::Edge, ..usual },
        CqtParams { gamma: Gamma::Erb, ..usual },
        CqtParams { bins_per_octave: 24, bins: 96, window: Window::Blackman, ..usual },
        CqtParams { filter_scale: 0.5, scale: false, pad_mode: PadMode::Symmetric, ..usual },
    ]
}

/// The recipe in its flat form, which commits before its sections read too.
fn recipe(params: &CqtParams) -> Recipe {
    let CqtParams { sr, hop, bins, bins_per_octave, gamma, filter_scale, window, scale, pad_mode, librosa, .. } =
        params;
    let recipe = serde_json::json!({
        "sr": sr, "hop": hop, "bins": bins, "bins-per-octave": bins_per_octave, "fmin": params.fmin_hz, "gamma": gamma,
        "filter-scale": filter_scale, "window": window, "scale": scale, "pad-mode": pad_mode, "librosa": librosa,
    });
    serde_json::from_value(recipe).expect("the fields are a recipe's")
}

fn digest(samples: &[f64]) -> String {
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_bits().to_le_bytes()).collect();
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// The four sounds of a grid.
fn sounds(params: &CqtParams) -> Result<[(&'static str, Vec<f64>); 4], Error> {
    let go = |_| ControlFlow::Continue(());
    let x = sound(params.sr);
    let options = DrawOptions { recipe: recipe(params), ..DrawOptions::default() };
    let drawn = draw(&Sound::from_mono(params.sr as u32, &x), &options)?;
    let from = |phase| -> Result<Vec<f64>, Error> {
        let options =
            RecoverOptions { input: drawn.to_input()?, phase, despite_doubt: true, ..RecoverOptions::default() };
        Ok(recover(&options, go)?.sound.mixed_to_mono())
    };
    let coefficients = Cqt::new(params, SAMPLES)?.forward(&x)?;
    let by = |inverse| -> Result<Vec<f64>, Error> {
        let options = InvertOptions { inverse: Some(inverse), ..InvertOptions::default() };
        Ok(invert(params, &coefficients, &options, go)?.samples)
    };
    Ok([
        ("picture and phase", from(drawn.phase_input())?),
        ("picture", from(None)?),
        ("coefficients, linear", by(Inverse::Linear)?),
        ("coefficients, adaptive", by(Inverse::Adaptive)?),
    ])
}

#[expect(clippy::print_stdout, reason = "the digests are this program's data")]
fn main() -> Result<(), Error> {
    for (index, params) in grids().iter().enumerate() {
        for (what, samples) in sounds(params)? {
            println!("{} grid {index}, {what}", digest(&samples));
        }
    }
    Ok(())
}
