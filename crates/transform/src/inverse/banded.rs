//! Hermitian banded matrices, factored.

use num_complex::Complex;

/// The diagonal of a row that takes no part.
const OUT: f64 = f64::MAX;

/// The lower Cholesky factor of a Hermitian banded matrix.
///
/// Stored row by row, `reach + 1` values each: the diagonal, then what lies to its left, nearest first.
pub(super) struct BandedFactor {
    values: Vec<Complex<f64>>,
    reach: usize,
}

impl BandedFactor {
    /// Of a matrix stored in the same way, plus a diagonal (Golub and Van Loan 2013, algorithm 4.3.5). A row with an infinite
    /// diagonal takes no part: solving gives 0 there. Cost: `rows reach^2 / 2`.
    pub(super) fn new(mut matrix: Vec<Complex<f64>>, reach: usize, diagonal: impl Fn(usize) -> f64) -> Self {
        let width = reach + 1;
        let is_out = |row: usize| !diagonal(row).is_finite();
        for row in 0..matrix.len() / width {
            for d in (1..=reach.min(row)).rev() {
                let column = row - d;
                if is_out(row) || is_out(column) {
                    matrix[row * width + d] = Complex::default();
                    continue;
                }
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
            let rest = (whole - left).max(f64::EPSILON * whole).clamp(f64::MIN_POSITIVE, OUT);
            values[0] = rest.sqrt().into();
        }
        Self { values: matrix, reach }
    }

    /// Rows of the matrix.
    pub(super) fn rows(&self) -> usize {
        self.values.len() / (self.reach + 1)
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

    /// `M v`, in place. A row that takes no part has to be 0.
    pub(super) fn multiply(&self, vector: &mut [Complex<f64>]) {
        for row in 0..vector.len() {
            let reach = self.reach.min(vector.len() - 1 - row);
            vector[row] = (0..=reach).map(|d| vector[row + d] * self.at(row + d, d).conj()).sum();
        }
        for row in (0..vector.len()).rev() {
            vector[row] = (0..=self.reach.min(row)).map(|d| vector[row - d] * self.at(row, d)).sum();
        }
    }

    /// `v^H M^-1 v` for a real vector that begins with row `first` and is 0 after its end. `work` is overwritten.
    pub(super) fn inverse_norm(
        &self,
        first: usize,
        vector: impl Iterator<Item = f64>,
        work: &mut Vec<Complex<f64>>,
    ) -> f64 {
        work.clear();
        for (row, value) in (first..self.rows()).zip(vector.chain(std::iter::repeat(0.0))) {
            let reach = self.reach.min(row - first);
            let left: Complex<f64> = (1..=reach).map(|d| work[row - first - d] * self.at(row, d)).sum();
            work.push((value - left) / self.at(row, 0).re);
        }
        work.iter().map(Complex::norm_sqr).sum()
    }

    /// What a row adds to `ln det M` beyond the rows above it, 0 of one that takes no part.
    pub(super) fn log_determinant(&self, row: usize) -> f64 {
        let value = self.at(row, 0).re;
        if value < OUT.sqrt() { 2.0 * value.ln() } else { 0.0 }
    }

    /// The factor's value so many places left of a row's diagonal.
    fn at(&self, row: usize, left: usize) -> Complex<f64> {
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

    fn factor(diagonal: impl Fn(usize) -> f64) -> BandedFactor {
        let band = |i: usize| (i / (REACH + 1), i % (REACH + 1));
        let stored = (0..ROWS * (REACH + 1)).map(band);
        let values = stored.map(|(row, d)| if d <= row { entry(row, row - d) } else { Complex::default() });
        BandedFactor::new(values.collect(), REACH, diagonal)
    }

    #[test]
    fn multiplies_as_the_whole_matrix_does_and_solves_what_it_multiplied() {
        let factor = factor(|row| 0.1 * row as f64);
        let parts = noise(2 * ROWS, 7);
        let vector: Vec<Complex<f64>> = parts.chunks(2).map(|pair| Complex::new(pair[0], pair[1])).collect();
        let naive = |row: usize| {
            let sum: Complex<f64> = (0..ROWS).map(|column| entry(row, column) * vector[column]).sum();
            sum + vector[row] * (0.1 * row as f64)
        };
        let mut product = vector.clone();
        factor.multiply(&mut product);
        assert!((0..ROWS).all(|row| (product[row] - naive(row)).norm() < 1e-12));
        factor.solve(&mut product);
        assert!(product.iter().zip(&vector).all(|(found, value)| (found - value).norm() < 1e-12));
    }

    #[test]
    fn the_norm_under_the_inverse_is_what_solving_gives_and_determinants_grow_by_it() {
        let of = |more: f64| factor(|row| if row == 4 { more } else { 0.0 });
        let mut solved: Vec<Complex<f64>> = (0..ROWS).map(|row| if row == 4 { 2.0 } else { 0.0 }.into()).collect();
        of(0.0).solve(&mut solved);
        let norm = of(0.0).inverse_norm(4, std::iter::once(2.0), &mut Vec::new());
        assert!((norm - 2.0 * solved[4].re).abs() < 1e-12);
        // The matrix determinant lemma.
        let log_determinant = |factor: &BandedFactor| (0..ROWS).map(|row| factor.log_determinant(row)).sum::<f64>();
        let grown = log_determinant(&of(4.0)) - log_determinant(&of(0.0));
        assert!((grown - (1.0 + norm).ln()).abs() < 1e-12, "{grown}");
    }

    #[test]
    fn rows_that_take_no_part_are_zero_and_change_nothing_else() {
        let without = factor(|row| if row == 3 { f64::INFINITY } else { 1e6 });
        let mut solved = vec![Complex::new(1.0, 0.0); ROWS];
        without.solve(&mut solved);
        assert!(solved[3].norm() < 1e-100 && (solved[2].re - 1e-6).abs() < 1e-10);
        assert!(without.inverse_norm(3, std::iter::once(1.0), &mut Vec::new()) < 1e-100);
        assert_eq!(without.log_determinant(3), 0.0);
    }
}
