//! Reading: a picture is looked at, a sound is decoded and its levels are computed.

use std::sync::OnceLock;

use photophone::files::{FileGroup, Sound, SoundReadOptions, read_sound};
use photophone::{Inspected, RecoverOptions, SoundLevels, inspect};
use serde_json::{Value, json};

use crate::document::{Document, Heard, Reading, kind_of};
use crate::findings::shown;
use crate::words::{Problem, of_file, on_page, problem_of};
use crate::work::Teller;

/// Share of the time until a sound is shown that decoding takes.
const DECODING: f64 = 0.4;

/// What a file can be opened as.
pub(crate) enum Opened {
    Picture,
    Sound,
}

/// What a document is, by its first bytes.
///
/// # Errors
/// What is neither a sound nor a picture, and cannot be opened.
pub(crate) fn what_is(document: &Document) -> Result<Opened, Problem> {
    let Some(path) = document.source.path() else { return Ok(Opened::Sound) };
    match kind_of(path).map(photophone::files::FileKind::group) {
        Some(FileGroup::Sound) => Ok(Opened::Sound),
        Some(FileGroup::Picture | FileGroup::Array) => Ok(Opened::Picture),
        _ => Err(Problem::new(
            "This is neither a sound nor a picture that is known. Open a WAV, FLAC, MP3, Ogg, AIFF or M4A sound, or a PNG or \
             JPEG picture.",
        )),
    }
}

/// Looks at a picture with the settings in `options`.
///
/// # Errors
/// What is no picture, or is damaged.
pub(crate) fn read_picture(name: &str, options: &RecoverOptions) -> Result<Reading, Problem> {
    let inspected = inspect(options).map_err(|error| problem_of(&error, name))?;
    let resolved = inspected.read.as_ref().ok().map(|read| read.recipe.resolve(Some(read.stack.rows)));
    let recipe = resolved.and_then(Result::ok).map(|resolved| resolved.entries).unwrap_or_default();
    let findings = shown(&inspected, &recipe);
    let problem = inspected.read.as_ref().err().filter(|_| !inspected.is_figure && inspected.own.is_none());
    let panel = inspected.reading.panels.first();
    let frame_secs = panel.and_then(|panel| {
        let (time, [_, frames]) = (panel.time.value?, panel.cells.value?);
        Some((time.high_s - time.low_s) / frames as f64)
    });
    let size = inspected.raster.as_ref().map_or((0, 0), |raster| (raster.width(), raster.height()));
    let report = inspected.own.as_ref().or_else(|| inspected.read.as_ref().ok().map(|read| &read.report));
    let warnings = inspected.warning.iter().chain(report.into_iter().flat_map(|report| &report.warnings));
    Ok(Reading {
        size,
        frame_secs,
        has_phase: inspected.read.as_ref().is_ok_and(|read| read.phase.is_some()),
        overlay: overlay(&inspected),
        problem: problem.map(|error| problem_of(error, name).0),
        warnings: warnings.map(|warning| on_page(warning)).collect(),
        findings,
    })
}

/// Where what was read lies in the picture, in pixels from the top left.
fn overlay(inspected: &Inspected) -> Value {
    let Some(panel) = inspected.reading.panels.first() else { return Value::Null };
    let Some([x, y, width, height]) = panel.data_box.value else { return Value::Null };
    let lattice = inspected.read.as_ref().ok().map(|read| read.picture.lattice.value);
    let cells = match (lattice, panel.cells.value) {
        // What lines of pixels were sampled along.
        (Some(lattice), _) => json!({
            "x": [lattice.x.origin_px, lattice.x.cell_px, lattice.x.cells],
            "y": [lattice.y.origin_px, lattice.y.cell_px, lattice.y.cells],
        }),
        (None, Some([rows, frames])) => json!({
            "x": [x, width / frames as f64, frames],
            "y": [y, height / rows as f64, rows],
        }),
        (None, None) => Value::Null,
    };
    json!({
        "box": [x, y, width, height],
        "cells": cells,
        "ticks": panel.ticks_px(),
        "bar": panel.colour_bar_px(),
    })
}

/// Decodes a sound and computes its levels.
///
/// # Errors
/// What is no sound, or is damaged; work that was given up.
pub(crate) fn read_heard(document: &Document, teller: &mut Teller) -> Result<Heard, Problem> {
    let sound = match document.source.path() {
        Some(path) => {
            teller.tell("Reading the sound", 0.0);
            read_sound(path, SoundReadOptions::default()).map_err(|error| of_file(&error, &document.name))?
        }
        None => Sound { sample_rate_hz: 44_100, channels: vec![photophone::clip::demo_clip(44_100)] },
    };
    heard(&document.name, sound, teller, DECODING)
}

/// A sound with its levels; `from` is the share of the work that is done already.
pub(crate) fn heard(name: &str, sound: Sound, teller: &mut Teller, from: f64) -> Result<Heard, Problem> {
    let stop = teller.stop_flag();
    let told = |share: f64| teller.tell("Drawing the levels", from + (1.0 - from) * share);
    let levels = SoundLevels::new(&sound, &stop, told).map_err(|error| problem_of(&error, name))?;
    Ok(Heard { sound, levels, report: None, editor: OnceLock::new() })
}
