//! Which samples of an MPEG-4 file are the sound: its edit list (ISO/IEC 14496-12, 8.6.6), which symphonia 0.6 passes over.
//! An AAC encoder puts 1024 to 2112 samples before the first, and fills the last frame.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// Most boxes looked through on one level.
const MAX_BOXES: usize = 4096;

/// A box: its type, and where its content is.
struct Atom {
    kind: [u8; 4],
    content: Range<u64>,
}

/// The samples to keep, of those decoded, as the first sound track's edit list says: its only edit at normal speed. `None`
/// where there is no such list. The end is as exact as the list is: it counts in the film's own unit, often 1 ms.
///
/// # Errors
/// What cannot be read; a file that breaks off is a matter for the decoder.
pub(super) fn kept_samples(source: &mut (impl Read + Seek + ?Sized)) -> io::Result<Option<Range<u64>>> {
    let end = source.seek(SeekFrom::End(0))?;
    let Some(movie) = inner(source, &(0..end), *b"moov")? else { return Ok(None) };
    let Some(movie_rate) = timescale(source, &movie, *b"mvhd")? else { return Ok(None) };
    for track in atoms(source, &movie)?.into_iter().filter(|atom| atom.kind == *b"trak") {
        let Some(media) = inner(source, &track.content, *b"mdia")? else { continue };
        let Some(handler) = inner(source, &media, *b"hdlr")? else { continue };
        if bytes(source, handler.start + 8)? != *b"soun" {
            continue;
        }
        let rate = timescale(source, &media, *b"mdhd")?;
        let edits = inner(source, &track.content, *b"edts")?;
        let list = edits.map(|edits| inner(source, &edits, *b"elst")).transpose()?.flatten();
        let (Some(rate), Some(list)) = (rate, list) else { return Ok(None) };
        return only_edit(source, &list).map(|edit| edit.map(|edit| edit.samples(rate, movie_rate)));
    }
    Ok(None)
}

/// A part of the media that is played: where it begins, in the media's unit, and how long it is, in the film's.
struct Edit {
    start: u64,
    length: u64,
}

impl Edit {
    /// The same in samples, the end late by at most a unit of the film's. A length of 0 is that of all there is.
    fn samples(&self, rate: u32, movie_rate: u32) -> Range<u64> {
        if self.length == 0 {
            return self.start..u64::MAX;
        }
        let length = (u128::from(self.length) * u128::from(rate)).div_ceil(u128::from(movie_rate));
        self.start..self.start.saturating_add(u64::try_from(length).unwrap_or(u64::MAX))
    }
}

/// The only edit of a list that plays something, at normal speed.
fn only_edit(source: &mut (impl Read + Seek + ?Sized), list: &Range<u64>) -> io::Result<Option<Edit>> {
    let head: [u8; 8] = bytes(source, list.start)?;
    let (is_long, count) = (head[0] == 1, u32::from_be_bytes([head[4], head[5], head[6], head[7]]));
    let size = if is_long { 20 } else { 12 };
    let mut only = None;
    for number in 0..u64::from(count).min(MAX_BOXES as u64) {
        let at = list.start + 8 + number * size;
        let (length, start) = if is_long {
            (u64::from_be_bytes(bytes(source, at)?), i64::from_be_bytes(bytes(source, at + 8)?))
        } else {
            let long = |number: [u8; 4]| u64::from(u32::from_be_bytes(number));
            (long(bytes(source, at)?), i64::from(i32::from_be_bytes(bytes(source, at + 4)?)))
        };
        // A negative start is of an edit that plays nothing.
        let Ok(start) = u64::try_from(start) else { continue };
        let is_normal = bytes(source, at + size - 4)? == [0, 1, 0, 0];
        if only.is_some() || !is_normal {
            return Ok(None);
        }
        only = Some(Edit { start, length });
    }
    Ok(only)
}

/// Units a second, of a header of a film or of media; at least 1.
fn timescale(source: &mut (impl Read + Seek + ?Sized), range: &Range<u64>, kind: [u8; 4]) -> io::Result<Option<u32>> {
    let Some(header) = inner(source, range, kind)? else { return Ok(None) };
    let [version] = bytes(source, header.start)?;
    let at = header.start + if version == 1 { 20 } else { 12 };
    Ok(Some(u32::from_be_bytes(bytes(source, at)?)).filter(|&rate| rate > 0))
}

/// The content of the first box of a type.
fn inner(
    source: &mut (impl Read + Seek + ?Sized),
    range: &Range<u64>,
    kind: [u8; 4],
) -> io::Result<Option<Range<u64>>> {
    Ok(atoms(source, range)?.into_iter().find(|atom| atom.kind == kind).map(|atom| atom.content))
}

/// The boxes in a range.
fn atoms(source: &mut (impl Read + Seek + ?Sized), range: &Range<u64>) -> io::Result<Vec<Atom>> {
    let mut all = Vec::new();
    let mut at = range.start;
    while at.saturating_add(8) <= range.end && all.len() < MAX_BOXES {
        let size = u64::from(u32::from_be_bytes(bytes(source, at)?));
        let kind = bytes(source, at + 4)?;
        let (head, size) = match size {
            0 => (8, range.end - at),
            1 => (16, u64::from_be_bytes(bytes(source, at + 8)?)),
            size => (8, size),
        };
        let end = at.saturating_add(size);
        if size < head || end > range.end {
            break;
        }
        all.push(Atom { kind, content: at + head..end });
        at = end;
    }
    Ok(all)
}

fn bytes<const N: usize>(source: &mut (impl Read + Seek + ?Sized), at: u64) -> io::Result<[u8; N]> {
    source.seek(SeekFrom::Start(at))?;
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn atom(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32 + 8).to_be_bytes()[..], &kind, content].concat()
    }

    fn numbers(values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_be_bytes()).collect()
    }

    /// A file of one track with these edits: length in thousandths of a second, start in samples at 44.1 kHz, and speed.
    fn file(handler: [u8; 4], edits: &[(u32, i32, u32)]) -> Vec<u8> {
        let entries = edits.iter().flat_map(|&(length, start, speed)| numbers(&[length, start as u32, speed]));
        let list = [numbers(&[0, edits.len() as u32]), entries.collect()].concat();
        let media = [
            atom(*b"mdhd", &numbers(&[0, 0, 0, 44_100, 0])),
            atom(*b"hdlr", &[&numbers(&[0, 0])[..], &handler].concat()),
        ];
        let track = [atom(*b"edts", &atom(*b"elst", &list)), atom(*b"mdia", &media.concat())].concat();
        let movie = [atom(*b"mvhd", &numbers(&[0, 0, 0, 1000, 0])), atom(*b"trak", &track)].concat();
        [atom(*b"ftyp", b"M4A "), atom(*b"mdat", &[0; 100]), atom(*b"moov", &movie)].concat()
    }

    fn kept(bytes: Vec<u8>) -> Option<Range<u64>> {
        kept_samples(&mut Cursor::new(bytes)).unwrap_or(None)
    }

    #[test]
    fn the_only_edit_says_where_the_sound_begins_and_ends() {
        const NORMAL: u32 = 0x1_0000;
        assert_eq!(kept(file(*b"soun", &[(100, 1024, NORMAL)])), Some(1024..1024 + 4410));
        assert_eq!(kept(file(*b"soun", &[(20, -1, NORMAL), (0, 2112, NORMAL)])), Some(2112..u64::MAX));
        assert_eq!(kept(file(*b"soun", &[(100, 0, NORMAL), (100, 9000, NORMAL)])), None);
        assert_eq!(kept(file(*b"soun", &[(100, 0, 2 * NORMAL)])), None);
        assert_eq!(kept(file(*b"vide", &[(100, 1024, NORMAL)])), None);
        assert_eq!(kept(file(*b"soun", &[])), None);
    }

    #[test]
    fn no_cut_or_changed_file_panics() {
        let whole = file(*b"soun", &[(100, 1024, 0x1_0000)]);
        for at in 0..whole.len() {
            kept(whole[..at].to_vec());
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = whole.clone();
                changed[at] = value;
                kept(changed);
            }
        }
    }
}
