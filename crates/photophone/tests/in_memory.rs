//! The same data give the same sound from files and from memory, and a drawn picture needs no file.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::ops::ControlFlow;
use std::path::Path;

use num_complex::Complex;
use photophone::files::{ArrayReadOptions, PictureReadOptions, Sound, decode_picture, read_array};
use photophone::picture::Raster;
use photophone::spectrum::Plane;
use photophone::transform::Progress;
use photophone::transform::{Cqt, CqtParams, StopFlag};
use photophone::{
    BitDepth, DrawOptions, Drawn, Error, Input, PictureRecipe, RECIPE_KEY, Recipe, RecoverOptions, Recovered,
    SoundRecipe, TransformRecipe, draw, draw_coefficients, draw_magnitudes, read_picture, recover,
};

const RATE_HZ: u32 = 22_050;

/// A second of gliding partials.
fn sound() -> Sound {
    let sample = |i: u32| {
        let secs = f64::from(i) / f64::from(RATE_HZ);
        let partial = |h: f64| (std::f64::consts::TAU * h * (180.0 * secs + 20.0 * secs * secs)).sin() / h;
        0.3 * (std::f64::consts::PI * secs).sin() * (partial(1.0) + partial(2.0) + partial(3.0))
    };
    Sound::from_mono(RATE_HZ, &(0..RATE_HZ).map(sample).collect::<Vec<f64>>())
}

/// Bins of 24 an octave and frames near enough that the grid carries all of them.
fn recipe() -> Recipe {
    Recipe::from(TransformRecipe {
        hop: Some(128),
        bins: Some(48),
        fmin: Some("110".parse().unwrap()),
        ..TransformRecipe::default()
    })
}

fn drawn(bits: BitDepth) -> Drawn {
    draw(&sound(), &DrawOptions { recipe: recipe(), bits, ..DrawOptions::default() }).unwrap()
}

fn told(input: Input, phase: Option<Input>) -> RecoverOptions {
    RecoverOptions { input, phase, max_iterations: 20, ..RecoverOptions::default() }
}

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn recovered(options: &RecoverOptions) -> Recovered {
    recover(options, go).unwrap()
}

/// Signal-to-noise ratio of a result over the sound, in dB.
fn snr_db(result: &Recovered) -> f64 {
    let (truth, found) = (sound().mixed_to_mono(), result.sound.mixed_to_mono());
    assert_eq!(truth.len(), found.len());
    let power: f64 = truth.iter().map(|x| x * x).sum();
    let noise: f64 = truth.iter().zip(&found).map(|(x, y)| (x - y) * (x - y)).sum();
    10.0 * (power / noise).log10()
}

#[test]
fn files_bytes_pixels_and_drawings_give_the_same_samples() {
    let folder = tempfile::tempdir().unwrap();
    for bits in [BitDepth::Eight, BitDepth::Sixteen] {
        let drawn = drawn(bits);
        let path = folder.path().join("t.png");
        let phase_path = drawn.write(&path, &[]).unwrap().unwrap();
        let from_file = recovered(&told(path.clone().into(), None));
        assert_eq!(from_file.phase_file.as_deref(), Some(phase_path.as_path()));

        let bytes = std::fs::read(&path).unwrap();
        let phase_bytes = std::fs::read(&phase_path).unwrap();
        let in_bytes = |name: &str, bytes: Vec<u8>| Input::Bytes { name: name.to_owned(), bytes };
        let phase_in_bytes = || Some(in_bytes("the phase", phase_bytes.clone()));
        let picture = decode_picture(Path::new("x"), &bytes, PictureReadOptions::default()).unwrap();
        let pixels = Input::Pixels { name: "the picture".to_owned(), picture };
        let phase = read_array(&phase_path, &ArrayReadOptions::default()).unwrap().values;
        for (what, input, phase) in [
            ("bytes", in_bytes("the picture", bytes.clone()), phase_in_bytes()),
            ("pixels", pixels, Some(Input::complex("the phase", phase))),
            ("png", in_bytes("the picture", drawn.to_png().unwrap()), phase_in_bytes()),
            ("drawn", drawn.to_input().unwrap(), drawn.phase_input()),
        ] {
            let result = recovered(&told(input, phase));
            assert_eq!(result.sound, from_file.sound, "{bits:?} {what}");
            assert_eq!(result.overlay, from_file.overlay, "{bits:?} {what}");
            assert_eq!(result.phase_file, None);
        }
    }
}

#[test]
fn arrays_in_memory_are_arrays_in_files() {
    let folder = tempfile::tempdir().unwrap();
    let drawn = drawn(BitDepth::Eight);
    let phase = drawn.phase.clone().unwrap();
    let magnitudes = Plane::from_fn(phase.rows(), phase.columns(), |k, t| f64::from((1 + (k * 7 + t) % 5) as f32));
    let coefficients = Plane::from_fn(phase.rows(), phase.columns(), |k, t| {
        let value = phase[(k, t)] * magnitudes[(k, t)];
        Complex::new(f64::from(value.re as f32), f64::from(value.im as f32))
    });
    let path = folder.path().join("c.npy");
    photophone::files::write_npy(&path, photophone::files::ArrayToWrite::Complex(&coefficients), &[]).unwrap();
    let options = |input, phase| RecoverOptions {
        recipe: Recipe { sound: SoundRecipe { length: None, ..recipe().sound }, ..recipe() },
        ..told(input, phase)
    };
    let from_file = recovered(&options(path.into(), None));
    let from_memory = recovered(&options(Input::complex("the array", coefficients.clone()), None));
    assert_eq!(from_memory.sound, from_file.sound);
    assert!(from_memory.overlay.is_none());
    let parts = options(Input::real("the magnitudes", &magnitudes), drawn.phase_input());
    assert_eq!(recovered(&parts).sound.frames(), from_file.sound.frames());
}

#[test]
fn sixteen_bits_give_a_better_sound_than_eight() {
    let recipe =
        Recipe { picture: PictureRecipe { levels: Some("db:-80:0".parse().unwrap()), ..recipe().picture }, ..recipe() };
    let snr = |bits| {
        let options =
            DrawOptions { recipe: recipe.clone(), bits, cell_width_px: 1, cell_height_px: 1, ..DrawOptions::default() };
        let drawn = draw(&sound(), &options).unwrap();
        snr_db(&recover(&told(drawn.to_input().unwrap(), drawn.phase_input()), go).unwrap())
    };
    let (eight, sixteen) = (snr(BitDepth::Eight), snr(BitDepth::Sixteen));
    assert!(sixteen > eight + 3.0, "8 bits {eight} dB, 16 bits {sixteen} dB");
}

#[test]
fn levels_of_16_bits_come_back_within_a_step() {
    let coefficients = Plane::from_fn(9, 14, |k, t| {
        Complex::from_polar(10f64.powf(-4.0 * ((k * 37 + t * 61) % 97) as f64 / 97.0), (k * t) as f64)
    });
    let options = DrawOptions { bits: BitDepth::Sixteen, ..DrawOptions::default() };
    let drawn = draw_coefficients(&coefficients, &options).unwrap();
    let read = read_picture(&told(drawn.to_input().unwrap(), drawn.phase_input())).unwrap();
    let scale = read.levels.value;
    for (level, value) in read.picture.levels.as_slice().iter().zip(coefficients.as_slice()) {
        let wanted = scale.level_from_magnitude(value.norm() / read.recipe.picture.reference.unwrap());
        assert!((level - wanted).abs() <= 1.0 / 65536.0, "{level} {wanted}");
    }
    assert_eq!(read.overlay().width(), 14 * 2 + 24);
    // Read as of modulus 1, which single precision rounded.
    let (found, kept) = (read.phase.unwrap(), drawn.phase.unwrap());
    assert!(found.as_slice().iter().zip(kept.as_slice()).all(|(a, b)| (a - b).norm() < 1e-7));
}

#[test]
fn coefficients_are_drawn_as_the_sound_that_has_them() {
    let sound = sound();
    let whole = draw(&sound, &DrawOptions { recipe: recipe(), ..DrawOptions::default() }).unwrap();
    let resolved = whole.recipe.resolve(None).unwrap();
    let plan = Cqt::new(&resolved.params, sound.frames()).unwrap();
    let coefficients = plan.forward(&sound.mixed_to_mono()).unwrap();
    let options = DrawOptions { recipe: whole.recipe.clone(), ..DrawOptions::default() };
    let again = draw_coefficients(&coefficients, &options).unwrap();
    assert_eq!((&again.raster, &again.phase, &again.recipe), (&whole.raster, &whole.phase, &whole.recipe));
    let bare = draw_magnitudes(&coefficients.map(|value| value.norm()), &options).unwrap();
    assert_eq!((&bare.raster, bare.phase, bare.recipe), (&whole.raster, None, whole.recipe));
}

#[test]
fn what_is_not_known_of_coefficients_stays_unknown() {
    let coefficients = Plane::filled(12, 5, Complex::new(0.5, 0.5));
    let recipe = Recipe::from(TransformRecipe { sr: Some(44_100.0), ..TransformRecipe::default() });
    let drawn = draw_coefficients(&coefficients, &DrawOptions { recipe, ..DrawOptions::default() }).unwrap();
    let TransformRecipe { sr, hop, tuning, bins, .. } = drawn.recipe.transform;
    let (frames, length) = (drawn.recipe.picture.frames, drawn.recipe.sound.length);
    assert_eq!((sr, hop, tuning, bins, frames, length), (Some(44_100.0), None, None, Some(12), Some(5), None));
    let Input::Pixels { picture, .. } = drawn.to_input().unwrap() else { panic!("pixels") };
    assert!(!picture.text.iter().find(|(key, _)| key == RECIPE_KEY).unwrap().1.contains("hop"));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let options = DrawOptions::default();
    let plane = |value| Plane::filled(3, 4, Complex::new(value, 0.0));
    let message = |result: Result<Drawn, Error>| result.unwrap_err().to_string();
    assert!(message(draw_coefficients(&plane(f64::NAN), &options)).starts_with("the coefficients: "));
    assert!(message(draw_coefficients(&Plane::filled(0, 0, Complex::new(0.0, 0.0)), &options)).contains("(0, 0)"));
    let decibels = message(draw_magnitudes(&Plane::filled(3, 4, -40.0), &options));
    assert!(decibels.contains("db_to_amplitude"), "{decibels}");
    let with = |recipe, bits| DrawOptions { recipe, bits, ..DrawOptions::default() };
    let bins = with(Recipe::from(TransformRecipe { bins: Some(84), ..TransformRecipe::default() }), BitDepth::Eight);
    assert!(message(draw_coefficients(&plane(1.0), &bins)).contains("84"));
    let colour = with(
        Recipe::from(PictureRecipe { palette: Some("magma".to_owned()), ..PictureRecipe::default() }),
        BitDepth::Sixteen,
    );
    assert!(message(draw_coefficients(&plane(1.0), &colour)).contains("magma"));
    for reference in [0.0, -1.0, f64::NAN] {
        let told = with(
            Recipe::from(PictureRecipe { reference: Some(reference), ..PictureRecipe::default() }),
            BitDepth::Eight,
        );
        assert!(message(draw_coefficients(&plane(1.0), &told)).contains("reference"));
    }
}

#[test]
fn silence_and_tiny_pictures_are_read_back_from_memory() {
    for (bins, frames) in [(1, 1), (1, 9), (9, 1), (12, 30)] {
        for value in [0.0, 1.0] {
            for bits in [BitDepth::Eight, BitDepth::Sixteen] {
                let options = DrawOptions { bits, cell_width_px: 1, cell_height_px: 1, ..DrawOptions::default() };
                let drawn =
                    draw_coefficients(&Plane::filled(bins, frames, Complex::new(value, 0.0)), &options).unwrap();
                let what = format!("{bins} x {frames} of {value}, {bits:?}");
                let read = read_picture(&told(drawn.to_input().unwrap(), drawn.phase_input()));
                let read = read.unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(read.picture.levels.shape(), (bins, frames), "{what}");
                let wanted = if value > 0.0 { 1.0 } else { 0.0 };
                assert!(read.picture.levels.as_slice().iter().all(|level| (level - wanted).abs() < 0.002), "{what}");
                // A sound this short may not be recoverable, but that is said and no panic.
                let _ = recover(&told(drawn.to_input().unwrap(), drawn.phase_input()), go);
            }
        }
    }
}

#[test]
fn messages_begin_with_the_name_of_what_is_in_memory() {
    let message = |options: &RecoverOptions| recover(options, go).unwrap_err().to_string();
    let nothing = Input::Bytes { name: "the bytes".to_owned(), bytes: Vec::new() };
    assert!(message(&told(nothing, None)).starts_with("the bytes: is empty"));
    let text = Input::Bytes { name: "the bytes".to_owned(), bytes: b"no picture".to_vec() };
    assert!(message(&told(text, None)).starts_with("the bytes: found a file of no known kind"));
    let nan = Input::complex("the array", Plane::filled(2, 2, Complex::new(f64::NAN, 0.0)));
    assert!(message(&told(nan, None)).starts_with("the array: found 4 value(s) that are NaN"));
    let drawn = drawn(BitDepth::Eight);
    let swapped = told(drawn.to_input().unwrap(), Some(drawn.to_input().unwrap()));
    assert!(message(&swapped).starts_with("the picture: found pixels; expected an array"));
    let wrong = Input::complex("the phase", Plane::from_fn(5, 7, |k, t| Complex::cis((k * t) as f64)));
    let wrong = message(&told(drawn.to_input().unwrap(), Some(wrong)));
    assert!(wrong.contains("5 x 7"), "{wrong}");
    let large = RecoverOptions { max_pixels: 10, ..told(drawn.to_input().unwrap(), drawn.phase_input()) };
    assert!(message(&large).contains("10 pixels"));
}

#[test]
fn what_was_painted_fits_better_once_the_original_is_told() {
    let drawn = drawn(BitDepth::Eight);
    let (raster, cell_height) = (&drawn.raster, drawn.raster.height() / 48);
    let brightness = |pixel: &[u8; 4]| pixel.iter().map(|&channel| u32::from(channel)).sum::<u32>();
    let (loud, row) = (raster.pixels().iter().copied().max_by_key(brightness).unwrap(), 14 * cell_height);
    let painted = |x: usize, y: usize| x > raster.width() / 4 && (row..row + cell_height).contains(&y);
    let edited =
        Raster::from_fn(raster.width(), raster.height(), |x, y| if painted(x, y) { loud } else { raster.pixel(x, y) });
    let input = Drawn { raster: edited.unwrap(), ..drawn.clone() }.to_input().unwrap();
    let base = told(input, drawn.phase_input());
    let wanted = read_picture(&base).unwrap().picture.levels.map(|&level| (level * 80.0 / 20.0 * 10_f64.ln()).exp());
    let misfit_db = |options: &RecoverOptions| {
        let samples = recovered(options).sound.mixed_to_mono();
        let params = CqtParams { bins: 48, fmin_hz: 110.0, hop: 128, ..CqtParams::default() };
        let made = Cqt::new(&params, samples.len()).unwrap().forward(&samples).unwrap().map(|cell| cell.norm());
        let dot =
            |a: &Plane<f64>, b: &Plane<f64>| a.as_slice().iter().zip(b.as_slice()).map(|(a, b)| a * b).sum::<f64>();
        // At the loudness that fits best.
        10.0 * (1.0 - dot(&made, &wanted).powi(2) / dot(&made, &made) / dot(&wanted, &wanted)).log10()
    };
    let kept = misfit_db(&base);
    let completed = misfit_db(&RecoverOptions { original: Some(drawn.to_input().unwrap()), ..base });
    assert!(completed < kept - 3.0, "{completed:.1} dB, with the old phase {kept:.1} dB");
}

#[test]
fn a_mask_and_an_original_in_memory_take_the_phase_of_what_changed() {
    let drawn = drawn(BitDepth::Eight);
    let raster = &drawn.raster;
    let inside = |x: usize, y: usize| (80..160).contains(&x) && (40..80).contains(&y);
    let quiet = raster.pixel(0, 0);
    let pixels =
        |pixel: &dyn Fn(usize, usize) -> [u8; 4]| Raster::from_fn(raster.width(), raster.height(), pixel).unwrap();
    let edited = pixels(&|x, y| if inside(x, y) { quiet } else { raster.pixel(x, y) });
    let mask = pixels(&|x, y| if inside(x, y) { [255; 4] } else { [0, 0, 0, 255] });
    let input = |raster: Raster| Drawn { raster, ..drawn.clone() }.to_input().unwrap();
    let base = told(input(edited), drawn.phase_input());
    let masked = recovered(&RecoverOptions { mask: Some(input(mask)), ..base.clone() });
    let compared = recovered(&RecoverOptions { original: Some(drawn.to_input().unwrap()), ..base });
    for result in [masked, compared] {
        let edited = result.report.findings.iter().find(|entry| entry.name == "edited").unwrap();
        assert!(edited.value.to_string().contains("lose their phase"), "{edited:?}");
    }
}

/// The caller's `progress` is not asked while filters are made and unknowns are looked for.
#[test]
fn a_stop_flag_ends_what_asks_no_progress() {
    let stop = || StopFlag::new(std::sync::Arc::new(true.into()));
    let sound = Sound::from_mono(22_050, &vec![0.1; 22_050]);
    let drawing = DrawOptions { stop: stop(), ..DrawOptions::default() };
    assert!(matches!(draw(&sound, &drawing), Err(Error::Interrupted)));
    let drawn = draw(&sound, &DrawOptions::default()).unwrap();
    let options = RecoverOptions { stop: stop(), ..told(drawn.to_input().unwrap(), drawn.phase_input()) };
    assert!(matches!(recover(&options, |_| ControlFlow::Continue(())), Err(Error::Interrupted)));
}
