//! The transform's figures: speed beside librosa's in the same run, and agreement.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::process::{call, cargo, output, root, target};
use crate::wheel;

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
    single: f64,
    adjoint: f64,
    fft_floor: f64,
}

/// Seconds by grid, direction and library, as `bench.py` prints them.
type ThroughPython = BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>;

/// The grid of [`Times`].
const MINUTE: &str = "minute at 44.1 kHz";

/// Measures, prints the ratio and writes the page.
pub(crate) fn run(python: Option<PathBuf>) -> Result<()> {
    let through_python = beside_others(python)?;
    let times = measure(&through_python)?;
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
    fs::write(root()?.join(PAGE), page(&times, &through_python, &rows)?).context(PAGE)
}

fn beside_others(python: Option<PathBuf>) -> Result<ThroughPython> {
    let python = match python {
        Some(python) => python,
        None => wheel::environment(&wheel::build(wheel::Profile::Release)?)?,
    };
    let printed = output(Command::new(python).args(["-W", "ignore"]).arg(root()?.join("xtask/bench.py")))?;
    serde_json::from_str(&printed).with_context(|| format!("bench.py printed `{printed}`"))
}

fn measure(through_python: &ThroughPython) -> Result<Times> {
    let mut bench = cargo(&["bench", "-p", "photophone-transform", "--no-default-features", "--bench", "forward"])?;
    call(bench.args(["--", "minute"]).env("RAYON_NUM_THREADS", "1"))?;
    let librosa = through_python.get(MINUTE).and_then(|grid| grid.get("forward")?.get("librosa"));
    Ok(Times {
        librosa: *librosa.context("bench.py printed no time of librosa")?,
        forward: median_secs("forward")?,
        single: median_secs("single")?,
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

fn page(times: &Times, through_python: &ThroughPython, rows: &[String]) -> Result<String> {
    let mut page =
        String::from("# The transform in numbers\n\nWritten by `cargo xtask bench`; do not edit.\n\n## Speed\n\n");
    writeln!(page, "A minute of noise at 44.1 kHz, 84 bins of 12, hop 512, on one thread of {}:\n", processor())?;
    writeln!(page, "| what | median time | librosa's time over it |\n|---|---|---|")?;
    let named = [
        ("`librosa.cqt` 0.11.0, float32 samples", times.librosa),
        ("`Cqt::forward_into`, f64", times.forward),
        ("`Cqt::forward_into`, f32", times.single),
        ("`Cqt::adjoint_into`, f64", times.adjoint),
        ("its FFTs alone, were all frames taken one by one", times.fft_floor),
    ];
    for (name, secs) in named {
        writeln!(page, "| {name} | {:.1} ms | {:.1} |", secs * 1e3, times.librosa / secs)?;
    }
    page.push_str(&python_table(through_python)?);
    page.push_str(
        "\n## Agreement with librosa\n\n\
         Relative L2 difference of the complex coefficients on the golden cases\n\
         (`crates/transform/tests/golden.rs`; the tests demand -120 dB, and -110 dB in single precision).\n\
         librosa computes in single precision, which is what is left in double.\n\n\
         | release | case | double | single |\n|---|---|---|---|\n",
    );
    for row in rows {
        writeln!(page, "{row}")?;
    }
    Ok(page)
}

/// The libraries beside each other, in one run.
fn python_table(measured: &ThroughPython) -> Result<String> {
    let mut table = String::from(
        "\n## Through Python\n\n\
         Processor time on one core, float32 samples, complex64 coefficients; the libraries take turns in one run\n\
         (`xtask/bench.py`). librosa makes its filters in each call, the others keep a plan. `icqt` is `inverse=\"linear\"`,\n\
         told the pad mode.\n\n\
         | grid | what | librosa 0.11.0 | photophone | librosa's time over it | fastchroma 0.1.0 | its time over photophone's |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for (grid, directions) in measured {
        for (direction, seconds) in directions {
            let name = if direction == "forward" { "`cqt`" } else { "`icqt`" };
            let of = |library: &str| seconds.get(library).copied();
            let ms = |secs: Option<f64>| secs.map_or_else(String::new, |secs| format!("{:.1} ms", secs * 1e3));
            let over = |other: Option<f64>| match (other, of("photophone")) {
                (Some(other), Some(ours)) => format!("{:.2}", other / ours),
                _ => String::new(),
            };
            let (librosa, ours, fastchroma) = (of("librosa"), of("photophone"), of("fastchroma"));
            let times = (ms(librosa), ms(ours), over(librosa), ms(fastchroma), over(fastchroma));
            writeln!(
                table,
                "| {grid} | {name} | {} | {} | {} | {} | {} |",
                times.0, times.1, times.2, times.3, times.4
            )?;
        }
    }
    Ok(table)
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
