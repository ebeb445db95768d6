//! Checksums put right, so that what was changed is looked at.

/// Bytes of a PNG's signature.
const SIGNATURE: usize = 8;

/// Puts the checksum of every PNG chunk right, as far as their lengths lead (PNG, third edition, 5.3).
pub(crate) fn mend_png(bytes: &mut [u8]) {
    let mut at = SIGNATURE;
    while let Some(length) = number_at(bytes, at) {
        let Some(end) = (at + 8).checked_add(length).filter(|end| end + 4 <= bytes.len()) else { return };
        let sum = crc32fast::hash(&bytes[at + 4..end]);
        bytes[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
}

fn number_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 4)?.try_into().ok().map(|number| u32::from_be_bytes(number) as usize)
}

/// Puts the checksum of every Ogg page right (RFC 3533, 6).
pub(crate) fn mend_ogg(bytes: &mut [u8]) {
    let mut at = 0;
    while bytes.get(at..at + 4) == Some(b"OggS") {
        let Some(&segments) = bytes.get(at + 26) else { return };
        let body = at + 27 + usize::from(segments);
        let Some(table) = bytes.get(at + 27..body) else { return };
        let end = (body + table.iter().map(|&length| usize::from(length)).sum::<usize>()).min(bytes.len());
        bytes[at + 22..at + 26].fill(0);
        let sum = ogg_sum(&bytes[at..end]);
        bytes[at + 22..at + 26].copy_from_slice(&sum.to_le_bytes());
        at = end;
    }
}

/// The CRC of Ogg: polynomial 0x04c11db7, neither reflected nor inverted.
fn ogg_sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ (u32::from(byte) << 24), |sum: u32, _| {
            if sum & 0x8000_0000 == 0 { sum << 1 } else { (sum << 1) ^ 0x04c1_1db7 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_files_are_left_as_they_are() {
        let mut ogg = include_bytes!("../../crates/files/tests/fixtures/tone.ogg").to_vec();
        let before = ogg.clone();
        mend_ogg(&mut ogg);
        assert_eq!(ogg, before);
        let mut png = include_bytes!("../../crates/files/tests/fixtures/figure.png").to_vec();
        let before = png.clone();
        mend_png(&mut png);
        assert_eq!(png, before);
        png[20] ^= 1;
        mend_png(&mut png);
        assert_ne!(png[29..33], before[29..33]);
    }
}
