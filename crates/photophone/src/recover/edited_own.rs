//! The sound of an own picture that was edited: what is kept, changed just where its pixels were.

use photophone_spectrum::{Finding, Plane, StopFlag};

use crate::Error;
use crate::edit::{
    EditAccount, EditOptions, GainLaw, Region, Surface, SurfaceOptions, by_gains_and_moves, gains_from_levels,
    moved_pixels,
};
use crate::files::{SampleFormat, Sound};
use crate::own::{Edited, OwnRecipe, OwnRecovered};
use crate::recipe::Entry;
use crate::report::Report;

/// Most regions that are told one by one.
const TOLD_REGIONS: usize = 8;

/// Why an edited picture is not turned into sound, in the words of who edited it; `None` where it is.
pub(super) fn refused(edited: &Edited) -> Option<&'static str> {
    let recipe = &edited.recipe;
    if edited.first_column > 0 || edited.before.channels.iter().any(|plane| plane.columns() < recipe.picture.columns) {
        return Some("a picture that was edited and cropped");
    }
    if surface_of(recipe).is_none() {
        return Some("a picture that was edited, of a transform that edits do not use");
    }
    let blurred = "a JPEG that was changed all over, so that its own noise cannot be told from the change";
    edited.is_blurred_by_jpeg.then_some(blurred)
}

/// The sound after the edit, with the account.
///
/// Levels become gains; pixels that are others of the picture are moved as sound. Samples that no change reaches are what they
/// were to the last bit. Cost: a transform of the rows and stretches that were changed.
///
/// # Errors
/// An interruption.
pub(super) fn recovered(edited: &Edited, untouched: OwnRecovered, stop: &StopFlag) -> Result<OwnRecovered, Error> {
    let OwnRecovered { format, mut report, .. } = untouched;
    let surface = surface_of(&edited.recipe).unwrap_or_default();
    let options = EditOptions { surface, stop: stop.clone(), ..EditOptions::default() };
    let mut channels = Vec::with_capacity(edited.sound.channels.len());
    let (mut painted, mut accounts) = (0, Vec::new());
    for (channel, samples) in edited.sound.channels.iter().enumerate() {
        let (before, after) = (&edited.before.channels[channel], &edited.after.channels[channel]);
        if before == after {
            channels.push(samples.clone());
            continue;
        }
        let law = law_of(edited);
        let (before_db, after_db) = (levels_db(before, edited), levels_db(after, edited));
        let levels = gains_from_levels(&before_db, &after_db, &law)?;
        let moved = moved_pixels(before, after, |level| *level == 0)?;
        painted += levels.painted.as_slice().iter().filter(|painted| **painted).count();
        let alone = Sound { channels: vec![samples.clone()], ..edited.sound };
        let found = by_gains_and_moves(&alone, &levels.gains, &moved, &options)?;
        channels.extend(found.sound.channels);
        accounts.push(found.account);
    }
    account(&mut report, edited, &accounts);
    if edited.moved_by_jpeg > 0 {
        let most = level_db(edited.moved_by_jpeg, edited) - level_db(0, edited);
        report.notes.push(format!("the picture is a JPEG: blocks that it has made of what was drawn, and levels within {most:.1} dB of it, count as unchanged"));
    }
    if painted > 0 {
        report.warnings.push(format!(
            "{painted} levels were raised by more than {:.0} dB: there is next to nothing to make louder, so what was painted there is fainter than it was painted",
            GainLaw::default().max_gain_db
        ));
    }
    if edited.coloured > 0 {
        let coloured = edited.coloured;
        report.warnings.push(format!(
            "{coloured} pixels have a colour or are transparent: they are read as light as they are over black"
        ));
    }
    let peak = channels.iter().flatten().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    let is_clipped = peak > 1.0 && format != SampleFormat::Float32;
    if is_clipped {
        report.notes.push(format!("the peak is {peak:.2}: written as 32-bit floats, so that it is not clipped"));
    }
    let format = if is_clipped { SampleFormat::Float32 } else { format };
    Ok(OwnRecovered { sound: Sound { channels, ..edited.sound }, format, report })
}

/// The surface whose rows and columns are the picture's.
fn surface_of(recipe: &OwnRecipe) -> Option<SurfaceOptions> {
    let params = recipe.params();
    let options = SurfaceOptions {
        rows_per_octave: params.bins_per_octave,
        hop: recipe.picture.hop,
        knee_hz: params.knee_hz,
        tuning_hz: params.tuning_hz,
    };
    let surface = Surface::new(params.sr, recipe.sound.samples.max(1), &options).ok()?;
    let fits = *surface.params() == params && surface.rows() == recipe.picture.rows;
    fits.then_some(options)
}

fn law_of(edited: &Edited) -> GainLaw {
    let (black_db, white_db) = (level_db(0, edited), level_db(edited.before.most, edited));
    GainLaw { black_db, white_db, ..GainLaw::default() }
}

/// What a level means, in dB.
fn level_db(level: u16, edited: &Edited) -> f64 {
    let picture = &edited.recipe.picture;
    20.0 * picture.reference.log10() + picture.range_db * (f64::from(level) / f64::from(edited.before.most) - 1.0)
}

fn levels_db(levels: &Plane<u16>, edited: &Edited) -> Plane<f32> {
    levels.map(|&level| level_db(level, edited) as f32)
}

fn account(report: &mut Report, edited: &Edited, accounts: &[EditAccount]) {
    let region = &edited.region;
    let share = 100.0 * region.changed as f64 / region.of as f64;
    let evidence = format!("{share:.2} % of all, against what the sound that is kept looks like");
    report.findings.push(Entry::new("edit", "levels", &Finding::read(region.changed, 1.0, evidence)));
    let regions: Vec<&Region> = accounts.iter().flat_map(|account| &account.regions).collect();
    for region in regions.iter().take(TOLD_REGIONS) {
        report.findings.push(Entry::new(
            "edit",
            "region",
            &Finding::read(told(region), 1.0, format!("{:.1} cells", region.cells)),
        ));
    }
    let all: usize = accounts.iter().map(|account| account.regions_in_all).sum();
    if all > TOLD_REGIONS {
        report.notes.push(format!("{} more regions were changed", all - TOLD_REGIONS));
    }
}

fn told(region: &Region) -> String {
    let (secs, hz) = (region.secs, region.hz);
    let what = match region.copied_from_secs {
        Some(from) => format!("a copy of {from:.3} s on"),
        None if region.gain_db.1 == f64::NEG_INFINITY => "erased".to_owned(),
        None => format!("{:.1} to {:.1} dB", region.gain_db.0, region.gain_db.1),
    };
    format!("{:.3} to {:.3} s, {:.0} to {:.0} Hz: {what}", secs.0, secs.1, hz.0, hz.1)
}
