//! What own pictures say of themselves, and those that were edited and cropped.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::ops::{ControlFlow, Range};
use std::path::Path;

use photophone::files::{
    DecodedPicture, PictureReadOptions, SampleFormat, Sound, SoundFormat, decode_picture, encode_sound,
};
use photophone::own::{OwnDrawn, OwnOptions, draw};
use photophone::picture::Verdict;
use photophone::transform::StopFlag;
use photophone::{Entry, Input, Inspected, RecoverOptions, inspect, recover};

const RATE: u32 = 8000;

/// Tones in steps of 16 bits, another one in each channel.
fn sound(secs: usize, channels: usize) -> Sound {
    let sample = |channel: usize, at: usize| {
        let tone = (TAU * (500.0 + 250.0 * channel as f64) * at as f64 / f64::from(RATE)).sin();
        ((0.3 * tone * 32_768.0).round() / 32_768.0) as f32
    };
    let frames = secs * RATE as usize;
    let channels = (0..channels).map(|channel| (0..frames).map(|at| sample(channel, at)).collect()).collect();
    Sound { sample_rate_hz: RATE, channels }
}

fn decoded(drawn: &OwnDrawn) -> DecodedPicture {
    decode_picture(Path::new("a.png"), &drawn.to_png().unwrap(), PictureReadOptions::default()).unwrap()
}

fn original(sound: &Sound) -> Input {
    let mut file = std::io::Cursor::new(Vec::new());
    encode_sound(Path::new("a.wav"), sound, SoundFormat::Wav, Some(SampleFormat::Int16), &mut file).unwrap();
    Input::Bytes { name: "a.wav".to_owned(), bytes: file.into_inner() }
}

fn options(picture: DecodedPicture, sound: Option<&Sound>) -> RecoverOptions {
    let input = Input::Pixels { name: "b.png".to_owned(), picture };
    RecoverOptions { input, original: sound.map(original), ..RecoverOptions::default() }
}

/// A finding's text, all of them where there are several.
fn said(inspected: &Inspected, section: &str, name: &str) -> Vec<String> {
    let findings = &inspected.own.as_ref().unwrap().findings;
    findings.iter().filter(|entry| entry.section == section && entry.name == name).map(Entry::text).collect()
}

/// Blackens levels, of the top panel, from the lowest row up.
fn blacken(picture: &mut DecodedPicture, drawn: &OwnDrawn, rows: Range<usize>, columns: &Range<usize>) {
    for row in rows {
        let first = (drawn.recipe.picture.rows - 1 - row) * picture.width;
        picture.rgba[first + columns.start..first + columns.end].fill([0, 0, 0, 255]);
    }
}

#[test]
fn an_untouched_picture_says_what_it_is() {
    let sound = sound(2, 2);
    let drawn = draw(&sound, &OwnOptions::default()).unwrap();
    let bytes = Input::Bytes { name: "a.png".to_owned(), bytes: drawn.to_png().unwrap() };
    let found = inspect(&RecoverOptions { input: bytes, ..RecoverOptions::default() }).unwrap();
    let rows = drawn.recipe.picture.rows;
    for (section, name, wanted) in [
        ("picture", "format", "Photophone's own, version 1".to_owned()),
        ("picture", "cells", format!("{rows} x 63")),
        ("sound", "sr", "8000".to_owned()),
        ("sound", "channels", "2".to_owned()),
        ("sound", "duration", "2".to_owned()),
        ("transform", "bins-per-octave", "48".to_owned()),
        ("transform", "hop", "256".to_owned()),
        ("sound", "kept", "the picture itself".to_owned()),
        ("edit", "levels", "0".to_owned()),
    ] {
        assert_eq!(said(&found, section, name), [wanted], "{section} {name}");
    }
    let report = found.own.unwrap();
    assert!(report.warnings.is_empty() && report.notes.iter().any(|note| note.contains("untouched")), "{report}");
    assert_eq!(found.reading.spectrogram.value, Some(Verdict::Yes));
    assert_eq!(found.reading.panels.len(), 2);
    let second = &found.reading.panels[1];
    assert_eq!((second.number, second.inside.y, second.cells.value), (2, rows + 2, Some([rows, 63])));
    // The panel's numbers are the levels.
    let numbers = second.numbers(found.raster.as_ref().unwrap(), &StopFlag::default()).unwrap();
    assert_eq!(numbers.values.shape(), (rows, 63));
    let loudest = numbers.values.as_slice().iter().copied().fold(f64::MIN, f64::max);
    assert!((loudest - 20.0 * drawn.recipe.picture.reference.log10() + 12.0).abs() < 0.5, "{loudest} dB");
}

#[test]
fn what_was_edited_is_told_region_by_region() {
    let sound = sound(2, 1);
    let drawn = draw(&sound, &OwnOptions::default()).unwrap();
    let mut picture = decoded(&drawn);
    picture.text.clear();
    let row = drawn.recipe.params().bands().unwrap().partition_point(|band| band.centre_hz < 500.0);
    blacken(&mut picture, &drawn, row - 4..row + 4, &(20..30));
    let found = inspect(&options(picture.clone(), Some(&sound))).unwrap();
    assert_eq!(said(&found, "picture", "format").len(), 1);
    let regions = said(&found, "edit", "region");
    assert!(regions.len() == 1 && regions[0].starts_with("0.640 to 0.960 s, ") && regions[0].ends_with("erased"));
    // The same account as that of the sound.
    let recovered = recover(&options(picture.clone(), Some(&sound)), |_| ControlFlow::Continue(())).unwrap();
    let told = |entry: &&Entry| entry.section == "edit";
    let own = found.own.unwrap();
    assert!(own.findings.iter().filter(told).eq(recovered.report.findings.iter().filter(told)));
    // Without the sound it is still one of these, and what was changed cannot be told.
    let found = inspect(&options(picture, None)).unwrap();
    assert_eq!(said(&found, "sound", "kept"), ["nowhere"]);
    let report = found.own.unwrap();
    assert!(report.notes.iter().any(|note| note.contains("cannot be told without the sound")), "{report}");
    assert!(report.warnings.iter().any(|warning| warning.contains("has lost the sound")), "{report}");
}

#[test]
fn what_was_edited_and_cropped_gives_the_part_that_is_left() {
    let sound = sound(18, 1);
    let drawn = draw(&sound, &OwnOptions { hop: 64, ..OwnOptions::default() }).unwrap();
    let mut whole = decoded(&drawn);
    whole.text.clear();
    let row = drawn.recipe.params().bands().unwrap().partition_point(|band| band.centre_hz < 500.0);
    blacken(&mut whole, &drawn, row - 8..row + 8, &(1200..1300));
    let kept = 500..2200;
    let mut cropped = DecodedPicture { width: kept.len(), ..whole.clone() };
    cropped.rgba = whole.rgba.chunks(whole.width).flat_map(|line| line[kept.clone()].to_vec()).collect();
    let options = |picture| options(picture, Some(&sound));
    let [whole, part] = [&whole, &cropped].map(|picture| {
        recover(&options(picture.clone()), |_| ControlFlow::Continue(())).unwrap().sound.channels[0].clone()
    });
    assert!(part == whole[500 * 64..2200 * 64]);
    assert!(part != sound.channels[0][500 * 64..2200 * 64]);
    let found = inspect(&options(cropped)).unwrap();
    assert!(said(&found, "edit", "region")[0].starts_with("9.600 to 10.400 s"));
    let panel = &found.reading.panels[0];
    assert_eq!((panel.time.value.unwrap().low_s, panel.cells.value.unwrap()[1]), (4.0, 1700));
}
