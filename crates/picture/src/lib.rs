//! Pictures of spectrograms: pixels to levels and back.
//!
//! ```
//! use photophone_picture::{PaintOptions, ReadOptions, paint, read};
//! use photophone_spectrum::Plane;
//!
//! let levels = Plane::from_fn(24, 60, |row, frame| ((7 * row + 3 * frame * frame) % 256) as f64 / 256.0);
//! let raster = paint(&levels, &PaintOptions::default())?;
//! let picture = read(&raster, &ReadOptions::default())?;
//! assert_eq!(picture.levels.shape(), (24, 60));
//! assert_eq!(picture.palette.value.to_string(), "magma");
//! # Ok::<(), photophone_picture::PictureError>(())
//! ```
//!
//! [`read`] finds the data box, the cell lattice, the palette and the level scale of a picture and returns one level
//! a cell, with what each step found and how sure it is. [`paint`] draws levels so that `read(paint(x))` is exact.
//! [`overlay`] draws what was read over the picture.
//!
//! The picture is never resized: a mesh drawn by matplotlib is an exact 8-bit copy of its matrix once the real-valued
//! cell lattice is known, and half a pixel of error costs 22 dB of the sound.
//!
//! Input is a decoded [`Raster`]; no files, clocks or global state.

mod alternatives;
mod axes;
mod background;
mod calibration;
mod cells;
mod compressed;
mod error;
mod figure;
mod flip;
mod frame;
mod frame_line;
mod from_recipe;
mod lattice;
mod mask;
mod missing;
mod options;
mod overlay;
mod paint;
mod palette;
mod picture;
mod pixel_box;
mod polarity;
mod raster;
mod read;
mod scale;
mod sixteen_bit;
mod snapping;
mod solve;
mod sound;
mod unframed;

pub use axes::{
    FigureOptions, FrequencyEnds, GivenAxes, Grid, LevelEnds, PanelNumbers, PanelReading, Reading, ShownLevels,
    Statement, StatementSource, TimeEnds, Tool, TransformSaid, Verdict, read_figure,
};
pub use compressed::{Jpeg, JpegChannel, read_compressed, unchanged_by_edits};
pub use error::PictureError;
pub use lattice::{CellAxis, Lattice};
pub use mask::brightness_of_cells;
pub use missing::Missing;
pub use options::{DrawnCells, Flip, ReadOptions};
pub use overlay::overlay;
pub use paint::{BitDepth, PaintOptions, paint};
pub use palette::{PaletteName, palette_colours, palette_names};
pub use picture::{Clip, Picture};
pub use pixel_box::PixelBox;
pub use raster::Raster;
pub use read::read;
pub use scale::LevelEvidence;
