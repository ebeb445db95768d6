//! The palette tables: made by matplotlib in a throw-away environment, checked in.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::process::{call, root, target};
use crate::python;

/// The files that `xtask/palettes.py` writes.
const FILES: [&str; 2] = ["palettes.txt", "palettes.bin"];

/// Writes the palette tables, or with `check` only compares them with those checked in.
pub(crate) fn run(check: bool) -> Result<()> {
    let checked_in = root()?.join("crates/picture/src/palette");
    let fresh = target()?.join("palettes");
    fs::create_dir_all(&fresh)?;
    // A newer matplotlib than the pinned one may add palettes.
    call(Command::new(python::testing()?).arg(root()?.join("xtask/palettes.py")).arg(&fresh))?;
    for file in FILES {
        if check {
            let same = fs::read(fresh.join(file))? == fs::read(checked_in.join(file))?;
            ensure!(same, "{file} is not what matplotlib makes; run `cargo xtask palettes` and commit it");
        } else {
            fs::copy(fresh.join(file), checked_in.join(file))?;
        }
    }
    Ok(())
}
