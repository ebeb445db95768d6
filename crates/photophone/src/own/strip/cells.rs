//! A record as cells, light and dark, with a code that mends what is lost of them.

use std::path::Path;

use reed_solomon::{Decoder, Encoder};
use sha2::{Digest, Sha256};

use super::record::{NoRecord, RECORD_BYTES, StripRecord};
use crate::files::{FileError, guarded};

/// Pixels along a cell.
pub(crate) const CELL_PX: usize = 4;

/// Cells up a copy and along it, and the columns at either end that are the pattern to be found by.
pub(super) const ROWS: usize = 4;
pub(super) const COLUMNS: usize = 256;
pub(super) const SYNC: usize = 32;

/// Pixels of a copy.
pub(crate) const COPY_PX: usize = COLUMNS * CELL_PX;
pub(crate) const HEIGHT_PX: usize = ROWS * CELL_PX;

/// The value of a light cell in 8 bits; a dark one is 0. It is dark enough not to be looked at, and far above what JPEG adds.
pub(crate) const LIGHT: u8 = 96;

/// Bytes of the code, which mends half as many; and of both.
const CODE_BYTES: usize = 32;
const ALL_BYTES: usize = RECORD_BYTES + CODE_BYTES;

/// What the patterns and the whitening are digests of.
const SEED: &[u8] = b"photophone strip 1";

/// The fixed pattern: of each row the cells at the left end, then those at the right, the first cell in the highest bit. They are
/// the digest of [`SEED`], four bytes at a time.
pub(super) fn sync() -> [[u32; ROWS]; 2] {
    let digest = Sha256::digest(SEED);
    let word = |at: usize| u32::from_be_bytes(std::array::from_fn(|byte| digest[4 * at + byte]));
    [std::array::from_fn(word), std::array::from_fn(|row| word(ROWS + row))]
}

/// Whether the cell of a pattern is light.
pub(super) fn is_light(pattern: u32, column: usize) -> bool {
    pattern >> (SYNC - 1 - column) & 1 == 1
}

/// What the bytes are combined with, so that no two copies are alike and none is all dark.
fn whitening() -> Vec<u8> {
    let block = |number: u8| Sha256::new_with_prefix(SEED).chain_update([number]).finalize();
    (0..3).flat_map(block).collect()
}

/// The cells of a copy, row by row from the top.
pub(super) fn cells_of(record: &StripRecord) -> [[bool; COLUMNS]; ROWS] {
    let coded = Encoder::new(CODE_BYTES).encode(&record.to_bytes());
    let bytes: Vec<u8> = coded.iter().zip(whitening()).map(|(byte, white)| byte ^ white).collect();
    let [left, right] = sync();
    std::array::from_fn(|row| {
        std::array::from_fn(|column| match column {
            ..SYNC => is_light(left[row], column),
            _ if column >= COLUMNS - SYNC => is_light(right[row], column - (COLUMNS - SYNC)),
            _ => {
                let bit = (column - SYNC) * ROWS + row;
                bytes.get(bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1)
            }
        })
    })
}

/// The record of a copy's cells between the patterns, which are asked for by row and column, counted from the copy's left end.
pub(super) fn record_of(is_light: impl Fn(usize, usize) -> bool) -> Result<StripRecord, NoRecord> {
    let mut bytes = vec![0; ALL_BYTES];
    for bit in 0..ALL_BYTES * 8 {
        let (row, column) = (bit % ROWS, SYNC + bit / ROWS);
        bytes[bit / 8] |= u8::from(is_light(row, column)) << (7 - bit % 8);
    }
    for (byte, white) in bytes.iter_mut().zip(whitening()) {
        *byte ^= white;
    }
    // The decoder is another's, and what it gets can be anything.
    let mended = guarded::<_, FileError>(Path::new("the strip"), "a strip", || {
        let mended = Decoder::new(CODE_BYTES).correct(&bytes, None).ok();
        Ok(mended.and_then(|mended| mended.data().first_chunk::<RECORD_BYTES>().copied()))
    });
    mended.ok().flatten().map_or(Err(NoRecord::Other), |record| StripRecord::from_bytes(&record))
}

/// The strip of a picture of so many columns as 8-bit samples, row by row: a copy every [`COPY_PX`], as many as there is room
/// for.
pub(crate) fn painted(record: &StripRecord, width: usize) -> Vec<u8> {
    let mut samples = vec![0; width * HEIGHT_PX];
    for own in (0..width / COPY_PX).map(|copy| copy * COPY_PX) {
        let cells = cells_of(&StripRecord { own_column: own as u32, ..*record });
        for (y, line) in samples.chunks_exact_mut(width).enumerate() {
            let row = &cells[y / CELL_PX];
            for (x, sample) in line[own..own + COPY_PX].iter_mut().enumerate() {
                *sample = if row[x / CELL_PX] { LIGHT } else { 0 };
            }
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::super::record::example;
    use super::*;

    #[test]
    fn a_sixth_of_the_bytes_may_be_wrong() {
        let record = example();
        let cells = cells_of(&record);
        assert_eq!(record_of(|row, column| cells[row][column]), Ok(record));
        // A byte is two columns.
        for lost in [4, 16, 30] {
            let is_lost = |column: usize| (100..100 + lost).contains(&column);
            let found = record_of(|row, column| cells[row][column] != is_lost(column));
            assert_eq!(found, Ok(record), "{lost} columns");
        }
        let found = record_of(|row, column| cells[row][column] != (100..140).contains(&column));
        assert_eq!(found, Err(NoRecord::Other));
    }

    /// Whatever the cells are, there is no panic and no record.
    #[test]
    fn noise_is_no_record() {
        let mut state = 1u64;
        for _ in 0..500 {
            let cells: Vec<bool> = (0..ROWS * COLUMNS)
                .map(|_| {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    state >> 63 == 1
                })
                .collect();
            assert_eq!(record_of(|row, column| cells[row * COLUMNS + column]), Err(NoRecord::Other));
        }
    }

    #[test]
    fn patterns_are_balanced_and_copies_stand_every_1024_pixels() {
        for pattern in sync().as_flattened() {
            assert!((10..=22).contains(&pattern.count_ones()), "{pattern:032b}");
        }
        let strip = painted(&example(), 2 * COPY_PX + 100);
        assert_eq!(strip.len(), (2 * COPY_PX + 100) * HEIGHT_PX);
        assert!(strip[2 * COPY_PX..2 * COPY_PX + 100].iter().all(|&sample| sample == 0));
    }
}
