//! Hostile inputs for every reader, and tiny recoveries with all settings: what panics, hangs or takes too much memory is
//! kept in `fuzz/artifacts`.
//!
//! | file | what |
//! |---|---|
//! | `targets` | what is fuzzed |
//! | `seeds` | the inputs to start from, made by code |
//! | `recovery` | a whole recovery with settings drawn by chance |
//! | `mutate`, `container` | inputs made hostile, and their checksums put right |
//! | `execute` | one execution, watched |
//! | `tally` | what came of all of them |
#![allow(clippy::print_stdout, reason = "a command-line tool talks to its terminal")]

mod container;
mod execute;
mod mutate;
mod recovery;
mod seeds;
mod tally;
mod targets;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use fastrand::Rng;
use peak_alloc::PeakAlloc;

use execute::Executor;
use tally::Tally;
use targets::Target;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Time that a target is worked on before the next one's turn.
const TURN: Duration = Duration::from_millis(250);

/// Fuzzes every reader of files, and tiny recoveries.
#[derive(Parser)]
#[command(name = "photophone-fuzz")]
struct Arguments {
    /// How long
    #[arg(long, default_value_t = 1.0, conflicts_with = "executions")]
    minutes: f64,
    /// How many executions, over all targets
    #[arg(long)]
    executions: Option<u64>,
    /// Only the targets whose names begin so
    #[arg(long, default_value = "")]
    target: String,
    /// Where chance starts
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Execute one input again: TARGET FILE
    #[arg(long, num_args = 2, value_names = ["TARGET", "FILE"])]
    replay: Option<Vec<String>>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts");
    let mut executor = Executor::new(artifacts);
    if let Some([target, file]) = arguments.replay.as_deref() {
        return replay(&mut executor, target, Path::new(file));
    }
    let mut targets: Vec<Worked> = targets::all()
        .into_iter()
        .filter(|target| target.name.starts_with(&arguments.target))
        .map(|target| Worked { tally: Tally::new(target.name, &target.seeds), target })
        .collect();
    let mut rng = Rng::with_seed(arguments.seed);
    let until = Instant::now() + Duration::from_secs_f64(60.0 * arguments.minutes);
    let most = arguments.executions.unwrap_or(u64::MAX);
    let goes_on = |done: u64| done < most && (arguments.executions.is_some() || Instant::now() < until);
    let mut done = 0;
    while goes_on(done) && !targets.is_empty() {
        for worked in &mut targets {
            let turn = Instant::now();
            while turn.elapsed() < TURN && goes_on(done) {
                worked.execute(&mut executor, &mut rng);
                done += 1;
            }
        }
    }
    println!("{}", tally::HEADER);
    for worked in &targets {
        println!("{}", worked.tally.row());
    }
    let faults: u64 = targets.iter().map(|worked| worked.tally.faults()).sum();
    println!("\n{done} executions, {faults} faults");
    if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A target and what came of it so far.
struct Worked {
    target: Target,
    tally: Tally,
}

impl Worked {
    fn execute(&mut self, executor: &mut Executor, rng: &mut Rng) {
        let input = self.target.input(self.tally.corpus(), rng);
        let (verdict, outcome) = executor.execute(&self.target, &input);
        if let Some(place) =
            self.tally.count(verdict, &outcome, &input).and_then(|kind| executor.keep(kind, &self.target, &input))
        {
            println!("{}: {verdict:?}: {outcome}", self.target.name);
            println!("  again with: cargo xtask fuzz --replay {} {}", self.target.name, place.display());
        }
    }
}

fn replay(executor: &mut Executor, name: &str, file: &Path) -> ExitCode {
    let Some(target) = targets::all().into_iter().find(|target| target.name == name) else {
        let names: Vec<&str> = targets::all().iter().map(|target| target.name).collect();
        println!("no target is named {name}; expected one of {}", names.join(", "));
        return ExitCode::FAILURE;
    };
    let file: PathBuf = file.to_owned();
    match std::fs::read(&file) {
        Ok(input) => {
            let (verdict, outcome) = executor.execute(&target, &input);
            println!("{verdict:?}: {outcome}");
            if verdict.is_fault() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(error) => {
            println!("{}: {error}", file.display());
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use super::*;
    use crate::execute::Verdict;

    /// What an execution is seen by, the panic hook and the memory in use, is the process's: one test at a time.
    fn alone() -> MutexGuard<'static, ()> {
        static ALONE: Mutex<()> = Mutex::new(());
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every seed is let through or refused in words, and a hundred hostile versions of each target's too.
    #[test]
    fn every_target_runs_from_its_seeds() {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let mut executor = Executor::new(folder.path().to_owned());
        let mut rng = Rng::with_seed(1);
        for target in targets::all() {
            for seed in &target.seeds {
                let (verdict, outcome) = executor.execute(&target, seed);
                assert!(!verdict.is_fault(), "{}: {verdict:?}: {outcome}", target.name);
            }
            for _ in 0..20 {
                let input = target.input(&target.seeds, &mut rng);
                let (verdict, outcome) = executor.execute(&target, &input);
                assert!(!verdict.is_fault(), "{}: {verdict:?}: {outcome}", target.name);
            }
        }
    }

    /// symphonia 0.6.1 panics on Vorbis headers that declare what they should not.
    #[test]
    fn vorbis_headers_that_stop_the_decoder_are_damaged_files() {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let mut executor = Executor::new(folder.path().to_owned());
        let target = targets::all().into_iter().find(|target| target.name == "sound-ogg").unwrap();
        let tone = &target.seeds[0];
        let mut caught = 0;
        for at in 28..tone.len().min(4096) {
            let mut hostile = tone.clone();
            hostile[at] = 0xff;
            (target.mend)(&mut hostile);
            let (verdict, outcome) = executor.execute(&target, &hostile);
            assert!(!verdict.is_fault(), "byte {at}: {verdict:?}: {outcome}");
            if matches!(verdict, Verdict::Caught(_)) {
                assert!(outcome.contains("is damaged: its data stop the decoder"), "byte {at}: {outcome}");
                caught += 1;
            }
        }
        assert!(caught > 0);
    }

    /// The driver sees what it is there for.
    #[test]
    fn a_panic_and_a_large_allocation_are_found() {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let mut executor = Executor::new(folder.path().to_owned());
        let target = |run| Target { name: "test", seeds: vec![vec![0]], run, mend: |_| (), havoc: true };
        let panics = target(|_, bytes| format!("{}", bytes[std::hint::black_box(7)]));
        assert!(matches!(executor.execute(&panics, &[1]).0, Verdict::Panic));
        let takes = target(|_, _| format!("{}", vec![1u8; 1_100_000_000].len()));
        assert!(matches!(executor.execute(&takes, &[1]).0, Verdict::Memory(_)));
        let quiet = target(|_, _| "fine".to_owned());
        assert!(matches!(executor.execute(&quiet, &[1]).0, Verdict::Fine(_)));
    }
}
