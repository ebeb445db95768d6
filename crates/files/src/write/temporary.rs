//! Temporary files that tell whether their owner lives, and the removal of those whose owner does not.
//!
//! A temporary file is locked (flock(2)) by the process that writes it for as long as it lives. The system lets go
//! of the lock of a process that was killed, so a file that can be locked is nobody's.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use fs4::FileExt;
use tempfile::TempPath;

use super::stage::Stage;

/// How the names of temporary files begin; [`NAME_LETTERS`] letters and digits follow.
const PREFIX: &str = ".photophone-";
const NAME_LETTERS: usize = 6;

/// Names tried before a folder is given up.
const ATTEMPTS: usize = 1000;

/// A file's temporary name. The file is removed with this, unless it was put in place.
#[derive(Debug)]
pub(super) struct Temporary {
    path: Option<TempPath>,
    name: PathBuf,
    stage: Stage,
}

impl Temporary {
    /// Makes a file in a folder, locked, with the permissions that the umask leaves to any new file.
    pub(super) fn new(folder: &Path, stage: &Stage) -> io::Result<(Self, File)> {
        for _ in 0..ATTEMPTS {
            let temporary = Self::named(folder, stage)?;
            let file = match File::options().read(true).write(true).create_new(true).open(&temporary.name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                other => other?,
            };
            let temporary = temporary.owned()?;
            // Where no locks can be had (some network file systems) nobody else can take one to remove the file.
            match FileExt::try_lock(&file) {
                Err(fs4::TryLockError::WouldBlock) => {}
                _ if temporary.name.exists() => return Ok((temporary, file)),
                _ => {}
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "no name is free for a temporary file"))
    }

    /// A second name for an existing file, to put it back by; a copy where the file system has no hard links.
    ///
    /// What is returned beside it holds the lock.
    pub(super) fn second_name(of: &Path, stage: &Stage) -> io::Result<(Self, File)> {
        let folder = of.parent().unwrap_or(Path::new("."));
        let file = File::open(of)?;
        let _ = FileExt::try_lock_shared(&file);
        let temporary = Self::named(folder, stage)?;
        if fs::hard_link(of, &temporary.name).is_ok() {
            return Ok((temporary.owned()?, file));
        }
        let (temporary, mut copy) = Self::new(folder, stage)?;
        io::copy(&mut &file, &mut copy)?;
        copy.set_permissions(file.metadata()?.permissions())?;
        copy.sync_all()?;
        Ok((temporary, copy))
    }

    /// A name that is likely to be free. No file is removed with it yet.
    fn named(folder: &Path, stage: &Stage) -> io::Result<Self> {
        let mut random = RandomState::new().build_hasher().finish();
        let letters = (0..NAME_LETTERS).map(|_| {
            let digit = (random % 36) as u32;
            random /= 36;
            char::from_digit(digit, 36).unwrap_or('0')
        });
        let name = folder.join(letters.fold(PREFIX.to_owned(), |name, letter| name + &letter.to_string()));
        if stage.is_abandoned() {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        Ok(Self { path: None, name, stage: stage.clone() })
    }

    /// The same, and from now on the file of that name is removed with it.
    fn owned(mut self) -> io::Result<Self> {
        self.path = Some(TempPath::try_from_path(&self.name)?);
        self.stage.enter(&self.name);
        Ok(self)
    }

    /// Whether its folder takes upper and lower case for the same.
    pub(super) fn is_found_in_capitals(&self) -> bool {
        let name = self.name.file_name().map(|name| name.to_string_lossy().to_uppercase());
        name.is_some_and(|name| self.name.with_file_name(name).exists())
    }

    /// Gives the file its name, in place of any other.
    pub(super) fn replace(mut self, target: &Path) -> io::Result<()> {
        self.path.take().map_or(Ok(()), |path| path.persist(target).map_err(|failed| failed.error))
    }

    /// Gives the file its name if no other has it; the system does both in one step.
    pub(super) fn create(mut self, target: &Path) -> io::Result<()> {
        self.path.take().map_or(Ok(()), |path| path.persist_noclobber(target).map_err(|failed| failed.error))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(self.path.take());
        self.stage.leave(&self.name);
    }
}

/// Folders that this process has looked through.
static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Removes the temporary files that killed processes have left in a folder, once for each process and folder: a folder
/// of many pictures takes its time to be looked through.
pub(super) fn sweep(folder: &Path) {
    // Who is busy there sweeps; in a forked child nobody may be, and then nothing is swept.
    let Ok(mut swept) = SWEPT.try_lock() else { return };
    if !swept.insert(folder.to_owned()) {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if is_temporary_name(&entry.file_name().to_string_lossy()) && entry.file_type().is_ok_and(|kind| kind.is_file())
        {
            remove_if_left(&entry.path());
        }
    }
}

fn is_temporary_name(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.len() == NAME_LETTERS && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn remove_if_left(path: &Path) {
    let Ok(file) = File::options().read(true).write(true).open(path) else { return };
    if FileExt::try_lock(&file).is_ok() {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_temporary_files_are_known_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let (temporary, _file) = Temporary::new(folder.path(), &Stage::default()).unwrap();
        assert!(is_temporary_name(&temporary.name.file_name().unwrap().to_string_lossy()));
        for name in [".photophone-", ".photophone-notes.txt", ".photophone-abcdefg", "photophone-abcdef", "x"] {
            assert!(!is_temporary_name(name), "{name}");
        }
    }

    #[test]
    fn what_is_left_goes_and_what_lives_stays() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(".photophone-Ab3dEf");
        fs::write(&left, b"half").unwrap();
        let (temporary, file) = Temporary::new(folder.path(), &Stage::default()).unwrap();
        let old = folder.path().join("old");
        fs::write(&old, b"old").unwrap();
        let (second, held) = Temporary::second_name(&old, &Stage::default()).unwrap();
        sweep(folder.path());
        assert!(!left.exists() && temporary.name.exists() && second.name.exists());
        let names = [temporary.name.clone(), second.name.clone()];
        drop((temporary, file, second, held));
        assert!(!names[0].exists() && !names[1].exists() && old.exists());
    }
}
