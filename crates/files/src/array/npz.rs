//! NumPy's `.npz`: a ZIP archive of `.npy` files, plain or deflated.

use std::io::{self, Cursor, Read};
use std::path::Path;

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::choice::{Candidate, choose};
use super::npy::{self, ArrayToWrite, Header, MAX_HEADER_BYTES};
use super::{ArrayFile, ArrayReadOptions, RAISE};
use crate::FileError;
use crate::write_beside_then_rename;

/// Most archive entries looked at.
const MAX_ENTRIES: usize = 1000;

pub(super) fn read(path: &Path, bytes: &[u8], options: &ArrayReadOptions) -> Result<ArrayFile, FileError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refused(path, error))?;
    if archive.len() > MAX_ENTRIES {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            found: format!("{} arrays", archive.len()),
            limit: format!("{MAX_ENTRIES} arrays"),
            advice: "save fewer arrays in the file",
        });
    }
    let mut candidates = Vec::new();
    let mut positions = Vec::new();
    for position in 0..archive.len() {
        if let Some(candidate) = candidate(path, &mut archive, position)? {
            candidates.push(candidate);
            positions.push(position);
        }
    }
    let chosen = choose(path, &candidates, options.name.as_deref())?;
    // The declared length may lie, so what is unpacked is bounded and not what is declared.
    let entry = unpacked(path, &mut archive, positions[chosen], options.max_bytes())?;
    if entry.len() as u64 >= options.max_bytes() {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            found: format!("an array of {} bytes or more", entry.len()),
            limit: format!("{} values", options.max_values),
            advice: RAISE,
        });
    }
    let mut stored = npy::stored_from_bytes(path, &entry, options)?;
    stored.name.clone_from(&candidates[chosen].name);
    stored.into_array(path)
}

/// The name and header of an entry; `None` when it is not a `.npy` file.
fn candidate(
    path: &Path,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    position: usize,
) -> Result<Option<Candidate>, FileError> {
    let start = unpacked(path, archive, position, MAX_HEADER_BYTES as u64 + 12)?;
    let Some(name) = archive.name_for_index(position).and_then(|name| name.strip_suffix(".npy")) else {
        return Ok(None);
    };
    let name = name.to_owned();
    if !start.starts_with(b"\x93NUMPY") {
        return Ok(None);
    }
    let header = Header::from_bytes(path, &start)?;
    let numeric = header.number_type().is_some();
    Ok(Some(Candidate { name, shape: header.shape, dtype: header.dtype, numeric }))
}

fn unpacked(
    path: &Path,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    position: usize,
    limit: u64,
) -> Result<Vec<u8>, FileError> {
    let entry = archive.by_index(position).map_err(|error| refused(path, error))?;
    let mut bytes = Vec::new();
    match entry.take(limit).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => {
            Err(FileError::damaged(path, format!("an array cannot be unpacked ({error})"), "a whole archive"))
        }
    }
}

fn refused(path: &Path, error: ZipError) -> FileError {
    match error {
        ZipError::UnsupportedArchive(what) => FileError::Unsupported {
            path: path.to_owned(),
            found: format!("a ZIP archive that uses something not read ({what})"),
            expected: "plain or deflated arrays",
            advice: "save it with np.savez or np.savez_compressed",
        },
        ZipError::Io(error) => FileError::damaged(path, error.to_string(), "a whole ZIP archive, as np.savez writes"),
        other => FileError::damaged(path, other.to_string(), "a whole ZIP archive, as np.savez writes"),
    }
}

/// Writes named matrices as `.npz`, deflated, all or nothing; the same bytes for the same arrays.
///
/// # Errors
/// As [`write_beside_then_rename`].
pub fn write_npz(path: &Path, arrays: &[(&str, ArrayToWrite<'_>)], inputs: &[&Path]) -> Result<(), FileError> {
    write_beside_then_rename(path, inputs, |writer| {
        let mut archive = ZipWriter::new(writer);
        // Without a clock the entry's time stays at ZIP's first day, 1980-01-01.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
        for (name, array) in arrays {
            archive.start_file(format!("{name}.npy"), options).map_err(|error| failed(path, error))?;
            array.write_to(&mut archive).map_err(FileError::writing(path))?;
        }
        archive.finish().map_err(|error| failed(path, error))?;
        Ok(())
    })
}

fn failed(path: &Path, error: ZipError) -> FileError {
    FileError::writing(path)(io::Error::from(error))
}
