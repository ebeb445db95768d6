//! What rustup has, or can install: Rust's library for the browser, and the least version of Rust.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::process::{call, cargo, output, root};

/// Crates that have to build for the browser.
const PURE: [&str; 4] = ["photophone-fft", "photophone-spectrum", "photophone-transform", "photophone-picture"];

const WASM: &str = "wasm32-unknown-unknown";

/// What is shipped: the command and the Python package, and with them every library.
const SHIPPED: [&str; 2] = ["photophone-cli", "photophone-python"];

/// Why the crates cannot be checked for the browser, if so. What is missing is installed, where rustup can.
pub(crate) fn missing_wasm() -> Option<String> {
    let is_there = || {
        let folder = output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]));
        folder.is_ok_and(|folder| PathBuf::from(folder.trim()).is_dir())
    };
    let can = is_there() || is_done(&["target", "add", WASM]) && is_there();
    (!can).then(|| format!("Rust's library for it is not installed (rustup target add {WASM})"))
}

/// # Errors
/// A crate that does not build for the browser.
pub(crate) fn check_wasm() -> Result<()> {
    let mut check = cargo(&["check", "--quiet", "--no-default-features", "--target", WASM])?;
    call(check.args(PURE.iter().flat_map(|name| ["--package", *name])))
}

/// Why the least version of Rust cannot be tried, if so. It is installed, where rustup can.
pub(crate) fn missing_least() -> Option<String> {
    let version = match least() {
        Ok(version) => version,
        Err(error) => return Some(format!("{error:#}")),
    };
    let is_there = || is_done(&["run", &version, "rustc", "--version"]);
    let can = is_there() || is_done(&["toolchain", "install", &version, "--profile", "minimal"]) && is_there();
    (!can).then(|| format!("Rust {version} is not installed (rustup toolchain install {version})"))
}

/// # Errors
/// What the least version of Rust does not compile.
pub(crate) fn check_least() -> Result<()> {
    let mut check = Command::new("rustup");
    check.args(["run", &least()?, "cargo", "check", "--quiet", "--locked"]);
    check.args(SHIPPED.iter().flat_map(|name| ["--package", *name])).current_dir(root()?);
    call(&mut check)
}

/// The least version of Rust, as the workspace's manifest has it.
fn least() -> Result<String> {
    let manifest = fs::read_to_string(root()?.join("Cargo.toml"))?;
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    Ok(version.context("Cargo.toml has no rust-version")?.trim_matches('"').to_owned())
}

/// Whether rustup does something; what it says is of no interest where it cannot.
fn is_done(arguments: &[&str]) -> bool {
    let status = Command::new("rustup").args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::least;

    #[test]
    fn the_least_version_is_that_of_the_documents() {
        let version = least().unwrap();
        assert_eq!(Some(version.as_str()), option_env!("CARGO_PKG_RUST_VERSION"));
        for text in [include_str!("../../CONTRIBUTING.md"), include_str!("../../CHANGELOG.md")] {
            assert!(text.contains(&format!("Rust {version}")), "{version}");
        }
    }
}
