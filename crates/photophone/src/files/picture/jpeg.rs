//! JPEG in, with zune-jpeg.

use std::io::Cursor;
use std::path::Path;

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{DecodedPicture, PictureFormat, check_pixels};
use crate::Error;

const WHOLE: &str = "a whole JPEG picture";

/// Widest and highest picture that JPEG can hold (ITU-T T.81, B.2.2).
const MAX_SIDE: usize = 65535;

pub(super) fn decode(path: &Path, bytes: &[u8], max_pixels: usize) -> Result<DecodedPicture, Error> {
    let damaged = |error: DecodeErrors| Error::damaged(path, error.to_string(), WHOLE);
    // In its strict mode the decoder refuses missing data and does not fill it with grey.
    let settings = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGBA);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), settings);
    decoder.decode_headers().map_err(damaged)?;
    let info = decoder.info().ok_or_else(|| Error::damaged(path, "it has no frame header", WHOLE))?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    check_pixels(path, width, height, max_pixels)?;
    let samples = decoder.decode().map_err(damaged)?;
    let rgba = samples.as_chunks::<4>().0.to_vec();
    if rgba.len() != width * height {
        return Err(Error::damaged(path, format!("it decodes to {} of {} pixels", rgba.len(), width * height), WHOLE));
    }
    let dpi = dpi(info.pixel_density, info.x_density, info.y_density);
    Ok(DecodedPicture { width, height, rgba, text: Vec::new(), dpi, format: PictureFormat::Jpeg })
}

/// JFIF's density (ISO/IEC 10918-5): unit 1 is dots an inch, unit 2 dots a centimetre.
fn dpi(unit: u8, x: u16, y: u16) -> Option<f64> {
    let per_inch = match unit {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    (x == y && x > 0).then(|| f64::from(x) * per_inch)
}
