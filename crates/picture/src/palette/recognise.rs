//! Which palette a picture was drawn in.

use photophone_spectrum::Finding;

use super::colours::{Colours, EXACT_SHARE, Recognised, name_of, residual};
use super::fingerprint::recognise_gray;
use super::gray::{GrayRule, check_invertible, gray_table};
use super::invert::Metric;
use super::name::PaletteName;
use super::table::{Rounding, Table, table, tables};
use crate::error::PictureError;

/// Colours looked up in each palette's own; a palette has 256, so more come from blurred pictures. Of so many a share of 0.9
/// is known to the root of 0.9 x 0.1 / 2000, 0.007.
const LOOKED_UP: usize = 2000;
/// Mean distance (of 255) beyond which no palette explains the colours: above JPEG quality 75 with subsampled chroma
/// on the right palette, below photographs on their nearest.
pub(crate) const MAX_RESIDUAL: f64 = 14.0;
/// Finds the palette among all tables. Reversed palettes whose table is the same backwards are told apart later.
///
/// # Errors
/// No palette is near enough, or the picture is a gray copy of one that cannot be read.
pub(crate) fn recognise(colours: &Colours) -> Result<Recognised, PictureError> {
    if colours.are_gray() { recognise_gray(colours) } else { recognise_colour(colours) }
}

/// As [`recognise`], for a picture whose chroma was kept for several pixels at once: where its colours are too far from
/// any palette, the nearest is told by luma first, with its distance. Whether that explains the picture is to be seen.
///
/// # Errors
/// The picture is a gray copy of a palette that cannot be read.
pub(crate) fn recognise_shared(colours: &Colours) -> Result<Recognised, PictureError> {
    match recognise(colours) {
        Err(PictureError::UnknownColours { .. }) => Ok(nearest_by(colours, Metric::LumaFirst)),
        found => found,
    }
}

/// Reads colours in the palette given; only how it was rounded or grayed is found, and whether it was: a gray picture of
/// a coloured palette is a copy.
///
/// # Errors
/// The palette is a gray copy that cannot be read.
pub(crate) fn recognise_named(colours: &Colours, name: &PaletteName) -> Result<Recognised, PictureError> {
    let unknown = || PictureError::UnknownPalette { name: name.to_string(), suggestion: "magma".to_owned() };
    let plain = table(name.base, name.reversed, Rounding::Mesh).ok_or_else(unknown)?;
    let is_copy = !name.gray && colours.are_gray() && !Colours::new(plain.colours.iter().copied()).are_gray();
    let evidence = if is_copy { "palette given; the picture is gray" } else { "palette given" };
    let name = &PaletteName { gray: name.gray || is_copy, ..name.clone() };
    let mut best: Option<Recognised> = None;
    for rounding in Rounding::BOTH {
        let plain = table(name.base, name.reversed, rounding).ok_or_else(unknown)?;
        let drawn: Vec<Table> =
            if name.gray { GrayRule::BOTH.iter().map(|&rule| gray_table(&plain, rule)).collect() } else { vec![plain] };
        for table in drawn {
            if name.gray {
                check_invertible(&table)?;
            }
            let exact_share = exact_share(colours, &table);
            if best.as_ref().is_none_or(|best| exact_share > best.exact_share) {
                let name = Finding::given(name.clone(), evidence);
                best = Some(Recognised { name, table, alternatives: Vec::new(), residual: 0.0, exact_share });
            }
        }
    }
    let mut best = best.ok_or_else(unknown)?;
    best.residual = residual(&colours.sample(), &best.table);
    Ok(best)
}

fn recognise_colour(colours: &Colours) -> Result<Recognised, PictureError> {
    let mut exact: Vec<(f64, Table)> = Vec::new();
    for rounding in Rounding::BOTH {
        for reversed in [false, true] {
            exact.extend(tables(reversed, rounding).map(|table| (exact_share(colours, &table), table)));
        }
    }
    // A stable sort keeps mesh before image and forward before reversed among equals.
    exact.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (share, best) = exact.swap_remove(0);
    if share >= EXACT_SHARE {
        return Ok(exactly(share, best, &exact, colours));
    }
    nearest(colours)
}

fn exactly(share: f64, best: Table, others: &[(f64, Table)], colours: &Colours) -> Recognised {
    let name = name_of(&best, false);
    let mut alternatives: Vec<PaletteName> = Vec::new();
    for (_, table) in others.iter().filter(|(other, table)| *other == share && table.base != best.base) {
        let name = name_of(table, false);
        if !alternatives.contains(&name) {
            alternatives.push(name);
        }
    }
    let evidence = format!("{:.1} % of {} different colours are {name}'s own", 100.0 * share, colours.unique.len());
    let confidence = share / (1.0 + alternatives.len() as f64);
    let residual = residual(&colours.sample(), &best);
    Recognised {
        name: Finding::read(name, confidence, evidence),
        table: best,
        alternatives,
        residual,
        exact_share: share,
    }
}

fn nearest(colours: &Colours) -> Result<Recognised, PictureError> {
    let found = nearest_by(colours, Metric::Rgb);
    if found.residual > MAX_RESIDUAL {
        let nearest = found.name.value.to_string();
        return Err(PictureError::UnknownColours { nearest, residual: found.residual, limit: MAX_RESIDUAL });
    }
    Ok(found)
}

/// The palette whose colours lie nearest in a metric; the residual is in red, green and blue.
fn nearest_by(colours: &Colours, metric: Metric) -> Recognised {
    let sample = colours.sample();
    let mut found: Vec<(f64, Table)> =
        tables(false, Rounding::Mesh).map(|table| (rough_residual(&sample, &table, metric), table)).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let second = found.get(1).map_or(f64::INFINITY, |(residual, _)| *residual);
    let (first, table) = found.swap_remove(0);
    let name = name_of(&table, false);
    let how = if metric == Metric::LumaFirst { ", luma first" } else { "" };
    let evidence =
        format!("colours lie {first:.1} of 255 from {name} on average{how}, {second:.1} from the next palette");
    let fit = (1.0 - first / MAX_RESIDUAL / 2.0).max(0.0);
    let confidence = (1.0 - first / second.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0) * fit;
    let alternatives =
        found.iter().filter(|(r, _)| *r < 1.5 * first + 0.5).map(|(_, table)| name_of(table, false)).collect();
    let exact_share = exact_share(colours, &table);
    let residual = if metric == Metric::Rgb { first } else { rough_residual(&sample, &table, Metric::Rgb) };
    Recognised { name: Finding::read(name, confidence, evidence), table, alternatives, residual, exact_share }
}

/// Share of the different colours that one palette has, of the palette that has most.
pub(crate) fn exact_share_of_any(colours: &Colours) -> f64 {
    let all = Rounding::BOTH.into_iter().flat_map(|rounding| tables(false, rounding));
    all.map(|table| exact_share(colours, &table)).fold(0.0, f64::max)
}

/// The sorted colours of every palette, as meshes and as images are drawn.
pub(crate) fn own_colours() -> impl Iterator<Item = (PaletteName, Vec<[u8; 3]>)> {
    let all = Rounding::BOTH.into_iter().rev().flat_map(|rounding| tables(false, rounding));
    all.map(|table| {
        let mut own = table.colours.clone();
        own.sort_unstable();
        (name_of(&table, false), own)
    })
}

/// Share of the different colours that the table has.
pub(crate) fn exact_share(colours: &Colours, table: &Table) -> f64 {
    let mut own = table.colours.clone();
    own.sort_unstable();
    let looked_up = colours.unique.iter().step_by(colours.unique.len().div_ceil(LOOKED_UP).max(1));
    let count = looked_up.len();
    let hits = looked_up.filter(|colour| own.binary_search(colour).is_ok()).count();
    hits as f64 / count.max(1) as f64
}

/// Mean distance of colours from every other entry of the palette: quicker, and the same to a step.
fn rough_residual(sample: &[[u8; 3]], table: &Table, metric: Metric) -> f64 {
    let entries: Vec<[f32; 3]> =
        table.colours.iter().step_by(2).map(|colour| metric.turned(colour.map(f32::from))).collect();
    let squared = |colour: &[u8; 3]| {
        let c = metric.turned(colour.map(f32::from));
        entries.iter().map(|e| (0..3).map(|i| (c[i] - e[i]).powi(2)).sum::<f32>()).fold(f32::INFINITY, f32::min)
    };
    sample.iter().map(|colour| f64::from(squared(colour)).sqrt()).sum::<f64>() / sample.len().max(1) as f64
}
