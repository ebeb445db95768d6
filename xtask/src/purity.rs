//! Keeps the crates that must also build for the browser free of files, clocks and the like, and rooms from naming what
//! they must not know or from importing each other in a circle.

use std::fs;

use anyhow::{Result, ensure};

use crate::circles::circles;
use crate::process::root;
use crate::sources::{code_of, is_of_name, rust_files};

const CRATES: [&str; 4] = ["fft", "spectrum", "transform", "picture"];

/// Modules of std that are missing in the browser or make results depend on the machine.
const FORBIDDEN: [&str; 6] = ["env", "fs", "net", "process", "thread", "time"];

/// Which words must not stand in the code of which folders: the sound half does not know the picture half nor the other
/// way round, what works on any analysis does not know one, and files are read and written in their crate alone.
const DIRECTIONS: [(&str, &[&str]); 13] = [
    ("crates/transform/src/inverse", &["cqt", "Cqt", "CqtParams", "stft", "Stft", "identify", "invert", "retrieval"]),
    ("crates/transform/src/retrieval", &["cqt", "Cqt", "CqtParams", "stft", "Stft", "identify", "invert"]),
    ("crates/transform/src/cqt", &["stft", "Stft", "identify", "invert", "least_squares", "retrieval"]),
    ("crates/transform/src/stft", &["Cqt", "CqtParams", "identify", "invert", "least_squares", "retrieval"]),
    (
        "crates/transform/src/gabor",
        &["Cqt", "CqtParams", "stft", "Stft", "identify", "invert", "least_squares", "retrieval"],
    ),
    ("crates/transform/src/identify", &["invert"]),
    ("crates/photophone/src/read", &["recover", "RecoverOptions", "least_squares", "retrieve"]),
    ("crates/transform/src", &["photophone_picture", "photophone_files"]),
    ("crates/picture/src", &["photophone_transform", "photophone_fft", "photophone_files"]),
    ("crates/files/src", &["photophone_transform", "photophone_fft"]),
    ("crates/photophone/src", &["fs"]),
    ("crates/photophone/src", &["photophone_studio"]),
    ("crates/spectrum/src", &["photophone_transform", "photophone_picture", "photophone_fft"]),
];

/// Fails with every use of a forbidden module or word, and with every circle of imports.
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
    let circles = circles(root()?)?;
    ensure!(circles.is_empty(), "files import each other in a circle:\n{}", circles.join("\n"));
    Ok(())
}

/// Forbidden modules that a file names, its unit tests and comments aside.
fn forbidden_uses(text: &str) -> Vec<&'static str> {
    let code: String = code_of(text).split_whitespace().collect();
    let names: Vec<&str> = code.split("std::").skip(1).flat_map(first_segments).collect();
    FORBIDDEN.into_iter().filter(|module| names.contains(module)).collect()
}

/// Which of the words stand in a file's code, as whole names.
fn words_named<'a>(text: &str, words: &[&'a str]) -> Vec<&'a str> {
    let code = code_of(text);
    let names: Vec<&str> = code.split(|c| !is_of_name(c)).collect();
    words.iter().copied().filter(|word| names.contains(word)).collect()
}

/// The first name of a path, or of each path in a group, as they follow `std::`.
fn first_segments(path: &str) -> Vec<&str> {
    let end_of_name = |c: char| !is_of_name(c);
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
