//! Arrays of a mel spectrogram.

mod common;

use common::{Folder, npy, tones, wav_float};
use photophone::spectrum::{MelScale, Plane};
use photophone::transform::observe::{MelNorm, MelParams};
use photophone::transform::{Norm, Stft, StftParams};
use serde_json::Value;

/// What is seen of the tones by their mel spectrogram, by `t.wav`'s side: magnitudes.
fn folder_and_seen(stft: &StftParams, mel: &MelParams) -> (Folder, Plane<f64>) {
    let folder = Folder::new();
    folder.put("t.wav", &wav_float(&tones()));
    let samples: Vec<f64> = tones().into_iter().map(f64::from).collect();
    let cells = Stft::new(stft, samples.len()).expect("a plan").forward(&samples).expect("coefficients");
    (folder, mel.observation(stft).expect("an observation").of(&cells).expect("a spectrogram"))
}

fn numbers(plane: &Plane<f64>, number: impl Fn(f64) -> f64) -> Vec<u8> {
    let data: Vec<u8> = plane.as_slice().iter().flat_map(|value| number(*value).to_le_bytes()).collect();
    npy("<f8", plane.shape(), &data)
}

/// The report, and how near the sound comes to that of the tones in dB.
fn recovered(folder: &Folder, flags: &str) -> (Value, f64) {
    let mut arguments =
        vec!["recover", "m.npy", "-o", "r.wav", "--sr", "22050", "--length", "22050", "--json", "--force"];
    arguments.extend(flags.split(' '));
    let json = |arguments: &[&str]| serde_json::from_str::<Value>(&folder.succeed(arguments)).expect("JSON");
    let report = json(&arguments);
    (report, json(&["compare", "--json", "t.wav", "r.wav"])["stft_sc_db"].as_f64().expect("stft_sc_db"))
}

#[test]
fn powers_magnitudes_decibels_and_logarithms_sound_like_the_original() {
    let stft = StftParams { n_fft: 1024, win_length: 1024, hop: 256, ..StftParams::default() };
    let (folder, seen) = folder_and_seen(&stft, &MelParams::default());
    let loudest = seen.as_slice().iter().copied().fold(0.0, f64::max);
    let floor = |value: f64| (value / loudest).max(1e-5);
    for (levels, number) in [
        ("", Box::new(|value: f64| value * value) as Box<dyn Fn(f64) -> f64>),
        (" --levels power", Box::new(|value| value * value)),
        (" --levels linear", Box::new(|value| value)),
        (" --levels db:-100:0", Box::new(|value| 20.0 * floor(value).log10())),
        (" --levels ln:-12:0", Box::new(|value| floor(value).ln())),
    ] {
        folder.put("m.npy", &numbers(&seen, number));
        let (report, sc_db) = recovered(&folder, &format!("--transform mel:128:1024:256{levels}"));
        let left_db = report["solve"]["residual_db"].as_f64().expect("residual");
        assert!(left_db < -40.0 && sc_db < -15.0, "{levels}: {left_db} dB left, sound at {sc_db} dB");
        assert_eq!(report["warnings"].as_array().map(Vec::len), Some(0), "{levels}: {report}");
    }
}

#[test]
fn what_torchaudio_makes_is_told_by_flags() {
    let stft = StftParams { n_fft: 512, win_length: 400, hop: 128, ..StftParams::default() };
    let norm = MelNorm::Weights(Norm::None);
    let mel = MelParams { bands: 64, fmin_hz: 30.0, fmax_hz: Some(9000.0), scale: MelScale::Htk, norm, power: 1.0 };
    let (folder, seen) = folder_and_seen(&stft, &mel);
    folder.put("m.npy", &numbers(&seen, |value| value));
    let flags = "--transform mel:64:512:128 --win-length 400 --fmin 30 --fmax 9000 --mel-scale htk --mel-norm none";
    let (told, told_db) = recovered(&folder, &format!("{flags} --power 1"));
    let (other, other_db) = recovered(&folder, "--transform mel:64:512:128");
    let left_db = |report: &Value| report["solve"]["residual_db"].as_f64().expect("residual");
    assert!(left_db(&told) < -30.0, "{}", told["solve"]);
    assert!(told_db < other_db - 3.0, "{told_db} and {other_db} dB; {}", other["solve"]);
}

#[test]
fn what_a_mel_spectrogram_has_none_of_is_refused() {
    let (folder, seen) = folder_and_seen(&StftParams::default(), &MelParams::default());
    folder.put("m.npy", &numbers(&seen, |value| value));
    let refused =
        |more: &[&str]| folder.refused(&[&["recover", "m.npy", "-o", "r.wav", "--sr", "22050"], more].concat());
    let message = refused(&["--transform", "mel:128", "--bins-per-octave", "12"]);
    assert!(message.contains("--bins-per-octave") && message.contains("mel"), "{message}");
    let message = refused(&["--transform", "mel:64"]);
    assert!(message.contains("64") && message.contains("128"), "{message}");
    let message = refused(&["--transform", "mel", "--fmin", "9000", "--fmax", "8000"]);
    assert!(message.contains("fmax"), "{message}");
    let message = refused(&["--mel-scale", "htk"]);
    assert!(message.contains("--mel-scale") && message.contains("--transform mel"), "{message}");
    let message = refused(&["--transform", "stft", "--power", "1"]);
    assert!(message.contains("--power") && message.contains("--transform mel"), "{message}");
    folder.succeed(&["draw", "t.wav", "-o", "t.png"]);
    let message = folder.refused(&["recover", "t.png", "--transform", "mel"]);
    assert!(message.contains("mel"), "{message}");
}
