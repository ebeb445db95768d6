//! What an output was made of: digests of inputs, settings and outputs, in a file of its own.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::files::{file_digest, read_bytes};

/// The folder of records, below that of all outputs: the record of `a/song.png` is `a/song.png.json` in it.
pub const RECORDS: &str = ".photophone";

/// Most bytes of a record; a real one has about a thousand.
const MAX_BYTES: u64 = 1 << 20;

/// What bytes in memory are called among inputs.
const BYTES: &str = "";

/// Where the record of an output is.
pub(super) fn path(folder: &Path, output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".json");
    folder.join(RECORDS).join(name)
}

/// What an output was made of, and what it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Digest of the settings.
    pub(super) settings: String,
    /// Digest of each file that was read, by its name from the input's folder on; none of what was looked for and not
    /// there.
    inputs: BTreeMap<String, Option<String>>,
    /// Digest of each output by its name.
    outputs: BTreeMap<String, String>,
}

impl Record {
    pub(super) fn new(settings: String, inputs: &Digests, made: &[(PathBuf, String)]) -> Self {
        let outputs = made.iter().map(|(path, digest)| (name(path), digest.clone())).collect();
        Self { settings, inputs: inputs.files.clone(), outputs }
    }

    /// The record in a file; `None` where there is none, or none that can be read: then nothing is known.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let bytes = read_bytes(path, "a record", MAX_BYTES, "remove it").ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    pub(super) fn to_json(&self) -> String {
        // A map of texts can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether the outputs were made of these inputs, and what else was read then is as it was.
    pub(super) fn is_of(&self, inputs: &Digests) -> bool {
        inputs.files.iter().all(|(name, digest)| self.inputs.get(name) == Some(digest))
            && self
                .inputs
                .iter()
                .filter(|(name, _)| !inputs.files.contains_key(*name))
                .all(|(name, digest)| digest_if_there(&inputs.folder.join(name)).is_ok_and(|now| now == *digest))
    }

    /// Whether the outputs were made of a file of the same name, whatever it held.
    pub(super) fn is_from(&self, inputs: &Digests) -> bool {
        self.inputs.contains_key(&inputs.source)
    }

    /// Names of the outputs.
    pub(super) fn outputs(&self) -> impl Iterator<Item = &String> {
        self.outputs.keys()
    }

    /// The digest that an output had when it was made.
    pub(super) fn output_digest(&self, path: &Path) -> Option<&String> {
        self.outputs.get(&name(path))
    }
}

/// Digests of what a task reads, or would read if it were there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Digests {
    folder: PathBuf,
    /// The source's name among the files.
    source: String,
    files: BTreeMap<String, Option<String>>,
}

impl Digests {
    /// Of a file that has to be there, and of others that need not.
    pub(super) fn of_file(path: &Path, others: impl IntoIterator<Item = PathBuf>) -> Result<Self, Error> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let source = name(path);
        let files = BTreeMap::from([(source.clone(), Some(file_digest(path)?))]);
        Self { folder, source, files }.with(others)
    }

    /// Of bytes, by their digest.
    pub(super) fn of_bytes(digest: String) -> Self {
        let files = BTreeMap::from([(BYTES.to_owned(), Some(digest))]);
        Self { folder: PathBuf::new(), source: BYTES.to_owned(), files }
    }

    /// And of these files.
    pub(super) fn with(mut self, others: impl IntoIterator<Item = PathBuf>) -> Result<Self, Error> {
        for path in others {
            let name = path.strip_prefix(&self.folder).unwrap_or(&path).display().to_string();
            if let Entry::Vacant(new) = self.files.entry(name) {
                new.insert(digest_if_there(&path)?);
            }
        }
        Ok(self)
    }

    /// The digest of what the output is made of.
    pub(super) fn of_source(&self) -> Option<String> {
        self.files.get(&self.source).cloned().flatten()
    }

    /// The files.
    pub(super) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        self.files.keys().filter(|name| *name != BYTES).map(|name| self.folder.join(name))
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn digest_if_there(path: &Path) -> Result<Option<String>, Error> {
    if path.is_file() { Ok(Some(file_digest(path)?)) } else { Ok(None) }
}
