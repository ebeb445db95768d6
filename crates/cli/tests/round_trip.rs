//! Sound to picture and back through the command.

mod common;

use std::collections::BTreeMap;

use common::{Folder, RATE_HZ, npy, wav_float};
use serde_json::Value;

/// Signal-to-noise ratio of `sound` against `t.wav` from 40 to 1000 Hz, in dB.
fn snr_db(folder: &Folder, sound: &str) -> f64 {
    let printed = folder.succeed(&["compare", "--json", "t.wav", sound, "--band", "40", "1000"]);
    let comparison: Value = serde_json::from_str(&printed).expect("JSON");
    comparison["snr_db"].as_f64().expect("snr_db")
}

/// The same PNG without its texts.
fn without_text(png: &[u8]) -> Vec<u8> {
    let mut kept = png[..8].to_vec();
    let mut rest = &png[8..];
    while let Some(length) = rest.first_chunk().map(|length| u32::from_be_bytes(*length) as usize) {
        let (chunk, next) = rest.split_at(length + 12);
        if !chunk[4..8].ends_with(b"Xt") {
            kept.extend_from_slice(chunk);
        }
        rest = next;
    }
    kept
}

#[test]
fn a_drawn_picture_needs_no_flags() {
    let folder = Folder::with_picture();
    folder.succeed(&["recover", "t.png", "-o", "back.wav", "--report", "report.json", "--overlay", "seen.png"]);
    let snr = snr_db(&folder, "back.wav");
    assert!(snr >= 30.0, "{snr} dB");
    let report: Value = serde_json::from_slice(&folder.bytes("report.json")).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    for (name, value) in [("hop", Value::from(512)), ("bins", Value::from(84)), ("length", Value::from(22_050))] {
        let line = findings.iter().find(|line| line["name"] == name);
        assert_eq!(line.expect(name)["value"], value, "{name}");
    }
    assert!(findings.iter().all(|line| line["source"].is_string() && line["confidence"].is_number()));
    assert!(folder.bytes("seen.png").starts_with(b"\x89PNG"));
}

/// Magnitudes of 1 with a phase file are the same coefficients as the unit phasors by themselves.
#[test]
fn arrays_sound_with_and_without_phase() {
    let folder = Folder::with_picture();
    let ones: Vec<u8> = (0..84 * 44).flat_map(|_| 1f64.to_le_bytes()).collect();
    folder.put("ones.npy", &npy("<f8", (84, 44), &ones));
    // Unit phasors are of no sound, and there the adaptive inverse magnifies how the two files were rounded.
    let known = ["--length", "22050", "--tuning", "0", "--inverse", "linear"];
    folder.succeed(&[&["recover", "t.phase.npy", "-o", "whole.wav"], &known[..]].concat());
    folder.succeed(&[&["recover", "ones.npy", "--phase", "t.phase.npy", "-o", "parts.wav"], &known[..]].concat());
    let printed = folder.succeed(&["compare", "--json", "whole.wav", "parts.wav"]);
    let comparison: Value = serde_json::from_str(&printed).expect("JSON");
    assert!(comparison["snr_db"].as_f64().expect("snr_db") > 60.0, "{printed}");
}

#[test]
fn a_recipe_file_stands_for_flags() {
    let folder = Folder::with_picture();
    folder.put("r.toml", b"hop = 256\nbins = 72\nfmin = \"C2\"\ntuning = 0\n");
    folder.put("r.json", br#"{"hop": 256, "bins": 72, "fmin": "C2", "tuning": 0}"#);
    folder.succeed(&["draw", "t.wav", "-o", "toml.png", "--recipe", "r.toml"]);
    folder.succeed(&["draw", "t.wav", "-o", "json.png", "--recipe", "r.json"]);
    let flags = ["--hop", "256", "--bins", "72", "--fmin", "C2", "--tuning", "0"];
    folder.succeed(&[&["draw", "t.wav", "-o", "flag.png"], &flags[..]].concat());
    assert_eq!(folder.bytes("toml.phase.npy"), folder.bytes("flag.phase.npy"));
    assert_eq!(folder.bytes("json.phase.npy"), folder.bytes("flag.phase.npy"));
    folder.succeed(&["recover", "toml.png", "--recipe", "r.toml", "-o", "back.wav"]);
}

#[test]
fn a_recipe_file_names_the_phase_and_the_palette() {
    let folder = Folder::with_picture();
    std::fs::rename(folder.path("t.phase.npy"), folder.path("kept.npy")).expect("renamed");
    folder.put("bare.png", &without_text(&folder.bytes("t.png")));
    let length = "length = 22050\n";
    folder.put("r.toml", format!("palette = \"magma\"\nphase = \"kept.npy\"\n{length}").as_bytes());
    folder.succeed(&["recover", "bare.png", "--recipe", "r.toml", "--report", "file.json", "-o", "file.wav"]);
    folder.put("l.toml", length.as_bytes());
    let flags = ["--palette", "magma", "--phase", "kept.npy", "--recipe", "l.toml"];
    folder.succeed(&[&["recover", "bare.png", "-o", "flag.wav"], &flags[..]].concat());
    assert_eq!(folder.bytes("file.wav"), folder.bytes("flag.wav"));
    let report: Value = serde_json::from_slice(&folder.bytes("file.json")).expect("JSON");
    let given = |name, value| {
        let mut lines = report["findings"].as_array().expect("findings").iter();
        lines.any(|line| line["name"] == name && line["value"] == value && line["source"] == "given")
    };
    assert!(given("palette", "magma") && given("file", "kept.npy"), "{report}");
    let seen = folder.succeed(&["inspect", "bare.png", "--recipe", "r.toml"]);
    assert!(seen.contains("kept.npy  (given)") && seen.contains("magma  (given)"), "{seen}");
}

#[test]
fn silence_comes_back_as_silence() {
    let folder = Folder::new();
    folder.put("silent.wav", &wav_float(&vec![0.0; RATE_HZ as usize]));
    folder.succeed(&["draw", "silent.wav"]);
    folder.succeed(&["recover", "silent.png", "-o", "back.wav", "--report", "report.json"]);
    let back = folder.bytes("back.wav");
    let data = back.windows(4).position(|window| window == b"data").expect("a data chunk") + 8;
    assert_eq!(back.len() - data, 4 * RATE_HZ as usize);
    assert!(back[data..].iter().all(|&byte| byte == 0));
    let report: Value = serde_json::from_slice(&folder.bytes("report.json")).expect("JSON");
    assert!(report["notes"].to_string().contains("silence"), "{report}");
    assert!(folder.succeed(&["inspect", "silent.png"]).contains("3696 at the floor"));
}

#[test]
fn contradictions_name_both_values() {
    let folder = Folder::with_picture();
    folder.put("r.toml", b"hop = 128\n");
    folder.put("p.toml", b"palette = \"viridis\"\n");
    folder.put("q.toml", b"phase = \"other.npy\"\n");
    for (arguments, values) in [
        (&["--hop", "256"][..], ["256", "512"]),
        (&["--recipe", "r.toml"], ["128", "512"]),
        (&["--recipe", "p.toml"], ["viridis", "magma"]),
        (&["--recipe", "q.toml"], ["other.npy", "t.phase.npy"]),
        (&["--recipe", "q.toml", "--phase", "t.phase.npy"], ["other.npy", "t.phase.npy"]),
        (&["--bins", "60"], ["60", "84"]),
    ] {
        let before = folder.all();
        let output = folder.run(&[&["recover", "t.png", "-o", "x.wav"], arguments].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(values.iter().all(|value| stderr.contains(value)), "{stderr}");
        assert_eq!(folder.all(), before);
    }
}

#[test]
fn help_is_help() {
    let folder = Folder::new();
    assert!(folder.succeed(&["--version"]).contains("photophone"));
    for command in ["recover", "draw", "inspect", "compare", "demo"] {
        assert!(folder.succeed(&["--help"]).contains(command));
        assert!(folder.succeed(&[command, "--help"]).contains("Usage"), "{command}");
    }
}

#[test]
fn the_same_bytes_twice() {
    let made = || -> BTreeMap<String, Vec<u8>> {
        let folder = Folder::with_picture();
        folder.succeed(&["recover", "t.png", "-o", "back.wav", "--report", "report.json"]);
        folder.succeed(&["recover", "t.png", "-o", "back.flac"]);
        folder.all()
    };
    let (first, second) = (made(), made());
    assert!(first.keys().eq(second.keys()) && first.len() == 6, "{:?}", first.keys());
    for (name, bytes) in &first {
        assert!(second[name] == *bytes, "{name} differs");
    }
}

#[test]
fn the_adaptive_inverse_keeps_what_the_linear_one_has() {
    let folder = Folder::with_picture();
    folder.succeed(&["recover", "t.png", "-o", "linear.wav", "--inverse", "linear"]);
    folder.succeed(&["recover", "t.png", "-o", "adaptive.wav", "--inverse", "adaptive"]);
    let (linear, adaptive) = (snr_db(&folder, "linear.wav"), snr_db(&folder, "adaptive.wav"));
    assert!(adaptive >= linear - 0.1, "linear {linear} dB, adaptive {adaptive} dB");
}

#[test]
fn a_phase_of_another_sound_is_warned_of() {
    let folder = Folder::with_picture();
    folder.put("bare.png", &without_text(&folder.bytes("t.png")));
    let random: Vec<u8> = (0..84 * 44).flat_map(|i| (f64::from(i * i % 997) * 0.006 - 3.0).to_le_bytes()).collect();
    folder.put("other.npy", &npy("<f8", (84, 44), &random));
    let warned = |phase: &str| {
        let output =
            folder.run(&["recover", "bare.png", "--phase", phase, "--palette", "magma", "-o", "x.wav", "--force"]);
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stderr).contains("WARNING: magnitudes and phase do not fit together")
    };
    assert!(!warned("t.phase.npy"));
    assert!(warned("other.npy"));
}
