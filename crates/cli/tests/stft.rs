//! Arrays of a short-time Fourier transform.

mod common;

use common::{Folder, npy, tones, wav_float};
use photophone::transform::{Cells, PadMode, Stft, StftParams, Window};
use serde_json::Value;

/// The tones' transform, by `t.wav`'s side.
fn folder_and_cells(params: &StftParams) -> (Folder, Cells) {
    let folder = Folder::new();
    folder.put("t.wav", &wav_float(&tones()));
    let samples: Vec<f64> = tones().into_iter().map(f64::from).collect();
    (folder, Stft::new(params, samples.len()).expect("a plan").forward(&samples).expect("coefficients"))
}

fn complex(cells: &Cells) -> Vec<u8> {
    let data: Vec<u8> =
        cells.as_slice().iter().flat_map(|value| [value.re, value.im]).flat_map(f64::to_le_bytes).collect();
    npy("<c16", cells.shape(), &data)
}

fn json(folder: &Folder, arguments: &[&str]) -> Value {
    serde_json::from_str(&folder.succeed(arguments)).expect("JSON")
}

fn finding<'a>(report: &'a Value, name: &str) -> &'a Value {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().find(|line| line["name"] == name).unwrap_or_else(|| panic!("no {name} in {report}"))
}

#[test]
fn coefficients_come_back_as_the_samples() {
    let usual = StftParams::default();
    for (params, flags) in [
        (usual, "--transform stft:2048:512"),
        (StftParams { pad_mode: PadMode::Reflect, hop: 700, ..usual }, "--transform stft:2048:700"),
        (
            StftParams { n_fft: 1023, win_length: 600, hop: 200, window: Window::Hamming, ..usual },
            "--transform stft:1023:200 --window hamming --win-length 600",
        ),
        (
            StftParams { n_fft: 1000, win_length: 1000, hop: 50, window: Window::Hamming, center: false, ..usual },
            "--transform stft --hop 50 --window hamming --no-center",
        ),
    ] {
        let (folder, cells) = folder_and_cells(&params);
        folder.put("c.npy", &complex(&cells));
        let mut arguments = vec!["recover", "c.npy", "-o", "r.wav", "--sr", "22050", "--json"];
        arguments.extend(flags.split(' '));
        let report = json(&folder, &arguments);
        let snr_db = json(&folder, &["compare", "--json", "t.wav", "r.wav"])["snr_db"].as_f64().expect("snr_db");
        assert!(snr_db > 100.0, "{flags}: {snr_db} dB");
        assert_eq!(report["warnings"].as_array().map(Vec::len), Some(0), "{flags}: {report}");
        if params.pad_mode == PadMode::Reflect {
            assert_eq!(finding(&report, "pad-mode")["value"], "reflect");
            assert_eq!(finding(&report, "length")["value"], tones().len());
        }
        // An STFT has no bins of a constant-Q transform.
        let names: Vec<&str> =
            report["findings"].as_array().expect("findings").iter().filter_map(|line| line["name"].as_str()).collect();
        assert!(
            !names.iter().any(|name| ["fmin", "bins", "bins-per-octave", "tuning", "gamma"].contains(name)),
            "{names:?}"
        );
    }
}

#[test]
fn magnitudes_sound_like_the_original() {
    let (folder, cells) = folder_and_cells(&StftParams::default());
    let data: Vec<u8> = cells.as_slice().iter().flat_map(|value| value.norm().to_le_bytes()).collect();
    folder.put("m.npy", &npy("<f8", cells.shape(), &data));
    let report = json(
        &folder,
        &[
            "recover",
            "m.npy",
            "-o",
            "r.wav",
            "--sr",
            "22050",
            "--transform",
            "stft:2048:512",
            "--length",
            "22050",
            "--json",
        ],
    );
    assert!(report["solve"]["residual_db"].as_f64().expect("residual") < -40.0, "{}", report["solve"]);
    let sc_db = json(&folder, &["compare", "--json", "t.wav", "r.wav"])["stft_sc_db"].as_f64().expect("stft_sc_db");
    assert!(sc_db < -40.0, "{sc_db} dB");
}

#[test]
fn what_an_stft_has_none_of_is_refused() {
    let (folder, cells) = folder_and_cells(&StftParams::default());
    folder.put("c.npy", &complex(&cells));
    let refused =
        |more: &[&str]| folder.refused(&[&["recover", "c.npy", "-o", "r.wav", "--sr", "22050"], more].concat());
    let message = refused(&["--transform", "stft:2048:512", "--fmin", "C2"]);
    assert!(message.contains("--fmin") && message.contains("STFT"), "{message}");
    let message = refused(&["--transform", "stft:1024:512"]);
    assert!(message.contains("1024") && message.contains("1025 rows"), "{message}");
    let message = refused(&["--win-length", "512"]);
    assert!(message.contains("--win-length") && message.contains("--transform stft"), "{message}");
    folder.succeed(&["draw", "t.wav", "-o", "t.png"]);
    let message = folder.refused(&["recover", "t.png", "--transform", "stft:2048:512"]);
    assert!(message.contains("stft"), "{message}");
    let message = folder.refused(&["draw", "t.wav", "-o", "u.png", "--transform", "stft"]);
    assert!(message.contains("cqt or vqt"), "{message}");
}
