//! How far each row of the data can be off.

use num_complex::Complex;
use photophone_spectrum::Plane;

/// Mean square error of the coefficients of each row.
///
/// The noise is what the data do not say: a picture's quantiser, a phase's rounding, or the
/// operator's own mismatch with the program that made the data.
#[derive(Clone, Debug, PartialEq)]
pub struct RowNoise(pub Vec<f64>);

impl RowNoise {
    /// Each row off by a share of its own root mean square: rounding, or a mismatch.
    pub fn relative(data: &Plane<Complex<f64>>, share: f64) -> Self {
        Self(row_power(data).into_iter().map(|power| share * share * power).collect())
    }

    /// The larger of two models, row by row.
    #[must_use]
    pub fn at_least(self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a.max(*b)).collect())
    }

    /// Root mean square of the noise over that of the data.
    pub fn share_of(&self, data: &Plane<Complex<f64>>) -> f64 {
        let power: f64 = row_power(data).iter().sum();
        if power > 0.0 { (self.0.iter().sum::<f64>() / power).sqrt() } else { 0.0 }
    }
}

/// Mean square magnitude of each row.
pub(super) fn row_power(data: &Plane<Complex<f64>>) -> Vec<f64> {
    (0..data.rows())
        .map(|row| data.row(row).iter().map(Complex::norm_sqr).sum::<f64>() / data.columns().max(1) as f64)
        .collect()
}
