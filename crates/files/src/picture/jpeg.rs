//! JPEG in, with zune-jpeg.

use std::io::Cursor;
use std::path::Path;

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::COMMENT_KEY;
use super::decoder_words::plain;
use super::exif::{Exif, upright};
use super::jpeg_kept::kept;
use super::jpeg_segments::segments;
use super::{DecodedPicture, PictureFormat, check_pixels};
use crate::FileError;

const WHOLE: &str = "a whole JPEG picture";

/// Widest and highest picture that JPEG can hold (ITU-T T.81, B.2.2).
const MAX_SIDE: usize = 65535;

/// Most comments kept.
const MAX_COMMENTS: usize = 16;

pub(super) fn decode(path: &Path, bytes: &[u8], max_pixels: usize) -> Result<DecodedPicture, FileError> {
    let damaged = |error: DecodeErrors| FileError::damaged(path, plain(&error.to_string()), WHOLE);
    // In its strict mode the decoder refuses malformed data; missing data it fills with grey (see `ends`).
    let settings = DecoderOptions::default().set_strict_mode(true).set_max_width(MAX_SIDE).set_max_height(MAX_SIDE);
    let to_pixels = settings.jpeg_set_out_colorspace(ColorSpace::RGBA);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), to_pixels);
    decoder.decode_headers().map_err(damaged)?;
    let info = decoder.info().ok_or_else(|| FileError::damaged(path, "it has no frame header", WHOLE))?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    if info.components == 4 {
        return Err(FileError::Unsupported {
            path: path.to_owned(),
            found: "a JPEG picture in printing colours (CMYK)".to_owned(),
            expected: "gray or colour as a screen shows it",
            advice: "convert the picture to PNG",
        });
    }
    check_pixels(path, width, height, max_pixels)?;
    if !ends(bytes) {
        return Err(FileError::damaged(path, "it ends before its end marker", WHOLE));
    }
    let samples = decoder.decode().map_err(damaged)?;
    let rgba = samples.as_chunks::<4>().0.to_vec();
    if rgba.len() != width * height {
        return Err(FileError::damaged(
            path,
            format!("it decodes to {} of {} pixels", rgba.len(), width * height),
            WHOLE,
        ));
    }
    let exif = Exif::from_bytes(decoder.exif().map(Vec::as_slice));
    let comments = comments(bytes).into_iter().map(|comment| (COMMENT_KEY.to_owned(), comment));
    let text = comments.chain(exif.text).collect();
    let (dpi, format) = (dpi(bytes), PictureFormat::Jpeg);
    let jpeg = kept(bytes, settings);
    let picture = DecodedPicture { width, height, rgba, gray16: None, jpeg, text, dpi, format, orientation: 1 };
    Ok(upright(picture, exif.orientation))
}

/// The comments (COM segments; ITU-T T.81, B.2.4.5), which zune-jpeg skips.
fn comments(bytes: &[u8]) -> Vec<String> {
    let comment = |(_, content): (u8, &[u8])| String::from_utf8_lossy(content).trim_end_matches('\0').to_owned();
    segments(bytes).filter(|(marker, _)| *marker == 0xfe).take(MAX_COMMENTS).map(comment).collect()
}

/// Whether an end marker (ff d9) follows the last start of scan (ff da); in the data between them ff
/// is always followed by 00 (ITU-T T.81, B.1.1.5).
fn ends(bytes: &[u8]) -> bool {
    let scan = bytes.windows(2).rposition(|pair| pair == [0xff, 0xda]).unwrap_or(0);
    bytes[scan..].windows(2).any(|pair| pair == [0xff, 0xd9])
}

/// The density of a JFIF segment (ISO/IEC 10918-5), which comes first and which zune-jpeg 0.5 skips: unit 1 is
/// dots an inch, unit 2 dots a centimetre.
fn dpi(bytes: &[u8]) -> Option<f64> {
    let &[0xff, 0xd8, 0xff, 0xe0, _, _, b'J', b'F', b'I', b'F', 0, _, _, unit, x0, x1, y0, y1, ..] = bytes else {
        return None;
    };
    let (x, y) = (u16::from_be_bytes([x0, x1]), u16::from_be_bytes([y0, y1]));
    let per_inch = match unit {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    (x == y && x > 0).then(|| f64::from(x) * per_inch)
}
