//! Files in and out: sounds, arrays and pictures, recognised by content and never by name.
//!
//! Reading trusts nothing: declared sizes are checked against the bytes there are and against
//! a limit before memory is taken. Writing is all or nothing (see [`Outputs`]).

pub mod array;
mod digest;
mod guard;
mod kind;
mod phase;
pub mod picture;
pub mod sound;
mod write;

pub(crate) use array::check_magnitudes;
pub use array::{ArrayFile, ArrayReadOptions, ArrayToWrite, ValueKind, decode_array, read_array, write_npy, write_npz};
pub use digest::phase_digest;
pub(crate) use guard::guarded;
pub use guard::{is_guarded, silence_guarded_panics};
pub use kind::{FileGroup, FileKind};
pub use phase::{PhaseArray, PhaseKind, ShapeFit, fit_to_shape, reconcile_shape};
pub use picture::{
    DecodedPicture, PictureFormat, PictureReadOptions, decode_picture, encode_raster, read_picture, write_raster,
};
pub use sound::{
    Loudness, LoudnessOptions, SampleFormat, ScaleReason, Sound, SoundFormat, SoundReadOptions, decode_sound,
    encode_sound, fit_peak, read_sound, write_sound,
};
pub use write::{Existing, OutputWriter, Outputs, Stage, write_beside_then_rename};

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::Error;

/// Opens a file to read, and refuses a folder.
pub(crate) fn open(path: &Path, expected: &'static str) -> Result<File, Error> {
    let file = File::open(path).map_err(Error::reading(path))?;
    if file.metadata().map_err(Error::reading(path))?.is_dir() {
        return Err(Error::Kind {
            path: path.to_owned(),
            found: "a folder".to_owned(),
            expected,
            advice: "give a file".to_owned(),
        });
    }
    Ok(file)
}

/// First bytes of a file that tell its kind.
pub(crate) const KIND_BYTES: u64 = 4096;

/// What is asked for where a picture or an array is taken.
pub const PICTURE_OR_ARRAY: &str = "a PNG or JPEG picture, or an array (.npy, .npz or a MATLAB level 5 .mat)";

/// Reads what is left of a file or a stream whose first bytes are of a kind in these groups, `limit` bytes at most. Nothing more is
/// read of what is not: a device without end is refused at once. `path` and `expected` are for messages.
///
/// # Errors
/// [`Error::Read`], [`Error::Empty`], [`Error::Kind`], and [`Error::TooLarge`] with `advice`.
pub fn read_known(
    mut source: impl Read,
    path: &Path,
    (expected, groups): (&'static str, &[FileGroup]),
    (limit, advice): (u64, &'static str),
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    source.by_ref().take(KIND_BYTES).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    if !FileKind::from_bytes(&bytes).is_some_and(|kind| groups.contains(&kind.group())) {
        return Err(wrong_kind(path, &bytes, expected));
    }
    let left = limit.saturating_add(1).saturating_sub(bytes.len() as u64);
    source.take(left).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    match bytes.len() as u64 {
        length if length > limit => Err(too_large(path, length, (limit, advice))),
        _ => Ok(bytes),
    }
}

fn too_large(path: &Path, length: u64, (limit, advice): (u64, &'static str)) -> Error {
    let (found, limit) = (format!("{length} bytes or more"), format!("{limit} bytes"));
    Error::TooLarge { path: path.to_owned(), found, limit, advice }
}

/// Reads a whole file of a known kind and of at most `limit` bytes.
fn read_known_file(
    path: &Path,
    (expected, group): (&'static str, FileGroup),
    (limit, advice): (u64, &'static str),
) -> Result<Vec<u8>, Error> {
    let file = open(path, expected)?;
    let declared = file.metadata().map_err(Error::reading(path))?.len();
    if declared > limit {
        return Err(too_large(path, declared, (limit, advice)));
    }
    read_known(file, path, (expected, &[group]), (limit, advice))
}

/// Reads a whole file of at most `limit` bytes; a device without end stops there too.
pub(crate) fn read_bytes(
    path: &Path,
    expected: &'static str,
    limit: u64,
    advice: &'static str,
) -> Result<Vec<u8>, Error> {
    let file = open(path, expected)?;
    let declared = file.metadata().map_err(Error::reading(path))?.len();
    if declared > limit {
        return Err(too_large(path, declared, (limit, advice)));
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    match bytes.len() as u64 {
        0 => Err(Error::Empty { path: path.to_owned(), expected }),
        length if length > limit => Err(too_large(path, length, (limit, advice))),
        _ => Ok(bytes),
    }
}

/// The error for a file whose content is of another kind than the one expected.
pub(crate) fn wrong_kind(path: &Path, bytes: &[u8], expected: &'static str) -> Error {
    if bytes.is_empty() {
        return Error::Empty { path: path.to_owned(), expected };
    }
    let (found, advice) = if let Some(kind) = FileKind::from_bytes(bytes) {
        (kind.described().to_owned(), kind.advice().to_owned())
    } else {
        let start: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let found = format!("a file of no known kind (it starts with the bytes {})", start.join(" "));
        (found, "check that this is the file you meant".to_owned())
    };
    Error::Kind { path: path.to_owned(), found, expected, advice }
}
