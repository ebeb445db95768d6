//! Agreement with librosa itself, release by release.
//!
//! `golden/librosa-VERSION.json` lists the cases and `.bin` holds librosa's coefficients;
//! `cargo xtask goldens` makes both, and `xtask/goldens.py` describes the format.

#![allow(clippy::print_stdout, reason = "the figures are the test's report")]

#[path = "common/figures.rs"]
mod figures;
#[path = "common/index.rs"]
mod index;
#[path = "common/noise.rs"]
mod noise;
#[path = "common/sounds.rs"]
mod sounds;
#[path = "common/stored.rs"]
mod stored;

use figures::{Cell, relative_db};
use photophone_spectrum::Plane;
use photophone_transform::{Complex, Cqt, CqtParams, Scratch};
use serde::Deserialize;
use stored::Stored;

/// What every case must reach. float32 arithmetic inside librosa leaves -123 to -145 dB.
const LIMIT_DB: f64 = -120.0;

/// The same of our own single precision.
const SINGLE_LIMIT_DB: f64 = -110.0;

#[derive(Deserialize)]
struct Case {
    params: CqtParams,
    /// The bins' ratios within an octave, where they are not equally spaced.
    ratios: Option<Vec<f64>>,
    /// Whether librosa found the number of bins.
    #[serde(default)]
    fits: bool,
    #[serde(flatten)]
    stored: Stored,
}

impl Case {
    /// Ours at the stored frames, in double and in single precision.
    fn computed(&self) -> (Vec<Cell>, Vec<Cell>) {
        let samples = self.stored.samples;
        let plan = match &self.ratios {
            Some(ratios) => Cqt::with_ratios(&self.params, ratios, samples),
            None => Cqt::new(&self.params, samples),
        };
        let plan = plan.unwrap_or_else(|error| panic!("{}: {error}", self.name()));
        assert_eq!(plan.shape(), self.stored.shape, "{}", self.name());
        let sound = self.stored.sound();
        let double = plan.forward(&sound).expect("the length is the plan's");
        // The sounds are those that librosa was given: float32.
        let sound: Vec<f32> = sound.iter().map(|&sample| sample as f32).collect();
        let mut single = Plane::filled(double.rows(), double.columns(), Complex::<f32>::default());
        plan.forward_into(&sound, &mut single, &mut Scratch::default()).expect("shapes fit");
        let single = single.map(|value| Complex::new(f64::from(value.re), f64::from(value.im)));
        (self.stored.kept_of(&double), self.stored.kept_of(&single))
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
            (self.stored.samples < 20_000, format!("{} samples", self.stored.samples)),
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
        format!("{}, {} Hz, hop {}, {} bins of {}{extra}", self.stored.sound, p.sr, p.hop, p.bins, p.bins_per_octave)
    }
}

/// Compares every case of a release, printing each figure; fails with all that miss the limit.
fn agrees_with(release: &str) {
    let (cases, bin) = index::read::<Case>(&format!("librosa-{release}"));
    assert!(cases.len() > 15, "{release}: {} cases", cases.len());
    let mut missed = Vec::new();
    for case in &cases {
        if case.fits {
            let bins = Cqt::bins_that_fit(&case.params, case.ratios.as_deref());
            assert_eq!(bins, Ok(case.stored.shape.0), "{}", case.name());
        }
        let (double, single) = case.computed();
        let want = case.stored.cells(&bin);
        let (db, single_db) = (relative_db(&double, &want), relative_db(&single, &want));
        let line = format!("golden {release} | {} | {db:.1} dB | {single_db:.1} dB", case.name());
        println!("{line}");
        // Silence is none as well.
        let agree = db <= LIMIT_DB && single_db <= SINGLE_LIMIT_DB;
        if !agree {
            missed.push(line);
        }
    }
    assert!(missed.is_empty(), "above {LIMIT_DB} dB, or {SINGLE_LIMIT_DB} dB in single:\n{}", missed.join("\n"));
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
