//! Gray pictures out as PNG, with chunks of one's own behind the pixels.

use std::io::Write;
use std::path::Path;

use png::chunk::ChunkType;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Info};

use super::exif_write::user_comment;
use crate::FileError;

/// Samples of a gray picture, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraySamples {
    /// 8 bits each.
    Eight(Vec<u8>),
    /// 16 bits each.
    Sixteen(Vec<u16>),
}

/// A gray picture and what goes into its file.
#[derive(Clone, Debug)]
pub struct GrayPng<'a> {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// As many samples as these.
    pub samples: &'a GraySamples,
    /// Keywords and ASCII texts, ahead of the pixels as tEXt.
    pub text: &'a [(String, String)],
    /// An ASCII text as EXIF's `UserComment`, ahead of the pixels.
    pub exif_comment: Option<&'a str>,
    /// Types and data of chunks behind the pixels.
    pub behind: &'a [([u8; 4], Vec<u8>)],
}

impl GraySamples {
    /// The samples' bytes as a PNG has them: the high byte first.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Eight(samples) => samples.clone(),
            Self::Sixteen(samples) => samples.iter().flat_map(|sample| sample.to_be_bytes()).collect(),
        }
    }
}

/// Encodes a gray picture. The same input gives the same bytes.
///
/// # Errors
/// [`FileError::Content`] when PNG cannot hold it; [`FileError::Write`]. `path` is for messages.
pub fn encode_gray(path: &Path, picture: &GrayPng<'_>, writer: &mut impl Write) -> Result<(), FileError> {
    let refused = |error: EncodingError| match error {
        EncodingError::IoError(error) => FileError::writing(path)(error),
        other => {
            let advice = "check the picture's size and the names of its texts";
            FileError::content(path, other.to_string(), "a picture that PNG can hold", advice)
        }
    };
    let side = |length: usize| {
        let found = format!("{length} pixels along a side");
        let advice = "draw a shorter sound, or with a longer hop";
        u32::try_from(length).map_err(|_| FileError::content(path, found, "a picture that PNG can hold", advice))
    };
    let mut info = Info::with_size(side(picture.width)?, side(picture.height)?);
    info.color_type = ColorType::Grayscale;
    info.bit_depth = match picture.samples {
        GraySamples::Eight(_) => BitDepth::Eight,
        GraySamples::Sixteen(_) => BitDepth::Sixteen,
    };
    info.exif_metadata = picture.exif_comment.map(|text| user_comment(text).into());
    let mut encoder = Encoder::with_info(&mut *writer, info).map_err(refused)?;
    encoder.set_compression(Compression::Balanced);
    for (keyword, value) in picture.text {
        encoder.add_text_chunk(keyword.clone(), value.clone()).map_err(refused)?;
    }
    let mut png = encoder.write_header().map_err(refused)?;
    match picture.samples {
        GraySamples::Eight(samples) => png.write_image_data(samples),
        GraySamples::Sixteen(_) => png.write_image_data(&picture.samples.to_bytes()),
    }
    .map_err(refused)?;
    for (kind, data) in picture.behind {
        png.write_chunk(ChunkType(*kind), data).map_err(refused)?;
    }
    png.finish().map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PictureReadOptions, decode_picture, png_chunks};

    #[test]
    fn pixels_texts_and_chunks_come_back() {
        let path = Path::new("a.png");
        let text = [("photophone".to_owned(), "{}".to_owned())];
        let behind = [(*b"phSd", vec![1, 2, 3]), (*b"phSd", vec![4; 9])];
        let values: Vec<u16> = (0..12).map(|i| i * 5000).collect();
        for samples in
            [GraySamples::Sixteen(values.clone()), GraySamples::Eight(values.iter().map(|v| (v >> 8) as u8).collect())]
        {
            let png = GrayPng {
                width: 4,
                height: 3,
                samples: &samples,
                text: &text,
                exif_comment: Some("{1}"),
                behind: &behind,
            };
            let mut bytes = Vec::new();
            encode_gray(path, &png, &mut bytes).unwrap();
            let picture = decode_picture(path, &bytes, PictureReadOptions::default()).unwrap();
            let high: Vec<u8> = picture.rgba.iter().map(|pixel| pixel[0]).collect();
            assert_eq!(high, values.iter().map(|v| (v >> 8) as u8).collect::<Vec<_>>());
            assert_eq!(picture.gray16.is_some(), matches!(samples, GraySamples::Sixteen(_)));
            assert!(picture.gray16.is_none_or(|deep| deep == values));
            assert_eq!(picture.text[0], text[0]);
            assert_eq!(picture.text[1], ("UserComment".to_owned(), "{1}".to_owned()));
            let chunks = png_chunks(&bytes).unwrap();
            let kinds: Vec<_> = chunks.chunks.iter().map(|chunk| chunk.kind).collect();
            assert!(chunks.is_ended && kinds.ends_with(&[*b"IDAT", *b"phSd", *b"phSd", *b"IEND"]), "{kinds:?}");
        }
    }
}
