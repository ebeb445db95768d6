//! PNG out, with the png crate.

use std::io::Write;
use std::path::Path;

use photophone_picture::Raster;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};

use crate::FileError;
use crate::write_beside_then_rename;

/// Encodes a raster as a PNG: 16-bit gray where it has 16 bits, else 8-bit RGB when all pixels are opaque, else RGBA.
///
/// Texts become chunks ahead of the pixels: tEXt, which more programs keep, where all are ASCII, else iTXt. Keywords have 1 to 79 Latin-1 characters. The same input gives
/// the same bytes: no time or name of a program is added.
///
/// # Errors
/// [`FileError::Content`] when a keyword is not allowed or PNG cannot hold the size. `path` is for messages.
pub fn encode_raster(path: &Path, raster: &Raster, text: &[(String, String)]) -> Result<Vec<u8>, FileError> {
    let refused = |error: EncodingError| {
        let advice = "check the picture's size and the names of its texts";
        FileError::content(path, error.to_string(), "a picture that PNG can hold", advice)
    };
    let side = |length: usize| {
        let found = format!("{length} pixels along a side");
        let fits = u32::try_from(length).ok();
        fits.ok_or_else(|| {
            FileError::content(path, found, "a picture that PNG can hold", "draw fewer or smaller cells")
        })
    };
    let (color, depth, samples) = samples(raster);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, side(raster.width())?, side(raster.height())?);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_compression(Compression::Balanced);
    let is_plain = text.iter().all(|(_, value)| value.is_ascii());
    for (keyword, value) in text {
        let (keyword, value) = (keyword.clone(), value.clone());
        let added =
            if is_plain { encoder.add_text_chunk(keyword, value) } else { encoder.add_itxt_chunk(keyword, value) };
        added.map_err(refused)?;
    }
    let mut writer = encoder.write_header().map_err(refused)?;
    writer.write_image_data(&samples).map_err(refused)?;
    writer.finish().map_err(refused)?;
    Ok(bytes)
}

/// What PNG stores of a raster.
fn samples(raster: &Raster) -> (ColorType, BitDepth, Vec<u8>) {
    let opaque = raster.pixels().iter().all(|pixel| pixel[3] == 255);
    if let Some(gray16) = raster.gray16().filter(|_| opaque) {
        let samples = gray16.iter().flat_map(|sample| sample.to_be_bytes()).collect();
        return (ColorType::Grayscale, BitDepth::Sixteen, samples);
    }
    let (color, channels) = if opaque { (ColorType::Rgb, 3) } else { (ColorType::Rgba, 4) };
    let samples = raster.pixels().iter().flat_map(|pixel| pixel[..channels].iter().copied()).collect();
    (color, BitDepth::Eight, samples)
}

/// Writes a raster as a PNG, all or nothing; see [`encode_raster`].
///
/// # Errors
/// As [`encode_raster`] and [`write_beside_then_rename`].
pub fn write_raster(
    path: &Path,
    raster: &Raster,
    text: &[(String, String)],
    inputs: &[&Path],
) -> Result<(), FileError> {
    let bytes = encode_raster(path, raster, text)?;
    write_beside_then_rename(path, inputs, |writer| writer.write_all(&bytes).map_err(FileError::writing(path)))
}
