//! PNG out, with the png crate.

use std::io::Write;
use std::path::Path;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};

use crate::Error;
use crate::files::write_beside_then_rename;

/// Encodes pixels (row by row from the top, straight alpha) as an 8-bit PNG: RGB when all are opaque, else RGBA.
///
/// Texts become iTXt chunks ahead of the pixels; keywords have 1 to 79 Latin-1 characters. The same input gives
/// the same bytes: no time or name of a program is added.
///
/// # Errors
/// [`Error::Content`] when the pixels do not fill `width * height` or a keyword is not allowed. `path` is for messages.
pub fn encode_png(
    path: &Path,
    width: usize,
    height: usize,
    rgba: &[[u8; 4]],
    text: &[(String, String)],
) -> Result<Vec<u8>, Error> {
    let refused = |error: EncodingError| {
        let advice = "check the picture's size and the names of its texts";
        Error::content(path, error.to_string(), "a picture that PNG can hold", advice)
    };
    let side = |length: usize| u32::try_from(length).ok().filter(|_| width.checked_mul(height) == Some(rgba.len()));
    let (Some(columns), Some(rows)) = (side(width), side(height)) else {
        let found = format!("{} pixels for a picture of {width} x {height}", rgba.len());
        return Err(Error::content(
            path,
            found,
            "a pixel for each place",
            "report this with the command that led to it",
        ));
    };
    let opaque = rgba.iter().all(|pixel| pixel[3] == 255);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, columns, rows);
    encoder.set_color(if opaque { ColorType::Rgb } else { ColorType::Rgba });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    for (keyword, value) in text {
        encoder.add_itxt_chunk(keyword.clone(), value.clone()).map_err(refused)?;
    }
    let mut writer = encoder.write_header().map_err(refused)?;
    let channels = if opaque { 3 } else { 4 };
    let samples: Vec<u8> = rgba.iter().flat_map(|pixel| pixel[..channels].iter().copied()).collect();
    writer.write_image_data(&samples).map_err(refused)?;
    writer.finish().map_err(refused)?;
    Ok(bytes)
}

/// Writes pixels as a PNG, all or nothing; see [`encode_png`].
///
/// # Errors
/// As [`encode_png`] and [`write_beside_then_rename`].
pub fn write_png(
    path: &Path,
    (width, height): (usize, usize),
    rgba: &[[u8; 4]],
    text: &[(String, String)],
    inputs: &[&Path],
) -> Result<(), Error> {
    let bytes = encode_png(path, width, height, rgba, text)?;
    write_beside_then_rename(path, inputs, |writer| writer.write_all(&bytes).map_err(Error::writing(path)))
}
