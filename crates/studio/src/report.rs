//! The account of a document, as the page takes it.

use photophone::SoundLevels;
use photophone::files::Sound;
use serde_json::{Value, json};

use crate::document::{Document, Heard, Inside};
use crate::findings::add_recipe;
use crate::questions::questions;
use crate::words::on_page;

/// Columns of the small waveform.
const PEAKS: usize = 600;

/// Everything that the page shows of a document.
pub(crate) fn report(document: &Document) -> Value {
    let command = document.command();
    let inside = document.inside();
    let Inside { settings, phase, reading, heard, editing } = &*inside;
    let changed = editing.changed.as_ref();
    let sound = heard.as_ref().map(|heard| sound(heard, changed.map_or(&heard.sound, |changed| &changed.sound)));
    let mut value = json!({
        "id": document.id,
        "name": document.name,
        "kind": if reading.is_some() { "picture" } else { "sound" },
        "command": command,
        "given": settings,
        "phase": phase.as_ref().map(|(name, _)| name),
        "sound": sound,
        "edits": editing.shown(),
        "limits": heard.as_ref().map(|heard| limits(heard)),
    });
    if let (Some(reading), Some(object)) = (reading, value.as_object_mut()) {
        let has_phase = reading.has_phase || phase.is_some();
        // What was found on the way to the sound.
        let mut findings = reading.findings.clone();
        let account = heard.as_ref().and_then(|heard| heard.report.as_ref());
        add_recipe(&mut findings, account.map_or(&[], |account| &account.findings));
        let doubtful = findings.iter().filter(|shown| shown.is_doubtful()).count();
        let more = json!({
            "size": reading.size,
            "questions": questions(&findings, has_phase, reading.frame_secs),
            "doubtful": doubtful,
            "findings": findings,
            "overlay": reading.overlay,
            "problem": reading.problem,
            "warnings": reading.warnings,
        });
        object.extend(more.as_object().cloned().unwrap_or_default());
    }
    value
}

/// A sound and the grid of its levels; the waveform is that of the `edited` one.
fn sound(heard: &Heard, edited: &Sound) -> Value {
    let Heard { sound, levels, report, .. } = heard;
    let (floor_db, bytes_a_db) = SoundLevels::scale();
    json!({
        "rate": sound.sample_rate_hz,
        "channels": sound.channels.len(),
        "samples": sound.frames(),
        "hop": levels.hop(),
        "frames": levels.frames(),
        "zooms": levels.zooms(),
        "centres": levels.centres_hz().iter().map(|hz| (hz * 100.0).round() / 100.0).collect::<Vec<f64>>(),
        "floor_db": floor_db,
        "bytes_a_db": bytes_a_db,
        "loudest": levels.loudest(),
        "peaks": peaks(edited),
        "recovered": report.is_some(),
    })
}

/// The largest sample in each of some stretches, in per mille of the largest of all.
pub(crate) fn peaks(sound: &Sound) -> Vec<u32> {
    let length = sound.frames().div_ceil(PEAKS).max(1);
    let largest = |from: usize| {
        let of = |channel: &Vec<f32>| {
            channel.iter().skip(from).take(length).fold(0f32, |peak, sample| peak.max(sample.abs()))
        };
        sound.channels.iter().map(of).fold(0f32, f32::max)
    };
    let all: Vec<f32> = (0..sound.frames()).step_by(length).map(largest).collect();
    let most = all.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    all.iter().map(|peak| (1000.0 * peak / most) as u32).collect()
}

/// What each step has lost of the power, the most first, and what to say of the solve.
fn limits(heard: &Heard) -> Value {
    let Some(report) = &heard.report else { return Value::Null };
    let losses = report.losses.iter().filter(|loss| loss.share > 0.0);
    let losses: Vec<Value> = losses.map(|loss| json!({ "name": loss.name, "db": 10.0 * loss.share.log10() })).collect();
    json!({
        "losses": losses,
        "warnings": report.warnings.iter().map(|text| on_page(text)).collect::<Vec<String>>(),
        "notes": report.notes.iter().map(|text| on_page(text)).collect::<Vec<String>>(),
        "loudness": report.loudness.as_ref().map(|loudness| &loudness.summary),
        "of_magnitudes": report.solve.as_ref().is_some_and(|solve| solve.of_magnitudes),
    })
}
