//! A text as EXIF, for programs that keep nothing else.

/// First bytes of a `UserComment` of ASCII characters (EXIF 2.3, table 9).
const ASCII: &[u8] = b"ASCII\0\0\0";

/// Tags (EXIF 2.3, 4.6.3 and table 7) and types (TIFF 6.0, section 2).
const EXIF_IFD: u16 = 0x8769;
const USER_COMMENT: u16 = 0x9286;
const LONG: u16 = 4;
const UNDEFINED: u16 = 7;

/// Where the directories lie: behind the header of 8 bytes, and behind the first directory of one entry.
const FIRST_IFD: u32 = 8;
const IFD_BYTES: u32 = 2 + 12 + 4;

/// A TIFF structure, as PNG's eXIf has it, whose one value is the text as `UserComment`. The text is ASCII.
pub(super) fn user_comment(text: &str) -> Vec<u8> {
    let count = (ASCII.len() + text.len()) as u32;
    let mut bytes = b"II*\0".to_vec();
    bytes.extend(FIRST_IFD.to_le_bytes());
    push_directory(&mut bytes, (EXIF_IFD, LONG), 1, FIRST_IFD + IFD_BYTES);
    push_directory(&mut bytes, (USER_COMMENT, UNDEFINED), count, FIRST_IFD + 2 * IFD_BYTES);
    bytes.extend(ASCII);
    bytes.extend(text.as_bytes());
    bytes
}

/// A directory of one entry and no other behind it.
fn push_directory(bytes: &mut Vec<u8>, (tag, kind): (u16, u16), count: u32, value: u32) {
    bytes.extend(1u16.to_le_bytes());
    bytes.extend(tag.to_le_bytes());
    bytes.extend(kind.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(value.to_le_bytes());
    bytes.extend(0u32.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::super::exif::Exif;
    use super::*;

    #[test]
    fn the_reader_finds_the_text() {
        for text in ["", "{\"a\": 1}", "a long text that does not fit into four bytes"] {
            let exif = Exif::from_bytes(Some(&user_comment(text)));
            assert_eq!(exif.orientation, 1);
            assert_eq!(exif.text, [("UserComment".to_owned(), text.to_owned())]);
        }
    }
}
