//! `cargo xtask survive`: what is left after kills, races, full disks and folders that may not be written to.
//!
//! The trials are the command's own test, asked for many runs; the table that it prints goes into the document.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::process::{cargo, output, root};

const DOCUMENT: &str = "docs/reliability.md";
const TABLE_BEGINS: &str = "<!-- survive: made by cargo xtask survive -->";
const TABLE_ENDS: &str = "<!-- end of survive -->";

/// Runs of `draw` and `recover` that are killed.
const KILLS: &str = "500";

/// Pairs of draws to one name at the same time.
const PAIRS: &str = "100";

/// Runs the campaign and writes its table.
///
/// # Errors
/// A trial in which something was lost, or a document without the marks for the table.
pub(crate) fn run() -> Result<()> {
    let mut test = cargo(&["test", "-p", "photophone-cli", "--test", "survive", "--", "--nocapture"])?;
    let printed = output(test.env("PHOTOPHONE_KILLS", KILLS).env("PHOTOPHONE_PAIRS", PAIRS))?;
    let table: String = printed.lines().filter(|line| line.starts_with('|')).map(|line| format!("{line}\n")).collect();
    ensure!(!table.is_empty(), "the test prints no table; it runs on Unix only");
    print!("{table}");
    let path = root()?.join(DOCUMENT);
    let document = fs::read_to_string(&path).context(DOCUMENT)?;
    let (before, rest) = document.split_once(TABLE_BEGINS).context("the document has no mark for the table")?;
    let (_, after) = rest.split_once(TABLE_ENDS).context("the document has no mark for the table's end")?;
    fs::write(&path, format!("{before}{TABLE_BEGINS}\n{table}{TABLE_ENDS}{after}")).context(DOCUMENT)
}
