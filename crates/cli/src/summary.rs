//! A report in four lines: what it is, what was assumed and matters, how good the result is, and what to try.

use photophone::spectrum::{Source, Sureness};
use photophone::{Entry, Report, percent};

/// What shapes the sound most where it is wrong: first speed and pitch, then the rest.
const MATTERS: [&str; 8] = ["sr", "hop", "fmin", "bins-per-octave", "librosa", "tuning", "levels", "palette"];

/// The four lines, without the one on what was written.
pub(crate) fn summary(report: &Report) -> String {
    let lines = [
        ("is", what_it_is(report)),
        ("assumed", what_was_assumed(report)),
        ("result", how_good(report)),
        ("try", what_to_try(report)),
    ];
    lines.map(|(name, text)| format!("{name:<8} {text}")).join("\n")
}

fn find<'a>(report: &'a Report, section: &str, name: &str) -> Option<&'a Entry> {
    report.findings.iter().find(|entry| entry.section == section && entry.name == name)
}

fn what_it_is(report: &Report) -> String {
    let text = |section, name| find(report, section, name).map(Entry::text);
    let mut parts = Vec::new();
    let first = |text: String| text.split(',').next().unwrap_or_default().to_owned();
    if let Some(cells) = text("picture", "cells").map(first) {
        let channels = text("picture", "channels").map(|channels| format!(", {} channels", first(channels)));
        parts.push(format!("a picture of {cells} cells{}", channels.unwrap_or_default()));
        parts.extend(text("picture", "palette").map(|palette| format!("in {palette}")));
        parts.extend(text("picture", "levels").map(|levels| format!("with {levels} levels")));
    } else if find(report, "picture", "box").is_some() {
        parts.push("a figure".to_owned());
        parts.extend(text("recipe", "transform").map(|transform| format!("of {transform} magnitudes")));
        parts.extend(text("picture", "palette").map(|palette| format!("in {palette}")));
        parts.extend(text("picture", "levels").map(|levels| format!("with {levels} levels")));
    } else {
        let channels = text("array", "channels").map(|channels| format!(" of {channels} channels"));
        let numbers = text("array", "holds").unwrap_or_else(|| "numbers".to_owned());
        parts.push(format!("an array of {numbers}{}", channels.unwrap_or_default()));
    }
    let phase = text("phase", "file").or_else(|| text("phase", "source"));
    let phase = phase.map(|phase| format!("; phase: {phase}")).unwrap_or_default();
    format!("{}: {}{phase}", report.input, parts.join(" "))
}

fn what_was_assumed(report: &Report) -> String {
    let named = |name: &&str| report.findings.iter().find(|entry| entry.name == *name);
    let matters: Vec<&Entry> = MATTERS.iter().filter_map(named).collect();
    let words = |entry: &&Entry| format!("{} {}", entry.name, entry.text());
    let assumed: Vec<String> = matters.iter().filter(|entry| entry.source == Source::Assumed).map(words).collect();
    let unsure: Vec<String> = report
        .findings
        .iter()
        .filter(|entry| entry.source == Source::Read && Sureness::of(entry.confidence) < Sureness::Sure)
        .map(|entry| format!("{} {} ({})", entry.name, entry.text(), Sureness::of(entry.confidence)))
        .collect();
    let mut text = if assumed.is_empty() { "nothing that matters".to_owned() } else { assumed.join(", ") };
    if !unsure.is_empty() {
        text = format!("{text}; unsure: {}", unsure.join(", "));
    }
    text
}

fn how_good(report: &Report) -> String {
    if let Some(kept) = find(report, "sound", "kept") {
        if let Some(edited) = find(report, "edit", "levels") {
            let text = "levels were edited: the sound is changed there, and kept elsewhere to the last bit, from";
            return format!("{} {text} {}", edited.text(), kept.text());
        }
        return format!("every sample is as it was drawn, from {}", kept.text());
    }
    let Some(solve) = &report.solve else { return "no sound was made".to_owned() };
    if report.is_silence() {
        return "silence: every magnitude is zero, and so is the sound".to_owned();
    }
    let explained = percent((1.0 - 10f64.powf(solve.residual_db / 10.0)).max(0.0));
    let explained = if solve.of_magnitudes {
        format!("explains {explained} of the magnitudes' power; the phase was found, so the waveform is another")
    } else {
        format!("explains {explained} of the power")
    };
    let limit = report.carried.as_ref().and_then(|carried| carried.limit_hz);
    let limit = limit.map(|hz| format!("; above {hz:.0} Hz the sound is estimated")).unwrap_or_default();
    let lost = report.losses.first().filter(|_| !solve.of_magnitudes);
    let lost = lost.map(|loss| format!("; {} was lost to the {}", percent(loss.share), loss.name)).unwrap_or_default();
    format!("{explained}{limit}{lost}")
}

fn what_to_try(report: &Report) -> String {
    let assumed =
        |name: &str| report.findings.iter().any(|entry| entry.name == name && entry.source == Source::Assumed);
    let has_fmin = find(report, "recipe", "fmin").is_some();
    let limit = report.carried.as_ref().and_then(|carried| carried.limit_hz);
    // A mel spectrogram has no phase that could have been kept.
    let is_mel = find(report, "recipe", "transform").is_some_and(|entry| entry.value == "mel");
    let phase_was_found = !is_mel && report.solve.as_ref().is_some_and(|solve| solve.of_magnitudes);
    let hints = [
        (!report.warnings.is_empty(), "what the warning says"),
        (phase_was_found, "--phase FILE, if the phase was kept"),
        (assumed("sr"), "--sr HZ, if speed or pitch is wrong"),
        (
            !assumed("sr") && has_fmin && (assumed("hop") || assumed("fmin")),
            "--hop and --fmin, if speed or pitch is wrong",
        ),
        (!assumed("sr") && !has_fmin && assumed("hop"), "--hop, if the speed is wrong"),
        (limit.is_some(), "a smaller hop when the picture is made: more frames carry more of the sound"),
    ];
    let mut hints: Vec<&str> =
        hints.into_iter().filter(|(applies, _)| *applies).map(|(_, hint)| hint).take(2).collect();
    hints.push("-v tells all that was read");
    hints.join("; ")
}

#[cfg(test)]
mod tests {
    use photophone::spectrum::Finding;

    use super::*;

    fn report(source: &str) -> Report {
        let hop = match source {
            "given" => Finding::given(512, ""),
            _ => Finding::assumed(512, 0.5, "librosa's default"),
        };
        let cells = Finding::read("84 x 260, each 2 x 4 px", 0.7, "");
        let findings = vec![Entry::new("picture", "cells", &cells), Entry::new("recipe", "hop", &hop)];
        Report { input: "x.png".to_owned(), findings, ..Report::default() }
    }

    #[test]
    fn what_was_assumed_is_named_and_what_was_given_is_not() {
        let text = summary(&report("assumed"));
        assert!(text.contains("assumed  hop 512"), "{text}");
        assert!(text.contains("--hop"), "{text}");
        let text = summary(&report("given"));
        assert!(text.contains("assumed  nothing that matters"), "{text}");
        assert!(text.contains("unsure: cells 84 x 260, each 2 x 4 px (doubtful)"), "{text}");
        assert_eq!(text.lines().count(), 4);
    }
}
