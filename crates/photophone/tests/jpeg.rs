//! Sounds from JPEG pictures: what the file kept of the picture tells nearly as much as the picture did.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::ops::ControlFlow;
use std::path::Path;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use photophone::files::{DecodedPicture, PictureReadOptions, Sound, decode_picture};
use photophone::picture::Raster;
use photophone::{DrawOptions, Drawn, Input, PictureRecipe, Recipe, RecoverOptions, TransformRecipe, draw, recover};

const RATE_HZ: u32 = 22_050;
const SAMPLES: u32 = 60 * 512;

/// Gliding partials over a floor of noise: no cell is silent.
fn sound() -> Sound {
    let mut state = 1u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / f64::from(u32::MAX) - 0.5
    };
    let sample = |i: u32| {
        let secs = f64::from(i) / f64::from(RATE_HZ);
        let partial = |h: f64| (std::f64::consts::TAU * h * (150.0 * secs + 12.0 * secs * secs)).sin() / h;
        0.2 * (1..6).map(|h| partial(f64::from(h))).sum::<f64>() + 0.02 * noise()
    };
    Sound::from_mono(RATE_HZ, &(0..SAMPLES).map(sample).collect::<Vec<f64>>())
}

fn recipe() -> Recipe {
    Recipe::from(TransformRecipe { hop: Some(512), ..TransformRecipe::default() })
}

fn drawn(palette: &str, cell_px: (usize, usize)) -> Drawn {
    let recipe =
        Recipe { picture: PictureRecipe { palette: Some(palette.to_owned()), ..recipe().picture }, ..recipe() };
    let (cell_width_px, cell_height_px) = cell_px;
    draw(&sound(), &DrawOptions { recipe, cell_width_px, cell_height_px, ..DrawOptions::default() }).unwrap()
}

/// The picture as a JPEG file without a word of how it was drawn.
fn encoded(raster: &Raster, quality: u8, sampling: SamplingFactor) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(sampling);
    let rgb: Vec<u8> = raster.pixels().iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    let side = |side: usize| u16::try_from(side).unwrap();
    encoder.encode(&rgb, side(raster.width()), side(raster.height()), ColorType::Rgb).unwrap();
    bytes
}

/// Signal-to-noise ratio of what comes back, in dB, after the best gain.
fn snr_db(picture: Input, drawn: &Drawn) -> f64 {
    let recipe =
        Recipe { transform: TransformRecipe { sr: Some(f64::from(RATE_HZ)), ..recipe().transform }, ..recipe() };
    let options = RecoverOptions { input: picture, phase: drawn.phase_input(), recipe, ..RecoverOptions::default() };
    let result = recover(&options, |_| ControlFlow::Continue(())).unwrap();
    let (truth, found) = (sound().mixed_to_mono(), result.sound.mixed_to_mono());
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let share = product(&truth, &found).powi(2) / product(&truth, &truth) / product(&found, &found);
    10.0 * (share / (1.0 - share)).log10()
}

#[test]
fn what_the_file_kept_is_read() {
    let drawn = drawn("magma", (2, 3));
    for (sampling, shares) in
        [(SamplingFactor::R_4_2_0, (2, 2)), (SamplingFactor::R_4_2_2, (2, 1)), (SamplingFactor::R_4_4_4, (1, 1))]
    {
        let bytes = encoded(&drawn.raster, 90, sampling);
        let picture = decode_picture(Path::new("x"), &bytes, PictureReadOptions::default()).unwrap();
        let kept = picture.jpeg.unwrap();
        let found: Vec<(usize, usize)> = kept.channels.iter().map(|channel| channel.pixels_per_sample).collect();
        assert_eq!(found, [(1, 1), shares, shares]);
        // ITU-T T.81, table K.1 at quality 90, by libjpeg's rule.
        assert_eq!(kept.channels[0].steps[..8], [3, 2, 2, 3, 5, 8, 10, 12]);
        assert_eq!(kept.channels[0].samples.len(), picture.width * picture.height);
    }
}

fn seen(picture: DecodedPicture) -> Input {
    Input::Pixels { name: "the picture".to_owned(), picture }
}

#[test]
fn a_jpeg_gives_nearly_the_sound_of_its_png() {
    let drawn = drawn("magma", (2, 4));
    let png = snr_db(seen(DecodedPicture::from_raster(&drawn.raster)), &drawn);
    let bytes = encoded(&drawn.raster, 90, SamplingFactor::R_4_2_0);
    let found = snr_db(Input::Bytes { name: "the picture".to_owned(), bytes }, &drawn);
    assert!(found > png - 0.5, "{found:.2} dB as JPEG, {png:.2} dB as PNG");
}

/// This encoder shares chroma by leaving samples out, which cells of three pixels show.
#[test]
fn where_chroma_is_not_as_usual_luma_tells() {
    let drawn = drawn("viridis", (3, 3));
    let png = snr_db(seen(DecodedPicture::from_raster(&drawn.raster)), &drawn);
    let bytes = encoded(&drawn.raster, 90, SamplingFactor::R_4_2_0);
    let pixels = decode_picture(Path::new("x"), &bytes, PictureReadOptions::default()).unwrap();
    let blind = snr_db(seen(DecodedPicture { jpeg: None, ..pixels }), &drawn);
    let found = snr_db(Input::Bytes { name: "the picture".to_owned(), bytes }, &drawn);
    assert!(
        png - found < 0.5 * (png - blind),
        "{found:.2} dB as JPEG, {blind:.2} dB of its pixels, {png:.2} dB as PNG"
    );
}
