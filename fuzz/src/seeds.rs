//! The inputs to start from: made by code here, or the fixtures that `crates/files/tests/fixtures/make.py` makes.

use num_complex::Complex;
use photophone::files::encode_raster;
use photophone::spectrum::Plane;
use photophone::{BitDepth, DrawOptions, Drawn, Recipe, TransformRecipe, draw_coefficients};
use std::path::Path;

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        vec![$(include_bytes!(concat!("../../crates/files/tests/fixtures/", $name)).to_vec()),*]
    };
}

/// Rows and frames of the matrix drawn.
pub(crate) const SHAPE: (usize, usize) = (12, 9);

/// Coefficients with levels all over their range.
pub(crate) fn coefficients(rows: usize, frames: usize) -> Plane<Complex<f64>> {
    Plane::from_fn(rows, frames, |row, frame| {
        let place = (row * frames + frame) as f64;
        Complex::from_polar((0.7 * place).sin().abs().powi(3) + 1e-4, 2.4 * place)
    })
}

/// A drawn picture with its recipe.
pub(crate) fn drawn(bits: BitDepth, cell_width_px: usize, cell_height_px: usize) -> Drawn {
    let recipe = Recipe::from(TransformRecipe { hop: Some(512), sr: Some(22050.0), ..TransformRecipe::default() });
    let options = DrawOptions { recipe, bits, cell_width_px, cell_height_px, ..DrawOptions::default() };
    draw_coefficients(&coefficients(SHAPE.0, SHAPE.1), &options).expect("the seed is drawn")
}

/// Pictures of every colour type: drawn ones, a figure, a palette of one bit, and a text of each kind.
pub(crate) fn png() -> Vec<Vec<u8>> {
    let mut seeds = fixtures!["figure.png", "animated.png"];
    let pictures = [drawn(BitDepth::Eight, 2, 4), drawn(BitDepth::Sixteen, 1, 1), drawn(BitDepth::Eight, 7, 3)];
    seeds.extend(pictures.iter().map(|drawn| drawn.to_png().expect("the seed is written")));
    let texts = [("photophone", "{\"hop\":512,\"sr\":22050.0}"), ("Software", "a program")];
    let texts = texts.map(|(key, text)| (key.to_owned(), text.to_owned()));
    seeds.push(encode_raster(Path::new("seed"), &pictures[0].raster, &texts).expect("the seed is written"));
    seeds.push(indexed());
    seeds
}

/// Two colours, one bit a pixel, transparency, a gamma and packed texts.
fn indexed() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 24, 9);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette(vec![0, 0, 0, 255, 255, 255]);
    encoder.set_trns(vec![255, 128]);
    encoder.add_ztxt_chunk("Comment".to_owned(), "{}".repeat(9)).expect("a text");
    encoder.add_text_chunk("photophone".to_owned(), "{\"bins\": 9}".to_owned()).expect("a text");
    let pixels: Vec<u8> = (0..27).map(|i: u8| i.wrapping_mul(37)).collect();
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an end");
    bytes
}

pub(crate) fn jpeg() -> Vec<Vec<u8>> {
    fixtures!["rgb.jpg", "gray.jpg", "progressive.jpg", "cmyk.jpg"]
}

pub(crate) fn npy() -> Vec<Vec<u8>> {
    fixtures!["c8.npy", "c16_fortran_big.npy", "f2.npy", "leading.npy", "objects.npy", "record.npy"]
}

pub(crate) fn npz() -> Vec<Vec<u8>> {
    fixtures!["one.npz", "several.npz"]
}

pub(crate) fn mat() -> Vec<Vec<u8>> {
    fixtures!["complex.mat", "packed.mat", "integers.mat", "level4.mat"]
}

/// Phases of the drawn picture, as `.npy`: unit phasors, coefficients and angles.
pub(crate) fn phase() -> Vec<Vec<u8>> {
    let cells = coefficients(SHAPE.0, SHAPE.1);
    let complex = |number: &dyn Fn(Complex<f64>) -> Complex<f64>| {
        let data = cells.as_slice().iter().map(|&z| number(z)).flat_map(|z| [z.re as f32, z.im as f32]);
        npy_file("<c8", SHAPE, &data.flat_map(f32::to_le_bytes).collect::<Vec<u8>>())
    };
    let angles: Vec<u8> = cells.as_slice().iter().flat_map(|z| z.arg().to_le_bytes()).collect();
    vec![complex(&|z| z / z.norm()), complex(&|z| z), npy_file("<f8", SHAPE, &angles)]
}

/// A version 1.0 `.npy` file.
pub(crate) fn npy_file(descr: &str, (rows, columns): (usize, usize), data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let header = format!("{header:<117}\n");
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// RIFF files of each coding: 16 and 24 bits, floats, A-law; and one in extensible form.
pub(crate) fn wav() -> Vec<Vec<u8>> {
    let samples: Vec<u8> = (0..960_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let floats: Vec<u8> = (0..240).flat_map(|i| (0.01 * i as f32).sin().to_le_bytes()).collect();
    [(1, 1, 16, &samples), (1, 2, 24, &samples), (3, 1, 32, &floats), (6, 1, 8, &samples), (0xfffe, 2, 16, &samples)]
        .map(|(format, channels, bits, data)| riff(format, channels, bits, data))
        .to_vec()
}

fn riff(format: u16, channels: u16, bits: u16, data: &[u8]) -> Vec<u8> {
    let align = channels * bits / 8;
    let mut head = Vec::new();
    head.extend([format, channels].iter().flat_map(|number| number.to_le_bytes()));
    head.extend([8000, 8000 * u32::from(align)].iter().flat_map(|number| number.to_le_bytes()));
    head.extend([align, bits].iter().flat_map(|number| number.to_le_bytes()));
    if format == 0xfffe {
        head.extend([22, bits].iter().flat_map(|number| number.to_le_bytes()));
        head.extend(3u32.to_le_bytes());
        head.extend([1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
    }
    let sized = |name: &[u8], data: &[u8]| [name, &(data.len() as u32).to_le_bytes(), data].concat();
    let body =
        [b"WAVE", &sized(b"fmt ", &head)[..], &sized(b"LIST", b"INFOISFT\x04\0\0\0abc\0"), &sized(b"data", data)]
            .concat();
    sized(b"RIFF", &body)
}

pub(crate) fn flac() -> Vec<Vec<u8>> {
    fixtures!["tone.flac"]
}

pub(crate) fn ogg() -> Vec<Vec<u8>> {
    fixtures!["tone.ogg", "tone_opus.ogg"]
}

pub(crate) fn mp3() -> Vec<Vec<u8>> {
    fixtures!["tone.mp3"]
}

pub(crate) fn mp4() -> Vec<Vec<u8>> {
    fixtures!["aac.m4a", "alac.m4a", "tone.aac"]
}

pub(crate) fn aiff_and_caf() -> Vec<Vec<u8>> {
    fixtures!["tone.aiff", "alac.caf", "tone.rf64"]
}

pub(crate) fn toml() -> Vec<Vec<u8>> {
    let all = "sr = 44100\nsample-rate = 44100\nhop = 512\nbins = 84\nbins-per-octave = 12\nfmin = \"C1\"\n\
         tuning = \"auto\"\ngamma = \"erb\"\nfilter-scale = 1.0\nwindow = \"kaiser:8.6\"\nnorm = \"2\"\nsparsity = 0.01\n\
         scale = true\npad-mode = \"reflect\"\nres-type = \"soxr_hq\"\nlibrosa = \"0.11\"\nlength = 1000\n\
         levels = \"db:-80:0\"\nreference = 1.5\npalette = \"magma_r\"\nframes = 9\ncell-width = 2\ncell-height = 4\n\
         phase = \"a.npy\"\ninverse = \"linear\"\n";
    vec![all.as_bytes().to_vec(), b"fmin = 1e-3\n[a]\nb = [[1], {c = 2}]\n".to_vec()]
}

pub(crate) fn json() -> Vec<Vec<u8>> {
    let drawn = serde_json::to_vec(&drawn(BitDepth::Eight, 2, 4).recipe).expect("the seed is written");
    let all =
        br#"{"gamma": "erb", "window": "tukey:0.5", "norm": "inf", "tuning": -0.3, "levels": "power", "fmin": "A#3"}"#;
    vec![drawn, all.to_vec()]
}
