//! Everything that can go wrong with a file, each with what was found, what was expected and what to do.

use std::io;
use std::path::{Path, PathBuf};

use photophone_picture::PictureError;
use thiserror::Error;

/// Why a file could not be read or written. A message begins with the file's name.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused to give the file's bytes.
    #[error("{path}: cannot be read: {source}; check the name and that the file may be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The operating system refused to take the file's bytes; nothing is left behind.
    #[error("{path}: cannot be written: {source}; {}", advice_on_writing(source))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// An output names one of the inputs.
    #[error("{path}: is an input ({input}) and would be overwritten; give the output another name")]
    Overwrites {
        /// The output.
        path: PathBuf,
        /// The input it is the same file as.
        input: PathBuf,
    },
    /// An output has the name of a file that is there already.
    #[error("{path}: exists already; give the output another name, or replace the file with `force`")]
    Exists {
        /// The output.
        path: PathBuf,
    },
    /// An output has the name of a file that may not be written to.
    #[error(
        "{path}: is read-only, and such a file is never replaced; give the output another name, or make the file writable"
    )]
    ReadOnly {
        /// The output.
        path: PathBuf,
    },
    /// Two outputs are one file.
    #[error("{path}: is named for two outputs (the other is {other}); give each its own name")]
    SameOutput {
        /// The output.
        path: PathBuf,
        /// The other one, perhaps by another path.
        other: PathBuf,
    },
    /// The file has no bytes.
    #[error("{path}: is empty (0 bytes); expected {expected}; make or copy it again")]
    Empty {
        /// The file.
        path: PathBuf,
        /// What it should have been.
        expected: &'static str,
    },
    /// The file is of another kind than the one expected.
    #[error("{path}: found {found}; expected {expected}; {advice}")]
    Kind {
        /// The file.
        path: PathBuf,
        /// What its content says it is.
        found: String,
        /// What it should have been.
        expected: &'static str,
        /// What to do.
        advice: String,
    },
    /// The file is of the right kind but uses something that is not read.
    #[error("{path}: found {found}; expected {expected}; {advice}")]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it uses.
        found: String,
        /// What is read.
        expected: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// The file breaks off or contradicts itself.
    #[error("{path}: is damaged: {found}; expected {expected}; make or copy it again")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        found: String,
        /// What a whole file has.
        expected: String,
    },
    /// The file's content is fine but makes no sense for the purpose.
    #[error("{path}: found {found}; expected {expected}; {advice}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: String,
        /// What to do.
        advice: String,
    },
    /// The file holds more than the limit allows; checked before memory is taken.
    #[error("{path}: found {found}; expected at most {limit}; {advice}")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How much it holds.
        found: String,
        /// How much is allowed.
        limit: String,
        /// How to raise the limit.
        advice: &'static str,
    },
    /// An output's name does not say which format to write.
    #[error("{path}: found {found}; expected a name ending in {known}; rename the output")]
    Ending {
        /// The output.
        path: PathBuf,
        /// The ending it has.
        found: String,
        /// The endings that are known.
        known: &'static str,
    },
    /// Pixels in memory that do not fill the size they are told to have.
    #[error("{path}: {source}")]
    Pixels {
        /// What the caller calls them.
        path: PathBuf,
        /// What does not fit.
        source: PictureError,
    },
    /// The [`Stage`](crate::Stage) of the outputs was abandoned.
    #[error("interrupted; nothing was written")]
    Abandoned,
}

/// What to do where the operating system refuses to take a file's bytes.
fn advice_on_writing(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::IsADirectory => "give the output another name",
        io::ErrorKind::NotFound => "make the folder first",
        io::ErrorKind::PermissionDenied => "choose a folder and a file that you may write",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room, or choose another place"
        }
        _ => "check that the folder exists, may be written and has room",
    }
}

impl FileError {
    /// A function that wraps an operating system's error on reading `path`.
    pub fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Read { path, source }
    }

    /// A function that wraps an operating system's error on writing `path`.
    pub fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Write { path, source }
    }

    /// A file that breaks off or contradicts itself.
    pub fn damaged(path: &Path, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), found: found.into(), expected: expected.into() }
    }

    /// A file whose content makes no sense for the purpose.
    pub fn content(
        path: &Path,
        found: impl Into<String>,
        expected: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::Content { path: path.to_owned(), found: found.into(), expected: expected.into(), advice: advice.into() }
    }
}
