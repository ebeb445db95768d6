//! Golden coefficients as the generators of `xtask` write them.

use std::path::Path;

use photophone_spectrum::Plane;
use photophone_transform::Complex;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::figures::Cell;
use super::sounds;

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
        let ints = sounds::sound(&self.sound, self.samples);
        let bytes: Vec<u8> = ints.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(crc32fast::hash(&bytes), self.crc32, "{} is not the sound that was transformed", self.sound);
        ints.iter().map(|&value| f64::from(value) / 32768.0).collect()
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

/// The cases of a set and the bytes of their coefficients.
pub(crate) fn read<Case: DeserializeOwned>(name: &str) -> (Vec<Case>, Vec<u8>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let index = std::fs::read(folder.join(format!("{name}.json"))).expect("the index is checked in");
    let bin = std::fs::read(folder.join(format!("{name}.bin"))).expect("the coefficients are checked in");
    (serde_json::from_slice(&index).expect("the index has this test's format"), bin)
}
