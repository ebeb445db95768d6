//! Helpers of the tests: seeded noise and figures in dB.

pub(crate) use crate::vectors::dot;

/// Reproducible noise, uniform in -1..1 (`SplitMix64`).
pub(crate) fn noise(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (0..n)
        .map(|_| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        })
        .collect()
}

/// `20 log10(|a - b| / |b|)`.
pub(crate) fn db_from_ratio(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let difference: Vec<f64> = a.iter().zip(b).map(|(x, y)| x - y).collect();
    10.0 * (dot(&difference, &difference) / dot(b, b)).log10()
}
