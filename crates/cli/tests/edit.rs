//! The command `edit`: what it writes, what it keeps and what it refuses.

mod common;

use photophone::files::{SoundReadOptions, read_sound};

use common::{Folder, RATE_HZ, tones, wav_float};

const EDITS: &str =
    r#"{"version": 1, "edits": [{"shape": {"rectangle": {"secs": [0.4, 0.5], "hz": [250, 450]}}, "action": "erase"}]}"#;

/// Bits of a sample, as the header of a WAV file with its format first tells.
fn bits(folder: &Folder, name: &str) -> u16 {
    let bytes = folder.bytes(name);
    u16::from_le_bytes([bytes[34], bytes[35]])
}

#[test]
fn a_sound_is_edited_and_keeps_its_format() {
    let folder = Folder::new();
    let whole: Vec<f32> = tones().iter().map(|sample| (sample * 32_768.0).round() / 32_768.0).collect();
    folder.put("t.wav", &wav_float(&whole));
    folder.put("edits.json", EDITS.as_bytes());
    let report = folder.succeed(&["edit", "t.wav", "--edits", "edits.json", "--json"]);
    assert!(report.contains("\"regions_in_all\": 1") && report.contains("\"difference_db\""), "{report}");
    let sound = read_sound(&folder.path("t.edited.wav"), SoundReadOptions::default()).expect("a sound");
    assert_eq!((sound.sample_rate_hz, bits(&folder, "t.edited.wav"), sound.channels.len()), (RATE_HZ, 16, 1));
    let sixteen = |samples: &[f32]| samples.iter().map(|sample| (sample * 32_768.0) as i16).collect::<Vec<_>>();
    let (samples, was) = (sixteen(&sound.channels[0]), sixteen(&whole));
    assert_eq!(samples.len(), was.len());
    let changed: Vec<usize> = (0..was.len()).filter(|&n| was[n] != samples[n]).collect();
    assert!(changed.contains(&(RATE_HZ as usize * 45 / 100)), "nothing changed where it should have");
    let rate = RATE_HZ as usize;
    assert!(changed[0] > rate / 20 && changed[changed.len() - 1] < rate * 9 / 10, "{changed:?}");
    // Files that are there are left, and inputs always.
    assert!(folder.refused(&["edit", "t.wav", "--edits", "edits.json"]).contains("t.edited.wav"));
    assert!(folder.refused(&["edit", "t.wav", "--edits", "edits.json", "-o", "t.wav", "--force"]).contains("t.wav"));
}

#[test]
fn floats_stay_floats_and_other_bits_can_be_asked_for() {
    let folder = Folder::new();
    folder.put("t.wav", &wav_float(&tones()));
    folder.put("edits.json", EDITS.as_bytes());
    folder.succeed(&["edit", "t.wav", "--edits", "edits.json", "-o", "f.wav", "--edge", "outside"]);
    folder.succeed(&["edit", "t.wav", "--edits", "edits.json", "-o", "i.wav", "--bits", "24"]);
    assert_eq!((bits(&folder, "f.wav"), bits(&folder, "i.wav")), (32, 24));
    folder.succeed(&["edit", "t.wav", "--edits", "edits.json", "-o", "t.flac"]);
}

#[test]
fn what_cannot_be_edited_is_said() {
    let folder = Folder::new();
    folder.put("t.wav", &wav_float(&tones()));
    for (text, said) in [
        ("", "empty"),
        ("{", "edits.json"),
        (r#"{"version": 2, "edits": []}"#, "version 2"),
        (
            r#"{"version": 1, "edits": [{"shape": {"band": {"hz": [1, 2]}}, "action": "erase", "channels": [1]}]}"#,
            "channel 1",
        ),
        (r#"{"version": 1, "edits": [{"shape": {"band": {"hz": [2, 1]}}, "action": "erase"}]}"#, "edit 1"),
    ] {
        folder.put("edits.json", text.as_bytes());
        let found = folder.refused(&["edit", "t.wav", "--edits", "edits.json"]);
        assert!(found.contains(said), "{text}: {found}");
    }
    assert!(folder.refused(&["edit", "t.wav", "--edits", "missing.json"]).contains("missing.json"));
}
