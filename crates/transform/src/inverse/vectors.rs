//! Sums and products of signals.

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// `a += scale b`.
pub(crate) fn add_scaled(a: &mut [f64], scale: f64, b: &[f64]) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += scale * y;
    }
}

pub(super) fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

pub(super) fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

pub(super) fn power(x: &[f64]) -> f64 {
    x.iter().map(|sample| sample * sample).sum()
}
