//! What a group of sounds comes back as, one figure or reading a line, to compare values of a threshold.
//!
//! `cargo xtask sweep NAME` runs this once for each value. The groups are `low` (sound below the bins of exact coefficients),
//! `exact` (the linear inverse), `adaptive` (grids that undersample), `pictures` (drawn, damaged and recovered with their
//! phase), `magnitudes` (without it), `found` (what made the coefficients) and `readings` (what is said of pictures). The
//! second argument may name the folder of the gallery, whose clips are then sounds too, and whose pictures are read. A line is `NAME: FIGURE dB` or `NAME: WORD`.

mod readings;

use std::error::Error;
use std::f64::consts::TAU;
use std::ops::ControlFlow;
use std::path::Path;

use jpeg_encoder::{ColorType, Encoder};
use photophone::clip::demo_clip;
use photophone::compare::{CompareOptions, Comparison, Mono, compare};
use photophone::files::{Sound, SoundReadOptions, read_sound};
use photophone::spectrum::LevelScale;
use photophone::transform::{Cqt, CqtParams, PadMode};
use photophone::{
    DrawOptions, Drawn, Input, Inverse, InvertOptions, PictureRecipe, Pitch, Recipe, RecoverOptions, Recovered,
    SoundRecipe, TransformRecipe, Tuning, draw, invert, recover,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SR: f64 = 22_050.0;

/// A second: a group takes some seconds.
const SAMPLES: usize = 22_050;

const GALLERY: [&str; 3] = ["trumpet", "libri1", "vibeace"];

/// A sound with a name.
type Named = (String, Vec<f64>);

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let group = arguments.next().ok_or("which group?")?;
    let gallery = arguments.next();
    let sounds = sounds(gallery.as_deref().map(Path::new))?;
    match group.as_str() {
        "low" => low(&sounds),
        "exact" => exact(&sounds),
        "adaptive" => adaptive(&sounds),
        "pictures" => pictures(&sounds),
        "magnitudes" => magnitudes(&sounds),
        "found" => found(&sounds),
        "readings" => readings::readings(&sounds, gallery.as_deref().map(Path::new)),
        _ => Err(format!("there is no group {group}").into()),
    }
}

#[expect(clippy::print_stdout, reason = "the figures are this program's data")]
fn figure(name: &str, db: f64) {
    println!("{name}: {db:.3} dB");
}

#[expect(clippy::print_stdout, reason = "the readings are this program's data")]
fn reading(name: &str, word: &str) {
    println!("{name}: {word}");
}

/// Music with drums and a voice, notes, noise and clicks; and the gallery's clips.
fn sounds(gallery: Option<&Path>) -> Result<Vec<Named>> {
    let demo: Vec<f64> = demo_clip(SR as u32).iter().map(|&x| f64::from(x)).skip(9000).take(SAMPLES).collect();
    let hiss = noise(SAMPLES);
    let clicks = (0..SAMPLES).map(|i| f64::from(u8::from(i % 3001 == 700)) + 1e-3 * hiss[i]).collect();
    let mut sounds = vec![("music", demo), ("notes", notes()), ("noise", hiss.iter().map(|x| 0.1 * x).collect())];
    sounds.push(("clicks", clicks));
    let mut sounds: Vec<Named> = sounds.into_iter().map(|(name, x)| (name.to_owned(), x)).collect();
    for clip in gallery.into_iter().flat_map(|_| GALLERY) {
        let path = gallery.unwrap_or(Path::new("")).join(clip).join("truth22k.wav");
        let x = read_sound(&path, SoundReadOptions::default())?.mixed_to_mono();
        sounds.push((format!("gallery's {clip}"), x.into_iter().skip(11_025).take(SAMPLES).collect()));
    }
    Ok(sounds)
}

/// Two notes with five harmonics each, that swell and fade.
fn notes() -> Vec<f64> {
    let note = |hz: f64, secs: f64| (1..=5).map(|h| (TAU * hz * f64::from(h) * secs).sin() / f64::from(h)).sum::<f64>();
    let at = |i: usize| {
        let secs = i as f64 / SR;
        let swell = (0.5 * TAU * i as f64 / SAMPLES as f64).sin();
        0.3 * swell * if secs < 0.5 { note(233.1, secs) } else { note(311.1, secs) }
    };
    (0..SAMPLES).map(at).collect()
}

/// White noise, uniform in -1 to 1 (`SplitMix64`).
fn noise(count: usize) -> Vec<f64> {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

fn go<T>(_: T) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn band_of(params: &CqtParams) -> (f64, f64) {
    let highest = (params.bins - 1) as f64 / params.bins_per_octave as f64;
    (params.fmin_hz, params.fmin_hz * highest.exp2())
}

/// How a result compares with the truth within the bins.
fn compared(params: &CqtParams, truth: &[f64], result: &[f64]) -> Result<Comparison> {
    let mono = |samples| Mono { samples, sample_rate_hz: params.sr as u32 };
    let options = CompareOptions { band_hz: Some(band_of(params)), ..CompareOptions::default() };
    Ok(compare(mono(truth), mono(result), &options)?)
}

/// What comes back of exact coefficients of which the ends are told.
fn inverted(params: &CqtParams, x: &[f64], inverse: Inverse) -> Result<Vec<f64>> {
    let coefficients = Cqt::new(params, x.len())?.forward(x)?;
    let pad_mode = Some(params.pad_mode);
    let options = InvertOptions { pad_mode, length: Some(x.len()), inverse: Some(inverse), ..InvertOptions::default() };
    Ok(invert(params, &coefficients, &options, go)?.samples)
}

/// From A2 to 1175 Hz: the frames carry bins up to 1450 Hz.
fn carried() -> CqtParams {
    CqtParams { sr: SR, fmin_hz: 110.0, bins: 42, hop: 256, pad_mode: PadMode::Reflect, ..CqtParams::default() }
}

/// An offset, hum and rumble below the bins, quiet and loud beside what is in them.
fn low(sounds: &[Named]) -> Result<()> {
    let rumble = |hz: f64, loud: f64| move |secs: f64| loud * (TAU * hz * secs + 0.4).sin();
    let added: [(&str, &dyn Fn(f64) -> f64); 5] = [
        ("alone", &|_| 0.0),
        ("with an offset of 0.02", &|_| 0.02),
        ("with an offset of 0.5", &|_| 0.5),
        ("with a hum of 50 Hz", &rumble(50.0, 0.05)),
        ("with a loud rumble of 18 Hz", &rumble(18.0, 4.0)),
    ];
    let params = carried();
    for (name, clean) in sounds.iter().filter(|(name, _)| name != "clicks" && name != "noise") {
        for (what, added) in added {
            let x: Vec<f64> = clean.iter().enumerate().map(|(i, x)| x + added(i as f64 / SR)).collect();
            let back = inverted(&params, &x, Inverse::Linear)?;
            // A window leaves what is wrong within the bins: an error below them that ends in a step has all frequencies.
            let windowed = |x: &[f64]| -> Vec<f64> {
                let fade = |i: usize| 0.5 - 0.5 * (TAU * i as f64 / SAMPLES as f64).cos();
                x.iter().enumerate().map(|(i, x)| x * fade(i)).collect()
            };
            figure(&format!("{name} {what}"), compared(&params, &windowed(&x), &windowed(&back))?.snr_db);
        }
    }
    Ok(())
}

/// The linear inverse where frames carry every bin, and where they do not.
fn exact(sounds: &[Named]) -> Result<()> {
    let dense = CqtParams { hop: 128, ..carried() };
    let grids = [("a grid that carries all", carried()), ("a dense grid", dense), ("few frames", few_frames())];
    for (grid, params) in grids {
        for (name, x) in sounds {
            let back = inverted(&params, x, Inverse::Linear)?;
            figure(&format!("{name}, {grid}"), compared(&params, x, &back)?.snr_db);
        }
    }
    Ok(())
}

/// As the example grid, at half its rate: frames carry the bins up to 720 Hz of 3950.
fn few_frames() -> CqtParams {
    CqtParams { sr: SR, hop: 512, pad_mode: PadMode::Reflect, ..CqtParams::default() }
}

fn adaptive(sounds: &[Named]) -> Result<()> {
    let fine = CqtParams { bins: 120, bins_per_octave: 24, fmin_hz: 65.4, ..few_frames() };
    for (grid, params) in [("12 bins an octave", few_frames()), ("24 bins an octave", fine)] {
        for (name, x) in sounds {
            let back = inverted(&params, x, Inverse::Adaptive)?;
            figure(&format!("{name}, {grid}"), compared(&params, x, &back)?.snr_db);
        }
    }
    Ok(())
}

fn recipe(params: &CqtParams) -> Recipe {
    Recipe::from(TransformRecipe {
        sr: Some(params.sr),
        hop: Some(params.hop),
        fmin: Some(Pitch(params.fmin_hz)),
        bins: Some(params.bins),
        pad_mode: Some(params.pad_mode),
        ..TransformRecipe::default()
    })
}

fn drawn(params: &CqtParams, x: &[f64], levels: LevelScale, cell_width_px: usize) -> Result<Drawn> {
    drawn_with(params, x, PictureRecipe { levels: Some(levels), ..PictureRecipe::default() }, cell_width_px)
}

fn drawn_with(params: &CqtParams, x: &[f64], picture: PictureRecipe, cell_width_px: usize) -> Result<Drawn> {
    let recipe = Recipe { picture, ..recipe(params) };
    let options = DrawOptions { recipe, cell_width_px, cell_height_px: 3, ..DrawOptions::default() };
    Ok(draw(&Sound::from_mono(params.sr as u32, x), &options)?)
}

/// What comes back of a drawn picture, or of another in its place.
fn recovered(drawn: &Drawn, input: Input, phase: Option<Input>) -> Result<Recovered> {
    let recipe = drawn.recipe.clone();
    let options = RecoverOptions { input, phase, recipe, despite_doubt: true, ..RecoverOptions::default() };
    Ok(recover(&options, go)?)
}

fn jpeg(drawn: &Drawn, quality: u8) -> Result<Input> {
    let mut bytes = Vec::new();
    let rgb: Vec<u8> = drawn.raster.pixels().iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    let (width, height) = (u16::try_from(drawn.raster.width())?, u16::try_from(drawn.raster.height())?);
    Encoder::new(&mut bytes, quality).encode(&rgb, width, height, ColorType::Rgb)?;
    Ok(Input::Bytes { name: "the picture".to_owned(), bytes })
}

/// Pictures as drawn and as JPEGs, in decibels and linear, with their phase.
fn pictures(sounds: &[Named]) -> Result<()> {
    let params = few_frames();
    let decibels = LevelScale::Db { low: -80.0, high: 0.0 };
    for (name, x) in sounds.iter().filter(|(name, _)| name != "clicks" && name != "noise") {
        for (scale, levels) in [("dB", decibels), ("linear", LevelScale::Linear)] {
            let drawn = drawn(&params, x, levels, 2)?;
            for (kind, input) in [("PNG", drawn.to_input()?), ("JPEG 75", jpeg(&drawn, 75)?)] {
                let result = recovered(&drawn, input, drawn.phase_input())?;
                let compared = compared(&params, x, &result.sound.mixed_to_mono())?;
                figure(&format!("{name}, {scale}, {kind}"), compared.si_sdr_db);
            }
        }
    }
    Ok(())
}

/// The same pictures without phase: minus the spectral convergence.
fn magnitudes(sounds: &[Named]) -> Result<()> {
    for (grid, params) in [("a grid that carries all", carried()), ("few frames", few_frames())] {
        for (name, x) in sounds {
            let values = Cqt::new(&params, x.len())?.forward(x)?.map(|value| value.norm());
            let recipe =
                Recipe { sound: SoundRecipe { length: Some(x.len()), ..SoundRecipe::default() }, ..recipe(&params) };
            let input = Input::real("the magnitudes", &values);
            let options = RecoverOptions { input, recipe, despite_doubt: true, ..RecoverOptions::default() };
            let result = recover(&options, go)?;
            let compared = compared(&params, x, &result.sound.mixed_to_mono())?;
            figure(&format!("{name}, {grid}"), -compared.stft_sc_db);
        }
    }
    Ok(())
}

/// Tuning, pad mode and length that exact coefficients tell, long and short.
fn found(sounds: &[Named]) -> Result<()> {
    let modes = [PadMode::Constant, PadMode::Reflect, PadMode::Edge, PadMode::Symmetric];
    let cases = [(SAMPLES, 512), (3000, 256), (1500, 128)];
    // Each is looked for at length.
    for (index, (name, x)) in sounds.iter().take(4).enumerate() {
        for (at, &(samples, hop)) in cases.iter().enumerate() {
            let (pad_mode, tuning) = (modes[(index + at) % 4], [0.0, 0.31, -0.12][at]);
            let params = CqtParams { sr: SR, hop, pad_mode, tuning, ..CqtParams::default() };
            let x = &x[..samples];
            let coefficients = Cqt::new(&params, samples)?.forward(x)?;
            let recipe = Recipe::from(TransformRecipe {
                sr: Some(SR),
                hop: Some(hop),
                tuning: Some(Tuning::Auto),
                ..TransformRecipe::default()
            });
            let input = Input::complex("the coefficients", coefficients);
            let options = RecoverOptions { input, recipe, ..RecoverOptions::default() };
            let report = recover(&options, go)?.report;
            let truth =
                [("pad-mode", serde_json::to_value(pad_mode)?), ("length", samples.into()), ("tuning", tuning.into())];
            for (what, truth) in truth {
                let entry = report.findings.iter().find(|entry| entry.name == what).ok_or(what)?;
                let word = if is_same(&entry.value, &truth) { "right".to_owned() } else { entry.value.to_string() };
                reading(&format!("{what} of {name}, {samples} samples by {pad_mode:?}"), &word);
            }
        }
    }
    Ok(())
}

/// Tunings are right to half a step of librosa's raster.
fn is_same(found: &serde_json::Value, truth: &serde_json::Value) -> bool {
    match (found.as_f64(), truth.as_f64()) {
        (Some(found), Some(truth)) => (found - truth).abs() < 0.0051,
        _ => found == truth,
    }
}
