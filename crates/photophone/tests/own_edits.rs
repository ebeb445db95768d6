//! Own pictures that were edited: the sound is changed there, and nowhere else.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use jpeg_encoder::{ColorType, Encoder};
use photophone::files::{
    DecodedPicture, PictureReadOptions, SampleFormat, Sound, SoundFormat, decode_picture, encode_sound,
};
use photophone::own::{OwnDrawn, OwnOptions, draw};
use photophone::{Error, Input, RecoverOptions, Recovered, recover};

const RATE: u32 = 22_050;
const SECS: f64 = 4.0;

/// 440 Hz all the time, and a burst of 3000 Hz from 0.5 to 0.7 s, in steps of 16 bits.
fn sound() -> Sound {
    let sample = |at: usize| {
        let secs = at as f64 / f64::from(RATE);
        let within = (secs - 0.6).abs() < 0.1;
        let burst = if within { 0.5 + 0.5 * (TAU * 5.0 * (secs - 0.6)).cos() } else { 0.0 };
        (((0.3 * (TAU * 440.0 * secs).sin() + 0.3 * burst * (TAU * 3000.0 * secs).sin()) * 32_768.0).round() / 32_768.0)
            as f32
    };
    Sound { sample_rate_hz: RATE, channels: vec![(0..(SECS * f64::from(RATE)) as usize).map(sample).collect()] }
}

fn original(sound: &Sound) -> Input {
    let mut file = Cursor::new(Vec::new());
    encode_sound(Path::new("a.wav"), sound, SoundFormat::Wav, Some(SampleFormat::Int16), &mut file).unwrap();
    Input::Bytes { name: "a.wav".to_owned(), bytes: file.into_inner() }
}

fn decoded(drawn: &OwnDrawn) -> DecodedPicture {
    decode_picture(Path::new("a.png"), &drawn.to_png().unwrap(), PictureReadOptions::default()).unwrap()
}

/// The picture with each pixel of the panel made another: `change` is given its row from the lowest, its column and its level.
fn painted(drawn: &OwnDrawn, change: impl Fn(usize, usize, u8) -> u8) -> DecodedPicture {
    let mut picture = decoded(drawn);
    let (rows, width) = (drawn.recipe.picture.rows, picture.width);
    for y in 0..rows {
        for x in 0..drawn.recipe.picture.columns {
            let pixel = &mut picture.rgba[y * width + x];
            let level = change(rows - 1 - y, x, pixel[0]);
            *pixel = [level, level, level, 255];
        }
    }
    picture
}

fn sounded(picture: DecodedPicture, sound: &Sound) -> Result<Recovered, Error> {
    let input = Input::Pixels { name: "b.png".to_owned(), picture };
    recover(&RecoverOptions { input, original: Some(original(sound)), ..RecoverOptions::default() }, &mut |_| {
        ControlFlow::Continue(())
    })
}

/// The picture saved as a gray JPEG of quality 90, its recipe beside it.
fn as_jpeg(picture: &DecodedPicture) -> DecodedPicture {
    let gray: Vec<u8> = picture.rgba.iter().map(|pixel| pixel[0]).collect();
    let mut bytes = Vec::new();
    let (width, height) = (picture.width as u16, picture.height as u16);
    Encoder::new(&mut bytes, 90).encode(&gray, width, height, ColorType::Luma).unwrap();
    let text = picture.text.clone();
    DecodedPicture { text, ..decode_picture(Path::new("a.jpg"), &bytes, PictureReadOptions::default()).unwrap() }
}

/// Power of a frequency around a time, by the naive sum under a Hann window of 60 ms.
fn power(samples: &[f32], hz: f64, secs: f64) -> f64 {
    let half = (0.03 * f64::from(RATE)) as i64;
    let middle = (secs * f64::from(RATE)) as i64;
    let (mut re, mut im) = (0.0, 0.0);
    for at in -half..=half {
        let turn = TAU * hz * (middle + at) as f64 / f64::from(RATE);
        let weight = 0.5 + 0.5 * (TAU / 2.0 * at as f64 / half as f64).cos();
        let sample = weight * f64::from(samples[(middle + at) as usize]);
        (re, im) = (re + sample * turn.cos(), im + sample * turn.sin());
    }
    re * re + im * im
}

/// The rows from one frequency to another.
fn rows(drawn: &OwnDrawn, hz: (f64, f64)) -> std::ops::Range<usize> {
    let bands = drawn.recipe.params().bands().unwrap();
    bands.partition_point(|band| band.centre_hz < hz.0)..bands.partition_point(|band| band.centre_hz < hz.1)
}

fn columns(from_secs: f64, to_secs: f64) -> std::ops::Range<usize> {
    let column = |secs: f64| (secs * f64::from(RATE) / 256.0) as usize;
    column(from_secs)..column(to_secs)
}

#[test]
fn what_is_painted_black_is_gone_and_the_rest_keeps_its_bits() {
    let sound = sound();
    let drawn = draw(&sound, &OwnOptions::default()).unwrap();
    let (rows, columns) = (rows(&drawn, (2000.0, 4500.0)), columns(0.4, 0.8));
    let picture =
        painted(&drawn, |row, column, level| if rows.contains(&row) && columns.contains(&column) { 0 } else { level });
    let found = sounded(picture, &sound).unwrap();
    let (x, y) = (&sound.channels[0], &found.sound.channels[0]);
    let db = |hz, secs| 10.0 * (power(y, hz, secs) / power(x, hz, secs)).log10();
    assert!(db(3000.0, 0.6) < -40.0, "{} dB", db(3000.0, 0.6));
    assert!(db(440.0, 0.6).abs() < 0.01, "{} dB", db(440.0, 0.6));
    // A quarter of a second from it on.
    let after = (1.05 * f64::from(RATE)) as usize;
    assert!(
        x[after..] == y[after..] && x[..(0.15 * f64::from(RATE)) as usize] == y[..(0.15 * f64::from(RATE)) as usize]
    );
    assert!(found.report.warnings.is_empty(), "{:?}", found.report.warnings);
}

#[test]
fn a_brightened_picture_is_as_much_louder() {
    let sound = sound();
    let drawn = draw(&sound, &OwnOptions::default()).unwrap();
    // 15 of 255 levels of 100 dB.
    let picture = painted(&drawn, |_, _, level| level + 15);
    let found = sounded(picture, &sound).unwrap();
    let gain = 10f64.powf(15.0 / 255.0 * drawn.recipe.picture.range_db / 20.0);
    let pairs = sound.channels[0].iter().zip(&found.sound.channels[0]);
    let (left, whole) = pairs.fold((0.0, 0.0), |(left, whole), (x, y)| {
        let (wanted, y) = (gain * f64::from(*x), f64::from(*y));
        (left + (y - wanted).powi(2), whole + wanted.powi(2))
    });
    assert!(10.0 * (left / whole).log10() < -60.0, "{} dB", 10.0 * (left / whole).log10());
}

#[test]
fn a_copied_burst_is_moved_as_sound() {
    let sound = sound();
    let drawn = draw(&sound, &OwnOptions::default()).unwrap();
    let rows = rows(&drawn, (2000.0, 4500.0));
    let (from, later) = (columns(0.4, 0.8), columns(0.0, 1.8).end);
    let levels = decoded(&drawn);
    let (height, width) = (drawn.recipe.picture.rows, levels.width);
    let picture = painted(&drawn, |row, column, level| {
        let is_there = rows.contains(&row) && column >= later && from.contains(&(column - later));
        if is_there { levels.rgba[(height - 1 - row) * width + column - later][0] } else { level }
    });
    let found = sounded(picture, &sound).unwrap();
    let (x, y) = (&sound.channels[0], &found.sound.channels[0]);
    let (shift, burst) = (later * 256, (0.5 * f64::from(RATE)) as usize..(0.7 * f64::from(RATE)) as usize);
    let tone = |at: usize| (0.3 * (TAU * 440.0 * at as f64 / f64::from(RATE)).sin()) as f32;
    let (mut left, mut whole) = (0.0, 0.0);
    for at in burst {
        let moved = f64::from(x[at] - tone(at));
        let there = f64::from(y[at + shift] - tone(at + shift));
        (left, whole) = (left + (there - moved).powi(2), whole + moved.powi(2));
    }
    assert!(10.0 * (left / whole).log10() < -40.0, "{} dB", 10.0 * (left / whole).log10());
}

#[test]
fn of_a_jpeg_only_what_was_edited_counts() {
    let sound = sound();
    let drawn = draw(&sound, &OwnOptions::default()).unwrap();
    let (rows, columns) = (rows(&drawn, (2000.0, 4500.0)), columns(0.4, 0.8));
    let erased =
        painted(&drawn, |row, column, level| if rows.contains(&row) && columns.contains(&column) { 0 } else { level });
    let louder = painted(&drawn, |_, _, level| level + 15);
    for (picture, wanted_db) in [(decoded(&drawn), 200.0), (erased, 30.0)] {
        let found = sounded(as_jpeg(&picture), &sound).unwrap();
        let by_png = sounded(DecodedPicture { jpeg: None, ..picture }, &sound).unwrap();
        let pairs = by_png.sound.channels[0].iter().zip(&found.sound.channels[0]).zip(&sound.channels[0]);
        let (left, whole) = pairs.fold((0.0f64, 0.0), |(left, whole), ((png, jpeg), x)| {
            (
                left + f64::from(png - jpeg).powi(2),
                whole + f64::from(if wanted_db > 100.0 { *x } else { png - x }).powi(2),
            )
        });
        let db = 10.0 * (whole / left.max(1e-30)).log10();
        assert!(db > wanted_db, "{db} dB");
    }
    let error = sounded(as_jpeg(&louder), &sound).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("changed all over"), "{error}");
}
