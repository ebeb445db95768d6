//! A lattice along one direction.

use std::fmt;

/// Cells narrower than this leave nearly every pixel edge a boundary: nothing could be told from a resized picture.
pub(super) const MIN_CELL_PX: f64 = 1.02;

/// A lattice along one direction, in pixels from the data box's edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct AxisFit {
    /// Where cell 0, the one that holds the first pixel, begins.
    pub(crate) origin: f64,
    /// Cell size.
    pub(crate) cell: f64,
    /// Cells seen.
    pub(crate) cells: usize,
    /// Columns with changes.
    pub(crate) seen: Seen,
    /// 0 to 1.
    pub(crate) confidence: f64,
    /// Stretches of unseen boundaries for each boundary seen: a true lattice has few, since silence comes in one piece.
    pub(crate) holes: f64,
}

/// How many columns have changes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// Those on boundaries.
    pub(crate) on: usize,
    /// Those elsewhere: edges of what was painted over the cells.
    pub(crate) off: usize,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.off {
            0 => write!(f, "{}", self.on),
            off => write!(f, "{} (and {off} off them, as of something painted over the cells)", self.on),
        }
    }
}

impl AxisFit {
    /// Stretches of boundaries that were not seen between ones that were.
    pub(crate) fn stretches(&self) -> usize {
        (self.holes * self.seen.on as f64).round() as usize
    }

    /// What the lattice leaves to be explained: stretches of boundaries not seen, and changes off it.
    pub(super) fn oddities(&self) -> usize {
        self.stretches() + self.seen.off
    }
}
