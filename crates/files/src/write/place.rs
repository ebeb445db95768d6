//! Files that are on disk under temporary names get their own: all of them or none.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs4::FileExt;

use super::Existing;
use super::stage::Stage;
use super::temporary::Temporary;
use crate::FileError;

/// How long another process may keep a folder; it holds it for a few names given.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the folder is asked for.
const PAUSE: Duration = Duration::from_millis(2);

/// A whole file under a temporary name.
#[derive(Debug)]
pub(super) struct Whole {
    /// As the caller named it, for messages.
    pub(super) given: PathBuf,
    /// Its name to be, links followed.
    pub(super) path: PathBuf,
    /// What becomes of a file that has this name.
    pub(super) existing: Existing,
    pub(super) temporary: Temporary,
    /// Open, as the lock on the temporary file is this handle's.
    pub(super) file: File,
}

/// What undoes a file that was put in place.
struct Undo {
    path: PathBuf,
    /// The file that was there, under another name.
    old: Option<(Temporary, File)>,
}

impl Undo {
    fn undo(self) {
        // Nothing more can be done where this fails too.
        let _ = match self.old {
            Some((old, _lock)) => old.replace(&self.path),
            None => fs::remove_file(&self.path),
        };
    }
}

/// Gives files their names, in their order. If one cannot get it, those before get back what they replaced.
///
/// Others of the project's processes wait meanwhile, so that what lies in a folder is of one of them.
pub(super) fn put_in_place(files: Vec<Whole>, stage: &Stage) -> Result<(), FileError> {
    let _folders = lock_folders(&files);
    let last = files.len().saturating_sub(1);
    let mut undos = Vec::new();
    for (number, file) in files.iter().enumerate() {
        // The last one is replaced in one step or not at all.
        let keeps = file.existing == Existing::Replace && number < last && file.path.exists();
        let old = keeps.then(|| Temporary::second_name(&file.path, stage)).transpose();
        undos.push(Undo { path: file.path.clone(), old: old.map_err(FileError::writing(&file.given))? });
    }
    let mut placed = Vec::new();
    for (file, undo) in files.into_iter().zip(undos) {
        if let Err(error) = named(file) {
            placed.into_iter().rev().for_each(Undo::undo);
            return Err(error);
        }
        placed.push(undo);
    }
    Ok(())
}

fn named(file: Whole) -> Result<(), FileError> {
    let Whole { given, path, existing, temporary, file } = file;
    let result = match existing {
        Existing::Replace => temporary.replace(&path),
        Existing::Refuse => temporary.create(&path),
    };
    drop(file);
    result.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists { path: given },
        _ => FileError::writing(&given)(error),
    })
}

/// Locks the folders of files, always in the same order. Where that cannot be done it is left: what it guards from is
/// found out when the files are read.
fn lock_folders(files: &[Whole]) -> Vec<File> {
    let mut folders: Vec<&Path> = files.iter().filter_map(|file| file.path.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    let start = Instant::now();
    let lock = |folder: &Path| {
        let folder = File::open(folder).ok()?;
        while let Err(fs4::TryLockError::WouldBlock) = FileExt::try_lock(&folder) {
            if start.elapsed() > PATIENCE {
                return None;
            }
            std::thread::sleep(PAUSE);
        }
        Some(folder)
    };
    folders.into_iter().filter_map(lock).collect()
}
