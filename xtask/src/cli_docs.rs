//! `cargo xtask cli-docs`: the tables of flags in docs/cli.md.

use anyhow::Result;

use crate::process::{call, cargo};

/// The command's test that compares the page with its flags, or writes it.
const TEST: &str = "docs::the_page_lists_the_flags_as_they_are_defined";

/// Writes the tables, or compares them where `check` is set, as the command's own tests do.
pub(crate) fn run(check: bool) -> Result<()> {
    let mut test = cargo(&["test", "--quiet", "--package", "photophone-cli", "--bin", "photophone", TEST])?;
    if !check {
        test.env("PHOTOPHONE_WRITE_DOCS", "1");
    }
    call(&mut test)
}
