//! What an output's name stands for, and whether it may be written.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::Existing;
use super::stage::Stage;
use super::temporary::Temporary;
use crate::FileError;

/// Links followed before a name is taken for a circle of links, as Linux counts (`path_resolution(7)`).
const MAX_LINKS: usize = 40;

/// An output that may be written.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// As the caller named it, for messages.
    pub(super) given: PathBuf,
    /// What becomes of a file that is there.
    pub(super) existing: Existing,
    pub(super) place: Place,
}

/// Where an output's bytes go.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// A file, its links followed: its folder's true name and its own.
    File {
        /// Its true name, whether or not it exists.
        path: PathBuf,
        /// The permissions of the file that is there, if one is.
        permissions: Option<fs::Permissions>,
    },
    /// A device or a pipe: it is written to, not replaced.
    Stream,
}

impl Target {
    /// Follows a name to the file or device that it stands for.
    ///
    /// # Errors
    /// [`FileError::Write`] where its folder is not there, or it is a folder itself.
    pub(super) fn find(given: &Path, existing: Existing) -> Result<Self, FileError> {
        let place = place(given).map_err(FileError::writing(given))?;
        Ok(Self { given: given.to_owned(), existing, place })
    }

    /// Refuses a file that is there and may not be replaced.
    pub(super) fn check(&self) -> Result<(), FileError> {
        let Place::File { path, permissions: Some(permissions) } = &self.place else { return Ok(()) };
        if self.existing == Existing::Refuse {
            return Err(FileError::Exists { path: self.given.clone() });
        }
        if permissions.readonly() || is_refused(path) {
            return Err(FileError::ReadOnly { path: self.given.clone() });
        }
        Ok(())
    }

    /// The folder that a file goes to.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::File { path, .. } => path.parent(),
            Place::Stream => None,
        }
    }

    /// Whether both are one file: by another path, a symbolic or a hard link, or another case where that is the same.
    pub(super) fn is_same(&self, other: &Path) -> bool {
        let own = match &self.place {
            Place::File { path, .. } => path,
            Place::Stream => &self.given,
        };
        is_same_inode(own, other)
            || follow(other).is_ok_and(|other| other == *own || differ_by_case(own, &other))
            || self.given == other
    }
}

fn place(given: &Path) -> io::Result<Place> {
    let path = match follow(given) {
        Ok(path) => path,
        // "." and "/" have no name of their own.
        Err(_) if given.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
        Err(error) => return Err(error),
    };
    // What another program has opened (/dev/stdout, /dev/fd/3): its name there is not one to be replaced.
    if path.starts_with("/proc") {
        return Ok(Place::Stream);
    }
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_dir() => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
        Ok(found) if found.is_file() => Ok(Place::File { path, permissions: Some(found.permissions()) }),
        Ok(_device) => Ok(Place::Stream),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Place::File { path, permissions: None }),
        Err(error) => Err(error),
    }
}

/// The true name of what a path stands for; unlike `canonicalize` also of what does not exist yet, be it
/// the target of a link.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let folder = folder.canonicalize()?;
        let here = folder.join(name);
        if here.starts_with("/proc") {
            return Ok(here);
        }
        match fs::read_link(&here) {
            Ok(next) => path = folder.join(next),
            Err(_) => return Ok(here),
        }
    }
    Err(io::Error::other("it is a link in a circle of links"))
}

/// Whether the operating system lets nobody of our rights write to a file.
fn is_refused(path: &Path) -> bool {
    File::options().append(true).open(path).is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// Whether two names differ by upper and lower case alone, in a folder that takes these for the same.
fn differ_by_case(left: &Path, right: &Path) -> bool {
    let lower = |path: &Path| path.to_string_lossy().to_lowercase();
    if left == right || lower(left) != lower(right) {
        return false;
    }
    let probe = Temporary::new(left.parent().unwrap_or(Path::new(".")), &Stage::default());
    probe.is_ok_and(|(temporary, _file)| temporary.is_found_in_capitals())
}

#[cfg(unix)]
fn is_same_inode(left: &Path, right: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(left), fs::metadata(right)) {
        (Ok(left), Ok(right)) => left.dev() == right.dev() && left.ino() == right.ino(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same_inode(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}
