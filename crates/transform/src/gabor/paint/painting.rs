//! Painted levels, as coefficients see them.

use photophone_spectrum::Plane;

use super::super::bands::Band;
use super::super::params::{GaborParams, Taper};
use super::shape::{flat_top, gaussian_width};
use crate::TransformError;

/// Rows on either side of a painted one that hear it.
const SKIRT_ROWS: usize = 2;

/// Whether what was painted is heard beside it as far as a cell, two rows and the time that they ring: a line of one row is as
/// loud as it was painted only with the rows beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Skirts {
    /// It is, where there is less.
    #[default]
    Heard,
    /// What lies beside it stays as it is.
    Cut,
}

/// Levels over a signal of which some were painted.
#[derive(Clone, Copy, Debug)]
pub struct Painting<'a> {
    /// The natural logarithm of each pixel's magnitude, rows by columns: what was painted, and elsewhere what the signal has.
    pub logs: &'a Plane<f32>,
    /// Which pixels were painted: of the same shape.
    pub is_painted: &'a Plane<bool>,
    /// Samples of a column, no fewer than any row's hop. Column 0 begins at sample 0 of the signal.
    pub hop: usize,
    /// What becomes of what lies beside it.
    pub skirts: Skirts,
}

/// Painted levels with their skirts, over the columns that matter.
pub(super) struct Target {
    /// Natural logarithms of magnitudes, rows by columns.
    pub(super) logs: Plane<f32>,
    /// Which pixels are to become so.
    pub(super) inside: Plane<bool>,
    /// Number of the first column.
    pub(super) first_column: usize,
    pub(super) hop: usize,
}

impl Painting<'_> {
    /// Refuses planes that do not fit the bands.
    pub(super) fn check(&self, bands: &[Band]) -> Result<(), TransformError> {
        let expected = (bands.len(), self.logs.columns());
        for (what, found) in [("the painted levels", self.logs.shape()), ("what was painted", self.is_painted.shape())]
        {
            if found != expected || found.1 == 0 {
                return Err(TransformError::Shape { what, found, expected });
            }
        }
        let logs = self.logs.as_slice();
        if let Some(index) = logs.iter().zip(self.is_painted.as_slice()).position(|(log, is)| *is && !log.is_finite()) {
            return Err(TransformError::NotFinite { what: "the painted levels", index });
        }
        Ok(())
    }

    /// The columns of samples `from` to `to` with their skirts.
    pub(super) fn target(&self, params: &GaborParams, bands: &[Band], (from, to): (i64, i64)) -> Target {
        let column = |sample: i64| sample.div_euclid(self.hop as i64).clamp(0, self.logs.columns() as i64 - 1) as usize;
        let (first_column, end) = (column(from), column(to) + 1);
        let mut logs = self.logs.columns_between(first_column, end);
        let mut inside = self.is_painted.columns_between(first_column, end);
        if self.skirts == Skirts::Heard {
            let of_rows = skirts_of_rows(&logs, &inside, params.taper);
            take(&mut logs, &mut inside, &of_rows);
            let of_times = skirts_of_times(&logs, &inside, (params, bands), self.hop);
            take(&mut logs, &mut inside, &of_times);
        }
        Target { logs, inside, first_column, hop: self.hop }
    }
}

/// Takes what is louder than what there is; what was painted stays.
fn take(logs: &mut Plane<f32>, inside: &mut Plane<bool>, skirts: &Plane<f32>) {
    let pixels = logs.as_mut_slice().iter_mut().zip(inside.as_mut_slice()).zip(skirts.as_slice());
    for ((log, inside), &skirt) in pixels.filter(|((log, inside), skirt)| !**inside && **skirt > **log) {
        (*log, *inside) = (skirt, true);
    }
}

/// What rows beside painted ones hear of them, by the bands' shape; minus infinity where nothing. A line of two or three rows
/// lies in their middle.
fn skirts_of_rows(logs: &Plane<f32>, inside: &Plane<bool>, taper: Taper) -> Plane<f32> {
    let mut skirts = Plane::filled(logs.rows(), logs.columns(), f32::NEG_INFINITY);
    for side in 0..logs.rows() {
        for column in (0..logs.columns()).filter(|&column| inside[(side, column)]) {
            let half = flat_top(logs, (side, column)).map_or(0.0, |(below, above)| 0.5 * (below + above) as f64);
            for distance in 1..=SKIRT_ROWS {
                let fallen = taper.at(distance as f64 + half).ln() - taper.at(half).ln();
                for row in [side.checked_sub(distance), Some(side + distance)].into_iter().flatten() {
                    if row < logs.rows() && !inside[(row, column)] {
                        let skirt = &mut skirts[(row, column)];
                        *skirt = skirt.max(logs[(side, column)] + fallen as f32);
                    }
                }
            }
        }
    }
    skirts
}

/// What is heard before and after painted pixels, as far as a cell: a band of the Gaussian's width rings as
/// `exp(-pi c w^2 t^2)`.
fn skirts_of_times(
    logs: &Plane<f32>,
    inside: &Plane<bool>,
    (params, bands): (&GaborParams, &[Band]),
    hop: usize,
) -> Plane<f32> {
    let mut skirts = Plane::filled(logs.rows(), logs.columns(), f32::NEG_INFINITY);
    for (row, band) in bands.iter().enumerate() {
        let width_hz = band.support_hz.1 - band.support_hz.0;
        let column_secs = hop as f64 / params.sr;
        let cell_columns = (0.5 / band.width_hz / column_secs) as usize;
        let fall = std::f64::consts::PI * gaussian_width(params.taper) * (width_hz * column_secs).powi(2);
        let (logs, inside) = (logs.row(row), inside.row(row));
        let skirts = skirts.row_mut(row);
        for column in (0..logs.len()).filter(|&column| inside[column]) {
            let reach = column.saturating_sub(cell_columns)..(column + cell_columns + 1).min(logs.len());
            // What lies between two painted pixels of a run is painted itself.
            if column > 0 && column + 1 < logs.len() && inside[column - 1] && inside[column + 1] {
                continue;
            }
            for at in reach {
                let fallen = fall * (at.abs_diff(column) as f64).powi(2);
                skirts[at] = skirts[at].max(logs[column] - fallen as f32);
            }
        }
    }
    skirts
}

impl Target {
    /// The column of a sample, if it has one.
    pub(super) fn column(&self, sample: i64) -> Option<usize> {
        let column = sample.div_euclid(self.hop as i64) - self.first_column as i64;
        usize::try_from(column).ok().filter(|column| *column < self.logs.columns())
    }

    /// The columns whose middles a sample lies between, and how far on from the first to the second.
    pub(super) fn between(&self, sample: i64) -> (usize, usize, f64) {
        let last = self.logs.columns() as f64 - 1.0;
        let place = (sample as f64 / self.hop as f64 - 0.5 - self.first_column as f64).clamp(0.0, last);
        let first = place.floor();
        (first as usize, (first + 1.0).min(last) as usize, place - first)
    }

    /// The logarithm of a row's magnitude at a sample within it: between two columns that are to become so, as a line; beside
    /// others that of its own.
    pub(super) fn log(&self, row: usize, sample: i64) -> f64 {
        let (logs, inside) = (self.logs.row(row), self.inside.row(row));
        let (before, after, share) = self.between(sample);
        if inside[before] && inside[after] {
            return f64::from(logs[before]) + share * f64::from(logs[after] - logs[before]);
        }
        let own = self.column(sample).unwrap_or(before);
        f64::from(logs[own])
    }
}
