//! What a picture says of itself comes through other programs, and binds it to its phase.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use photophone::files::{ArrayToWrite, DecodedPicture, PictureReadOptions, decode_picture, write_npy, write_raster};
use photophone::picture::Raster;
use photophone::spectrum::Plane;
use photophone::{
    COMMENT_KEY, DrawOptions, Drawn, Error, Input, PictureRecipe, RECIPE_KEY, Recipe, RecoverOptions, Recovered,
    SoundRecipe, TransformRecipe, draw, draw_coefficients, files::Sound, read_picture, recover,
};
use tempfile::TempDir;

const RATE_HZ: u32 = 44_100;

/// A drawn picture, its phase and its recipe in a folder.
struct Work {
    folder: TempDir,
    drawn: Drawn,
}

impl Work {
    fn new() -> Self {
        let tone = |i: u32, hz: f64| (std::f64::consts::TAU * hz * f64::from(i) / f64::from(RATE_HZ)).sin();
        let samples = (0..RATE_HZ / 4).map(|i| (0.3 * tone(i, 220.0) + 0.2 * tone(i, 555.0)) as f32);
        let sound = Sound { sample_rate_hz: RATE_HZ, channels: vec![samples.collect()] };
        let recipe = Recipe::from(TransformRecipe {
            hop: Some(512),
            bins: Some(36),
            fmin: Some("110".parse().unwrap()),
            ..TransformRecipe::default()
        });
        let drawn = draw(&sound, &DrawOptions { recipe, ..DrawOptions::default() }).unwrap();
        let folder = tempfile::tempdir().unwrap();
        drawn.write(&folder.path().join("song.png"), &[]).unwrap();
        Self { folder, drawn }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Saves the drawn pixels, changed, without any text.
    fn save(&self, name: &str, change: impl Fn([u8; 4]) -> [u8; 4]) -> PathBuf {
        let raster = &self.drawn.raster;
        let pixel = |x, y| change(raster.pixel(x, y));
        let raster = Raster::from_fn(raster.width(), raster.height(), pixel).unwrap();
        write_raster(&self.path(name), &raster, &[], &[]).unwrap();
        self.path(name)
    }

    fn decoded(&self, name: &str) -> DecodedPicture {
        decode_picture(Path::new(name), &std::fs::read(self.path(name)).unwrap(), PictureReadOptions::default())
            .unwrap()
    }
}

fn told(input: &Path) -> RecoverOptions {
    RecoverOptions { input: input.to_path_buf().into(), max_iterations: 2, ..RecoverOptions::default() }
}

fn recovered(options: &RecoverOptions) -> Result<Recovered, Error> {
    recover(options, |_| ControlFlow::Continue(()))
}

fn warns(result: &Recovered, of: &str) -> bool {
    result.report.warnings.iter().any(|warning| warning.contains(of))
}

#[test]
fn the_recipe_is_plain_text_under_two_names_and_a_file_beside() {
    let work = Work::new();
    let text = work.decoded("song.png").text;
    let of = |key: &str| text.iter().find(|(found, _)| found == key).unwrap().1.clone();
    assert_eq!(of(RECIPE_KEY), of(COMMENT_KEY));
    let bytes = std::fs::read(work.path("song.png")).unwrap();
    assert!(bytes.windows(4).any(|kind| kind == b"tEXt") && !bytes.windows(4).any(|kind| kind == b"iTXt"));
    let beside = Recipe::from_file(&work.path("song.recipe.toml")).unwrap();
    assert_eq!(serde_json::from_str::<Recipe>(&of(COMMENT_KEY)).unwrap(), beside);
    assert_eq!(beside.picture.phase.as_deref(), Some("song.phase.npy"));
}

/// What comes through `ImageMagick` (a comment in small letters) and through those which drop all texts.
#[test]
fn a_comment_or_the_file_beside_tells_the_rate() {
    let work = Work::new();
    let comment = vec![("comment".to_owned(), work.decoded("song.png").text[0].1.clone())];
    std::fs::create_dir(work.path("other")).unwrap();
    let commented = work.path("other/kept.png");
    write_raster(&commented, &work.drawn.raster, &comment, &[]).unwrap();
    let plain = work.save("song.png", |pixel| pixel);
    for path in [commented, plain] {
        let result = recovered(&told(&path)).unwrap();
        assert_eq!((result.sound.sample_rate_hz, result.sound.frames()), (RATE_HZ, RATE_HZ as usize / 4), "{path:?}");
        assert!(!warns(&result, "nothing tells the sample rate"));
    }
    std::fs::remove_file(work.path("song.recipe.toml")).unwrap();
    let options = RecoverOptions { phase: Some(work.path("song.phase.npy").into()), ..told(&work.path("song.png")) };
    let result = recovered(&options).unwrap();
    assert_eq!(result.sound.sample_rate_hz, 22_050);
    assert!(warns(&result, "nothing tells the sample rate") && warns(&result, "give `sr`"));
}

#[test]
fn a_picture_under_another_name_is_told_of_the_recipes_beside_it() {
    let work = Work::new();
    let renamed = work.save("pil.png", |pixel| pixel);
    let result = recovered(&told(&renamed)).unwrap();
    let warning = result.report.warnings.iter().find(|warning| warning.contains("sample rate")).unwrap();
    assert!(warning.contains("song.recipe.toml") && warning.contains("`recipe`"), "{warning}");
    assert!(!warns(&recovered(&told(&work.path("song.png"))).unwrap(), "sample rate"));
}

#[test]
fn the_phase_given_tells_the_recipe_that_is_bound_to_it() {
    let work = Work::new();
    let edited = work.save("edited.png", |pixel| pixel);
    let phase = work.path("song.phase.npy");
    let result = recovered(&RecoverOptions { phase: Some(phase.clone().into()), ..told(&edited) }).unwrap();
    assert_eq!(result.sound.sample_rate_hz, RATE_HZ);
    assert!(!warns(&result, "sample rate"), "{:?}", result.report.warnings);
    let line = result.report.findings.iter().find(|line| line.name == "recipe").unwrap();
    assert!(line.text().contains("song.recipe.toml") && line.evidence.contains("beside the phase"), "{line:?}");
    // One that belongs to another phase says nothing.
    let recipe = Recipe::from_file(&work.path("song.recipe.toml")).unwrap();
    let other = Recipe { picture: PictureRecipe { phase_digest: Some("0".repeat(64)), ..recipe.picture }, ..recipe };
    std::fs::write(work.path("song.recipe.toml"), toml::to_string(&other).unwrap()).unwrap();
    let result = recovered(&RecoverOptions { phase: Some(phase.into()), ..told(&edited) }).unwrap();
    assert!(warns(&result, "sample rate") && result.sound.sample_rate_hz != RATE_HZ);
}

#[test]
fn the_file_beside_is_not_asked_where_the_picture_speaks() {
    let work = Work::new();
    std::fs::write(work.path("song.recipe.toml"), "hop = 64\n").unwrap();
    assert_eq!(read_picture(&told(&work.path("song.png"))).unwrap().recipe.transform.hop, Some(512));
    let plain = work.save("song.png", |pixel| pixel);
    let recipe = Recipe::from(TransformRecipe { hop: Some(128), ..TransformRecipe::default() });
    let error = read_picture(&RecoverOptions { recipe, ..told(&plain) }).unwrap_err().to_string();
    assert!(["128", "64", "beside the picture"].iter().all(|part| error.contains(part)), "{error}");
}

/// A JPEG with these segments after its first two bytes.
fn jpeg_with(name: &str, segments: &[(u8, &[u8])]) -> Vec<u8> {
    let bytes =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../files/tests/fixtures").join(name)).unwrap();
    let mut made = bytes[..2].to_vec();
    for (marker, content) in segments {
        made.extend([0xff, *marker]);
        made.extend((content.len() as u16 + 2).to_be_bytes());
        made.extend(*content);
    }
    made.extend(&bytes[2..]);
    made
}

fn decoded_jpeg(segments: &[(u8, &[u8])]) -> DecodedPicture {
    decode_picture(Path::new("x.jpg"), &jpeg_with("rgb.jpg", segments), PictureReadOptions::default()).unwrap()
}

#[test]
fn comments_of_jpegs_are_texts() {
    let picture = decoded_jpeg(&[(0xfe, b"{\"hop\": 256}"), (0xfe, b"\xff\xff\x00")]);
    assert_eq!(picture.text[0], (COMMENT_KEY.to_owned(), "{\"hop\": 256}".to_owned()));
    assert_eq!(picture.text.len(), 2);
}

/// An EXIF segment whose only field is the orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let field = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
    [&b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01"[..], &field, &[0; 4]].concat()
}

#[test]
fn every_orientation_is_followed() {
    let stored = decoded_jpeg(&[]);
    let (w, h) = (stored.width, stored.height);
    // Where EXIF 2.3 says that the stored first pixel and the last of its row are seen: columns and rows.
    let seen = [
        ((0, 0), (w - 1, 0)),
        ((w - 1, 0), (0, 0)),
        ((w - 1, h - 1), (0, h - 1)),
        ((0, h - 1), (w - 1, h - 1)),
        ((0, 0), (0, w - 1)),
        ((h - 1, 0), (h - 1, w - 1)),
        ((h - 1, w - 1), (h - 1, 0)),
        ((0, w - 1), (0, 0)),
    ];
    for (orientation, (first, end_of_row)) in (1..=8).zip(seen) {
        let picture = decoded_jpeg(&[(0xe1, &exif(orientation))]);
        assert_eq!(picture.orientation, orientation);
        let at = |(x, y): (usize, usize)| picture.rgba[y * picture.width + x];
        assert_eq!((at(first), at(end_of_row)), (stored.rgba[0], stored.rgba[w - 1]), "{orientation}");
        assert_eq!(picture.width, if orientation > 4 { h } else { w });
    }
    assert_eq!(decoded_jpeg(&[(0xe1, b"Exif\0\0nonsense")]).rgba, stored.rgba);
}

#[test]
fn a_phase_of_another_picture_is_refused_unless_given() {
    let work = Work::new();
    let phase = work.drawn.phase.clone().unwrap();
    let turned = phase.map(|value| value * num_complex::Complex::cis(1.0));
    let path = work.path("song.phase.npy");
    write_npy(&path, ArrayToWrite::Complex(&turned), &[]).unwrap();
    let error = recovered(&told(&work.path("song.png"))).unwrap_err().to_string();
    assert!(["song.phase.npy", "another picture", "`phase`"].iter().all(|part| error.contains(part)), "{error}");
    let given = |phase: Input| RecoverOptions { phase: Some(phase), ..told(&work.path("song.png")) };
    let warned = |phase| warns(&recovered(&given(phase)).unwrap(), "not the one that the picture was drawn with");
    assert!(warned(path.into()));
    assert!(!warned(Input::complex("the phase", phase)));
}

/// In double precision, and as the coefficients that it was taken from.
#[test]
fn the_same_phase_saved_otherwise_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("song.png");
    let value = |k: usize, t: usize| num_complex::Complex::from_polar((k + t) as f64 + 0.5, (k * t) as f64 * 0.7);
    let coefficients = Plane::from_fn(12, 30, value);
    let drawn = draw_coefficients(&coefficients, &DrawOptions::default()).unwrap();
    drawn.write(&path, &[]).unwrap();
    for values in [drawn.phase.as_ref().unwrap(), &coefficients] {
        let header = format!("{{'descr': '<c16', 'fortran_order': False, 'shape': {:?}, }}", values.shape());
        let header = format!("{header:<117}\n");
        let numbers = values.as_slice().iter().flat_map(|z| [z.re.to_le_bytes(), z.im.to_le_bytes()].concat());
        let size = (header.len() as u16).to_le_bytes();
        let bytes = [b"\x93NUMPY\x01\x00", &size[..], header.as_bytes(), &numbers.collect::<Vec<u8>>()].concat();
        std::fs::write(folder.path().join("song.phase.npy"), bytes).unwrap();
        assert!(read_picture(&told(&path)).unwrap().phase_file.is_some());
    }
}

#[test]
fn a_picture_of_before_the_digest_is_read() {
    let work = Work::new();
    let recipe = Recipe {
        picture: PictureRecipe { phase: Some("song.phase.npy".to_owned()), ..work.drawn.recipe.clone().picture },
        ..work.drawn.recipe.clone()
    };
    let text = vec![(RECIPE_KEY.to_owned(), serde_json::to_string(&recipe).unwrap())];
    write_raster(&work.path("song.png"), &work.drawn.raster, &text, &[]).unwrap();
    let result = recovered(&told(&work.path("song.png"))).unwrap();
    assert_eq!(result.phase_file, Some(work.path("song.phase.npy")));
}

fn brightened([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    let channel = |value: u8| (1.3 * f64::from(value)).round().min(255.0) as u8;
    [channel(r), channel(g), channel(b), a]
}

#[test]
fn the_original_tells_what_an_edited_picture_has_lost() {
    let work = Work::new();
    let whole = recovered(&told(&work.path("song.png"))).unwrap();
    for (name, change) in [("edited.png", (|pixel| pixel) as fn([u8; 4]) -> [u8; 4]), ("bright.png", brightened)] {
        let edited = work.save(name, change);
        let original = Some(work.path("song.png").into());
        let result = recovered(&RecoverOptions { original, ..told(&edited) }).unwrap();
        assert_eq!(result.sound, whole.sound, "{name}");
        assert_eq!(result.phase_file, Some(work.path("song.phase.npy")), "{name}");
    }
    let error = recovered(&told(&work.path("bright.png"))).unwrap_err().to_string();
    assert!(error.contains("`original`"), "{error}");
    // The recipe names the palette, which explains the colours no better.
    std::fs::copy(work.path("song.recipe.toml"), work.path("bright.recipe.toml")).unwrap();
    let error = recovered(&told(&work.path("bright.png"))).unwrap_err().to_string();
    assert!(error.contains("`original`"), "{error}");
}

#[test]
fn a_mask_without_a_phase_is_refused_and_an_original_is_spoken_of() {
    let work = Work::new();
    std::fs::remove_file(work.path("song.phase.npy")).unwrap();
    let picture = || Some(Input::from(work.path("song.png")));
    let error = recovered(&RecoverOptions { mask: picture(), ..told(&work.path("song.png")) }).unwrap_err().to_string();
    assert!(error.contains("mask") && error.contains("`phase`"), "{error}");
    let result = recovered(&RecoverOptions { original: picture(), ..told(&work.path("song.png")) }).unwrap();
    assert!(result.report.notes.iter().any(|note| note.contains("no phase was kept")), "{:?}", result.report.notes);
}

/// The pixels from `first` on, without text.
fn cut(work: &Work, name: &str, from: usize, to: usize) -> PathBuf {
    let raster = &work.drawn.raster;
    let cut = Raster::from_fn(to - from, raster.height(), |x, y| raster.pixel(from + x, y)).unwrap();
    write_raster(&work.path(name), &cut, &[], &[]).unwrap();
    work.path(name)
}

#[test]
fn the_length_of_a_whole_picture_does_not_hold_for_a_part() {
    let work = Work::new();
    let part = cut(&work, "part.png", 0, 24);
    let text = Recipe {
        picture: PictureRecipe { phase: None, phase_digest: None, ..work.drawn.recipe.clone().picture },
        ..work.drawn.recipe.clone()
    };
    std::fs::write(work.path("part.recipe.toml"), toml::to_string(&text).unwrap()).unwrap();
    let result = recovered(&told(&part)).unwrap();
    assert!((5_600..6_200).contains(&result.sound.frames()), "{}", result.sound.frames());
    assert!(result.report.notes.iter().any(|note| note.contains("does not hold")));
}

#[test]
fn a_length_tells_of_a_hidden_frame() {
    let work = Work::new();
    let frames = work.drawn.recipe.picture.frames.unwrap();
    let hidden = cut(&work, "hidden.png", 2, 2 * frames);
    let recipe = |length| Recipe {
        transform: TransformRecipe { sr: Some(f64::from(RATE_HZ)), ..TransformRecipe::default() },
        sound: SoundRecipe { length, ..SoundRecipe::default() },
        ..Recipe::default()
    };
    let result =
        recovered(&RecoverOptions { recipe: recipe(Some(RATE_HZ as usize / 4)), despite_doubt: true, ..told(&hidden) })
            .unwrap();
    assert_eq!(result.sound.frames(), RATE_HZ as usize / 4);
    assert_eq!(result.report.cells.unwrap().missing, 36);
    let error =
        recovered(&RecoverOptions { recipe: recipe(Some(RATE_HZ as usize)), despite_doubt: true, ..told(&hidden) })
            .unwrap_err();
    assert!(error.to_string().contains("length"), "{error}");
}

#[test]
fn a_picture_in_memory_is_bound_to_its_phase_too() {
    let work = Work::new();
    let other =
        Plane::from_fn(36, work.drawn.recipe.picture.frames.unwrap(), |k, t| num_complex::Complex::cis((k * t) as f64));
    let options = |phase| RecoverOptions {
        input: work.drawn.to_input().unwrap(),
        phase: Some(phase),
        max_iterations: 2,
        ..RecoverOptions::default()
    };
    let warned = |phase| warns(&recovered(&options(phase)).unwrap(), "not the one that the picture was drawn with");
    assert!(!warned(work.drawn.phase_input().unwrap()));
    assert!(warned(Input::complex("the phase", other)));
}
