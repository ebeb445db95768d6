//! librosa's and SciPy's golden coefficients: computed by each release itself, checked in, compared again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::process::{call, root, target};
use crate::python::{self, Version};

const FOLDER: &str = "crates/transform/tests/golden";

/// Fresh coefficients may differ by this much: librosa's single precision differs by processor.
const TOLERANCE_DB: f64 = -110.0;

/// One release of librosa and what it runs on.
pub(crate) struct Release {
    pub(crate) version: &'static str,
    /// Oldest and newest Python that its packages install on.
    pub(crate) python: (Version, Version),
    requirements: &'static [&'static str],
}

impl Release {
    /// The script of each set of coefficients and the set's name. `stft` is the same in all releases but for its frames at
    /// the tail, so the current one's are enough, as they are of mel filters.
    fn sets(&self) -> Vec<(&'static str, String)> {
        let mut sets = vec![("goldens.py", format!("librosa-{}", self.version))];
        if self.version == current().version {
            sets.push(("stft_goldens.py", format!("stft-librosa-{}", self.version)));
            sets.push(("mel_goldens.py", format!("mel-librosa-{}", self.version)));
        }
        sets
    }
}

const RELEASES: [Release; 5] = [
    Release {
        version: "1.0.0",
        python: ((3, 12), python::CURRENT.1),
        requirements: &[
            "librosa==1.0.0",
            "numpy==2.5.5",
            "scipy==1.18.1",
            "numba==0.68.1",
            "llvmlite==0.50.0",
            "soxr==1.1.0",
            "scikit-learn==1.9.1",
        ],
    },
    Release { version: "0.11.0", python: python::CURRENT, requirements: &python::LIBROSA_0_11 },
    Release {
        version: "0.9.2",
        python: ((3, 8), (3, 8)),
        requirements: &["librosa==0.9.2", "resampy==0.2.2", "numpy==1.21.6", "scipy==1.7.3", "numba==0.55.2"],
    },
    Release {
        version: "0.8.1",
        python: ((3, 8), (3, 8)),
        requirements: &["librosa==0.8.1", "resampy==0.2.2", "numpy==1.19.5", "scipy==1.5.4", "numba==0.53.1"],
    },
    Release {
        version: "0.6.3",
        python: ((3, 7), (3, 7)),
        requirements: &[
            "librosa==0.6.3",
            "numba==0.48.0",
            "llvmlite==0.31.0",
            "resampy==0.2.2",
            "numpy==1.19.5",
            "scipy==1.5.4",
            "joblib==0.14.0",
        ],
    },
];

/// The part of a case that says where its coefficients lie (see `goldens.py`, `stft_goldens.py` and `mel_goldens.py`).
#[derive(Deserialize)]
struct Case {
    offset: usize,
}

/// Computes the coefficients of every release that an interpreter is found for, or with
/// `check` only compares them with those checked in.
pub(crate) fn run(check_only: bool) -> Result<()> {
    for release in &RELEASES {
        if let Some(reason) = python::missing(release.python) {
            println!("SKIPPED: librosa {} because {reason}", release.version);
        } else if check_only {
            check(release, &interpreter(release)?)?;
            println!("librosa {}: as checked in", release.version);
        } else {
            compute(release, &interpreter(release)?, &root()?.join(FOLDER))?;
            println!("librosa {}: written", release.version);
        }
    }
    Ok(())
}

/// The release that the test command compares with; the others change only with the generator.
pub(crate) fn current() -> &'static Release {
    &RELEASES[1]
}

/// Computes a release's coefficients again, in an environment that has it, and compares them with those checked in.
pub(crate) fn check(release: &Release, python: &Path) -> Result<()> {
    let fresh = target()?.join("goldens");
    fs::create_dir_all(&fresh)?;
    compute(release, python, &fresh)?;
    release.sets().iter().try_for_each(|(_, name)| compare(name, &fresh))
}

/// The interpreter of an environment that has the release.
fn interpreter(release: &Release) -> Result<PathBuf> {
    let python = python::find(release.python).context("no Python for this release")?;
    python::environment(&python, release.requirements)
}

/// Computes the coefficients of the release that an interpreter has.
fn compute(release: &Release, python: &Path, folder: &Path) -> Result<()> {
    for (generator, _) in release.sets() {
        call(Command::new(python).args(["-B", "-W", "ignore"]).arg(root()?.join("xtask").join(generator)).arg(folder))?;
    }
    Ok(())
}

fn compare(name: &str, fresh: &Path) -> Result<()> {
    let read = |folder: &Path, kind: &str| {
        let file = folder.join(format!("{name}.{kind}"));
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    let checked_in = root()?.join(FOLDER);
    let index = read(&checked_in, "json")?;
    ensure!(index == read(fresh, "json")?, "the cases have changed: run `cargo xtask goldens` and commit them");
    let (new, old) = (read(fresh, "bin")?, read(&checked_in, "bin")?);
    ensure!(new.len() == old.len(), "found {} bytes, expected {}", old.len(), new.len());
    let cases: Vec<Case> = serde_json::from_slice(&index)?;
    let ends = cases.iter().skip(1).map(|case| case.offset).chain([old.len()]);
    for (number, (case, end)) in cases.iter().zip(ends).enumerate() {
        let db = relative_db(&floats(&old[case.offset..end]), &floats(&new[case.offset..end]));
        ensure!(db <= TOLERANCE_DB, "{name}: case {number} is {db:.1} dB from what was computed now");
    }
    Ok(())
}

fn floats(bytes: &[u8]) -> Vec<f64> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect()
}

/// `20 log10(|a - b| / |b|)`.
fn relative_db(a: &[f64], b: &[f64]) -> f64 {
    let power = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>();
    let difference = power(&mut a.iter().zip(b).map(|(a, b)| a - b));
    10.0 * (difference / power(&mut b.iter().copied())).log10()
}

#[cfg(test)]
mod tests {
    use super::relative_db;

    #[test]
    fn the_current_release_is_the_library_s_default() {
        assert_eq!(super::current().requirements, crate::python::LIBROSA_0_11);
    }

    #[test]
    fn a_part_in_a_thousand_is_sixty_db_down() {
        assert!((relative_db(&[1.001, 2.002], &[1.0, 2.0]) + 60.0).abs() < 1e-9);
        assert!(relative_db(&[0.5], &[0.5]) < -1e9);
    }
}
