//! `cargo xtask scale`: what many clips cost, as the table in docs/scale.md.

use std::process::Command;

use anyhow::{Context, Result};

use crate::document::Marks;
use crate::process::{call, cargo, output, root, target};
use crate::python;

const TABLE: Marks<'static> = Marks {
    document: "docs/scale.md",
    begin: "<!-- scale: made by cargo xtask scale -->",
    end: "<!-- end of scale -->",
};

/// Draws and recovers clips with the release binary and writes the table.
pub(crate) fn run() -> Result<()> {
    call(&mut cargo(&["build", "--release", "--package", "photophone-cli"])?)?;
    let python = python::find(python::CURRENT).context("no Python for the clips")?;
    let python = python::environment(&python, &python::LIBROSA_0_11)?;
    let mut command = Command::new(python);
    command.arg(root()?.join("xtask/scale.py"));
    let table = output(command.arg(target()?.join("release/photophone")).arg(target()?.join("scale")))?;
    print!("{table}");
    TABLE.write(&table)
}
