//! Pictures of librosa 1.0, whose grids may go up to half the sample rate.

mod common;

use common::{Folder, npy};
use photophone::transform::{Cqt, CqtParams, LibrosaVersion};
use serde_json::Value;

/// Signal-to-noise ratio of `sound` against `t.wav` from 40 to 1000 Hz, in dB.
fn snr_db(folder: &Folder, sound: &str) -> f64 {
    let printed = folder.succeed(&["compare", "--json", "t.wav", sound, "--band", "40", "1000"]);
    let comparison: Value = serde_json::from_str(&printed).expect("JSON");
    comparison["snr_db"].as_f64().expect("snr_db")
}

/// Value and source of the report's line on the release.
fn release(folder: &Folder, report: &str) -> (Value, Value) {
    let report: Value = serde_json::from_slice(&folder.bytes(report)).expect("JSON");
    let findings = report["findings"].as_array().expect("findings").clone();
    let line = findings.into_iter().find(|line| line["name"] == "librosa").expect("a line on the release");
    (line["value"].clone(), line["source"].clone())
}

#[test]
fn as_many_bins_as_fit_are_drawn_and_come_back() {
    let folder = Folder::with_picture();
    folder.succeed(&["recover", "t.png", "-o", "few.wav"]);
    folder.succeed(&["draw", "t.wav", "-o", "all.png", "--bins", "auto"]);
    folder.succeed(&["recover", "all.png", "-o", "all.wav", "--report", "all.json"]);
    assert_eq!(release(&folder, "all.json"), ("1.0".into(), "given".into()));
    let report: Value = serde_json::from_slice(&folder.bytes("all.json")).expect("JSON");
    let bins = report["findings"].as_array().expect("findings").iter().find(|line| line["name"] == "bins");
    assert_eq!(bins.expect("bins")["value"], 101);
    let (few, all) = (snr_db(&folder, "few.wav"), snr_db(&folder, "all.wav"));
    assert!(all > few - 1.0, "{all} dB with 101 bins, {few} dB with 84");
    let refused = folder.run(&["draw", "t.wav", "-o", "no.png", "--bins", "many"]);
    assert_eq!(refused.status.code(), Some(2));
}

/// The coefficients of either release, which nothing names.
#[test]
fn the_phase_of_an_array_tells_its_release() {
    let folder = Folder::with_picture();
    let x: Vec<f64> = common::tones().into_iter().map(f64::from).collect();
    for (librosa, name) in [(LibrosaVersion::V0_11, "0.11"), (LibrosaVersion::V1_0, "1.0")] {
        let params = CqtParams { bins: 101, hop: 256, librosa, ..CqtParams::default() };
        let cells = Cqt::new(&params, x.len()).expect("a plan").forward(&x).expect("coefficients");
        let numbers = cells.as_slice().iter().flat_map(|cell| [cell.re, cell.im]);
        let bytes: Vec<u8> = numbers.flat_map(f64::to_le_bytes).collect();
        folder.put("c.npy", &npy("<c16", cells.shape(), &bytes));
        let array = ["recover", "c.npy", "--hop", "256", "--length", "22050", "--force"];
        folder.succeed(&[&array[..], &["-o", "found.wav", "--report", "found.json"]].concat());
        folder.succeed(&[&array[..], &["-o", "told.wav", "--report", "told.json", "--librosa", name]].concat());
        assert_eq!(release(&folder, "found.json"), (name.into(), "read".into()));
        assert_eq!(release(&folder, "told.json"), (name.into(), "given".into()));
        assert_eq!(folder.bytes("found.wav"), folder.bytes("told.wav"), "{name}");
    }
}
