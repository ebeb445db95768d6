//! What the tests of files share: fixtures, and files made of bytes.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part; a failed unwrap is a failed test")]

use std::fmt::{Debug, Display};
use std::path::{Path, PathBuf};

/// A file that `fixtures/make.py` made.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// What `read` gives for a file of these bytes.
pub(crate) fn read_as_file<T>(bytes: &[u8], read: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.bin");
    std::fs::write(&path, bytes).unwrap();
    read(&path)
}

/// Holds that each file is refused: with its name in the message and all of the words beside it.
pub(crate) fn assert_refused<T: Debug, E: Display + Debug>(
    cases: &[(&str, Vec<u8>, &[&str])],
    read_bytes: impl Fn(&[u8]) -> Result<T, E>,
) {
    for (name, bytes, expected) in cases {
        let message = read_bytes(bytes).expect_err(name).to_string();
        assert!(message.contains("file.bin: "), "{name}: {message}");
        for part in *expected {
            assert!(message.contains(part), "{name}: '{part}' not in: {message}");
        }
    }
}
