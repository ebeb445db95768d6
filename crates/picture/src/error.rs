//! What can be wrong with a picture.

use photophone_spectrum::Stopped;
use thiserror::Error;

use crate::pixel_box::PixelBox;

/// Why a picture cannot be read or painted.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PictureError {
    /// A raster's pixels do not fit its size.
    #[error("a raster of {width} x {height} needs as many pixels, at least 1 and at most 2^28; found {found}")]
    RasterShape {
        /// Columns asked for.
        width: usize,
        /// Rows asked for.
        height: usize,
        /// Pixels found.
        found: usize,
    },
    /// No pixel is opaque.
    #[error(
        "every pixel of the {width} x {height} picture is transparent, so nothing is drawn in it; \
         expected opaque cells: save the picture again without transparency"
    )]
    Transparent {
        /// Columns of the picture.
        width: usize,
        /// Rows of the picture.
        height: usize,
    },
    /// The picture or its data box is too small to hold a spectrogram.
    #[error(
        "the data box is only {found}; expected at least 2 rows and 2 columns of pixels: \
         give a larger picture, or another crop (`crop`)"
    )]
    TooSmall {
        /// The box.
        found: PixelBox,
    },
    /// One colour everywhere, and nothing said of the cells or of the palette.
    #[error(
        "the data box ({found}) has one colour everywhere, {colour:?}; expected colours that show the cells and the \
         palette: if it is silence, say both (`cells` or the kept phase, and `palette`), else give another crop (`crop`)"
    )]
    Uniform {
        /// The box.
        found: PixelBox,
        /// Its red, green and blue.
        colour: [u8; 3],
    },
    /// The crop given does not lie in the picture.
    #[error(
        "the crop given, {crop}, does not lie in the picture of {width} x {height} px; \
         give columns and rows inside it, at least 1 px each (`crop LEFT,TOP,WIDTH,HEIGHT`)"
    )]
    Crop {
        /// The crop given.
        crop: PixelBox,
        /// Columns of the picture.
        width: usize,
        /// Rows of the picture.
        height: usize,
    },
    /// Neither lines of pixels nor axes tell what a figure's lines show.
    #[error(
        "nothing tells which {cells} the {lines} of pixels show: no axis was read, and cells cannot be counted; give {advice}"
    )]
    Unplaced {
        /// The lines: rows or columns.
        lines: &'static str,
        /// What they show.
        cells: &'static str,
        /// What would tell.
        advice: &'static str,
    },
    /// A number of cells of 0.
    #[error(
        "{what} of {rows} x {columns} makes no sense; both rows and frames must be at least 1 (`cells ROWSxFRAMES`)"
    )]
    NoCells {
        /// What was given: cells or an expected shape.
        what: &'static str,
        /// Rows given.
        rows: usize,
        /// Columns given.
        columns: usize,
    },
    /// Far more cells asked for than there are pixels.
    #[error(
        "{cells} {what} cannot be told apart in {pixels} px: at most {limit} can; \
         give a larger picture or the right number of cells (`cells ROWSxFRAMES`)"
    )]
    TooManyCells {
        /// Rows or columns.
        what: &'static str,
        /// Cells asked for.
        cells: usize,
        /// Pixels there are.
        pixels: usize,
        /// Most cells that many pixels can hold.
        limit: usize,
    },
    /// The picture was resampled or blurred so that its cells cannot be counted.
    #[error(
        "the {what} of cells cannot be counted in {pixels} px: none are repeated and no boundaries stand out, as after \
         resizing; give their number (`cells ROWSxFRAMES`; where it has one pixel a cell, `cells {rows_px}x{columns_px}`) \
         or the kept phase (`phase`), or crop to the data (`crop`)"
    )]
    UncountableCells {
        /// Rows or columns.
        what: &'static str,
        /// Pixels across them.
        pixels: usize,
        /// Rows of pixels in the data box.
        rows_px: usize,
        /// Columns of pixels in it.
        columns_px: usize,
    },
    /// The cells seen do not fit the shape expected.
    #[error(
        "the picture shows {rows} x {columns} cells (rows x frames) but {expected_rows} x {expected_columns} were \
         expected, and at most one row and one frame may be missing, besides what a frame line hides{hint}"
    )]
    ShapeMismatch {
        /// Rows seen.
        rows: usize,
        /// Frames seen.
        columns: usize,
        /// Rows expected.
        expected_rows: usize,
        /// Frames expected.
        expected_columns: usize,
        /// What to do, when it can be told; starts with a separator.
        hint: String,
    },
    /// No palette has such a name.
    #[error(
        "palette '{name}' is not known; did you mean '{suggestion}'? Reversed ones end in _r, gray copies begin with gray-of:"
    )]
    UnknownPalette {
        /// The name given.
        name: String,
        /// The nearest name known.
        suggestion: String,
    },
    /// A gray copy of a palette that does not darken steadily.
    #[error(
        "a gray copy of '{name}' cannot be read: {clashes} of its 256 colours share their gray with quite another \
         level (worst: gray {gray} stands for levels {low} and {high} of 255); give the picture in colour, or another \
         palette (`palette`)"
    )]
    NotInvertible {
        /// The palette.
        name: String,
        /// Entries whose gray is ambiguous.
        clashes: usize,
        /// The most ambiguous gray.
        gray: u8,
        /// Lowest entry drawn in it.
        low: usize,
        /// Highest entry drawn in it.
        high: usize,
    },
    /// No known palette explains the colours.
    #[error(
        "no known palette explains the colours: the nearest, '{nearest}', is off by {residual:.1} of 255 on average \
         (at most {limit:.0} is accepted). If this is a spectrogram, crop it to its data (`crop`) and name its palette \
         (`palette`); if its brightness or contrast was changed, give the picture as it was before (`original`)"
    )]
    UnknownColours {
        /// The nearest palette.
        nearest: String,
        /// Mean distance of the colours from it.
        residual: f64,
        /// Most that is accepted.
        limit: f64,
    },
    /// Options for painting that make no picture.
    #[error(
        "cannot paint {rows} x {columns} cells of {cell_width_px} x {cell_height_px} px: each number must be at least 1 \
         and the picture at most 2^28 px; give other cells (`cell-width`, `cell-height`) or a larger hop (`hop`)"
    )]
    PaintSize {
        /// Rows to paint.
        rows: usize,
        /// Columns to paint.
        columns: usize,
        /// Pixels a cell is wide.
        cell_width_px: usize,
        /// Pixels a cell is high.
        cell_height_px: usize,
    },
    /// 16 bits in colour.
    #[error(
        "cannot paint 16 bits in the palette '{name}': its colours have 8; expected gray or gray_r (`palette`), or 8 bits \
         (`bits 8`)"
    )]
    PaintDepth {
        /// The palette given.
        name: String,
    },
    /// Another thread has set the [`StopFlag`](photophone_spectrum::StopFlag).
    #[error("stopped")]
    Stopped,
    /// A mask of another size.
    #[error(
        "the mask is {} x {} px, expected the picture's own {} x {} px, or one pixel a cell: {} x {}; give the mask that belongs to this picture",
        found.0, found.1, picture.0, picture.1, cells.0, cells.1
    )]
    MaskSize {
        /// Width and height of the mask.
        found: (usize, usize),
        /// Those of the picture.
        picture: (usize, usize),
        /// Cells across and up.
        cells: (usize, usize),
    },
}

impl From<Stopped> for PictureError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}
