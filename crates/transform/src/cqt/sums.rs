//! Sums in NumPy's order, so that they round as NumPy's do.

/// `np.sum` of contiguous numbers: halves of at most 128 numbers, each in eight running sums.
///
/// `round` is applied to every result: the identity for double precision, rounding to `f32` for
/// single (one operation in double, rounded, is that operation in single).
pub(super) fn pairwise_sum(values: &[f64], round: impl Fn(f64) -> f64 + Copy) -> f64 {
    let n = values.len();
    if n < 8 {
        return values.iter().fold(0.0, |sum, value| round(sum + value));
    }
    if n > 128 {
        let half = n / 2 / 8 * 8;
        return round(pairwise_sum(&values[..half], round) + pairwise_sum(&values[half..], round));
    }
    let (eights, rest) = values.as_chunks::<8>();
    let mut r = eights[0];
    for eight in &eights[1..] {
        for (sum, value) in r.iter_mut().zip(eight) {
            *sum = round(*sum + value);
        }
    }
    let add = |a: f64, b: f64| round(a + b);
    let sum = add(add(add(r[0], r[1]), add(r[2], r[3])), add(add(r[4], r[5]), add(r[6], r[7])));
    rest.iter().fold(sum, |sum, value| round(sum + value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `np.sum(np.sin(np.arange(3000) * 0.7).astype(np.float32)[:n])` of NumPy 2.4.6.
    const SINES: [(usize, f32); 5] =
        [(5, 2.827_865), (9, -0.008_213_46), (128, 0.959_235_67), (257, 2.663_660_5), (3000, 0.664_684_06)];

    #[test]
    fn rounds_as_numpy_does() {
        let values: Vec<f64> = (0..3000).map(|i| f64::from((f64::from(i) * 0.7).sin() as f32)).collect();
        for (n, want) in SINES {
            assert_eq!(pairwise_sum(&values[..n], |sum| f64::from(sum as f32)) as f32, want, "{n}");
        }
        assert!((pairwise_sum(&values, |sum| sum) - values.iter().sum::<f64>()).abs() < 1e-12);
    }
}
