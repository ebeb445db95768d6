//! What a picture's EXIF says: how it is turned, and texts. Read with the exif crate.

use exif::{In, Reader, Tag, Value};

use super::DecodedPicture;

/// How stored pixels lie, 1 to 8 (EXIF 2.3, tag 0x0112, `Orientation`): 1 as they are seen.
const UPRIGHT: u8 = 1;

/// First bytes of a `UserComment` that say its characters are ASCII (EXIF 2.3, table 9).
const ASCII: &[u8] = b"ASCII\0\0\0";

/// What is looked at of an EXIF block.
pub(super) struct Exif {
    pub(super) orientation: u8,
    /// Keywords, EXIF's names, and texts.
    pub(super) text: Vec<(String, String)>,
}

impl Exif {
    /// Reads a block (a TIFF structure, with or without the JPEG segment's name before it). One that cannot be read says
    /// nothing: a picture is shown in spite of it.
    pub(super) fn from_bytes(block: Option<&[u8]>) -> Self {
        let nothing = Self { orientation: UPRIGHT, text: Vec::new() };
        let Some(block) = block else { return nothing };
        let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
        let Ok(exif) = Reader::new().read_raw(block.to_vec()) else { return nothing };
        let orientation = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        let orientation =
            orientation.and_then(|value| u8::try_from(value).ok()).filter(|value| (1..=8).contains(value));
        let named = [("ImageDescription", Tag::ImageDescription), ("UserComment", Tag::UserComment)];
        let text = named.into_iter().filter_map(|(name, tag)| {
            let text = text_of(&exif.get_field(tag, In::PRIMARY)?.value)?;
            Some((name.to_owned(), text))
        });
        Self { orientation: orientation.unwrap_or(UPRIGHT), text: text.collect() }
    }
}

fn text_of(value: &Value) -> Option<String> {
    let bytes = match value {
        Value::Ascii(texts) => texts.first()?.as_slice(),
        Value::Undefined(bytes, _) => bytes.strip_prefix(ASCII)?,
        _ => return None,
    };
    Some(String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned())
}

/// The picture as it is meant to be seen.
pub(super) fn upright(picture: DecodedPicture, orientation: u8) -> DecodedPicture {
    if orientation == UPRIGHT {
        return picture;
    }
    let (stored_width, stored_height) = (picture.width, picture.height);
    let (width, height) = if orientation > 4 { (stored_height, stored_width) } else { (stored_width, stored_height) };
    // Where the pixel that is seen at a place is stored.
    let place = |index: usize| {
        let (x, y) = (index % width, index / width);
        let (right, bottom) = (stored_width - 1, stored_height - 1);
        let (x, y) = match orientation {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, bottom - x),
            7 => (right - y, bottom - x),
            8 => (right - y, x),
            _ => (x, y),
        };
        y * stored_width + x
    };
    let rgba = (0..width * height).map(|index| picture.rgba[place(index)]).collect();
    let gray16 =
        picture.gray16.as_ref().map(|samples| (0..width * height).map(|index| samples[place(index)]).collect());
    DecodedPicture { width, height, rgba, gray16, jpeg: None, orientation, ..picture }
}
