//! Runs steps one after the other, with their times, and counts how they ended.

use std::env;
use std::time::Instant;

use anyhow::{Result, ensure};

/// How many steps ended in which way.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    passed: usize,
    failed: Vec<String>,
    skipped: usize,
}

impl Steps {
    /// Runs a step; a failure is noted and the next step still runs.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Result<()>) {
        println!("---- {name}");
        let start = Instant::now();
        let result = step();
        let secs = start.elapsed().as_secs_f64();
        match result {
            Ok(()) => {
                println!("passed: {name} ({secs:.1} s)");
                self.passed += 1;
            }
            Err(error) => {
                println!("FAILED: {name} ({secs:.1} s): {error:#}");
                self.failed.push(name.to_owned());
            }
        }
    }

    /// Runs a step that needs something; skips it, loudly, where that is missing.
    pub(crate) fn run_unless(&mut self, missing: Option<&String>, name: &str, step: impl FnOnce() -> Result<()>) {
        if let Some(reason) = missing {
            println!("SKIPPED: {name} because {reason}");
            self.skipped += 1;
        } else {
            self.run(name, step);
        }
    }

    /// Prints the count.
    ///
    /// # Errors
    /// When a step failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!("{} passed, {} failed, {} skipped", self.passed, self.failed.len(), self.skipped);
        ensure!(self.failed.is_empty(), "failed: {}", self.failed.join(", "));
        Ok(())
    }
}

/// Whether this is continuous integration, where what can be checked must be.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}
