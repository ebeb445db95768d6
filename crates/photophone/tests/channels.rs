//! Sounds of several channels: a panel each, and back with the relation that they had.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::ops::ControlFlow;

use num_complex::Complex;
use photophone::files::Sound;
use photophone::spectrum::{Plane, Stack};
use photophone::transform::observe::MelParams;
use photophone::transform::{Cqt, CqtParams, PadMode, Stft, StftParams, Threads};
use photophone::{
    DrawOptions, Drawn, Error, Input, InvertOptions, LoudnessOptions, PictureRecipe, Recipe, RecoverOptions, Recovered,
    SoundRecipe, TransformRecipe, Tuning, draw, invert, invert_channels, recover,
};

const RATE_HZ: u32 = 22_050;
const SAMPLES: usize = 24_123;

/// Decaying partials of a pitch over some hiss.
fn part(pitch_hz: f64, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut hiss = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let sample = |i: usize| {
        let secs = i as f64 / f64::from(RATE_HZ);
        let tones: f64 = (1..5).map(|h| (TAU * f64::from(h) * pitch_hz * secs).sin() / f64::from(h)).sum();
        0.2 * tones * (-2.0 * (secs % 0.4)).exp() + 0.02 * hiss()
    };
    (0..SAMPLES).map(sample).collect()
}

/// Two voices, each louder on one side, the right side a third as loud as the left.
fn stereo() -> Vec<Vec<f64>> {
    let (one, other) = (part(220.0, 1), part(329.6, 2));
    let side = |a: f64, b: f64| one.iter().zip(&other).map(|(x, y)| a * x + b * y).collect();
    vec![side(1.0, 0.3), side(0.1, 0.33)]
}

fn sound(channels: &[Vec<f64>]) -> Sound {
    Sound::from_channels(RATE_HZ, channels)
}

fn recipe() -> Recipe {
    Recipe::from(TransformRecipe {
        hop: Some(256),
        bins: Some(48),
        fmin: Some("110".parse().unwrap()),
        ..TransformRecipe::default()
    })
}

fn drawn(channels: &[Vec<f64>], recipe: Recipe) -> Drawn {
    draw(&sound(channels), &DrawOptions { recipe, ..DrawOptions::default() }).unwrap()
}

fn recovered(options: &RecoverOptions) -> Recovered {
    recover(options, |_| ControlFlow::Continue(())).unwrap()
}

fn of_drawn(drawn: &Drawn) -> RecoverOptions {
    RecoverOptions { input: drawn.to_input().unwrap(), phase: drawn.phase_input(), ..RecoverOptions::default() }
}

fn snr_db(truth: &[f64], found: &[f32]) -> f64 {
    assert_eq!(truth.len(), found.len());
    let power: f64 = truth.iter().map(|x| x * x).sum();
    let noise: f64 = truth.iter().zip(found).map(|(x, y)| (x - f64::from(*y)).powi(2)).sum();
    10.0 * (power / noise).log10()
}

/// Coefficients of each channel one above the other, as an array has them.
fn coefficients(channels: &[Vec<f64>], params: &CqtParams) -> (Stack, Plane<Complex<f64>>) {
    let plan = Cqt::new(params, SAMPLES).unwrap();
    let planes: Vec<_> = channels.iter().map(|channel| plan.forward(channel).unwrap()).collect();
    let stack = Stack { channels: planes.len(), rows: planes[0].rows(), gap: 0 };
    (stack, stack.joined(planes, &Complex::default()))
}

#[test]
fn each_channel_is_a_panel_and_comes_back_as_loud_as_it_was() {
    let channels = stereo();
    let whole = drawn(&channels, recipe());
    let PictureRecipe { channels: count, gap, frames, reference, .. } = whole.recipe.picture.clone();
    assert_eq!((count, gap), (Some(2), Some(2)));
    // One scale of levels: each panel is the picture of its channel alone that has the whole's reference.
    let told = Recipe { picture: PictureRecipe { reference, ..PictureRecipe::default() }, ..recipe() };
    for (channel, top_px) in [0, 4 * (48 + 2)].into_iter().enumerate() {
        let alone = drawn(&channels[channel..=channel], told.clone());
        assert_eq!((alone.raster.width(), alone.recipe.picture.channels), (2 * frames.unwrap(), None));
        for y in 0..alone.raster.height() {
            assert_eq!(whole.raster.row(top_px + y), alone.raster.row(y), "channel {channel}, row {y}");
        }
    }
    let gap = whole.raster.row(4 * 48 + 3);
    assert!(gap.iter().all(|pixel| *pixel == [0, 0, 4, 255]), "{:?}", gap[0]);

    let back = recovered(&of_drawn(&whole));
    assert_eq!(back.sound.channels.len(), 2);
    for (truth, found) in channels.iter().zip(&back.sound.channels) {
        let db = snr_db(truth, found);
        assert!(db > 25.0, "{db}");
    }
    let told: Vec<usize> = back.report.channels.iter().map(|channel| channel.channel).collect();
    assert_eq!(told, [1, 2]);
    let text = back.report.to_string();
    assert!(text.contains("2, each a panel of 48 x 95 cells, 2 rows between them"), "{text}");
    assert!(text.contains("190 x 192 px at (0, 0), 190 x 192 px at (0, 200)"), "{text}");
    assert!(text.contains("2 channels of 48 x 95") && text.contains("cells    9120 in all, 0 not"), "{text}");
}

#[test]
fn files_hold_channels_by_bins_by_frames() {
    let folder = tempfile::tempdir().unwrap();
    let (path, whole) = (folder.path().join("s.png"), drawn(&stereo(), recipe()));
    let phase = whole.write(&path, &[]).unwrap().unwrap();
    let header = std::fs::read(&phase).unwrap();
    let header = String::from_utf8_lossy(&header[..128]).into_owned();
    assert!(header.contains("'shape': (2, 48, 95)"), "{header}");
    let from_file = recovered(&RecoverOptions { input: path.into(), ..RecoverOptions::default() });
    assert_eq!(from_file.sound, recovered(&of_drawn(&whole)).sound);
}

#[test]
fn mixing_to_one_is_asked_for_and_said() {
    let (channels, options) = (stereo(), DrawOptions { recipe: recipe(), mono: true, ..DrawOptions::default() });
    let mixed = draw(&sound(&channels), &options).unwrap();
    let mean: Vec<f64> = channels[0].iter().zip(&channels[1]).map(|(a, b)| 0.5 * (a + b)).collect();
    assert_eq!((mixed.stack.channels, mixed.recipe.picture.channels), (1, None));
    assert_eq!(mixed.raster, drawn(&[mean], recipe()).raster);
    assert!(
        mixed.report.notes.iter().any(|note| note.contains("2 channels were mixed to one")),
        "{:?}",
        mixed.report.notes
    );
    let one = draw(&sound(&channels[..1]), &options).unwrap();
    assert!(!one.report.notes.iter().any(|note| note.contains("mixed")));
}

#[test]
fn a_channel_is_solved_for_as_if_it_were_alone_on_any_threads() {
    let params = CqtParams { hop: 256, bins: 48, fmin_hz: 110.0, ..CqtParams::default() };
    let channels: Vec<_> = {
        let (stack, cells) = coefficients(&stereo(), &params);
        stack.divided(&cells)
    };
    let options =
        InvertOptions { pad_mode: Some(PadMode::Constant), length: Some(SAMPLES), ..InvertOptions::default() };
    let go = |_| ControlFlow::Continue(());
    let alone: Vec<Vec<f64>> =
        channels.iter().map(|cells| invert(&params, cells, &options, go).unwrap().samples).collect();
    for threads in [1, 2, 3] {
        let together = Threads::start(threads).run(|| invert_channels(&params, &channels, &options, go).unwrap());
        let together: Vec<Vec<f64>> = together.into_iter().map(|channel| channel.samples).collect();
        assert!(together == alone, "{threads} threads");
    }
}

#[test]
fn what_one_channel_tells_holds_for_all() {
    // The first is silent for a second at both ends, so that only the second tells of what lies beyond them, and how long.
    let mut channels = stereo();
    for (i, sample) in channels[0].iter_mut().enumerate() {
        *sample *= f64::from(u8::from((SAMPLES / 2 - 1500..SAMPLES / 2 + 1500).contains(&i)));
    }
    let made = CqtParams { hop: 256, tuning: 0.23, pad_mode: PadMode::Reflect, ..CqtParams::default() };
    let (stack, cells) = coefficients(&channels, &made);
    let told = Recipe::from(TransformRecipe { sr: Some(22_050.0), hop: Some(256), ..TransformRecipe::default() });
    let input = Input::complex_channels("the coefficients", cells, stack);
    let back = recovered(&RecoverOptions { input, recipe: told, ..RecoverOptions::default() });
    let value = |name: &str| back.report.findings.iter().find(|entry| entry.name == name).unwrap().value.clone();
    assert_eq!(value("pad-mode"), "reflect");
    assert_eq!(value("length"), SAMPLES);
    assert!((value("tuning").as_f64().unwrap() - 0.23).abs() < 1e-9);
    assert!(back.sound.channels.iter().all(|channel| channel.len() == SAMPLES));
    // Opposite channels tell as much as equal ones.
    let opposite = channels[1].iter().map(|sample| -sample).collect();
    let (stack, cells) = coefficients(&[channels[1].clone(), opposite], &made);
    let input = Input::complex_channels("the coefficients", cells, stack);
    let told = Recipe::from(TransformRecipe {
        sr: Some(22_050.0),
        hop: Some(256),
        tuning: Some(Tuning::Bins(0.23)),
        ..TransformRecipe::default()
    });
    let back = recovered(&RecoverOptions { input, recipe: told, ..RecoverOptions::default() });
    let [left, right] = &back.sound.channels[..] else { panic!("two channels") };
    assert_eq!(left.len(), SAMPLES);
    assert!(left.iter().zip(right).all(|(left, right)| (left + right).abs() < 1e-6));
}

#[test]
fn all_channels_have_one_gain() {
    let whole = drawn(&stereo(), recipe());
    let plain = recovered(&of_drawn(&whole)).sound;
    let peak = |samples: &[f32]| samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    for loudness in [
        LoudnessOptions { normalise: true, ..LoudnessOptions::default() },
        LoudnessOptions { gain_db: 60.0, ..LoudnessOptions::default() },
        LoudnessOptions { gain_db: -12.0, ..LoudnessOptions::default() },
    ] {
        let sound = recovered(&RecoverOptions { loudness, ..of_drawn(&whole) }).sound;
        let gains: Vec<f32> =
            sound.channels.iter().zip(&plain.channels).map(|(after, before)| peak(after) / peak(before)).collect();
        assert!((gains[0] / gains[1] - 1.0).abs() < 1e-4, "{loudness:?}: {gains:?}");
        assert!(peak(&sound.channels[0]) <= 1.0);
    }
    // Without a reference only the relation of the channels is known.
    let (stack, cells) =
        coefficients(&stereo(), &CqtParams { hop: 256, bins: 48, fmin_hz: 110.0, ..CqtParams::default() });
    let levels = cells.map(|value| (20.0 * value.norm().max(1e-9).log10()).max(-80.0));
    let loudest = levels.as_slice().iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let input = Input::real_channels("the levels", &levels.map(|level| (level - loudest).max(-80.0)), stack);
    let picture = PictureRecipe { levels: Some("db:-80:0".parse().unwrap()), ..PictureRecipe::default() };
    let told = SoundRecipe { length: Some(SAMPLES), ..SoundRecipe::default() };
    let recipe = Recipe { picture, sound: told, ..recipe() };
    let phase = Some(Input::complex_channels("the phase", cells, stack));
    let back = recovered(&RecoverOptions { input, phase, recipe, ..RecoverOptions::default() }).sound;
    assert!((peak(&back.channels[0]) - 0.5).abs() < 1e-3, "{}", peak(&back.channels[0]));
    let relation = peak(&back.channels[1]) / peak(&back.channels[0]);
    let truth = peak(&plain.channels[1]) / peak(&plain.channels[0]);
    assert!((relation / truth - 1.0).abs() < 0.1, "{relation} {truth}");
}

#[test]
fn a_phase_of_other_channels_is_refused_with_what_to_do() {
    let (whole, one) = (drawn(&stereo(), recipe()), drawn(&stereo()[..1], recipe()));
    let refused = |input: Input, phase: Option<Input>| {
        let options = RecoverOptions { input, phase, recipe: recipe(), ..RecoverOptions::default() };
        match recover(&options, |_| ControlFlow::Continue(())) {
            Err(error @ Error::File(_)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let for_one = refused(one.to_input().unwrap(), whole.phase_input());
    assert!(for_one.contains("2 channels") && for_one.contains("phase[0]"), "{for_one}");
    let for_two = refused(whole.to_input().unwrap(), one.phase_input());
    assert!(for_two.contains("one channel") && for_two.contains("np.stack"), "{for_two}");
    let magnitudes = Input::real("the magnitudes", &Plane::filled(48, 95, 1.0));
    assert!(refused(magnitudes, whole.phase_input()).contains("as the array has"));
}

/// Its panel is all floor, which is no sound of half the floor's level.
#[test]
fn a_silent_channel_comes_back_silent() {
    let mut channels = stereo();
    channels[1].fill(0.0);
    let whole = drawn(&channels, recipe());
    for phase in [whole.phase_input(), None] {
        let back = recovered(&RecoverOptions { phase, max_iterations: 20, ..of_drawn(&whole) });
        assert!(back.sound.channels[1].iter().all(|sample| *sample == 0.0));
        assert!(back.sound.channels[0].iter().any(|sample| sample.abs() > 0.1));
        assert!(!back.report.warnings.iter().any(|text| text.contains("channel 2")), "{:?}", back.report.warnings);
        assert_eq!(back.report.channels.iter().map(|channel| channel.is_silence).collect::<Vec<_>>(), [false, true]);
        assert!(back.report.to_string().contains("channel  2: silence"));
    }
}

#[test]
fn magnitudes_of_channels_give_channels() {
    let whole = drawn(&stereo(), recipe());
    let options = RecoverOptions { max_iterations: 12, ..of_drawn(&whole) };
    let back = recovered(&RecoverOptions { phase: None, ..options });
    let energy = |samples: &[f32]| samples.iter().map(|x| f64::from(x * x)).sum::<f64>();
    let truth: Vec<f64> = stereo().iter().map(|channel| channel.iter().map(|x| x * x).sum()).collect();
    let found: Vec<f64> = back.sound.channels.iter().map(|channel| energy(channel)).collect();
    for (found, truth) in found.iter().zip(&truth) {
        assert!((10.0 * (found / truth).log10()).abs() < 1.5, "{found} {truth}");
    }
}

/// Recipes are anybody's text.
#[test]
fn channels_that_the_rows_cannot_have_are_refused() {
    let whole = drawn(&stereo(), recipe());
    let Input::Pixels { picture, .. } = whole.to_input().unwrap() else { panic!("pixels") };
    for (channels, gap, phase) in [
        (0, 2, false),
        (3, 2, false),
        (2, 5, false),
        (2, usize::MAX, false),
        (usize::MAX, usize::MAX, false),
        (3, 2, true),
    ] {
        let picture_recipe = PictureRecipe { channels: Some(channels), gap: Some(gap), ..whole.recipe.picture.clone() };
        let told = Recipe { picture: picture_recipe, ..whole.recipe.clone() };
        let mut pixels = picture.clone();
        pixels.text = vec![(photophone::RECIPE_KEY.to_owned(), serde_json::to_string(&told).unwrap())];
        let input = Input::Pixels { name: "the picture".to_owned(), picture: pixels };
        let phase = if phase { whole.phase_input() } else { None };
        let options = RecoverOptions { input, phase, ..RecoverOptions::default() };
        let error = recover(&options, |_| ControlFlow::Continue(())).unwrap_err().to_string();
        assert!(error.contains("channels"), "{channels} {gap}: {error}");
    }
    // One panel, cut out.
    let panel = photophone::picture::Raster::from_fn(190, 192, |x, y| whole.raster.pixel(x, y)).unwrap();
    let cut = photophone::files::DecodedPicture {
        text: picture.text.clone(),
        ..photophone::files::DecodedPicture::from_raster(&panel)
    };
    let input = Input::Pixels { name: "the picture".to_owned(), picture: cut };
    let options = RecoverOptions { input, ..RecoverOptions::default() };
    let error = recover(&options, |_| ControlFlow::Continue(())).unwrap_err().to_string();
    assert!(error.contains("48 rows of cells") && error.contains("the whole picture"), "{error}");
}

#[test]
fn other_transforms_have_channels_too() {
    let params = StftParams { n_fft: 512, win_length: 512, hop: 128, ..StftParams::default() };
    let plan = Stft::new(&params, SAMPLES).unwrap();
    let planes: Vec<_> = stereo().iter().map(|channel| plan.forward(channel).unwrap()).collect();
    let stack = Stack { channels: 2, rows: planes[0].rows(), gap: 0 };
    let cells = stack.joined(planes, &Complex::default());
    let recipe = |text: &str| {
        let sr = Some(f64::from(RATE_HZ));
        let sound = SoundRecipe { length: Some(SAMPLES), ..SoundRecipe::default() };
        Recipe { sound, ..Recipe::from(TransformRecipe { sr, ..text.parse().unwrap() }) }
    };
    let input = Input::complex_channels("the coefficients", cells.clone(), stack);
    let told = RecoverOptions { input, recipe: recipe("stft:512:128"), ..RecoverOptions::default() };
    let back = recovered(&told);
    for (truth, found) in stereo().iter().zip(&back.sound.channels) {
        let db = snr_db(truth, found);
        assert!(db > 120.0, "{db}");
    }
    // A mel spectrogram of each channel: how loud they are is all that is left of the relation.
    let bands = MelParams { bands: 40, ..MelParams::default() }.observation(&params).unwrap();
    let powers = |cells: &Plane<Complex<f64>>| bands.of(cells).unwrap().map(|root| root * root);
    let mel: Vec<Plane<f64>> = stack.divided(&cells).iter().map(powers).collect();
    let stack = Stack { rows: 40, ..stack };
    let input = Input::real_channels("the bands", &stack.joined(mel, &0.0), stack);
    let told = RecoverOptions { input, recipe: recipe("mel:40:512:128"), ..RecoverOptions::default() };
    let sound = recovered(&told).sound;
    let energy = |samples: &[f32]| samples.iter().map(|x| f64::from(x * x)).sum::<f64>();
    let truth: Vec<f64> = stereo().iter().map(|channel| channel.iter().map(|x| x * x).sum()).collect();
    for (found, truth) in sound.channels.iter().zip(&truth) {
        let off_db = 10.0 * (energy(found) / truth).log10();
        assert!(off_db.abs() < 0.5, "{off_db}");
    }
}
