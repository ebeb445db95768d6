//! A picture of the program's own, recovered without any solver: its sound is kept, and changed where the picture was.

use super::{RecoverOptions, Recovered};
use crate::files::{FileGroup, Sound};
use crate::loudness::{LoudnessOptions, fit_peaks};
use crate::own::{OwnInput, OwnRecovered, opened, refused, sounded};
use crate::recipe::Recipe;
use crate::{Error, Input};

/// The sound of the input, if that is one of the program's own pictures: every sample as it was drawn, unless it was edited or a
/// gain is asked for.
///
/// # Errors
/// As [`opened`], and an edit that is not turned into sound.
pub(super) fn recovered(options: &RecoverOptions) -> Result<Option<Recovered>, Error> {
    let asked = OwnInput {
        input: &options.input,
        original: options.original.as_ref(),
        max_pixels: options.max_pixels,
        stop: &options.stop,
    };
    let Some(own) = opened(&asked)? else {
        return match &options.original {
            Some(original) if original.group()? == Some(FileGroup::Sound) => Err(not_own(&options.input, original)),
            _ => Ok(None),
        };
    };
    let edited = own.edited()?;
    if let Some(edited) = &edited
        && let Some(why) = refused(edited)
    {
        return Err(own.refusal(edited, why));
    }
    let OwnRecovered { sound, format, mut report } = match &edited {
        Some(edited) => {
            let changed = sounded(edited, own.kept(), options.edge, &options.stop)?;
            OwnRecovered { sound: own.shown_of(changed.sound), ..changed }
        }
        None => own.kept(),
    };
    if options.recipe != Recipe::default() || options.phase.is_some() || options.mask.is_some() {
        let note =
            "what was told of how the picture was made has no effect on one of Photophone's own, whose sound is kept";
        report.notes.push(note.to_owned());
    }
    let (sound, sample_format) = if options.loudness == LoudnessOptions::default() {
        (sound, Some(format))
    } else {
        let samples = |channel: &Vec<f32>| channel.iter().map(|&sample| f64::from(sample)).collect();
        let channels: Vec<Vec<f64>> = sound.channels.iter().map(samples).collect();
        let (channels, loudness) = fit_peaks(&channels, &options.loudness);
        report.loudness = Some(loudness.into());
        (Sound::from_channels(sound.sample_rate_hz, &channels), None)
    };
    Ok(Some(Recovered { sound, report, sample_format, overlay: None, phase_file: None }))
}

/// The error for a sound that is told to be the original of a picture that is none of the program's own.
fn not_own(input: &Input, original: &Input) -> Error {
    let found = format!(
        "neither a recipe of Photophone's own pictures, inside or beside it, nor their strip below it; but the original given, {}, is a sound",
        original.name().display()
    );
    let advice = "give the picture unturned and not blurred so much, with the .recipe.toml that was drawn beside it; or, of another picture, the picture as it was before it was edited";
    Error::content(input.name(), found, "a picture that was drawn to be edited, with its sound", advice)
}
