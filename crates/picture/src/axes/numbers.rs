//! A panel as numbers: what each cell, or each pixel where cells are not known, stands for.

use photophone_spectrum::{Plane, StopFlag};

use super::statement::PanelReading;
use crate::error::PictureError;
use crate::palette::{Inverse, Metric, PaletteName, Place, Table, painted_table};
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// The numbers of a panel, row 0 the lowest frequency.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelNumbers {
    /// Value of each cell or pixel: in the unit of the colour bar, or 0 to 1 where that is not known.
    pub values: Plane<f64>,
    /// Lowest value that its colour stands for.
    pub low: Plane<f64>,
    /// Highest value that its colour stands for.
    pub high: Plane<f64>,
    /// Frequency of each row, in Hz: its bin's, or that at the middle of a row of pixels; the row's number where that is not
    /// known.
    pub frequencies_hz: Vec<f64>,
    /// Time of each column, in seconds: that of its frame's middle, or at the middle of a column of pixels; the column's number
    /// where that is not known.
    pub times_s: Vec<f64>,
    /// Whether frequencies and times are known.
    pub axes: [bool; 2],
    /// Whether rows and columns are cells, and no pixels.
    pub are_cells: [bool; 2],
    /// Distance of each colour from the palette, in steps of an 8-bit channel.
    pub residual: Plane<f64>,
}

impl PanelReading {
    /// The panel as numbers. Lines of pixels that show one cell are read once. Cost: one look-up a pixel.
    ///
    /// # Errors
    /// [`PictureError::UnknownPalette`] where no palette was read; [`PictureError::Stopped`].
    pub fn numbers(&self, raster: &Raster, stop: &StopFlag) -> Result<PanelNumbers, PictureError> {
        let table = self.colours()?;
        let PixelBox { width, height, .. } = self.inside;
        let (columns, rows) = (middles(&self.frame_of_column, width), middles(&self.bin_of_row, height));
        let entries = table.colours.len() as f64;
        let (low, high) = self.levels.value.as_ref().map_or((0.0, 1.0), |levels| (levels.low, levels.high));
        let (is_overturned, is_mirrored) = (self.is_overturned(), self.is_mirrored());
        let columns: Vec<usize> = if is_mirrored { columns.into_iter().rev().collect() } else { columns };
        let rows: Vec<usize> = if is_overturned { rows } else { rows.into_iter().rev().collect() };
        let places = self.places((raster, &table), &rows, &columns, stop)?;
        let plane =
            |of: &dyn Fn(usize) -> f64| Plane::from_fn(rows.len(), columns.len(), |r, c| of(r * columns.len() + c));
        let value = |place: f64| low + (place / entries).clamp(0.0, 1.0) * (high - low);
        Ok(PanelNumbers {
            values: plane(&|i| value(places[i].entry + 0.5)),
            low: plane(&|i| value(places[i].low)),
            high: plane(&|i| value(places[i].high + 1.0)),
            residual: plane(&|i| places[i].distance),
            frequencies_hz: (0..rows.len()).map(|row| self.hz(rows[row], row)).collect(),
            times_s: columns.iter().enumerate().map(|(column, &x)| self.secs(x, column)).collect(),
            axes: [self.frequency.value.is_some(), self.time.value.is_some()],
            are_cells: [!self.bin_of_row.is_empty(), !self.frame_of_column.is_empty()],
        })
    }

    /// The places on the palette of the pixels where so many rows and columns inside the box cross, row by row.
    pub(super) fn places(
        &self,
        (raster, table): (&Raster, &Table),
        rows: &[usize],
        columns: &[usize],
        stop: &StopFlag,
    ) -> Result<Vec<Place>, PictureError> {
        let PixelBox { x: left, y: top, width, height } = self.inside;
        if left + width > raster.width() || top + height > raster.height() || width == 0 || height == 0 {
            return Err(PictureError::Crop { crop: self.inside, width: raster.width(), height: raster.height() });
        }
        let inverse = Inverse::new(table, Metric::Rgb);
        let mut places = Vec::with_capacity(rows.len() * columns.len());
        for y in rows {
            stop.check()?;
            places.extend(columns.iter().map(|x| {
                let [r, g, b, _] = raster.pixel(left + x, top + y);
                inverse.place([r, g, b])
            }));
        }
        Ok(places)
    }

    /// The colours of the palette that was read.
    pub(crate) fn colours(&self) -> Result<Table, PictureError> {
        if let Some(colours) = &self.learned {
            let base = "learned";
            return Ok(Table {
                base,
                reversed: false,
                rounding: crate::palette::Rounding::Mesh,
                colours: colours.clone(),
            });
        }
        let name: PaletteName = self.palette.value.as_deref().unwrap_or("unknown").parse()?;
        painted_table(&name)
    }

    /// Frequency that a row of pixels inside the box shows: its bin's, or that at its middle; else the row's number.
    pub(super) fn hz(&self, y: usize, row: usize) -> f64 {
        if let Some(&hz) = self.bin_of_row.get(y).and_then(|&bin| self.row_hz.get(bin)) {
            return hz;
        }
        let y = (self.inside.y + y) as f64 + 0.5;
        let (Some(ends), Some([_, top, _, height])) = (self.frequency.value, self.data_box.value) else {
            return row as f64;
        };
        let share = if self.is_overturned() { (y - top) / height } else { 1.0 - (y - top) / height };
        let (low, high) = (ends.scale.place_from_hz(ends.low_hz), ends.scale.place_from_hz(ends.high_hz));
        ends.scale.hz_from_place(low + share * (high - low))
    }

    /// Time that a column of pixels inside the box shows: its frame's, or that at its middle; else the column's number.
    pub(super) fn secs(&self, x: usize, column: usize) -> f64 {
        if let Some(&secs) = self.frame_of_column.get(x).and_then(|&frame| self.frame_s.get(frame)) {
            return secs;
        }
        let x = (self.inside.x + x) as f64 + 0.5;
        let (Some(ends), Some([left, _, width, _])) = (self.time.value, self.data_box.value) else {
            return column as f64;
        };
        ends.low_s + (x - left) / width * (ends.high_s - ends.low_s)
    }
}

/// The middle line of each cell; every line where cells are not known.
fn middles(of_line: &[usize], lines: usize) -> Vec<usize> {
    if of_line.is_empty() {
        return (0..lines).collect();
    }
    let mut found = Vec::new();
    let mut start = 0;
    for same in of_line.chunk_by(|a, b| a == b) {
        found.push(start + same.len() / 2);
        start += same.len();
    }
    found
}
