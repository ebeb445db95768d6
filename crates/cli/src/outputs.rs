//! What a command writes: files, and one thing to standard output at most.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use photophone::files::{Existing, FileError, OutputWriter, Outputs, encode_raster};
use photophone::picture::Raster;

use crate::args::OutputArguments;
use crate::interrupt::stage;
use crate::streams::{is_stream, send};

/// The outputs of one command. They are checked before the work and written together after it.
pub(crate) struct CommandOutputs {
    files: Outputs,
    /// What goes to standard output, once that is taken.
    stdout: Option<(String, Vec<u8>)>,
}

impl CommandOutputs {
    pub(crate) fn new(arguments: OutputArguments) -> Self {
        let existing = if arguments.force { Existing::Replace } else { Existing::Refuse };
        Self { files: Outputs::new(existing, stage()), stdout: None }
    }

    /// Refuses outputs that are one of the inputs.
    pub(crate) fn protect(&mut self, inputs: impl IntoIterator<Item = PathBuf>) -> anyhow::Result<()> {
        Ok(self.files.protect(inputs)?)
    }

    /// Takes standard output for something.
    pub(crate) fn take_stdout(&mut self, what: &str) -> anyhow::Result<()> {
        if let Some((other, _)) = &self.stdout {
            anyhow::bail!("{other} and {what} would both go to the standard output; give one of them a file");
        }
        self.stdout = Some((what.to_owned(), Vec::new()));
        Ok(())
    }

    /// Checks an output before the work; `-` is standard output.
    pub(crate) fn plan(&mut self, path: &Path, what: &str) -> anyhow::Result<()> {
        if is_stream(path) { self.take_stdout(what) } else { Ok(self.files.plan(path)?) }
    }

    /// The files among the outputs, for what consists of several.
    pub(crate) fn files(&mut self) -> &mut Outputs {
        &mut self.files
    }

    /// Writes an output that was planned. It gets its name with all others.
    pub(crate) fn write(
        &mut self,
        path: &Path,
        content: impl FnOnce(&mut OutputWriter) -> Result<(), FileError>,
    ) -> anyhow::Result<()> {
        if !is_stream(path) {
            return Ok(self.files.write(path, content)?);
        }
        let mut writer = OutputWriter::in_memory();
        content(&mut writer)?;
        self.print(writer.into_bytes());
        Ok(())
    }

    /// Writes what goes to standard output, which has been taken for it.
    pub(crate) fn print(&mut self, bytes: Vec<u8>) {
        if let Some((_, kept)) = &mut self.stdout {
            *kept = bytes;
        }
    }

    pub(crate) fn write_bytes(&mut self, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
        let failed = |source| FileError::Write { path: path.to_owned(), source };
        self.write(path, |writer| writer.write_all(bytes).map_err(failed))
    }

    pub(crate) fn write_raster(&mut self, path: &Path, raster: &Raster) -> anyhow::Result<()> {
        let bytes = encode_raster(path, raster, &[])?;
        self.write_bytes(path, &bytes)
    }

    /// Puts everything in place: standard output first, as that cannot be taken back.
    pub(crate) fn commit(self) -> anyhow::Result<()> {
        if let Some((_, bytes)) = self.stdout {
            send(&bytes)?;
        }
        Ok(self.files.commit()?)
    }
}

/// The output as it was named; else beside the input, with another ending; else, where the input came through standard
/// input, standard output, unless that is a terminal.
///
/// # Errors
/// No name and a terminal, or an input that is a folder or not there: its folder need not be there either.
pub(crate) fn or_beside(named: Option<&PathBuf>, input: &Path, ending: &str) -> anyhow::Result<PathBuf> {
    match named {
        Some(path) => Ok(path.clone()),
        None if !is_stream(input) => {
            let missing = |source| FileError::Read { path: input.to_owned(), source };
            if std::fs::metadata(input).map_err(missing)?.is_dir() {
                anyhow::bail!(
                    "{}: found a folder; expected a file; give the file in it that you mean",
                    input.display()
                );
            }
            Ok(input.with_extension(ending))
        }
        None if std::io::stdout().is_terminal() => {
            anyhow::bail!("the output has no name, as the input has none; name it with -o, or send it into a pipe")
        }
        None => Ok("-".into()),
    }
}

/// A report as JSON, one line break at its end.
pub(crate) fn json(report: &impl serde::Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(report).context("the report cannot be written")? + "\n")
}
