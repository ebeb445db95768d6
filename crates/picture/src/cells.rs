//! The cells of a data box: their lattice and one colour each.

use photophone_spectrum::{Finding, Plane, StopFlag, Stopped};

use crate::error::PictureError;
use crate::lattice::{AxisFit, CellAxis, Lattice, changes, energies, fit_to_changes, fit_to_energy};
use crate::options::ReadOptions;
use crate::palette::{Colours, recognise, recognise_named};
use crate::pixel_box::PixelBox;
use crate::raster::Field;
use crate::solve::{refined, solve_cells};

/// Colour of each cell, rows counted from the top.
pub(crate) enum CellColours {
    /// One pixel a cell, unchanged.
    Sampled {
        colours: Plane<[u8; 3]>,
        /// The pixels looked at, from the picture's top left.
        columns_px: Vec<usize>,
        rows_px: Vec<usize>,
    },
    /// Worked out from blurred or resized pixels.
    Solved(Plane<[f32; 3]>),
}

/// The cells of a picture.
pub(crate) struct Cells {
    pub(crate) lattice: Finding<Lattice>,
    pub(crate) colours: CellColours,
    /// Different colours that occur in cells.
    pub(crate) different: Colours,
    /// True when more than rounding changed the pixels since drawing, as JPEG does.
    pub(crate) lossy: bool,
}

/// Cells for each pixel beyond which nothing can be told apart.
const MAX_CELLS_PER_PX: usize = 4;
/// Share of the different colours that are a palette's own from which pixels count as unchanged since drawing.
const UNCHANGED_SHARE: f64 = 0.9;
/// Misfit of solved cells, in steps of an 8-bit channel, up to which only rounding can have been at work.
const ROUNDING_MISFIT: f64 = 1.0;

/// Cells narrower than this fit changes at random places often enough to be doubted: most edges of pixels are then
/// boundaries of cells, so that a change anywhere lies on the lattice more often than not.
const FINE_CELL_PX: f64 = 2.0;
/// Stretches of unseen boundaries for each one seen up to which a fine lattice is believed.
const MAX_HOLES: f64 = 0.25;
/// Stretches of silence that take as many numbers to tell as a lattice does: of n pixels there are about n^3 lattices
/// (balanced words: n^3 / pi^2; Mignosi, "On the number of factors of Sturmian words", 1991), and n places of a stretch.
const STRETCHES_OF_A_LATTICE: usize = 3;

/// How an axis was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// Every change lies on a boundary.
    Exact,
    /// Boundaries carry more change than the rest.
    Energy,
    /// The box divided evenly by the number of cells told.
    Even,
    /// One pixel a cell, for want of anything coarser.
    Pixels,
}

struct Axis {
    fit: AxisFit,
    how: How,
    /// Changes at each pixel, where they are all on boundaries.
    counts: Vec<usize>,
}

impl Axis {
    fn is_believable(&self) -> bool {
        believable(&self.fit, &self.counts)
    }
}

/// Finds the lattice and one colour a cell.
///
/// # Errors
/// The cells cannot be counted, or more are asked for than the pixels can hold.
pub(crate) fn find_cells(field: &Field, data_box: PixelBox, options: &ReadOptions) -> Result<Cells, PictureError> {
    let stop = &options.stop;
    let upright = |(rows, columns)| if options.transposed { (columns, rows) } else { (rows, columns) };
    let given = options.cells.map(upright);
    let (rows, frames) = options.expected();
    let (rows, columns) = if options.transposed { (frames, rows) } else { (rows, frames) };
    let (told_rows, told_columns) = given.map_or((rows, columns), |(rows, columns)| (Some(rows), Some(columns)));
    let told = told_rows.zip(told_columns);
    let sideways = field.transposed(stop)?;
    let axes = [("columns", field, told_columns), ("rows", &sideways, told_rows)];
    for (what, along, told) in axes {
        check_limit(what, along.width, told)?;
    }
    let exact = |along: &Field, told| {
        let counts = changes(along, stop)?;
        Ok::<_, Stopped>(fit_to_changes(&counts, told).map(|fit| Axis { fit, how: How::Exact, counts }))
    };
    let exact = (exact(field, told_columns)?, exact(&sideways, told_rows)?);
    if let (Some(across), Some(down)) = &exact {
        let fits = given.is_none_or(|cells| cells == (down.fit.cells, across.fit.cells));
        if fits {
            let cells = sampled_cells(field, data_box, across, down, given.is_some());
            let seen = (down.fit.cells, across.fit.cells);
            let fitting = told.is_some_and(|told| plausible(told.0, seen.0) && plausible(told.1, seen.1));
            let blurred = told.is_some_and(|told| cells.different.are_gray() && is_finer(seen, told));
            let exact = across.is_believable() && down.is_believable() && is_unchanged(&cells.different, options);
            if fitting || (exact && !blurred) {
                return Ok(cells);
            }
        }
    }
    let unchanged = drawn_unchanged(field, options)?;
    let [across, down] =
        axes.map(|(what, along, told)| find_axis(along, (what, told), given.is_some(), unchanged, stop));
    let (across, down) = match (across, down) {
        (Ok(across), Ok(down)) => (across, down),
        (Err(error), _) | (_, Err(error)) => return Err(doubted(field, options)?.unwrap_or(error)),
    };
    if unchanged {
        return Ok(sampled_cells(field, data_box, &across, &down, given.is_some()));
    }
    let lattice = Lattice {
        x: refined(field, &axis(&across.fit, 0, field.width), stop)?,
        y: refined(&sideways, &axis(&down.fit, 0, field.height), stop)?,
    };
    let solved = solve_cells(field, &lattice.x, &lattice.y, stop)?;
    let rounded = solved.colours.as_slice().iter().map(|c| c.map(|v| v.round().clamp(0.0, 255.0) as u8));
    let different = Colours::new(rounded);
    let lattice = Lattice { x: lattice.x.moved(data_box.x), y: lattice.y.moved(data_box.y) };
    let lattice = lattice_finding(lattice, &across, &down, given.is_some());
    Ok(Cells {
        lattice,
        colours: CellColours::Solved(solved.colours),
        different,
        lossy: solved.misfit > ROUNDING_MISFIT,
    })
}

fn check_limit(what: &'static str, pixels: usize, told: Option<usize>) -> Result<(), PictureError> {
    let limit = pixels.saturating_mul(MAX_CELLS_PER_PX);
    match told {
        Some(cells) if cells > limit => Err(PictureError::TooManyCells { what, cells, pixels, limit }),
        _ => Ok(()),
    }
}

/// Whether so many visible cells can belong to a matrix of which one row or frame may be missing.
fn plausible(told: usize, seen: usize) -> bool {
    seen == told || seen + 1 == told
}

/// Whether more than one cell too many is seen in both directions: a blur adds changes at either side of each boundary,
/// which in gray are colours like any other. A shape that belongs to another matrix is seldom too small both ways.
fn is_finer(seen: (usize, usize), told: (usize, usize)) -> bool {
    seen.0 > told.0 + 1 && seen.1 > told.1 + 1
}

/// Fine lattices full of holes come from blurred cells or uneven ones, of which they mark the changes by chance. And one
/// pixel a cell agrees with all changes too: a fine lattice has to do better than that.
fn believable(fit: &AxisFit, counts: &[usize]) -> bool {
    let is_pixels = fit.cells == counts.len();
    let does_better = || is_pixels || stretches_between(counts) > fit.stretches() + STRETCHES_OF_A_LATTICE;
    fit.cell >= FINE_CELL_PX || fit.holes <= MAX_HOLES && does_better()
}

/// Stretches of columns without changes between columns that have some: silence, where each pixel is a cell.
fn stretches_between(counts: &[usize]) -> usize {
    let changed: Vec<usize> = (0..counts.len()).filter(|&x| counts[x] > 0).collect();
    changed.windows(2).filter(|pair| pair[1] > pair[0] + 1).count()
}

/// Whether the pixels still have the palette's own colours, not those of a blur or a compression. Every gray is some
/// palette's own, so gray pictures cannot tell.
pub(crate) fn is_unchanged(colours: &Colours, options: &ReadOptions) -> bool {
    let recognised = options.palette.as_ref().map_or_else(|| recognise(colours), |name| recognise_named(colours, name));
    colours.are_gray() || recognised.is_ok_and(|found| found.exact_share >= UNCHANGED_SHARE)
}

fn drawn_unchanged(field: &Field, options: &ReadOptions) -> Result<bool, Stopped> {
    let colours = Colours::of(field, &options.stop)?;
    Ok(!colours.are_gray() && is_unchanged(&colours, options))
}

/// A picture whose cells cannot be counted is no spectrogram at all where its colours say so.
fn doubted(field: &Field, options: &ReadOptions) -> Result<Option<PictureError>, Stopped> {
    let colours = Colours::of(field, &options.stop)?;
    let doubt = if options.palette.is_some() { None } else { recognise(&colours).err() };
    Ok(doubt.filter(|error| matches!(error, PictureError::UnknownColours { .. })))
}

/// `told` cells, or one fewer; exactly so many where they are `given`.
fn find_axis(
    field: &Field,
    (what, told): (&'static str, Option<usize>),
    given: bool,
    unchanged: bool,
    stop: &StopFlag,
) -> Result<Axis, PictureError> {
    let pixels = field.width;
    let even = |cells: usize, confidence, how| {
        let cell = pixels as f64 / cells as f64;
        Axis { fit: AxisFit { cell, cells, confidence, ..AxisFit::default() }, how, counts: Vec::new() }
    };
    if told == Some(pixels) {
        return Ok(even(pixels, 0.9, How::Even));
    }
    if unchanged {
        let counts = changes(field, stop)?;
        let fit = fit_to_changes(&counts, told).filter(|fit| believable(fit, &counts));
        if let Some(fit) = fit.filter(|fit| told.is_none_or(|told| plausible(told, fit.cells))) {
            return Ok(Axis { fit, how: How::Exact, counts });
        }
    } else if let Some(fit) = fit_to_energy(&energies(field, stop)?, told, given) {
        return Ok(Axis { fit, how: How::Energy, counts: Vec::new() });
    }
    match told {
        Some(cells) => Ok(even(cells, 0.4, How::Even)),
        None if unchanged => Ok(even(pixels, 0.7, How::Pixels)),
        None => {
            let (rows_px, columns_px) = if what == "columns" { (field.height, pixels) } else { (pixels, field.height) };
            Err(PictureError::UncountableCells { what, pixels, rows_px, columns_px })
        }
    }
}

fn sampled_cells(field: &Field, data_box: PixelBox, across: &Axis, down: &Axis, given: bool) -> Cells {
    let lattice =
        Lattice { x: axis(&across.fit, data_box.x, data_box.width), y: axis(&down.fit, data_box.y, data_box.height) };
    let (columns_px, rows_px) = (lattice.x.samples(&across.counts), lattice.y.samples(&down.counts));
    let colours = Plane::from_fn(lattice.y.cells, lattice.x.cells, |row, column| {
        field.at(columns_px[column] - data_box.x, rows_px[row] - data_box.y)
    });
    let different = Colours::new(colours.as_slice().iter().copied());
    let lattice = lattice_finding(lattice, across, down, given);
    let colours = CellColours::Sampled { colours, columns_px, rows_px };
    Cells { lattice, colours, different, lossy: false }
}

fn lattice_finding(lattice: Lattice, across: &Axis, down: &Axis, given: bool) -> Finding<Lattice> {
    let evidence = format!("{}; {}", words(across, "column"), words(down, "row"));
    let confidence = across.fit.confidence.min(down.fit.confidence);
    if given {
        Finding { confidence, ..Finding::given(lattice, evidence) }
    } else if [across.how, down.how].iter().any(|how| matches!(how, How::Pixels | How::Even)) {
        Finding::assumed(lattice, confidence, evidence)
    } else {
        Finding::read(lattice, confidence, evidence)
    }
}

fn words(axis: &Axis, name: &str) -> String {
    let AxisFit { cell, cells, seen, .. } = axis.fit;
    match axis.how {
        How::Exact => format!("{name} changes seen on boundaries of {cells} cells of {cell:.4} px: {seen}"),
        How::Energy => format!("{name} boundaries of {cells} cells of {cell:.3} px stand out from a changed picture"),
        How::Even => format!("no {name} boundaries stand out, so {cells} cells divide the box evenly"),
        How::Pixels => format!("no {name} is repeated, so each pixel of {cells} is taken for a cell"),
    }
}

fn axis(fit: &AxisFit, first_px: usize, length: usize) -> CellAxis {
    CellAxis {
        origin_px: fit.origin + first_px as f64,
        cell_px: fit.cell,
        cells: fit.cells,
        first_px,
        end_px: first_px + length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PaintOptions, paint, read};

    /// Up to 50 changes in a row also lie on boundaries of cells of 1.02 px.
    #[test]
    fn in_a_small_picture_each_pixel_is_a_cell() {
        for (rows, frames, silent) in [(61, 54, 0), (73, 48, 11), (70, 44, 0), (83, 17, 0), (24, 32, 3)] {
            let level = |r: usize, c: usize| ((r * 37 + c * 11 + r * c) % 97) as f64 / 97.0;
            let levels = Plane::from_fn(rows, frames, |r, c| level(r, c.max(silent)));
            let one_px = PaintOptions { cell_width_px: 1, cell_height_px: 1, ..PaintOptions::default() };
            let found = read(&paint(&levels, &one_px).unwrap(), &ReadOptions::default()).unwrap();
            assert_eq!(found.levels.shape(), (rows, frames), "{}", found.lattice.evidence);
        }
    }
}
