//! All-or-nothing writing that never destroys an input.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// Writes a file completely or not at all.
///
/// The content goes to a temporary file in the same folder, which takes the output's name only
/// when everything is on disk; on any error the folder is as it was before. The new file gets
/// the permissions of the file it replaces, or those the umask gives. A link is followed; a
/// device (`/dev/null`) is written to, not replaced.
///
/// # Errors
/// [`Error::Overwrites`] when `path` is the same file as one of `inputs` (by another path, a
/// symbolic or a hard link too), [`Error::Write`] when the operating system refuses, and
/// whatever `content` returns.
pub fn write_beside_then_rename<T>(
    path: &Path,
    inputs: &[&Path],
    content: impl FnOnce(&mut BufWriter<File>) -> Result<T, Error>,
) -> Result<T, Error> {
    refuse_inputs(path, inputs)?;
    // A link's target is what must be replaced, and its folder is where renaming is atomic.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(existing) if existing.is_dir() => {
            Err(Error::writing(path)(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")))
        }
        Ok(existing) if existing.is_file() => write_then_rename(path, &target, Some(existing.permissions()), content),
        Ok(_device) => write_then_copy(path, content),
        Err(_) => write_then_rename(path, &target, None, content),
    }
}

fn write_then_rename<T>(
    path: &Path,
    target: &Path,
    permissions: Option<fs::Permissions>,
    content: impl FnOnce(&mut BufWriter<File>) -> Result<T, Error>,
) -> Result<T, Error> {
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".photophone-");
    with_umask_permissions(&mut builder);
    let (file, beside) = builder.tempfile_in(folder).map_err(Error::writing(path))?.into_parts();
    let mut writer = BufWriter::new(file);
    let result = content(&mut writer)?;
    let file = writer.into_inner().map_err(|error| Error::writing(path)(error.into_error()))?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions).map_err(Error::writing(path))?;
    }
    // A full disk or a lost network mount may speak up only here.
    file.sync_all().map_err(Error::writing(path))?;
    drop(file);
    beside.persist(target).map_err(|error| Error::writing(path)(error.error))?;
    Ok(result)
}

fn write_then_copy<T>(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> Result<T, Error>) -> Result<T, Error> {
    let mut writer = BufWriter::new(tempfile::tempfile().map_err(Error::writing(path))?);
    let result = content(&mut writer)?;
    let copied = writer.rewind().and_then(|()| {
        let mut device = File::options().write(true).open(path)?;
        io::copy(writer.get_mut(), &mut device)?;
        device.flush()
    });
    copied.map_err(Error::writing(path))?;
    Ok(result)
}

#[cfg(unix)]
fn with_umask_permissions(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn with_umask_permissions(_: &mut tempfile::Builder<'_, '_>) {}

/// Refuses an output that is one of the inputs.
///
/// # Errors
/// [`Error::Overwrites`].
pub fn refuse_inputs(path: &Path, inputs: &[&Path]) -> Result<(), Error> {
    match inputs.iter().find(|input| is_same_file(path, input)) {
        Some(input) => Err(Error::Overwrites { path: path.to_owned(), input: PathBuf::from(input) }),
        None => Ok(()),
    }
}

fn is_same_file(left: &Path, right: &Path) -> bool {
    if let (Ok(left), Ok(right)) = (fs::metadata(left), fs::metadata(right))
        && is_same_inode(&left, &right)
    {
        return true;
    }
    match (fs::canonicalize(left), fs::canonicalize(right)) {
        (Ok(left), Ok(right)) => left == right,
        _ => left == right,
    }
}

#[cfg(unix)]
fn is_same_inode(left: &fs::Metadata, right: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    left.is_file() && left.dev() == right.dev() && left.ino() == right.ino()
}

#[cfg(not(unix))]
fn is_same_inode(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    false
}
