//! Bad input through the command: each is refused in one line that says what was found, what was
//! expected and what to do; nothing is written and no input is touched.

mod common;

use common::{Folder, RATE_HZ, chunk, npy, tones, wav_float};

/// A command line, its exit code, and words that its message must have.
type Case = (&'static [&'static str], i32, &'static [&'static str]);

fn check(folder: &Folder, cases: &[Case]) {
    let mut wrong = Vec::new();
    for (arguments, code, words) in cases {
        let before = folder.all();
        let output = folder.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let messages: Vec<&str> = stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        let said = messages.first().copied().unwrap_or_default();
        let mut faults = Vec::new();
        if output.status.code() != Some(*code) {
            faults.push(format!("exit {:?}, not {code}", output.status.code()));
        }
        if messages.len() != 1 {
            faults.push(format!("{} messages, not 1", messages.len()));
        }
        faults.extend(words.iter().filter(|word| !said.contains(**word)).map(|word| format!("lacks '{word}'")));
        if stderr.contains("panicked") || stderr.contains("RUST_BACKTRACE") {
            faults.push("panics".to_owned());
        }
        if folder.all() != before {
            faults.push(format!("the folder changed: {:?}", folder.all().keys()));
        }
        if !faults.is_empty() {
            wrong.push(format!("{arguments:?}: {}\n{stderr}", faults.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same PNG with another size in its header.
fn resized(png: &[u8], width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &png[24..29]].concat();
    [&png[..8], &chunk(*b"IHDR", &header), &png[33..]].concat()
}

/// The same PNG as an animation of two frames.
fn animated(png: &[u8]) -> Vec<u8> {
    [&png[..33], &chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), &png[33..]].concat()
}

fn rgb_png(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let pixels: Vec<u8> =
        (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| colour(x, y)).collect();
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an end");
    bytes
}

/// Smooth colours with sensor noise: sky above grass.
fn photograph() -> Vec<u8> {
    rgb_png(320, 240, |x, y| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(2_246_822_519)).wrapping_mul(3_266_489_917) >> 28;
        let (x, y) = (f64::from(x) / 320.0, f64::from(y) / 240.0);
        let shade = [90.0 + 60.0 * x, 130.0 + 40.0 * (3.0 * y).sin(), 220.0 - 160.0 * y];
        shade.map(|value| (value + f64::from(noise)) as u8)
    })
}

fn angles(shape: (usize, usize)) -> Vec<u8> {
    let data: Vec<u8> = (0..shape.0 * shape.1).flat_map(|i| ((i as f64 * 0.7).sin() * 3.0).to_le_bytes()).collect();
    npy("<f8", shape, &data)
}

const PHASE: &str = "--phase=t.phase.npy";

#[test]
fn pictures_that_are_none() {
    let folder = Folder::with_picture();
    let png = folder.bytes("t.png");
    folder.put("empty.png", &[]);
    folder.put("cut.png", &png[..png.len() / 2]);
    folder.put("header.png", &png[..20]);
    folder.put("huge.png", &resized(&png, 20_000, 20_000));
    folder.put("text.png", b"These are words, and not a picture.\n");
    folder.put("animated.png", &animated(&png));
    folder.put("dot.png", &rgb_png(1, 1, |_, _| [10, 20, 30]));
    folder.put("photograph.png", &photograph());
    folder.put("flat.png", &rgb_png(88, 336, |_, _| [10, 20, 30]));
    check(
        &folder,
        &[
            (&["recover", "missing.png", PHASE], 1, &["missing.png", "cannot be read", "check"]),
            (&["recover", "empty.png", PHASE], 1, &["empty.png", "0 bytes", "expected", "again"]),
            (&["recover", "cut.png", PHASE], 1, &["cut.png", "damaged", "expected", "again"]),
            (&["recover", "header.png", PHASE], 1, &["header.png", "damaged", "expected", "again"]),
            (&["recover", "huge.png", PHASE], 1, &["huge.png", "20000", "at most", "crop", "--max-pixels"]),
            (&["recover", "t.png", "--max-pixels=1000"], 1, &["t.png", "88", "336", "1000", "crop", "--max-pixels"]),
            (&["recover", "text.png", PHASE], 1, &["text.png", "no known kind", "expected", "check"]),
            (&["recover", "animated.png", PHASE], 1, &["animated.png", "anima", "expected"]),
            (&["recover", "dot.png", PHASE], 1, &["dot.png", "1 x 1", "at least 2", "larger"]),
            (&["recover", "flat.png", PHASE], 1, &["flat.png", "one colour", "--palette", "--crop"]),
            (&["inspect", "flat.png"], 1, &["flat.png", "one colour", "--cells", "--palette"]),
            (&["recover", "photograph.png", PHASE], 1, &["photograph.png", "palette", "--palette", "--crop"]),
            (&["inspect", "photograph.png"], 1, &["photograph.png", "no known palette", "--palette", "--crop"]),
            (&["inspect", "t.png", "--crop=80,0,20,20"], 1, &["t.png", "20 x 20", "88 x 336", "--crop"]),
            (&["inspect", "t.png", "--cells=84x4000"], 1, &["t.png", "4000", "at most", "--cells"]),
            (&["recover", "t.png", "--palette=viridis"], 1, &["palette", "viridis", "magma", "leave one out"]),
            (&["inspect", "text.png"], 1, &["text.png", "no known kind", "expected"]),
            (&["recover", "t.wav"], 1, &["t.wav", "a WAV sound", "expected", "where a sound"]),
            (&["recover", ".", "-o=x.wav"], 1, &["folder", "expected", "give a file"]),
        ],
    );
}

#[test]
fn phases_that_are_none() {
    let folder = Folder::with_picture();
    std::fs::rename(folder.path("t.phase.npy"), folder.path("kept.npy")).expect("renamed");
    let kept = folder.bytes("kept.npy");
    let mut nan = kept.clone();
    let at = nan.len() - 8;
    nan[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    folder.put("nan.npy", &nan);
    folder.put("cut.npy", &kept[..kept.len() / 2]);
    folder.put("empty.npy", &[]);
    folder.put("shape.npy", &angles((60, 31)));
    folder.put("object.npy", &npy("|O", (84, 44), b"\x80\x04K\x00."));
    folder.put("text.npy", b"phase, but in words\n");
    folder.put("real.npy", &angles((84, 44)));
    check(
        &folder,
        &[
            (&["recover", "t.png", "--phase=nan.npy"], 1, &["nan.npy", "NaN", "expected"]),
            (&["recover", "t.png", "--phase=cut.npy"], 1, &["cut.npy", "damaged", "expected", "again"]),
            (&["recover", "t.png", "--phase=empty.npy"], 1, &["empty.npy", "0 bytes", "expected"]),
            (&["recover", "t.png", "--phase=shape.npy"], 1, &["t.png", "60 x 31", "84 x 44", "--phase", "--cells"]),
            (&["recover", "t.png", "--phase=object.npy"], 1, &["object.npy", "object", "expected"]),
            (&["recover", "t.png", "--phase=text.npy"], 1, &["text.npy", "no known kind", "expected", "check"]),
            (&["recover", "t.png", "--phase=t.png"], 1, &["t.png", "a PNG picture", "expected"]),
            (&["recover", "t.png", "--phase=missing.npy"], 1, &["missing.npy", "cannot be read", "check"]),
            (&["recover", "real.npy"], 1, &["real.npy", "negative magnitude", "expected"]),
            (&["recover", "t.png", "--phase=kept.npy", "--original=kept.npy"], 1, &["kept.npy", "expected", "picture"]),
            (&["recover", "t.png", "--phase=kept.npy", "--mask=gone.png"], 1, &["gone.png", "cannot be read", "check"]),
            (&["recover", "t.png", "--mask=t.png", "--original=t.png"], 2, &["--mask", "cannot be used", "--original"]),
            (&["recover", "t.png", "--phase-method=magic"], 2, &["magic", "heap, griffin-lim or refined"]),
            (&["recover", "real.npy", "--phase=kept.npy"], 1, &["real.npy", "negative magnitude", "expected"]),
        ],
    );
}

#[test]
fn sounds_that_are_none() {
    let folder = Folder::with_picture();
    let mut broken = tones();
    broken[700] = f32::NAN;
    folder.put("none.wav", &wav_float(&[]));
    folder.put("silent.wav", &wav_float(&vec![0.0; RATE_HZ as usize]));
    folder.put("nan.wav", &wav_float(&broken));
    folder.put("empty.wav", &[]);
    folder.put("text.wav", b"la la la, sung in words\n");
    folder.put("packed.wv", b"wvpk\x1e\x15\0\0\x10\x04");
    folder.put("apple.aiff", b"FORM\0\0\0\x2eAIFFCOMM\0\0\0\x12\0\x01");
    check(
        &folder,
        &[
            (&["draw", "none.wav"], 1, &["none.wav", "no samples", "expected"]),
            (&["draw", "nan.wav"], 1, &["nan.wav", "NaN", "700", "expected", "remove"]),
            (&["draw", "empty.wav"], 1, &["empty.wav", "0 bytes", "expected"]),
            (&["draw", "text.wav"], 1, &["text.wav", "no known kind", "expected", "check"]),
            (&["draw", "packed.wv"], 1, &["packed.wv", "WavPack", "expected", "convert"]),
            (&["draw", "apple.aiff"], 1, &["apple.aiff", "damaged", "expected", "again"]),
            (&["draw", "t.png"], 1, &["t.png", "a PNG picture", "expected"]),
            (&["compare", "silent.wav", "t.wav"], 1, &["truth is silent", "expected", "check"]),
            (&["compare", "none.wav", "t.wav"], 1, &["none.wav", "no samples", "expected"]),
            (&["compare", "t.wav", "none.wav"], 1, &["none.wav", "no samples", "expected"]),
            (&["compare", "t.wav", "nan.wav"], 1, &["nan.wav", "NaN", "expected", "remove"]),
            (&["compare", "t.wav", "packed.wv"], 1, &["packed.wv", "WavPack", "expected", "convert"]),
            (&["compare", "t.wav", "missing.wav"], 1, &["missing.wav", "cannot be read", "check"]),
        ],
    );
}

#[test]
fn values_that_make_no_sense() {
    let folder = Folder::with_picture();
    folder.put("picture.wav", &folder.bytes("t.png"));
    folder.put("moved.png", &folder.bytes("t.png"));
    // A sound may have any name; outputs beside it must not take it.
    folder.put("picture.png", &folder.bytes("t.wav"));
    folder.put("x.phase.npy", &folder.bytes("t.wav"));
    check(
        &folder,
        &[
            (&["draw", "t.wav", "-o=y.png", "--fmin=20000"], 1, &["fmin is 20000 Hz", "11025", "--fmin", "--sr"]),
            (
                &["draw", "t.wav", "-o=y.png", "--fmin=9000"],
                1,
                &["above half the sample rate", "lower --fmin", "--bins"],
            ),
            (
                &["recover", "t.phase.npy", "-o=x.wav", "--fmin=20000"],
                1,
                &["fmin is 20000 Hz", "11025", "--fmin", "--sr"],
            ),
            (&["draw", "t.wav", "-o=y.png", "--hop=0"], 1, &["hop is 0", "expected", "1 or more"]),
            (&["draw", "t.wav", "-o=y.png", "--bins=1000000"], 1, &["bins is 1000000", "expected"]),
            (&["draw", "t.wav", "-o=y.png", "--cell-width=0"], 1, &["cannot paint", "at least 1", "--cell-width"]),
            (&["recover", "t.png", "--hop=0", "-o=x.wav"], 1, &["--hop 0", "512", "expected"]),
            (&["recover", "t.png", "--bins=1000000", "-o=x.wav"], 1, &["1000000", "84", "expected"]),
            (&["recover", "t.png", "-o=x.txt"], 1, &["x.txt", ".wav or .flac", "rename"]),
            (&["recover", "t.png", "-o=t.png"], 1, &["t.png", "expected"]),
            (&["recover", "t.png", "-o=nowhere/x.wav"], 1, &["nowhere", "cannot be written", "folder"]),
            (&["draw", "t.wav", "-o=t.wav"], 1, &["t.wav", "the ending 'wav'", ".png", "rename"]),
            (&["draw", "t.wav", "-o=x.txt"], 1, &["x.txt", "the ending 'txt'", ".png", "rename"]),
            (&["draw", "picture.png"], 1, &["picture.png", "is an input", "another name"]),
            (&["draw", "x.phase.npy", "-o=x.png"], 1, &["x.phase.npy", "is an input", "another name"]),
            (&["recover", "t.png", "--report=t.png"], 1, &["t.png", "is an input", "another name"]),
            (&["recover", "t.png", "-o=x.wav", "--report=./x.wav"], 1, &["x.wav", "two outputs", "its own name"]),
            (&["recover", "t.png", "-o=x.wav", "--report=t.phase.npy", "--force"], 1, &["t.phase.npy", "is an input"]),
            (
                &["recover", "moved.png", "-o=x.wav", "--report=t.phase.npy", "--force"],
                1,
                &["t.phase.npy", "is an input"],
            ),
            (&["inspect", "moved.png", "--overlay=t.phase.npy", "--force"], 1, &["t.phase.npy", "is an input"]),
            (&["recover", "t.png", "-o=x.wav", "--report=x.wav"], 1, &["x.wav", "two outputs", "its own name"]),
            (
                &["recover", "picture.wav", "--phase=t.phase.npy", "-o=picture.wav"],
                1,
                &["picture.wav", "is an input", "another name"],
            ),
            (&["recover", "t.png", "--bits=12"], 1, &["bits is '12'", "expected"]),
            (&["recover", "t.png", "--hop=often"], 2, &["often", "--hop"]),
            (&["recover", "t.png", "--fmin=H9"], 2, &["H9", "--fmin"]),
            (&["recover", "t.png", "--cells=84"], 2, &["84", "ROWSxFRAMES"]),
            (&["recover", "t.png", "--unknown"], 2, &["--unknown"]),
            (&["recover"], 2, &["required"]),
        ],
    );
}
