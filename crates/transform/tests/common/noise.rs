//! Reproducible noise.

/// White noise, uniform in -1/4..1/4: `SplitMix64` (Steele, Lea, Flood 2014).
pub(crate) fn noise(n: usize, seed: u64) -> Vec<f64> {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
    let start = seed.wrapping_mul(STEP);
    (1..=n as u64)
        .map(|i| {
            let mut z = start.wrapping_add(i.wrapping_mul(STEP));
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            ((z >> 11) as f64 / (1u64 << 52) as f64 - 1.0) / 4.0
        })
        .collect()
}
