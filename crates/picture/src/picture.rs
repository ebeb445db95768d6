//! What was read from a picture.

use photophone_spectrum::{Finding, LevelScale, Plane};

use crate::lattice::Lattice;
use crate::missing::Missing;
use crate::options::Flip;
use crate::palette::PaletteName;
use crate::pixel_box::PixelBox;
use crate::scale::LevelEvidence;

/// Whether a cell lies at an end of the palette, where drawing clips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clip {
    /// Between the ends.
    None,
    /// At the palette's first entry: the level or anything below it.
    Floor,
    /// At the palette's last entry: the level or, if the scale was cut there, anything above it.
    Ceiling,
}

/// The visible cells of a picture, row 0 the lowest frequency and column 0 the first visible frame, and how they
/// were found.
///
/// All planes have the shape of `levels`. Levels run from 0 (quietest) to 1 (loudest): entry `i` of `n` palette
/// entries is drawn for `i = trunc(n * level)` clipped to `n - 1` (matplotlib's `Colormap.__call__`), so it stands
/// for the levels `i / n` to `(i + 1) / n` and its centre is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Level of each cell, 0 to 1: the centre of its interval.
    pub levels: Plane<f64>,
    /// Lowest level each cell may have had.
    pub low: Plane<f64>,
    /// Highest level each cell may have had.
    pub high: Plane<f64>,
    /// Cells at an end of the palette.
    pub clip: Plane<Clip>,
    /// Distance of each cell's colour from the palette, in steps of an 8-bit channel; 0 for the palette's own colours.
    pub residual: Plane<f32>,
    /// Palette entry of each cell, lowest of equal ones; only when every cell has a colour of the palette.
    pub indices: Option<Plane<u16>>,
    /// Where in the picture the cells are.
    pub data_box: Finding<PixelBox>,
    /// How the cells lie, in pixels of the picture.
    pub lattice: Finding<Lattice>,
    /// Cells of the expected matrix that the picture does not show.
    pub missing: Finding<Missing>,
    /// The palette.
    pub palette: Finding<PaletteName>,
    /// Other palettes that explain the colours about as well.
    pub palette_alternatives: Vec<PaletteName>,
    /// Mean distance of the different colours from the palette, in steps of an 8-bit channel.
    pub palette_residual: f64,
    /// What levels mean.
    pub scale: Finding<LevelScale>,
    /// How the levels are spread, for weighing the scale.
    pub level_evidence: LevelEvidence,
    /// How the picture is turned.
    pub flip: Finding<Flip>,
    /// Rank correlation, -1 to 1, of rows, the lowest frequency first, and how fast their levels change over the frames;
    /// `None` where too few rows move. Through constant-Q filters it is 0.5 to 1, through filters of one width about 0.
    pub rise: Option<f64>,
    /// True when rows and columns were exchanged before flipping.
    pub transposed: bool,
}

impl Picture {
    /// Number of cells at the floor and at the ceiling.
    pub fn clipped_cells(&self) -> (usize, usize) {
        let count = |which| self.clip.as_slice().iter().filter(|&&clip| clip == which).count();
        (count(Clip::Floor), count(Clip::Ceiling))
    }

    /// Whether no cell rises above the floor. The loudest cell of a sound would.
    pub fn is_silent(&self) -> bool {
        self.clip.as_slice().iter().all(|&clip| clip == Clip::Floor)
    }

    /// Share of the cells whose colour is the palette's own, 0 to 1.
    pub fn exact_share(&self) -> f64 {
        let cells = self.residual.as_slice();
        cells.iter().filter(|&&residual| residual == 0.0).count() as f64 / cells.len().max(1) as f64
    }
}
