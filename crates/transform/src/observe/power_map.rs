//! Sparse linear maps with weights of 0 or more, from the bins of a frame to what is seen of them.

use photophone_spectrum::Plane;

use crate::TransformError;
use crate::analysis::check_shape;
use crate::error::{MAGNITUDE, check_range};
use crate::vectors::add_scaled;

/// The weights of one row of a [`PowerMap`]: those of neighbouring bins, 0 for all others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    /// The first bin.
    pub first: usize,
    /// The weight of each bin from there, 0 or more.
    pub values: Vec<f64>,
}

/// A sparse linear map with weights of 0 or more: each row is a sum over neighbouring bins.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerMap {
    bins: usize,
    rows: Vec<Weights>,
    /// Sum of each bin's weights over the rows.
    sums: Vec<f64>,
}

impl PowerMap {
    /// The map from `bins` bins to as many rows as there are weights for. A row without weights sees nothing.
    ///
    /// # Errors
    /// [`TransformError::OutOfRange`] for a weight below 0 or one that is not a number, [`TransformError::Shape`] for weights
    /// of bins that there are not.
    pub fn new(bins: usize, mut rows: Vec<Weights>) -> Result<Self, TransformError> {
        let mut sums = vec![0.0; bins];
        for row in &mut rows {
            if row.values.is_empty() {
                row.first = 0;
            }
            check_range("the weights of a map", &row.values, MAGNITUDE)?;
            let end = row.first.saturating_add(row.values.len());
            if end > bins {
                return Err(TransformError::Shape { what: "a row of a map", found: (1, end), expected: (1, bins) });
            }
            for (sum, weight) in sums[row.first..end].iter_mut().zip(&row.values) {
                *sum += weight;
            }
        }
        Ok(Self { bins, rows, sums })
    }

    /// Rows and bins.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows.len(), self.bins)
    }

    /// The weight of a bin in a row; 0 where there is none.
    pub fn weight(&self, row: usize, bin: usize) -> f64 {
        let weight = |weights: &Weights| weights.values.get(bin.checked_sub(weights.first)?).copied();
        self.rows.get(row).and_then(weight).unwrap_or(0.0)
    }

    /// The sum of each bin's weights over the rows: 0 where no row sees the bin.
    pub fn sums(&self) -> &[f64] {
        &self.sums
    }

    /// Writes each row's sum over the bins of a frame to `out`. Bins and rows beyond the map's are left alone.
    pub fn apply(&self, bins: &[f64], out: &mut [f64]) {
        for (out, row) in out.iter_mut().zip(&self.rows) {
            let seen = bins.get(row.first..).unwrap_or_default();
            *out = row.values.iter().zip(seen).map(|(weight, bin)| weight * bin).sum();
        }
    }

    /// Writes the transpose's sum over the rows for each bin to `out`.
    pub fn adjoint(&self, rows: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (value, row) in rows.iter().zip(&self.rows) {
            for (out, weight) in out.iter_mut().skip(row.first).zip(&row.values) {
                *out += weight * value;
            }
        }
    }

    /// [`PowerMap::apply`] for all frames of bins by frames.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when there are other bins than the map's.
    pub fn apply_to_frames(&self, bins: &Plane<f64>) -> Result<Plane<f64>, TransformError> {
        let frames = bins.columns();
        check_shape((self.bins, frames), "the powers", bins.shape())?;
        let mut seen = Plane::filled(self.rows.len(), frames, 0.0);
        for (number, row) in self.rows.iter().enumerate() {
            for (bin, weight) in (row.first..).zip(&row.values) {
                add_scaled(seen.row_mut(number), *weight, bins.row(bin));
            }
        }
        Ok(seen)
    }

    /// [`PowerMap::adjoint`] for all frames of rows by frames.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when there are other rows than the map's.
    pub fn adjoint_of_frames(&self, rows: &Plane<f64>) -> Result<Plane<f64>, TransformError> {
        let frames = rows.columns();
        check_shape((self.rows.len(), frames), "what is seen", rows.shape())?;
        let mut bins = Plane::filled(self.bins, frames, 0.0);
        for (number, row) in self.rows.iter().enumerate() {
            for (bin, weight) in (row.first..).zip(&row.values) {
                add_scaled(bins.row_mut(bin), *weight, rows.row(number));
            }
        }
        Ok(bins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{dot, noise};

    fn map() -> PowerMap {
        let row = |first, values: &[f64]| Weights { first, values: values.to_vec() };
        PowerMap::new(6, vec![row(0, &[1.0, 0.5]), row(1, &[0.5, 2.0, 0.25]), row(9, &[]), row(4, &[3.0, 0.0])])
            .unwrap()
    }

    #[test]
    fn is_the_sum_of_its_weights() {
        let (map, x) = (map(), noise(6, 1));
        let mut seen = [9.0; 4];
        map.apply(&x, &mut seen);
        for (row, seen) in seen.iter().enumerate() {
            let naive: f64 = x.iter().enumerate().map(|(bin, x)| map.weight(row, bin) * x).sum();
            assert!((seen - naive).abs() < 1e-15);
        }
        assert_eq!(map.sums(), [1.0, 1.0, 2.0, 0.25, 3.0, 0.0]);
    }

    #[test]
    fn the_adjoint_is_the_transpose_frame_by_frame_and_of_all() {
        let map = map();
        let (x, y) = (noise(18, 2), noise(12, 3));
        let (bins, rows) = (Plane::from_vec(6, 3, x.clone()).unwrap(), Plane::from_vec(4, 3, y.clone()).unwrap());
        let (seen, back) = (map.apply_to_frames(&bins).unwrap(), map.adjoint_of_frames(&rows).unwrap());
        assert!((dot(seen.as_slice(), &y) - dot(&x, back.as_slice())).abs() < 1e-14);
        let column = |plane: &Plane<f64>, t| (0..plane.rows()).map(|k| plane[(k, t)]).collect::<Vec<_>>();
        let (mut one, mut other) = ([0.0; 4], [9.0; 6]);
        map.apply(&column(&bins, 1), &mut one);
        map.adjoint(&column(&rows, 1), &mut other);
        assert_eq!((one.to_vec(), other.to_vec()), (column(&seen, 1), column(&back, 1)));
    }

    #[test]
    fn what_is_no_such_map_is_refused() {
        for row in [
            Weights { first: 5, values: vec![1.0, 1.0] },
            Weights { first: 0, values: vec![-1.0] },
            Weights { first: 0, values: vec![f64::NAN] },
        ] {
            assert!(PowerMap::new(6, vec![row]).is_err());
        }
        assert!(map().apply_to_frames(&Plane::filled(5, 1, 0.0)).is_err());
        assert!(map().adjoint_of_frames(&Plane::filled(5, 1, 0.0)).is_err());
    }
}
