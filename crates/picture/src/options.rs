//! What a reader may be told instead of finding it.

use photophone_spectrum::{LevelScale, StopFlag};

use crate::palette::PaletteName;
use crate::pixel_box::PixelBox;

/// How the picture was turned before it was saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flip {
    /// Lowest frequency at the bottom, first frame at the left.
    #[default]
    None,
    /// Lowest frequency at the top.
    Vertical,
    /// First frame at the right.
    Horizontal,
    /// Both.
    Both,
}

impl Flip {
    /// What a reading calls an axis of this kind.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::None => "upright",
            Self::Vertical => "vertical",
            Self::Horizontal => "horizontal",
            Self::Both => "both",
        }
    }

    pub(crate) fn turns_rows(self) -> bool {
        matches!(self, Self::Vertical | Self::Both)
    }

    pub(crate) fn turns_columns(self) -> bool {
        matches!(self, Self::Horizontal | Self::Both)
    }
}

/// Cells of whole pixels that fill a picture, as [`crate::paint`] draws them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawnCells {
    /// Rows (frequencies).
    pub rows: usize,
    /// Columns (frames).
    pub columns: usize,
    /// Pixels a cell is wide.
    pub cell_width_px: usize,
    /// Pixels a cell is high.
    pub cell_height_px: usize,
}

impl DrawnCells {
    /// Width and height of the picture.
    pub(crate) fn size_px(&self) -> Option<(usize, usize)> {
        Some((self.columns.checked_mul(self.cell_width_px)?, self.rows.checked_mul(self.cell_height_px)?))
    }
}

/// What [`crate::read`] is told; everything left `None` is found in the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadOptions {
    /// The data box, in pixels from the top left.
    pub crop: Option<PixelBox>,
    /// Visible cells: rows (frequencies), columns (frames), after undoing `transposed`.
    pub cells: Option<(usize, usize)>,
    /// The palette, such as `magma`, `viridis_r` or `gray-of:magma`.
    pub palette: Option<PaletteName>,
    /// What levels mean as magnitudes.
    pub levels: Option<LevelScale>,
    /// How the picture is turned, if other than lowest frequency at the bottom.
    pub flip: Option<Flip>,
    /// True when time runs up the picture and frequency to the right; undone before `flip`.
    pub transposed: bool,
    /// Rows and frames of the matrix that was drawn, as the kept phase tells; the picture may lack a frame or a row.
    pub expected_shape: Option<(usize, usize)>,
    /// Rows of the matrix, where its frames are not known.
    pub expected_rows: Option<usize>,
    /// Frames of the matrix, where its rows are not known.
    pub expected_frames: Option<usize>,
    /// The cells as they were drawn. Where the picture still is of that size and each cell of one colour, they are
    /// taken as they are; else (resized, blurred, painted over) they are searched for.
    pub drawn: Option<DrawnCells>,
    /// Ends reading early: [`crate::PictureError::Stopped`] within half a second. Default: nothing does.
    pub stop: StopFlag,
    /// True where chroma was kept for several pixels at once ([`crate::Jpeg::shares_chroma`]). A palette that lies too far
    /// from the colours is then taken nevertheless, and [`crate::Picture::palette_residual`] tells: whether it explains the
    /// picture is for [`crate::read_compressed`] to say.
    pub shared_chroma: bool,
}

impl ReadOptions {
    /// Rows and frames of the matrix, as far as they are known.
    pub(crate) fn expected(&self) -> (Option<usize>, Option<usize>) {
        match self.expected_shape {
            Some((rows, frames)) => (Some(rows), Some(frames)),
            None => (self.expected_rows, self.expected_frames),
        }
    }
}
