//! The Python package: built as a wheel from its source distribution, installed, checked and tested.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::document::Marks;
use crate::process::{call, output, root, target};
use crate::python;

const PACKAGE: &str = "crates/python";
const NUMBERS: Marks<'static> = Marks {
    document: "docs/python.md",
    begin: "<!-- numbers: made by cargo xtask python-bench -->",
    end: "<!-- end of numbers -->",
};

const STFT_NUMBERS: Marks = Marks {
    document: "docs/python.md",
    begin: "<!-- STFT numbers: made by cargo xtask stft-bench -->",
    end: "<!-- end of STFT numbers -->",
};
const QUESTIONS: Marks<'static> = Marks {
    document: "docs/questions.md",
    begin: "<!-- answers: made by cargo xtask questions -->",
    end: "<!-- end of answers -->",
};

/// What keeps NumPy and SciPy to one thread.
const ONE_THREAD: [&str; 3] = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];

/// How the wheel under test is compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Profile {
    /// As the tests are, so that their compiled dependencies are used again.
    Dev,
    /// As it is published.
    Release,
}

/// A call that shows that the package works without Rust: the work of `cqt` and `icqt`.
const SMOKE: &str = "import numpy, photophone; C = photophone.cqt(numpy.ones(4000)); photophone.icqt(C); \
                     print('photophone', photophone.__version__)";

/// A look at whether a wheel has the licences, and the notice that the Mozilla Public License asks for.
const NOTICES: &str = "import sys, zipfile; names = zipfile.ZipFile(sys.argv[1]).namelist(); \
                       [end for end in ('LICENSE-MIT', 'LICENSE-APACHE', 'THIRD-PARTY.md') \
                       if not any(name.endswith('licenses/' + end) for name in names) and sys.exit('no ' + end)]";

/// Builds the source distribution, a wheel from that, and tries the wheel in an environment that has nothing else.
///
/// # Errors
/// Anything that cannot be built, installed or called.
pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    let folder = target()?.join("wheels");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let maturin = python::testing()?;
    let pack = |what: &[&str], place: &Path| -> Result<()> {
        let mut command = Command::new(&maturin);
        command.args(["-m", "maturin"]).args(what).arg("--out").arg(&folder).current_dir(place);
        call(command.env("CARGO_TARGET_DIR", target()?))
    };
    pack(&["sdist"], &root()?.join(PACKAGE))?;
    // The package's own settings lie at the top there.
    let build: &[&str] = match profile {
        Profile::Dev => &["build", "--profile", "dev", "--quiet"],
        Profile::Release => &["build", "--release", "--quiet"],
    };
    pack(build, &unpacked(&only(&folder, "gz")?)?)?;
    let wheel = only(&folder, "whl")?;
    call(Command::new(&maturin).args(["-c", NOTICES]).arg(&wheel))?;
    let clean = target()?.join("venv-clean");
    call(Command::new(interpreter()?).args(["-m", "venv", "--clear"]).arg(&clean))?;
    let inside = clean.join("bin/python");
    install(&inside, &wheel, &[])?;
    // Without a path there is no Rust to be found.
    call(Command::new(&inside).args(["-c", SMOKE]).env("PATH", "").current_dir(&clean))?;
    Ok(wheel)
}

/// Runs the package's checks and tests on a wheel.
///
/// # Errors
/// The first that fails.
pub(crate) fn test(wheel: &Path) -> Result<()> {
    let inside = environment(wheel)?;
    let package = root()?.join(PACKAGE);
    let types = |module: &str| {
        let mut command = Command::new(&inside);
        command.args(["-m", module, "photophone"]).current_dir(&package);
        command
    };
    call(Command::new(&inside).args(["-m", "mypy", "--strict", "--package", "photophone"]).current_dir(&package))?;
    call(&mut types("mypy.stubtest"))?;
    let mut pytest = Command::new(&inside);
    pytest
        .args(["-m", "pytest", "--numprocesses=auto", "--dist=worksteal", "--durations=10", "-p", "no:cacheprovider"])
        .arg(package.join("tests"));
    // librosa's own threads would compete with the ones under test.
    for name in ONE_THREAD {
        pytest.env(name, "1");
    }
    call(pytest.env("PHOTOPHONE_COMMAND", target()?.join("debug/photophone")).current_dir(&package))
}

/// Measures the package beside librosa on one thread and writes the table into its guide.
///
/// # Errors
/// Anything that cannot be built or run, or a guide without the mark for the table.
pub(crate) fn bench() -> Result<()> {
    NUMBERS.write(&measured("bench.py")?)
}

/// The same for sound from short-time Fourier magnitudes alone.
///
/// # Errors
/// As [`bench()`].
pub(crate) fn stft_bench() -> Result<()> {
    STFT_NUMBERS.write(&measured("stft.py")?)
}

/// Draws the pictures of docs/questions.md and writes the table of their answers there.
///
/// # Errors
/// As [`bench()`].
pub(crate) fn questions() -> Result<()> {
    QUESTIONS.write(&printed("questions.py", &root()?.join("docs/questions"))?)
}

/// The table that one of the package's benchmarks prints.
fn measured(script: &str) -> Result<String> {
    printed(script, &root()?.join("../shared/gallery"))
}

/// What one of the package's benchmarks prints of a folder.
fn printed(script: &str, folder: &Path) -> Result<String> {
    let inside = environment(&build(Profile::Release)?)?;
    let mut run = Command::new(inside);
    run.arg(root()?.join(PACKAGE).join("benches").join(script)).arg(folder);
    for name in ONE_THREAD.iter().chain(&["RAYON_NUM_THREADS", "NUMBA_NUM_THREADS"]) {
        run.env(name, "1");
    }
    let table = output(&mut run)?;
    println!("{table}");
    Ok(table)
}

/// Runs the guide and the notebook and writes the figures that they print into them.
///
/// # Errors
/// Anything that cannot be built or run.
pub(crate) fn guide() -> Result<()> {
    let inside = environment(&build(Profile::Release)?)?;
    call(Command::new(inside).arg(root()?.join(PACKAGE).join("tests/guide.py")))
}

/// The interpreter of an environment with the wheel, librosa and what the tests need.
pub(crate) fn environment(wheel: &Path) -> Result<PathBuf> {
    let inside = python::testing()?;
    install(&inside, wheel, &["--force-reinstall", "--no-deps"])?;
    Ok(inside)
}

fn interpreter() -> Result<PathBuf> {
    python::find(python::CURRENT).context("no Python")
}

fn install(inside: &Path, wheel: &Path, how: &[&str]) -> Result<()> {
    call(
        Command::new(inside)
            .args(["-m", "pip", "install", "--quiet", "--no-warn-script-location"])
            .args(how)
            .arg(wheel),
    )
}

/// The folder that a source distribution has inside, unpacked.
fn unpacked(archive: &Path) -> Result<PathBuf> {
    let folder = target()?.join("sdist");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    // With today's times: cargo tells by them what is new, and an archive's are fixed.
    call(Command::new("tar").arg("-xzmf").arg(archive).arg("-C").arg(&folder))?;
    let inside = fs::read_dir(&folder)?.next().context("the source distribution is empty")??;
    Ok(inside.path())
}

fn only(folder: &Path, ending: &str) -> Result<PathBuf> {
    let files = fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    let found: Vec<&PathBuf> = files.iter().filter(|file| file.extension().is_some_and(|end| end == ending)).collect();
    ensure!(found.len() == 1, "{} has {} files ending in {ending}, expected one", folder.display(), found.len());
    Ok(found[0].clone())
}
