//! The tables of docs/limits.md: clips made from formulas, recovered in every way there is.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{call, cargo, output, root, target};
use crate::{gallery, python};

const PAGE: &str = "docs/limits.md";

const HEAD: &str = "# Limits\n\nMade by `cargo xtask clips`: sounds of many kinds, made from formulas by \
    `xtask/clips.py`, transformed by librosa 0.11 on the example grid (44.1 kHz, 84 bins, hop 512, `reflect`) and \
    recovered by the command line.\n";

/// Where the last table begins.
const OFFSETS: &str = "\n## Offsets and rumble\n";

/// Recovers the clips with the release binary and writes the page.
pub(crate) fn run() -> Result<()> {
    let tables = tables(&[])?;
    fs::write(root()?.join(PAGE), format!("{HEAD}{tables}")).context(PAGE)
}

/// The same for the table of sound outside of the bins alone; the others stay.
pub(crate) fn run_offsets() -> Result<()> {
    let table = tables(&["--offsets"])?;
    let path = root()?.join(PAGE);
    let page = fs::read_to_string(&path).context(PAGE)?;
    let others = page.split(OFFSETS).next().unwrap_or_default();
    fs::write(path, format!("{others}{table}")).context(PAGE)
}

fn tables(flags: &[&str]) -> Result<String> {
    call(&mut cargo(&["build", "--release", "--package", "photophone-cli"])?)?;
    let python = python::find(python::CURRENT).context("no Python for librosa")?;
    let requirements = [&python::LIBROSA_0_11[..], &["soundfile==0.13.1"]].concat();
    let python = python::environment(&python, &requirements)?;
    let mut command = Command::new(python);
    command.args(["-W", "ignore"]).arg(root()?.join("xtask/clips.py")).args(flags);
    command.arg(target()?.join("release/photophone")).arg(target()?.join("clips")).args(gallery::folder().ok());
    let tables = output(&mut command)?;
    print!("{tables}");
    Ok(tables)
}
