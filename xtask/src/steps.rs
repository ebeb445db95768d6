//! Runs steps one after the other and tells what it does as it does it, with the time that each step takes.

use std::env;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// How a step ended.
#[derive(Clone, Debug, PartialEq)]
enum End {
    Passed,
    Failed(String),
    /// Not run, and why.
    Skipped(String),
}

/// A step that is over.
#[derive(Debug)]
struct Step {
    name: String,
    time: Duration,
    end: End,
}

/// Steps that are over, in the order in which they ran.
#[derive(Debug)]
pub(crate) struct Steps {
    start: Instant,
    done: Vec<Step>,
}

impl Steps {
    /// Begins now, and says so.
    pub(crate) fn begin(what: &str) -> Self {
        say(what);
        Self { start: Instant::now(), done: Vec::new() }
    }

    /// Runs a step; a failure is noted and the next step still runs.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Result<()>) {
        say(&format!("---- {} {name}", clock(self.start.elapsed())));
        let start = Instant::now();
        let end = match step() {
            Ok(()) => End::Passed,
            Err(error) => End::Failed(format!("{error:#}")),
        };
        let time = start.elapsed();
        match &end {
            End::Failed(why) => say(&format!("FAILED after {:.1} s: {name}: {why}", time.as_secs_f64())),
            _ => say(&format!("passed in {:.1} s: {name}", time.as_secs_f64())),
        }
        self.done.push(Step { name: name.to_owned(), time, end });
    }

    /// Runs a step that needs something; skips it, loudly, where that is missing.
    pub(crate) fn run_unless(&mut self, missing: Option<&String>, name: &str, step: impl FnOnce() -> Result<()>) {
        match missing {
            None => self.run(name, step),
            Some(reason) => {
                say(&format!("SKIPPED: {name} because {reason}"));
                let end = End::Skipped(reason.clone());
                self.done.push(Step { name: name.to_owned(), time: Duration::ZERO, end });
            }
        }
    }

    /// The steps with their times, as a table of Markdown.
    pub(crate) fn table(&self) -> String {
        let mut table = String::from("| step | s | |\n|---|---|---|\n");
        for Step { name, time, end } in &self.done {
            let word = match end {
                End::Passed => "passed",
                End::Failed(_) => "FAILED",
                End::Skipped(_) => "skipped",
            };
            let _ = writeln!(table, "| {name} | {:.1} | {word} |", time.as_secs_f64());
        }
        let _ = writeln!(table, "| all | {:.1} | |", self.start.elapsed().as_secs_f64());
        table
    }

    /// Prints the table, what was skipped and, last, what failed.
    ///
    /// # Errors
    /// When a step failed.
    pub(crate) fn finish(self) -> Result<()> {
        say(&format!("\n{}", self.table()));
        for Step { name, end, .. } in &self.done {
            if let End::Skipped(reason) = end {
                say(&format!("skipped: {name} because {reason}"));
            }
        }
        let failed: Vec<String> = self
            .done
            .iter()
            .filter_map(|step| match &step.end {
                End::Failed(why) => Some(format!("  {}: {why}", step.name)),
                _ => None,
            })
            .collect();
        ensure!(failed.is_empty(), "{} of {} steps failed:\n{}", failed.len(), self.done.len(), failed.join("\n"));
        say(&format!("nothing failed in {} steps", self.done.len()));
        Ok(())
    }
}

/// Prints a line at once, also where the output is a file or a pipe.
fn say(line: &str) {
    println!("{line}");
    let _ = io::stdout().flush();
}

/// Minutes and seconds since the beginning.
fn clock(time: Duration) -> String {
    format!("{:02}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

/// Whether this is continuous integration, where what can be checked must be.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn every_step_is_in_the_table_and_failures_come_last() {
        let mut steps = Steps::begin("a test");
        steps.run("good", || Ok(()));
        steps.run("bad", || bail!("broken"));
        steps.run_unless(Some(&"there is none".to_owned()), "absent", || bail!("was run"));
        steps.run_unless(None, "present", || Ok(()));
        let table = steps.table();
        let ends = ["| good |", "| bad |", "FAILED", "| absent | 0.0 | skipped", "| present |", "| all |"];
        assert!(ends.iter().all(|part| table.contains(part)), "{table}");
        let error = steps.finish().unwrap_err().to_string();
        assert!(error.starts_with("1 of 4 steps failed") && error.ends_with("bad: broken"), "{error}");
    }

    #[test]
    fn the_clock_counts_minutes() {
        assert_eq!(clock(Duration::from_secs(754)), "12:34");
    }
}
