//! Sounds with their edits applied.

use photophone_files::Sound;
use photophone_spectrum::{Plane, StopFlag};
use photophone_transform::TransformError;

use super::account::{EditAccount, Region, regions as regions_of_plane};
use super::edits::Edits;
use super::engine::{Difference, Engine};
use super::field::Field;
use super::options::{Edge, EditOptions};
use super::plane::PlaneField;
use super::shapes::{Shapes, regions as regions_of_edits};
use super::surface::Surface;
use crate::Error;

/// A sound after an edit.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The sound, of the rate, the channels and the length that it had.
    pub sound: Sound,
    /// What was changed.
    pub account: EditAccount,
}

/// The sound with every channel multiplied by the gains, `surface.rows()` by `surface.columns()` of a [`Surface`] over it:
/// 1 leaves what there is, 0 takes it away. Peaks may come to lie above 1.
///
/// # Errors
/// [`Error::Transform`] where the plane is not the surface's, a gain is below 0 or not finite, or the surface's options are
/// out of range.
pub fn by_gains(sound: &Sound, gains: &Plane<f32>, options: &EditOptions) -> Result<Edited, Error> {
    let surface = surface_over(sound, options)?;
    let field = PlaneField::new(&surface, gains, options.edge)?;
    applied(sound, &surface, regions_of_plane(&surface, gains), &options.stop, &|_, difference| difference(&field))
}

/// The sound with all edits applied at once; else as [`by_gains`].
///
/// # Errors
/// [`Error::Edits`] where an edit is out of range or of a channel that there is not; [`Error::Transform`] where the
/// surface's options are.
pub fn apply(sound: &Sound, edits: &Edits, options: &EditOptions) -> Result<Edited, Error> {
    let surface = surface_over(sound, options)?;
    check_channels(edits, sound.channels.len())?;
    let regions = regions_of_edits(&surface, edits);
    let count = regions.len();
    applied(sound, &surface, (regions, count), &options.stop, &|channel, difference| {
        difference(&Shapes::new(&surface, edits, channel, options.edge))
    })
}

/// One channel in double precision with the gains of a surface over it; else as [`by_gains`].
///
/// # Errors
/// As [`by_gains`]; and [`Error::Transform`] where the samples are not as many as the surface's, or not finite.
pub fn gained(surface: &Surface, samples: &[f64], gains: &Plane<f32>, edge: Edge) -> Result<Vec<f64>, Error> {
    changed(surface, samples, &PlaneField::new(surface, gains, edge)?)
}

/// One channel, of this number, in double precision with all edits applied at once; else as [`apply`].
///
/// # Errors
/// As [`apply`]; and [`Error::Transform`] where the samples are not as many as the surface's, or not finite.
pub fn edited(surface: &Surface, samples: &[f64], edits: &Edits, channel: usize, edge: Edge) -> Result<Vec<f64>, Error> {
    edits.check()?;
    changed(surface, samples, &Shapes::new(surface, edits, channel, edge))
}

fn surface_over(sound: &Sound, options: &EditOptions) -> Result<Surface, Error> {
    Surface::new(f64::from(sound.sample_rate_hz), sound.frames(), &options.surface)
}

fn check_channels(edits: &Edits, channels: usize) -> Result<(), Error> {
    edits.check()?;
    for (index, edit) in edits.edits.iter().enumerate() {
        if let Some(channel) = edit.channels.iter().flatten().find(|channel| **channel >= channels) {
            let found = format!("edit {} with channel {channel} of a sound of {channels}", index + 1);
            return Err(Error::Edits { found, expected: "channels of the sound, the first one 0" });
        }
    }
    Ok(())
}

/// Makes a channel's difference with the field that is given to it.
type ByField<'a> = dyn FnMut(&dyn Field) -> Result<Difference, Error> + 'a;

fn applied(
    sound: &Sound,
    surface: &Surface,
    (regions, regions_in_all): (Vec<Region>, usize),
    stop: &StopFlag,
    with_field: &dyn Fn(usize, &mut ByField<'_>) -> Result<Difference, Error>,
) -> Result<Edited, Error> {
    let (engine, mut sound) = (Engine::new(surface, stop.clone())?, sound.clone());
    let (mut reached_secs, mut changed, mut energy) = (Vec::new(), 0.0, 0.0);
    for (index, channel) in sound.channels.iter_mut().enumerate() {
        let samples: Vec<f64> = channel.iter().map(|&sample| f64::from(sample)).collect();
        let difference = with_field(index, &mut |field| engine.difference(&samples, field))?;
        add(&difference, channel);
        reached_secs.push(in_secs(&difference, surface.params().sr));
        changed += squares(&difference.samples);
        energy += squares(&samples);
    }
    let difference_db = if changed > 0.0 { 10.0 * (changed / energy).log10() } else { f64::NEG_INFINITY };
    Ok(Edited { sound, account: EditAccount { regions, regions_in_all, reached_secs, difference_db } })
}

fn squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

fn changed(surface: &Surface, samples: &[f64], field: &dyn Field) -> Result<Vec<f64>, Error> {
    if samples.len() != surface.samples() {
        let (what, found) = ("the sound (channels, samples)", (1, samples.len()));
        return Err(Error::Transform(TransformError::Shape { what, found, expected: (1, surface.samples()) }));
    }
    let difference = Engine::new(surface, StopFlag::default())?.difference(samples, field)?;
    // Nothing is added where the difference is zero: a zero keeps its sign.
    let sum = |(sample, difference): (&f64, &f64)| if *difference == 0.0 { *sample } else { sample + difference };
    Ok(samples.iter().zip(&difference.samples).map(sum).collect())
}

fn add(difference: &Difference, channel: &mut [f32]) {
    for (sample, difference) in channel.iter_mut().zip(&difference.samples) {
        if *difference != 0.0 {
            *sample = (f64::from(*sample) + difference) as f32;
        }
    }
}

fn in_secs(difference: &Difference, sr: f64) -> Vec<(f64, f64)> {
    difference.reached.iter().map(|range| (range.start as f64 / sr, range.end as f64 / sr)).collect()
}
