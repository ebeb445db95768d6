//! One of many files: drawn or recovered, skipped where that was done before.
//!
//! Whoever has many files (the command `batch`, engines that spread work over machines) makes one [`Batch`] and gives it
//! a [`Task`] for each. Tasks know nothing of each other: they may run in any order, on any threads, processes and
//! machines, and again.
//!
//! | file | what |
//! |---|---|
//! | `task` | one file to work on |
//! | `work` | what is done with each file |
//! | `record` | what an output was made of, by digests |
//! | `row` | what became of a file |

mod record;
mod row;
mod task;
mod work;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use record::RECORDS;
pub use row::{Row, Status};
pub use task::{Task, TaskSource};
pub use work::{Beside, DrawWork, RecoverWork, Work};

use photophone_transform::StopFlag;

use crate::Error;
use crate::files::{Existing, FileError, Outputs, Stage, bytes_digest, file_digest, guarded, make_folder};
use record::{Digests, Record};

/// What a decoder that fails inside leaves to say.
const EXPECTED: &str = "a file that can be read";

/// What becomes of outputs that exist. Default: they stay, and their task fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Again {
    /// Skips outputs that were made of the same input in the same way, and makes those again whose input, side files
    /// or settings are others now. An output that has been changed since, or was made of a file of another name or by
    /// something else, stays, and its task fails.
    pub resume: bool,
    /// Replaces whatever has an output's name.
    pub force: bool,
}

/// The same work on many files.
#[derive(Clone, Debug)]
pub struct Batch {
    work: Work,
    folder: PathBuf,
    again: Again,
    stage: Stage,
    settings: String,
}

impl Batch {
    /// Work whose outputs go below `folder`. `stage` is for whoever has to end it from another thread.
    pub fn new(work: Work, folder: impl Into<PathBuf>, again: Again, stage: &Stage) -> Self {
        let settings = work.digest();
        Self { work, folder: folder.into(), again, stage: stage.clone(), settings }
    }

    /// The same work, which `stop` ends.
    #[must_use]
    pub fn with_stop(&self, stop: &StopFlag) -> Self {
        let mut same = self.clone();
        same.work.set_stop(stop);
        same
    }

    /// Does one task: all its outputs are in place, whole, when this returns, or none is.
    ///
    /// The files that it makes depend on the task and the work alone. Beside them it keeps a record of what they were made
    /// of, in [`RECORDS`] below the folder of all outputs.
    ///
    /// # Errors
    /// Whatever is wrong with this file; others are not affected by it.
    pub fn one(&self, task: &Task) -> Result<Row, Error> {
        let start = Instant::now();
        let name = PathBuf::from(task.source.name());
        let row = guarded(&name, EXPECTED, || self.done(task))?;
        Ok(Row { work_secs: start.elapsed().as_secs_f64(), settings_digest: self.settings.clone(), ..row })
    }

    /// The row of a task that failed after some time.
    pub fn failed(&self, task: &Task, error: &Error, after: Duration) -> Row {
        Row {
            status: Status::Failed,
            error: Some(error.to_string()),
            work_secs: after.as_secs_f64(),
            settings_digest: self.settings.clone(),
            ..Row::of(task, &self.folder.join(&task.output))
        }
    }

    fn done(&self, task: &Task) -> Result<Row, Error> {
        let output = self.folder.join(&task.output);
        let record_path = record::path(&self.folder, &task.output);
        let inputs = self.inputs(&task.source)?;
        let row = Row { input_digest: inputs.of_source(), ..Row::of(task, &output) };
        let before = Record::read(&record_path);
        if self.again.resume && before.as_ref().is_some_and(|record| self.is_done(record, &inputs, task)) {
            return Ok(Row { status: Status::Skipped, ..row });
        }
        [&output, &record_path].into_iter().filter_map(|path| path.parent()).try_for_each(make_folder)?;
        let mut outputs = self.outputs();
        outputs.protect(inputs.paths())?;
        outputs.plan_own(&record_path)?;
        let done = self.work.run(task, &mut outputs, &output)?;
        let inputs = inputs.with(done.read.iter().cloned())?;
        let made = outputs.digests()?;
        if self.again.resume && !self.again.force {
            refuse_changed(&made, before.as_ref().filter(|record| record.is_from(&inputs)))?;
        }
        let text = Record::new(self.settings.clone(), &inputs, &made).to_json();
        outputs.write(&record_path, |writer| {
            writer.write_all(text.as_bytes()).map_err(FileError::writing(&record_path))
        })?;
        outputs.commit()?;
        Ok(done.told(row))
    }

    fn outputs(&self) -> Outputs {
        let replaces = self.again.resume || self.again.force;
        Outputs::new(if replaces { Existing::Replace } else { Existing::Refuse }, &self.stage)
    }

    /// What a task reads, or would read if it were there.
    fn inputs(&self, source: &TaskSource) -> Result<Digests, Error> {
        match source {
            TaskSource::File(file) => {
                let (first, more) = self.work.files(&file.path);
                Digests::of_file(&first, self.work.looked_for(&first).into_iter().chain(more))
            }
            TaskSource::Bytes { bytes, .. } => Ok(Digests::of_bytes(bytes_digest(bytes))),
        }
    }

    /// Whether the outputs that are there were made of these inputs by these settings.
    fn is_done(&self, record: &Record, inputs: &Digests, task: &Task) -> bool {
        let folder = self.folder.join(&task.output);
        record.settings == self.settings
            && record.is_of(inputs)
            && record.outputs().all(|name| folder.with_file_name(name).is_file())
    }
}

/// Refuses to replace what is neither as the record of this input's output before has it nor as it is made now.
fn refuse_changed(made: &[(PathBuf, String)], before: Option<&Record>) -> Result<(), Error> {
    let is_ours = |path: &Path, digest: &str| -> Result<bool, Error> {
        if !path.exists() {
            return Ok(true);
        }
        let there = file_digest(path)?;
        Ok(there == digest || before.is_some_and(|record| record.output_digest(path) == Some(&there)))
    };
    for (path, digest) in made {
        if !is_ours(path, digest)? {
            return Err(FileError::Exists { path: path.clone() }.into());
        }
    }
    Ok(())
}
