//! Pictures whose phase was not kept, or no longer belongs to all of their cells.

mod common;

use common::Folder;
use serde_json::Value;

fn compared(folder: &Folder, sound: &str) -> Value {
    let printed = folder.succeed(&["compare", "--json", "t.wav", sound, "--band", "40", "1000"]);
    serde_json::from_str(&printed).expect("JSON")
}

fn report(folder: &Folder, name: &str) -> Value {
    serde_json::from_slice(&folder.bytes(name)).expect("JSON")
}

#[test]
fn a_picture_alone_gives_the_sound_though_not_the_waveform() {
    let folder = Folder::with_picture();
    folder.succeed(&["recover", "t.png", "-o", "kept.wav"]);
    std::fs::rename(folder.path("t.phase.npy"), folder.path("kept.npy")).expect("renamed");
    let retrieve = |sound: &str, more: &[&str]| {
        folder.succeed(&[&["recover", "t.png", "-o", sound, "--report", "report.json", "--force"], more].concat());
        compared(&folder, sound)["stft_sc_db"].as_f64().expect("stft_sc_db")
    };
    let refined = retrieve("refined.wav", &[]);
    let told = report(&folder, "report.json");
    let warnings = told["warnings"].as_array().expect("warnings");
    assert!(warnings[0].as_str().expect("text").contains("t.phase.npy"), "{warnings:?}");
    assert_eq!(told["losses"][0]["name"], "phase");
    let random = retrieve("random.wav", &["--phase-method", "griffin-lim", "--iterations", "1"]);
    assert!(refined < random - 6.0, "refined {refined} dB, random {random} dB");
    retrieve("again.wav", &[]);
    assert_eq!(folder.bytes("refined.wav"), folder.bytes("again.wav"));
    retrieve("other.wav", &["--phase-method", "griffin-lim", "--iterations", "1", "--seed", "7"]);
    assert_ne!(folder.bytes("random.wav"), folder.bytes("other.wav"));
}

#[test]
fn an_edited_picture_keeps_the_phase_of_what_was_not_edited() {
    let folder = Folder::with_picture();
    folder.succeed(&["draw", "t.wav", "-o", "mask.png", "--palette", "gray"]);
    // Nothing changed: all of the phase is kept.
    folder.succeed(&["recover", "t.png", "-o", "whole.wav"]);
    folder.succeed(&["recover", "t.png", "--original", "t.png", "-o", "same.wav", "--report", "report.json"]);
    assert_eq!(folder.bytes("whole.wav"), folder.bytes("same.wav"));
    // Louder cells are white in a gray copy: a mask of the same size.
    folder.succeed(&["recover", "t.png", "--mask", "mask.png", "-o", "masked.wav", "--report", "masked.json"]);
    let findings = report(&folder, "masked.json")["findings"].as_array().expect("findings").clone();
    let edited = findings.iter().find(|line| line["name"] == "edited").expect("edited");
    assert!(edited["value"].as_str().expect("text").contains("lose their phase"), "{edited}");
    let snr = |sound: &str| compared(&folder, sound)["snr_db"].as_f64().expect("snr_db");
    assert!(snr("whole.wav") > snr("masked.wav"));
}
