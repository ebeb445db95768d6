//! The project's chores: `cargo xtask test` runs every test, lint and check there is.
#![allow(clippy::print_stdout, reason = "a command-line tool talks to its terminal")]

mod bench;
mod calibrate;
mod circles;
mod cli_docs;
mod clips;
mod decimators;
mod digests;
mod document;
mod fuzz;
mod gallery;
mod goldens;
mod instructions;
mod licences;
mod page;
mod palettes;
mod process;
mod purity;
mod python;
mod readme;
mod scale;
mod sources;
mod steps;
mod survive;
mod sweep;
mod test;
mod toolchains;
mod wheel;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use instructions::Action;

/// The project's chores.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test, lint and check that needs no old Python and no gallery.
    Test {
        /// Write the table of times into CONTRIBUTING.md.
        #[arg(long, value_name = "RUN")]
        record: Option<test::Record>,
    },
    /// Test the page in a browser; with `--shots` take the pictures of docs/studio.md.
    Page {
        /// Take pictures instead.
        #[arg(long)]
        shots: bool,
    },
    /// Search the crates for files, clocks and names that they must do without.
    Purity,
    /// Measure soxr's decimators into crates/transform/src/cqt/decimate/table.rs.
    Decimators(Mode),
    /// Copy matplotlib's palettes into crates/picture/src/palette.
    Palettes(Mode),
    /// Compute librosa's golden coefficients into crates/transform/tests/golden.
    Goldens(Mode),
    /// Time the transform beside other libraries and write docs/numbers-transform.md.
    Bench {
        /// An interpreter with librosa 0.11, the package's release wheel and, to compare it, fastchroma; else one is made
        /// with the first two.
        python: Option<std::path::PathBuf>,
    },
    /// Recover the gallery and write docs/results.md.
    Gallery,
    /// Write the tables of flags in docs/cli.md from the command's own definitions.
    CliDocs(Mode),
    /// Write the README's table of results from docs/limits.md.
    Readme(Mode),
    /// Compare 40 recovered sounds with those of a commit, bit by bit.
    Digests {
        /// The commit, branch or tag.
        #[arg(default_value = "HEAD")]
        commit: String,
    },
    /// Build the Python package's wheel and run its tests.
    Python {
        /// Compile it as it is published, not as the tests are.
        #[arg(long)]
        release: bool,
    },
    /// Run the Python guide and the notebook, and write the figures that they print into them.
    Guide,
    /// Measure the Python package beside librosa and write the table into docs/python.md.
    PythonBench,
    /// Measure sound from short-time Fourier magnitudes beside librosa's and write the table into docs/python.md.
    StftBench,
    /// Draw the pictures of docs/questions.md and write the table of their answers there.
    Questions,
    /// Fuzz every reader and tiny recoveries: --minutes M, --executions N, --target NAME, --replay TARGET FILE.
    Fuzz {
        /// Passed on.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Read pictures whose truth is known, fit how often findings are right, and write docs/calibration.md.
    Calibrate {
        /// Fit to what the last run read.
        #[arg(long)]
        refit: bool,
    },
    /// Recover clips of many kinds, with and without phase, and write docs/limits.md.
    Clips,
    /// Kill draws and recoveries, let them race and fill disks, and write the table into docs/reliability.md.
    Survive,
    /// Count the instructions of some work and compare them with docs/instructions.md.
    Instructions {
        /// Write the counts there.
        #[arg(long)]
        record: bool,
        /// Count what calls through `&dyn Analysis` cost, and write that.
        #[arg(long, conflicts_with = "record")]
        dispatch: bool,
    },
    /// Draw a thousand clips, recover some, and write the table of docs/scale.md.
    Scale,
    /// Write THIRD-PARTY.md: what is linked, under which licence.
    Notices(Mode),
    /// Recover sounds with thresholds at other values and write their tables in docs/sweeps.md.
    Sweep {
        /// The thresholds. Default: all, which takes a quarter of an hour.
        names: Vec<String>,
    },
    /// Recover clips with an offset, a drift or rumble and write that table of docs/limits.md.
    Offsets,
}

#[derive(Args)]
struct Mode {
    /// Compare with what is checked in and write nothing.
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Test { record } => test::run(record),
        Task::Page { shots: true } => python::testing().and_then(|inside| page::shots(&inside)),
        Task::Page { shots: false } => page::build().and_then(|()| page::test(&python::testing()?)),
        Task::Purity => purity::run(),
        Task::Decimators(mode) => decimators::run(mode.check),
        Task::Palettes(mode) => palettes::run(mode.check),
        Task::Goldens(mode) => goldens::run(mode.check),
        Task::CliDocs(mode) => cli_docs::run(mode.check),
        Task::Readme(mode) => readme::run(mode.check),
        Task::Digests { commit } => digests::run(&commit),
        Task::Bench { python } => bench::run(python),
        Task::Gallery => gallery::run(),
        Task::Fuzz { arguments } => fuzz::run(&arguments),
        Task::Calibrate { refit } => calibrate::run(refit),
        Task::Clips => clips::run(),
        Task::Survive => survive::run(),
        Task::Scale => scale::run(),
        Task::Instructions { record: true, .. } => instructions::run(Action::Record),
        Task::Instructions { dispatch: true, .. } => instructions::run(Action::Dispatch),
        Task::Instructions { .. } => instructions::run(Action::Check),
        Task::Notices(mode) => licences::notices(mode.check),
        Task::Sweep { names } => sweep::run(&names),
        Task::Guide => wheel::guide(),
        Task::Offsets => clips::run_offsets(),
        Task::PythonBench => wheel::bench(),
        Task::StftBench => wheel::stft_bench(),
        Task::Questions => wheel::questions(),
        Task::Python { release } => {
            let profile = if release { wheel::Profile::Release } else { wheel::Profile::Dev };
            wheel::build(profile).and_then(|wheel| wheel::test(&wheel))
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
