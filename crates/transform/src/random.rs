//! Reproducible random phases.

use std::f64::consts::TAU;

use num_complex::Complex;

/// `SplitMix64` (Steele, Lea and Flood 2014): the same numbers on every machine.
pub(crate) struct RandomPhases {
    state: u64,
}

impl RandomPhases {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// An angle, uniform in 0..2 pi.
    pub(crate) fn angle(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        TAU * ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of modulus 1.
    pub(crate) fn phasor(&mut self) -> Complex<f64> {
        Complex::from_polar(1.0, self.angle())
    }
}
