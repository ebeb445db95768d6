//! Everything that can go wrong, each with what was found, what was expected and what to do.

use std::io;
use std::path::{Path, PathBuf};

use photophone_picture::PictureError;
use photophone_spectrum::{Number, Stopped};
use photophone_transform::TransformError;
use thiserror::Error;

/// Why an operation failed. A message about a file begins with the file's name.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
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
    /// Two sounds to compare have sample rates too far apart to resample.
    #[error(
        "sample rates differ: {truth_hz} Hz in the truth and {result_hz} Hz in the result; expected at most 128 times as many in one; check both files"
    )]
    SampleRates {
        /// The truth's.
        truth_hz: u32,
        /// The result's.
        result_hz: u32,
    },
    /// Two sounds cannot be compared.
    #[error("cannot be compared: {found}; expected {expected}; {advice}")]
    Incomparable {
        /// What is wrong.
        found: String,
        /// What can be compared.
        expected: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A value cannot be read or is out of its range.
    #[error("{name} is '{found}'; expected {expected}")]
    Value {
        /// The value's name, as the command line spells it.
        name: &'static str,
        /// What was found.
        found: String,
        /// What would be accepted.
        expected: &'static str,
    },
    /// A setting of another transform.
    // The setting is for front ends to spell.
    #[error("\u{60}{name}\u{60} is given for {transform}, which has none; leave it out, or give `transform {other}`")]
    OtherTransform {
        /// The setting.
        name: &'static str,
        /// The transform that it was given for.
        transform: &'static str,
        /// The transform that has it.
        other: &'static str,
    },
    /// Two sources say different things.
    #[error("{}; leave one out, or give the file that belongs to it", contradiction(name, here, given, there, stored))]
    Contradiction {
        /// The value's name.
        name: String,
        /// The first source; [`GIVEN`](crate::GIVEN) where it is the setting itself.
        here: &'static str,
        /// What it says.
        given: String,
        /// The second source.
        there: &'static str,
        /// What that says.
        stored: String,
    },
    /// A job would take more memory or work than its limit; checked before it begins. See [`Limits`](crate::Limits).
    #[error("{what} would take {needed}; expected at most {limit}; {because}; {advice}")]
    TooMuch {
        /// The job.
        what: String,
        /// What it would take.
        needed: String,
        /// What it may take.
        limit: String,
        /// What makes it so large.
        because: String,
        /// How to raise the limit.
        advice: &'static str,
    },
    /// The rows of a picture or array are more bins than fit.
    #[error(
        "found {rows} rows, expected at most {fit}: so many bins, {bins_per_octave} an octave from {:.2} Hz, lie \
         below half the sample rate ({:.0} Hz). This is no constant-Q picture with these bins; {hint}",
        Number(*fmin_hz), Number(*nyquist_hz)
    )]
    NotThatManyBins {
        /// Rows found.
        rows: usize,
        /// Bins that fit.
        fit: usize,
        /// Bins an octave.
        bins_per_octave: usize,
        /// Lowest bin.
        fmin_hz: f64,
        /// Half the sample rate that the transform was told.
        nyquist_hz: f64,
        /// What else it may be.
        hint: String,
    },
    /// A picture or array was read, but with too much doubt to make a sound of it.
    #[error(
        "{path}: no sound is made of what is less than half sure: {doubts}. Give what is known, or the kept phase (`phase`); or \
         take it as it is (`despite-doubt`), as for what was painted by hand"
    )]
    Doubtful {
        /// The picture or array.
        path: PathBuf,
        /// What is doubted, and how sure it is.
        doubts: String,
    },
    /// The work was interrupted.
    #[error("interrupted; nothing was written")]
    Interrupted,
    /// A transform's parameters or a signal do not fit it.
    #[error(transparent)]
    Transform(TransformError),
    /// What a file holds does not fit the transform.
    #[error("{path}: {source}")]
    TransformOfFile {
        /// The picture or array.
        path: PathBuf,
        /// What does not fit.
        source: TransformError,
    },
    /// A picture cannot be drawn, or a palette is not known.
    #[error(transparent)]
    Picture(PictureError),
    /// A picture cannot be read.
    #[error("{path}: {source}")]
    PictureFile {
        /// The picture.
        path: PathBuf,
        /// Why not.
        source: PictureError,
    },
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

/// The source of a value that a caller gave, as against a file that says it.
pub const GIVEN: &str = "what was given";

fn contradiction(name: &str, here: &str, given: &str, there: &str, stored: &str) -> String {
    if here == GIVEN {
        // The setting is for front ends to spell.
        format!("\u{60}{name} {given}\u{60} was given, but it is {stored} in {there}; expected the same")
    } else {
        format!("{name} is {given} in {here} but {stored} in {there}; expected the same")
    }
}

impl From<TransformError> for Error {
    fn from(error: TransformError) -> Self {
        if error == TransformError::Stopped { Self::Interrupted } else { Self::Transform(error) }
    }
}

impl From<PictureError> for Error {
    fn from(error: PictureError) -> Self {
        if error == PictureError::Stopped { Self::Interrupted } else { Self::Picture(error) }
    }
}

impl From<Stopped> for Error {
    fn from(_: Stopped) -> Self {
        Self::Interrupted
    }
}

impl Error {
    /// A function that wraps an operating system's error on reading `path`.
    pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Read { path, source }
    }

    /// A function that wraps an operating system's error on writing `path`.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Write { path, source }
    }

    /// The same error, its message beginning with the file that it is about. A parameter out of its range is
    /// about no file.
    #[must_use]
    pub fn about(self, path: &Path) -> Self {
        let path = path.to_owned();
        match self {
            Self::Transform(source @ TransformError::Parameter { .. }) => Self::Transform(source),
            Self::Transform(source) => Self::TransformOfFile { path, source },
            Self::Picture(source) => Self::PictureFile { path, source },
            other => other,
        }
    }

    /// A file that breaks off or contradicts itself.
    pub(crate) fn damaged(path: &Path, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), found: found.into(), expected: expected.into() }
    }

    /// A file whose content makes no sense for the purpose.
    pub(crate) fn content(
        path: &Path,
        found: impl Into<String>,
        expected: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::Content { path: path.to_owned(), found: found.into(), expected: expected.into(), advice: advice.into() }
    }
}
