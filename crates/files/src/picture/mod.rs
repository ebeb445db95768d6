//! Pictures: PNG and JPEG in, PNG out.

mod chunks;
mod decoder_words;
mod exif;
mod exif_write;
mod gray_write;
mod jpeg;
mod jpeg_kept;
mod jpeg_segments;
mod png_read;
mod png_write;

use std::path::Path;

pub use chunks::{PngChunk, PngChunks, png_chunks};
pub use gray_write::{GrayPng, GraySamples, encode_gray};
use photophone_picture::{Jpeg, Raster};
pub use png_write::{encode_raster, write_raster};

use crate::FileError;
use crate::{FileGroup, FileKind, guarded, read_known_file, wrong_kind};

/// Keyword of the text that programs keep when they change nothing else: a PNG's tEXt (PNG 3, 11.3.3.2), and what a
/// JPEG's comment (COM) is read as.
pub const COMMENT_KEY: &str = "Comment";

const EXPECTED: &str = "a PNG or JPEG picture";
const RAISE: &str = "crop the picture, or raise the limit with `max-pixels`";

/// Limits on what is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PictureReadOptions {
    /// Most pixels decoded; checked in the header, before memory is taken. Default: 0, which stands for 8.4 million and
    /// 256 for each byte of the file, at most 100 million. Reading takes some 10 bytes a pixel.
    pub max_pixels: usize,
}

/// Pixels that a picture of any file size may have: 2^23, 4096 x 2048, which are read in about a second.
const BASE_PIXELS: usize = 1 << 23;

/// Pixels for each byte of the file. A pixel of a spectrogram's cells takes a hundredth of a byte where cells are large;
/// nothing but empty pictures takes less than a 256th.
const PIXELS_A_BYTE: usize = 256;

/// Most pixels unless told otherwise.
const MOST_PIXELS: usize = 100_000_000;

impl PictureReadOptions {
    /// Most pixels of a file of so many bytes.
    fn max_pixels_of(self, bytes: usize) -> usize {
        match self.max_pixels {
            0 => bytes.saturating_mul(PIXELS_A_BYTE).saturating_add(BASE_PIXELS).min(MOST_PIXELS),
            told => told,
        }
    }
}

/// The format a picture was stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// Lossless: pixels are what was drawn.
    Png,
    /// Lossy: pixels are near what was drawn.
    Jpeg,
    /// No file: pixels in memory.
    Pixels,
}

/// A decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedPicture {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Pixels row by row from the top, straight alpha; 16-bit samples keep their high byte.
    pub rgba: Vec<[u8; 4]>,
    /// All 16 bits of a gray picture that has them, in the same order.
    pub gray16: Option<Vec<u16>>,
    /// What a JPEG file kept of its channels, if the pixels lie as they were stored.
    pub jpeg: Option<Jpeg>,
    /// Keywords and texts, in file order (PNG's tEXt, zTXt and iTXt; a JPEG's comments as `Comment`), then EXIF's
    /// `ImageDescription` and `UserComment`: `Software` is where Matplotlib signs.
    pub text: Vec<(String, String)>,
    /// Resolution in dots an inch, if the file says and it is the same both ways.
    pub dpi: Option<f64>,
    /// What it was stored as.
    pub format: PictureFormat,
    /// How EXIF said that the stored pixels lie, 1 to 8; the pixels here are as they are seen. 1 where it said nothing.
    pub orientation: u8,
}

impl DecodedPicture {
    /// Pixels in memory.
    pub fn from_raster(raster: &Raster) -> Self {
        Self {
            width: raster.width(),
            height: raster.height(),
            rgba: raster.pixels().to_vec(),
            gray16: raster.gray16().map(<[u16]>::to_vec),
            jpeg: None,
            text: Vec::new(),
            dpi: None,
            format: PictureFormat::Pixels,
            orientation: 1,
        }
    }

    /// The pixels as the reader of levels takes them.
    ///
    /// # Errors
    /// [`FileError::Pixels`] when they do not fill the size. `path` is for messages.
    pub fn into_raster(self, path: &Path) -> Result<Raster, FileError> {
        let raster = Raster::from_pixels(self.width, self.height, self.rgba);
        let raster = match self.gray16 {
            Some(samples) => raster.and_then(|raster| raster.with_gray16(samples)),
            None => raster,
        };
        raster.map_err(|source| FileError::Pixels { path: path.to_owned(), source })
    }

    /// Refuses more pixels than the limit allows.
    ///
    /// # Errors
    /// [`FileError::TooLarge`].
    pub fn check_pixels(&self, path: &Path, options: PictureReadOptions) -> Result<(), FileError> {
        check_pixels(path, self.width, self.height, options.max_pixels_of(usize::MAX))
    }
}

/// Reads a picture, recognised by its content.
///
/// PNG of all colour types and depths, with palette and transparency; JPEG baseline and progressive. EXIF's orientation
/// is followed.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Empty`], [`FileError::Kind`] (not a picture), [`FileError::Unsupported`] (another picture
/// format, an animation), [`FileError::Damaged`] and [`FileError::TooLarge`].
pub fn read_picture(path: &Path, options: PictureReadOptions) -> Result<DecodedPicture, FileError> {
    let bytes = read_picture_bytes(path, options)?;
    decode_picture(path, &bytes, options)
}

/// The bytes of a picture's file, not decoded.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Empty`], [`FileError::Kind`] and [`FileError::TooLarge`].
pub fn read_picture_bytes(path: &Path, options: PictureReadOptions) -> Result<Vec<u8>, FileError> {
    // No lossless coding of 16-bit RGBA takes much over 8 bytes a pixel; 16 MiB are for metadata.
    let max_bytes = (options.max_pixels_of(usize::MAX) as u64).saturating_mul(9).saturating_add(1 << 24);
    read_known_file(path, (EXPECTED, FileGroup::Picture), (max_bytes, RAISE))
}

/// Reads a picture from the bytes of a file; see [`read_picture`]. `path` is for messages.
///
/// # Errors
/// As [`read_picture`], but for those of reading.
pub fn decode_picture(path: &Path, bytes: &[u8], options: PictureReadOptions) -> Result<DecodedPicture, FileError> {
    let max_pixels = options.max_pixels_of(bytes.len());
    match FileKind::from_bytes(bytes) {
        Some(FileKind::Png) => guarded(path, EXPECTED, || png_read::decode(path, bytes, max_pixels)),
        Some(FileKind::Jpeg) => guarded(path, EXPECTED, || jpeg::decode(path, bytes, max_pixels)),
        Some(kind) if kind.group() == FileGroup::Picture => Err(FileError::Unsupported {
            path: path.to_owned(),
            found: kind.described().to_owned(),
            expected: EXPECTED,
            advice: kind.advice(),
        }),
        _ => Err(wrong_kind(path, bytes, EXPECTED)),
    }
}

fn check_pixels(path: &Path, width: usize, height: usize, max_pixels: usize) -> Result<(), FileError> {
    if width.checked_mul(height).is_some_and(|pixels| pixels <= max_pixels) {
        return Ok(());
    }
    Err(FileError::TooLarge {
        path: path.to_owned(),
        found: format!("a picture of {width} x {height} pixels"),
        limit: format!("{max_pixels} pixels"),
        advice: RAISE,
    })
}
