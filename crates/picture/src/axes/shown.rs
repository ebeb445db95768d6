//! The levels that a panel shows, and which bins and frames they are of.

use photophone_spectrum::{LevelScale, Plane, StopFlag};

use super::statement::{LevelEnds, PanelReading};
use crate::error::PictureError;
use crate::picture::Clip;
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Where the bins and frames of a transform lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The middle of each bin, in Hz, rising.
    pub bins_hz: Vec<f64>,
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

impl Grid {
    /// The bin that is drawn at a frequency, as in a mesh around the bins' middles; `None` beyond the outermost ones.
    fn bin(&self, hz: f64) -> Option<usize> {
        let bins = &self.bins_hz;
        let above = bins.partition_point(|&middle| middle < hz);
        let (low, high) = (above.checked_sub(1), (above < bins.len()).then_some(above));
        let half = |a: usize, b: usize| 0.5 * (bins[b] - bins[a]);
        match (low, high) {
            (Some(low), Some(high)) => Some(if hz - bins[low] < bins[high] - hz { low } else { high }),
            (None, Some(0)) => (bins.len() > 1 && bins[0] - hz <= half(0, 1)).then_some(0),
            (Some(last), None) => (last > 0 && hz - bins[last] <= half(last - 1, last)).then_some(last),
            _ => None,
        }
    }
}

impl PanelReading {
    /// From one frame to the next, in seconds, and the number of frames seen; `None` where columns were not told apart, or
    /// nothing tells the times.
    pub fn frame_step_s(&self) -> Option<(f64, usize)> {
        // The outermost frames may be cut.
        let (seen, inner) = (self.frame_s.len(), self.frame_s.len().saturating_sub(3));
        if inner > 0 {
            return Some(((self.frame_s[seen - 2] - self.frame_s[1]).abs() / inner as f64, seen));
        }
        let (time, [_, frames]) = (self.time.value?, self.cells.value?);
        Some(((time.high_s - time.low_s).abs() / frames as f64, frames))
    }

    /// The frequency of each row of the matrix, in Hz; empty where it is not known.
    pub fn row_hz(&self) -> &[f64] {
        &self.row_hz
    }

    /// The levels of the cells that have a line of pixels, each read at the middle of its lines. Lines whose cells were not
    /// counted are those of the bin and the frame of `grid` that lie nearest, as in a mesh around their middles. Cost: one
    /// look-up a cell.
    ///
    /// # Errors
    /// [`PictureError::UnknownPalette`] where no palette was read; [`PictureError::Crop`] where the box is not in the picture;
    /// [`PictureError::Unplaced`] where neither lines nor axes tell bins or frames; [`PictureError::Stopped`].
    pub fn shown(&self, raster: &Raster, grid: Option<&Grid>, stop: &StopFlag) -> Result<ShownLevels, PictureError> {
        let table = self.colours()?;
        let PixelBox { width, height, .. } = self.inside;
        let untold = |lines, cells, advice| PictureError::Unplaced { lines, cells, advice };
        let rows = self.rows(height, grid).ok_or_else(|| {
            untold("rows", "bins", "the frequency at the upper edge (`fmax`), and how frequencies are spread (`axis`)")
        })?;
        let columns = self
            .columns(width, grid)
            .ok_or_else(|| untold("columns", "frames", "the time from the left edge to the right one (`duration`)"))?;
        let lines = |cells: &[(usize, usize)]| cells.iter().map(|&(_, line)| line).collect::<Vec<_>>();
        let places = self.places((raster, &table), &lines(&rows), &lines(&columns), stop)?;
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
    fn rows(&self, height: usize, grid: Option<&Grid>) -> Option<Vec<(usize, usize)>> {
        // Rows of a zoom are counted from the first that is shown.
        let lowest = grid.zip(self.row_hz.first()).and_then(|(grid, &hz)| grid.bin(hz)).unwrap_or(0);
        if !self.bin_of_row.is_empty() {
            return Some(middles(self.bin_of_row.iter().map(|&bin| Some(lowest + bin))));
        }
        let found = match (grid, self.frequency.value, self.cells.value) {
            (Some(grid), Some(_), _) => middles((0..height).map(|y| grid.bin(self.hz(y, 0)))),
            (_, _, Some([rows, _])) => middles(equally_high(rows, height, !self.is_overturned())),
            _ => Vec::new(),
        };
        Some(found).filter(|rows| !rows.is_empty())
    }

    /// Each frame that has a column of pixels, with its middle one.
    fn columns(&self, width: usize, grid: Option<&Grid>) -> Option<Vec<(usize, usize)>> {
        if !self.frame_of_column.is_empty() {
            return Some(middles(self.frame_of_column.iter().map(|&frame| Some(frame))));
        }
        let found = match (grid, self.time.value, self.cells.value) {
            (Some(grid), Some(_), _) => middles((0..width).map(|x| {
                let frame = (self.secs(x, 0) / grid.hop_s).round();
                (frame >= 0.0).then_some(frame as usize)
            })),
            (_, _, Some([_, frames])) => middles(equally_high(frames, width, self.is_mirrored())),
            _ => Vec::new(),
        };
        Some(found).filter(|columns| !columns.is_empty())
    }
}

/// The cell of each line, where all cells are of the same size.
fn equally_high(cells: usize, lines: usize, backwards: bool) -> impl Iterator<Item = Option<usize>> {
    (0..lines).map(move |line| {
        let cell = ((line as f64 + 0.5) / lines as f64 * cells as f64) as usize;
        Some(if backwards { cells - 1 - cell } else { cell })
    })
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
    use photophone_spectrum::FrequencyScale;

    use super::super::statement::{FrequencyEnds, Statement, TimeEnds};
    use super::*;

    #[test]
    fn a_cell_is_read_in_the_middle_of_its_lines_whichever_way_they_run() {
        let lines = [Some(3), Some(3), Some(3), None, Some(1), Some(0), Some(0)];
        assert_eq!(middles(lines.into_iter()), [(0, 6), (1, 4), (3, 1)]);
        assert_eq!(middles(lines.into_iter().rev()), [(0, 1), (1, 2), (3, 5)]);
    }

    /// Ten bins 100 Hz apart, frames a tenth of a second apart.
    fn grid() -> Grid {
        Grid { bins_hz: (0..10).map(|bin| 100.0 * f64::from(bin)).collect(), hop_s: 0.1 }
    }

    /// A panel in grays, 20 px high and 30 wide, that brightens upwards.
    fn panel() -> (Raster, PanelReading) {
        let raster = Raster::from_fn(30, 20, |_, y| {
            let gray = 250 - 12 * y as u8;
            [gray, gray, gray, 255]
        });
        let palette = Statement::given("gray".to_owned());
        let inside = PixelBox { x: 0, y: 0, width: 30, height: 20 };
        let data_box = Statement::given([0.0, 0.0, 30.0, 20.0]);
        (raster.unwrap(), PanelReading { data_box, palette, inside, ..PanelReading::empty() })
    }

    #[test]
    fn a_bin_reaches_halfway_to_its_neighbours() {
        let of = |hz: f64| grid().bin(hz);
        assert_eq!([of(-51.0), of(-49.0), of(0.0), of(149.0), of(151.0)], [None, Some(0), Some(0), Some(1), Some(2)]);
        assert_eq!([of(949.0), of(951.0)], [Some(9), None]);
    }

    #[test]
    fn what_neither_lines_nor_axes_tell_is_asked_for() {
        let (raster, panel) = panel();
        let asked =
            |panel: &PanelReading| panel.shown(&raster, Some(&grid()), &StopFlag::default()).unwrap_err().to_string();
        assert!(asked(&panel).contains("`fmax`"), "{}", asked(&panel));
        let linear = FrequencyEnds { scale: FrequencyScale::Linear, low_hz: 0.0, high_hz: 1000.0 };
        let panel = PanelReading { frequency: Statement::given(linear), ..panel };
        assert!(asked(&panel).contains("`duration`"), "{}", asked(&panel));
    }

    #[test]
    fn lines_are_those_of_the_axes_or_of_equal_cells() {
        let (raster, panel) = panel();
        let linear = FrequencyEnds { scale: FrequencyScale::Linear, low_hz: 0.0, high_hz: 500.0 };
        let time = Statement::given(TimeEnds { low_s: -0.05, high_s: 0.55 });
        let by_axes = PanelReading { frequency: Statement::given(linear), time, ..panel.clone() };
        let shown = by_axes.shown(&raster, Some(&grid()), &StopFlag::default()).unwrap();
        assert_eq!((shown.bins, shown.frames), (vec![0, 1, 2, 3, 4, 5], vec![0, 1, 2, 3, 4, 5]));
        assert!(shown.levels[(0, 0)] < shown.levels[(5, 0)]);
        let by_cells = PanelReading { cells: Statement::given([4, 5]), ..panel };
        let shown = by_cells.shown(&raster, None, &StopFlag::default()).unwrap();
        assert_eq!((shown.bins, shown.frames), (vec![0, 1, 2, 3], vec![0, 1, 2, 3, 4]));
        let overturned = PanelReading { orientation: Statement::given("vertical"), ..by_cells };
        let turned = overturned.shown(&raster, None, &StopFlag::default()).unwrap();
        assert_eq!(turned.levels[(0, 0)].total_cmp(&shown.levels[(3, 0)]), std::cmp::Ordering::Equal);
    }

    #[test]
    fn rows_of_a_zoom_are_counted_from_its_lowest() {
        let (raster, panel) = panel();
        let bin_of_row = (0..20).rev().map(|row| row / 5).collect();
        let row_hz = vec![300.0, 400.0, 500.0, 600.0];
        let panel = PanelReading { bin_of_row, row_hz, cells: Statement::given([4, 5]), ..panel };
        assert_eq!(panel.shown(&raster, Some(&grid()), &StopFlag::default()).unwrap().bins, [3, 4, 5, 6]);
    }

    #[test]
    fn frames_lie_as_far_apart_as_those_that_are_not_cut() {
        let (_, panel) = panel();
        let zoomed = PanelReading { frame_s: vec![1.01, 1.05, 1.15, 1.25, 1.31], ..panel.clone() };
        let (step_s, frames) = zoomed.frame_step_s().unwrap();
        assert!((step_s - 0.1).abs() < 1e-9 && frames == 5);
        assert_eq!(panel.frame_step_s(), None);
    }
}
