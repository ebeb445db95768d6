//! The segments of a JPEG file.

/// The segments before the first scan (ITU-T T.81, B.1.1.4), as markers and contents.
pub(super) fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes.get(2..).unwrap_or_default();
    std::iter::from_fn(move || {
        // A segment is ff, its marker and its length, which counts itself; markers may have more of ff before them.
        while let [0xff, 0xff, ..] = rest {
            rest = &rest[1..];
        }
        let &[0xff, marker, high, low, ref after @ ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low])).saturating_sub(2);
        let (content, next) = after.split_at_checked(length).filter(|_| !matches!(marker, 0xda | 0xd9))?;
        rest = next;
        Some((marker, content))
    })
}
