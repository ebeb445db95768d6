//! The page of `photophone studio`, tested in a browser that is installed on this machine.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process::{call, cargo, root, target};

/// Names of browsers that Playwright's driver of Chromium can drive, the smallest first.
const BROWSERS: [&str; 5] =
    ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The line that installs the first of them on Debian.
const INSTALL: &str = "sudo apt-get install chromium-headless-shell";

/// The browser: what `PHOTOPHONE_BROWSER` names, else the first that is on the path.
pub(crate) fn browser() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = |name: &str| env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    let named = env::var_os("PHOTOPHONE_BROWSER").filter(|name| !name.is_empty()).map(PathBuf::from);
    named.or_else(|| BROWSERS.into_iter().find_map(on_path))
}

/// Why the page cannot be tested, if so.
pub(crate) fn missing() -> Option<String> {
    browser().is_none().then(|| format!("no Chromium was found; this installs one: {INSTALL}"))
}

/// Builds the command that the page's tests run.
///
/// # Errors
/// What does not compile.
pub(crate) fn build() -> Result<()> {
    call(&mut cargo(&["build", "--package", "photophone-cli", "--quiet"])?)
}

/// Runs the page's tests with the interpreter of an environment that has Playwright, and the command that was built last: by
/// [`build`], or with the Rust tests, which takes no minutes more.
///
/// # Errors
/// A test that fails.
pub(crate) fn test(inside: &Path) -> Result<()> {
    let mut pytest = Command::new(inside);
    pytest.args(["-m", "pytest", "--numprocesses=2", "--durations=5", "-p", "no:cacheprovider"]);
    pytest.arg(root()?.join("crates/studio/tests/browser"));
    pytest.env("PHOTOPHONE_COMMAND", target()?.join("debug/photophone"));
    pytest.env("PHOTOPHONE_BROWSER", browser().unwrap_or_default());
    call(pytest.current_dir(root()?))
}

/// Takes pictures of the page's states for docs/studio.md, in the folder of the documentation.
///
/// # Errors
/// A missing browser or Python, and a state that is not reached.
pub(crate) fn shots(inside: &Path) -> Result<()> {
    call(&mut cargo(&["build", "--release", "--package", "photophone-cli", "--quiet"])?)?;
    let mut shots = Command::new(inside);
    shots.arg(root()?.join("crates/studio/tests/browser/shots.py")).arg(root()?.join("docs/studio"));
    shots.env("PHOTOPHONE_COMMAND", target()?.join("release/photophone"));
    call(shots.env("PHOTOPHONE_BROWSER", browser().unwrap_or_default()))
}
