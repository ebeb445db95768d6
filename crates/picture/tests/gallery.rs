//! Pictures made by librosa and matplotlib, against the matrix that was drawn.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests: a failed unwrap is a failed test")]

mod common;

use std::path::Path;

use common::{decibels, drawn_places, gallery, magnitudes_from_npy, raster_from_jpeg, raster_from_png};
use photophone_picture::{Missing, Picture, ReadOptions, read};
use photophone_spectrum::{LevelScale, Plane};

/// What was drawn in a gallery folder's picture.
fn truth(folder: &Path, linear: bool) -> Plane<f64> {
    let magnitudes = magnitudes_from_npy(&folder.join("cqt.npy"));
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
    let Some(gallery) = gallery() else { return };
    let folder = gallery.join(folder);
    let raster = raster_from_png(&folder.join(file));
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
fn the_questions_own_picture_is_read_exactly() {
    for folder in ["asker_libri1", "asker_vibeace"] {
        check(folder, "picture.png", true, "magma", FIRST);
    }
}

#[test]
fn matplotlib_2_pictures_are_read_exactly() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        check(folder, "cqt_linear_mpl225_inline.png", true, "magma", FIRST);
        check(folder, "cqt_db80_mpl225_inline.png", false, "magma", FIRST);
    }
}

#[test]
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

fn read_changed(folder: &str, file: &str, options: &ReadOptions) -> Option<(Picture, (f64, f64))> {
    let folder = gallery()?.join(folder);
    let path = folder.join(file);
    let raster = if file.ends_with("jpg") { raster_from_jpeg(&path) } else { raster_from_png(&path) };
    let linear = file == "picture_gray.png";
    let start = std::time::Instant::now();
    let picture = read(&raster, options).unwrap();
    let time = start.elapsed();
    let errors = errors(&picture, &truth(&folder, linear), picture.missing.value.frames_before);
    println!(
        "{file}: {time:?} errors {errors:?}\n {:?}\n {:?}\n {:?}",
        picture.lattice, picture.palette, picture.missing
    );
    Some((picture, errors))
}

fn told() -> ReadOptions {
    ReadOptions { expected_shape: Some((84, 260)), ..ReadOptions::default() }
}

#[test]
fn gray_copies_are_read_through_the_palette_behind_them() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let Some((picture, (mean, p99))) = read_changed(folder, "cqt_db80_cv2gray.png", &ReadOptions::default()) else {
            return;
        };
        assert_eq!(picture.palette.value.to_string(), "gray-of:magma");
        assert!(mean < 0.4 && p99 <= 1.5, "{mean} {p99}");
    }
    for folder in ["asker_libri1", "asker_vibeace"] {
        let Some((picture, (mean, p99))) = read_changed(folder, "picture_gray.png", &told()) else { return };
        assert_eq!(picture.palette.value.to_string(), "gray-of:magma");
        assert_eq!(picture.missing.value, FIRST);
        assert!(mean < 0.4 && p99 <= 1.5, "{mean} {p99}");
    }
}

#[test]
fn a_blurred_picture_is_deblurred() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let Some((picture, (mean, p99))) = read_changed(folder, "cqt_db80_blur3.png", &told()) else { return };
        assert_eq!(picture.palette.value.to_string(), "magma");
        assert!(mean < 0.5 && p99 < 4.0, "{mean} {p99}");
    }
}

#[test]
fn a_compressed_picture_is_averaged() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let Some((picture, (mean, p99))) = read_changed(folder, "cqt_db80_q90.jpg", &told()) else { return };
        assert_eq!(picture.palette.value.to_string(), "magma");
        assert!(mean < 3.0 && p99 < 20.0, "{mean} {p99}");
    }
}

#[test]
fn a_shrunk_picture_is_read_with_less_confidence() {
    for folder in ["trumpet", "libri1", "vibeace"] {
        let Some((picture, (mean, _))) = read_changed(folder, "cqt_db80_resized_224.png", &told()) else { return };
        assert_eq!(picture.palette.value.to_string(), "magma");
        assert!(mean < 8.0, "{mean}");
        assert!(picture.lattice.score.is_some_and(|score| score < 0.6));
    }
}

#[test]
#[ignore = "prints what is found in pictures that are not CQT pictures of the kept phase"]
fn other_pictures() {
    let Some(gallery) = gallery() else { return };
    for file in [
        "cqt_axes_colorbar_22k.png",
        "mel128_axes_colorbar.png",
        "stft2048_axes_colorbar.png",
        "stft1024_logaxis_full.png",
        "stft2048_gray_full.jpg",
        "sox.png",
        "ffmpeg.png",
        "cqt_db80_blur3.png",
        "cqt_db80_q90.jpg",
        "cqt_db80_resized_224.png",
    ] {
        for folder in ["trumpet", "libri1", "vibeace"] {
            let path = gallery.join(folder).join(file);
            let raster = if file.ends_with("jpg") { raster_from_jpeg(&path) } else { raster_from_png(&path) };
            let start = std::time::Instant::now();
            match read(&raster, &ReadOptions::default()) {
                Ok(p) => println!(
                    "{file} {:?}: {:?} {:?}\n  {:?}\n  {:?}\n  {:?}",
                    start.elapsed(),
                    p.levels.shape(),
                    p.data_box,
                    p.lattice,
                    p.palette,
                    p.scale
                ),
                Err(error) => println!("{file} {:?}: {error}", start.elapsed()),
            }
        }
    }
}
