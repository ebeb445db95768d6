//! Pictures made by librosa and matplotlib, against the matrix that was drawn.

mod common;

use std::path::Path;

use common::{decibels, drawn_places, gallery, magnitudes_from_npy, raster_from_png};
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
