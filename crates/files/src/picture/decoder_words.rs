//! What decoders complain of, in plain words.

/// What decoders' messages have in them (png 0.18, zune-jpeg 0.5), and what that means.
const MEANINGS: [(&str, &str); 8] = [
    ("CRC error", "a part of it does not match its checksum"),
    ("not have enough data", "it has fewer pixels than its header declares"),
    ("must appear at most once", "a part stands in it twice that may stand there once"),
    ("filter method", "a row of its pixels is packed in no known way"),
    ("Huffman", "its compressed data are none that its own tables explain"),
    ("huffman", "its compressed data are none that its own tables explain"),
    ("Unknown marker", "an unknown marker stands within its compressed data"),
    ("set to zero", "its header declares no pixels"),
];

/// A decoder's message in plain words: without names of its own types, quotation marks and full stops.
pub(super) fn plain(message: &str) -> String {
    if let Some((_, meaning)) = MEANINGS.iter().find(|(part, _)| message.contains(part)) {
        return (*meaning).to_owned();
    }
    let text = message.split(['{', '(']).next().unwrap_or(message).replace("ChunkType", "");
    text.trim_matches(['"', '.', ' ', '\n']).replace(['"', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn types_and_quotation_marks_of_decoders_are_not_shown() {
        let crc =
            "CRC error: expected 0x3c01f895 have 0xf659453 while decoding ChunkType { type: IDAT, critical: true }.";
        assert_eq!(plain(crc), "a part of it does not match its checksum");
        assert_eq!(plain("\"Bogus Vertical Sampling Factor 14\""), "Bogus Vertical Sampling Factor 14");
        assert_eq!(plain("Chunk ChunkType { type: IHDR, critical: true } is short."), "Chunk");
        assert_eq!(plain("Invalid bit depth 3."), "Invalid bit depth 3");
    }
}
