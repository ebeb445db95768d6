//! What was read, given and assumed, and how the solve went: for people and for programs.

use std::fmt;

use photophone_spectrum::{Source, Sureness};
use photophone_transform::Stop;
use photophone_transform::invert::Loss;
use serde::Serialize;

use crate::Loudness;
use crate::recipe::{Entry, plain};

/// The whole account of one job. Serialises to the JSON of `--report`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The picture or array.
    pub input: String,
    /// Every value used, with where it came from.
    pub findings: Vec<Entry>,
    /// Cells of the grid, if a picture was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<Cells>,
    /// What the grid can carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carried: Option<CarriedReport>,
    /// How the solve went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solve: Option<Solve>,
    /// What each step between the sound and the picture has lost, largest first.
    pub losses: Vec<Loss>,
    /// The same of each channel, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelReport>,
    /// What was done to the loudness.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loudness: Option<LoudnessReport>,
    /// Sentences for people.
    pub notes: Vec<String>,
    /// Reasons not to trust the result.
    pub warnings: Vec<String>,
}

/// How many cells say how much.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cells {
    /// Cells of the grid.
    pub total: usize,
    /// Cells that the picture does not show; filled from their neighbours.
    pub missing: usize,
    /// Cells at the lowest level: "at most".
    pub at_floor: usize,
    /// Cells at the highest level: "at least".
    pub at_ceiling: usize,
    /// Share of the visible cells whose colour is exactly one of the palette's.
    pub exact_share: f64,
}

/// What the grid can carry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CarriedReport {
    /// Above this no linear inverse can recover the sound, in Hz of the samples; absent when
    /// every bin is carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_hz: Option<f64>,
    /// Bins above the limit.
    pub bins_above: usize,
    /// Octave by octave from the bottom: low edge and high edge in Hz of the samples, and the
    /// share of the band that the frames determine.
    pub bands: Vec<(f64, f64, f64)>,
}

/// How the solve went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Solve {
    /// Iterations done.
    pub iterations: usize,
    /// What the sound's own coefficients leave of the data, in dB.
    pub residual_db: f64,
    /// Whether that is of the magnitudes alone, as phase had to be found.
    pub of_magnitudes: bool,
    /// Whether so much of the data is of no sound that the result is not to be trusted.
    pub is_poor: bool,
    /// Why it ended.
    pub stop: Stop,
}

/// How the solve of one channel went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelReport {
    /// Its number, from 1.
    pub channel: usize,
    /// Whether it is silent: every magnitude is zero.
    pub is_silence: bool,
    /// How its solve went.
    pub solve: Solve,
    /// What each step between its sound and its panel has lost, largest first.
    pub losses: Vec<Loss>,
}

/// What was done to the loudness.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoudnessReport {
    /// Factor applied to the samples.
    pub scale: f64,
    /// Largest sample before.
    pub peak_before: f64,
    /// Largest sample after.
    pub peak_after: f64,
    /// The same in words.
    pub summary: String,
}

impl From<Loudness> for LoudnessReport {
    fn from(loudness: Loudness) -> Self {
        Self {
            scale: loudness.scale,
            peak_before: loudness.peak_before,
            peak_after: loudness.peak_after,
            summary: loudness.to_string(),
        }
    }
}

impl Report {
    /// Whether the sound that was made is silence.
    pub fn is_silence(&self) -> bool {
        self.solve.is_some() && self.loudness.as_ref().is_some_and(|loudness| loudness.peak_before == 0.0)
    }

    /// The same account, its sentences as `word` words them: see [`worded`](crate::wording::worded).
    #[must_use]
    pub fn worded(mut self, word: impl Fn(&str) -> String) -> Self {
        let evidence = self.findings.iter_mut().map(|entry| &mut entry.evidence);
        for text in evidence.chain(&mut self.notes).chain(&mut self.warnings) {
            *text = word(text);
        }
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.input)?;
        for entry in &self.findings {
            let value = entry.text();
            let sure = match entry.source {
                // Only where it is known how often such findings are right.
                Source::Read if entry.score.is_some() => format!(", {}", Sureness::of(entry.confidence)),
                _ => String::new(),
            };
            let why = if entry.evidence.is_empty() { String::new() } else { format!(": {}", entry.evidence) };
            writeln!(f, "  {:<8} {:<16} {value}  ({}{sure}){why}", entry.section, entry.name, entry.source)?;
        }
        if let Some(cells) = &self.cells {
            writeln!(
                f,
                "  cells    {} in all, {} not in the picture, {} at the floor, {} at the ceiling; {:.1} % exact colours",
                cells.total,
                cells.missing,
                cells.at_floor,
                cells.at_ceiling,
                100.0 * cells.exact_share
            )?;
        }
        if let Some(carried) = &self.carried {
            write_carried(f, carried)?;
        }
        if let Some(solve) = &self.solve {
            if self.is_silence() {
                writeln!(f, "  solve    nothing to solve for: the sound is silence")?;
            } else {
                write_solve(f, solve)?;
            }
        }
        if let Some(largest) = self.losses.first().filter(|_| !self.is_silence()) {
            let figures: Vec<String> =
                self.losses.iter().map(|loss| format!("{} to the {}", percent(loss.share), loss.name)).collect();
            writeln!(f, "  lost     {} of the power: most to the {}", figures.join(", "), largest.name)?;
        }
        for ChannelReport { channel, is_silence, solve, .. } in self.channels.iter().filter(|_| !self.is_silence()) {
            let left = percent(10f64.powf(solve.residual_db / 10.0));
            let said = format!("{} iterations, {left} of its power left unexplained", solve.iterations);
            writeln!(f, "  channel  {channel}: {}", if *is_silence { "silence" } else { &said })?;
        }
        if let Some(loudness) = &self.loudness {
            writeln!(f, "  loudness {}", loudness.summary)?;
        }
        for note in &self.notes {
            writeln!(f, "  note     {note}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "{warning}")?;
        }
        Ok(())
    }
}

fn write_carried(f: &mut fmt::Formatter<'_>, carried: &CarriedReport) -> fmt::Result {
    match carried.limit_hz {
        None => writeln!(f, "  grid     carries every bin"),
        Some(limit) => {
            writeln!(
                f,
                "  grid     carries the sound up to {limit:.0} Hz; above that ({} bins) the frames are too far apart for any linear inverse",
                carried.bins_above
            )?;
            let shares: Vec<String> = carried
                .bands
                .iter()
                .filter(|band| band.2 < 1.0)
                .map(|(low, high, share)| format!("{low:.0}-{high:.0} Hz {:.0} %", 100.0 * share))
                .collect();
            writeln!(f, "  grid     determined there: {}", shares.join(", "))
        }
    }
}

fn write_solve(f: &mut fmt::Formatter<'_>, solve: &Solve) -> fmt::Result {
    let Solve { iterations, residual_db, of_magnitudes, is_poor, stop } = solve;
    let left = percent(10f64.powf(residual_db / 10.0));
    if *of_magnitudes {
        // All rounds are always done: there is no other end to them.
        let ended = if *stop == Stop::Cancelled { "; interrupted" } else { "" };
        return writeln!(
            f,
            "  solve    {iterations} steps of phase retrieval; the sound leaves {left} of the magnitudes' power unexplained{ended}"
        );
    }
    let ended = match stop {
        Stop::Converged if *is_poor => "no sound explains the data",
        Stop::Converged => "what could still be gained lies below the noise",
        Stop::IterationLimit => "more iterations could still gain something (`iterations`)",
        Stop::Cancelled => "interrupted",
    };
    writeln!(f, "  solve    {iterations} iterations, {left} of the power left unexplained; {ended}")
}

/// A share in per cent, to two digits.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        ..0.001 => "less than 0.001 %".to_owned(),
        ..0.01 => format!("{percent:.4} %"),
        ..0.1 => format!("{percent:.3} %"),
        ..1.0 => format!("{percent:.2} %"),
        ..10.0 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

impl Entry {
    /// The value as people write it.
    pub fn text(&self) -> String {
        plain(&self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_two_digits() {
        for (share, text) in
            [(1.0, "100 %"), (0.114, "11 %"), (0.0456, "4.6 %"), (0.00456, "0.46 %"), (0.0000456, "0.0046 %")]
        {
            assert_eq!(percent(share), text);
        }
        assert_eq!(percent(0.0), "less than 0.001 %");
    }
}
