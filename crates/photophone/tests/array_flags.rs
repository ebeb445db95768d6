//! What is told of a picture holds for an array, or is refused by its name.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::ops::ControlFlow;
use std::path::Path;

use num_complex::Complex;
use photophone::files::{ArrayFile, ArrayReadOptions, ValueKind, decode_array};
use photophone::picture::{Flip, PixelBox, ReadOptions};
use photophone::spectrum::Plane;
use photophone::transform::{Cqt, CqtParams, PadMode};
use photophone::{
    Error, Input, Inverse, InverseRecipe, Recipe, RecoverOptions, Recovered, SoundRecipe, TransformRecipe, recover,
};

const BINS: usize = 24;
const FRAMES: usize = 40;

/// Of that many frames.
const SAMPLES: usize = 64 * (FRAMES - 1) + 20;

fn params() -> CqtParams {
    CqtParams { hop: 64, bins: BINS, fmin_hz: 220.0, ..CqtParams::default() }
}

fn tones() -> Vec<f64> {
    let tone = |i: usize, hz: f64| (std::f64::consts::TAU * hz * i as f64 / 22_050.0).sin();
    (0..SAMPLES).map(|i| 0.4 * tone(i, 262.0) + 0.3 * tone(i, 417.0)).collect()
}

fn coefficients() -> Plane<Complex<f64>> {
    Cqt::new(&params(), SAMPLES).unwrap().forward(&tones()).unwrap()
}

fn told(input: Input, phase: Option<Plane<Complex<f64>>>) -> RecoverOptions {
    RecoverOptions {
        input,
        phase: phase.map(|phase| Input::complex("the phase", phase)),
        recipe: Recipe {
            inverse: InverseRecipe { method: Some(Inverse::Linear) },
            sound: SoundRecipe { length: Some(SAMPLES), ..SoundRecipe::default() },
            transform: TransformRecipe {
                sr: Some(22_050.0),
                hop: Some(64),
                fmin: Some("220".parse().unwrap()),
                tuning: Some("0".parse().unwrap()),
                ..TransformRecipe::default()
            },
            ..Recipe::default()
        },
        max_iterations: 30,
        ..RecoverOptions::default()
    }
}

fn recovered(options: &RecoverOptions) -> Result<Recovered, Error> {
    recover(options, |_| ControlFlow::Continue(()))
}

fn samples(options: &RecoverOptions) -> Vec<f64> {
    recovered(options).unwrap().sound.mixed_to_mono()
}

/// What is left of `truth` in `found` after the best gain, in dB.
fn error_db(truth: &[f64], found: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let share = dot(truth, found).powi(2) / (dot(truth, truth) * dot(found, found));
    10.0 * (1.0 - share).log10()
}

#[test]
fn flip_and_transposed_turn_an_array() {
    let plain = coefficients();
    let expected = samples(&told(Input::complex("C", plain.clone()), None));
    let turned = |flip| {
        Plane::from_fn(BINS, FRAMES, |k, t| match flip {
            Flip::None => plain[(k, t)],
            Flip::Vertical => plain[(BINS - 1 - k, t)],
            Flip::Horizontal => plain[(k, FRAMES - 1 - t)],
            Flip::Both => plain[(BINS - 1 - k, FRAMES - 1 - t)],
        })
    };
    for flip in [Flip::None, Flip::Vertical, Flip::Horizontal, Flip::Both] {
        for transposed in [false, true] {
            let array = if transposed { turned(flip).transposed() } else { turned(flip) };
            let reading = ReadOptions { flip: Some(flip), transposed, ..ReadOptions::default() };
            let options = RecoverOptions { reading, ..told(Input::complex("C", array), None) };
            assert!(samples(&options) == expected, "{flip:?} {transposed}");
        }
    }
}

#[test]
fn levels_hold_for_numbers_of_every_kind() {
    let plain = coefficients();
    let loudest = plain.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
    let db = plain.map(|value| (20.0 * (value.norm() / loudest).log10()).max(-80.0));
    let linear = samples(&told(Input::real("M", &plain.map(|value| value.norm())), Some(plain.clone())));
    for (levels, dtype, number) in [
        ("db:-80:0", "<f8", Box::new(|db| db) as Box<dyn Fn(f64) -> f64>),
        ("db", "<f8", Box::new(|db| db + 80.0)),
        ("db", "<f8", Box::new(|db| db / 80.0 + 1.0)),
        ("db", "|u1", Box::new(|db| ((db / 80.0 + 1.0) * 255.0).round())),
        ("ln", "<f8", Box::new(|db| db * std::f64::consts::LN_10 / 20.0)),
        ("power", "<f8", Box::new(|db| 10f64.powf(db / 10.0))),
    ] {
        let values = db.map(|&db| Complex::new(number(db), 0.0));
        let array = ArrayFile { dtype: dtype.to_owned(), ..ArrayFile::in_memory(values, ValueKind::Real) };
        let mut options = told(Input::Array { name: "M".to_owned(), array }, Some(plain.clone()));
        options.recipe.picture.levels = Some(levels.parse().unwrap());
        let error = error_db(&linear, &samples(&options));
        assert!(error < if dtype == "|u1" { -25.0 } else { -50.0 }, "{levels} {dtype}: {error:.1} dB");
    }
}

#[test]
fn flags_that_cannot_hold_are_named() {
    let plain = coefficients();
    let refused = |reading: ReadOptions, levels: Option<&str>| {
        let mut options = RecoverOptions { reading, ..told(Input::complex("C", plain.clone()), None) };
        options.recipe.picture.levels = levels.map(|levels| levels.parse().unwrap());
        recovered(&options).unwrap_err().to_string()
    };
    let none = ReadOptions::default;
    let crop = Some(PixelBox { x: 0, y: 0, width: 4, height: 4 });
    let palette = Some("magma".parse().unwrap());
    assert!(refused(ReadOptions { crop, ..none() }, None).contains("`crop`"));
    assert!(refused(ReadOptions { cells: Some((BINS, FRAMES)), ..none() }, None).contains("`cells`"));
    assert!(refused(ReadOptions { palette, ..none() }, None).contains("`palette`"));
    assert!(refused(none(), Some("db")).contains("`levels db"));
}

#[test]
fn numbers_that_look_like_levels_are_doubted() {
    let spread = Plane::from_fn(BINS, FRAMES, |k, t| ((k * 37 + t * 61) % 81) as f64);
    let warned = |numbers: &Plane<f64>, dtype: &str, levels: Option<&str>| {
        let values = numbers.map(|&number| Complex::new(number, 0.0));
        let array = ArrayFile { dtype: dtype.to_owned(), ..ArrayFile::in_memory(values, ValueKind::Real) };
        let mut options = told(Input::Array { name: "M".to_owned(), array }, Some(coefficients()));
        options.recipe.picture.levels = levels.map(|levels| levels.parse().unwrap());
        options.max_iterations = 2;
        recovered(&options).unwrap().report.warnings.iter().any(|warning| warning.contains("`levels db:-80:0`"))
    };
    assert!(warned(&spread, "<f4", None) && warned(&spread, "|u1", None));
    assert!(!warned(&spread, "<f4", Some("linear")) && !warned(&spread, "<f4", Some("db")));
    assert!(!warned(&coefficients().map(|value| value.norm()), "<f4", None));
    let negative = Input::real("M", &spread.map(|number| number - 80.0));
    let error = recovered(&told(negative, None)).unwrap_err().to_string();
    assert!(error.contains("`levels db:-80:0`"), "{error}");
}

/// torch's and nnAudio's layout: real and imaginary part in the last axis.
#[test]
fn parts_in_the_last_axis_are_complex_numbers() {
    let value = |k: usize, t: usize| Complex::new(k as f64 - 1.0, t as f64 + 0.5);
    let parts: Vec<(usize, usize)> = (0..3).flat_map(|k| (0..4).map(move |t| (k, t))).collect();
    let by_cell: Vec<f64> = parts.iter().flat_map(|&(k, t)| [value(k, t).re, value(k, t).im]).collect();
    // Fortran's order: the parts slowest, the rows fastest.
    let fortran = [0, 1].into_iter().flat_map(|part| {
        (0..4).flat_map(move |t| (0..3).map(move |k| if part == 0 { value(k, t).re } else { value(k, t).im }))
    });
    let npy = |fortran_order: &str, shape: &str, numbers: Vec<f64>| {
        let header = format!("{{'descr': '<f8', 'fortran_order': {fortran_order}, 'shape': {shape}, }}");
        let header = format!("{header:<117}\n");
        let data: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), &data].concat()
    };
    let read = |bytes: &[u8]| decode_array(Path::new("c.npy"), bytes, &ArrayReadOptions::default());
    for bytes in [npy("False", "(1, 3, 4, 2)", by_cell.clone()), npy("True", "(1, 3, 4, 2)", fortran.collect())] {
        let array = read(&bytes).unwrap();
        assert_eq!(array.kind, ValueKind::Complex);
        assert_eq!(array.values, Plane::from_fn(3, 4, value));
    }
    let positive = by_cell.iter().map(|number| number.abs()).collect();
    let error = read(&npy("False", "(3, 4, 2)", positive)).unwrap_err().to_string();
    assert!(error.contains("a[..., 0] + 1j * a[..., 1]"), "{error}");
}

#[test]
fn a_picture_of_a_phase_is_told_how_to_become_an_array() {
    let picture = photophone::picture::Raster::from_fn(4, 4, |x, y| [x as u8, y as u8, 0, 255]).unwrap();
    let bytes = photophone::files::encode_raster(Path::new("p.png"), &picture, &[]).unwrap();
    let phase = Some(Input::Bytes { name: "p.png".to_owned(), bytes });
    let options = RecoverOptions { phase, ..told(Input::complex("C", coefficients()), None) };
    let error = recovered(&options).unwrap_err().to_string();
    assert!(error.contains("numpy.save") && error.contains("twilight_shifted"), "{error}");
}

/// Bins that have no name are taken for equal-tempered ones, and warned of; librosa's "ji5" is found.
#[test]
fn coefficients_of_other_intervals_are_found_or_warned_of() {
    let just = photophone::transform::IntervalSet::Ji5.ratios(12).unwrap().unwrap();
    let sweep: Vec<f64> = (0..SAMPLES)
        .map(|i| {
            let secs = i as f64 / 22_050.0;
            (std::f64::consts::TAU * (230.0 * secs + 2_000.0 * secs * secs)).sin()
        })
        .collect();
    let mut unnamed = just.clone();
    (unnamed[2], unnamed[6], unnamed[10]) = (1.09, 1.44, 1.83);
    let warned = |grid: Plane<Complex<f64>>| {
        let options = RecoverOptions { max_iterations: 0, ..told(Input::complex("C", grid), None) };
        let warnings = recovered(&options).unwrap().report.warnings;
        warnings.iter().any(|warning| warning.contains("any sound under equal temperament"))
    };
    assert!(warned(Cqt::with_ratios(&params(), &unnamed, SAMPLES).unwrap().forward(&sweep).unwrap()));
    assert!(!warned(Cqt::with_ratios(&params(), &just, SAMPLES).unwrap().forward(&sweep).unwrap()));
    assert!(!warned(Cqt::new(&params(), SAMPLES).unwrap().forward(&sweep).unwrap()));
}

/// A length or pad mode that is told wrong is doubted by name: what the ends then ask for can be a sound below the bins,
/// far louder than the sound.
#[test]
fn a_wrong_end_that_is_told_is_doubted() {
    let params = CqtParams { hop: 64, bins: 60, fmin_hz: 65.4, pad_mode: PadMode::Reflect, ..CqtParams::default() };
    let samples = 64 * 119 + 20;
    let tone = |i: usize, hz: f64| (std::f64::consts::TAU * hz * i as f64 / 22_050.0).sin();
    let x: Vec<f64> =
        (0..samples).map(|i| 0.4 * tone(i, 98.3) + 0.3 * tone(i, 417.0) + 0.1 * tone(i, 1371.0)).collect();
    let grid = Cqt::new(&params, samples).unwrap().forward(&x).unwrap();
    let warning = |length: usize, pad_mode: PadMode| {
        let mut options = RecoverOptions { max_iterations: 0, ..told(Input::complex("C", grid.clone()), None) };
        options.recipe.sound.length = Some(length);
        options.recipe.transform.fmin = Some("65.4".parse().unwrap());
        options.recipe.transform.pad_mode = Some(pad_mode);
        recovered(&options).unwrap().report.warnings.into_iter().find(|warning| warning.contains("near the ends"))
    };
    assert_eq!(warning(samples, PadMode::Reflect), None);
    for (length, pad_mode) in [(samples - 12, PadMode::Reflect), (samples, PadMode::Edge), (samples, PadMode::Constant)]
    {
        let warning = warning(length, pad_mode).unwrap_or_default();
        assert!(warning.contains("`length` and `pad-mode`"), "{length} {pad_mode:?}: {warning}");
    }
}
