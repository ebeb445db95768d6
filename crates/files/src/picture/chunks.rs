//! Chunks of a PNG as they lie in the file (PNG 3, 5.3), for what decoders pass over.

use crc32fast::Hasher;

/// First bytes of every PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A chunk of a PNG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PngChunk<'a> {
    /// Its type.
    pub kind: [u8; 4],
    /// What it holds.
    pub data: &'a [u8],
    /// Whether its checksum is that of what it holds.
    pub is_whole: bool,
}

/// The chunks of a PNG, as far as the bytes go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PngChunks<'a> {
    /// Those that are there from end to end, in their order.
    pub chunks: Vec<PngChunk<'a>>,
    /// The type of the chunk that the bytes end in; `None` where they end between two.
    pub cut_in: Option<[u8; 4]>,
    /// Whether the last one says that it is the last.
    pub is_ended: bool,
}

/// The chunks of a PNG; `None` for bytes that are of none. Cost: a checksum of all bytes.
pub fn png_chunks(bytes: &[u8]) -> Option<PngChunks<'_>> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut found = PngChunks::default();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let Some((kind, after)) = after.split_first_chunk::<4>() else {
            found.cut_in = Some(*b"????");
            break;
        };
        let sum = after.get(length..).and_then(<[u8]>::first_chunk::<4>);
        let (Some(data), Some(sum)) = (after.get(..length), sum) else {
            found.cut_in = Some(*kind);
            break;
        };
        let mut hasher = Hasher::new();
        hasher.update(kind);
        hasher.update(data);
        found.chunks.push(PngChunk { kind: *kind, data, is_whole: hasher.finalize() == u32::from_be_bytes(*sum) });
        rest = &after[length + 4..];
        if kind == b"IEND" {
            found.is_ended = true;
            break;
        }
    }
    Some(found)
}

impl PngChunks<'_> {
    /// A PNG of these chunks without those of one type, ended where the file was cut behind its pixels.
    ///
    /// What a private chunk holds is no part of the picture, and a decoder need not see it.
    pub fn without(&self, kind: [u8; 4]) -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        for chunk in self.chunks.iter().filter(|chunk| chunk.kind != kind) {
            push_chunk(&mut bytes, chunk.kind, chunk.data, chunk.is_whole);
        }
        if !self.is_ended {
            push_chunk(&mut bytes, *b"IEND", &[], true);
        }
        bytes
    }
}

/// Puts a chunk behind the bytes; its checksum is wrong where it was.
fn push_chunk(bytes: &mut Vec<u8>, kind: [u8; 4], data: &[u8], is_whole: bool) {
    let mut hasher = Hasher::new();
    hasher.update(&kind);
    hasher.update(data);
    let sum = hasher.finalize() ^ u32::from(!is_whole);
    bytes.extend((data.len() as u32).to_be_bytes());
    bytes.extend(kind);
    bytes.extend(data);
    bytes.extend(sum.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png() -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        push_chunk(&mut bytes, *b"IHDR", &[1, 2, 3], true);
        push_chunk(&mut bytes, *b"phSd", b"sound", true);
        push_chunk(&mut bytes, *b"tEXt", b"text", false);
        push_chunk(&mut bytes, *b"IEND", &[], true);
        bytes
    }

    #[test]
    fn chunks_are_found_and_damage_is_seen() {
        let bytes = png();
        let found = png_chunks(&bytes).unwrap();
        let kinds: Vec<_> = found.chunks.iter().map(|chunk| (&chunk.kind, chunk.is_whole)).collect();
        assert_eq!(kinds, [(b"IHDR", true), (b"phSd", true), (b"tEXt", false), (b"IEND", true)]);
        assert!(found.is_ended && found.cut_in.is_none());
        assert_eq!(found.chunks[1].data, b"sound");
        assert_eq!(png_chunks(b"\xff\xd8\xff"), None);
        let without = found.without(*b"phSd");
        let kinds: Vec<_> = png_chunks(&without).unwrap().chunks.iter().map(|chunk| chunk.kind).collect();
        assert_eq!(kinds, [*b"IHDR", *b"tEXt", *b"IEND"]);
    }

    #[test]
    fn a_cut_file_tells_where_and_is_ended_anew() {
        let bytes = png();
        for length in 8..bytes.len() {
            let found = png_chunks(&bytes[..length]).unwrap();
            assert!(!found.is_ended, "{length}");
            let again = found.without(*b"phSd");
            assert!(png_chunks(&again).unwrap().is_ended, "{length}");
        }
        let found = png_chunks(&bytes[..8 + 15 + 10]).unwrap();
        assert_eq!(found.cut_in, Some(*b"phSd"));
    }
}
