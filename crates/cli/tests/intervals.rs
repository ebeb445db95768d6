//! Bins that are not equally spaced.

mod common;

use common::{Folder, npy, tones, wav_float};
use photophone::transform::{CqtParams, IntervalSet, StopFlag, Tempered};
use serde_json::Value;

fn put_coefficients(folder: &Folder, name: &str, intervals: &IntervalSet) {
    let params = CqtParams { hop: 256, ..CqtParams::default() };
    let ratios = intervals.ratios(params.bins_per_octave).expect("a set");
    let samples: Vec<f64> = tones().into_iter().map(f64::from).collect();
    let plan =
        Tempered { params, ratios: ratios.as_deref() }.plan(samples.len(), &StopFlag::default()).expect("a plan");
    let cells = plan.forward(&samples).expect("coefficients");
    let data: Vec<u8> =
        cells.as_slice().iter().flat_map(|value| [value.re, value.im]).flat_map(f64::to_le_bytes).collect();
    folder.put(name, &npy("<c16", cells.shape(), &data));
}

#[test]
fn unequal_intervals_come_back_as_equal_ones_do() {
    let folder = Folder::new();
    folder.put("t.wav", &wav_float(&tones()));
    put_coefficients(&folder, "equal.npy", &IntervalSet::Equal);
    put_coefficients(&folder, "ji5.npy", &IntervalSet::Ji5);
    let recovered = |name: &str, more: &[&str]| -> (f64, Value) {
        let arguments = ["recover", name, "-o", "r.wav", "--sr", "22050", "--hop", "256", "--json", "--force"];
        let report = serde_json::from_str(&folder.succeed(&[&arguments, more].concat())).expect("JSON");
        let compared: Value =
            serde_json::from_str(&folder.succeed(&["compare", "--json", "t.wav", "r.wav"])).expect("JSON");
        (compared["snr_db"].as_f64().expect("snr_db"), report)
    };
    let (twin_db, _) = recovered("equal.npy", &[]);
    let just = "1,16/15,9/8,6/5,5/4,4/3,45/32,3/2,8/5,5/3,9/5,15/8";
    for more in [&[][..], &["--intervals", just]] {
        let (snr_db, report) = recovered("ji5.npy", more);
        assert!(snr_db > twin_db - 1.0, "{more:?}: {snr_db} dB, equal {twin_db} dB");
        let findings = report["findings"].as_array().expect("findings");
        let line = findings.iter().find(|line| line["name"] == "intervals").expect("intervals");
        assert_eq!(line["source"], if more.is_empty() { "read" } else { "given" });
        assert_eq!(report["warnings"].as_array().map(Vec::len), Some(0), "{report}");
    }
    let (wrong_db, report) = recovered("ji5.npy", &["--intervals", "equal"]);
    assert!(wrong_db < twin_db - 10.0, "{wrong_db} dB, equal {twin_db} dB");
    assert!(report["warnings"][0].as_str().expect("a warning").contains("--intervals"), "{report}");
    let output = folder.run(&["recover", "ji5.npy", "--sr", "22050", "--intervals", "1,2"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("ji7"), "{message}");
}
