//! The control surface: which frequency and which time a gain belongs to.

use std::ops::Range;

use photophone_transform::gabor::{GaborParams, Warp};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The most rows times columns of a surface: two hours and a half at 44.1 kHz.
const MAX_PIXELS: usize = 1 << 30;

/// Which rows and columns a surface has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SurfaceOptions {
    /// Rows an octave, 6 to 96: bands of the transform. Fewer are wider in frequency and shorter in time. Default: 48.
    pub rows_per_octave: usize,
    /// Samples of a column, at least 1. Default: 256.
    pub hop: usize,
    /// About where rows turn from constant Q (above) to constant width (below), in Hz. Default: 60 Hz.
    pub knee_hz: f64,
    /// The centre of a row, in Hz. Default: 440 Hz.
    pub tuning_hz: f64,
}

impl Default for SurfaceOptions {
    fn default() -> Self {
        let GaborParams { bins_per_octave, knee_hz, tuning_hz, .. } = GaborParams::default();
        Self { rows_per_octave: bins_per_octave, hop: 256, knee_hz, tuning_hz }
    }
}

/// A plane of rows by columns that lies over a sound.
///
/// Row `r` is band `r` of the exact constant-Q transform: its centre is [`Surface::hz_from_row`]`(r)`, 0 Hz for row 0 and
/// half the sample rate for the last. It reaches half a row to either side. Column `c` holds the samples from `c hop` to
/// `(c + 1) hop`; the last column may reach beyond the sound.
///
/// A **cell** is what the transform tells apart: two rows wide, `B` hertz, and `1 / B` seconds long.
#[derive(Clone, Debug)]
pub struct Surface {
    options: SurfaceOptions,
    params: GaborParams,
    warp: Warp,
    samples: usize,
}

impl Surface {
    /// The surface over a sound of `samples` samples at `sr` Hz.
    ///
    /// # Errors
    /// [`Error::Transform`] for a value outside its range; [`Error::TooMuch`] above 2^30 rows times columns.
    pub fn new(sr: f64, samples: usize, options: &SurfaceOptions) -> Result<Self, Error> {
        let params = GaborParams {
            sr,
            bins_per_octave: options.rows_per_octave,
            knee_hz: options.knee_hz,
            tuning_hz: options.tuning_hz,
            // Each pixel has a coefficient of its own in every row.
            max_hop: Some(options.hop),
            ..GaborParams::default()
        };
        let surface = Self { options: *options, warp: params.warp()?, params, samples };
        let pixels = surface.rows().saturating_mul(surface.columns());
        if pixels > MAX_PIXELS {
            return Err(Error::TooMuch {
                what: "a surface over the sound".to_owned(),
                needed: format!("{pixels} pixels"),
                limit: format!("{MAX_PIXELS}"),
                because: format!(
                    "it has {} rows and {} columns of {} samples",
                    surface.rows(),
                    surface.columns(),
                    options.hop
                ),
                advice: "take longer columns, or the sound in parts",
            });
        }
        Ok(surface)
    }

    /// What the rows and columns were asked for by.
    pub fn options(&self) -> &SurfaceOptions {
        &self.options
    }

    /// The transform whose bands are the rows.
    pub fn params(&self) -> &GaborParams {
        &self.params
    }

    /// Samples of the sound.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.warp.last() + 1
    }

    /// How many columns there are: at least one.
    pub fn columns(&self) -> usize {
        self.samples.div_ceil(self.options.hop).max(1)
    }

    /// The frequency of a row's centre; of places between rows too. Row `r` reaches from `r - 0.5` to `r + 0.5`.
    pub fn hz_from_row(&self, row: f64) -> f64 {
        self.warp.hz_from_band(row)
    }

    /// The row, or the place between rows, of a frequency.
    pub fn row_from_hz(&self, hz: f64) -> f64 {
        self.warp.band_from_hz(hz)
    }

    /// When a column's middle is, in seconds.
    pub fn secs_from_column(&self, column: usize) -> f64 {
        (column as f64 + 0.5) * self.options.hop as f64 / self.params.sr
    }

    /// The samples of columns.
    pub(super) fn samples_of(&self, columns: &Range<usize>) -> Range<i64> {
        let hop = self.options.hop as i64;
        columns.start as i64 * hop..columns.end as i64 * hop
    }

    /// How wide a cell is at a row, `B`: two rows, in Hz.
    pub fn cell_hz(&self, row: usize) -> f64 {
        2.0 * self.warp.width_hz(row as f64)
    }

    /// How long a cell is at a row, in samples.
    pub fn cell_samples(&self, row: usize) -> f64 {
        self.params.sr / self.cell_hz(row)
    }
}

/// Rows of a cell.
pub(super) const ROWS_OF_CELL: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_cover_the_sound() {
        for (sr, samples) in [(44_100.0, 1), (44_100.0, 256), (8000.0, 257), (22_050.0, 99_991), (48_000.0, 0)] {
            let surface = Surface::new(sr, samples, &SurfaceOptions::default()).unwrap();
            let (rows, columns) = (surface.rows(), surface.columns());
            assert_eq!((surface.hz_from_row(0.0), surface.hz_from_row(rows as f64 - 1.0)), (0.0, sr / 2.0));
            assert!((columns - 1) * 256 <= samples && samples <= columns * 256, "{samples}: {columns}");
            let row = surface.row_from_hz(440.0);
            assert!((row - row.round()).abs() < 1e-9, "{row}");
        }
    }

    #[test]
    fn a_cell_is_two_rows_and_as_long_as_they_ring() {
        let surface = Surface::new(44_100.0, 44_100, &SurfaceOptions::default()).unwrap();
        // B(f) = 2 (ln 2 / 48) hypot(f, knee), with the knee near 60 Hz.
        let row = surface.row_from_hz(1000.0).round();
        let hz = surface.hz_from_row(row);
        let wanted = 2.0 * (2f64.ln() / 48.0) * hz.hypot(60.0);
        assert!((surface.cell_hz(row as usize) / wanted - 1.0).abs() < 1e-3);
        assert!((surface.cell_samples(row as usize) * surface.cell_hz(row as usize) - 44_100.0).abs() < 1e-6);
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        let default = SurfaceOptions::default();
        for options in [
            SurfaceOptions { hop: 0, ..default },
            SurfaceOptions { rows_per_octave: 5, ..default },
            SurfaceOptions { knee_hz: f64::NAN, ..default },
        ] {
            assert!(Surface::new(44_100.0, 1000, &options).is_err(), "{options:?}");
        }
        assert!(matches!(Surface::new(44_100.0, usize::MAX, &default), Err(Error::TooMuch { .. })));
    }
}
