//! What became of one of many files: a line of a report.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::task::Task;

/// What became of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Its outputs are new.
    #[default]
    Done,
    /// Its outputs were there, made of the same input by the same settings.
    Skipped,
    /// It has none; `error` says why.
    Failed,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        })
    }
}

/// What became of one file. Serialises to a line of `--report`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    /// The file, or what bytes are called.
    pub input: String,
    /// The picture or sound.
    pub output: String,
    /// What became of it.
    pub status: Status,
    /// Why it has no outputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Seconds that it took.
    pub work_secs: f64,
    /// Seconds of sound that were drawn or recovered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound_secs: Option<f64>,
    /// Samples a second of that sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rate_hz: Option<u32>,
    /// What the recovered sound leaves of the picture, in dB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residual_db: Option<f64>,
    /// Reasons not to trust the result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// SHA-256 of the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_digest: Option<String>,
    /// SHA-256 of the settings and the version: outputs of the same two digests are the same.
    pub settings_digest: String,
}

impl Row {
    /// A task that has an output.
    pub(super) fn of(task: &Task, output: &Path) -> Self {
        Self { input: task.source.name(), output: output.display().to_string(), ..Self::default() }
    }

    /// The same row, its sentences as `word` words them: see [`worded`](crate::wording::worded).
    #[must_use]
    pub fn worded(mut self, word: impl Fn(&str) -> String) -> Self {
        for text in self.error.iter_mut().chain(&mut self.warnings) {
            *text = word(text);
        }
        self
    }
}
