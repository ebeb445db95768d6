//! Sound to picture and back through the command.

mod common;

use std::collections::BTreeMap;

use common::{Folder, npy};
use serde_json::Value;

/// Signal-to-noise ratio of `sound` against `t.wav` from 40 to 1000 Hz, in dB.
fn snr_db(folder: &Folder, sound: &str) -> f64 {
    let printed = folder.succeed(&["compare", "--json", "t.wav", sound, "--band", "40", "1000"]);
    let comparison: Value = serde_json::from_str(&printed).expect("JSON");
    comparison["snr_db"].as_f64().expect("snr_db")
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
    let known = ["--length", "22050", "--tuning", "0"];
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
fn contradictions_name_both_values() {
    let folder = Folder::with_picture();
    folder.put("r.toml", b"hop = 128\n");
    for (arguments, values) in
        [(["--hop", "256"], ["256", "512"]), (["--recipe", "r.toml"], ["128", "512"]), (["--bins", "60"], ["60", "84"])]
    {
        let before = folder.all();
        let output = folder.run(&[&["recover", "t.png", "-o", "x.wav"], &arguments[..]].concat());
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
