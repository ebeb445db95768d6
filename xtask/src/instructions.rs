//! `cargo xtask instructions`: how many instructions the work of every job takes, counted by valgrind's callgrind.
//!
//! Unlike times, counts are the same on a busy machine, so that two per cent more are a change of the code. They belong to a
//! compiler and its settings: docs/instructions.md names both, and counts of others are not compared.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::document::Marks;
use crate::process::{call, cargo, output, root, target};

const PAGE: &str = "docs/instructions.md";

const COUNTS: Marks<'static> = Marks {
    document: PAGE,
    begin: "<!-- counts: made by cargo xtask instructions --record -->",
    end: "<!-- end of counts -->",
};

const DISPATCH: Marks<'static> = Marks {
    document: PAGE,
    begin: "<!-- dispatch: made by cargo xtask instructions --dispatch -->",
    end: "<!-- end of dispatch -->",
};

/// What `crates/photophone/examples/instructions.rs` does, and what it is.
const WORK: [(&str, &str); 5] = [
    ("forward", "constant-Q transform"),
    ("adjoint", "its adjoint"),
    ("solve", "10 iterations of least squares"),
    ("heap", "phase by heap integration"),
    ("read", "`picture::read`"),
];

/// By how much a count may grow: 2 %. It says less where the code was only moved.
const MOST_GROWTH: f64 = 1.02;

/// What dispatch through the seam may cost: 1 %.
const MOST_DISPATCH: f64 = 1.01;

/// What is done with counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Action {
    /// Compare them with those on the page.
    Check,
    /// Write them there.
    Record,
    /// Count calls through `&dyn Analysis` beside calls of `Cqt` itself, and write both.
    Dispatch,
}

/// How `transform` is compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Level {
    Tests,
    Three,
}

/// # Errors
/// Work that takes more than it may, and no valgrind.
pub(crate) fn run(action: Action) -> Result<()> {
    match action {
        Action::Dispatch => dispatch(),
        Action::Record => COUNTS.write(&table(&counted(&WORK.map(|(work, _)| work), Level::Tests)?)?),
        Action::Check => check(),
    }
}

/// Why instructions cannot be compared here, if so.
pub(crate) fn missing() -> Option<String> {
    let has = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        return Some("valgrind is not installed (a package of that name)".to_owned());
    }
    let told = page().ok().and_then(|page| page.lines().find_map(|line| line.strip_prefix("By ").map(str::to_owned)));
    let here = compiler().ok().map(|compiler| format!("{compiler}."));
    (told != here).then(|| {
        let [told, here] = [told, here].map(Option::unwrap_or_default);
        format!("counts belong to a compiler: {PAGE} has those by {told} This is {here}")
    })
}

fn check() -> Result<()> {
    let page = page()?;
    let counts = counted(&WORK.map(|(work, _)| work), Level::Tests)?;
    let mut grown = Vec::new();
    for &(work, count) in &counts {
        let told = told(&page, work).with_context(|| format!("{PAGE} has no count of {work}"))?;
        let growth = count as f64 / told as f64;
        println!("{work}: {count} instructions, {:+.2} %", 100.0 * (growth - 1.0));
        if growth > MOST_GROWTH {
            grown.push(format!("{work} takes {count} instructions, {told} before"));
        }
    }
    let advice = "make it as quick as it was, or say why in the commit that runs cargo xtask instructions --record";
    ensure!(grown.is_empty(), "{}: {advice}", grown.join("; "));
    Ok(())
}

fn dispatch() -> Result<()> {
    let pairs = [("forward", "forward_dyn"), ("adjoint", "adjoint_dyn")];
    let mut table = String::from("| call | by `Cqt` | through `&dyn Analysis` | more |\n|---|---|---|---|\n");
    let mut worst: f64 = 0.0;
    for (direct, through) in pairs {
        let counts = counted(&[direct, through], Level::Three)?;
        let (by_itself, by_seam) = (counts[0].1, counts[1].1);
        let ratio = by_seam as f64 / by_itself as f64;
        worst = worst.max(ratio);
        writeln!(table, "| {direct} | {by_itself} | {by_seam} | {:+.4} % |", 100.0 * (ratio - 1.0))?;
    }
    println!("{table}");
    DISPATCH.write(&table)?;
    ensure!(worst <= MOST_DISPATCH, "dispatch costs {:.2} %, at most 1 % is allowed", 100.0 * (worst - 1.0));
    Ok(())
}

fn page() -> Result<String> {
    fs::read_to_string(root()?.join(PAGE)).context(PAGE)
}

/// The compiler, and the instructions that what is compiled for the processor at hand may use under valgrind.
fn compiler() -> Result<String> {
    let version = output(Command::new("rustc").arg("--version"))?;
    let features = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let wide = if features.contains(" avx2 ") && features.contains(" fma ") { "with" } else { "without" };
    Ok(format!("{} {wide} AVX2", version.trim()))
}

fn table(counts: &[(&str, u64)]) -> Result<String> {
    let mut table = format!("By {}.\n\n| work | what | instructions |\n|---|---|---|\n", compiler()?);
    for ((work, count), (_, what)) in counts.iter().zip(WORK) {
        writeln!(table, "| {work} | {what} | {count} |")?;
    }
    print!("{table}");
    Ok(table)
}

/// The count that a page has of some work.
fn told(page: &str, work: &str) -> Option<u64> {
    let row = page.lines().find(|line| line.starts_with(&format!("| {work} | ")))?;
    row.trim_end_matches(" |").rsplit(' ').next()?.parse().ok()
}

/// The instructions of each work: in the profile of the tests, which have compiled nearly all of it, or with `transform`
/// compiled as it is shipped.
fn counted<'a>(works: &[&'a str], level: Level) -> Result<Vec<(&'a str, u64)>> {
    let flags: &[&str] = match level {
        Level::Tests => &[],
        Level::Three => &["--config", "profile.dev.package.photophone-transform.opt-level=3"],
    };
    let build = ["build", "--quiet", "--package", "photophone", "--example", "instructions"];
    call(cargo(&build)?.args(flags))?;
    let program = target()?.join("debug/examples/instructions");
    works.iter().map(|&work| Ok((work, count(&program, work)?))).collect()
}

fn count(program: &Path, work: &str) -> Result<u64> {
    let out: PathBuf = target()?.join(format!("callgrind.{work}"));
    let mut valgrind = Command::new("valgrind");
    valgrind.args([
        "--tool=callgrind",
        "--quiet",
        "--collect-atstart=no",
        "--toggle-collect=*instructions*counted_work*",
    ]);
    valgrind.arg(format!("--callgrind-out-file={}", out.display())).arg(program).arg(work);
    call(&mut valgrind)?;
    collected(&fs::read_to_string(&out)?).with_context(|| format!("callgrind has counted nothing of {work}"))
}

/// The total of a file that callgrind wrote, if there is one.
fn collected(text: &str) -> Option<u64> {
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ").or(line.strip_prefix("summary: ")))?;
    total.trim().parse().ok().filter(|&count| count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_callgrind_and_from_the_page() {
        assert_eq!(collected("events: Ir\nsummary: 1234\n\ntotals: 1234\n"), Some(1234));
        assert_eq!(collected("events: Ir\ntotals: 0\n"), None);
        let page = "| solve | 20 iterations of least squares | 99 |\n| read | `picture::read` | 7 |\n";
        assert_eq!((told(page, "solve"), told(page, "read"), told(page, "heap")), (Some(99), Some(7), None));
    }

    #[test]
    fn the_page_has_every_count() {
        let page = page().unwrap();
        assert!(WORK.iter().all(|(work, _)| told(&page, work).is_some()));
    }
}
