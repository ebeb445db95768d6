//! Pixels to levels: the steps in order.

use photophone_spectrum::{Finding, Plane, Source, StopFlag, Stopped};

use crate::calibration::{BOX, CELLS, LEVELS, MISSING, PALETTE};
use crate::cells::{CellColours, Cells, find_cells};
use crate::error::PictureError;
use crate::flip::{find_flip, flipped};
use crate::frame::find_data_box;
use crate::frame_line::FrameLine;
use crate::from_recipe::cells_from_recipe;
use crate::missing::{Outer, Turned, find_missing};
use crate::options::{Flip, ReadOptions};
use crate::palette::{Inverse, Metric, PaletteName, Place, Recognised, recognise, recognise_named, recognise_shared};
use crate::picture::{Clip, Picture};
use crate::pixel_box::PixelBox;
use crate::polarity::{find_polarity, motion};
use crate::raster::Raster;
use crate::scale::{LevelEvidence, guess_scale};
use crate::sixteen_bit::{ENTRIES, gray, is_sixteen_bit, sixteen_bit_places};

/// Reads the levels of the visible cells of a spectrogram picture.
///
/// Steps: data box, cell lattice, cell colours, palette, levels, polarity, missing cells, level scale. Each leaves a
/// [`Finding`]; what `options` gives is not searched for. A gray picture of 16 bits gives levels of 16 bits. Cost: about 10 ms for 500 x 370 px of exact cells.
///
/// # Errors
/// [`PictureError`] when the picture holds no levels, its cells cannot be counted, its colours are no known
/// palette's, or an option does not fit it.
pub fn read(raster: &Raster, options: &ReadOptions) -> Result<Picture, PictureError> {
    check_counts(options)?;
    let options = &with_shape_drawn(raster, options);
    let from_recipe = cells_from_recipe(raster, options);
    let is_told = from_recipe.is_some();
    let ((data_box, line), cells) = match from_recipe {
        Some((data_box, cells)) => ((data_box, None), cells),
        None => searched_cells(raster, options)?,
    };
    let sixteen_bit = is_sixteen_bit(raster, options);
    let mut recognised = match &options.palette {
        Some(name) => recognise_named(&cells.different, name)?,
        None if sixteen_bit => Recognised { name: gray(), ..recognise_named(&cells.different, &PaletteName::GRAY)? },
        None if options.shared_chroma => recognise_shared(&cells.different)?,
        None => recognise(&cells.different)?,
    };
    let stop = &options.stop;
    let upright = turned(&places_from_cells(&cells, &recognised, stop)?, Flip::None, options.transposed);
    let order = motion(&upright, &recognised).upright_order_odds();
    let flip = options.flip.map_or_else(|| find_flip(order), |flip| Finding::given(flip, "flip given"));
    let rise = order.map(|(_, rise)| if flip.value.turns_rows() { -rise } else { rise });
    let turn = |places: &Plane<Place>| turned(places, flip.value, options.transposed);
    let mut places = flipped(&upright, flip.value);
    if options.palette.is_none()
        && let Some(other) = find_polarity(&places, &cells.different, &mut recognised)?
    {
        recognised = other;
        places = turn(&places_from_cells(&cells, &recognised, stop)?);
    }
    let finer = if sixteen_bit { sixteen_bit_places(raster, data_box.value, &cells, &recognised, stop)? } else { None };
    let entries = if finer.is_some() { ENTRIES } else { recognised.table.colours.len() as f64 };
    let places = finer.map_or(places, |finer| turn(&finer));
    let turns =
        Turned { transposed: options.transposed, rows: flip.value.turns_rows(), columns: flip.value.turns_columns() };
    let size = (raster.width(), raster.height());
    let is_exact = matches!(cells.colours, CellColours::Sampled { .. });
    let outer = Outer { picture_px: size, line, is_exact };
    let missing = find_missing(&cells.lattice.value, outer, turns, options.expected())?;
    Ok(assemble(
        (&places, entries),
        recognised,
        Found { data_box, lattice: cells.lattice, missing, flip, rise, is_told },
        options,
    ))
}

/// The findings about geometry.
struct Found {
    data_box: Finding<PixelBox>,
    lattice: Finding<crate::lattice::Lattice>,
    missing: Finding<crate::missing::Missing>,
    flip: Finding<Flip>,
    rise: Option<f64>,
    /// Whether the recipe tells the geometry to the pixel.
    is_told: bool,
}

/// In a picture of the size drawn, what was drawn is expected to be seen, unless something else is said of it.
fn with_shape_drawn(raster: &Raster, options: &ReadOptions) -> ReadOptions {
    let drawn = options.drawn.filter(|drawn| drawn.size_px() == Some((raster.width(), raster.height())));
    let shape = drawn.map(|drawn| (drawn.rows, drawn.columns));
    let shape = shape.filter(|_| options.crop.is_none() && options.cells.is_none());
    ReadOptions { expected_shape: options.expected_shape.or(shape), ..options.clone() }
}

/// The data box, the frame line around it, and the cells in it.
type Searched = ((Finding<PixelBox>, Option<FrameLine>), Cells);

fn searched_cells(raster: &Raster, options: &ReadOptions) -> Result<Searched, PictureError> {
    let (data_box, line) = find_data_box(raster, options)?;
    let field = raster.cut(data_box.value, &options.stop)?;
    let cells = find_cells(&field, data_box.value, options)?;
    Ok(((data_box, line), cells))
}

fn check_counts(options: &ReadOptions) -> Result<(), PictureError> {
    for (what, shape) in [("a number of cells", options.cells), ("an expected shape", options.expected_shape)] {
        if let Some((rows, columns)) = shape.filter(|&(rows, columns)| rows == 0 || columns == 0) {
            return Err(PictureError::NoCells { what, rows, columns });
        }
    }
    Ok(())
}

/// Palette places of the cells, rows counted from the top.
fn places_from_cells(cells: &Cells, recognised: &Recognised, stop: &StopFlag) -> Result<Plane<Place>, Stopped> {
    let metric = if cells.lossy { Metric::LumaFirst } else { Metric::Rgb };
    let inverse = Inverse::new(&recognised.table, metric);
    // What is left is skipped once that is so.
    let nothing = Place { low: 0.0, high: 0.0, entry: 0.0, distance: 0.0 };
    let unless_stopped = |place: &dyn Fn() -> Place| if stop.is_set() { nothing } else { place() };
    let places = match &cells.colours {
        CellColours::Sampled { colours, .. } => colours.map(|&colour| unless_stopped(&|| inverse.place(colour))),
        CellColours::Solved(colours) => colours.map(|&colour| unless_stopped(&|| inverse.project(colour))),
    };
    stop.check()?;
    Ok(places)
}

/// From rows counted from the top to row 0 the lowest frequency and column 0 the first frame.
fn turned(places: &Plane<Place>, flip: Flip, transposed: bool) -> Plane<Place> {
    let upright = Plane::from_fn(places.rows(), places.columns(), |r, c| places[(places.rows() - 1 - r, c)]);
    flipped(&if transposed { upright.transposed() } else { upright }, flip)
}

/// The finding where what it rests on is right with the chance `sure`. What was given stays certain.
fn resting_on<T>(finding: Finding<T>, sure: f64) -> Finding<T> {
    let confidence = if finding.source == Source::Given { 1.0 } else { finding.confidence * sure };
    Finding { confidence, ..finding }
}

/// `places` lie among so many entries.
fn assemble(
    (places, entries): (&Plane<Place>, f64),
    recognised: Recognised,
    found: Found,
    options: &ReadOptions,
) -> Picture {
    let low = places.map(|place| (place.low / entries).clamp(0.0, 1.0));
    let high = places.map(|place| ((place.high + 1.0) / entries).clamp(0.0, 1.0));
    let levels = places.map(|place| (place.entry + 0.5) / entries);
    let clip = places.map(|place| {
        if place.low < 0.5 {
            Clip::Floor
        } else if place.high > entries - 1.5 {
            Clip::Ceiling
        } else {
            Clip::None
        }
    });
    let residual = places.map(|place| place.distance as f32);
    let exact = places.as_slice().iter().all(|place| place.distance == 0.0);
    // Cells of a wrong box are wrong, and beside wrong cells nothing tells which are missing.
    let lattice = resting_on(found.lattice, found.data_box.confidence);
    let missing = resting_on(found.missing, lattice.confidence);
    let level_evidence = LevelEvidence::new(&levels, 1.0 / entries);
    let scale =
        options.levels.map_or_else(|| guess_scale(&level_evidence), |scale| Finding::given(scale, "level scale given"));
    Picture {
        indices: exact.then(|| places.map(|place| place.low as u16)),
        levels,
        low,
        high,
        clip,
        residual,
        data_box: if found.is_told { found.data_box } else { found.data_box.calibrated(&BOX) },
        lattice: if found.is_told { lattice } else { lattice.calibrated(&CELLS) },
        missing: if found.is_told { missing } else { missing.calibrated(&MISSING) },
        // Of palettes with the same colours one is as good as another: that is a count and no measurement.
        palette: if recognised.is_tie() { recognised.name } else { recognised.name.calibrated(&PALETTE) },
        palette_alternatives: recognised.alternatives,
        palette_residual: recognised.residual,
        scale: scale.calibrated(&LEVELS),
        level_evidence,
        flip: found.flip,
        rise: found.rise,
        transposed: options.transposed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PaintOptions, paint};

    #[test]
    fn cells_are_no_surer_than_their_box_and_missing_ones_no_surer_than_cells_unless_given() {
        let levels = Plane::from_fn(20, 30, |r, c| ((r * 37 + c * 11 + r * c) % 97) as f64 / 97.0);
        let raster = paint(&levels, &PaintOptions::default()).unwrap();
        let found = read(&raster, &ReadOptions::default()).unwrap();
        let score = |score: Option<f64>| score.unwrap();
        assert!(score(found.lattice.score) < score(found.data_box.score));
        assert!(score(found.missing.score) < score(found.lattice.score));
        let told = read(&raster, &ReadOptions { cells: Some((20, 30)), ..ReadOptions::default() }).unwrap();
        assert_eq!(told.lattice.confidence, 1.0);
    }
}
