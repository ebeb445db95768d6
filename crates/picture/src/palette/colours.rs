//! The colours of a picture, and the palette that they were recognised as.

use photophone_spectrum::{Finding, StopFlag, Stopped};

use super::invert::{Inverse, Metric};
use super::name::PaletteName;
use super::table::Table;
use crate::raster::Field;

/// Share of the different colours that must be a palette's own for the picture to count as drawn in it exactly.
pub(super) const EXACT_SHARE: f64 = 0.9;
/// Colours measured against each palette when none fits exactly: their mean distance is known to a twentieth of its spread,
/// the root of 1/400.
const SAMPLE: usize = 400;
/// Colours that are sorted at once: a few hundredths of a second.
const CHUNK: usize = 1 << 20;
/// Largest difference of channels in a gray picture; JPEG gives gray back within a step or two.
const GRAY_TOLERANCE: u8 = 3;

/// A recognised palette with what is needed to read colours.
#[derive(Clone, Debug)]
pub(crate) struct Recognised {
    pub(crate) name: Finding<PaletteName>,
    /// Colours as drawn, gray copies already gray.
    pub(crate) table: Table,
    /// Other palettes that explain the colours nearly as well.
    pub(crate) alternatives: Vec<PaletteName>,
    /// Mean distance of the colours from the palette, in steps of an 8-bit channel.
    pub(crate) residual: f64,
    /// Share of the different colours that are exactly the palette's.
    pub(crate) exact_share: f64,
}

impl Recognised {
    /// Whether another palette has all of the colours too.
    pub(crate) fn is_tie(&self) -> bool {
        self.exact_share >= EXACT_SHARE && !self.alternatives.is_empty()
    }
}

/// Different colours of a picture.
#[derive(Clone, Debug)]
pub(crate) struct Colours {
    pub(crate) unique: Vec<[u8; 3]>,
}

impl Colours {
    pub(crate) fn new(colours: impl Iterator<Item = [u8; 3]>) -> Self {
        let mut unique: Vec<[u8; 3]> = colours.collect();
        unique.sort_unstable();
        unique.dedup();
        Self { unique }
    }

    /// The different colours of a field.
    pub(crate) fn of(field: &Field, stop: &StopFlag) -> Result<Self, Stopped> {
        let mut unique = Vec::new();
        for some in field.colours.chunks(CHUNK) {
            stop.check()?;
            unique.append(&mut Self::new(some.iter().copied()).unique);
            // Pictures have few colours: what was seen before is dropped at once.
            if unique.len() > CHUNK {
                unique.sort_unstable();
                unique.dedup();
            }
        }
        Ok(Self::new(unique.into_iter()))
    }

    pub(crate) fn are_gray(&self) -> bool {
        self.unique.iter().all(|c| c.iter().max().zip(c.iter().min()).is_some_and(|(a, b)| a - b <= GRAY_TOLERANCE))
    }

    /// Some of them, evenly spread.
    pub(super) fn sample(&self) -> Vec<[u8; 3]> {
        let step = self.unique.len().div_ceil(SAMPLE).max(1);
        self.unique.iter().step_by(step).copied().collect()
    }
}

/// What a table is called.
pub(super) fn name_of(table: &Table, gray: bool) -> PaletteName {
    PaletteName { base: table.base, reversed: table.reversed, gray }
}

/// Mean distance of colours from the line through the palette.
pub(super) fn residual(sample: &[[u8; 3]], table: &Table) -> f64 {
    let inverse = Inverse::new(table, Metric::Rgb);
    let sum: f64 = sample.iter().map(|&colour| inverse.place(colour).distance).sum();
    sum / sample.len().max(1) as f64
}
