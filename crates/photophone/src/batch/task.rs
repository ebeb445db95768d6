//! One file to work on.

use std::path::PathBuf;

use crate::{Input, NamedFile};

/// One file to work on.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What it is made of.
    pub source: TaskSource,
    /// The picture or sound to write, below the folder of all outputs.
    pub output: PathBuf,
}

/// What an output is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskSource {
    /// A file, recognised by its content.
    File(NamedFile),
    /// The bytes of a file. Nothing lies beside them.
    Bytes {
        /// For messages.
        name: String,
        /// The whole file.
        bytes: Vec<u8>,
    },
}

impl TaskSource {
    /// What messages and rows call it.
    pub fn name(&self) -> String {
        match self {
            Self::File(NamedFile { path, name: None }) => path.display().to_string(),
            Self::File(NamedFile { path, name: Some(name) }) => format!("{}:{name}", path.display()),
            Self::Bytes { name, .. } => name.clone(),
        }
    }
}

impl From<TaskSource> for Input {
    fn from(source: TaskSource) -> Self {
        match source {
            TaskSource::File(file) => Self::File(file),
            TaskSource::Bytes { name, bytes } => Self::Bytes { name, bytes },
        }
    }
}
