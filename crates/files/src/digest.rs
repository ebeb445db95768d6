//! A digest that binds a phase to the picture that was drawn with it.

use std::fmt::Write;

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};
use sha2::{Digest, Sha256};

/// SHA-256 (FIPS 180-4), in hexadecimal, of a phase: its bins and frames as 64-bit integers, then each phasor's real and
/// imaginary part as 32-bit floats, bin by bin, all little-endian. Of several channels their number comes first, and one
/// channel after the other.
///
/// It is of the values and not of a file's bytes: the same phase has the same digest in any array format, saved again,
/// in single or double precision, or as the coefficients that it was taken from. Angles have another.
/// `phasors` have modulus 1, as in [`super::PhaseArray`]. Cost: one pass.
pub fn phase_digest(phasors: &Plane<Complex<f64>>, stack: Stack) -> String {
    let mut digest = Sha256::new();
    let mut update = |number: usize| digest.update((number as u64).to_le_bytes());
    if stack.channels > 1 {
        update(stack.channels);
    }
    update(stack.rows);
    update(phasors.columns());
    for first in (0..stack.channels).map(|channel| stack.first_row(channel)) {
        for phasor in (first..first + stack.rows).flat_map(|row| phasors.row(row)) {
            for part in [phasor.re, phasor.im] {
                // Adding 0 makes one zero of both.
                digest.update((part as f32 + 0.0).to_le_bytes());
            }
        }
    }
    let mut text = String::new();
    for byte in digest.finalize() {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_of_the_shape_and_every_value() {
        let phase = Plane::from_fn(3, 4, |k, t| Complex::cis((k * 5 + t) as f64));
        let digest_of = |phase: &Plane<Complex<f64>>| phase_digest(phase, Stack::one(phase.rows()));
        let digest = digest_of(&phase);
        assert_eq!(digest.len(), 64);
        let again = phase.map(|value| Complex::new(f64::from(value.re as f32), f64::from(value.im as f32)));
        assert_eq!(digest_of(&again), digest);
        let other = Plane::from_fn(3, 4, |k, t| if (k, t) == (2, 3) { Complex::cis(0.1) } else { phase[(k, t)] });
        assert_ne!(digest_of(&other), digest);
        let reshaped = Plane::from_vec(4, 3, phase.as_slice().to_vec()).unwrap();
        assert_ne!(digest_of(&reshaped), digest);
        // Channels of a picture are those of an array, whatever lies between them.
        let stack = Stack { channels: 3, rows: 1, gap: 0 };
        let of_channels = phase_digest(&phase, stack);
        assert_ne!(of_channels, digest);
        let (spaced, plane) = stack.spaced(&phase, 2, &Complex::new(1.0, 0.0));
        assert_eq!(phase_digest(&plane, spaced), of_channels);
    }
}
