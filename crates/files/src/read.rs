//! The bytes of files: never more than a limit, and of a known kind where one is asked for.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::{FileError, FileGroup, FileKind};

/// Opens a file to read, and refuses a folder.
pub(crate) fn open(path: &Path, expected: &'static str) -> Result<File, FileError> {
    let file = File::open(path).map_err(FileError::reading(path))?;
    if file.metadata().map_err(FileError::reading(path))?.is_dir() {
        return Err(FileError::Kind {
            path: path.to_owned(),
            found: "a folder".to_owned(),
            expected,
            advice: "give a file".to_owned(),
        });
    }
    Ok(file)
}

/// First bytes of a file that tell its kind.
const KIND_BYTES: u64 = 4096;

/// What is asked for where a picture or an array is taken.
pub const PICTURE_OR_ARRAY: &str = "a PNG or JPEG picture, or an array (.npy, .npz or a MATLAB level 5 .mat)";

/// Reads what is left of a file or a stream whose first bytes are of a kind in these groups, `limit` bytes at most. Nothing more is
/// read of what is not: a device without end is refused at once. `path` and `expected` are for messages.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Empty`], [`FileError::Kind`], and [`FileError::TooLarge`] with `advice`.
pub fn read_known(
    mut source: impl Read,
    path: &Path,
    (expected, groups): (&'static str, &[FileGroup]),
    (limit, advice): (u64, &'static str),
) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    source.by_ref().take(KIND_BYTES).read_to_end(&mut bytes).map_err(FileError::reading(path))?;
    if !FileKind::from_bytes(&bytes).is_some_and(|kind| groups.contains(&kind.group())) {
        return Err(wrong_kind(path, &bytes, expected));
    }
    let left = limit.saturating_add(1).saturating_sub(bytes.len() as u64);
    source.take(left).read_to_end(&mut bytes).map_err(FileError::reading(path))?;
    match bytes.len() as u64 {
        length if length > limit => Err(too_large(path, length, (limit, advice))),
        _ => Ok(bytes),
    }
}

fn too_large(path: &Path, length: u64, (limit, advice): (u64, &'static str)) -> FileError {
    let (found, limit) = (format!("{length} bytes or more"), format!("{limit} bytes"));
    FileError::TooLarge { path: path.to_owned(), found, limit, advice }
}

/// Reads a whole file of a known kind and of at most `limit` bytes.
pub(crate) fn read_known_file(
    path: &Path,
    (expected, group): (&'static str, FileGroup),
    (limit, advice): (u64, &'static str),
) -> Result<Vec<u8>, FileError> {
    let file = open(path, expected)?;
    let declared = file.metadata().map_err(FileError::reading(path))?.len();
    if declared > limit {
        return Err(too_large(path, declared, (limit, advice)));
    }
    read_known(file, path, (expected, &[group]), (limit, advice))
}

/// Reads a whole file of at most `limit` bytes; a device without end stops there too. `expected` and `advice` are for
/// messages.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Kind`] for a folder, [`FileError::Empty`] and [`FileError::TooLarge`].
pub fn read_bytes(path: &Path, expected: &'static str, limit: u64, advice: &'static str) -> Result<Vec<u8>, FileError> {
    let file = open(path, expected)?;
    let declared = file.metadata().map_err(FileError::reading(path))?.len();
    if declared > limit {
        return Err(too_large(path, declared, (limit, advice)));
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(FileError::reading(path))?;
    match bytes.len() as u64 {
        0 => Err(FileError::Empty { path: path.to_owned(), expected }),
        length if length > limit => Err(too_large(path, length, (limit, advice))),
        _ => Ok(bytes),
    }
}

/// The error for a file whose content is of another kind than the one expected.
pub fn wrong_kind(path: &Path, bytes: &[u8], expected: &'static str) -> FileError {
    if bytes.is_empty() {
        return FileError::Empty { path: path.to_owned(), expected };
    }
    let (found, advice) = if let Some(kind) = FileKind::from_bytes(bytes) {
        (kind.described().to_owned(), kind.advice().to_owned())
    } else {
        let start: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let found = format!("a file of no known kind (it starts with the bytes {})", start.join(" "));
        (found, "check that this is the file you meant".to_owned())
    };
    FileError::Kind { path: path.to_owned(), found, expected, advice }
}

/// The kind of a file, from its first bytes; `None` where it is none that is known, and for a pipe, which can be read only
/// once.
///
/// # Errors
/// [`FileError::Read`], and [`FileError::Kind`] for a folder.
pub fn kind_of_file(path: &Path) -> Result<Option<FileKind>, FileError> {
    Ok(start_of_file(path)?.and_then(|start| FileKind::from_bytes(&start)))
}

/// Refuses a file of no kind that is known. A pipe is let through.
///
/// # Errors
/// As [`kind_of_file`], and [`FileError::Empty`] and [`FileError::Kind`].
pub fn check_kind(path: &Path) -> Result<(), FileError> {
    match start_of_file(path)? {
        Some(start) if FileKind::from_bytes(&start).is_none() => Err(wrong_kind(path, &start, PICTURE_OR_ARRAY)),
        _ => Ok(()),
    }
}

/// The first bytes of a file. A pipe's can be read only once: what comes through one is taken for a picture.
fn start_of_file(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    let file = open(path, PICTURE_OR_ARRAY)?;
    if !file.metadata().map_err(FileError::reading(path))?.is_file() {
        return Ok(None);
    }
    let mut start = Vec::new();
    file.take(KIND_BYTES).read_to_end(&mut start).map_err(FileError::reading(path))?;
    Ok(Some(start))
}
