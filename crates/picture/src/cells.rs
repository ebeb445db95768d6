//! The cells of a data box: their lattice and one colour each.

use photophone_spectrum::{Finding, Plane};

use crate::error::PictureError;
use crate::lattice::{AxisFit, CellAxis, Lattice, changes, fit_to_changes};
use crate::options::ReadOptions;
use crate::palette::Colours;
use crate::raster::{Field, PixelBox};

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
}

/// Finds the lattice and one colour a cell.
///
/// # Errors
/// The cells cannot be counted, or more are asked for than the pixels can hold.
pub(crate) fn find_cells(field: &Field, data_box: PixelBox, options: &ReadOptions) -> Result<Cells, PictureError> {
    let told = options.cells.or(options.expected_shape).map(|(rows, columns)| {
        if options.transposed { (columns, rows) } else { (rows, columns) }
    });
    let across = fit_to_changes(&changes(field), told.map(|t| t.1));
    let down = fit_to_changes(&changes(&field.transposed()), told.map(|t| t.0));
    if let (Some(across), Some(down)) = (across, down) {
        return Ok(exact_cells(field, data_box, &across, &down));
    }
    Err(PictureError::UncountableCells { width: field.width, height: field.height })
}

fn exact_cells(field: &Field, data_box: PixelBox, across: &AxisFit, down: &AxisFit) -> Cells {
    let lattice = Lattice {
        x: axis(across, data_box.x, data_box.width),
        y: axis(down, data_box.y, data_box.height),
    };
    let colours = Plane::from_fn(lattice.y.cells, lattice.x.cells, |row, column| {
        field.at(lattice.x.sample_px(column) - data_box.x, lattice.y.sample_px(row) - data_box.y)
    });
    let evidence = format!(
        "{} column and {} row boundaries seen, all on a lattice of {:.4} x {:.4} px cells",
        across.seen, down.seen, across.cell, down.cell
    );
    let different = Colours::new(colours.as_slice().iter().copied());
    let lattice = Finding::read(lattice, across.confidence.min(down.confidence), evidence);
    Cells { lattice, colours: CellColours::Sampled(colours), different }
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
