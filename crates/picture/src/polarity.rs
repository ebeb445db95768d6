//! Which end of the palette is quiet, when the colours alone do not tell.

use photophone_spectrum::{Finding, Plane};

use crate::error::PictureError;
use crate::palette::{Colours, PaletteName, Place, Recognised, recognise_named};
use crate::scale::LINEAR_MEDIAN;
use crate::sound::Motion;

/// Log-odds that a palette is used in its own direction, before looking. Dark on light is how print shows grays; of
/// coloured palettes hardly one in fifty is reversed.
const FORWARD_PRIOR: f64 = 4.0;
const FORWARD_PRIOR_GRAY: f64 = 2.0;
/// Log-odds for each unit by which the lower half of the rows is brighter: sound has its energy low, but a high
/// instrument or an empty first octave turns that round, so it says little.
const SLOPE_WEIGHT: f64 = 3.0;
/// Log-odds for each unit by which the mean level lies under one half: most cells of a spectrogram are quiet.
const QUIET_WEIGHT: f64 = 4.0;
/// Entries at either end of 256 whose cells are counted. Many cells lie at the floor (clipped decibels, linear
/// magnitudes near 0), few at the ceiling, which is the loudest cell's own level; each e-fold counts 1.
const END_ENTRIES: f64 = 2.5;

/// Weighs both directions of the palette found; gives the other one when it is likelier, else notes how sure the
/// first is.
///
/// # Errors
/// Those of [`recognise_named`] for the other direction.
pub(crate) fn find_polarity(
    places: &Plane<Place>,
    colours: &Colours,
    recognised: &mut Recognised,
) -> Result<Option<Recognised>, PictureError> {
    let own = &recognised.name.value;
    let other_name = PaletteName { reversed: !own.reversed, ..own.clone() };
    let mut other = recognise_named(colours, &other_name)?;
    let sign = if own.reversed { -1.0 } else { 1.0 };
    // Segmented palettes differ by a rounding step backwards; colours that fit one direction only decide.
    let gap = if recognised.exact_share == 1.0 || other.exact_share == 1.0 {
        (recognised.exact_share - other.exact_share) * colours.unique.len() as f64
    } else {
        0.0
    };
    let entries = recognised.table.colours.len() as f64;
    let (slope, mean) = slope_and_mean(places, entries);
    let (floor, ceiling) = cells_at_ends(places, entries);
    let ends = ((floor as f64 + 1.0) / (ceiling as f64 + 1.0)).ln();
    let (moved, sharper) = motion_odds(places, recognised, mean).unwrap_or((0.0, 0.5));
    let is_gray = own.gray || own.base == PaletteName::GRAY.base;
    let prior = if is_gray { FORWARD_PRIOR_GRAY } else { FORWARD_PRIOR };
    let odds = sign * prior + SLOPE_WEIGHT * slope + QUIET_WEIGHT * (0.5 - mean) + ends + gap + moved;
    let sure = 1.0 / (1.0 + (-odds.abs()).exp());
    let words = format!(
        "{floor} cells at the quiet end and {ceiling} at the loud one, mean level {mean:.2}, lower rows {} by {:.2}, \
         minima over the frames sharper than maxima in {:.0} % of pairs",
        if slope >= 0.0 { "louder" } else { "quieter" },
        slope.abs(),
        100.0 * sharper
    );
    if odds >= 0.0 {
        let name = &mut recognised.name;
        name.confidence *= sure;
        name.evidence = format!("{}; direction: {words}", name.evidence);
        return Ok(None);
    }
    let evidence = format!("{}; backwards, because read forwards: {words}", recognised.name.evidence);
    other.name = Finding::read(other_name, recognised.name.confidence * sure, evidence);
    other.alternatives.clone_from(&recognised.alternatives);
    Ok(Some(other))
}

/// What the levels' motion over the frames says, as [`Motion::upright_odds`]; `None` where levels crowd at an end, as
/// linear magnitudes do: their few loud cells say little, and the crowd says all.
fn motion_odds(places: &Plane<Place>, recognised: &Recognised, mean: f64) -> Option<(f64, f64)> {
    let crowded = mean.min(1.0 - mean) < LINEAR_MEDIAN;
    if crowded { None } else { motion(places, recognised).upright_odds() }
}

/// How the levels move over the frames.
pub(crate) fn motion(places: &Plane<Place>, recognised: &Recognised) -> Motion {
    let table = &recognised.table.colours;
    let entries = table.len() as f64;
    let far = |pair: &[[u8; 3]]| (0..3).map(|i| (f64::from(pair[1][i]) - f64::from(pair[0][i])).powi(2)).sum::<f64>();
    let length: f64 = table.windows(2).map(|pair| far(pair).sqrt()).sum();
    let distance = places.as_slice().iter().map(|place| place.distance).sum::<f64>();
    let distance = distance / places.as_slice().len().max(1) as f64;
    // A uniform error of one entry, and off the palette as far along it as away from it.
    let noise = (1.0 / (12.0 * entries * entries) + (distance / length.max(1.0)).powi(2)).sqrt();
    let levels = places.map(|place| (place.entry + 0.5) / entries);
    Motion::new(&levels, noise, 1.0 / entries)
}

/// How much louder the lower half of the rows is than the upper, and the mean level.
fn slope_and_mean(places: &Plane<Place>, entries: f64) -> (f64, f64) {
    let means: Vec<f64> = (0..places.rows())
        .map(|r| places.row(r).iter().map(|p| p.entry / entries).sum::<f64>() / places.columns() as f64)
        .collect();
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    let half = means.len() / 2;
    (mean(&means[..half]) - mean(&means[means.len() - half..]), mean(&means))
}

/// Cells within a few entries of the palette's first and last one.
fn cells_at_ends(places: &Plane<Place>, entries: f64) -> (usize, usize) {
    let reach = END_ENTRIES * entries / 256.0;
    let count = |at_end: &dyn Fn(f64) -> bool| places.as_slice().iter().filter(|p| at_end(p.entry)).count();
    (count(&|entry| entry < reach), count(&|entry| entry > entries - 1.0 - reach))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PaintOptions, ReadOptions, paint, read};

    #[test]
    fn a_coloured_palette_is_reversed_only_on_clear_evidence() {
        for (loud, found) in [(7, "magma"), (200, "magma_r")] {
            // Bright on average, none of the cells at the quiet end and some at the loud one.
            let level = |r: usize, c: usize| match (r * 17 + c * 29) % 97 {
                _ if 30 * r + c < loud => 0.999,
                v => 0.45 + 0.5 * v as f64 / 97.0,
            };
            let raster = paint(&Plane::from_fn(20, 30, level), &PaintOptions::default()).unwrap();
            let picture = read(&raster, &ReadOptions { cells: Some((20, 30)), ..ReadOptions::default() }).unwrap();
            assert_eq!(picture.palette.value.to_string(), found, "{:?}", picture.palette);
        }
    }
}
