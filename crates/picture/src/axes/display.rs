//! A reading as lines for people.

use std::fmt;

use photophone_spectrum::{FrequencyScale, Number, Sureness};

use super::statement::{PanelReading, Reading, Statement, StatementSource, Verdict};

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, "spectrogram", &self.spectrogram, |verdict| match verdict {
            Verdict::Yes => "yes".to_owned(),
            Verdict::No => "no".to_owned(),
            Verdict::Unknown => "unknown".to_owned(),
        })?;
        let version = self.tool.version.as_deref().unwrap_or("");
        line(f, "tool", &self.tool.name, |name| format!("{name} {version}").trim_end().to_owned())?;
        for panel in &self.panels {
            if self.panels.len() > 1 {
                writeln!(f, "panel {}", panel.number)?;
            }
            panel.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for PanelReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, "box", &self.data_box, |[x, y, width, height]| {
            format!("{} x {} px at ({}, {})", rounded(*width), rounded(*height), rounded(*x), rounded(*y))
        })?;
        line(f, "cells", &self.cells, |[rows, frames]| format!("{rows} x {frames}"))?;
        line(f, "palette", &self.palette, Clone::clone)?;
        line(f, "levels", &self.levels, |l| format!("{} from {} to {}", l.scale, rounded(l.low), rounded(l.high)))?;
        line(f, "frequency", &self.frequency, |ends| {
            let scale = match ends.scale {
                FrequencyScale::Linear => "linear",
                FrequencyScale::Log => "logarithmic",
                FrequencyScale::Symlog { .. } => "linear, then logarithmic,",
            };
            format!("{scale} from {} to {} Hz", rounded(ends.low_hz), rounded(ends.high_hz))
        })?;
        line(f, "time", &self.time, |ends| format!("from {} to {} s", rounded(ends.low_s), rounded(ends.high_s)))?;
        if self.orientation.value.is_some_and(|orientation| orientation != "upright") {
            line(f, "orientation", &self.orientation, |orientation| (*orientation).to_owned())?;
        }
        line(f, "transform", &self.transform, |said| {
            let numbers = [("n_fft", said.n_fft), ("hop", said.hop), ("n_mels", said.n_mels)];
            let known = numbers.iter().filter_map(|(name, value)| Some(format!(", {name} {}", (*value)?)));
            said.kind.to_owned() + &known.collect::<String>()
        })?;
        line(f, "sample rate", &self.sample_rate, |rate| format!("{rate} Hz"))
    }
}

/// To a thousandth: finer than any axis is read.
fn rounded(value: f64) -> Number {
    Number((value * 1000.0).round() / 1000.0)
}

fn line<T>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    statement: &Statement<T>,
    text: impl Fn(&T) -> String,
) -> fmt::Result {
    let value = statement.value.as_ref().map_or_else(|| "unknown".to_owned(), text);
    let source = match statement.source {
        StatementSource::Read => format!(" (read, {})", Sureness::of(statement.confidence)),
        StatementSource::Given => " (given)".to_owned(),
        StatementSource::Assumed => " (assumed)".to_owned(),
        StatementSource::Unknown => String::new(),
    };
    let evidence = if statement.evidence.is_empty() { String::new() } else { format!(": {}", statement.evidence) };
    writeln!(f, "  {name}: {value}{source}{evidence}")
}
