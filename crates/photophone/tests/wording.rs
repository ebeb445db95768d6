//! The library's messages name settings in the notation that front ends spell, and never a front end's spelling.

use std::path::{Path, PathBuf};

use photophone::wording::SETTINGS;

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources").map(|entry| entry.expect("a file").path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// Lines of code of the library crates, unit tests and comments aside, with their places.
fn code() -> Vec<(String, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of the crates");
    let files = ["spectrum", "fft", "transform", "picture", "files", "photophone"]
        .into_iter()
        .flat_map(|name| rust_files(&crates.join(name).join("src")));
    let mut lines = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let numbered = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        lines.extend(numbered.map(|(number, line)| (format!("{}:{}", file.display(), number + 1), line.to_owned())));
    }
    assert!(lines.len() > 1000, "only {} lines of code found", lines.len());
    lines
}

#[test]
fn no_message_speaks_the_command_line() {
    let is_flag = |line: &str| {
        line.match_indices("--").any(|(at, _)| line[at + 2..].starts_with(|next: char| next.is_ascii_lowercase()))
    };
    let found: Vec<String> = code().into_iter().filter(|(_, line)| is_flag(line)).map(|(place, _)| place).collect();
    assert!(found.is_empty(), "name settings as in `hop` (see wording.rs), not as in --hop: {found:#?}");
}

#[test]
fn every_setting_in_a_message_is_known() {
    let mut named = 0;
    for (place, line) in code() {
        // A quoted setting never spans lines: the odd parts are what stands between backquotes.
        let parts: Vec<&str> = line.split('`').collect();
        if parts.len() < 2 || line.contains("'`'") || line.contains("reason = ") {
            continue;
        }
        assert!(parts.len() % 2 == 1, "{place}: a backquote is left open");
        for quoted in parts.iter().skip(1).step_by(2) {
            let name = quoted.split(' ').next().unwrap_or_default();
            assert!(SETTINGS.contains(&name), "{place}: `{quoted}` names no setting that wording.rs knows");
            named += 1;
        }
    }
    assert!(named >= 30, "{named} settings are named");
}
