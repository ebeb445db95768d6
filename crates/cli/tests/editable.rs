//! Pictures that carry their sound, through the command.

mod common;

use std::path::Path;

use common::Folder;
use photophone::files::{
    GrayPng, GraySamples, PictureReadOptions, SampleFormat, Sound, SoundReadOptions, StoredSamples, decode_picture,
    encode_gray, read_sound, stored_samples, write_sound,
};

/// Noise in steps of so many bits, or between them.
fn noise(rate_hz: u32, frames: usize, channels: usize, format: SampleFormat) -> Sound {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / f64::from(1u32 << 30) - 1.0
    };
    let mut sample = || match format {
        SampleFormat::Int16 => ((0.3 * next() * 32_768.0).round() / 32_768.0) as f32,
        SampleFormat::Int24 => ((0.3 * next() * 8_388_608.0).round() / 8_388_608.0) as f32,
        SampleFormat::Float32 => (1.3 * next()) as f32,
    };
    Sound {
        sample_rate_hz: rate_hz,
        channels: (0..channels).map(|_| (0..frames).map(|_| sample()).collect()).collect(),
    }
}

fn read(folder: &Folder, name: &str) -> Sound {
    read_sound(&folder.path(name), SoundReadOptions::default()).expect("a sound")
}

/// The picture as a program saves it that keeps pixels and nothing else.
fn save_again(folder: &Folder, from: &str, to: &str) {
    let bytes = folder.bytes(from);
    let picture = decode_picture(Path::new(from), &bytes, PictureReadOptions::default()).expect("a picture");
    let samples = GraySamples::Eight(picture.rgba.iter().map(|pixel| pixel[0]).collect());
    let (width, height) = (picture.width, picture.height);
    let png = GrayPng { width, height, samples: &samples, text: &[], exif_comment: None, behind: &[] };
    let mut bytes = Vec::new();
    encode_gray(Path::new(to), &png, &mut bytes).expect("bytes");
    folder.put(to, &bytes);
}

#[test]
fn every_sample_comes_back_in_the_file_s_own_format() {
    let folder = Folder::new();
    let formats = [
        (SampleFormat::Int16, StoredSamples::Integers(16)),
        (SampleFormat::Int24, StoredSamples::Integers(24)),
        (SampleFormat::Float32, StoredSamples::Floats(32)),
    ];
    for (number, (rate_hz, frames, channels)) in
        [(8000, 3001, 1), (44_100, 30_000, 2), (192_000, 40_000, 1)].into_iter().enumerate()
    {
        for (format, stored) in formats {
            let sound = noise(rate_hz, frames, channels, format);
            let name = |ending: &str| format!("{number}{format:?}{ending}");
            write_sound(&folder.path(&name(".wav")), &sound, Some(format), &[]).expect("a file");
            let told = folder.run(&["draw", "--editable", &name(".wav")]);
            assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
            folder.succeed(&["recover", &name(".png"), "-o", &name(".back.wav")]);
            assert!(read(&folder, &name(".back.wav")) == sound, "{rate_hz} Hz, {channels} channels, {format:?}");
            assert_eq!(stored_samples(&folder.path(&name(".back.wav"))).expect("a sound"), stored);
        }
    }
}

#[test]
fn a_picture_that_was_saved_again_takes_the_sound_beside_it_or_the_original() {
    let folder = Folder::new();
    let sound = noise(22_050, 40_000, 2, SampleFormat::Int16);
    write_sound(&folder.path("a.wav"), &sound, Some(SampleFormat::Int16), &[]).expect("a file");
    folder.succeed(&["draw", "--editable", "a.wav"]);
    assert!(folder.path("a.recipe.toml").is_file() && !folder.path("a.phase.npy").exists());
    // Under its name the recipe and the sound lie beside it, under another there is the strip alone.
    save_again(&folder, "a.png", "b.png");
    let text = folder.refused(&["recover", "b.png"]);
    assert!(text.contains("has lost the sound") && text.contains("--original"), "{text}");
    folder.succeed(&["recover", "b.png", "--original", "a.wav", "-o", "b.wav"]);
    assert!(read(&folder, "b.wav") == sound);
    folder.succeed(&["recover", "b.png", "--original", "a.png", "-o", "c.wav"]);
    assert!(read(&folder, "c.wav") == sound);
    std::fs::rename(folder.path("b.png"), folder.path("a.png")).expect("renamed");
    folder.succeed(&["recover", "a.png", "-o", "d.wav"]);
    assert!(read(&folder, "d.wav") == sound);
    // The wrong one.
    write_sound(&folder.path("x.wav"), &noise(22_050, 40_001, 2, SampleFormat::Int16), None, &[]).expect("a file");
    let text = folder.refused(&["recover", "a.png", "--original", "x.wav", "-o", "e.wav"]);
    assert!(text.contains("another sound") && text.contains("40001 samples"), "{text}");
}

#[test]
fn the_sound_goes_beside_the_picture_where_asked_for() {
    let folder = Folder::new();
    // Loud noise of 24 bits is shorter as it is.
    let formats = [(SampleFormat::Int16, "flac"), (SampleFormat::Int24, "wav"), (SampleFormat::Float32, "wav")];
    for (format, ending) in formats {
        let sound = noise(44_100, 20_000, 1, format);
        write_sound(&folder.path("in.wav"), &sound, Some(format), &[]).expect("a file");
        folder.succeed(&["draw", "--editable", "--sound-beside", "in.wav", "-o", "p.png", "--force"]);
        assert!(folder.path(&format!("p.sound.{ending}")).is_file());
        folder.succeed(&["recover", "p.png", "-o", "back.wav", "--force"]);
        assert!(read(&folder, "back.wav") == sound, "{format:?}");
        std::fs::remove_file(folder.path(&format!("p.sound.{ending}"))).expect("removed");
        assert!(folder.refused(&["recover", "p.png", "-o", "no.wav"]).contains("has lost the sound"));
    }
}

#[test]
fn settings_of_another_picture_are_refused() {
    let folder = Folder::with_picture();
    let text = folder.refused(&["draw", "--editable", "t.wav", "-o", "e.png", "--fmin", "55"]);
    assert!(text.contains("--fmin") && text.contains("--editable"), "{text}");
    let output = folder.run(&["draw", "--editable", "t.wav", "--tile", "3", "-o", "e.png"]);
    assert_eq!(output.status.code(), Some(2));
    // What is drawn over another picture's recipe is told apart from it.
    folder.succeed(&["draw", "--editable", "t.wav", "--force"]);
    let told = folder.succeed(&["recover", "t.png", "--json", "-o", "back.wav"]);
    assert!(told.contains("Photophone's own"), "{told}");
    assert!(read(&folder, "back.wav") == read(&folder, "t.wav"));
}

#[test]
fn inspect_says_what_it_is() {
    let folder = Folder::new();
    let sound = noise(22_050, 40_000, 1, SampleFormat::Int16);
    write_sound(&folder.path("a.wav"), &sound, Some(SampleFormat::Int16), &[]).expect("a file");
    folder.succeed(&["draw", "--editable", "a.wav"]);
    let text = folder.succeed(&["inspect", "a.png"]);
    for wanted in ["Photophone's own, version 1", "1.8141", "the picture itself", "untouched"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let json = folder.succeed(&["inspect", "a.png", "--json", "--npy", "a.npy"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&json["reading"]["spectrogram"]["value"], &json["reading"]["tool"]["value"]),
        (&"yes".into(), &"photophone".into())
    );
    let finding = |name: &str| json["findings"].as_array().and_then(|all| all.iter().find(|one| one["name"] == name));
    assert_eq!(finding("bins-per-octave").map(|one| &one["value"]), Some(&48.into()));
    assert_eq!(finding("levels").map(|one| &one["section"]), Some(&"picture".into()));
    assert!(folder.path("a.npy").is_file());
    // Without texts, sound and recipe.
    save_again(&folder, "a.png", "b.png");
    let text = folder.succeed(&["inspect", "b.png"]);
    assert!(text.contains("the strip below the picture") && text.contains("has lost the sound"), "{text}");
}

#[test]
fn the_edge_spares_what_lies_beside_an_edit_or_does_not() {
    let folder = Folder::new();
    let sound = noise(22_050, 40_000, 1, SampleFormat::Int16);
    write_sound(&folder.path("a.wav"), &sound, Some(SampleFormat::Int16), &[]).expect("a file");
    folder.succeed(&["draw", "--editable", "a.wav"]);
    let drawn =
        decode_picture(Path::new("a.png"), &folder.bytes("a.png"), PictureReadOptions::default()).expect("a picture");
    let is_erased = |at: usize| (100..140).contains(&(at / drawn.width)) && (60..90).contains(&(at % drawn.width));
    let gray = drawn.rgba.iter().enumerate().map(|(at, pixel)| if is_erased(at) { 0 } else { pixel[0] });
    let samples = GraySamples::Eight(gray.collect());
    let (width, height) = (drawn.width, drawn.height);
    let png = GrayPng { width, height, samples: &samples, text: &[], exif_comment: None, behind: &[] };
    let mut bytes = Vec::new();
    encode_gray(Path::new("b.png"), &png, &mut bytes).expect("bytes");
    folder.put("b.png", &bytes);
    let changed = |edge: &str| {
        folder.succeed(&["recover", "b.png", "--original", "a.wav", "--edge", edge, "-o", "b.wav", "--force"]);
        let pairs = read(&folder, "b.wav").channels.remove(0).into_iter().zip(sound.channels[0].clone());
        pairs.map(|(y, x)| f64::from(y - x).powi(2)).sum::<f64>()
    };
    let (inside, outside) = (changed("inside"), changed("outside"));
    assert!(0.0 < outside && 1.2 * outside < inside, "{outside}, {inside}");
}
