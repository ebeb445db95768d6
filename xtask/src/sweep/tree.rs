//! A copy of the sources in which thresholds are read from the environment.
//!
//! What is shipped has constants and no way to change them. In the copy each becomes a function of the same name, so one
//! build serves all values of all thresholds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::thresholds::{OF_READING, THRESHOLDS, Threshold};
use crate::process::{call, cargo, output, root, target};
use crate::sources::rust_files;

/// The example that the sweeps run.
pub(super) struct Program(PathBuf);

/// What the program says of a group: a figure in dB or a word by the name of the case.
pub(super) type Said = BTreeMap<String, Value>;

/// What came of one case.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Db(f64),
    Word(String),
}

impl Program {
    /// Copies, rewrites and builds.
    ///
    /// # Errors
    /// A threshold that is not in its file, and a copy that does not build.
    pub(super) fn build() -> Result<Self> {
        let tree = target()?.join("sweep");
        copy_to(&tree)?;
        for threshold in THRESHOLDS.iter().chain(OF_READING.iter().map(|of_reading| &of_reading.threshold)) {
            rewrite(&tree, threshold.file, |text| rewritten(text, threshold))?;
            for user in threshold.users {
                rewrite(&tree, user, |text| Ok(called(text, threshold.constant)))?;
            }
        }
        // What does the work is optimised: a sweep is many recoveries. It is built in a folder of its own: cargo takes crates
        // of two workspaces for the same where their places within are, and would link the copy's into the tests.
        let mut build = cargo(&["build", "--quiet", "--package", "photophone", "--example", "sweep", "--config"])?;
        build.arg("profile.dev.package.photophone-transform.opt-level=3").current_dir(&tree);
        let built = tree.join("target");
        call(build.env("CARGO_TARGET_DIR", &built))?;
        Ok(Self(built.join("debug/examples/sweep")))
    }

    /// Runs a group, with a threshold at a value or all as they are: what it says, and the variables that were asked for.
    ///
    /// # Errors
    /// A program that fails or says what it should not, and a threshold that none of the group's sounds asks for.
    pub(super) fn run(
        &self,
        group: &str,
        gallery: Option<&Path>,
        change: Option<(&Threshold, &str)>,
    ) -> Result<(Said, BTreeSet<String>)> {
        let mut command = Command::new(&self.0);
        command.arg(group).args(gallery);
        if let Some((threshold, value)) = change {
            command.env(threshold.variable(), value);
        }
        let output = command.output().context("cannot start the example")?;
        let complaints = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the example ended with {}: {complaints}", output.status);
        let asked: BTreeSet<String> = complaints.lines().map(str::to_owned).collect();
        if let Some((threshold, _)) = change {
            ensure!(asked.contains(&threshold.variable()), "no case of the group {group} asks for {}", threshold.name);
        }
        Ok((said(&String::from_utf8_lossy(&output.stdout))?, asked))
    }
}

/// Changes a file of the copy.
fn rewrite(tree: &Path, file: &str, change: impl Fn(&str) -> Result<String>) -> Result<()> {
    let path = tree.join("crates").join(file);
    let text = fs::read_to_string(&path).context(file.to_owned())?;
    fs::write(&path, change(&text)?).context(file.to_owned())
}

/// The cases of a program's lines.
fn said(lines: &str) -> Result<Said> {
    let case = |line: &str| -> Option<(String, Value)> {
        let (name, value) = line.rsplit_once(": ")?;
        let db = value.strip_suffix(" dB").and_then(|db| db.parse().ok());
        Some((name.to_owned(), db.map_or_else(|| Value::Word(value.to_owned()), Value::Db)))
    };
    let said: Said = lines.lines().map(case).collect::<Option<_>>().context("a line without a name and a value")?;
    ensure!(!said.is_empty(), "the group has no cases");
    Ok(said)
}

/// Copies what git knows of and what is new; files that are as they were keep their time, so that cargo builds little.
fn copy_to(tree: &Path) -> Result<()> {
    let mut list = Command::new("git");
    list.arg("-C").arg(root()?).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    for name in output(&mut list)?.lines() {
        let (from, to) = (root()?.join(name), tree.join(name));
        let Ok(bytes) = fs::read(&from) else { continue };
        fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        fs::write(&to, bytes).with_context(|| to.display().to_string())?;
    }
    // What is gone here would be built there still.
    for file in rust_files(&tree.join("crates"))? {
        if !root()?.join(file.strip_prefix(tree)?).exists() {
            fs::remove_file(&file).with_context(|| file.display().to_string())?;
        }
    }
    Ok(())
}

/// Where a constant is defined.
pub(super) struct Defined<'a> {
    /// What stands before it, its visibility, and what follows.
    before: &'a str,
    visibility: &'a str,
    kind: &'a str,
    pub(super) value: &'a str,
    after: &'a str,
}

/// A threshold's definition in the text of its file.
///
/// # Errors
/// A file that has none, or several.
pub(super) fn defined<'a>(text: &'a str, Threshold { constant, file, .. }: &Threshold) -> Result<Defined<'a>> {
    let definition = format!("const {constant}: ");
    ensure!(text.matches(&definition).count() == 1, "{file} has no constant {constant}, or several");
    let (before, rest) = text.split_once(&definition).context("the definition")?;
    let (kind, rest) = rest.split_once(" = ").context("a type")?;
    let (value, after) = rest.split_once(";\n").context("a value")?;
    // Whether it is `pub` stands before it on its line.
    let (before, visibility) = before.rsplit_once('\n').context("a line before")?;
    Ok(Defined { before, visibility, kind, value, after })
}

/// A file in which a constant is a function of the same name that reads the environment.
pub(super) fn rewritten(text: &str, threshold: &Threshold) -> Result<String> {
    let Defined { before, visibility, kind, value, after } = defined(text, threshold)?;
    let (constant, variable) = (threshold.constant, threshold.variable());
    // That it was asked for is said once, to whoever runs the sweep.
    let function = format!(
        "#[allow(non_snake_case, reason = \"a constant's name\")]\n{visibility}fn {constant}() -> {kind} {{\n    \
         static VALUE: std::sync::OnceLock<{kind}> = std::sync::OnceLock::new();\n    *VALUE.get_or_init(|| {{\n        \
         eprintln!(\"{variable}\");\n        \
         std::env::var(\"{variable}\").map_or({value}, |text| text.parse().unwrap_or({value}))\n    }})\n}}"
    );
    Ok(format!("{}\n{function}\n{}\n", called(before, constant), called(after, constant)))
}

/// A text with calls in place of a constant, but where it is imported.
fn called(text: &str, constant: &str) -> String {
    let mut in_import = false;
    let line = |line: &str| {
        in_import |= line.trim_start().starts_with("use ");
        let called = if in_import { line.to_owned() } else { with_calls(line, constant) };
        in_import &= !line.ends_with(';');
        called
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A line with calls in place of a constant, but in comments.
fn with_calls(line: &str, constant: &str) -> String {
    let (code, comment) = line.split_at(line.find("//").unwrap_or(line.len()));
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut called = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(constant) {
        let (before, after) = (&rest[..at], &rest[at + constant.len()..]);
        let is_whole = !before.ends_with(is_name) && !after.starts_with(is_name);
        called.push_str(before);
        called.push_str(constant);
        called.push_str(if is_whole { "()" } else { "" });
        rest = after;
    }
    called + rest + comment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_becomes_a_function() {
        let threshold = Threshold { name: "a-b", file: "x.rs", constant: "AB", users: &[], group: "low", values: &[] };
        let text = "//! x\n/// Two.\npub(super) const AB: f64 = 2.0;\n\nfn f() -> f64 {\n    AB + CAB * AB // AB\n}\n";
        let new = rewritten(text, &threshold).unwrap();
        assert!(new.contains("pub(super) fn AB() -> f64 {") && new.contains("\"SWEEP_A_B\""), "{new}");
        assert!(new.ends_with("    AB() + CAB * AB() // AB\n}\n"), "{new}");
        assert!(rewritten("//! x\n", &threshold).is_err());
        let text = "use super::{\n    AB, C,\n};\nuse x::AB;\nfn f() -> f64 { AB }";
        assert_eq!(called(text, "AB"), text.replace("{ AB }", "{ AB() }"));
    }

    #[test]
    fn figures_and_words_are_told_apart() {
        let found = said("one, at a: -3.5 dB\ntwo: right\n").unwrap();
        assert_eq!(found["one, at a"], Value::Db(-3.5));
        assert_eq!(found["two"], Value::Word("right".to_owned()));
        assert!(said("").is_err() && said("nothing\n").is_err());
    }
}
