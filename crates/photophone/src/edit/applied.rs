//! Sounds with their edits applied.

use std::collections::BTreeMap;
use std::ops::Range;

use photophone_files::Sound;
use photophone_spectrum::{Plane, StopFlag};
use photophone_transform::TransformError;

use super::account::{EditAccount, Region, region_of_moved, regions as regions_of_plane};
use super::edits::Edits;
use super::engine::{ChannelChange, Difference, Engine, Samples};
use super::field::Field;
use super::moved::Moved;
use super::options::{Edge, EditOptions};
use super::plane::{PlaneField, check_plane};
use super::shapes::Shapes;
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
    let change = change_of_plane(&surface, gains, &[], options.edge)?;
    applied(sound, &surface, regions_of_plane(&surface, gains), &options.stop, &mut |engine, _, samples| {
        engine.change(samples, &change)
    })
}

/// The same, and some pixels hold what others held before the edit, moved as sound: their gains do not count, and what was
/// there is replaced. [`moved_pixels`](super::moved_pixels) finds them.
///
/// # Errors
/// As [`by_gains`], and [`Error::Transform`] for pixels that the surface does not have.
pub fn by_gains_and_moves(
    sound: &Sound,
    gains: &Plane<f32>,
    moved: &[Moved],
    options: &EditOptions,
) -> Result<Edited, Error> {
    let surface = surface_over(sound, options)?;
    let change = change_of_plane(&surface, gains, moved, options.edge)?;
    let regions = regions_changed(&surface, gains, moved)?;
    applied(sound, &surface, regions, &options.stop, &mut |engine, _, samples| engine.change(samples, &change))
}

/// The regions that gains and moved pixels change, the largest of those with gains first, and how many there are: what
/// [`by_gains_and_moves`] accounts for, without any sound.
///
/// # Errors
/// [`Error::Transform`] for a plane or for pixels that the surface does not have.
pub fn regions_changed(surface: &Surface, gains: &Plane<f32>, moved: &[Moved]) -> Result<(Vec<Region>, usize), Error> {
    check_plane(surface, gains)?;
    check_moved(surface, moved)?;
    let (mut all, count) = regions_of_plane(surface, &without(gains, moved));
    all.extend(moved.iter().map(|moved| region_of_moved(surface, moved)));
    Ok((all, count + moved.len()))
}

/// One channel in double precision with the gains of a surface over it; else as [`by_gains`].
///
/// # Errors
/// As [`by_gains`]; and [`Error::Transform`] where the samples are not as many as the surface's, or not finite.
pub fn gained(surface: &Surface, samples: &[f64], gains: &Plane<f32>, edge: Edge) -> Result<Vec<f64>, Error> {
    changed(surface, samples, &change_of_plane(surface, gains, &[], edge)?)
}

/// One channel, of this number, in double precision with all edits applied at once; else as [`apply`](super::apply).
///
/// # Errors
/// As [`apply`](super::apply); and [`Error::Transform`] where the samples are not as many as the surface's, or not finite.
pub fn edited(
    surface: &Surface,
    samples: &[f64],
    edits: &Edits,
    channel: usize,
    edge: Edge,
) -> Result<Vec<f64>, Error> {
    edits.check()?;
    changed(surface, samples, &change_of_edits(surface, edits, channel, edge))
}

pub(super) fn surface_over(sound: &Sound, options: &EditOptions) -> Result<Surface, Error> {
    Surface::new(f64::from(sound.sample_rate_hz), sound.frames(), &options.surface)
}

pub(super) fn check_channels(edits: &Edits, channels: usize) -> Result<(), Error> {
    edits.check()?;
    for (index, edit) in edits.edits.iter().enumerate() {
        if let Some(channel) = edit.channels.iter().flatten().find(|channel| **channel >= channels) {
            let found = format!("edit {} with channel {channel} of a sound of {channels}", index + 1);
            return Err(Error::Edits { found, expected: "channels of the sound, the first one 0" });
        }
    }
    Ok(())
}

fn change_of_plane<'a>(
    surface: &'a Surface,
    gains: &Plane<f32>,
    moved: &[Moved],
    edge: Edge,
) -> Result<ChannelChange<'a>, Error> {
    let field = |gains: &Plane<f32>| PlaneField::new(surface, gains, edge);
    if moved.is_empty() {
        return Ok(ChannelChange { gains: Box::new(field(gains)?), copies: Vec::new() });
    }
    check_moved(surface, moved)?;
    let mut replaced = gains.clone();
    // Those that were moved as far are one plane.
    let mut sources: BTreeMap<i64, Plane<f32>> = BTreeMap::new();
    for Moved { runs, columns_later } in moved {
        let source =
            sources.entry(*columns_later).or_insert_with(|| Plane::filled(surface.rows(), surface.columns(), 1.0));
        for (row, columns) in runs {
            replaced.row_mut(*row)[columns.clone()].fill(0.0);
            let from = (columns.start as i64 - columns_later) as usize;
            source.row_mut(*row)[from..from + columns.len()].fill(0.0);
        }
    }
    let hop = surface.options().hop as i64;
    let copy = |(later, source): (i64, Plane<f32>)| Ok((Box::new(field(&source)?) as Box<dyn Field>, later * hop));
    Ok(ChannelChange {
        gains: Box::new(field(&replaced)?),
        copies: sources.into_iter().map(copy).collect::<Result<_, Error>>()?,
    })
}

/// Refuses pixels that the surface does not have, at either place.
fn check_moved(surface: &Surface, moved: &[Moved]) -> Result<(), Error> {
    let columns_there = 0..=surface.columns() as i64;
    for Moved { runs, columns_later } in moved {
        for (row, columns) in runs {
            let (start, end) = (columns.start as i64, columns.end as i64);
            let ends = [start, end, start.saturating_sub(*columns_later), end.saturating_sub(*columns_later)];
            if *row >= surface.rows() || start > end || ends.iter().any(|end| !columns_there.contains(end)) {
                let (what, expected) = ("the moved pixels (row, last column)", (surface.rows(), surface.columns()));
                return Err(Error::Transform(TransformError::Shape { what, found: (*row, columns.end), expected }));
            }
        }
    }
    Ok(())
}

/// The gains without those of moved pixels, of which [`check_moved`] thinks well.
fn without(gains: &Plane<f32>, moved: &[Moved]) -> Plane<f32> {
    let mut rest = gains.clone();
    for (row, columns) in moved.iter().flat_map(|moved| &moved.runs) {
        rest.row_mut(*row)[columns.clone()].fill(1.0);
    }
    rest
}

pub(super) fn change_of_edits<'a>(
    surface: &'a Surface,
    edits: &Edits,
    channel: usize,
    edge: Edge,
) -> ChannelChange<'a> {
    let copies = Shapes::copies(surface, edits, channel, edge).into_iter();
    ChannelChange {
        gains: Box::new(Shapes::new(surface, edits, channel, edge)),
        copies: copies.map(|(source, later)| (Box::new(source) as Box<dyn Field>, later)).collect(),
    }
}

/// Makes the difference of a channel of this number.
type MakeDifference<'a> = dyn FnMut(&Engine<'_>, usize, &Samples<'_>) -> Result<Difference, Error> + 'a;

fn applied(
    sound: &Sound,
    surface: &Surface,
    regions: (Vec<Region>, usize),
    stop: &StopFlag,
    difference: &mut MakeDifference<'_>,
) -> Result<Edited, Error> {
    applied_by(&Engine::new(surface, stop.clone())?, (sound, energy(sound)?), regions, difference)
}

/// The same by an engine of the sound's surface, with the sound's energy.
pub(super) fn applied_by(
    engine: &Engine<'_>,
    (sound, energy): (&Sound, f64),
    (regions, regions_in_all): (Vec<Region>, usize),
    difference: &mut MakeDifference<'_>,
) -> Result<Edited, Error> {
    let (mut edited, mut reached_secs, mut changed) = (sound.clone(), Vec::new(), 0.0);
    for (index, channel) in edited.channels.iter_mut().enumerate() {
        let samples = &sound.channels[index];
        let samples = |range: Range<usize>| samples[range].iter().map(|&sample| f64::from(sample)).collect();
        let difference = difference(engine, index, &samples)?;
        add(&difference, channel);
        reached_secs.push(in_secs(&difference, f64::from(sound.sample_rate_hz)));
        changed += difference.reached.iter().map(|range| squares(&difference.samples[range.clone()])).sum::<f64>();
    }
    let difference_db = if changed > 0.0 { 10.0 * (changed / energy).log10() } else { f64::NEG_INFINITY };
    Ok(Edited { sound: edited, account: EditAccount { regions, regions_in_all, reached_secs, difference_db } })
}

/// A sound's energy, of all channels.
///
/// # Errors
/// [`Error::Transform`] where a sample is no finite number.
pub(super) fn energy(sound: &Sound) -> Result<f64, Error> {
    let of = |channel: &Vec<f32>| channel.iter().map(|&sample| f64::from(sample) * f64::from(sample)).sum::<f64>();
    let energy: f64 = sound.channels.iter().map(of).sum();
    if !energy.is_finite() {
        sound.channels.iter().try_for_each(|channel| check_finite(channel.iter().map(|sample| sample.is_finite())))?;
    }
    Ok(energy)
}

fn check_finite(mut are_finite: impl Iterator<Item = bool>) -> Result<(), Error> {
    match are_finite.position(|is| !is) {
        Some(index) => Err(Error::Transform(TransformError::NotFinite { what: "the signal", index })),
        None => Ok(()),
    }
}

fn squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

fn changed(surface: &Surface, samples: &[f64], change: &ChannelChange<'_>) -> Result<Vec<f64>, Error> {
    if samples.len() != surface.samples() {
        let (what, found) = ("the sound (channels, samples)", (1, samples.len()));
        return Err(Error::Transform(TransformError::Shape { what, found, expected: (1, surface.samples()) }));
    }
    check_finite(samples.iter().map(|sample| sample.is_finite()))?;
    let engine = Engine::new(surface, StopFlag::default())?;
    let difference = engine.change(&|range| samples[range].to_vec(), change)?;
    // Nothing is added where the difference is zero: a zero keeps its sign.
    let sum = |(sample, difference): (&f64, &f64)| if *difference == 0.0 { *sample } else { sample + difference };
    Ok(samples.iter().zip(&difference.samples).map(sum).collect())
}

fn add(difference: &Difference, channel: &mut [f32]) {
    for range in &difference.reached {
        for (sample, difference) in channel[range.clone()].iter_mut().zip(&difference.samples[range.clone()]) {
            if *difference != 0.0 {
                *sample = (f64::from(*sample) + difference) as f32;
            }
        }
    }
}

fn in_secs(difference: &Difference, sr: f64) -> Vec<(f64, f64)> {
    difference.reached.iter().map(|range| (range.start as f64 / sr, range.end as f64 / sr)).collect()
}
