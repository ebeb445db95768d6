//! The transform's figures: speed beside librosa's in the same run, and agreement.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::process::{call, cargo, output, root, target};
use crate::python;

const PAGE: &str = "docs/numbers-transform.md";

/// The part of criterion's `estimates.json` that is used. Times in nanoseconds.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Median times of a minute at 44.1 kHz on one thread, in seconds.
struct Times {
    librosa: f64,
    forward: f64,
    adjoint: f64,
    fft_floor: f64,
}

/// Measures, prints the ratio and writes the page.
pub(crate) fn run() -> Result<()> {
    let times = measure()?;
    println!("librosa {:.3} s, forward {:.4} s: {:.1} times as fast", times.librosa, times.forward, times.ratio());
    let figures = output(&mut cargo(&[
        "test",
        "--quiet",
        "--release",
        "-p",
        "photophone-transform",
        "--test",
        "golden",
        "--",
        "--nocapture",
        "--test-threads=1",
    ])?)?;
    let rows = parity_rows(&figures);
    ensure!(!rows.is_empty(), "the golden test printed no figures");
    fs::write(root()?.join(PAGE), page(&times, &rows)?).context(PAGE)
}

fn measure() -> Result<Times> {
    let mut bench = cargo(&["bench", "-p", "photophone-transform", "--no-default-features", "--bench", "forward"])?;
    call(bench.env("RAYON_NUM_THREADS", "1"))?;
    let python = python::find(python::CURRENT).context("no Python for librosa")?;
    let python = python::environment(&python, &python::LIBROSA_0_11)?;
    let librosa = output(Command::new(python).args(["-W", "ignore"]).arg(root()?.join("xtask/bench.py")))?;
    Ok(Times {
        librosa: librosa.trim().parse().with_context(|| format!("bench.py printed `{librosa}`"))?,
        forward: median_secs("forward")?,
        adjoint: median_secs("adjoint")?,
        fft_floor: median_secs("fft floor")?,
    })
}

fn median_secs(bench: &str) -> Result<f64> {
    let file = target()?.join("criterion/minute").join(bench).join("new/estimates.json");
    let text = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(serde_json::from_slice::<Estimates>(&text)?.median.point_estimate * 1e-9)
}

impl Times {
    fn ratio(&self) -> f64 {
        self.librosa / self.forward
    }
}

/// The golden test's lines `... golden RELEASE | CASE | FIGURE` as table rows.
fn parity_rows(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.split_once("golden ").map(|(_, rest)| rest));
    lines.filter(|line| line.ends_with(" dB") && line.contains(" | ")).map(|line| format!("| {line} |")).collect()
}

fn page(times: &Times, rows: &[String]) -> Result<String> {
    let mut page =
        String::from("# The transform in numbers\n\nWritten by `cargo xtask bench`; do not edit.\n\n## Speed\n\n");
    writeln!(page, "A minute of noise at 44.1 kHz, 84 bins of 12, hop 512, on one thread of {}:\n", processor())?;
    writeln!(page, "| what | median time | librosa's time over it |\n|---|---|---|")?;
    let named = [
        ("`librosa.cqt` 0.11.0, float32 samples", times.librosa),
        ("`Cqt::forward_into`, f64", times.forward),
        ("`Cqt::adjoint_into`, f64", times.adjoint),
        ("its FFTs alone, were all frames taken one by one", times.fft_floor),
    ];
    for (name, secs) in named {
        writeln!(page, "| {name} | {:.1} ms | {:.1} |", secs * 1e3, times.librosa / secs)?;
    }
    page.push_str(
        "\n## Agreement with librosa\n\n\
         Relative L2 difference of the complex coefficients on the golden cases\n\
         (`crates/transform/tests/golden.rs`; the tests demand -100 dB). librosa computes in single\n\
         precision, which is what is left.\n\n| release | case | difference |\n|---|---|---|\n",
    );
    for row in rows {
        writeln!(page, "{row}")?;
    }
    Ok(page)
}

/// The processor's name as Linux gives it.
fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| "an unnamed processor".to_owned(), |(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::parity_rows;

    #[test]
    fn figures_are_found_among_the_harness_lines() {
        let text =
            "running 1 test\ntest a ... golden 0.11.0 | noise | -128.3 dB\ngolden 0.6.3 | sweep | -130.0 dB\nok\n";
        assert_eq!(parity_rows(text), ["| 0.11.0 | noise | -128.3 dB |", "| 0.6.3 | sweep | -130.0 dB |"]);
    }
}
