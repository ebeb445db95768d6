//! Hermitian banded matrices, factored.

use num_complex::Complex;

/// The lower Cholesky factor of a Hermitian banded matrix.
///
/// Stored row by row, `reach + 1` values each: the diagonal, then what lies to its left, nearest first.
pub(super) struct BandedFactor {
    values: Vec<Complex<f64>>,
    reach: usize,
}

impl BandedFactor {
    /// Of a matrix stored in the same way, plus a positive diagonal (Golub and Van Loan 2013, algorithm 4.3.5). Cost:
    /// `rows reach^2 / 2`.
    pub(super) fn new(mut matrix: Vec<Complex<f64>>, reach: usize, diagonal: impl Fn(usize) -> f64) -> Self {
        let width = reach + 1;
        for row in 0..matrix.len() / width {
            for d in (1..=reach.min(row)).rev() {
                let column = row - d;
                let (below, above) = matrix.split_at_mut(row * width);
                let earlier = &below[column * width..(column + 1) * width];
                let pairs = above[d + 1..width].iter().zip(&earlier[1..]).take(column);
                let common: Complex<f64> = pairs.map(|(a, b)| a * b.conj()).sum();
                above[d] = (above[d] - common) / earlier[0].re;
            }
            let values = &mut matrix[row * width..(row + 1) * width];
            let left: f64 = values[1..].iter().take(row).map(Complex::norm_sqr).sum();
            let whole = values[0].re + diagonal(row);
            // Positive but for rounding.
            let rest = (whole - left).max(f64::EPSILON * whole).clamp(f64::MIN_POSITIVE, f64::MAX);
            values[0] = rest.sqrt().into();
        }
        Self { values: matrix, reach }
    }

    /// `M^-1 v`, in place.
    pub(super) fn solve(&self, vector: &mut [Complex<f64>]) {
        let rows = self.values.chunks_exact(self.reach + 1);
        for (row, values) in rows.clone().enumerate() {
            let left: Complex<f64> = values[1..].iter().zip(vector[..row].iter().rev()).map(|(a, b)| a * b).sum();
            vector[row] = (vector[row] - left) / values[0].re;
        }
        for (row, values) in rows.enumerate().rev() {
            let found = vector[row] / values[0].re;
            vector[row] = found;
            for (value, left) in values[1..].iter().zip(vector[..row].iter_mut().rev()) {
                *left -= value.conj() * found;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    const ROWS: usize = 9;
    const REACH: usize = 3;

    /// A diagonally dominant band, as a whole matrix.
    fn entry(row: usize, column: usize) -> Complex<f64> {
        let random = noise(2 * ROWS * ROWS, 5);
        let below = |row: usize, d: usize| Complex::new(random[row * ROWS + d], random[(ROWS + row) * ROWS + d]);
        match row.abs_diff(column) {
            0 => (7.0 + row as f64).into(),
            d @ 1..=REACH if row > column => below(row, d),
            d @ 1..=REACH => below(column, d).conj(),
            _ => Complex::default(),
        }
    }

    #[test]
    fn solves_what_the_whole_matrix_multiplied() {
        let band = |i: usize| (i / (REACH + 1), i % (REACH + 1));
        let stored = (0..ROWS * (REACH + 1)).map(band);
        let values = stored.map(|(row, d)| if d <= row { entry(row, row - d) } else { Complex::default() });
        let factor = BandedFactor::new(values.collect(), REACH, |row| 0.1 * row as f64);
        let parts = noise(2 * ROWS, 7);
        let vector: Vec<Complex<f64>> = parts.chunks(2).map(|pair| Complex::new(pair[0], pair[1])).collect();
        let product = |row: usize| {
            let sum: Complex<f64> = (0..ROWS).map(|column| entry(row, column) * vector[column]).sum();
            sum + vector[row] * (0.1 * row as f64)
        };
        let mut found: Vec<_> = (0..ROWS).map(product).collect();
        factor.solve(&mut found);
        assert!(found.iter().zip(&vector).all(|(found, value)| (found - value).norm() < 1e-12));
    }
}
