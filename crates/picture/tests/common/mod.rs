//! Shared by the integration tests: the gallery's files and the levels that were drawn in it.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests: a failed unwrap is a failed test")]

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use photophone_picture::Raster;
use photophone_spectrum::Plane;

/// The gallery folder, or `None` with a note when this machine has none.
pub(crate) fn gallery() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/gallery");
    let folder = std::env::var_os("PHOTOPHONE_GALLERY").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: gallery not found");
    None
}

/// Decodes a PNG to straight RGBA.
pub(crate) fn raster_from_png(path: &Path) -> Raster {
    let mut decoder = png::Decoder::new(BufReader::new(File::open(path).unwrap()));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let channels = info.color_type.samples();
    let pixels = bytes[..info.buffer_size()].chunks_exact(channels).map(|p| match *p {
        [v] => [v, v, v, 255],
        [v, a] => [v, v, v, a],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, a] => [r, g, b, a],
        _ => unreachable!("png has 1 to 4 channels"),
    });
    Raster::from_pixels(info.width as usize, info.height as usize, pixels.collect()).unwrap()
}

/// Decodes a JPEG.
pub(crate) fn raster_from_jpeg(path: &Path) -> Raster {
    let mut bytes = Vec::new();
    File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
    let options = zune_jpeg::zune_core::options::DecoderOptions::default()
        .jpeg_set_out_colorspace(zune_jpeg::zune_core::colorspace::ColorSpace::RGB);
    let mut decoder =
        zune_jpeg::JpegDecoder::new_with_options(zune_jpeg::zune_core::bytestream::ZCursor::new(&bytes), options);
    let rgb = decoder.decode().unwrap();
    let (width, height) = decoder.dimensions().unwrap();
    let pixels = rgb.chunks_exact(3).map(|p| [p[0], p[1], p[2], 255]).collect();
    Raster::from_pixels(width, height, pixels).unwrap()
}

/// Magnitudes of a complex .npy matrix, in f32 as NumPy has them.
pub(crate) fn magnitudes_from_npy(path: &Path) -> Plane<f32> {
    let file = npyz::NpyFile::new(BufReader::new(File::open(path).unwrap())).unwrap();
    let (rows, columns) = (file.shape()[0] as usize, file.shape()[1] as usize);
    let order = file.order();
    let values: Vec<num_complex::Complex<f32>> = file.into_vec().unwrap();
    let magnitude = |r: usize, c: usize| match order {
        npyz::Order::C => values[r * columns + c].norm(),
        npyz::Order::Fortran => values[c * rows + r].norm(),
    };
    Plane::from_fn(rows, columns, magnitude)
}

/// `librosa.amplitude_to_db(magnitudes, ref=np.max, top_db=80)`: amin 1e-5, powers.
pub(crate) fn decibels(magnitudes: &Plane<f32>) -> Plane<f32> {
    let peak = magnitudes.as_slice().iter().copied().fold(0.0, f32::max);
    let db = |power: f32| 10.0 * power.max(1e-10).log10();
    let reference = db(peak * peak);
    let relative = magnitudes.map(|&m| db(m * m) - reference);
    let top = relative.as_slice().iter().copied().fold(f32::NEG_INFINITY, f32::max);
    relative.map(|&level| level.max(top - 80.0))
}

/// Where in 0..256 palette entries matplotlib draws each value: scaled to the data's own range.
pub(crate) fn drawn_places(values: &Plane<f32>) -> Plane<f64> {
    let low = values.as_slice().iter().copied().fold(f32::INFINITY, f32::min);
    let high = values.as_slice().iter().copied().fold(f32::NEG_INFINITY, f32::max);
    values.map(|&v| f64::from((v - low) / (high - low) * 256.0))
}
