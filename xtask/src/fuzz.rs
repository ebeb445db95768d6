//! `cargo xtask fuzz`: the fuzzer, in the profile of the tests, whose checks of overflow it needs.

use anyhow::Result;

use crate::process::{call, cargo};

/// Runs the fuzzer with these arguments; without any, for a minute.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut command = cargo(&["run", "-p", "photophone-fuzz", "--quiet", "--"])?;
    call(command.args(arguments))
}
