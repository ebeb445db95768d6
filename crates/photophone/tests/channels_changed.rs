//! Pictures of panels that were changed since they were drawn: resized, compressed, edited, without their recipe.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::ops::ControlFlow;
use std::path::Path;

use jpeg_encoder::{ColorType, Encoder};
use photophone::files::{DecodedPicture, PictureReadOptions, Sound, decode_picture};
use photophone::picture::Raster;
use photophone::{
    BitDepth, DrawOptions, Drawn, Input, Recipe, RecoverOptions, Recovered, TransformRecipe, draw, read_picture,
    recover,
};

const RATE_HZ: u32 = 22_050;
const HOP: usize = 256;
const SAMPLES: usize = 90 * HOP;

/// Gliding partials over a floor of noise, another glide on each side: no cell is silent.
fn channels() -> Vec<Vec<f64>> {
    let glide = |pitch_hz: f64, slope: f64, loudness: f64| {
        let mut state = 1u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state) / f64::from(u32::MAX) - 0.5
        };
        let sample = |i: usize| {
            let secs = i as f64 / f64::from(RATE_HZ);
            let partial = |h: f64| (TAU * h * (pitch_hz * secs + slope * secs * secs)).sin() / h;
            loudness * ((1..6).map(|h| partial(f64::from(h))).sum::<f64>() + 0.1 * noise())
        };
        (0..SAMPLES).map(sample).collect()
    };
    vec![glide(150.0, 12.0, 0.2), glide(240.0, -30.0, 0.1)]
}

fn drawn(bits: BitDepth) -> Drawn {
    let recipe = Recipe::from(TransformRecipe { hop: Some(HOP), bins: Some(60), ..TransformRecipe::default() });
    draw(&Sound::from_channels(RATE_HZ, &channels()), &DrawOptions { recipe, bits, ..DrawOptions::default() }).unwrap()
}

fn recovered(input: Input, drawn: &Drawn) -> Recovered {
    recovered_by(&RecoverOptions { input, phase: drawn.phase_input(), ..RecoverOptions::default() })
}

fn recovered_by(options: &RecoverOptions) -> Recovered {
    recover(options, |_| ControlFlow::Continue(())).unwrap()
}

/// Signal-to-noise ratio of each channel, in dB, no gain fitted.
fn snrs_db(truth: &[Vec<f64>], sound: &Sound) -> Vec<f64> {
    assert_eq!((sound.channels.len(), sound.frames()), (truth.len(), SAMPLES));
    let snr_db = |truth: &Vec<f64>, found: &Vec<f32>| {
        let power: f64 = truth.iter().map(|x| x * x).sum();
        let noise: f64 = truth.iter().zip(found).map(|(x, y)| (x - f64::from(*y)).powi(2)).sum();
        10.0 * (power / noise).log10()
    };
    truth.iter().zip(&sound.channels).map(|(truth, found)| snr_db(truth, found)).collect()
}

/// The picture with other pixels and the texts that it had.
fn repainted(drawn: &Drawn, raster: &Raster) -> Input {
    let Input::Pixels { picture, .. } = drawn.to_input().unwrap() else { panic!("pixels") };
    let picture = DecodedPicture { text: picture.text, ..DecodedPicture::from_raster(raster) };
    Input::Pixels { name: "the picture".to_owned(), picture }
}

/// The picture resized by bilinear interpolation between the centres of pixels.
fn resized(raster: &Raster, width: usize, height: usize) -> Raster {
    let place = |at: usize, of: usize, from: usize| {
        let centre = ((at as f64 + 0.5) * from as f64 / of as f64 - 0.5).clamp(0.0, from as f64 - 1.0);
        (centre.floor() as usize, centre.fract())
    };
    Raster::from_fn(width, height, |x, y| {
        let ((left, right), (top, down)) = (place(x, width, raster.width()), place(y, height, raster.height()));
        let at = |dx: usize, dy: usize| {
            raster.pixel((left + dx).min(raster.width() - 1), (top + dy).min(raster.height() - 1))
        };
        let mix = |c: usize| {
            let line = |dy: usize| f64::from(at(0, dy)[c]) * (1.0 - right) + f64::from(at(1, dy)[c]) * right;
            (line(0) * (1.0 - down) + line(1) * down).round() as u8
        };
        [mix(0), mix(1), mix(2), 255]
    })
    .unwrap()
}

#[test]
fn sixteen_bits_resizing_and_jpeg_keep_the_panels_apart() {
    let exact = drawn(BitDepth::Eight);
    let whole = snrs_db(&channels(), &recovered(exact.to_input().unwrap(), &exact).sound);
    assert!(whole.iter().all(|db| *db > 15.0), "{whole:?}");

    let sixteen = drawn(BitDepth::Sixteen);
    let fine = snrs_db(&channels(), &recovered(sixteen.to_input().unwrap(), &sixteen).sound);
    assert!(fine.iter().zip(&whole).all(|(fine, whole)| fine > whole), "{fine:?} {whole:?}");

    let (width, height) = (exact.raster.width() * 3 / 2, exact.raster.height() * 7 / 5);
    let larger = repainted(&exact, &resized(&exact.raster, width, height));
    let found = snrs_db(&channels(), &recovered(larger, &exact).sound);
    assert!(found.iter().zip(&whole).all(|(found, whole)| *found > whole - 6.0), "{found:?} {whole:?}");

    let mut bytes = Vec::new();
    let rgb: Vec<u8> = exact.raster.pixels().iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    let side = |side: usize| u16::try_from(side).unwrap();
    let encoder = Encoder::new(&mut bytes, 92);
    encoder.encode(&rgb, side(exact.raster.width()), side(exact.raster.height()), ColorType::Rgb).unwrap();
    let picture = decode_picture(Path::new("x.jpg"), &bytes, PictureReadOptions::default()).unwrap();
    let Input::Pixels { picture: before, .. } = exact.to_input().unwrap() else { panic!("pixels") };
    let picture = DecodedPicture { text: before.text, ..picture };
    let jpeg = Input::Pixels { name: "the picture".to_owned(), picture };
    let found = snrs_db(&channels(), &recovered(jpeg, &exact).sound);
    assert!(found.iter().zip(&whole).all(|(found, whole)| *found > whole - 8.0), "{found:?} {whole:?}");
}

#[test]
fn an_edit_of_one_panel_leaves_the_other_channel_as_it_was() {
    let exact = drawn(BitDepth::Eight);
    let untouched = recovered(exact.to_input().unwrap(), &exact).sound;
    // Frames 30 to 60 of the first panel, which is on top, become silent.
    let (left, right, bottom) = (2 * 30, 2 * 60, 4 * 60);
    let is_edited = |x: usize, y: usize| (left..right).contains(&x) && y < bottom;
    let (width, height) = (exact.raster.width(), exact.raster.height());
    let edited =
        Raster::from_fn(width, height, |x, y| if is_edited(x, y) { [0, 0, 4, 255] } else { exact.raster.pixel(x, y) });
    let edited = edited.unwrap();
    let mask = Raster::from_fn(width, height, |x, y| if is_edited(x, y) { [255; 4] } else { [0, 0, 0, 255] }).unwrap();
    let mask = Input::Pixels { name: "the mask".to_owned(), picture: DecodedPicture::from_raster(&mask) };
    let forgotten = Input::Pixels { name: "the edited".to_owned(), picture: DecodedPicture::from_raster(&edited) };
    let of = |input| RecoverOptions { input, phase: exact.phase_input(), ..RecoverOptions::default() };
    let by_original = RecoverOptions { original: Some(exact.to_input().unwrap()), ..of(forgotten) };
    let by_mask = RecoverOptions { mask: Some(mask), ..of(repainted(&exact, &edited)) };
    for (what, options) in [("original", by_original), ("mask", by_mask)] {
        let sound = recovered_by(&options).sound;
        assert_eq!(sound.channels[1], untouched.channels[1], "{what}");
        let energy = |samples: &[f32]| samples.iter().map(|x| f64::from(x * x)).sum::<f64>();
        let (inside, before) = (40 * HOP..50 * HOP, 5 * HOP..20 * HOP);
        let fell_db =
            10.0 * (energy(&sound.channels[0][inside.clone()]) / energy(&untouched.channels[0][inside])).log10();
        assert!(fell_db < -30.0, "{what}: {fell_db}");
        let left = &sound.channels[0][before.clone()];
        let off: f64 = left.iter().zip(&untouched.channels[0][before]).map(|(a, b)| f64::from(a - b).powi(2)).sum();
        let off_db = 10.0 * (off / energy(left)).log10();
        assert!(off_db < -20.0, "{what}: {off_db}");
    }
}

#[test]
fn a_picture_without_its_recipe_has_the_channels_of_its_phase() {
    let exact = drawn(BitDepth::Eight);
    let bare = || Input::Pixels { name: "bare".to_owned(), picture: DecodedPicture::from_raster(&exact.raster) };
    let told = TransformRecipe { sr: Some(f64::from(RATE_HZ)), hop: Some(HOP), ..TransformRecipe::default() };
    let options =
        RecoverOptions { input: bare(), phase: exact.phase_input(), recipe: told.into(), ..RecoverOptions::default() };
    let read = read_picture(&options).unwrap();
    assert_eq!((read.stack, read.levels.value), (exact.stack, photophone::spectrum::LevelScale::DB_80));
    let sound = recovered_by(&options).sound;
    assert_eq!(sound.channels.len(), 2);
    let energy = |samples: &[f32]| samples.iter().map(|x| f64::from(x * x)).sum::<f64>();
    let relation_db = 10.0 * (energy(&sound.channels[0]) / energy(&sound.channels[1])).log10();
    let truth: Vec<f64> = channels().iter().map(|channel| channel.iter().map(|x| x * x).sum()).collect();
    assert!((relation_db - 10.0 * (truth[0] / truth[1]).log10()).abs() < 0.5, "{relation_db}");
}
