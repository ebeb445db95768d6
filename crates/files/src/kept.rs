//! Work that can be gone on with: what was done lies beside the output until that is there.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fs4::FileExt;

use crate::{FileError, SampleSpool, write_beside_then_rename};

/// The files of a work that was begun: its samples so far (`OUTPUT.part`), and what is needed to go on (`OUTPUT.resume`).
/// The second is replaced whole or not at all, and never tells of samples that are not on disk.
#[derive(Debug)]
pub struct KeptWork {
    samples: PathBuf,
    state: PathBuf,
    /// Locked for as long as this lives, so that no two processes do the same work.
    file: File,
}

impl KeptWork {
    /// The work whose output is to have this name.
    ///
    /// # Errors
    /// [`FileError::Write`], also where another process is at it.
    pub fn beside(output: &Path) -> Result<Self, FileError> {
        let with = |ending: &str| {
            let mut name = output.file_name().map(OsString::from).unwrap_or_default();
            name.push(ending);
            output.with_file_name(name)
        };
        let (samples, state) = (with(".part"), with(".resume"));
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&samples);
        let file = open.map_err(FileError::writing(&samples))?;
        if let Err(fs4::TryLockError::WouldBlock) = FileExt::try_lock(&file) {
            let busy = io::Error::new(io::ErrorKind::ResourceBusy, "another process is working on it");
            return Err(FileError::Write { path: output.to_owned(), source: busy });
        }
        Ok(Self { samples, state, file })
    }

    /// The samples so far, none yet: [`SampleSpool::go_on`] tells how many there are.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn spool(&self, channels: usize) -> Result<SampleSpool, FileError> {
        let file = self.file.try_clone().map_err(FileError::writing(&self.samples))?;
        Ok(SampleSpool::in_file(&self.samples, file, channels))
    }

    /// What was kept last, if anything.
    ///
    /// # Errors
    /// [`FileError::Read`].
    pub fn load(&self) -> Result<Option<Vec<u8>>, FileError> {
        match fs::read(&self.state) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FileError::reading(&self.state)(error)),
        }
    }

    /// Keeps what is needed to go on, after the samples that it tells of.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn save(&self, spool: &mut SampleSpool, state: &[u8]) -> Result<(), FileError> {
        spool.sync()?;
        write_beside_then_rename(&self.state, &[], |writer| {
            io::Write::write_all(writer, state).map_err(FileError::writing(&self.state))
        })
    }

    /// Removes the files, once the output is there.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn remove(self) -> Result<(), FileError> {
        for path in [&self.state, &self.samples] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(FileError::writing(path)(error)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// What tells whether a file is the one that it was: its size, and when it was written, in nanoseconds since 1970.
///
/// # Errors
/// [`FileError::Read`].
pub fn file_stamp(path: &Path) -> Result<(u64, u128), FileError> {
    let about = fs::metadata(path).map_err(FileError::reading(path))?;
    let written = about.modified().map_err(FileError::reading(path))?;
    let since = written.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Ok((about.len(), since.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_where_its_state_says_and_nobody_else_does_it() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("a.wav");
        let kept = KeptWork::beside(&output).unwrap();
        assert!(KeptWork::beside(&output).is_err());
        let mut spool = kept.spool(1).unwrap();
        assert_eq!(kept.load().unwrap(), None);
        spool.push(&[vec![0.5, -0.25]]).unwrap();
        kept.save(&mut spool, b"after two").unwrap();
        // More than the state tells of is forgotten.
        spool.push(&[vec![0.125]]).unwrap();
        drop((spool, kept));
        let kept = KeptWork::beside(&output).unwrap();
        assert_eq!(kept.load().unwrap().as_deref(), Some(&b"after two"[..]));
        let mut spool = kept.spool(1).unwrap();
        spool.go_on(2, 0.5).unwrap();
        spool.push(&[vec![0.75]]).unwrap();
        assert_eq!((spool.frames(), spool.peak()), (3, 0.75));
        write_beside_then_rename(&output, &[], |writer| {
            spool.encode(&output, (8000, 1.0), (crate::SoundFormat::Wav, None), writer)
        })
        .unwrap();
        drop(spool);
        kept.remove().unwrap();
        let sound = crate::read_sound(&output, crate::SoundReadOptions::default()).unwrap();
        assert_eq!(sound.channels, [vec![0.5, -0.25, 0.75]]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
