//! `cargo xtask survive`: what is left after kills, races, full disks and folders that may not be written to.
//!
//! The trials are the command's own test, asked for many runs; the table that it prints goes into the document.

use anyhow::{Result, ensure};

use crate::document::Marks;
use crate::process::{cargo, output};

const TABLE: Marks<'static> = Marks {
    document: "docs/reliability.md",
    begin: "<!-- survive: made by cargo xtask survive -->",
    end: "<!-- end of survive -->",
};

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
    let table: Vec<&str> = printed.lines().filter(|line| line.starts_with('|')).collect();
    ensure!(!table.is_empty(), "the test prints no table; it runs on Unix only");
    let table = table.join("\n");
    println!("{table}");
    TABLE.write(&table)
}
