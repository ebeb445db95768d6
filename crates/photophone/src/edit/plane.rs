//! A plane of gains as what coefficients are multiplied by.

use std::ops::Range;

use photophone_spectrum::Plane;
use photophone_transform::TransformError;

use super::field::Field;
use super::options::Edge;
use super::surface::{ROWS_OF_CELL, Surface};
use crate::Error;

/// Gains of a surface's pixels, 1 where nothing changes.
pub(super) struct PlaneField<'a> {
    surface: &'a Surface,
    gains: Plane<f32>,
    /// The changed columns of each row: the first, and the one after the last.
    changed: Vec<Range<usize>>,
    edge: Edge,
}

impl<'a> PlaneField<'a> {
    /// # Errors
    /// [`Error::Value`] where the plane's shape is not the surface's, or a gain is below 0 or not finite.
    pub(super) fn new(surface: &'a Surface, gains: &Plane<f32>, edge: Edge) -> Result<Self, Error> {
        check_plane(surface, gains)?;
        let gains = match edge {
            Edge::Inside => grown_by_rows(gains),
            Edge::Outside => gains.clone(),
        };
        let changed = (0..gains.rows()).map(|row| changed_columns(gains.row(row))).collect();
        Ok(Self { surface, gains, changed, edge })
    }

    /// How far changed pixels reach into unchanged ones, in samples.
    fn reach(&self, row: usize) -> f64 {
        match self.edge {
            Edge::Inside => self.surface.cell_samples(row),
            Edge::Outside => 0.0,
        }
    }

    /// The column of a sample. Columns at both ends go on beyond the sound.
    fn column(&self, sample: i64) -> usize {
        let column = sample.div_euclid(self.surface.options().hop as i64);
        column.clamp(0, self.gains.columns() as i64 - 1) as usize
    }
}

impl Field for PlaneField<'_> {
    fn touches(&self, row: usize, samples: &Range<i64>) -> bool {
        let (Some(changed), reach) = (self.changed.get(row), self.reach(row).ceil() as i64) else { return false };
        if changed.is_empty() {
            return false;
        }
        let (low, high) = (self.column(samples.start - reach), self.column(samples.end + reach));
        low < changed.end && changed.start <= high && self.gains.row(row)[low..=high].iter().any(|&gain| gain != 1.0)
    }

    fn gains(&self, row: usize, first: i64, hop: usize, out: &mut [f64]) {
        let (pixels, reach) = (self.gains.row(row), self.reach(row));
        let Some(last) = out.len().checked_sub(1) else { return };
        let end = first + (last * hop) as i64;
        let low = self.column(first - reach.ceil() as i64);
        let near = &pixels[low..=self.column(end + reach.ceil() as i64)];
        let (before, after) = (last_changed(near), next_changed(near));
        for (sample, out) in (first..).step_by(hop).zip(out) {
            let at = self.column(sample) - low;
            let own = near[at];
            if own != 1.0 {
                *out = f64::from(own);
                continue;
            }
            // Where two are as near, the one before.
            let distance = |column: usize| {
                let samples = self.surface.samples_of(&(low + column..low + column + 1));
                (samples.start - sample).max(sample - samples.end + 1) as f64
            };
            let found = [before[at], after[at]].into_iter().flatten().map(|column| (distance(column), near[column]));
            let nearest = found.min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, gain)) = nearest.filter(|(distance, _)| *distance <= reach) {
                *out = f64::from(gain);
            }
        }
    }
}

/// Refuses gains that are not a plane of the surface.
pub(super) fn check_plane(surface: &Surface, gains: &Plane<f32>) -> Result<(), Error> {
    check_shape(surface, gains.shape())?;
    match gains.as_slice().iter().find(|gain| !(**gain >= 0.0 && gain.is_finite())) {
        Some(gain) => Err(Error::Value { name: "gain", found: gain.to_string(), expected: "numbers from 0 up" }),
        None => Ok(()),
    }
}

/// Refuses a plane that is not the surface's.
pub(super) fn check_shape(surface: &Surface, found: (usize, usize)) -> Result<(), Error> {
    let expected = (surface.rows(), surface.columns());
    if found == expected {
        return Ok(());
    }
    Err(Error::Transform(TransformError::Shape { what: "the gains or levels (rows, columns)", found, expected }))
}

/// Every unchanged pixel within a cell's rows of changed ones takes the nearest one's gain, the smaller of two.
fn grown_by_rows(gains: &Plane<f32>) -> Plane<f32> {
    let mut grown = gains.clone();
    for row in 0..gains.rows() {
        for distance in 1..=ROWS_OF_CELL {
            let mut found = vec![1.0; gains.columns()];
            for side in [row.checked_sub(distance), Some(row + distance)].into_iter().flatten() {
                if side < gains.rows() {
                    take_changed(gains.row(side), &mut found);
                }
            }
            // What took one from nearer by keeps it.
            for (gain, found) in grown.row_mut(row).iter_mut().zip(found).filter(|(gain, _)| **gain == 1.0) {
                *gain = found;
            }
        }
    }
    grown
}

/// Takes the changed gains of a row, the smaller one where there is one already.
fn take_changed(side: &[f32], found: &mut [f32]) {
    for (found, side) in found.iter_mut().zip(side) {
        if *side != 1.0 && (*found == 1.0 || side < found) {
            *found = *side;
        }
    }
}

fn changed_columns(row: &[f32]) -> Range<usize> {
    let is_changed = |gain: &f32| *gain != 1.0;
    match (row.iter().position(is_changed), row.iter().rposition(is_changed)) {
        (Some(first), Some(last)) => first..last + 1,
        _ => 0..0,
    }
}

/// For each pixel, the last changed one up to it.
fn last_changed(pixels: &[f32]) -> Vec<Option<usize>> {
    let mut last = None;
    let up_to = |(column, gain): (usize, &f32)| {
        if *gain != 1.0 {
            last = Some(column);
        }
        last
    };
    pixels.iter().enumerate().map(up_to).collect()
}

/// For each pixel, the next changed one from it on.
fn next_changed(pixels: &[f32]) -> Vec<Option<usize>> {
    let mut next = vec![None; pixels.len()];
    let mut found = None;
    for (column, gain) in pixels.iter().enumerate().rev() {
        if *gain != 1.0 {
            found = Some(column);
        }
        next[column] = found;
    }
    next
}
