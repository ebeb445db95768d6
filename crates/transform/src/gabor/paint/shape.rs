//! What bands are like, and what lines of one level are.

use photophone_spectrum::Plane;

use super::super::params::Taper;

/// `c` of the Gaussian `exp(-pi f^2 / (c w^2))` that comes nearest to a taper whose support is `w` wide, by least squares: for
/// Hann's the figure of [`gaussian_width`](crate::retrieval::gaussian_width).
pub(super) fn gaussian_width(taper: Taper) -> f64 {
    match taper {
        Taper::Hann => 0.25617,
        Taper::Nuttall => 0.12798,
    }
}

/// Rows of a line at most: a tone's own rows are never so many of one level.
const MOST_FLAT: usize = 3;

/// How many rows of the same level lie below and above a pixel, where they are the loudest about and two or three in all.
pub(super) fn flat_top(logs: &Plane<f32>, (row, column): (usize, usize)) -> Option<(usize, usize)> {
    let level = logs[(row, column)];
    let is_same = |row: &usize| logs[(*row, column)] == level;
    let above = (row + 1..logs.rows()).take(MOST_FLAT).take_while(is_same).count();
    let below = (0..row).rev().take(MOST_FLAT).take_while(is_same).count();
    let is_lower = |row: Option<usize>| row.is_none_or(|row| row >= logs.rows() || logs[(row, column)] < level);
    let is_top = is_lower(Some(row + above + 1)) && is_lower((row - below).checked_sub(1));
    ((1..MOST_FLAT).contains(&(above + below)) && is_top).then_some((below, above))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    #[test]
    fn the_widths_are_least_squares_fits() {
        for taper in [Taper::Hann, Taper::Nuttall] {
            let support = 2.0 * taper.half_support() as f64;
            let residual = |width: f64| -> f64 {
                let at = |i: i32| f64::from(i) / 1000.0 * support;
                (-1000..=1000)
                    .map(|i| (taper.at(at(i)) - (-PI * (at(i) / support).powi(2) / width).exp()).powi(2))
                    .sum()
            };
            let width = gaussian_width(taper);
            let best = residual(width);
            assert!(best < residual(width * 1.005) && best < residual(width / 1.005), "{taper:?}");
        }
    }
}
