//! What was painted where there was nothing, as sound.

use std::ops::Range;

use photophone_files::Sound;
use photophone_spectrum::Plane;
use photophone_transform::gabor::{Gabor, PaintOptions, Painting, Skirts};

use super::account::{Region, regions};
use super::engine::{TAIL_CELLS, merged};
use super::options::{Edge, EditOptions};
use super::plane::check_shape;
use super::surface::Surface;
use crate::Error;

/// Most columns' samples of a window, what it reaches beyond them aside: what is painted for longer is done part by part, each
/// going on with the phase of the one before.
const MAX_SAMPLES: usize = 1 << 18;

/// How far a window reaches beyond what was painted, in cells of the lowest row: two more than that row is heard, for the skirts.
const WINDOW_CELLS: f64 = TAIL_CELLS + 2.0;

/// A sound of one channel with what was painted on it.
#[derive(Clone, Debug)]
pub struct PaintedSound {
    /// The sound, of the rate and the length that it had.
    pub sound: Sound,
    /// Regions of painted pixels, the largest first: at most 100. Their gains are infinite: nothing was made louder.
    pub regions: Vec<Region>,
    /// How many regions there are.
    pub regions_in_all: usize,
    /// How near the sound's magnitudes come to the painted ones, in dB: the spectral convergence, minus infinity for none off.
    pub convergence_db: f64,
}

/// The sound with levels painted on it: `levels_db`, `surface.rows()` by `surface.columns()` of a [`Surface`] over it, in dB of a
/// sinusoid's amplitude, where `is_painted`; elsewhere they are what the sound has. Of every channel alike.
///
/// What was painted replaces what is there. Its phase is integrated from the levels and from the sound around it, and made to
/// agree with them in 20 rounds. Samples that it does not reach keep their bits. Peaks may come to lie above 1.
///
/// # Errors
/// [`Error::Transform`] where a plane is not the surface's or a painted level is not finite, and an interruption.
pub fn paint(
    sound: &Sound,
    levels_db: &Plane<f32>,
    is_painted: &Plane<bool>,
    options: &EditOptions,
) -> Result<PaintedSound, Error> {
    let surface = Surface::new(f64::from(sound.sample_rate_hz), sound.frames(), &options.surface)?;
    check_shape(&surface, levels_db.shape())?;
    check_shape(&surface, is_painted.shape())?;
    let logs = levels_db.map(|&level| level * (std::f32::consts::LN_10 / 20.0));
    let mut sound = sound.clone();
    let (mut power, mut off) = (0.0, 0.0);
    for channel in &mut sound.channels {
        let mut samples: Vec<f64> = channel.iter().map(|&sample| f64::from(sample)).collect();
        for Columns { columns, again } in parts(&surface, is_painted) {
            options.stop.check()?;
            let part = of_columns(&surface, &samples, (&logs, is_painted, &columns), options)?;
            (power, off) = (power + part.powers.0, off + part.powers.1);
            // What begins beside what the last part ended with is fainter there: it fades in where both are whole.
            let (from, fade) = (surface.samples_of(&columns).start, (again * surface.options().hop / 2) as f64);
            let share = |at: usize| if again == 0 { 1.0 } else { raised((at as i64 - from) as f64 / fade) };
            for range in &part.reached {
                for at in range.clone() {
                    samples[at] += share(at) * part.difference[(at as i64 - part.first) as usize];
                    channel[at] = samples[at] as f32;
                }
            }
        }
    }
    let (regions, regions_in_all) = regions_painted(&surface, is_painted)?;
    let convergence_db = if off > 0.0 { 10.0 * (off / power).log10() } else { f64::NEG_INFINITY };
    Ok(PaintedSound { sound, regions, regions_in_all, convergence_db })
}

/// The regions of painted pixels, the largest first and at most 100, and how many there are: what [`paint`] accounts for.
///
/// # Errors
/// [`Error::Transform`] for a plane that is not the surface's.
pub fn regions_painted(surface: &Surface, is_painted: &Plane<bool>) -> Result<(Vec<Region>, usize), Error> {
    check_shape(surface, is_painted.shape())?;
    Ok(regions(surface, &is_painted.map(|painted| if *painted { f32::INFINITY } else { 1.0 })))
}

/// A raised cosine from 0 at 0 to 1 at 1.
fn raised(place: f64) -> f64 {
    0.5 - 0.5 * (std::f64::consts::PI * place.clamp(0.0, 1.0)).cos()
}

/// What a part of the columns adds.
struct Part {
    difference: Vec<f64>,
    /// The difference's first sample.
    first: i64,
    /// Samples that it may change.
    reached: Vec<Range<usize>>,
    /// Squares of the painted magnitudes, and of what the sound's are off them.
    powers: (f64, f64),
}

fn of_columns(
    surface: &Surface,
    samples: &[f64],
    (logs, is_painted, columns): (&Plane<f32>, &Plane<bool>, &Range<usize>),
    options: &EditOptions,
) -> Result<Part, Error> {
    let bands = surface.params().bands()?;
    let longest = bands.iter().map(|band| band.hop).max().unwrap_or(1).max(2) as i64;
    let beyond = window_beyond(surface, is_painted, columns);
    let range = surface.samples_of(columns);
    let first = (range.start - beyond).div_euclid(longest) * longest;
    let window = first..range.end + beyond;
    let inside = |at: i64| usize::try_from(at).ok().and_then(|at| samples.get(at)).copied().unwrap_or(0.0);
    let base: Vec<f64> = window.clone().map(inside).collect();
    let own = Plane::from_fn(is_painted.rows(), is_painted.columns(), |row, column| {
        columns.contains(&column) && is_painted[(row, column)]
    });
    let skirts = if options.edge == Edge::Inside { Skirts::Heard } else { Skirts::Cut };
    let painting = Painting { logs, is_painted: &own, hop: surface.options().hop, skirts };
    let plan = Gabor::<f64>::new(surface.params(), base.len())?;
    let paint = PaintOptions { stop: options.stop.clone(), ..PaintOptions::default() };
    let found = plan.paint(&base, first, &painting, &paint)?;
    let heard = |(row, samples): &(usize, Range<i64>)| {
        let tail = (TAIL_CELLS * surface.cell_samples(*row)).ceil() as i64;
        let heard = samples.start - tail..samples.end + tail;
        heard.start.max(window.start)..heard.end.min(window.end)
    };
    let reached = merged(found.reached.iter().map(heard).collect(), samples.len());
    Ok(Part { difference: found.difference, first, reached, powers: (found.painted_power, found.off_power) })
}

/// How far a window reaches beyond its columns, in samples.
fn window_beyond(surface: &Surface, is_painted: &Plane<bool>, columns: &Range<usize>) -> i64 {
    let lowest = (0..is_painted.rows()).find(|&row| is_painted.row(row)[columns.clone()].contains(&true));
    (WINDOW_CELLS * surface.cell_samples(lowest.unwrap_or(0).saturating_sub(2))).ceil() as i64
}

/// Columns that are painted together.
struct Columns {
    columns: Range<usize>,
    /// How many of them the part before has painted too.
    again: usize,
}

/// The columns that were painted, in parts that hear nothing of each other, or begin as far before the end of the one before as
/// that end is heard.
fn parts(surface: &Surface, is_painted: &Plane<bool>) -> Vec<Columns> {
    let has_any = |column: usize| (0..is_painted.rows()).any(|row| is_painted[(row, column)]);
    let hop = surface.options().hop;
    let apart = 2 * window_beyond(surface, is_painted, &(0..is_painted.columns())) as usize / hop + 1;
    let longest = (MAX_SAMPLES / hop).max(1);
    let again = (apart / 2).min(longest / 4);
    let mut all: Vec<Columns> = Vec::new();
    for column in (0..is_painted.columns()).filter(|&column| has_any(column)) {
        match all.last_mut().map(|last| &mut last.columns) {
            Some(last) if column - last.end < apart && column - last.start < longest => last.end = column + 1,
            Some(last) if column - last.end < apart => {
                let first = last.end.saturating_sub(again).max(last.start + 1).min(column);
                let again = last.end.saturating_sub(first);
                all.push(Columns { columns: first..column + 1, again });
            }
            _ => all.push(Columns { columns: column..column + 1, again: 0 }),
        }
    }
    all
}
