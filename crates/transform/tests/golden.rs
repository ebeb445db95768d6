//! Agreement with librosa itself, release by release.
//!
//! `golden/librosa-VERSION.json` lists the cases and `.bin` holds librosa's coefficients;
//! `cargo xtask goldens` makes both, and `xtask/goldens.py` describes the format.

#![allow(clippy::print_stdout, reason = "the figures are the test's report")]

#[path = "common/figures.rs"]
mod figures;
#[path = "common/noise.rs"]
mod noise;
#[path = "common/sounds.rs"]
mod sounds;

use std::path::Path;

use figures::{Cell, relative_db};
use photophone_transform::{Complex, Cqt, CqtParams};
use serde::Deserialize;

/// What every case must reach. float32 arithmetic inside librosa leaves -123 to -145 dB.
const LIMIT_DB: f64 = -120.0;

#[derive(Deserialize)]
struct Case {
    sound: String,
    samples: usize,
    crc32: u32,
    params: CqtParams,
    /// The bins' ratios within an octave, where they are not equally spaced.
    ratios: Option<Vec<f64>>,
    /// Whether librosa found the number of bins.
    #[serde(default)]
    fits: bool,
    shape: (usize, usize),
    /// Every how many frames one is stored.
    every: usize,
    /// First byte in the `.bin` file.
    offset: usize,
}

impl Case {
    /// The case's samples, proven to be those that librosa got.
    fn samples(&self) -> Vec<f64> {
        let ints = sounds::sound(&self.sound, self.samples);
        let bytes: Vec<u8> = ints.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(crc32fast::hash(&bytes), self.crc32, "{} is not the sound that librosa got", self.sound);
        ints.iter().map(|&value| f64::from(value) / 32768.0).collect()
    }

    /// librosa's coefficients at the stored frames, row by row.
    fn stored(&self, bin: &[u8]) -> Vec<Cell> {
        let count = self.shape.0 * self.shape.1.div_ceil(self.every);
        let (cells, _) = bin[self.offset..].as_chunks::<8>();
        let part = |cell: &[u8; 8], at: usize| f64::from(f32::from_le_bytes([0, 1, 2, 3].map(|i| cell[at + i])));
        cells[..count].iter().map(|cell| Complex::new(part(cell, 0), part(cell, 4))).collect()
    }

    /// Ours at the same frames.
    fn computed(&self) -> Vec<Cell> {
        let plan = match &self.ratios {
            Some(ratios) => Cqt::with_ratios(&self.params, ratios, self.samples),
            None => Cqt::new(&self.params, self.samples),
        };
        let cells = plan.and_then(|plan| plan.forward(&self.samples()));
        let cells = cells.unwrap_or_else(|error| panic!("{}: {error}", self.name()));
        assert_eq!(cells.shape(), self.shape, "{}", self.name());
        (0..cells.rows()).flat_map(|row| cells.row(row).iter().step_by(self.every).copied()).collect()
    }

    /// The sound, the grid, and what differs from the release's defaults.
    fn name(&self) -> String {
        let p = &self.params;
        let base = CqtParams::for_librosa(p.librosa);
        let fmin = format!("fmin {}", p.fmin_hz);
        let extra = [
            (p.fmin_hz != base.fmin_hz, fmin),
            (p.tuning != base.tuning, format!("tuning {}", p.tuning)),
            (p.gamma != base.gamma, format!("gamma {}", p.gamma)),
            (self.ratios.is_some(), "just intonation".to_owned()),
            (self.samples < 20_000, format!("{} samples", self.samples)),
            (p.scale != base.scale, "scale off".to_owned()),
            (p.sparsity != base.sparsity, format!("sparsity {}", p.sparsity)),
            (p.pad_mode != base.pad_mode, format!("pad {}", p.pad_mode)),
            (p.window != base.window, format!("window {}", p.window)),
            (p.norm != base.norm, format!("norm {}", p.norm)),
            (p.filter_scale != base.filter_scale, format!("filter scale {}", p.filter_scale)),
            (p.res_type != base.res_type, format!("res_type {}", p.res_type)),
        ];
        let extra: String =
            extra.into_iter().filter(|(differs, _)| *differs).map(|(_, text)| ", ".to_owned() + &text).collect();
        format!("{}, {} Hz, hop {}, {} bins of {}{extra}", self.sound, p.sr, p.hop, p.bins, p.bins_per_octave)
    }
}

/// Compares every case of a release, printing each figure; fails with all that miss the limit.
fn agrees_with(release: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let index = std::fs::read(folder.join(format!("librosa-{release}.json"))).expect("the index is checked in");
    let bin = std::fs::read(folder.join(format!("librosa-{release}.bin"))).expect("the coefficients are checked in");
    let cases: Vec<Case> = serde_json::from_slice(&index).expect("the index has this test's format");
    assert!(cases.len() > 15, "{release}: {} cases", cases.len());
    let mut missed = Vec::new();
    for case in &cases {
        if case.fits {
            let bins = Cqt::bins_that_fit(&case.params, case.ratios.as_deref());
            assert_eq!(bins, Ok(case.shape.0), "{}", case.name());
        }
        let db = relative_db(&case.computed(), &case.stored(&bin));
        let line = format!("golden {release} | {} | {db:.1} dB", case.name());
        println!("{line}");
        if db.is_nan() || db > LIMIT_DB {
            missed.push(line);
        }
    }
    assert!(missed.is_empty(), "above {LIMIT_DB} dB:\n{}", missed.join("\n"));
}

#[test]
fn librosa_1_0_0() {
    agrees_with("1.0.0");
}

#[test]
fn librosa_0_11_0() {
    agrees_with("0.11.0");
}

#[test]
fn librosa_0_9_2() {
    agrees_with("0.9.2");
}

#[test]
fn librosa_0_8_1() {
    agrees_with("0.8.1");
}

#[test]
fn librosa_0_6_3() {
    agrees_with("0.6.3");
}
