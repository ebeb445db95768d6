//! What each container needs besides symphonia's demuxer of it.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_ALAC};
use symphonia::core::formats::Track;
use symphonia::core::io::MediaSource;

use super::cropped::Cropped;
use super::edits::kept_samples;
use super::rf64::end_of_samples;
use crate::FileKind;

/// First bytes of a file that tell its kind.
pub(super) const KIND_BYTES: usize = 1024;

/// A source, and of an MPEG-4 file with an edit list the samples to keep.
type Prepared = (Box<dyn MediaSource>, Option<Range<u64>>);

/// A file as symphonia reads it.
///
/// # Errors
/// What cannot be read, and [`io::ErrorKind::UnexpectedEof`] for an RF64 file that ends before its samples do.
pub(super) fn prepared(mut source: Box<dyn MediaSource>) -> io::Result<Prepared> {
    let mut start = Vec::new();
    source.by_ref().take(KIND_BYTES as u64).read_to_end(&mut start)?;
    let length = source.seek(SeekFrom::End(0))?;
    let kind = FileKind::from_bytes(&start);
    let mut edited = None;
    match kind {
        Some(FileKind::Rf64) => {
            let end = end_of_samples(source.as_mut(), length)?.unwrap_or(length);
            if end > length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            return Ok((Box::new(Cropped::new(source, end, b"RIFF")?), None));
        }
        // What breaks off here the decoder tells better.
        Some(FileKind::Mp4) => edited = kept_samples(source.as_mut()).unwrap_or(None),
        _ => {}
    }
    source.rewind()?;
    Ok((source, edited))
}

/// Whether a file of a container has as many samples as it declares, or is damaged. What is made for cutting is not.
pub(super) fn must_be_whole(container: &str, track: &Track) -> bool {
    match container {
        "ogg" | "mp1" | "mp2" | "mp3" | "aac" => false,
        "caf" => counts_bytes(track),
        _ => true,
    }
}

/// Whether a CAF's number of samples is that of its bytes, and not what its packet table claims: ffmpeg 5.1 calls padding
/// valid.
fn counts_bytes(track: &Track) -> bool {
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    !parameters.is_some_and(|audio| matches!(audio.codec, CODEC_ID_AAC | CODEC_ID_ALAC))
}

/// The samples of a CAF behind its encoder's delay, as far as its packet table calls them valid.
pub(super) fn kept_of_caf(track: &Track) -> Option<Range<u64>> {
    let (delay, frames) = (u64::from(track.delay?), track.num_frames?);
    Some(delay..delay.saturating_add(frames))
}
