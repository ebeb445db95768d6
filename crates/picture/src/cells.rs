//! The cells of a data box: their lattice and one colour each.

use std::cell::LazyCell;

use photophone_spectrum::{Finding, Plane};

use crate::error::PictureError;
use crate::lattice::{AxisFit, CellAxis, Lattice, changes, energies, fit_to_changes, fit_to_energy};
use crate::options::ReadOptions;
use crate::palette::{Colours, recognise, recognise_named};
use crate::raster::{Field, PixelBox};
use crate::solve::solve_cells;

/// Colour of each cell, rows counted from the top.
pub(crate) enum CellColours {
    /// One pixel a cell, unchanged.
    Sampled(Plane<[u8; 3]>),
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
}

/// Finds the lattice and one colour a cell.
///
/// # Errors
/// The cells cannot be counted, or more are asked for than the pixels can hold.
pub(crate) fn find_cells(field: &Field, data_box: PixelBox, options: &ReadOptions) -> Result<Cells, PictureError> {
    let upright = |(rows, columns)| if options.transposed { (columns, rows) } else { (rows, columns) };
    let given = options.cells.map(upright);
    let told = given.or(options.expected_shape.map(upright));
    let sideways = field.transposed();
    let unchanged = LazyCell::new(|| drawn_unchanged(field, options));
    let across = find_axis(field, "columns", told.map(|t| t.1), given.is_some(), &unchanged)?;
    let down = find_axis(&sideways, "rows", told.map(|t| t.0), given.is_some(), &unchanged)?;
    let lattice = Lattice {
        x: axis(&across.fit, data_box.x, data_box.width),
        y: axis(&down.fit, data_box.y, data_box.height),
    };
    let sampled = (across.how == How::Exact && down.how == How::Exact) || *unchanged;
    let (colours, different, lossy) =
        if sampled { sampled_colours(field, data_box, &lattice) } else { solved_colours(field, &lattice) };
    let evidence = format!("{}; {}", words(&across, "column"), words(&down, "row"));
    let confidence = across.fit.confidence.min(down.fit.confidence);
    let lattice = if given.is_some() {
        Finding { confidence, ..Finding::given(lattice, evidence) }
    } else if across.how == How::Pixels || down.how == How::Pixels {
        Finding::assumed(lattice, confidence, evidence)
    } else {
        Finding::read(lattice, confidence, evidence)
    };
    Ok(Cells { lattice, colours, different, lossy })
}

/// Whether the pixels still have the palette's own colours, not those of a blur or a compression.
fn drawn_unchanged(field: &Field, options: &ReadOptions) -> bool {
    let colours = Colours::new(field.colours.iter().copied());
    let recognised = options.palette.as_ref().map_or_else(|| recognise(&colours), |name| recognise_named(&colours, name));
    recognised.is_ok_and(|found| found.exact_share >= UNCHANGED_SHARE && !colours.are_gray())
}

fn find_axis(
    field: &Field,
    what: &'static str,
    told: Option<usize>,
    given: bool,
    unchanged: &LazyCell<bool, impl FnOnce() -> bool>,
) -> Result<Axis, PictureError> {
    let pixels = field.width;
    let limit = pixels.saturating_mul(MAX_CELLS_PER_PX);
    if let Some(cells) = told.filter(|&cells| cells > limit) {
        return Err(PictureError::TooManyCells { what, cells, pixels, limit });
    }
    let agrees = |fit: &AxisFit| !given || told == Some(fit.cells);
    if let Some(fit) = fit_to_changes(&changes(field), told).filter(agrees) {
        return Ok(Axis { fit, how: How::Exact });
    }
    let even = |cells: usize, confidence, how| {
        let cell = pixels as f64 / cells as f64;
        Axis { fit: AxisFit { origin: 0.0, cell, cells, seen: 0, confidence }, how }
    };
    if told == Some(pixels) {
        return Ok(even(pixels, 0.9, How::Even));
    }
    if let Some(fit) = fit_to_energy(&energies(field), told).filter(agrees) {
        return Ok(Axis { fit, how: How::Energy });
    }
    match told {
        Some(cells) => Ok(even(cells, 0.4, How::Even)),
        None if **unchanged => Ok(even(pixels, 0.7, How::Pixels)),
        None => Err(PictureError::UncountableCells { what, pixels }),
    }
}

fn words(axis: &Axis, name: &str) -> String {
    let AxisFit { cell, cells, seen, .. } = axis.fit;
    match axis.how {
        How::Exact => format!("{seen} {name} changes seen, all on boundaries of {cells} cells of {cell:.4} px"),
        How::Energy => format!("{name} boundaries of {cells} cells of {cell:.3} px stand out from a changed picture"),
        How::Even => format!("no {name} boundaries stand out, so {cells} cells divide the box evenly"),
        How::Pixels => format!("no {name} is repeated, so each pixel of {cells} is taken for a cell"),
    }
}

fn sampled_colours(field: &Field, data_box: PixelBox, lattice: &Lattice) -> (CellColours, Colours, bool) {
    let colours = Plane::from_fn(lattice.y.cells, lattice.x.cells, |row, column| {
        field.at(lattice.x.sample_px(column) - data_box.x, lattice.y.sample_px(row) - data_box.y)
    });
    let different = Colours::new(colours.as_slice().iter().copied());
    (CellColours::Sampled(colours), different, false)
}

fn solved_colours(field: &Field, lattice: &Lattice) -> (CellColours, Colours, bool) {
    let solved = solve_cells(field, &lattice.x, &lattice.y);
    let rounded = solved.colours.as_slice().iter().map(|c| c.map(|v| v.round().clamp(0.0, 255.0) as u8));
    let different = Colours::new(rounded);
    (CellColours::Solved(solved.colours), different, solved.misfit > ROUNDING_MISFIT)
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
