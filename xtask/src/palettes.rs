//! The palette tables: made by matplotlib in a throw-away environment, checked in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// The tables are this version's; a newer matplotlib may add palettes.
const MATPLOTLIB: &str = "matplotlib==3.11.2";

/// The files that `xtask/palettes.py` writes.
const FILES: [&str; 2] = ["palettes.txt", "palettes.bin"];

/// Writes the palette tables, or with `check` only compares them with those checked in.
pub(crate) fn run(check: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let checked_in = root.join("crates/picture/src/palette");
    let fresh = root.join("target/palettes");
    fs::create_dir_all(&fresh)?;
    let python = python_with_matplotlib(&fresh.join("venv"))?;
    call(Command::new(python).arg(root.join("xtask/palettes.py")).arg(&fresh))?;
    for file in FILES {
        if check {
            let same = fs::read(fresh.join(file))? == fs::read(checked_in.join(file))?;
            ensure!(same, "{file} is not what {MATPLOTLIB} makes; run `cargo xtask palettes` and commit it");
        } else {
            fs::copy(fresh.join(file), checked_in.join(file))?;
        }
    }
    Ok(())
}

/// The interpreter of an environment that has the pinned matplotlib.
fn python_with_matplotlib(venv: &Path) -> Result<PathBuf> {
    let python = venv.join("bin/python");
    if !python.exists() {
        call(Command::new("python3").args(["-m", "venv"]).arg(venv))?;
    }
    call(Command::new(&python).args(["-m", "pip", "install", "--quiet", MATPLOTLIB]))?;
    Ok(python)
}

fn call(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}
