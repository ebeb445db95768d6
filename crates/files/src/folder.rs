//! Folders: what lies beside a file, and where files go.

use std::path::Path;

use crate::FileError;

/// Makes a folder and those above it, as far as they are not there.
///
/// # Errors
/// [`FileError::Write`].
pub fn make_folder(folder: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(folder).map_err(FileError::writing(folder))
}

/// The names in a folder that are text, in the folder's own order; of a folder without end the first `most`. None where it
/// cannot be listed.
pub fn names_in_folder(folder: &Path, most: usize) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().take(most).flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}
