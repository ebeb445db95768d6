//! The report: a line of JSON for each file, written as it comes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use photophone::batch::{Row, Task, TaskSource};
use photophone::files::FileError;

use crate::batch_args::ManyArguments;
use crate::streams::{is_stream, send};

/// Where rows go.
pub(super) enum Rows {
    Nowhere,
    Stdout,
    /// A file: what a run that was killed has written of it stays.
    File(File, String),
}

impl Rows {
    /// Opens the report. With `--resume` it goes on where it ended, with `--force` it begins anew.
    ///
    /// # Errors
    /// A file that exists already or is an input, and one that cannot be written.
    pub(super) fn open(many: &ManyArguments, tasks: &[Task]) -> anyhow::Result<Self> {
        let path = match &many.report {
            None => return Ok(Self::Nowhere),
            Some(path) if is_stream(path) => return Ok(Self::Stdout),
            Some(path) => path,
        };
        if let Some(input) = input_named(path, tasks) {
            return Err(FileError::Overwrites { path: path.clone(), input }.into());
        }
        if path.is_file() && !many.resume && !many.force {
            return Err(FileError::Exists { path: path.clone() }.into());
        }
        let failed = || FileError::writing(path);
        let mut options = File::options();
        let mut file =
            options.read(true).write(true).create(true).truncate(!many.resume).open(path).map_err(failed())?;
        end_line(&mut file).map_err(failed())?;
        Ok(Self::File(file, path.display().to_string()))
    }

    /// Adds a row, whole.
    ///
    /// # Errors
    /// What the operating system refuses.
    pub(super) fn write(&mut self, row: &Row) -> anyhow::Result<()> {
        let line = serde_json::to_string(row).context("a row of the report cannot be written")? + "\n";
        match self {
            Self::Nowhere => Ok(()),
            Self::Stdout => send(line.as_bytes()),
            Self::File(file, name) => {
                Ok(file.write_all(line.as_bytes()).map_err(FileError::writing(Path::new(name)))?)
            }
        }
    }
}

/// Goes to the end of a report, and to a new line if a killed run has left half of one.
fn end_line(file: &mut File) -> std::io::Result<()> {
    // A device has no end to go to.
    if !file.metadata()?.is_file() || file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

/// The input that a report that is there already is, by another name too.
fn input_named(report: &Path, tasks: &[Task]) -> Option<PathBuf> {
    let report = report.canonicalize().ok()?;
    let inputs = tasks.iter().filter_map(|task| match &task.source {
        TaskSource::File(file) => Some(&file.path),
        TaskSource::Bytes { .. } => None,
    });
    inputs.into_iter().find(|input| input.canonicalize().is_ok_and(|input| input == report)).cloned()
}
