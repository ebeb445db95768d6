//! Cells that the picture's own recipe tells, where the picture is still as it was drawn.

use photophone_spectrum::{Finding, Plane};

use crate::cells::{CellColours, Cells, is_unchanged};
use crate::lattice::{CellAxis, Lattice};
use crate::options::{DrawnCells, ReadOptions};
use crate::palette::Colours;
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// The cells as they were drawn; `None` where they have to be searched for.
///
/// Nothing is searched for where the picture has the size that was drawn, each cell has one colour, and the colours are
/// a palette's own: a silent or constant picture, or one of few cells, shows no lattice to find. What the caller says of
/// the geometry goes before what the recipe says.
pub(crate) fn cells_from_recipe(raster: &Raster, options: &ReadOptions) -> Option<(Finding<PixelBox>, Cells)> {
    let drawn = options.drawn.filter(|drawn| agrees(raster, options, *drawn) && is_whole(raster, *drawn))?;
    let DrawnCells { rows, columns, cell_width_px, cell_height_px } = drawn;
    let columns_px: Vec<usize> = (0..columns).map(|column| column * cell_width_px).collect();
    let rows_px: Vec<usize> = (0..rows).map(|row| row * cell_height_px).collect();
    let colours = Plane::from_fn(rows, columns, |row, column| {
        let [r, g, b, _] = raster.pixel(columns_px[column], rows_px[row]);
        [r, g, b]
    });
    let different = Colours::new(colours.as_slice().iter().copied());
    // One colour tells no palette.
    let tells = options.palette.is_some() || different.unique.len() > 1;
    if !tells || !is_unchanged(&different, options) {
        return None;
    }
    let axis = |cell_px: usize, cells: usize| CellAxis {
        origin_px: 0.0,
        cell_px: cell_px as f64,
        cells,
        first_px: 0,
        end_px: cell_px * cells,
    };
    let lattice = Lattice { x: axis(cell_width_px, columns), y: axis(cell_height_px, rows) };
    let cells = format!("{rows} x {columns} cells of {cell_width_px} x {cell_height_px} px");
    let lattice = Finding::read(lattice, 1.0, format!("drawn as {cells}, as its recipe tells"));
    let colours = CellColours::Sampled { colours, columns_px, rows_px };
    let data_box = Finding::read(raster.bounds(), 1.0, "the size that its recipe tells: nothing but cells");
    Some((data_box, Cells { lattice, colours, different, lossy: false }))
}

/// Whether the picture's size is the one drawn, and nothing else is said of its geometry.
fn agrees(raster: &Raster, options: &ReadOptions, drawn: DrawnCells) -> bool {
    let shape = (drawn.rows, drawn.columns);
    let told = |told: Option<(usize, usize)>| told.is_none_or(|told| told == shape);
    drawn.size_px() == Some((raster.width(), raster.height()))
        && options.crop.is_none()
        && !options.transposed
        && told(options.cells)
        && told(options.expected_shape)
}

/// Whether each cell is opaque and of one colour.
fn is_whole(raster: &Raster, drawn: DrawnCells) -> bool {
    let width = raster.width();
    let first_of = |x: usize, y: usize| {
        let (left, top) = (x - x % drawn.cell_width_px, y - y % drawn.cell_height_px);
        top * width + left
    };
    let places = || (0..raster.height()).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixels = raster.pixels();
    let colours = places().all(|(x, y)| {
        let pixel = pixels[y * width + x];
        pixel[3] == 255 && pixel == pixels[first_of(x, y)]
    });
    let samples = |gray16: &[u16]| places().all(|(x, y)| gray16[y * width + x] == gray16[first_of(x, y)]);
    colours && raster.gray16().is_none_or(samples)
}
