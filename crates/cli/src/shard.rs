//! One of several parts of many files.

use std::path::Path;

use photophone::files::bytes_digest;

/// One of several parts of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Which, from 1 to `of`.
    pub(crate) number: usize,
    /// How many there are.
    pub(crate) of: usize,
}

impl Shard {
    /// Whether an output is in this part. That depends on its name alone, so every file is in one part, whatever else is
    /// found meanwhile.
    pub(crate) fn has(self, output: &Path) -> bool {
        let digest = bytes_digest(output.to_string_lossy().as_bytes());
        let number = digest.get(..15).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0);
        number % self.of as u64 == self.number as u64 - 1
    }
}
