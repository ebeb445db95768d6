//! The sound of an own picture that was edited: what is kept, changed just where its pixels were.

use photophone_spectrum::StopFlag;

use super::changes::Edited;
use super::gains::{account_of, surface_of};
use super::opened::OwnRecovered;
use crate::Error;
use crate::edit::{Edge, EditOptions, by_gains_and_moves, paint};
use crate::files::{SampleFormat, Sound};

/// Why an edited picture is not turned into sound, in the words of who edited it; `None` where it is.
pub(crate) fn refused(edited: &Edited) -> Option<&'static str> {
    if surface_of(&edited.recipe, edited.sound.frames()).is_none() {
        return Some("a picture that was edited, of a transform that edits do not use");
    }
    let blurred = "a JPEG that was changed all over, so that its own noise cannot be told from the change";
    edited.is_blurred_by_jpeg.then_some(blurred)
}

/// The sound after the edit, with the account.
///
/// Levels become gains; pixels that are others of the picture are moved as sound; what was painted where there was nothing gets
/// phase. Samples that no change reaches are what they
/// were to the last bit. Cost: a transform of the rows and stretches that were changed.
///
/// # Errors
/// An interruption.
pub(crate) fn sounded(
    edited: &Edited,
    untouched: OwnRecovered,
    edge: Edge,
    stop: &StopFlag,
) -> Result<OwnRecovered, Error> {
    let Some(surface) = surface_of(&edited.recipe, edited.sound.frames()) else { return Ok(untouched) };
    let options = EditOptions { surface: *surface.options(), edge, stop: stop.clone() };
    let mut channels = Vec::with_capacity(edited.sound.channels.len());
    let (mut regions, mut all, mut painted) = (Vec::new(), 0, Vec::new());
    for (channel, samples) in edited.sound.channels.iter().enumerate() {
        let Some(change) = edited.channel(channel)? else {
            channels.push(samples.clone());
            continue;
        };
        let alone = Sound { channels: vec![samples.clone()], ..edited.sound };
        let mut found = by_gains_and_moves(&alone, &change.gains, &change.moved, &options)?.sound;
        if change.count_painted() > 0 {
            let done = paint(&found, &change.levels_db, &change.painted, &options)?;
            painted.push((change.count_painted(), done.convergence_db));
            found = done.sound;
        }
        channels.extend(found.channels);
        let (of_channel, count) = change.regions(&surface)?;
        regions.extend(of_channel);
        all += count;
    }
    let OwnRecovered { format, mut report, .. } = untouched;
    account_of(&mut report, edited, &regions, all);
    for (count, convergence_db) in painted {
        report.notes.push(format!(
            "{count} levels were painted where there was next to nothing: their phase was found, and the sound's magnitudes are \
             off them by {convergence_db:.1} dB"
        ));
    }
    if edited.moved_by_jpeg > 0 {
        let most = edited.level_db(edited.moved_by_jpeg) - edited.level_db(0);
        report.notes.push(format!("the picture is a JPEG: blocks that it has made of what was drawn, and levels within {most:.1} dB of it, count as unchanged"));
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
