//! What a kept phase tells of a picture that was turned, inverted, stretched or drawn without its first frame.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone::files::DecodedPicture;
use photophone::picture::{Flip, Raster, ReadOptions};
use photophone::spectrum::{LevelScale, Plane};
use photophone::transform::{Cqt, CqtParams};
use photophone::{
    Error, Input, ReadPicture, Recipe, RecoverOptions, SoundRecipe, TransformRecipe, read_picture, recover,
};

/// Gliding partials over some noise, through librosa's default bank.
fn coefficients() -> Plane<Complex<f64>> {
    gliding(180.0, 20.0)
}

/// The same from `hz` on, by `rise` hertz a second.
fn gliding(hz: f64, rise: f64) -> Plane<Complex<f64>> {
    let mut state = 5u64;
    let samples: Vec<f64> = (0..44_100)
        .map(|i| {
            let secs = f64::from(i) / 22_050.0;
            let partial = |h: f64| (std::f64::consts::TAU * h * (hz * secs + rise * secs * secs)).sin() / h;
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let noise = (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
            (1.0 + (9.0 * secs).sin()) * (1..9).map(|h| partial(f64::from(h))).sum::<f64>() + 0.02 * noise
        })
        .collect();
    Cqt::new(&CqtParams::default(), samples.len()).unwrap().forward(&samples).unwrap()
}

fn phase(grid: &Plane<Complex<f64>>) -> Input {
    Input::complex("the phase", grid.map(|value| value / value.norm().max(1e-12)))
}

/// Gray, one pixel a cell, of entries with row 0 the lowest.
fn picture(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> u8) -> Input {
    let raster = Raster::from_fn(columns, rows, |x, y| {
        let v = entry(rows - 1 - y, x);
        [v, v, v, 255]
    });
    Input::Pixels { name: "the picture".to_owned(), picture: DecodedPicture::from_raster(&raster.unwrap()) }
}

/// `np.log(C + 1e-9)`, stretched from its least to its largest value, and how many dB that is.
fn logarithms(grid: &Plane<Complex<f64>>) -> (Plane<u8>, f64) {
    let logs = grid.map(|value| (value.norm() + 1e-9).ln());
    let least = logs.as_slice().iter().copied().fold(f64::INFINITY, f64::min);
    let most = logs.as_slice().iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (logs.map(|log| ((log - least) / (most - least) * 255.0) as u8), (most - least) * 20.0 / std::f64::consts::LN_10)
}

fn read(input: Input, phase: Option<Input>) -> Result<ReadPicture, Error> {
    read_picture(&RecoverOptions { input, phase, ..RecoverOptions::default() })
}

#[test]
fn flip_direction_and_range_are_read_with_the_phase() {
    let grid = coefficients();
    let (rows, columns) = grid.shape();
    let (entries, range_db) = logarithms(&grid);
    for upside_down in [false, true] {
        for inverted in [false, true] {
            let entry = |r: usize, c: usize| {
                let entry = entries[(if upside_down { rows - 1 - r } else { r }, c)];
                if inverted { 255 - entry } else { entry }
            };
            let found = read(picture(rows, columns, entry), Some(phase(&grid))).unwrap();
            let flip = if upside_down { Flip::Vertical } else { Flip::None };
            let what = format!("{upside_down} {inverted} {:?} {:?}", found.picture.flip, found.picture.palette);
            assert_eq!(found.picture.flip.value, flip, "{what}");
            assert_eq!(found.picture.palette.value.to_string(), if inverted { "gray_r" } else { "gray" }, "{what}");
            let LevelScale::Db { low, high } = found.levels.value else { panic!("{:?}", found.levels) };
            assert!((high - low - range_db).abs() < 0.05 * range_db, "{range_db} {:?}", found.levels);
        }
    }
}

/// Levels as librosa draws them.
fn decibels(grid: &Plane<Complex<f64>>, range_db: f64) -> Plane<u8> {
    let loudest = grid.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
    let level = |value: &Complex<f64>| 1.0 + 20.0 * (value.norm() / loudest).log10() / range_db;
    grid.map(|value| (255.0 * level(value)).round().clamp(0.0, 255.0) as u8)
}

/// Pixels do not show that time runs to the left; the phase does.
#[test]
fn a_reading_without_any_sound_is_given_up() {
    let grid = coefficients();
    let (rows, columns) = grid.shape();
    let entries = decibels(&grid, 80.0);
    let backwards = picture(rows, columns, |r, c| entries[(r, columns - 1 - c)]);
    let found = read(backwards, Some(phase(&grid))).unwrap();
    assert_eq!(found.picture.flip.value, Flip::Horizontal, "{:?}", found.picture.flip);
    assert!(found.picture.flip.evidence.contains("with the phase"));
}

/// Of a hundred readings one always agrees best with the phase of another sound, which says nothing of any.
#[test]
fn the_phase_of_another_sound_turns_nothing() {
    let grid = coefficients();
    let (rows, columns) = grid.shape();
    let entries = decibels(&grid, 80.0);
    for (hz, rise) in [(150.0, -15.0), (200.0, 40.0), (110.0, 0.0), (260.0, -30.0), (90.0, 60.0), (180.0, -20.0)] {
        let found = read(picture(rows, columns, |r, c| entries[(r, c)]), Some(phase(&gliding(hz, rise)))).unwrap();
        assert_eq!(found.picture.flip.value, Flip::None, "{hz} {rise}: {:?}", found.picture.flip);
        assert_eq!(found.picture.palette.value.to_string(), "gray", "{hz} {rise}: {:?}", found.picture.palette);
    }
}

/// Under none of the usual ranges does a picture over another agree with its phase, whichever way it is turned.
#[test]
fn an_unusual_range_does_not_hide_a_turned_picture() {
    let grid = coefficients();
    let (rows, columns) = grid.shape();
    for range_db in [16.0, 240.0] {
        let entries = decibels(&grid, range_db);
        let backwards = picture(rows, columns, |r, c| entries[(rows - 1 - r, columns - 1 - c)]);
        let found = read(backwards, Some(phase(&grid))).unwrap();
        assert_eq!(found.picture.flip.value, Flip::Both, "{range_db} dB: {:?} {:?}", found.picture.flip, found.levels);
    }
}

#[test]
fn what_was_read_gives_the_sound_of_what_is_told() {
    let grid = coefficients();
    let (rows, columns) = grid.shape();
    let loudest = grid.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
    let level = |r: usize, c: usize| 1.0 + 20.0 * (grid[(r, c)].norm() / loudest).log10() / 80.0;
    let upside_down =
        || picture(rows, columns, |r, c| (255.0 * level(rows - 1 - r, c)).round().clamp(0.0, 255.0) as u8);
    let sound = |reading: ReadOptions| {
        let recipe = Recipe::from(TransformRecipe {
            pad_mode: Some(CqtParams::default().pad_mode),
            ..TransformRecipe::default()
        });
        let (input, phase) = (upside_down(), Some(phase(&grid)));
        let options = RecoverOptions { input, phase, reading, recipe, max_iterations: 5, ..RecoverOptions::default() };
        recover(&options, |_| ControlFlow::Continue(())).unwrap().sound
    };
    let told = ReadOptions { flip: Some(Flip::Vertical), ..ReadOptions::default() };
    assert_eq!(sound(ReadOptions::default()), sound(told));
}

#[test]
fn without_a_phase_gray_cells_of_one_pixel_are_named() {
    let (entries, _) = logarithms(&coefficients());
    let (rows, columns) = entries.shape();
    let error = read(picture(rows, columns, |r, c| entries[(r, c)]), None).unwrap_err().to_string();
    assert!(error.contains(&format!("`cells {rows}x{columns}`")) && error.contains("one pixel a cell"), "{error}");
}

/// Colours of matplotlib's `hot`, whose runs a reader of cells counts.
fn hot(entry: u8) -> [u8; 4] {
    let x = f64::from(entry) / 255.0;
    let ramp = |low: f64, high: f64, from: f64| from + (1.0 - from) * ((x - low) / (high - low)).clamp(0.0, 1.0);
    let [r, g, b] = [ramp(0.0, 0.365_079, 0.0416), ramp(0.365_079, 0.746_032, 0.0), ramp(0.746_032, 1.0, 0.0)]
        .map(|c| (255.0 * c + 0.5) as u8);
    [r, g, b, 255]
}

#[test]
fn fewer_pixels_than_frames_are_doubted() {
    let (entries, _) = logarithms(&coefficients());
    let (rows, columns) = entries.shape();
    let (width, height) = (columns * 3 / 4, rows * 5);
    let raster = Raster::from_fn(width, height, |x, y| hot(entries[(rows - 1 - y / 5, x * columns / width)])).unwrap();
    let input = || Input::Pixels { name: "the picture".to_owned(), picture: DecodedPicture::from_raster(&raster) };
    let alone = read(input(), None).unwrap();
    assert!(alone.report.warnings.iter().any(|warning| warning.contains("too fast")), "{:?}", alone.report.warnings);
    let told = read(input(), Some(phase(&coefficients()))).unwrap();
    assert!(told.report.warnings.iter().any(|warning| warning.contains("lost")), "{:?}", told.report.warnings);
}

/// matplotlib clips the first frame of some pictures; their length tells that there was one.
#[test]
fn a_length_tells_of_a_hidden_frame() {
    let (entries, _) = logarithms(&coefficients());
    let (rows, columns) = entries.shape();
    let raster =
        Raster::from_fn(4 * (columns - 1), 4 * rows, |x, y| hot(entries[(rows - 1 - y / 4, 1 + x / 4)])).unwrap();
    let input = Input::Pixels { name: "the picture".to_owned(), picture: DecodedPicture::from_raster(&raster) };
    let recipe = Recipe {
        sound: SoundRecipe { length: Some(44_100), ..SoundRecipe::default() },
        transform: TransformRecipe { bins: Some(rows), ..TransformRecipe::default() },
        ..Recipe::default()
    };
    let options = RecoverOptions { input, recipe, ..RecoverOptions::default() };
    let found = read_picture(&options).unwrap();
    let missing = found.picture.missing.value;
    assert_eq!(missing.frames_before + missing.frames_after, 1, "{:?}", found.picture.missing);
}
