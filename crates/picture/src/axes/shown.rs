//! The levels that a panel shows, and which bins and frames they are of.

use photophone_spectrum::{LevelScale, Plane, StopFlag};

use super::statement::{LevelEnds, PanelReading};
use crate::error::PictureError;
use crate::palette::{Inverse, Metric};
use crate::picture::Clip;
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Where the bins and frames of a transform lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// From one bin's middle to the next, in Hz; bin 0 is at 0 Hz.
    pub bin_hz: f64,
    /// Number of bins.
    pub bins: usize,
    /// From one frame to the next, in seconds; frame 0 is at 0 s.
    pub hop_s: f64,
}

/// The levels that a panel shows, lowest bin and first frame first. Bins and frames without a line of pixels are not there.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownLevels {
    /// Level of each cell, from 0 at the palette's quiet end to 1.
    pub levels: Plane<f64>,
    /// Lowest level that its colour stands for.
    pub low: Plane<f64>,
    /// Highest level that its colour stands for.
    pub high: Plane<f64>,
    /// Whether it is at an end of the palette.
    pub clip: Plane<Clip>,
    /// Bin of each row, rising.
    pub bins: Vec<usize>,
    /// Frame of each column, rising.
    pub frames: Vec<usize>,
}

impl LevelEnds {
    /// The scale between these ends; `None` where the quiet end of linear levels is not 0.
    pub fn scale(&self) -> Option<LevelScale> {
        let (low, high) = (self.low, self.high);
        match self.scale {
            "db" => Some(LevelScale::Db { low, high }),
            "ln" => Some(LevelScale::Ln { low, high }),
            "linear" => (low == 0.0).then_some(LevelScale::Linear),
            "power" => (low == 0.0).then_some(LevelScale::Power),
            _ => None,
        }
    }
}

impl PanelReading {
    /// The frequency of each row of the matrix, in Hz; empty where it is not known.
    pub fn row_hz(&self) -> &[f64] {
        &self.row_hz
    }

    /// The levels of the cells that have a line of pixels, each read at the middle of its lines. Lines whose cells were not
    /// counted are those of the bin and the frame of `grid` that lie nearest, as in a mesh around their middles. Cost: one
    /// look-up a cell.
    ///
    /// # Errors
    /// [`PictureError::UnknownPalette`] where no palette was read; [`PictureError::Crop`] where the box is not in the picture, or
    /// where neither lines nor axes tell bins and frames; [`PictureError::Stopped`].
    pub fn shown(&self, raster: &Raster, grid: Option<Grid>, stop: &StopFlag) -> Result<ShownLevels, PictureError> {
        let table = self.colours()?;
        let PixelBox { x: left, y: top, width, height } = self.inside;
        let nowhere = || PictureError::Crop { crop: self.inside, width: raster.width(), height: raster.height() };
        if left + width > raster.width() || top + height > raster.height() || width == 0 || height == 0 {
            return Err(nowhere());
        }
        let rows = self.rows(height, grid).ok_or_else(nowhere)?;
        let columns = self.columns(width, grid).ok_or_else(nowhere)?;
        let inverse = Inverse::new(&table, Metric::Rgb);
        let mut places = Vec::with_capacity(rows.len() * columns.len());
        for (_, y) in &rows {
            stop.check()?;
            places.extend(columns.iter().map(|(_, x)| {
                let [r, g, b, _] = raster.pixel(left + x, top + y);
                inverse.place([r, g, b])
            }));
        }
        let entries = table.colours.len() as f64;
        let plane =
            |of: &dyn Fn(usize) -> f64| Plane::from_fn(rows.len(), columns.len(), |r, c| of(r * columns.len() + c));
        let level = |entry: f64| (entry / entries).clamp(0.0, 1.0);
        Ok(ShownLevels {
            levels: plane(&|i| level(places[i].entry + 0.5)),
            low: plane(&|i| level(places[i].low)),
            high: plane(&|i| level(places[i].high + 1.0)),
            clip: Plane::from_fn(rows.len(), columns.len(), |r, c| {
                let place = places[r * columns.len() + c];
                if place.low <= 0.0 {
                    Clip::Floor
                } else if place.high >= entries - 1.0 {
                    Clip::Ceiling
                } else {
                    Clip::None
                }
            }),
            bins: rows.into_iter().map(|(bin, _)| bin).collect(),
            frames: columns.into_iter().map(|(frame, _)| frame).collect(),
        })
    }

    /// Each bin that has a row of pixels, with its middle one.
    fn rows(&self, height: usize, grid: Option<Grid>) -> Option<Vec<(usize, usize)>> {
        if !self.bin_of_row.is_empty() {
            return Some(middles(self.bin_of_row.iter().map(|&bin| Some(bin))));
        }
        let (grid, _) = (grid?, self.frequency.value?);
        let bin = |y: usize| {
            let bin = (self.hz(y, 0) / grid.bin_hz).round();
            (bin >= 0.0 && bin < grid.bins as f64).then_some(bin as usize)
        };
        Some(middles((0..height).map(bin))).filter(|rows| !rows.is_empty())
    }

    /// Each frame that has a column of pixels, with its middle one.
    fn columns(&self, width: usize, grid: Option<Grid>) -> Option<Vec<(usize, usize)>> {
        if !self.frame_of_column.is_empty() {
            return Some(middles(self.frame_of_column.iter().map(|&frame| Some(frame))));
        }
        let (grid, _) = (grid?, self.time.value?);
        let frame = |x: usize| {
            let frame = (self.secs(x, 0) / grid.hop_s).round();
            (frame >= 0.0).then_some(frame as usize)
        };
        Some(middles((0..width).map(frame))).filter(|columns| !columns.is_empty())
    }
}

/// Each cell that a line shows, rising, with the middle of its lines.
fn middles(of_line: impl Iterator<Item = Option<usize>>) -> Vec<(usize, usize)> {
    let lines: Vec<Option<usize>> = of_line.collect();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for same in lines.chunk_by(|a, b| a == b) {
        found.extend(same[0].map(|cell| (cell, start + same.len() / 2)));
        start += same.len();
    }
    found.sort_unstable();
    found.dedup_by_key(|(cell, _)| *cell);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_in_the_middle_of_its_lines_whichever_way_they_run() {
        let lines = [Some(3), Some(3), Some(3), None, Some(1), Some(0), Some(0)];
        assert_eq!(middles(lines.into_iter()), [(0, 6), (1, 4), (3, 1)]);
        assert_eq!(middles(lines.into_iter().rev()), [(0, 1), (1, 2), (3, 5)]);
    }
}
