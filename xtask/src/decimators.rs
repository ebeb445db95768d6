//! The decimators' impulse responses: measured from soxr, checked in as a Rust table.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{call, root, target};
use crate::python;

const TABLE: &str = "crates/transform/src/cqt/decimate/table.rs";

/// Taps may differ by this much: the FFT's last digits depend on the processor.
const TOLERANCE: f64 = 1e-8;

/// Writes the table, or with `check` only compares it with the one checked in.
pub(crate) fn run(check: bool) -> Result<()> {
    // soxr 1.1.0 carries libsoxr 0.1.3, as every release that librosa 0.10 and 0.11 accept.
    let python = python::testing()?;
    let fresh = target()?.join("decimators.rs");
    call(Command::new(python).arg(root()?.join("xtask/decimators.py")).arg(&fresh))?;
    call(Command::new("rustfmt").args(["--edition", "2024", "--config-path"]).arg(root()?).arg(&fresh))?;
    let checked_in = root()?.join(TABLE);
    if check { compare(&fresh, &checked_in) } else { fs::copy(fresh, checked_in).map(|_| ()).context(TABLE) }
}

/// Fails unless the files have the same words, numbers aside, and nearly the same numbers.
fn compare(fresh: &Path, checked_in: &Path) -> Result<()> {
    let (fresh, checked_in) = (fs::read_to_string(fresh)?, fs::read_to_string(checked_in)?);
    let lines = checked_in.lines().count();
    ensure!(fresh.lines().count() == lines, "{TABLE} has {lines} lines, soxr's has {}", fresh.lines().count());
    for (number, (new, old)) in fresh.lines().zip(checked_in.lines()).enumerate() {
        ensure!(
            same_line(new, old),
            "{TABLE}, line {}: found `{old}`, expected `{new}`: run `cargo xtask decimators`",
            number + 1
        );
    }
    Ok(())
}

fn same_line(new: &str, old: &str) -> bool {
    let words =
        |line: &str| line.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (new, old) = (words(new), words(old));
    new.len() == old.len()
        && new.iter().zip(&old).all(|(new, old)| match (new.parse::<f64>(), old.parse::<f64>()) {
            (Ok(new), Ok(old)) => (new - old).abs() <= TOLERANCE,
            _ => new == old,
        })
}

#[cfg(test)]
mod tests {
    use super::same_line;

    #[test]
    fn numbers_may_differ_in_their_last_digits() {
        assert!(same_line("    3.1154654334e-01, -8.7e-02,", "    3.1154654339e-01, -8.7e-02,"));
        assert!(!same_line("3.1154654334e-01,", "3.1154664334e-01,"));
        assert!(!same_line("const A: [f64; 2]", "const B: [f64; 2]"));
        assert!(!same_line("1.0, 2.0,", "1.0,"));
    }
}
