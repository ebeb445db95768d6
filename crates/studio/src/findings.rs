//! What was read, as the page shows it: one list, whether a figure's axes or the cells of a bare picture tell it.

use photophone::picture::{PanelReading, Reading, Statement, StatementSource};
use photophone::spectrum::{Source, Sureness};
use photophone::{Entry, Inspected};
use serde::Serialize;

use crate::words::on_page;

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Shown {
    /// The setting that corrects it, as the command line spells it; `None` where nothing does.
    pub(crate) setting: Option<&'static str>,
    /// What the page calls it.
    pub(crate) label: &'static str,
    /// The value, for people.
    pub(crate) text: String,
    /// The value as the setting takes it.
    pub(crate) value: String,
    /// `read`, `given`, `assumed` or `unknown`.
    pub(crate) source: &'static str,
    /// 0 to 1; `None` where it is not known how often such findings are right.
    pub(crate) confidence: Option<f64>,
    /// "sure", "likely", "doubtful" or "a guess".
    pub(crate) sureness: String,
    /// Why.
    pub(crate) evidence: String,
}

impl Shown {
    /// Whether the sound hangs on something nobody told and that is less than 80 % sure.
    pub(crate) fn is_doubtful(&self) -> bool {
        match self.source {
            "assumed" | "unknown" => true,
            "read" => self.confidence.is_some_and(|confidence| confidence < 0.8),
            _ => false,
        }
    }
}

/// All that was read of a picture. `recipe` are the parameters of its transform with where they come from.
pub(crate) fn shown(inspected: &Inspected, recipe: &[Entry]) -> Vec<Shown> {
    let mut list = if let Some(panel) = inspected.reading.panels.first().filter(|_| inspected.is_figure) {
        of_figure(&inspected.reading, panel)
    } else {
        let report = inspected.own.as_ref().or_else(|| inspected.read.as_ref().ok().map(|read| &read.report));
        report.map_or_else(Vec::new, |report| of_cells(&report.findings))
    };
    add_recipe(&mut list, recipe);
    list
}

/// Adds the parameters of a recipe. What is in the list is told once, and what it does not know is what the recipe says.
pub(crate) fn add_recipe(list: &mut Vec<Shown>, recipe: &[Entry]) {
    for shown in recipe.iter().filter(|entry| entry.section == "recipe").filter_map(recipe_line) {
        match list.iter_mut().find(|other| other.setting == shown.setting) {
            Some(other) if other.source == "unknown" => *other = shown,
            Some(_) => {}
            None => list.push(shown),
        }
    }
}

/// The findings of a bare picture that are shown: section, name, label, and the setting that corrects it.
const OF_CELLS: [(&str, &str, &str, Option<&str>); 8] = [
    ("picture", "box", "Frame", Some("crop")),
    ("picture", "cells", "Cells", Some("cells")),
    ("picture", "palette", "Palette", Some("palette")),
    ("picture", "levels", "Level scale", Some("levels")),
    ("picture", "orientation", "Orientation", Some("flip")),
    ("picture", "kind", "Kind", None),
    ("phase", "file", "Phase", None),
    ("picture", "made by", "Made by", None),
];

fn of_cells(findings: &[Entry]) -> Vec<Shown> {
    let find = |section: &str, name: &str| findings.iter().find(|entry| entry.section == section && entry.name == name);
    let lines = OF_CELLS.iter().filter_map(|&(section, name, label, setting)| {
        let entry = find(section, name)?;
        let text = entry.text();
        let (text, value) = match name {
            "box" => (plain_box(&text), box_value(&text)),
            "cells" => (text.replace(" x ", " × ").replace(", each ", ", "), cells_value(&text)),
            "levels" => (level_text(&text), text),
            "orientation" => {
                let flip = text.trim_start_matches("flip ").to_owned();
                (if flip == "none" { "upright".to_owned() } else { format!("flipped, {flip}") }, flip)
            }
            _ => (text.clone(), text),
        };
        Some(line(setting, label, (text, value), entry))
    });
    lines.collect()
}

/// The parameters of a recipe that shape the sound most: name and label.
const OF_RECIPE: [(&str, &str); 6] = [
    ("sr", "Sample rate"),
    ("hop", "Hop"),
    ("fmin", "Lowest bin"),
    ("bins-per-octave", "Bins"),
    ("tuning", "Tuning"),
    ("librosa", "librosa"),
];

fn recipe_line(entry: &Entry) -> Option<Shown> {
    let &(name, label) = OF_RECIPE.iter().find(|(name, _)| *name == entry.name)?;
    let value = entry.text();
    let text = match name {
        "sr" => format!("{} Hz", grouped(&value)),
        "hop" => format!("{value} samples"),
        "fmin" => format!("{value} Hz"),
        "bins-per-octave" => format!("{value} an octave"),
        "tuning" => value.parse().map_or_else(|_| value.clone(), |bins: f64| format!("{bins:+.2} bins")),
        _ => value.clone(),
    };
    Some(line(Some(name), label, (text, value), entry))
}

fn line(setting: Option<&'static str>, label: &'static str, (text, value): (String, String), entry: &Entry) -> Shown {
    let source = match entry.source {
        Source::Read => "read",
        Source::Given => "given",
        Source::Assumed => "assumed",
    };
    Shown {
        setting,
        label,
        text,
        value,
        source,
        confidence: (entry.score.is_some() || entry.confidence < 1.0).then_some(entry.confidence),
        sureness: Sureness::of(entry.confidence).to_string(),
        evidence: on_page(&entry.evidence),
    }
}

/// What a figure's axes and boxes tell.
fn of_figure(reading: &Reading, panel: &PanelReading) -> Vec<Shown> {
    let whole = |px: f64| px.round().to_string();
    let mut list = vec![
        statement("crop", "Frame", &panel.data_box, |[x, y, width, height]| {
            (
                format!("{} × {} px at {}, {}", whole(*width), whole(*height), whole(*x), whole(*y)),
                [x, y, width, height].map(|px| whole(*px)).join(","),
            )
        }),
        statement("cells", "Cells", &panel.cells, |[rows, frames]| {
            (format!("{rows} × {frames}"), format!("{rows}x{frames}"))
        }),
        statement("palette", "Palette", &panel.palette, |name| (name.clone(), name.clone())),
        statement("levels", "Level scale", &panel.levels, |ends| match ends.scale {
            scale @ ("db" | "ln") => {
                let text = format!("{}, {} … {}", if scale == "db" { "dB" } else { "ln" }, ends.low, ends.high);
                (text.replace('-', "−"), format!("{scale}:{}:{}", ends.low, ends.high))
            }
            scale => (scale.to_owned(), scale.to_owned()),
        }),
        statement("fmax", "Frequencies", &panel.frequency, |ends| {
            let scale = serde_json::to_value(ends.scale).ok();
            let scale = scale.as_ref().and_then(|value| value.get("kind")?.as_str()).unwrap_or_default();
            (format!("{} – {}, {scale}", hz(ends.low_hz), hz(ends.high_hz)), format!("{:.2}", ends.high_hz))
        }),
        statement("duration", "Time", &panel.time, |ends| {
            let text = format!("{:.2} – {:.2} s", ends.low_s.max(0.0), ends.high_s);
            (text, format!("{:.4}", ends.high_s - ends.low_s))
        }),
        statement("transform", "Transform", &panel.transform, |said| (said.kind.to_uppercase(), said.kind.to_owned())),
        statement("sr", "Sample rate", &panel.sample_rate, |rate| {
            (format!("{} Hz", grouped(&rate.to_string())), rate.to_string())
        }),
        Shown {
            setting: None,
            ..statement("", "Made by", &reading.tool.name, |name| {
                let version = reading.tool.version.as_deref().unwrap_or_default();
                let text = format!("{name} {version}").trim().to_owned();
                (text.clone(), text)
            })
        },
    ];
    list.retain(|shown| shown.source != "unknown" || shown.label != "Made by");
    list
}

fn statement<T>(
    setting: &'static str,
    label: &'static str,
    told: &Statement<T>,
    texts: impl Fn(&T) -> (String, String),
) -> Shown {
    let source = match told.source {
        StatementSource::Read => "read",
        StatementSource::Given => "given",
        StatementSource::Assumed => "assumed",
        StatementSource::Unknown => "unknown",
    };
    let (text, value) = told.value.as_ref().map_or_else(|| ("not known".to_owned(), String::new()), texts);
    Shown {
        setting: Some(setting),
        label,
        text,
        value,
        source,
        confidence: (source == "read").then_some(told.confidence),
        sureness: Sureness::of(told.confidence).to_string(),
        evidence: on_page(&told.evidence),
    }
}

/// "520 x 336 px at (0, 0)" as the page writes it, and as the setting takes it.
fn plain_box(text: &str) -> String {
    text.replace(" x ", " × ").replace(['(', ')'], "")
}

fn box_value(text: &str) -> String {
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    match numbers[..] {
        [width, height, x, y] => [x, y, width, height].join(","),
        _ => String::new(),
    }
}

/// "84 x 260, each 2 x 4 px" as the setting takes it.
fn cells_value(text: &str) -> String {
    text.split(',').next().unwrap_or_default().replace(' ', "")
}

/// "db:-80:0" as the page writes it.
fn level_text(text: &str) -> String {
    match text.split(':').collect::<Vec<_>>()[..] {
        ["db", low, high] => format!("dB, {low} … {high}").replace('-', "−"),
        ["ln", low, high] => format!("ln, {low} … {high}").replace('-', "−"),
        _ => text.to_owned(),
    }
}

/// A frequency with three digits.
fn hz(hz: f64) -> String {
    if hz < 1000.0 { format!("{hz:.1} Hz") } else { format!("{:.2} kHz", hz / 1000.0) }
}

/// A whole number with a narrow space before the last three digits.
fn grouped(text: &str) -> String {
    match text.len() {
        4..=6 if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let (thousands, rest) = text.split_at(text.len() - 3);
            format!("{thousands}\u{202f}{rest}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_as_the_settings_take_them() {
        assert_eq!(box_value("735 x 317 px at (65, 23)"), "65,23,735,317");
        assert_eq!(cells_value("84 x 187, each 3.9437 x 3.8215 px"), "84x187");
        assert_eq!(level_text("db:-80:0"), "dB, −80 … 0");
        assert_eq!((grouped("44100"), grouped("512"), hz(32.7), hz(4061.9)).0, "44\u{202f}100");
        assert_eq!(hz(4061.9), "4.06 kHz");
    }
}
