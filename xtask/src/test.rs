//! `cargo xtask test`: every test, lint and check that needs no old Python and no gallery.

use std::path::PathBuf;
use std::process::Command;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, bail};

use crate::document::Marks;
use crate::instructions::Action;
use crate::process::{call, cargo};
use crate::steps::{Steps, in_ci};
use crate::{
    decimators, fuzz, gallery, goldens, instructions, licences, page, palettes, purity, python, readme, toolchains,
    wheel,
};

/// Which of CONTRIBUTING's tables of times a run is written into.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Record {
    /// After `cargo clean`.
    Cold,
    /// When nothing has changed since the last run.
    Warm,
}

/// The steps that need Python.
const PYTHON_STEPS: [&str; 8] = [
    "spelling",
    "licences, sources and versions of dependencies",
    "soxr's decimators are as measured",
    "palettes are matplotlib's",
    "goldens are librosa 0.11.0's",
    "the page in a browser",
    "the wheel builds and works without Rust",
    "the Python package's tests",
];

impl Record {
    fn marks(self) -> Marks<'static> {
        let (begin, end) = match self {
            Self::Cold => ("<!-- cold: made by cargo xtask test --record cold -->", "<!-- end of cold -->"),
            Self::Warm => ("<!-- warm: made by cargo xtask test --record warm -->", "<!-- end of warm -->"),
        };
        Marks { document: "CONTRIBUTING.md", begin, end }
    }
}

pub(crate) fn run(record: Option<Record>) -> Result<()> {
    let mut steps = Steps::begin(
        "every test, lint and check, each with its time; up to half an hour on two cores, twelve minutes the second time",
    );
    // Packages are downloaded and unpacked while cargo compiles.
    let environment = thread::spawn(python::testing);
    steps.run("formatting", || call(&mut cargo(&["fmt", "--all", "--check"])?));
    steps.run("crates and rooms name only what they may", purity::run);
    steps.run("the README's figures are those of docs/limits.md", || readme::run(true));
    steps.run("THIRD-PARTY.md lists what is linked", || licences::notices(true));
    check_code(&mut steps);
    let missing = instructions::missing();
    steps.run_unless(missing.as_ref(), "counts of instructions", || instructions::run(Action::Check));
    let missing = gallery::folder().err().map(|error| format!("{error:#}"));
    steps.run_unless(missing.as_ref(), "pictures of the gallery", || {
        call(&mut cargo(&["test", "--package", "photophone", "--test", "gallery", "--quiet", "--", "--ignored"])?)
    });
    steps.run("a minute of fuzzing", || fuzz::run(&[]));
    check_with_python(&mut steps, environment);
    if let Some(record) = record {
        record.marks().write(&steps.table())?;
    }
    steps.finish()
}

/// Lints and tests. Tests run in the debug profile, in which what does their work is optimised (the workspace's
/// Cargo.toml): link-time optimisation of every test binary would take minutes.
fn check_code(steps: &mut Steps) {
    let clippy: [(&str, &[&str]); 2] = [
        ("clippy", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"]),
        (
            "transform without threads",
            &["clippy", "-p", "photophone-transform", "--no-default-features", "--quiet", "--", "--deny", "warnings"],
        ),
    ];
    for (name, arguments) in clippy {
        steps.run(name, || call(&mut cargo(arguments)?));
    }
    let missing = toolchains::missing_wasm();
    steps.run_unless(missing.as_ref(), "the pure crates build for the browser", toolchains::check_wasm);
    let missing = toolchains::missing_least();
    steps.run_unless(missing.as_ref(), "the least version of Rust compiles what is shipped", toolchains::check_least);
    let tests: [(&str, &[&str]); 3] = [
        ("tests are compiled", &["test", "--workspace", "--lib", "--bins", "--tests", "--no-run", "--quiet"]),
        ("tests", &["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast", "--quiet"]),
        ("documentation's examples", &["test", "--workspace", "--doc", "--quiet"]),
    ];
    for (name, arguments) in tests {
        steps.run(name, || call(&mut cargo(arguments)?));
    }
    steps.run("documentation", || call(&mut documentation()?));
}

fn documentation() -> Result<Command> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--quiet"])?;
    command.env("RUSTDOCFLAGS", "--deny warnings");
    Ok(command)
}

/// What Python checks, or its packages: spelling, dependencies, the tables and coefficients that it makes, and the Python package, from its source
/// distribution to its tests.
fn check_with_python(steps: &mut Steps, environment: JoinHandle<Result<PathBuf>>) {
    let missing = python::missing(python::CURRENT);
    if let (Some(reason), true) = (&missing, in_ci()) {
        steps.run("Python for the tables, goldens and the package", || bail!("{reason}, and CI is set"));
    }
    let mut inside = None;
    steps.run_unless(missing.as_ref(), "packages for Python are installed", || {
        inside = Some(environment.join().ok().context("the installation panicked")??);
        Ok(())
    });
    let Some(inside) = inside else {
        let reason = missing.unwrap_or_else(|| "its packages are not installed".to_owned());
        return PYTHON_STEPS.iter().for_each(|name| steps.run_unless(Some(&reason), name, || Ok(())));
    };
    let [spelling, dependencies, decimators, palettes, goldens, in_browser, builds, tests] = PYTHON_STEPS;
    steps.run(spelling, || call(Command::new(inside.with_file_name("typos")).current_dir(crate::process::root()?)));
    steps.run(dependencies, || licences::deny(&inside.with_file_name("cargo-deny")));
    steps.run(decimators, || decimators::run(true));
    steps.run(palettes, || palettes::run(true));
    steps.run(goldens, || goldens::check(goldens::current(), &inside));
    match page::missing() {
        Some(reason) if in_ci() => steps.run(in_browser, || bail!("{reason}; CI is set")),
        missing => steps.run_unless(missing.as_ref(), in_browser, || page::test(&inside)),
    }
    let mut built = None;
    steps.run(builds, || {
        built = Some(wheel::build(wheel::Profile::Dev)?);
        Ok(())
    });
    if let Some(wheel) = built {
        steps.run(tests, || wheel::test(&wheel));
    }
}
