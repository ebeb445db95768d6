//! Where the bytes of a sound come from: a file that begins as a known sound does.

use std::io::{Cursor, Read, Seek};
use std::path::Path;

use symphonia::core::io::MediaSource;

use super::container::KIND_BYTES;
use crate::{FileError, FileGroup, FileKind, open, wrong_kind};

/// What is asked for where a sound is taken.
pub const A_SOUND: &str = "a WAV, FLAC, Ogg Vorbis, MP3, AIFF, M4A (AAC or ALAC) or CAF sound";

/// Most samples over all channels, 4 GiB of memory: a bound no option lifts.
pub(super) const MAX_SAMPLES: usize = 1 << 30;

/// Most bytes read from a pipe: those samples as doubles, and room for a header.
const MAX_PIPE_BYTES: u64 = 8 * MAX_SAMPLES as u64 + (1 << 24);

/// Opens a file that begins as a known sound does. What cannot be gone back in, a pipe, is read whole.
pub(super) fn open_sound(path: &Path) -> Result<Box<dyn MediaSource>, FileError> {
    let mut file = open(path, A_SOUND)?;
    let mut start = Vec::new();
    file.by_ref().take(KIND_BYTES as u64).read_to_end(&mut start).map_err(FileError::reading(path))?;
    check_kind(path, &start)?;
    if file.metadata().map_err(FileError::reading(path))?.is_file() {
        file.rewind().map_err(FileError::reading(path))?;
        return Ok(Box::new(file));
    }
    let rest = MAX_PIPE_BYTES - start.len() as u64;
    file.take(rest).read_to_end(&mut start).map_err(FileError::reading(path))?;
    Ok(Box::new(Cursor::new(start)))
}

/// Refuses what does not begin as a known sound does.
pub(super) fn check_kind(path: &Path, start: &[u8]) -> Result<(), FileError> {
    match FileKind::from_bytes(start) {
        Some(
            FileKind::Wav
            | FileKind::Rf64
            | FileKind::Flac
            | FileKind::Ogg
            | FileKind::Mp3
            | FileKind::Aiff
            | FileKind::Mp4
            | FileKind::Aac
            | FileKind::Caf,
        ) => Ok(()),
        Some(kind) if kind.group() == FileGroup::Sound => Err(FileError::Unsupported {
            path: path.to_owned(),
            found: kind.described().to_owned(),
            expected: A_SOUND,
            advice: kind.advice(),
        }),
        _ => Err(wrong_kind(path, start, A_SOUND)),
    }
}
