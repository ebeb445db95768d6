//! Pictures made by librosa and matplotlib, against the matrix that was drawn.
//!
//! They are of recordings, which the repository does not have: `cargo xtask test` runs this where the gallery is.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests: a failed unwrap is a failed test")]

use std::path::{Path, PathBuf};

use num_complex::Complex;
use photophone::compare::{CompareOptions, Mono, compare};
use photophone::files::{ArrayReadOptions, PictureReadOptions, SoundReadOptions, read_array, read_picture, read_sound};
use photophone::picture::{Missing, Picture, Raster, ReadOptions, read};
use photophone::spectrum::{LevelScale, Plane};
use photophone::transform::{Cqt, CqtParams};
use photophone::{Input, Recipe, RecoverOptions, TransformRecipe, recover};

/// The gallery's folder.
fn gallery() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/gallery");
    let folder = std::env::var_os("PHOTOPHONE_GALLERY").map_or_else(beside, PathBuf::from);
    assert!(folder.is_dir(), "no gallery at {}: PHOTOPHONE_GALLERY names its folder", folder.display());
    folder
}

fn raster(path: &Path) -> Raster {
    read_picture(path, PictureReadOptions::default()).unwrap().into_raster(path).unwrap()
}

/// Magnitudes of a complex .npy matrix, in f32 as NumPy has them.
fn magnitudes(path: &Path) -> Plane<f32> {
    let array = read_array(path, &ArrayReadOptions::default()).unwrap();
    array.values.map(|value| Complex::new(value.re as f32, value.im as f32).norm())
}

/// `librosa.amplitude_to_db(magnitudes, ref=np.max, top_db=80)`: amin 1e-5, powers.
fn decibels(magnitudes: &Plane<f32>) -> Plane<f32> {
    let peak = magnitudes.as_slice().iter().copied().fold(0.0, f32::max);
    let db = |power: f32| 10.0 * power.max(1e-10).log10();
    let reference = db(peak * peak);
    let relative = magnitudes.map(|&m| db(m * m) - reference);
    let top = relative.as_slice().iter().copied().fold(f32::NEG_INFINITY, f32::max);
    relative.map(|&level| level.max(top - 80.0))
}

/// Where in 0..256 palette entries matplotlib draws each value: scaled to the data's own range.
fn drawn_places(values: &Plane<f32>) -> Plane<f64> {
    let low = values.as_slice().iter().copied().fold(f32::INFINITY, f32::min);
    let high = values.as_slice().iter().copied().fold(f32::NEG_INFINITY, f32::max);
    values.map(|&v| f64::from((v - low) / (high - low) * 256.0))
}

/// What was drawn in a gallery folder's picture.
fn truth(folder: &Path, linear: bool) -> Plane<f64> {
    let magnitudes = magnitudes(&folder.join("cqt.npy"));
    if linear { drawn_places(&magnitudes) } else { drawn_places(&decibels(&magnitudes)) }
}

/// NumPy's log10 in f32 and Rust's differ in the last bit: a value that close to two entries may be drawn in either.
const ROUNDING: f64 = 1e-4;

/// Cells whose value is not in the interval read.
fn wrong_cells(picture: &Picture, truth: &Plane<f64>, first_frame: usize) -> usize {
    let (rows, columns) = picture.levels.shape();
    assert!(rows == truth.rows() && first_frame + columns <= truth.columns());
    let inside = |r: usize, c: usize| {
        let place = truth[(r, first_frame + c)];
        256.0 * picture.low[(r, c)] <= place + ROUNDING && place - ROUNDING <= 256.0 * picture.high[(r, c)]
    };
    (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))).filter(|&(r, c)| !inside(r, c)).count()
}

fn check(folder: &str, file: &str, linear: bool, palette: &str, missing: Missing) {
    let folder = gallery().join(folder);
    let raster = raster(&folder.join(file));
    let truth = truth(&folder, linear);
    // Alone, without being told the shape.
    let alone = read(&raster, &ReadOptions::default()).unwrap();
    assert_eq!(alone.levels.shape(), (84, 260 - missing.frames_before - missing.frames_after), "{:?}", alone.lattice);
    assert_eq!(wrong_cells(&alone, &truth, missing.frames_before), 0);
    assert_eq!(alone.palette.value.to_string(), palette, "{:?}", alone.palette);
    let scale = if linear { LevelScale::Linear } else { LevelScale::DB_80 };
    assert_eq!(alone.scale.value, scale, "{:?}", alone.scale);
    // With the kept phase's shape, the missing frame is named.
    let told = ReadOptions { expected_shape: Some((84, 260)), ..ReadOptions::default() };
    let told = read(&raster, &told).unwrap();
    assert_eq!(told.missing.value, missing, "{:?}", told.missing);
    assert_eq!(told.levels, alone.levels);
    println!("{file}: {:?}\n {:?}\n {:?}\n {:?}", told.lattice, told.missing, told.palette, told.scale);
}

const NONE: Missing = Missing { frames_before: 0, frames_after: 0, rows_below: 0, rows_above: 0 };
const FIRST: Missing = Missing { frames_before: 1, ..NONE };
const LAST: Missing = Missing { frames_after: 1, ..NONE };

#[test]
#[ignore = "needs the gallery"]
fn pictures_by_an_old_librosa_are_read_exactly() {
    for folder in ["asker_libri1", "asker_vibeace"] {
        check(folder, "picture.png", true, "magma", FIRST);
    }
}

#[test]
#[ignore = "needs the gallery"]
fn matplotlib_2_pictures_are_read_exactly() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        check(folder, "cqt_linear_mpl225_inline.png", true, "magma", FIRST);
        check(folder, "cqt_db80_mpl225_inline.png", false, "magma", FIRST);
    }
}

#[test]
#[ignore = "needs the gallery"]
fn matplotlib_3_pictures_are_read_exactly() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        check(folder, "cqt_linear_mpl3_inline.png", true, "magma", LAST);
        check(folder, "cqt_db80_mpl3_inline.png", false, "magma", LAST);
        check(folder, "cqt_linear_mpl3_script.png", true, "magma", NONE);
        check(folder, "cqt_db80_mpl3_script.png", false, "magma", NONE);
        check(folder, "cqt_db80_viridis.png", false, "viridis", NONE);
    }
}

/// Mean and 99th percentile of the distance, in entries of 256, from the interval read to the value drawn.
fn errors(picture: &Picture, truth: &Plane<f64>, first_frame: usize) -> (f64, f64) {
    let (rows, columns) = picture.levels.shape();
    assert!(rows == truth.rows() && first_frame + columns <= truth.columns(), "{rows} x {columns}");
    let mut errors: Vec<f64> = (0..rows)
        .flat_map(|r| (0..columns).map(move |c| (r, c)))
        .map(|(r, c)| (256.0 * picture.levels[(r, c)] - (truth[(r, first_frame + c)].min(255.0).floor() + 0.5)).abs())
        .collect();
    errors.sort_by(f64::total_cmp);
    (errors.iter().sum::<f64>() / errors.len() as f64, errors[errors.len() * 99 / 100])
}

fn read_changed(folder: &str, file: &str, options: &ReadOptions) -> (Picture, (f64, f64)) {
    let folder = gallery().join(folder);
    let raster = raster(&folder.join(file));
    let linear = file == "picture_gray.png";
    let start = std::time::Instant::now();
    let picture = read(&raster, options).unwrap();
    let time = start.elapsed();
    let errors = errors(&picture, &truth(&folder, linear), picture.missing.value.frames_before);
    println!(
        "{file}: {time:?} errors {errors:?}\n {:?}\n {:?}\n {:?}",
        picture.lattice, picture.palette, picture.missing
    );
    (picture, errors)
}

fn told() -> ReadOptions {
    ReadOptions { expected_shape: Some((84, 260)), ..ReadOptions::default() }
}

#[test]
#[ignore = "needs the gallery"]
fn gray_copies_are_read_through_the_palette_behind_them() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let (picture, (mean, p99)) = read_changed(folder, "cqt_db80_cv2gray.png", &ReadOptions::default());
        assert_eq!(picture.palette.value.to_string(), "gray-of:magma");
        assert!(mean < 0.4 && p99 <= 1.5, "{mean} {p99}");
    }
    for folder in ["asker_libri1", "asker_vibeace"] {
        let (picture, (mean, p99)) = read_changed(folder, "picture_gray.png", &told());
        assert_eq!(picture.palette.value.to_string(), "gray-of:magma");
        assert_eq!(picture.missing.value, FIRST);
        assert!(mean < 0.4 && p99 <= 1.5, "{mean} {p99}");
    }
}

#[test]
#[ignore = "needs the gallery"]
fn a_blurred_picture_is_deblurred() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let (picture, (mean, p99)) = read_changed(folder, "cqt_db80_blur3.png", &told());
        assert_eq!(picture.palette.value.to_string(), "magma");
        assert!(mean < 0.5 && p99 < 4.0, "{mean} {p99}");
    }
}

#[test]
#[ignore = "needs the gallery"]
fn a_compressed_picture_is_averaged() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let (picture, (mean, p99)) = read_changed(folder, "cqt_db80_q90.jpg", &told());
        assert_eq!(picture.palette.value.to_string(), "magma");
        assert!(mean < 3.0 && p99 < 20.0, "{mean} {p99}");
    }
}

#[test]
#[ignore = "needs the gallery"]
fn a_shrunk_picture_is_read_with_less_confidence() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let (picture, (mean, _)) = read_changed(folder, "cqt_db80_resized_224.png", &told());
        assert_eq!(picture.palette.value.to_string(), "magma");
        assert!(mean < 8.0, "{mean}");
        assert!(picture.lattice.score.is_some_and(|score| score < 0.6));
    }
}

/// Spectral convergence of what is recovered to `truth`, from 30 to 4100 Hz.
fn nearness_db(truth: &[f64], options: &RecoverOptions) -> f64 {
    let found = recover(options, |_| std::ops::ControlFlow::Continue(())).unwrap().sound;
    let (found, rate) = (found.mixed_to_mono(), found.sample_rate_hz);
    let mono = |samples| Mono { samples, sample_rate_hz: rate };
    let options = CompareOptions { band_hz: Some((30.0, 4100.0)), ..CompareOptions::default() };
    compare(mono(truth), mono(&found), &options).unwrap().stft_sc_db
}

/// Axes, a colour bar and 8 bits cost next to nothing.
#[test]
#[ignore = "needs the gallery"]
fn a_constant_q_figure_gives_a_sound_as_near_as_its_exact_magnitudes_do() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let folder = gallery().join(folder);
        let truth = read_sound(&folder.join("truth22k.wav"), SoundReadOptions::default()).unwrap().mixed_to_mono();
        let plan = Cqt::new(&CqtParams::default(), truth.len()).unwrap();
        let exact = plan.forward(&truth).unwrap().map(|value| value.norm());
        let recipe = Recipe::from(TransformRecipe { sr: Some(22_050.0), ..TransformRecipe::default() });
        let array = Input::real("exact magnitudes", &exact);
        let of_exact = nearness_db(&truth, &RecoverOptions { input: array, recipe, ..RecoverOptions::default() });
        let figure = Input::from(folder.join("cqt_axes_colorbar_22k.png"));
        let of_figure = nearness_db(&truth, &RecoverOptions { input: figure, ..RecoverOptions::default() });
        println!("{}: {of_figure:.2} dB, of exact magnitudes {of_exact:.2} dB", folder.display());
        assert!(of_figure <= of_exact + 0.3, "{of_figure} {of_exact}");
    }
}
