//! `cargo xtask digests [COMMIT]`: whether a change has left every recovered sample as it was, bit by bit.
//!
//! `crates/photophone/examples/digests.rs` prints one digest for each of 40 sounds. It is run here and in a worktree of the
//! commit, one after the other on this machine, since FFTs round by processor.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{call, cargo, output, root, target};

const EXAMPLE: &str = "crates/photophone/examples/digests.rs";

/// Runs the example here and at `commit`, and fails where a sound differs.
///
/// # Errors
/// A commit that is not there or does not build, and sounds that differ.
pub(crate) fn run(commit: &str) -> Result<()> {
    println!("digests of this tree");
    let here = digests(root()?, &target()?)?;
    let tree = Worktree::new(commit)?;
    println!("digests of {commit}");
    let there = digests(&tree.folder, &target()?.join("digests-built"))?;
    report(&compared(&here, &there), commit)
}

/// A checkout of a commit, removed when dropped.
struct Worktree {
    folder: PathBuf,
}

impl Worktree {
    fn new(commit: &str) -> Result<Self> {
        let folder = target()?.join("digests");
        let tree = Self { folder };
        tree.remove();
        call(git()?.args(["worktree", "add", "--quiet", "--detach"]).arg(&tree.folder).arg(commit))?;
        // Commits before the example get it.
        let example = tree.folder.join(EXAMPLE);
        if !example.exists() {
            fs::create_dir_all(example.parent().context("a folder of examples")?)?;
            fs::copy(root()?.join(EXAMPLE), &example).context(EXAMPLE)?;
        }
        Ok(tree)
    }

    fn remove(&self) {
        if self.folder.exists() {
            // What is left of an interrupted run may be no worktree any more.
            let removed = git()
                .and_then(|mut git| output(git.args(["worktree", "remove", "--force"]).arg(&self.folder)).map(|_| ()));
            if removed.is_err() {
                let _ = fs::remove_dir_all(&self.folder);
            }
        }
    }
}

impl Drop for Worktree {
    fn drop(&mut self) {
        self.remove();
    }
}

fn git() -> Result<Command> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root()?);
    Ok(command)
}

/// Digests by the name of the sound. The commit is built in a folder of its own, which stays: cargo takes crates of two
/// workspaces for the same where their places within are, and would link the commit's here from then on.
fn digests(tree: &Path, built: &Path) -> Result<BTreeMap<String, String>> {
    let mut command = cargo(&["run", "--quiet", "--package", "photophone", "--example", "digests"])?;
    let printed = output(command.env("CARGO_TARGET_DIR", built).current_dir(tree))?;
    let digests: Option<BTreeMap<String, String>> = printed
        .lines()
        .map(|line| line.split_once(' ').map(|(digest, name)| (name.to_owned(), digest.to_owned())))
        .collect();
    let digests = digests.context("a line without a digest and a name")?;
    ensure!(!digests.is_empty(), "the example printed no digest");
    Ok(digests)
}

/// The sounds that are not alike: those that differ, and those that only one of both has.
fn compared(here: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> (usize, Vec<String>) {
    let alike = here.iter().filter(|&(name, digest)| there.get(name) == Some(digest)).count();
    let differ = here.iter().filter_map(|(name, digest)| match there.get(name) {
        Some(other) if other == digest => None,
        Some(_) => Some(format!("{name}: differs")),
        None => Some(format!("{name}: only here")),
    });
    let missing = there.keys().filter(|name| !here.contains_key(*name)).map(|name| format!("{name}: only there"));
    (alike, differ.chain(missing).collect())
}

fn report((alike, unlike): &(usize, Vec<String>), commit: &str) -> Result<()> {
    println!("{alike} sounds are bit-identical to those of {commit}, {} are not", unlike.len());
    if unlike.is_empty() {
        return Ok(());
    }
    bail!("not as at {commit}:\n{}", unlike.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_and_what_only_one_has_is_told() {
        let of = |pairs: &[(&str, &str)]| pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect();
        let (here, there) = (of(&[("a", "1"), ("b", "2"), ("c", "3")]), of(&[("a", "1"), ("b", "9"), ("d", "3")]));
        let (alike, unlike) = compared(&here, &there);
        assert_eq!((alike, unlike), (1, vec!["b: differs".into(), "c: only here".into(), "d: only there".into()]));
        assert!(report(&compared(&here, &here), "HEAD").is_ok() && report(&(1, vec![String::new()]), "HEAD").is_err());
    }
}
