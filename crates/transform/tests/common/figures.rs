//! Norms and figures in dB over complex cells.

use photophone_transform::Complex;

pub(crate) type Cell = Complex<f64>;

/// Euclidean norm.
pub(crate) fn norm(cells: &[Cell]) -> f64 {
    cells.iter().map(Cell::norm_sqr).sum::<f64>().sqrt()
}

/// `20 log10(|got - want| / |want|)`.
pub(crate) fn relative_db(got: &[Cell], want: &[Cell]) -> f64 {
    assert_eq!(got.len(), want.len());
    let difference: Vec<Cell> = got.iter().zip(want).map(|(a, b)| a - b).collect();
    20.0 * (norm(&difference) / norm(want)).log10()
}
