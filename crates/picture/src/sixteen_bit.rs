//! Levels of a 16-bit gray picture: finer than any palette's.
//!
//! Geometry and palette are found in the high bytes, as of any 8-bit picture; here the cells found are looked up, or
//! solved for, in all 16 bits. Value `v` stands for the levels `v / 65536` to `(v + 1) / 65536`, as [`crate::paint`] draws.

use photophone_spectrum::{Finding, Plane, StopFlag, Stopped};

use crate::cells::{CellColours, Cells};
use crate::options::ReadOptions;
use crate::palette::{PaletteName, Place, Recognised, painted_table, plain_gray};
use crate::pixel_box::PixelBox;
use crate::raster::Raster;
use crate::solve::solve_gray;

/// Steps of a 16-bit sample.
pub(crate) const ENTRIES: f64 = 65536.0;
/// Steps of a 16-bit sample for each of an 8-bit one.
const STEPS: f64 = 256.0;

/// Whether a picture has more than 8 bits to read: samples that are no copies of 8-bit ones (`257 v` or `256 v`), or
/// that are known to be plain gray.
pub(crate) fn is_sixteen_bit(raster: &Raster, options: &ReadOptions) -> bool {
    let Some(samples) = raster.gray16() else { return false };
    match &options.palette {
        Some(name) => painted_table(name).is_ok_and(|table| plain_gray(&table).is_some()),
        None => samples.iter().any(|v| v % 257 != 0) && samples.iter().any(|v| v % 256 != 0),
    }
}

/// Plain gray, which is what 16 bits say: a gray copy of a palette has 256 steps at most.
pub(crate) fn gray() -> Finding<PaletteName> {
    Finding::read(PaletteName::GRAY, 0.9, "16 bits a pixel, where palettes have 8")
}

/// Places of the cells among 65536 entries, rows counted from the top; `None` where the palette is not plain gray.
pub(crate) fn sixteen_bit_places(
    raster: &Raster,
    data_box: PixelBox,
    cells: &Cells,
    recognised: &Recognised,
    stop: &StopFlag,
) -> Result<Option<Plane<Place>>, Stopped> {
    let Some((samples, backwards)) = raster.gray16().zip(plain_gray(&recognised.table)) else { return Ok(None) };
    let values = match &cells.colours {
        CellColours::Sampled { columns_px, rows_px, .. } => {
            Plane::from_fn(rows_px.len(), columns_px.len(), |row, column| {
                f64::from(samples[rows_px[row] * raster.width() + columns_px[column]])
            })
        }
        CellColours::Solved(_) => {
            let rows = data_box.y..data_box.y + data_box.height;
            let lines = rows.map(|y| {
                let first = y * raster.width() + data_box.x;
                samples[first..first + data_box.width].iter().map(|&v| f64::from(v)).collect()
            });
            let lattice = &cells.lattice.value;
            solve_gray(lines, &lattice.x, &lattice.y, stop)?
        }
    };
    Ok(Some(values.map(|&value| {
        let inside = value.clamp(0.0, ENTRIES - 1.0);
        let entry = if backwards { ENTRIES - 1.0 - inside } else { inside };
        Place { low: entry, high: entry, entry, distance: (value - inside).abs() / STEPS }
    })))
}
