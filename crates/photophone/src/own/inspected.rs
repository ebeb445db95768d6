//! What an own picture says of itself.

use photophone_picture::{
    FigureOptions, LevelEnds, PixelBox, Raster, Reading, Statement, TimeEnds, TransformSaid, Verdict,
};
use photophone_spectrum::Finding;

use super::changes::Edited;
use super::gains::{account_of, surface_of};
use super::layout::Layout;
use super::opened::{OpenedOwn, OwnInput, seen_with_sound};
use super::recipe::OwnRecipe;
use super::seen::Seen;
use crate::Error;
use crate::recipe::Entry;
use crate::report::Report;

/// An own picture that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct InspectedOwn {
    /// Its panels, a channel each.
    pub(crate) reading: Reading,
    /// Its pixels, gray.
    pub(crate) raster: Raster,
    /// What it is, what was changed of it, and whether its sound is there.
    pub(crate) report: Report,
}

/// What the input says if it is one of the program's own pictures; `None` where it is none.
///
/// A sound that is gone, damaged or another one is told, and so is a size that no sound can be made of. Cost: as
/// [`opened`](super::opened()), and where the pixels' digest is another, a transform of the sound.
///
/// # Errors
/// A newer version, a recipe that tells what cannot be, a file that cannot be read, or an interruption.
pub(crate) fn inspected(asked: &OwnInput<'_>) -> Result<Option<InspectedOwn>, Error> {
    let Some((seen, sound)) = seen_with_sound(asked)? else { return Ok(None) };
    let path = asked.input.name();
    let raster = raster_of(&seen)?;
    let mut report = Report { input: path.display().to_string(), ..Report::default() };
    describe(&mut report, &seen);
    let (place, untouched) = (seen.first_column(path), seen.has_drawn_digest());
    let first_column = place.as_ref().ok().copied();
    if let Err(error) = &place {
        report.warnings.push(format!("WARNING: {error}"));
    }
    match (sound, first_column) {
        (Ok(sound), Some(first_column)) => {
            kept(&mut report, &seen, Ok(&sound.place));
            let (name, stop) = (report.input.clone(), asked.stop.clone());
            let opened = OpenedOwn { name, seen: seen.clone(), sound, first_column, stop };
            report.notes.extend(opened.cropped_note());
            edit(&mut report, opened.edited()?.as_ref(), untouched)?;
        }
        (sound, _) => {
            kept(&mut report, &seen, sound.as_ref().map(|found| found.place.as_str()));
            edit_without_sound(&mut report, untouched);
        }
    }
    let reading = reading_of(&seen, &raster, first_column);
    Ok(Some(InspectedOwn { reading, raster, report }))
}

fn raster_of(seen: &Seen) -> Result<Raster, Error> {
    let (pixels, shift) = (&seen.pixels, if seen.pixels.is_deep { 8 } else { 0 });
    let gray = |value: &u16| {
        let gray = (value >> shift) as u8;
        [gray, gray, gray, u8::MAX]
    };
    Ok(Raster::from_pixels(pixels.width, pixels.height, pixels.values.iter().map(gray).collect())?)
}

/// What the recipe tells, value by value.
fn describe(report: &mut Report, seen: &Seen) {
    let OwnRecipe { version, sound, transform, picture } = &seen.recipe;
    let mut say = |section, name, value: serde_json::Value, evidence: &str| {
        report.findings.push(Entry::new(section, name, &Finding::read(value, 1.0, evidence)));
    };
    say("picture", "format", format!("Photophone's own, version {version}").into(), &seen.recipe_place);
    say("picture", "cells", format!("{} x {}", picture.rows, picture.columns).into(), "rows and columns of a channel");
    say("picture", "bits", picture.bits.into(), "");
    let high_db = 20.0 * picture.reference.log10();
    let levels = format!("dB from {:.2} to {high_db:.2}", high_db - picture.range_db);
    say("picture", "levels", levels.into(), "0 dB is a sinusoid of amplitude 1");
    say("sound", "sr", sound.sample_rate.into(), "");
    say("sound", "channels", sound.channels.into(), "");
    let (samples, evidence) = match sound.samples {
        // The strip tells columns only.
        0 => {
            (picture.columns * picture.hop, format!("{} columns of {} samples, or less", picture.columns, picture.hop))
        }
        samples => (samples, format!("{samples} samples")),
    };
    let secs = (samples as f64 / f64::from(sound.sample_rate) * 1e6).round() / 1e6;
    say("sound", "duration", secs.into(), &evidence);
    say("transform", "bins-per-octave", transform.bins_per_octave.into(), "rows an octave");
    say("transform", "hop", picture.hop.into(), "samples a column");
}

/// Whether the sound is there.
fn kept(report: &mut Report, seen: &Seen, place: Result<&str, &Error>) {
    let digest = seen.recipe.sound.digest.get(..16).unwrap_or_default();
    let (value, evidence) = match place {
        Ok(place) => (place, format!("its digest is the one that was drawn, and begins with {digest}")),
        Err(error) => {
            report.warnings.push(format!("WARNING: {error}"));
            ("nowhere", format!("the digest of the one that was drawn begins with {digest}"))
        }
    };
    report.findings.push(Entry::new("sound", "kept", &Finding::read(value, 1.0, evidence)));
}

/// What was changed since it was drawn.
fn edit(report: &mut Report, edited: Option<&Edited>, has_digest: bool) -> Result<(), Error> {
    let Some(edited) = edited else {
        let evidence =
            if has_digest { "the pixels' digest is the drawn ones'" } else { "the levels are those of the sound" };
        report.findings.push(Entry::new("edit", "levels", &Finding::read(0, 1.0, evidence)));
        report.notes.push("untouched: every sample of the sound can be recovered".to_owned());
        return Ok(());
    };
    let (mut regions, mut all) = (Vec::new(), 0);
    if let Some(surface) = surface_of(&edited.recipe, edited.sound.frames()) {
        for channel in 0..edited.sound.channels.len() {
            let Some(change) = edited.channel(channel)? else { continue };
            let (found, count) = change.regions(&surface)?;
            regions.extend(found);
            all += count;
        }
    }
    account_of(report, edited, &regions, all);
    Ok(())
}

/// The same where nothing but the digest of the pixels can tell.
fn edit_without_sound(report: &mut Report, has_digest: bool) {
    if has_digest {
        let finding = Finding::read(0, 1.0, "the pixels' digest is the drawn ones'");
        report.findings.push(Entry::new("edit", "levels", &finding));
    } else {
        let note =
            "whether levels were changed cannot be told without the sound: the pixels' digest is another or is lost";
        report.notes.push(note.to_owned());
    }
}

/// The picture's panels, a channel each, as those of any picture.
fn reading_of(seen: &Seen, raster: &Raster, first_column: Option<usize>) -> Reading {
    let Seen { recipe, recipe_place, pixels, .. } = seen;
    let evidence = format!("the recipe ({recipe_place})");
    let mut reading = Reading::of_nothing(raster, &evidence, &FigureOptions::default());
    reading.spectrogram = Statement::read(Verdict::Yes, 1.0, evidence.as_str());
    reading.tool.name = Statement::read("photophone".to_owned(), 1.0, evidence.as_str());
    let Some(empty) = reading.panels.pop() else { return reading };
    let layout = Layout::of(recipe);
    let panel = |channel: usize| {
        let Some(first) = first_column else { return empty.clone() };
        let columns = layout.columns.saturating_sub(first).min(pixels.width);
        let inside = PixelBox { x: 0, y: layout.top_of(channel), width: columns, height: layout.rows };
        let secs = |column: usize| (column * recipe.picture.hop) as f64 / f64::from(recipe.sound.sample_rate);
        let high = 20.0 * recipe.picture.reference.log10();
        let levels = LevelEnds { scale: "db", low: high - recipe.picture.range_db, high, reference: None };
        let transform = TransformSaid {
            kind: "gabor",
            hop: Some(recipe.picture.hop),
            bins_per_octave: Some(recipe.transform.bins_per_octave),
            ..TransformSaid::default()
        };
        let mut panel = empty.clone();
        panel.data_box =
            Statement::read([0.0, inside.y as f64, columns as f64, layout.rows as f64], 1.0, evidence.as_str());
        panel.cells = Statement::read([layout.rows, columns], 1.0, evidence.as_str());
        panel.palette = Statement::read("gray".to_owned(), 1.0, evidence.as_str());
        panel.levels = Statement::read(levels, 1.0, evidence.as_str());
        panel.frequency =
            Statement::unknown("the axis is the exact transform's: linear about 0 Hz, octaves far above 60 Hz");
        panel.time =
            Statement::read(TimeEnds { low_s: secs(first), high_s: secs(first + columns) }, 1.0, evidence.as_str());
        panel.orientation = Statement::read("upright", 1.0, evidence.as_str());
        panel.transform = Statement::read(transform, 1.0, evidence.as_str());
        panel.sample_rate = Statement::read(recipe.sound.sample_rate, 1.0, evidence.as_str());
        panel.inside = inside;
        panel.number = channel + 1;
        panel
    };
    reading.panels = (0..if first_column.is_some() { layout.channels } else { 1 }).map(panel).collect();
    reading
}
