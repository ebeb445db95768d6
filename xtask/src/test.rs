//! `cargo xtask test`: every test, lint and check there is, in order of speed.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{call, cargo};
use crate::steps::{Steps, in_ci};
use crate::{decimators, fuzz, goldens, palettes, purity, python, readme, wheel};

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    steps.run("formatting", || call(&mut cargo(&["fmt", "--all", "--check"])?));
    steps.run("no files, clocks or environment in fft, spectrum, transform, picture", purity::run);
    steps.run("the README's figures are those of docs/limits.md", || readme::run(true));
    check_tables(&mut steps);
    check_code(&mut steps);
    steps.run("a minute of fuzzing", || fuzz::run(&[]));
    check_python(&mut steps);
    check_goldens(&mut steps);
    steps.finish()
}

/// The tables that Python makes.
fn check_tables(steps: &mut Steps) {
    let missing = python::missing(python::CURRENT);
    if let (Some(reason), true) = (&missing, in_ci()) {
        steps.run("Python for the tables and goldens", || bail!("{reason}, and CI is set"));
    }
    steps.run_unless(missing.as_ref(), "soxr's decimators are as measured", || decimators::run(true));
    steps.run_unless(missing.as_ref(), "palettes are matplotlib's", || palettes::run(true));
}

/// Lints and tests. Tests run in the debug profile, in which what does their work is optimised (the workspace's
/// Cargo.toml): link-time optimisation of every test binary would take minutes.
fn check_code(steps: &mut Steps) {
    let workspace: [(&str, &[&str]); 4] = [
        ("clippy", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"]),
        (
            "transform without threads",
            &["clippy", "-p", "photophone-transform", "--no-default-features", "--quiet", "--", "--deny", "warnings"],
        ),
        ("tests", &["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast", "--quiet"]),
        ("documentation's examples", &["test", "--workspace", "--doc", "--quiet"]),
    ];
    for (name, arguments) in workspace {
        steps.run(name, || call(&mut cargo(arguments)?));
    }
    steps.run("documentation", || call(&mut documentation()?));
}

fn documentation() -> Result<Command> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--quiet"])?;
    command.env("RUSTDOCFLAGS", "--deny warnings");
    Ok(command)
}

/// The Python package, from its source distribution to its tests.
fn check_python(steps: &mut Steps) {
    let missing = python::missing(python::CURRENT);
    let mut built = None;
    steps.run_unless(missing.as_ref(), "the wheel builds and works without Rust", || {
        built = Some(wheel::build()?);
        Ok(())
    });
    match (missing, built) {
        (None, Some(wheel)) => steps.run("the Python package's tests", || wheel::test(&wheel)),
        (Some(reason), _) => steps.run_unless(Some(&reason), "the Python package's tests", || Ok(())),
        (None, None) => {}
    }
}

/// librosa's coefficients: releases that need an old Python are checked where there is one.
fn check_goldens(steps: &mut Steps) {
    for release in &goldens::RELEASES {
        let missing = python::missing(release.python);
        let name = format!("goldens are librosa {}'s", release.version);
        steps.run_unless(missing.as_ref(), &name, || goldens::check(release));
    }
}
