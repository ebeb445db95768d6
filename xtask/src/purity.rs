//! Keeps the crates that must also build for the browser free of files, clocks and the like, and rooms from naming what
//! they must not know.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::process::root;

const CRATES: [&str; 4] = ["fft", "spectrum", "transform", "picture"];

/// Modules of std that are missing in the browser or make results depend on the machine.
const FORBIDDEN: [&str; 6] = ["env", "fs", "net", "process", "thread", "time"];

/// Which words must not stand in the code of which folders: the sound half does not know the picture half nor the other
/// way round, what works on any analysis does not know one, and files are read and written in their crate alone.
const DIRECTIONS: [(&str, &[&str]); 11] = [
    ("crates/transform/src/inverse", &["cqt", "Cqt", "CqtParams", "stft", "Stft", "identify", "invert", "retrieval"]),
    ("crates/transform/src/retrieval", &["cqt", "Cqt", "CqtParams", "stft", "Stft", "identify", "invert"]),
    ("crates/transform/src/cqt", &["stft", "Stft", "identify", "invert", "least_squares", "retrieval"]),
    ("crates/transform/src/stft", &["Cqt", "CqtParams", "identify", "invert", "least_squares", "retrieval"]),
    ("crates/transform/src/identify", &["invert"]),
    ("crates/photophone/src/read", &["recover", "RecoverOptions", "least_squares", "retrieve"]),
    ("crates/transform/src", &["photophone_picture", "photophone_files"]),
    ("crates/picture/src", &["photophone_transform", "photophone_fft", "photophone_files"]),
    ("crates/files/src", &["photophone_transform", "photophone_fft"]),
    ("crates/photophone/src", &["fs"]),
    ("crates/spectrum/src", &["photophone_transform", "photophone_picture", "photophone_fft"]),
];

/// Fails with every use of a forbidden module or word.
pub(crate) fn run() -> Result<()> {
    let mut found = Vec::new();
    for (folder, words) in DIRECTIONS {
        for file in rust_files(&root()?.join(folder))? {
            let text = fs::read_to_string(&file)?;
            found.extend(words_named(&text, words).into_iter().map(|word| format!("{}: {word}", file.display())));
        }
    }
    for name in CRATES {
        for file in rust_files(&root()?.join("crates").join(name).join("src"))? {
            let text = fs::read_to_string(&file)?;
            found.extend(forbidden_uses(&text).into_iter().map(|module| format!("{}: std::{module}", file.display())));
        }
    }
    ensure!(found.is_empty(), "these crates must do without:\n{}", found.join("\n"));
    Ok(())
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

/// Forbidden modules that a file names, its unit tests and comments aside.
fn forbidden_uses(text: &str) -> Vec<&'static str> {
    let code: String = code_of(text).split_whitespace().collect();
    let names: Vec<&str> = code.split("std::").skip(1).flat_map(first_segments).collect();
    FORBIDDEN.into_iter().filter(|module| names.contains(module)).collect()
}

/// A file without its unit tests and comments.
fn code_of(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter_map(|line| line.split("//").next()).collect::<Vec<_>>().join("\n")
}

/// Which of the words stand in a file's code, as whole names.
fn words_named<'a>(text: &str, words: &[&'a str]) -> Vec<&'a str> {
    let code = code_of(text);
    let names: Vec<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    words.iter().copied().filter(|word| names.contains(word)).collect()
}

/// The first name of a path, or of each path in a group, as they follow `std::`.
fn first_segments(path: &str) -> Vec<&str> {
    let end_of_name = |c: char| !c.is_alphanumeric() && c != '_';
    match path.strip_prefix('{') {
        Some(group) => {
            let group = group.split(';').next().unwrap_or_default();
            group.split([',', '{', '}']).filter_map(|path| path.split(end_of_name).next()).collect()
        }
        None => path.split(end_of_name).next().into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{forbidden_uses, words_named};

    #[test]
    fn whole_names_in_code_are_found() {
        let text =
            "use crate::cqt::Scratch; // Stft\nfn f(cqt_like: u8) {}\n#[cfg(test)]\nmod tests {\n    use stft;\n}\n";
        assert_eq!(words_named(text, &["cqt", "Stft", "stft", "u8"]), ["cqt", "u8"]);
    }

    #[test]
    fn every_spelling_is_found() {
        assert_eq!(forbidden_uses("use std::fs::File;"), ["fs"]);
        assert_eq!(forbidden_uses("use std::{fmt, time::Instant};"), ["time"]);
        assert_eq!(forbidden_uses("use std::{\n    env,\n    fmt::{self, Debug},\n};\n"), ["env"]);
        assert_eq!(forbidden_uses("let t = ::std::time::Instant::now();"), ["time"]);
    }

    #[test]
    fn other_words_and_tests_are_not() {
        assert!(forbidden_uses("use std::fmt; // std::fs\nlet environment = env!(\"X\");").is_empty());
        assert!(forbidden_uses("fn f() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n").is_empty());
    }
}
