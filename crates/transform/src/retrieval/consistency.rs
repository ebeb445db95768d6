//! How near coefficients come to magnitudes.

use photophone_spectrum::Plane;

use super::magnitudes::Magnitudes;
use crate::analysis::Cells;

pub(super) fn energy(magnitudes: &Magnitudes<'_>) -> f64 {
    magnitudes.values.as_slice().iter().map(|value| value * value).sum()
}

/// Spectral convergence: `20 log10(| |C| - M | / |M|)` for the values of the magnitudes, of the cells that have one.
pub(super) fn consistency_db(cells: &Cells, magnitudes: &Magnitudes<'_>) -> f64 {
    let (rows, columns) = cells.shape();
    let known = |value: &dyn Fn(usize) -> f64| {
        let of = |cell| if magnitudes.is_known(cell) { value(cell) } else { 0.0 };
        Plane::from_fn(rows, columns, |k, t| of(k * columns + t))
    };
    let made = known(&|cell| cells.as_slice()[cell].norm());
    left_db(&made, &known(&|cell| magnitudes.values.as_slice()[cell]))
}

/// `20 log10(|made - wanted| / |wanted|)`.
pub(super) fn left_db(made: &Plane<f64>, wanted: &Plane<f64>) -> f64 {
    let pairs = made.as_slice().iter().zip(wanted.as_slice());
    let residual: f64 = pairs.map(|(made, wanted)| (made - wanted).powi(2)).sum();
    let whole: f64 = wanted.as_slice().iter().map(|wanted| wanted * wanted).sum();
    if whole > 0.0 { 10.0 * (residual / whole).max(1e-40).log10() } else { 0.0 }
}

/// The factor of a signal with these coefficients that brings it nearest to the magnitudes; 0 if it is not finite.
pub(super) fn nearest_gain(cells: &Cells, magnitudes: &Magnitudes<'_>) -> f64 {
    let pairs = cells.as_slice().iter().zip(magnitudes.values.as_slice());
    let (both, made) = pairs
        .fold((0.0, 0.0), |(both, made), (cell, magnitude)| (both + cell.norm() * magnitude, made + cell.norm_sqr()));
    let gain = both / made;
    if gain.is_finite() { gain } else { 0.0 }
}
