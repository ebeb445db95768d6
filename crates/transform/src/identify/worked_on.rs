//! What was done to an array's magnitudes before it was given: masks leave zeros, quantisers leave steps.
//!
//! Neither is what tells a sound's magnitudes from other numbers, so that neither may count when they are judged.

use photophone_spectrum::Plane;

/// Fewest different numbers of magnitudes, 4 bits: fewer are marks, or a mask itself.
const LEAST_LEVELS: usize = 16;

/// Cells for each different number from which numbers are in steps: those of a sound hardly ever come twice.
const CELLS_A_LEVEL: usize = 8;

/// Mean square error of each of an array's magnitudes, as far as the numbers tell it: infinite for a zero, which no
/// transform gives where there is sound, and where numbers are in steps that of a step, which is as wide as half of the
/// way between the next numbers below and above.
pub(super) fn noise_of_numbers(magnitudes: &Plane<f64>) -> Plane<f64> {
    let mut levels = magnitudes.as_slice().to_vec();
    levels.sort_unstable_by(f64::total_cmp);
    levels.dedup();
    if levels.len() < LEAST_LEVELS {
        return magnitudes.map(|_| 0.0);
    }
    let is_in_steps = levels.len() <= magnitudes.as_slice().len() / CELLS_A_LEVEL;
    magnitudes.map(|&magnitude| {
        if magnitude == 0.0 {
            return f64::INFINITY;
        }
        if !is_in_steps {
            return 0.0;
        }
        let at = levels.partition_point(|&level| level < magnitude);
        let (below, above) = (levels[at.saturating_sub(1)], levels[(at + 1).min(levels.len() - 1)]);
        let sides = (at + 1).min(levels.len() - 1) - at.saturating_sub(1);
        ((above - below) / sides.max(1) as f64).powi(2) / 12.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_have_their_noise_and_zeros_tell_nothing() {
        let steps = Plane::from_fn(40, 50, |k, t| f64::from(((k * 7 + t * 13) % 40) as u8));
        let noise = noise_of_numbers(&steps);
        for (value, noise) in steps.as_slice().iter().zip(noise.as_slice()) {
            let expected = if *value == 0.0 { f64::INFINITY } else { 1.0 / 12.0 };
            assert_eq!(*noise, expected, "{value}");
        }
        let exact = Plane::from_fn(40, 50, |k, t| 1.0 + (k * 50 + t) as f64 * 1e-3);
        assert!(noise_of_numbers(&exact).as_slice().iter().all(|&noise| noise == 0.0));
        let marks = Plane::from_fn(40, 50, |k, t| f64::from((k + t) as u8 % 2));
        assert!(noise_of_numbers(&marks).as_slice().iter().all(|&noise| noise == 0.0));
    }
}
