//! Powers of bins that give what is seen.

use photophone_spectrum::Plane;

use super::observation::Observation;
use crate::TransformError;
use crate::analysis::check_shape;

/// Multiplicative steps that find powers of bins. Of 128 mel bands of 1025 bins they leave -40 dB; more change the sound by
/// a tenth of a dB.
const STEPS: usize = 50;

/// Most that a step multiplies a bin by: beyond any sound's range, and far from overflow.
const MOST: f64 = 1e30;

impl Observation {
    /// Magnitudes of bins, bins by frames, of which `seen` is what is seen, as nearly as can be: those nearest to a flat
    /// spectrum, and 0 where nothing is seen of a bin.
    ///
    /// Expectation maximisation on the powers (Richardson 1972; Lucy 1974; as non-negative matrix factorisation with one
    /// factor known, Lee and Seung 2001, equation 5): the powers stay 0 or more, and the divergence falls, which judges
    /// each row in proportion to itself. Least squares would fit the loudest rows alone, as the others lie tens of decibels
    /// below. Cost: some 50 maps and adjoints.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when there are other rows than the map's.
    pub fn explained(&self, seen: &Plane<f64>) -> Result<Plane<f64>, TransformError> {
        check_shape((self.map().shape().0, seen.columns()), "what is seen", seen.shape())?;
        let targets = seen.map(|value| self.raised(*value));
        let sums = self.map().sums();
        let mut powers = Plane::from_fn(sums.len(), seen.columns(), |bin, _| if sums[bin] > 0.0 { 1.0 } else { 0.0 });
        for _ in 0..STEPS {
            let mut ratios = self.map().apply_to_frames(&powers)?;
            for (ratio, target) in ratios.as_mut_slice().iter_mut().zip(targets.as_slice()) {
                *ratio = ratio_of(*target, *ratio);
            }
            let factors = self.map().adjoint_of_frames(&ratios)?;
            for (bin, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum > 0.0) {
                for (power, factor) in powers.row_mut(bin).iter_mut().zip(factors.row(bin)) {
                    *power *= factor / sum;
                }
            }
        }
        Ok(powers.map(|power| self.root(*power)))
    }
}

/// What a row asks its bins to be multiplied by.
pub(crate) fn ratio_of(target: f64, seen: f64) -> f64 {
    (target / seen.max(f64::MIN_POSITIVE)).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::MelParams;
    use crate::testing::{db_from_ratio, noise};
    use crate::{Stft, StftParams};

    #[test]
    fn what_is_found_gives_what_was_seen() {
        let stft = StftParams { n_fft: 512, win_length: 512, hop: 128, ..StftParams::default() };
        let cells = Stft::new(&stft, 8000).unwrap().forward(&noise(8000, 3)).unwrap();
        for power in [1.0, 2.0] {
            let params = MelParams { bands: 40, fmin_hz: 100.0, fmax_hz: Some(8000.0), power, ..MelParams::default() };
            let observation = params.observation(&stft).unwrap();
            let seen = observation.of(&cells).unwrap();
            let found = observation.explained(&seen).unwrap();
            let again = observation.of(&found.map(|value| num_complex::Complex::from(*value))).unwrap();
            let db = db_from_ratio(again.as_slice(), seen.as_slice());
            assert!(db < -30.0, "power {power}: {db} dB");
            assert!(found.as_slice().iter().all(|value| *value >= 0.0 && value.is_finite()));
            // 60 and 9000 Hz lie outside.
            assert_eq!((found[(1, 9)], found[(209, 9)]), (0.0, 0.0));
        }
    }

    #[test]
    fn silence_and_rows_that_see_nothing_stay_finite() {
        let stft = StftParams { n_fft: 256, win_length: 256, ..StftParams::default() };
        let observation = MelParams::default().observation(&stft).unwrap();
        assert!((0..128).any(|row| (0..129).all(|bin| observation.map().weight(row, bin) == 0.0)));
        let loud = observation.explained(&Plane::filled(128, 2, 1e3)).unwrap();
        assert!(loud.as_slice().iter().all(|value| value.is_finite()));
        let silent = observation.explained(&Plane::filled(128, 2, 0.0)).unwrap();
        assert!(silent.as_slice().iter().all(|value| *value == 0.0));
        assert!(observation.explained(&Plane::filled(127, 2, 0.0)).is_err());
    }
}
