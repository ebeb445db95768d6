//! All-or-nothing writing of one or several files that never destroys an input.
//!
//! | file | what |
//! |---|---|
//! | `target` | what an output's name stands for, and whether it may be written |
//! | `temporary` | temporary files, and those that killed processes have left |
//! | `writer` | where the bytes of an output go |
//! | `place` | all files of one work get their names, or none |
//! | `stage` | ends all of it from another thread |

mod place;
mod stage;
mod target;
mod temporary;
mod writer;

use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

pub use stage::Stage;
pub use writer::OutputWriter;

use crate::FileError;
use crate::digest::read_digest;
use place::{Whole, put_in_place};
use target::{Place, Target};
use temporary::{Temporary, sweep};

/// What becomes of a file that has the name of an output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the output is refused.
    #[default]
    Refuse,
    /// It is replaced, whole or not at all. A read-only file is refused still.
    Replace,
}

/// The files that one work writes: all of them or none.
///
/// [`plan`](Self::plan) checks a name before the work, [`write`](Self::write) puts a file's bytes on disk under a
/// temporary name in the same folder, and [`commit`](Self::commit) gives all files their names. Whatever fails before
/// the end of `commit`, the folder is as it was before, but for files that a killed process could not remove: those go
/// with the next work in that folder.
///
/// A link is followed, to a file that does not exist yet too. A device or a pipe is written to, not replaced.
#[derive(Debug, Default)]
pub struct Outputs {
    existing: Existing,
    inputs: Vec<PathBuf>,
    targets: Vec<Target>,
    whole: Vec<Whole>,
    streams: Vec<(PathBuf, Vec<u8>)>,
    stage: Stage,
}

impl Outputs {
    /// No outputs yet. What becomes of existing files holds for all of them; `stage` is for whoever has to end the
    /// work from another thread.
    pub fn new(existing: Existing, stage: &Stage) -> Self {
        Self { existing, stage: stage.clone(), ..Self::default() }
    }

    /// Refuses outputs, planned and to come, that are one of these files.
    ///
    /// # Errors
    /// [`FileError::Overwrites`].
    pub fn protect(&mut self, inputs: impl IntoIterator<Item = PathBuf>) -> Result<(), FileError> {
        self.inputs.extend(inputs);
        self.targets.iter().try_for_each(|target| self.refuse_input(target))
    }

    /// Checks that an output can be written, before the work; nothing is left in its folder.
    ///
    /// # Errors
    /// [`FileError::Overwrites`] where it is an input, by another path, a symbolic or a hard link too,
    /// [`FileError::SameOutput`] where it is another output, [`FileError::Exists`] and [`FileError::ReadOnly`] where a file may not
    /// be replaced, and [`FileError::Write`] where it is a folder, or its folder is missing or cannot be written to.
    pub fn plan(&mut self, path: &Path) -> Result<(), FileError> {
        self.plan_where(path, self.existing)
    }

    /// The same for one whose name is no one else's: it is replaced, whatever becomes of the others.
    ///
    /// # Errors
    /// As [`plan`](Self::plan), but for [`FileError::Exists`].
    pub fn plan_own(&mut self, path: &Path) -> Result<(), FileError> {
        self.plan_where(path, Existing::Replace)
    }

    fn plan_where(&mut self, path: &Path, existing: Existing) -> Result<(), FileError> {
        let target = Target::find(path, existing)?;
        self.refuse_input(&target)?;
        target.check()?;
        if let Some(other) = self.targets.iter().find(|other| other.is_same(path)) {
            return Err(FileError::SameOutput { path: path.to_owned(), other: other.given.clone() });
        }
        // One try is enough for all files of a folder.
        if let Some(folder) =
            target.folder().filter(|_| !self.targets.iter().any(|other| other.folder() == target.folder()))
        {
            sweep(folder);
            Temporary::new(folder, &self.stage).map_err(FileError::writing(path))?;
        }
        self.targets.push(target);
        Ok(())
    }

    /// The outputs as they were named.
    pub fn names(&self) -> impl Iterator<Item = &Path> {
        self.targets.iter().map(|target| target.given.as_path())
    }

    /// Writes an output under a temporary name, or keeps the bytes of a device or pipe; plans it if that was not done.
    ///
    /// # Errors
    /// As [`plan`](Self::plan), [`FileError::Write`] when the operating system refuses, and whatever `content` returns.
    pub fn write<T>(
        &mut self,
        path: &Path,
        content: impl FnOnce(&mut OutputWriter) -> Result<T, FileError>,
    ) -> Result<T, FileError> {
        if !self.targets.iter().any(|target| target.given == path) {
            self.plan(path)?;
        }
        let target = self.targets.iter().find(|target| target.given == path);
        let Some(Target { given, existing, place: Place::File { path, permissions } }) = target else {
            let mut writer = OutputWriter::in_memory();
            let result = content(&mut writer)?;
            self.streams.push((path.to_owned(), writer.into_bytes()));
            return Ok(result);
        };
        let failed = || FileError::writing(given);
        let folder = path.parent().unwrap_or(Path::new("."));
        let (temporary, file) = Temporary::new(folder, &self.stage).map_err(failed())?;
        let mut writer = OutputWriter::of_file(file);
        let result = content(&mut writer)?;
        let file = writer.into_file().map_err(failed())?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions.clone()).map_err(failed())?;
        }
        // A full disk or a lost network mount may speak up only here.
        file.sync_all().map_err(failed())?;
        self.whole.push(Whole { given: given.clone(), path: path.clone(), existing: *existing, temporary, file });
        Ok(result)
    }

    /// The digest of each file that was written, as it will be in place; devices and pipes have none.
    ///
    /// # Errors
    /// [`FileError::Read`].
    pub fn digests(&mut self) -> Result<Vec<(PathBuf, String)>, FileError> {
        let digest = |whole: &mut Whole| {
            whole.file.rewind()?;
            read_digest(&whole.file)
        };
        let digests = self.whole.iter_mut().map(|whole| {
            let digest = digest(whole).map_err(FileError::reading(&whole.given))?;
            Ok((whole.given.clone(), digest))
        });
        digests.collect()
    }

    /// Puts every output in place, in the order in which they were written; what goes to devices and pipes goes first.
    ///
    /// # Errors
    /// [`FileError::Write`], or [`FileError::Exists`] where a file came into being meanwhile. Files put in place before are
    /// taken back.
    pub fn commit(self) -> Result<(), FileError> {
        let Self { whole, streams, stage, .. } = self;
        for (path, bytes) in streams {
            send(&path, &bytes).map_err(FileError::writing(&path))?;
        }
        stage.place(|| put_in_place(whole, &stage))
    }

    fn refuse_input(&self, target: &Target) -> Result<(), FileError> {
        match self.inputs.iter().find(|input| target.is_same(input)) {
            Some(input) => Err(FileError::Overwrites { path: target.given.clone(), input: input.clone() }),
            None => Ok(()),
        }
    }
}

/// Writes to a device or pipe, or at the end of a file that is open already. A reader that has gone away is no error.
fn send(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut device = File::options().append(true).open(path)?;
    match device.write_all(bytes).and_then(|()| device.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes one file completely or not at all, in place of any that has its name; see [`Outputs`].
///
/// The new file gets the permissions of the file it replaces, or those the umask gives.
///
/// # Errors
/// [`FileError::Overwrites`] when `path` is the same file as one of `inputs` (by another path, a
/// symbolic or a hard link too), [`FileError::Write`] when the operating system refuses, and
/// whatever `content` returns.
pub fn write_beside_then_rename<T>(
    path: &Path,
    inputs: &[&Path],
    content: impl FnOnce(&mut OutputWriter) -> Result<T, FileError>,
) -> Result<T, FileError> {
    let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
    outputs.protect(inputs.iter().map(PathBuf::from))?;
    let result = outputs.write(path, content)?;
    outputs.commit()?;
    Ok(result)
}
