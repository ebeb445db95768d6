//! Everything that can go wrong, each with what was found, what was expected and what to do.

use std::path::{Path, PathBuf};

use photophone_files::FileError;
use photophone_picture::PictureError;
use photophone_spectrum::{Number, Stopped};
use photophone_transform::TransformError;
use thiserror::Error;

/// Why an operation failed. A message about a file begins with the file's name.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read, written or made sense of.
    #[error(transparent)]
    File(FileError),
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
    /// Edits cannot be read, or are out of range.
    #[error("in the edits: {found}; expected {expected}")]
    Edits {
        /// What was found, and where.
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

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        if matches!(error, FileError::Abandoned) { Self::Interrupted } else { Self::File(error) }
    }
}

impl From<TransformError> for Error {
    fn from(error: TransformError) -> Self {
        match error {
            TransformError::Stopped => Self::Interrupted,
            TransformError::LengthOfOtherFrames { samples, shortest, longest, frames, hop } => Self::Contradiction {
                name: "length".to_owned(),
                here: GIVEN,
                given: samples.to_string(),
                there: "the picture or array",
                stored: format!("{shortest} to {longest} ({frames} frames of hop {hop})"),
            },
            other => Self::Transform(other),
        }
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
    /// [`FileError::damaged`] as this error.
    pub(crate) fn damaged(path: &Path, found: impl Into<String>, expected: impl Into<String>) -> Self {
        FileError::damaged(path, found, expected).into()
    }

    /// [`FileError::content`] as this error.
    pub(crate) fn content(
        path: &Path,
        found: impl Into<String>,
        expected: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        FileError::content(path, found, expected, advice).into()
    }
}
