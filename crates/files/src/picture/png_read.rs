//! PNG in, with the png crate.

use std::io::{Cursor, ErrorKind};
use std::path::Path;

use png::{BitDepth, ColorType, Decoder, DecodingError, Info, Limits, Transformations, Unit};

use super::decoder_words::plain;
use super::exif::{Exif, upright};
use super::{DecodedPicture, PictureFormat, check_pixels};
use crate::FileError;

const WHOLE: &str = "a whole PNG picture";

/// Longest text unpacked from one chunk.
const MAX_TEXT_BYTES: usize = 1 << 20;
/// Most text chunks of a kind looked at.
const MAX_TEXTS: usize = 64;
/// Inches in a metre, as pHYs counts in pixels a metre.
const METRES_PER_INCH: f64 = 0.0254;

pub(super) fn decode(path: &Path, bytes: &[u8], max_pixels: usize) -> Result<DecodedPicture, FileError> {
    let damaged = |error: DecodingError| damaged(path, &error);
    // The png crate counts rows and metadata against this, not the picture itself.
    let limits = Limits { bytes: (1 << 26) + max_pixels.saturating_mul(8) };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    // A colour profile can unpack to a thousand times its size, and is not looked at.
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width as usize, header.height as usize);
    check_pixels(path, width, height, max_pixels)?;
    let deep = header.bit_depth == BitDepth::Sixteen
        && matches!(header.color_type, ColorType::Grayscale | ColorType::GrayscaleAlpha);
    let depth = if deep { Transformations::IDENTITY } else { Transformations::STRIP_16 };
    decoder.set_transformations(Transformations::EXPAND | depth);
    let mut reader = decoder.read_info().map_err(damaged)?;
    if let Some(animation) = reader.info().animation_control() {
        return Err(FileError::Unsupported {
            path: path.to_owned(),
            found: format!("an animated PNG of {} frames", animation.num_frames),
            expected: "a still picture",
            advice: "save the one frame that is meant as a PNG of its own",
        });
    }
    let size = reader.output_buffer_size().ok_or_else(|| damaged(DecodingError::LimitsExceeded))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
    pixels.truncate(frame.buffer_size());
    // Text may follow the pixels; a file cut right after them still has all pixels.
    let rest = reader.finish();
    if let Err(error) = rest {
        return Err(damaged(error));
    }
    let info = reader.info();
    let exif = Exif::from_bytes(info.exif_metadata.as_deref());
    let (mut text, dpi) = (texts(info), dpi(info));
    text.extend(exif.text);
    let channels = frame.color_type.samples();
    let gray16 = deep.then(|| {
        let samples = pixels.as_chunks::<2>().0.iter().step_by(channels);
        samples.map(|&sample| u16::from_be_bytes(sample)).collect()
    });
    if deep {
        pixels = pixels.into_iter().step_by(2).collect();
    }
    let rgba = rgba_from_samples(&pixels, frame.color_type);
    let format = PictureFormat::Png;
    let picture = DecodedPicture { width, height, rgba, gray16, jpeg: None, text, dpi, format, orientation: 1 };
    Ok(upright(picture, exif.orientation))
}

fn rgba_from_samples(samples: &[u8], color_type: ColorType) -> Vec<[u8; 4]> {
    match color_type {
        ColorType::Rgba => samples.as_chunks::<4>().0.to_vec(),
        ColorType::Rgb => samples.as_chunks::<3>().0.iter().map(|&[r, g, b]| [r, g, b, 255]).collect(),
        ColorType::GrayscaleAlpha => samples.as_chunks::<2>().0.iter().map(|&[v, a]| [v, v, v, a]).collect(),
        // EXPAND leaves no palette.
        ColorType::Grayscale | ColorType::Indexed => samples.iter().map(|&v| [v, v, v, 255]).collect(),
    }
}

/// Keywords and texts; a text that cannot be unpacked within the limit is left out. Only so many are tried: unpacking one
/// up to the limit takes a millisecond.
fn texts(info: &Info<'_>) -> Vec<(String, String)> {
    let plain = info.uncompressed_latin1_text.iter().map(|chunk| (chunk.keyword.clone(), chunk.text.clone()));
    let packed = info.compressed_latin1_text.iter().take(MAX_TEXTS).filter_map(|chunk| {
        let mut chunk = chunk.clone();
        chunk.decompress_text_with_limit(MAX_TEXT_BYTES).ok()?;
        Some((chunk.keyword.clone(), chunk.get_text().ok()?))
    });
    let international = info.utf8_text.iter().take(MAX_TEXTS).filter_map(|chunk| {
        let mut chunk = chunk.clone();
        chunk.decompress_text_with_limit(MAX_TEXT_BYTES).ok()?;
        Some((chunk.keyword.clone(), chunk.get_text().ok()?))
    });
    plain.chain(packed).chain(international).take(MAX_TEXTS).collect()
}

fn dpi(info: &Info<'_>) -> Option<f64> {
    let density = info.pixel_dims?;
    let known = density.unit == Unit::Meter && density.xppu == density.yppu && density.xppu > 0;
    known.then(|| f64::from(density.xppu) * METRES_PER_INCH)
}

fn damaged(path: &Path, error: &DecodingError) -> FileError {
    let found = match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        other => plain(&other.to_string()),
    };
    FileError::damaged(path, found, WHOLE)
}
