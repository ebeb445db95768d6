//! How the phase of coefficients changes about each pixel, from their levels alone.

use std::f64::consts::TAU;

use photophone_spectrum::Plane;

use super::super::bands::Band;
use super::super::params::GaborParams;
use super::painting::Target;
use super::shape::{flat_top, gaussian_width};

/// The phase's gradient on the pixels of a target.
///
/// With `M` the magnitude, `w` the width of a band's support and `c` that of [`gaussian_width`],
///
/// ```text
/// d phase/dt = 2 pi f + c w^2 d ln M/df
/// d phase/df = -(d ln M/dt) / (c w^2)
/// ```
///
/// exact for Gaussian bands of one width. What is heard in a row lies no farther off than the nearest row that is loudest
/// in that direction: edges that were painted sharper than any band is would place it anywhere. Two or three rows of one level, the
/// loudest about, are a line painted with a brush, or a tone between two rows: it lies in their middle.
pub(super) struct Gradient {
    /// Radians a sample: rows by columns.
    time: Plane<f64>,
    /// Radians a hertz.
    frequency: Plane<f64>,
    centres_hz: Vec<f64>,
}

impl Gradient {
    pub(super) fn new(target: &Target, params: &GaborParams, bands: &[Band]) -> Self {
        let logs = &target.logs;
        let (rows, columns) = logs.shape();
        let centres_hz: Vec<f64> = bands.iter().map(|band| band.centre_hz).collect();
        let spread = |row: usize| {
            let (low_hz, high_hz) = bands[row].support_hz;
            gaussian_width(params.taper) * (high_hz - low_hz).powi(2)
        };
        let reach = params.taper.half_support();
        let time = Plane::from_fn(rows, columns, |row, column| {
            let Some((below, above)) = row.checked_sub(1).zip(Some(row + 1).filter(|above| *above < rows)) else {
                // The axis is mirrored at both ends.
                return TAU * centres_hz[row] / params.sr;
            };
            if let Some((below, above)) = flat_top(logs, (row, column)) {
                let off_rows = 0.5 * (above as f64 - below as f64);
                return TAU * (centres_hz[row] + off_rows * bands[row].width_hz) / params.sr;
            }
            let rise = f64::from(logs[(above, column)] - logs[(below, column)]);
            let off_hz = spread(row) * rise / (centres_hz[above] - centres_hz[below]) / TAU;
            let most_rows = rows_to_top(logs, (row, column), off_hz > 0.0, reach);
            let most_hz = most_rows * bands[row].width_hz;
            TAU * (centres_hz[row] + off_hz.clamp(-most_hz, most_hz)) / params.sr
        });
        let frequency = Plane::from_fn(rows, columns, |row, column| {
            let (before, after) = (column.saturating_sub(1), (column + 1).min(columns - 1));
            let secs = ((after - before).max(1) * target.hop) as f64 / params.sr;
            let rise = f64::from(logs[(row, after)] - logs[(row, before)]);
            -rise / secs / spread(row)
        });
        Self { time, frequency, centres_hz }
    }

    /// By how much the phase grows in a row from a sample to another.
    pub(super) fn over_time(&self, target: &Target, row: usize, (from, to): (i64, i64)) -> f64 {
        let at = |sample| between(self.time.row(row), target.between(sample));
        0.5 * (at(from) + at(to)) * (to - from) as f64
    }

    /// By how much the phase grows at a sample from a row to the one above it.
    pub(super) fn to_row_above(&self, target: &Target, row: usize, sample: i64) -> f64 {
        let at = |row: usize| between(self.frequency.row(row), target.between(sample));
        0.5 * (at(row) + at(row + 1)) * (self.centres_hz[row + 1] - self.centres_hz[row])
    }
}

fn between(row: &[f64], (before, after, share): (usize, usize, f64)) -> f64 {
    row[before] + share * (row[after] - row[before])
}

/// How many rows there are at most from a pixel to the top of what rises in a direction, within `reach`: to the middle of a flat
/// one, and else half a row beyond the loudest.
fn rows_to_top(logs: &Plane<f32>, (row, column): (usize, usize), upwards: bool, reach: usize) -> f64 {
    let next = |at: usize| if upwards { Some(at + 1).filter(|at| *at < logs.rows()) } else { at.checked_sub(1) };
    let (mut top, mut flat) = (0, 0);
    let mut at = row;
    for distance in 1..=reach {
        let Some(beyond) = next(at) else { break };
        let (here, there) = (logs[(at, column)], logs[(beyond, column)]);
        if there < here {
            break;
        }
        if there > here {
            top = distance;
            flat = 0;
        } else {
            flat += 1;
        }
        at = beyond;
    }
    top as f64 + if flat > 0 { 0.5 * f64::from(flat) } else { 0.5 }
}
