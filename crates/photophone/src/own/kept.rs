//! The sound in a PNG: private chunks behind the pixels, each with its number, so that what is lost of them is known.

use super::strip::DIGEST_BYTES;
use crate::files::{LosslessCode, PngChunks};

/// Type of the chunks: ancillary, private, safe to copy (PNG 3, 5.4).
pub(super) const SOUND_CHUNK: [u8; 4] = *b"phSd";

/// Most bytes of a chunk's data. Larger ones are dropped by pngcrush, and refused by some programs' libpng.
const MOST_CHUNK_BYTES: usize = 1_000_000;

/// Most chunks: optipng fails at 1500, pngcrush keeps 498.
const MOST_CHUNKS: usize = 400;

/// Bytes of packed sound from which it goes into a file beside the picture.
pub(super) const MOST_BYTES_INSIDE: usize = 256 << 20;

/// What a chunk begins with: version, code, its number and that of all (16 bits each, the high byte first), and the first bytes of
/// the sound's digest.
const HEADER_BYTES: usize = 6 + DIGEST_BYTES;
const VERSION: u8 = 1;

const _: () = assert!(MOST_BYTES_INSIDE <= MOST_CHUNKS * (MOST_CHUNK_BYTES - HEADER_BYTES));

/// The sound as found in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// There are no chunks of it.
    Nothing,
    /// All of it.
    Whole(LosslessCode, Vec<u8>),
    /// Not all of it, and why.
    Damaged(String),
}

fn number_of(code: LosslessCode) -> u8 {
    match code {
        LosslessCode::Flac => 0,
        LosslessCode::Floats => 1,
    }
}

/// Packed sound as types and data of chunks.
pub(super) fn chunks_of((code, bytes): (LosslessCode, &[u8]), digest: &[u8; DIGEST_BYTES]) -> Vec<([u8; 4], Vec<u8>)> {
    let pieces = bytes.chunks(MOST_CHUNK_BYTES - HEADER_BYTES);
    let count = pieces.len() as u16;
    let chunk = |(number, piece): (u16, &[u8])| {
        let mut data = Vec::with_capacity(HEADER_BYTES + piece.len());
        data.extend([VERSION, number_of(code)]);
        data.extend(number.to_be_bytes());
        data.extend(count.to_be_bytes());
        data.extend(digest);
        data.extend(piece);
        (SOUND_CHUNK, data)
    };
    (0..).zip(pieces).map(chunk).collect()
}

/// A chunk's header and what follows it.
struct Piece<'a> {
    code: u8,
    number: u16,
    count: u16,
    digest: &'a [u8],
    bytes: &'a [u8],
}

fn piece(data: &[u8]) -> Option<Piece<'_>> {
    let (header, bytes) = data.split_at_checked(HEADER_BYTES)?;
    let two = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    (header[0] <= VERSION).then_some(Piece {
        code: header[1],
        number: two(2),
        count: two(4),
        digest: &header[6..],
        bytes,
    })
}

/// Puts the chunks of a sound together. `digest` is what the recipe or the strip says of it, in hexadecimal.
pub(super) fn gathered(chunks: &PngChunks<'_>, digest: &str) -> Kept {
    let found: Vec<_> = chunks.chunks.iter().filter(|chunk| chunk.kind == SOUND_CHUNK).collect();
    let is_cut = chunks.cut_in == Some(SOUND_CHUNK);
    if found.is_empty() && !is_cut {
        return Kept::Nothing;
    }
    let damaged = found.iter().filter(|chunk| !chunk.is_whole).count();
    let pieces: Vec<Piece<'_>> =
        found.iter().filter(|chunk| chunk.is_whole).filter_map(|chunk| piece(chunk.data)).collect();
    let why = match (is_cut, damaged) {
        (true, _) => "the file ends within the sound".to_owned(),
        (_, 0) => "parts of the sound are gone".to_owned(),
        (_, damaged) => format!("{damaged} of the chunks that have the sound are damaged"),
    };
    let Some(first) = pieces.first() else {
        return Kept::Damaged(format!("{why}: no part of it is whole"));
    };
    let hexadecimal = first.digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    if !digest.starts_with(&hexadecimal) {
        return Kept::Damaged("the sound inside is not the one that the picture was drawn of".to_owned());
    }
    let count = usize::from(first.count);
    let mut in_order: Vec<Option<&[u8]>> = vec![None; count];
    for piece in &pieces {
        let is_alike = piece.count == first.count && piece.code == first.code && piece.digest == first.digest;
        if let Some(place) = in_order.get_mut(usize::from(piece.number)).filter(|_| is_alike) {
            *place = Some(piece.bytes);
        }
    }
    let missing: Vec<usize> =
        (0..count).filter(|&number| in_order[number].is_none()).map(|number| number + 1).collect();
    let code = match first.code {
        0 => LosslessCode::Flac,
        1 => LosslessCode::Floats,
        other => return Kept::Damaged(format!("the sound inside is in a code ({other}) that is not known")),
    };
    if let Some(first) = missing.first() {
        return Kept::Damaged(format!(
            "{why}: {} of {count} parts are missing, the first is part {first}",
            missing.len()
        ));
    }
    Kept::Whole(code, in_order.into_iter().flatten().flatten().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::PngChunk;

    const DIGEST: [u8; DIGEST_BYTES] = [0xab; DIGEST_BYTES];

    fn told() -> String {
        "ab".repeat(32)
    }

    fn found(chunks: &[([u8; 4], Vec<u8>)], cut_in: Option<[u8; 4]>) -> PngChunks<'_> {
        let chunks = chunks.iter().map(|(kind, data)| PngChunk { kind: *kind, data, is_whole: true }).collect();
        PngChunks { chunks, cut_in, is_ended: cut_in.is_none() }
    }

    #[test]
    fn pieces_come_together_in_their_order() {
        let bytes: Vec<u8> = (0..2_500_000u32).map(|i| (i * 7 + i / 1000) as u8).collect();
        let mut chunks = chunks_of((LosslessCode::Flac, &bytes), &DIGEST);
        assert_eq!(chunks.len(), 3);
        assert!(chunks.iter().all(|(_, data)| data.len() <= MOST_CHUNK_BYTES));
        chunks.swap(0, 2);
        assert_eq!(gathered(&found(&chunks, None), &told()), Kept::Whole(LosslessCode::Flac, bytes));
    }

    #[test]
    fn what_is_lost_is_said() {
        let bytes = vec![7; 3_500_000];
        let chunks = chunks_of((LosslessCode::Floats, &bytes), &DIGEST);
        let said = |kept: Kept| match kept {
            Kept::Damaged(why) => why,
            other => format!("{other:?}"),
        };
        assert_eq!(gathered(&found(&[], None), &told()), Kept::Nothing);
        let text = said(gathered(&found(&chunks[..2], Some(SOUND_CHUNK)), &told()));
        assert!(
            text.contains("ends within the sound") && text.contains("2 of 4 parts") && text.contains("part 3"),
            "{text}"
        );
        let text = said(gathered(&found(&chunks[1..], None), &told()));
        assert!(text.contains("1 of 4 parts") && text.contains("part 1"), "{text}");
        let mut damaged = found(&chunks, None);
        damaged.chunks[3].is_whole = false;
        let text = said(gathered(&damaged, &told()));
        assert!(text.contains("1 of the chunks") && text.contains("part 4"), "{text}");
        let text = said(gathered(&found(&chunks, None), &"cd".repeat(32)));
        assert!(text.contains("not the one"), "{text}");
        let short = [(SOUND_CHUNK, vec![1, 0, 0])];
        assert!(said(gathered(&found(&short, None), &told())).contains("no part of it is whole"));
    }
}
