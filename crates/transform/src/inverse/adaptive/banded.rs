//! Symmetric banded matrices, factored.

use num_complex::Complex;

/// The lower Cholesky factor of a real symmetric banded matrix.
///
/// Stored row by row, `reach + 1` values each: the diagonal, then what lies to its left, nearest first.
pub(super) struct BandedFactor {
    values: Vec<f64>,
    reach: usize,
}

impl BandedFactor {
    /// Of a matrix stored in the same way, plus a diagonal (Golub and Van Loan 2013, algorithm 4.3.5). A row with an
    /// infinite diagonal is one that takes no part: solving gives 0 there. Cost: `rows reach^2 / 2`.
    pub(super) fn new(mut matrix: Vec<f64>, reach: usize, diagonal: impl Fn(usize) -> f64) -> Self {
        let width = reach + 1;
        let is_out = |row: usize| !diagonal(row).is_finite();
        for row in 0..matrix.len() / width {
            for d in (1..=reach.min(row)).rev() {
                let column = row - d;
                let common: f64 = (1..=(reach - d).min(column))
                    .map(|e| matrix[row * width + d + e] * matrix[column * width + e])
                    .sum();
                let both = if is_out(row) || is_out(column) { 0.0 } else { matrix[row * width + d] - common };
                matrix[row * width + d] = both / matrix[column * width];
            }
            let left =
                matrix[row * width + 1..(row + 1) * width].iter().take(row).map(|value| value * value).sum::<f64>();
            let whole = matrix[row * width] + diagonal(row);
            // Positive but for rounding.
            let rest = (whole - left).max(f64::EPSILON * whole).clamp(f64::MIN_POSITIVE, f64::MAX);
            matrix[row * width] = rest.sqrt();
        }
        Self { values: matrix, reach }
    }

    /// Rows of the matrix.
    pub(super) fn rows(&self) -> usize {
        self.values.len() / (self.reach + 1)
    }

    /// `M^-1 v`, in place.
    pub(super) fn solve(&self, vector: &mut [Complex<f64>]) {
        for row in 0..vector.len() {
            let left: Complex<f64> = (1..=self.reach.min(row)).map(|d| vector[row - d] * self.at(row, d)).sum();
            vector[row] = (vector[row] - left) / self.at(row, 0);
        }
        for row in (0..vector.len()).rev() {
            let reach = self.reach.min(vector.len() - 1 - row);
            let right: Complex<f64> = (1..=reach).map(|d| vector[row + d] * self.at(row + d, d)).sum();
            vector[row] = (vector[row] - right) / self.at(row, 0);
        }
    }

    /// `M v`, in place. A row that takes no part has to be 0.
    pub(super) fn multiply(&self, vector: &mut [Complex<f64>]) {
        for row in 0..vector.len() {
            let reach = self.reach.min(vector.len() - 1 - row);
            vector[row] = (0..=reach).map(|d| vector[row + d] * self.at(row + d, d)).sum();
        }
        for row in (0..vector.len()).rev() {
            vector[row] = (0..=self.reach.min(row)).map(|d| vector[row - d] * self.at(row, d)).sum();
        }
    }

    /// `v^T M^-1 v` for a vector that begins with row `first` and is 0 after its end. `work` is overwritten.
    pub(super) fn inverse_norm(&self, first: usize, vector: impl Iterator<Item = f64>, work: &mut Vec<f64>) -> f64 {
        work.clear();
        let padded = vector.chain(std::iter::repeat(0.0));
        for (row, value) in (first..self.rows()).zip(padded) {
            let left: f64 = (1..=self.reach.min(row - first)).map(|d| work[row - first - d] * self.at(row, d)).sum();
            work.push((value - left) / self.at(row, 0));
        }
        work.iter().map(|value| value * value).sum()
    }

    fn at(&self, row: usize, left: usize) -> f64 {
        self.values[row * (self.reach + 1) + left]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    const ROWS: usize = 9;
    const REACH: usize = 3;

    /// A diagonally dominant band, as a whole matrix.
    fn entry(row: usize, column: usize) -> f64 {
        let (low, high) = (row.min(column), row.max(column));
        match high - low {
            0 => 4.0 + low as f64,
            d @ 1..=REACH => noise(ROWS * ROWS, 5)[low * ROWS + d],
            _ => 0.0,
        }
    }

    fn factor(diagonal: impl Fn(usize) -> f64) -> BandedFactor {
        let band = |i: usize| (i / (REACH + 1), i % (REACH + 1));
        let values = (0..ROWS * (REACH + 1)).map(band).map(|(row, d)| if d <= row { entry(row, row - d) } else { 0.0 });
        BandedFactor::new(values.collect(), REACH, diagonal)
    }

    #[test]
    fn multiplies_as_the_whole_matrix_does_and_solves_what_it_multiplied() {
        let factor = factor(|_| 0.5);
        let vector: Vec<Complex<f64>> =
            noise(2 * ROWS, 7).chunks(2).map(|pair| Complex::new(pair[0], pair[1])).collect();
        let mut product = vector.clone();
        factor.multiply(&mut product);
        for row in 0..ROWS {
            let naive: Complex<f64> = (0..ROWS).map(|column| vector[column] * entry(row, column)).sum();
            assert!((product[row] - naive - 0.5 * vector[row]).norm() < 1e-12, "row {row}");
        }
        factor.solve(&mut product);
        assert!(product.iter().zip(&vector).all(|(found, value)| (found - value).norm() < 1e-12));
    }

    #[test]
    fn the_norm_under_the_inverse_is_what_solving_gives() {
        let factor = factor(|_| 0.0);
        let mut solved: Vec<Complex<f64>> = (0..ROWS).map(|row| if row == 4 { 2.0 } else { 0.0 }.into()).collect();
        factor.solve(&mut solved);
        let norm = factor.inverse_norm(4, std::iter::once(2.0), &mut Vec::new());
        assert!((norm - 2.0 * solved[4].re).abs() < 1e-12);
    }

    #[test]
    fn rows_that_take_no_part_are_zero_and_change_nothing_else() {
        let without = factor(|row| if row == 3 { f64::INFINITY } else { 1e6 });
        let mut solved = vec![Complex::new(1.0, 0.0); ROWS];
        without.solve(&mut solved);
        assert!(solved[3].norm() < 1e-100 && (solved[2].re - 1e-6).abs() < 1e-10);
        assert!(without.inverse_norm(3, std::iter::once(1.0), &mut Vec::new()) < 1e-100);
    }
}
