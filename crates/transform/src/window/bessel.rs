//! The Bessel function of Kaiser's window.

/// Modified Bessel function of the first kind, order zero, by its power series. Finite up to an argument of 713.
///
/// All terms are positive, so there is no cancellation.
pub(crate) fn bessel_i0(x: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let (mut k, mut term, mut sum) = (0.0, 1.0, 1.0);
    while term > 0.01 * f64::EPSILON * sum {
        k += 1.0;
        term *= quarter / (k * k);
        sum += term;
    }
    sum
}
