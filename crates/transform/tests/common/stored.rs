//! Golden coefficients as the generators of `xtask` write them.

use photophone_spectrum::Plane;
use photophone_transform::Complex;
use serde::Deserialize;

use super::figures::Cell;
use super::index;

/// The part of a case that says what was transformed and where the coefficients lie.
#[derive(Deserialize)]
pub(crate) struct Stored {
    pub(crate) sound: String,
    pub(crate) samples: usize,
    crc32: u32,
    pub(crate) shape: (usize, usize),
    /// Every how many frames one is stored.
    every: usize,
    /// First byte in the `.bin` file.
    offset: usize,
}

impl Stored {
    /// The case's samples, proven to be those that were transformed.
    pub(crate) fn sound(&self) -> Vec<f64> {
        index::sound(&self.sound, self.samples, self.crc32)
    }

    /// The coefficients at the stored frames, row by row.
    pub(crate) fn cells(&self, bin: &[u8]) -> Vec<Cell> {
        let count = self.shape.0 * self.shape.1.div_ceil(self.every);
        let (cells, _) = bin[self.offset..].as_chunks::<8>();
        let part = |cell: &[u8; 8], at: usize| f64::from(f32::from_le_bytes([0, 1, 2, 3].map(|i| cell[at + i])));
        cells[..count].iter().map(|cell| Complex::new(part(cell, 0), part(cell, 4))).collect()
    }

    /// Computed coefficients at the same frames.
    pub(crate) fn kept_of(&self, cells: &Plane<Cell>) -> Vec<Cell> {
        (0..cells.rows()).flat_map(|row| cells.row(row).iter().step_by(self.every).copied()).collect()
    }
}
