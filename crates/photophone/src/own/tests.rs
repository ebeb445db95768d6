use std::path::Path;

use photophone_picture::BitDepth;
use photophone_transform::StopFlag;

use super::levels::columns_of;
use super::strip::HEIGHT_PX;
use super::{OpenedOwn, OwnDrawn, OwnInput, OwnOptions, draw, opened};
use crate::files::{DecodedPicture, PictureReadOptions, Sound, decode_picture, png_chunks};
use crate::{Error, Input};

/// Two sinusoids, one of them of rising level, in steps of 16 bits.
fn sound(rate: u32, frames: usize, channels: usize) -> Sound {
    let sample = |channel: usize, at: usize| {
        let secs = at as f64 / f64::from(rate);
        let tone = 0.4 * (std::f64::consts::TAU * 440.0 * secs).sin();
        let other = 0.2 * secs.min(1.0) * (std::f64::consts::TAU * 1000.0 * (channel + 1) as f64 * secs).sin();
        (((tone + other) * 32_768.0).round() / 32_768.0) as f32
    };
    Sound {
        sample_rate_hz: rate,
        channels: (0..channels).map(|channel| (0..frames).map(|at| sample(channel, at)).collect()).collect(),
    }
}

fn bytes_input(bytes: Vec<u8>) -> Input {
    Input::Bytes { name: "a.png".to_owned(), bytes }
}

fn open(input: &Input, original: Option<&Input>) -> Result<Option<OpenedOwn>, Error> {
    opened(&OwnInput { input, original, max_pixels: 0, stop: &StopFlag::default() })
}

fn refused(input: &Input, original: Option<&Input>) -> String {
    match open(input, original).and_then(|own| own.expect("an own picture").recovered()) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

fn decoded(drawn: &OwnDrawn) -> DecodedPicture {
    decode_picture(Path::new("a.png"), &drawn.to_png().unwrap(), PictureReadOptions::default()).unwrap()
}

/// The pixels as another program keeps them: without texts, and without what was in the file.
fn resaved(drawn: &OwnDrawn) -> DecodedPicture {
    DecodedPicture { text: Vec::new(), ..decoded(drawn) }
}

fn pixels(picture: DecodedPicture) -> Input {
    Input::Pixels { name: "b.png".to_owned(), picture }
}

/// A file of the sound in memory.
fn original(sound: &Sound) -> Input {
    let mut file = std::io::Cursor::new(Vec::new());
    let (format, samples) = (crate::files::SoundFormat::Wav, Some(crate::files::SampleFormat::Float32));
    crate::files::encode_sound(Path::new("a.wav"), sound, format, samples, &mut file).unwrap();
    Input::Bytes { name: "a.wav".to_owned(), bytes: file.into_inner() }
}

#[test]
fn a_sinusoid_has_its_amplitude_in_its_row_and_white_lies_above_it() {
    let rate = 44_100u32;
    let samples: Vec<f64> =
        (0..rate).map(|at| 0.5 * (std::f64::consts::TAU * 440.0 * f64::from(at) / f64::from(rate)).sin()).collect();
    let drawn = draw(&Sound::from_mono(rate, &samples), &OwnOptions::default()).unwrap();
    let plane = &drawn.levels.channels[0];
    assert_eq!(plane.columns(), columns_of(rate as usize, 256));
    let bands = drawn.recipe.params().bands().unwrap();
    let row = bands.iter().position(|band| (band.centre_hz - 440.0).abs() < 1e-6).unwrap();
    let db = |level: u16| {
        drawn.recipe.picture.range_db * (f64::from(level) / 255.0 - 1.0) + 20.0 * drawn.recipe.picture.reference.log10()
    };
    for column in 40..plane.columns() - 40 {
        let off = db(plane[(row, column)]) - 20.0 * 0.5f64.log10();
        assert!(off.abs() < 0.25, "column {column}: {off} dB");
    }
    // The onset is the loudest by a little.
    let loudest = plane.as_slice().iter().copied().max().unwrap();
    let head_room = -drawn.recipe.picture.range_db * (f64::from(loudest) / 255.0 - 1.0);
    assert!((head_room - 12.0).abs() < 0.25, "{head_room} dB");
}

#[test]
fn every_sample_comes_back_of_an_untouched_picture() {
    for (rate, frames, channels) in [(8000, 1, 1), (44_100, 40_007, 2), (192_000, 20_000, 1)] {
        for bits in [BitDepth::Eight, BitDepth::Sixteen] {
            let sound = sound(rate, frames, channels);
            let drawn = draw(&sound, &OwnOptions { bits, ..OwnOptions::default() }).unwrap();
            let input = bytes_input(drawn.to_png().unwrap());
            let own = open(&input, None).unwrap().unwrap();
            let recovered = own.recovered().unwrap();
            assert!(recovered.sound == sound, "{rate} Hz, {frames}, {channels}");
            // The same without a digest of the pixels.
            let mut stripped = resaved(&drawn);
            let file = original(&sound);
            let own = open(&pixels(stripped.clone()), Some(&file)).unwrap().unwrap();
            assert!(own.recovered().unwrap().sound == sound, "{rate} Hz, {frames}, {channels}: by the strip");
            // 16 bits that are moved as Krita does, or cut to 8.
            if let Some(deep) = &mut stripped.gray16 {
                deep.iter_mut().enumerate().for_each(|(at, value)| *value = value.saturating_add((at % 8) as u16));
                let own = open(&pixels(stripped.clone()), Some(&file)).unwrap().unwrap();
                assert!(own.recovered().unwrap().sound == sound, "{rate} Hz: moved");
                stripped.gray16 = None;
                let own = open(&pixels(stripped), Some(&file)).unwrap().unwrap();
                assert!(own.recovered().unwrap().sound == sound, "{rate} Hz: cut");
            }
        }
    }
}

#[test]
fn what_was_changed_is_told_and_gives_no_sound() {
    let sound = sound(44_100, 120_000, 1);
    let drawn = draw(&sound, &OwnOptions::default()).unwrap();
    let mut picture = decoded(&drawn);
    let width = picture.width;
    for (y, x) in (100..120).flat_map(|y| (200..210).map(move |x| (y, x))) {
        picture.rgba[y * width + x] = [255, 255, 255, 255];
    }
    let edited = open(&pixels(picture.clone()), Some(&original(&sound))).unwrap().unwrap().edited().unwrap().unwrap();
    assert_eq!(edited.region.changed, 200);
    let hop = 256.0 / 44_100.0;
    assert!((edited.region.secs.0 - 200.0 * hop).abs() < 1e-9 && (edited.region.secs.1 - 210.0 * hop).abs() < 1e-9);
    let rows = edited.before.channels[0].rows();
    assert_eq!(edited.after.channels[0][(rows - 1 - 100, 200)], 255);
    assert_eq!(edited.before, drawn.levels);
    let text = refused(&pixels(picture.clone()), Some(&original(&sound)));
    assert!(text.contains("200 levels") && text.contains("1.161 s to 1.219 s"), "{text}");
    // A brush that leaves its colour.
    picture.rgba[5 * width + 5] = [200, 0, 0, 255];
    let text = refused(&pixels(picture), Some(&original(&sound)));
    assert!(text.contains("1 pixels have a colour"), "{text}");
}

#[test]
fn a_crop_in_time_gives_the_samples_of_its_columns() {
    let sound = sound(44_100, 700_000, 1);
    let drawn = draw(&sound, &OwnOptions::default()).unwrap();
    let whole = resaved(&drawn);
    let (first, columns) = (700, 1500);
    let lines = whole.rgba.chunks(whole.width);
    let rgba = lines.flat_map(|line| line[first..first + columns].to_vec()).collect();
    let cropped = pixels(DecodedPicture { width: columns, rgba, ..whole });
    let own = open(&cropped, Some(&original(&sound))).unwrap().unwrap();
    let recovered = own.recovered().unwrap();
    assert!(recovered.sound.channels[0] == sound.channels[0][first * 256..(first + columns) * 256]);
    assert!(recovered.report.notes[0].contains("cropped"));
}

#[test]
fn what_is_wrong_is_said() {
    let one = sound(22_050, 60_000, 1);
    let drawn = draw(&one, &OwnOptions::default()).unwrap();
    let png = drawn.to_png().unwrap();
    // Without texts and sound, and without an original.
    let text = refused(&pixels(resaved(&drawn)), None);
    assert!(text.contains("has lost the sound"), "{text}");
    // Another sound.
    for (other, word) in [
        (sound(22_050, 60_001, 1), "60001 samples"),
        (sound(22_050, 60_000, 2), "2 channel(s)"),
        (sound(44_100, 60_000, 1), "44100 Hz"),
        (
            Sound { channels: vec![one.channels[0].iter().map(|sample| -sample).collect()], ..one.clone() },
            "another digest",
        ),
    ] {
        let text = refused(&bytes_input(png.clone()), Some(&original(&other)));
        assert!(text.contains(word) && text.contains("another sound"), "{text}");
    }
    // Cut within the sound.
    let text = refused(&bytes_input(png[..png.len() - 400].to_vec()), None);
    assert!(text.contains("ends within the sound"), "{text}");
    let own = open(&bytes_input(png[..png.len() - 400].to_vec()), Some(&original(&one))).unwrap().unwrap();
    assert!(own.recovered().unwrap().sound == one);
    // A bit of the sound is another.
    let mut damaged = png.clone();
    let at = damaged.windows(4).position(|four| four == b"phSd").unwrap() + 200;
    damaged[at] ^= 1;
    let text = refused(&bytes_input(damaged), None);
    assert!(text.contains("damaged"), "{text}");
    // A newer version, and a recipe that contradicts itself.
    let changed = |from: &str, to: &str| {
        let mut picture = decoded(&drawn);
        for (_, text) in &mut picture.text {
            *text = text.replace(from, to);
        }
        refused_or_error(&pixels(picture))
    };
    let text = changed("\"photophone-own\":1", "\"photophone-own\":2");
    assert!(text.contains("version 2"), "{text}");
    let text = changed("\"bins-per-octave\":48", "\"bins-per-octave\":36");
    assert!(text.contains("rows"), "{text}");
    // Another size.
    let whole = resaved(&drawn);
    let height = whole.height - HEIGHT_PX - 9;
    let rgba = whole.rgba[..whole.width * height].to_vec();
    let picture = DecodedPicture { height, rgba, text: decoded(&drawn).text, ..whole };
    let text = refused_or_error(&pixels(picture));
    assert!(text.contains("no whole copy of the strip"), "{text}");
}

fn refused_or_error(input: &Input) -> String {
    match open(input, None) {
        Ok(Some(own)) => own.recovered().err().map(|error| error.to_string()).unwrap_or_default(),
        Ok(None) => "not an own picture".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_same_sound_gives_the_same_bytes_and_chunks_follow_the_pixels() {
    let sound = sound(16_000, 20_000, 1);
    let [one, other] = [(); 2].map(|()| draw(&sound, &OwnOptions::default()).unwrap().to_png().unwrap());
    assert_eq!(one, other);
    let chunks = png_chunks(&one).unwrap();
    let at = |kind: &[u8; 4]| chunks.chunks.iter().position(|chunk| &chunk.kind == kind).unwrap();
    assert!(at(b"tEXt") < at(b"IDAT") && at(b"eXIf") < at(b"IDAT") && at(b"IDAT") < at(b"phSd"));
}

#[test]
fn options_out_of_range_are_refused() {
    let sound = sound(16_000, 2000, 1);
    for options in [
        OwnOptions { hop: 300, ..OwnOptions::default() },
        OwnOptions { range_db: 5.0, ..OwnOptions::default() },
        OwnOptions { head_room_db: -1.0, ..OwnOptions::default() },
        OwnOptions { bins_per_octave: 5, ..OwnOptions::default() },
    ] {
        assert!(draw(&sound, &options).is_err(), "{options:?}");
    }
    assert!(draw(&Sound { sample_rate_hz: 8000, channels: vec![vec![]] }, &OwnOptions::default()).is_err());
}
