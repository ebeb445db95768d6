//! What is read with doubt is said to be doubtful, and no sound is made of it unasked.

mod common;

use common::{Folder, RATE_HZ, npy, wav_float};
use photophone::picture::{PaintOptions, Raster, paint};
use photophone::spectrum::Plane;
use serde_json::Value;

/// A picture without a recipe, of levels in the default palette.
fn put_picture(folder: &Folder, name: &str, levels: &Plane<f64>) {
    let options = PaintOptions { cell_width_px: 4, cell_height_px: 4, ..PaintOptions::default() };
    let raster: Raster = paint(levels, &options).expect("painted");
    photophone::files::write_raster(&folder.path(name), &raster, &[], &[]).expect("written");
}

fn finding(report: &Value, name: &str) -> Value {
    let lines = report["findings"].as_array().expect("findings");
    lines.iter().find(|line| line["name"] == name).cloned().unwrap_or_default()
}

fn inspected(folder: &Folder, name: &str) -> Value {
    serde_json::from_str(&folder.succeed(&["inspect", name, "--json"])).expect("JSON")
}

fn pseudo_random(k: usize, t: usize) -> f64 {
    let mixed = (k as u64 * 7919 + t as u64 * 104_729 + 11).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40) as f64 / (1u64 << 24) as f64
}

/// Pictures that are of no sound.
fn foreign() -> [(&'static str, Plane<f64>); 5] {
    let code = Plane::from_fn(29, 29, |k, t| f64::from(u8::from(pseudo_random(k, t) > 0.5)));
    let confusion = Plane::from_fn(12, 12, |k, t| if k == t { 0.9 } else { 0.2 * pseudo_random(k, t) });
    let path = |i: usize| (i as f64 / 6.0).sin() + i as f64 / 50.0;
    let similarity = Plane::from_fn(70, 70, |k, t| 1.0 - 0.4 * (path(k) - path(t)).abs());
    let heat = Plane::from_fn(50, 90, |k, t| 0.5 + 0.45 * (k as f64 / 8.0).cos() * (t as f64 / 8.0).sin());
    let random = Plane::from_fn(40, 60, pseudo_random);
    [("code", code), ("confusion", confusion), ("similarity", similarity), ("heat", heat), ("random", random)]
}

#[test]
fn what_is_no_spectrogram_is_said_to_be_none_and_gives_no_sound_unasked() {
    let folder = Folder::new();
    for (name, levels) in foreign() {
        let file = format!("{name}.png");
        put_picture(&folder, &file, &levels);
        let told = inspected(&folder, &file);
        assert_eq!(finding(&told, "kind")["value"], "no constant-Q spectrogram with these bins", "{name}: {told}");
        assert!(told["warnings"][0].as_str().expect("a warning").contains("no constant-Q"), "{told}");
        let output = folder.run(&["recover", &file, "-o", "x.wav"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}: {stderr}");
        assert!(stderr.contains("less than half sure") && stderr.contains("--despite-doubt"), "{name}: {stderr}");
        assert!(!folder.path("x.wav").exists());
    }
    folder.succeed(&["recover", "code.png", "-o", "x.wav", "--despite-doubt", "--iterations", "1"]);
    assert!(folder.path("x.wav").exists());
}

#[test]
fn a_constant_q_picture_is_one_with_and_without_its_recipe() {
    let folder = Folder::with_picture();
    assert_eq!(finding(&inspected(&folder, "t.png"), "kind")["value"], "constant-Q spectrogram");
    // Without recipe and phase.
    let decoded =
        photophone::files::read_picture(&folder.path("t.png"), photophone::files::PictureReadOptions::default());
    let raster = decoded.expect("read").into_raster(&folder.path("t.png")).expect("pixels");
    photophone::files::write_raster(&folder.path("bare.png"), &raster, &[], &[]).expect("written");
    let told = inspected(&folder, "bare.png");
    assert_eq!(finding(&told, "kind")["value"], "constant-Q spectrogram", "{told}");
    folder.succeed(&["recover", "bare.png", "-o", "x.wav", "--iterations", "1"]);
}

#[test]
fn more_rows_than_bins_fit_is_said_by_both_numbers() {
    let folder = Folder::new();
    let numbers = |rows: usize| npy("<f4", (rows, 30), &1f32.to_le_bytes().repeat(rows * 30));
    folder.put("a.npy", &numbers(1025));
    let output = folder.run(&["recover", "a.npy", "-o", "x.wav"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    for part in ["1025 rows", "at most 101", "no constant-Q picture with these bins", "STFT or mel"] {
        assert!(stderr.contains(part), "'{part}' not in {stderr}");
    }
}

#[test]
fn an_edit_that_is_told_is_no_misfit_and_one_that_is_not_names_the_cure() {
    let folder = Folder::with_picture();
    let path = folder.path("t.png");
    let decoded =
        photophone::files::read_picture(&path, photophone::files::PictureReadOptions::default()).expect("read");
    let texts = decoded.text.clone();
    let raster = decoded.into_raster(&path).expect("pixels");
    // A stripe over a third of the picture, louder than all of the sound.
    let loud = [252, 253, 191, 255];
    let (width, height) = (raster.width(), raster.height());
    let stripe = (height / 4)..(height / 2);
    let edited = Raster::from_fn(width, height, |x, y| {
        if stripe.contains(&y) && x > width / 3 && x < 2 * width / 3 { loud } else { raster.pixel(x, y) }
    });
    photophone::files::write_raster(&folder.path("edited.png"), &edited.expect("pixels"), &texts, &[])
        .expect("written");
    std::fs::copy(folder.path("t.phase.npy"), folder.path("edited.phase.npy")).expect("copied");
    let warnings = |more: &[&str]| {
        let recover =
            ["recover", "edited.png", "--phase", "t.phase.npy", "-o", "x.wav", "--report", "report.json", "--force"];
        folder.succeed(&[&recover, more].concat());
        let report: Value = serde_json::from_slice(&folder.bytes("report.json")).expect("JSON");
        report["warnings"].as_array().expect("warnings").clone()
    };
    let untold = warnings(&[]);
    let text = untold[0].as_str().expect("text");
    assert!(text.contains("--original") && text.contains("--mask") && !text.contains("--hop"), "{text}");
    assert_eq!(warnings(&["--original", "t.png"]), Vec::<Value>::new());
}

/// The demo clip's picture as pixels, without recipe and phase.
fn bare_demo(folder: &Folder) -> Raster {
    folder.put("d.wav", &wav_float(&photophone::clip::demo_clip(RATE_HZ)));
    folder.succeed(&["draw", "d.wav"]);
    let path = folder.path("d.png");
    let decoded =
        photophone::files::read_picture(&path, photophone::files::PictureReadOptions::default()).expect("read");
    decoded.into_raster(&path).expect("pixels")
}

#[test]
fn rows_from_the_top_are_told_by_the_sound() {
    let folder = Folder::new();
    let raster = bare_demo(&folder);
    let (width, height) = (raster.width(), raster.height());
    let flipped = Raster::from_fn(width, height, |x, y| raster.pixel(x, height - 1 - y)).expect("pixels");
    photophone::files::write_raster(&folder.path("flipped.png"), &flipped, &[], &[]).expect("written");
    let told = inspected(&folder, "flipped.png");
    let turned = finding(&told, "orientation");
    assert_eq!((&turned["value"], &turned["source"]), (&Value::from("flip vertical"), &Value::from("read")), "{told}");
    assert_eq!(finding(&told, "kind")["value"], "constant-Q spectrogram");
    // Unturned, it was never measured.
    photophone::files::write_raster(&folder.path("upright.png"), &raster, &[], &[]).expect("written");
    let upright = finding(&inspected(&folder, "upright.png"), "orientation");
    assert_eq!((&upright["value"], &upright["source"]), (&Value::from("flip none"), &Value::from("assumed")));
}

/// Drawn over another range than it is read in, a sound's picture looks like that of no sound.
#[test]
fn the_range_of_decibels_is_told_by_the_sound() {
    let folder = Folder::new();
    folder.put("d.wav", &wav_float(&photophone::clip::demo_clip(RATE_HZ)));
    for range in [80, 60, 160] {
        let levels = format!("db:-{range}:0");
        folder.succeed(&["draw", "d.wav", "-o", "d.png", "--levels", &levels, "--force"]);
        let decoded =
            photophone::files::read_picture(&folder.path("d.png"), photophone::files::PictureReadOptions::default());
        let raster = decoded.expect("read").into_raster(&folder.path("d.png")).expect("pixels");
        photophone::files::write_raster(&folder.path("bare.png"), &raster, &[], &[]).expect("written");
        let told = inspected(&folder, "bare.png");
        assert_eq!(finding(&told, "levels")["value"], levels.as_str(), "{told}");
        assert_eq!(finding(&told, "kind")["value"], "constant-Q spectrogram", "{told}");
        let given = folder.succeed(&["inspect", "bare.png", "--json", "--levels", "db:-100:0"]);
        let given: Value = serde_json::from_str(&given).expect("JSON");
        assert_eq!(finding(&given, "levels")["value"], "db:-100:0", "{given}");
    }
}

/// Of several readings one is of a sound by chance more often than the usual one is.
#[test]
fn a_turned_reading_is_less_sure_and_said_to_be_turned() {
    let folder = Folder::new();
    let raster = bare_demo(&folder);
    let (width, height) = (raster.width(), raster.height());
    let flipped = Raster::from_fn(width, height, |x, y| raster.pixel(x, height - 1 - y)).expect("pixels");
    photophone::files::write_raster(&folder.path("upright.png"), &raster, &[], &[]).expect("written");
    photophone::files::write_raster(&folder.path("flipped.png"), &flipped, &[], &[]).expect("written");
    let kind = |name: &str| {
        let told = finding(&inspected(&folder, name), "kind");
        (told["score"].as_f64().expect("a score"), told["confidence"].as_f64().expect("a confidence"))
    };
    let (upright, turned) = (kind("upright.png"), kind("flipped.png"));
    // One of eight readings: the evidence pays for the choice.
    assert!(turned.0 < upright.0 - 1.0 && turned.1 < upright.1, "{upright:?} {turned:?}");
    let levels = photophone::read_picture(&photophone::RecoverOptions {
        input: photophone::Input::from(folder.path("upright.png")),
        ..photophone::RecoverOptions::default()
    });
    let palette = "magma_r".parse().expect("a palette");
    let options = PaintOptions { palette, cell_width_px: 4, cell_height_px: 4, ..PaintOptions::default() };
    let backwards = paint(&levels.expect("read").picture.levels, &options).expect("painted");
    photophone::files::write_raster(&folder.path("backwards.png"), &backwards, &[], &[]).expect("written");
    let told = inspected(&folder, "backwards.png");
    assert_eq!(finding(&told, "palette")["value"], "magma_r", "{told}");
    let warnings = told["warnings"].as_array().expect("warnings");
    let is_doubt = |warning: &Value| warning.as_str().is_some_and(|text| text.contains("--palette magma"));
    assert!(warnings.iter().any(is_doubt), "{warnings:?}");
}

#[test]
fn how_sure_a_finding_is_is_said_only_where_that_was_measured() {
    let folder = Folder::new();
    let raster = bare_demo(&folder);
    photophone::files::write_raster(&folder.path("bare.png"), &raster, &[], &[]).expect("written");
    let told = inspected(&folder, "bare.png");
    let text = folder.succeed(&["inspect", "bare.png"]);
    for line in told["findings"].as_array().expect("findings") {
        let name = line["name"].as_str().expect("a name");
        let printed = text.lines().find(|printed| printed.split_whitespace().nth(1) == Some(name));
        let is_measured = line["score"].is_number() && line["source"] == "read";
        let words = [", sure)", ", likely)", ", doubtful)", ", a guess)"];
        let says_word = printed.is_some_and(|printed| words.iter().any(|word| printed.contains(word)));
        assert_eq!(says_word, is_measured, "{name}: {printed:?}");
    }
}

/// Magnitudes of a short-time Fourier transform, in levels over 80 dB: 64 bands of one width.
fn short_time_fourier(samples: &[f64], size: usize) -> Plane<f64> {
    let turn = std::f64::consts::TAU / size as f64;
    let window = |n: usize| 0.5 - 0.5 * (turn * n as f64).cos();
    let frames: Vec<&[f64]> = samples.chunks_exact(size).collect();
    let magnitudes = Plane::from_fn(size / 2 + 1, frames.len(), |k, t| {
        let waves = frames[t].iter().enumerate().map(|(n, sample)| {
            let (sin, cos) = (turn * (k * n) as f64).sin_cos();
            (sample * window(n) * cos, sample * window(n) * sin)
        });
        let (re, im) = waves.fold((0.0, 0.0), |(re, im), (a, b)| (re + a, im + b));
        re.hypot(im)
    });
    let peak = magnitudes.as_slice().iter().copied().fold(0.0, f64::max);
    magnitudes.map(|value| (20.0 * (value / peak).max(1e-9).log10() / 80.0 + 1.0).clamp(0.0, 1.0))
}

/// A voice that comes and goes: harmonics of a gliding pitch.
fn gated_voice() -> Vec<f64> {
    let tau = std::f64::consts::TAU;
    let voice = |n: usize| {
        let secs = n as f64 / 22_050.0;
        let turns = 110.0 * secs + 30.0 * (1.0 - (tau * 0.7 * secs).cos()) / (tau * 0.7);
        let open = f64::from(u8::from((tau * 2.3 * secs).sin() > -0.4));
        open * (1..25).map(|h| (tau * turns * f64::from(h)).sin() / f64::from(h)).sum::<f64>()
    };
    (0..3 * 22_050).map(voice).collect()
}

/// Read from the top over 60 dB, its bands come near to a sound's by chance: of many readings one does.
#[test]
fn a_small_stft_is_not_turned_until_it_looks_like_a_sound() {
    let folder = Folder::new();
    put_picture(&folder, "stft.png", &short_time_fourier(&gated_voice(), 128));
    let told = inspected(&folder, "stft.png");
    assert_eq!(finding(&told, "kind")["value"], "no constant-Q spectrogram with these bins", "{told}");
    let output = folder.run(&["recover", "stft.png", "-o", "x.wav"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What is read of a wrong box is no sound's either, which says nothing of the picture.
#[test]
fn doubtful_cells_are_named_and_nothing_is_concluded_from_them() {
    let folder = Folder::new();
    // White all around: a margin, or silence.
    let smooth = |x: usize, y: usize| {
        let (x, y) = (x as f64, y as f64);
        let fading = (-((x - 300.0) / 110.0).powi(2) - ((y - 200.0) / 70.0).powi(2)).exp();
        let gray = (255.0 - 220.0 * fading * ((x / 7.3).sin() * (y / 5.1).cos()).abs()).round() as u8;
        [gray, gray, gray, 255]
    };
    let raster = Raster::from_fn(600, 400, smooth).expect("pixels");
    photophone::files::write_raster(&folder.path("smooth.png"), &raster, &[], &[]).expect("written");
    let told = folder.succeed(&["inspect", "smooth.png", "--cells", "84x150", "--json"]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let first = told["warnings"][0].as_str().expect("a warning");
    assert!(first.contains("--crop") && first.contains("--cells"), "{told}");
    assert!(finding(&told, "kind")["confidence"].as_f64().expect("a share") < 0.5, "{told}");
    let output = folder.run(&["recover", "smooth.png", "--cells", "84x150", "-o", "x.wav"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("--crop") && !stderr.contains("no constant-Q picture"), "{stderr}");
}
