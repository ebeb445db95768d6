//! Long sounds: tiles, blocks, and work that goes on where it was interrupted.

mod common;

use std::f64::consts::TAU;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Folder, RATE_HZ, wav_float};

/// How long a block may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(120);

/// Twelve seconds of notes, drawn as tiles of four.
fn folder() -> Folder {
    let folder = Folder::new();
    let note = |i: u32| {
        let secs = f64::from(i) / f64::from(RATE_HZ);
        let hz = 220.0 * f64::from(1 + (i / 9000) % 4);
        (0.4 * (TAU * hz * secs).sin() * (-3.0 * (secs % 0.4)).exp()) as f32
    };
    folder.put("t.wav", &wav_float(&(0..12 * RATE_HZ).map(note).collect::<Vec<f32>>()));
    folder.succeed(&["draw", "t.wav", "--tile", "4", "--hop", "256", "--fmin", "110", "--bins", "48"]);
    folder
}

#[test]
fn tiles_are_one_picture_to_the_command() {
    let folder = folder();
    let names: Vec<String> = folder.all().into_keys().collect();
    let tiles = ["t.0001.phase.npy", "t.0001.png", "t.0002.phase.npy", "t.0002.png", "t.0003.phase.npy", "t.0003.png"];
    // Four seconds are no whole number of hops: what is left is a tile of its own.
    let last = ["t.0004.phase.npy", "t.0004.png"];
    assert_eq!(names, [&tiles[..], &last, &["t.recipe.toml", "t.wav"]].concat());
    let said = folder.refused(&["draw", "t.wav", "--tile", "4"]);
    assert!(said.contains("t.0001.png"), "{said}");
    folder.succeed(&["recover", "t.png", "--report", "r.json", "--block", "5"]);
    let report: serde_json::Value = serde_json::from_slice(&folder.bytes("r.json")).unwrap();
    let blocks = report["findings"].as_array().unwrap().iter().find(|entry| entry["name"] == "blocks");
    assert!(blocks.is_some_and(|blocks| blocks["value"].as_str().unwrap().contains("of 5.0 s")), "{blocks:?}");
    // But for their headers.
    assert!(folder.bytes("t.recovered.wav").len().abs_diff(folder.bytes("t.wav").len()) < 64);
    let compared = folder.succeed(&["compare", "t.wav", "t.recovered.wav", "--json"]);
    let compared: serde_json::Value = serde_json::from_str(&compared).unwrap();
    assert!(compared["snr_db"].as_f64().is_some_and(|db| db > 20.0), "{compared}");
    folder.succeed(&["recover", "t.0002.png", "t.0003.png", "-o", "part.wav"]);
    let said = folder.refused(&["recover", "t.0001.png", "t.0003.png", "-o", "x.wav"]);
    assert!(said.contains("t.0003.png") && said.contains("in their order"), "{said}");
    let said = folder.refused(&["recover", "t.0001.png", "t.0002.png", "--phase", "t.0001.phase.npy", "-o", "x.wav"]);
    assert!(said.contains("each tile has its phase"), "{said}");
    // A name without tiles is a file that is not there.
    let said = folder.refused(&["recover", "u.png"]);
    assert!(said.contains("u.png"), "{said}");
}

/// Killed as hard as can be after its first block.
#[test]
fn killed_work_goes_on_and_leaves_nothing() {
    let folder = folder();
    let work = ["recover", "t.png", "--block", "4", "--resume", "-o", "a.wav"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_photophone"))
        .current_dir(folder.path("."))
        .args(work)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command starts");
    let begun = Instant::now();
    while !folder.path("a.wav.resume").exists() {
        assert!(begun.elapsed() < PATIENCE && child.try_wait().unwrap().is_none(), "no block is done");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!folder.path("a.wav").exists());
    let verbose: Vec<&str> = work.iter().copied().chain(["-v"]).collect();
    let output = folder.run(&verbose);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("went on after"), "{said}");
    folder.succeed(&["recover", "t.png", "--block", "4", "-o", "b.wav"]);
    let mut files = folder.all();
    assert!(files.remove("a.wav") == files.remove("b.wav"));
    assert!(files.keys().all(|name| name.starts_with("t.")), "{:?}", files.keys());
}
