//! A linear map of the powers of coefficients.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::power_map::PowerMap;
use crate::TransformError;
use crate::analysis::Cells;

/// What is seen of coefficients `c`: `(sum over bins of w |c|^p)^(1/p)`, frame by frame.
///
/// The root makes it a magnitude, which grows as the sound does whatever the power `p` is: 2 for powers, 1 for magnitudes.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    map: PowerMap,
    power: f64,
}

impl Observation {
    /// What `map` sees of the moduli to the power `power`, which is above 0.
    ///
    /// # Errors
    /// [`TransformError::Parameter`] for another power.
    pub fn new(map: PowerMap, power: f64) -> Result<Self, TransformError> {
        if power > 0.0 && power.is_finite() {
            return Ok(Self { map, power });
        }
        let expected = "a number above 0: 2 for powers, 1 for magnitudes".to_owned();
        Err(TransformError::Parameter { name: "power", found: power.to_string(), expected })
    }

    /// The map.
    pub fn map(&self) -> &PowerMap {
        &self.map
    }

    /// The power of the moduli that is summed.
    pub fn power(&self) -> f64 {
        self.power
    }

    /// What is seen of coefficients, rows by frames. Cost: far below the transform's.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when there are other bins than the map's.
    pub fn of(&self, cells: &Cells) -> Result<Plane<f64>, TransformError> {
        Ok(self.map.apply_to_frames(&cells.map(|value| self.power_of(*value)))?.map(|sum| self.root(*sum)))
    }

    /// A modulus to the power.
    #[inline(always)]
    pub(crate) fn power_of(&self, value: Complex<f64>) -> f64 {
        let square = value.norm_sqr();
        if self.power == 2.0 {
            square
        } else if self.power == 1.0 {
            square.sqrt()
        } else {
            square.powf(0.5 * self.power)
        }
    }

    /// A magnitude to the power.
    #[inline(always)]
    pub(crate) fn raised(&self, magnitude: f64) -> f64 {
        if self.power == 2.0 {
            magnitude * magnitude
        } else if self.power == 1.0 {
            magnitude
        } else {
            magnitude.powf(self.power)
        }
    }

    /// The magnitude of which a number is the power.
    #[inline(always)]
    pub(crate) fn root(&self, power: f64) -> f64 {
        if self.power == 2.0 {
            power.sqrt()
        } else if self.power == 1.0 {
            power
        } else {
            power.powf(1.0 / self.power)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::Weights;

    #[test]
    fn grows_as_the_sound_does_whatever_the_power() {
        let weights = vec![Weights { first: 0, values: vec![0.5, 1.0, 0.25] }];
        let cells = Plane::from_vec(3, 1, vec![Complex::new(3.0, 4.0), Complex::new(0.0, 1.0), Complex::new(2.0, 0.0)]);
        let cells = cells.unwrap();
        for (power, seen) in [(1.0, 4.0), (2.0, 14.5f64.sqrt()), (3.0, (62.5f64 + 1.0 + 2.0).cbrt())] {
            let observation = Observation::new(PowerMap::new(3, weights.clone()).unwrap(), power).unwrap();
            let of = |factor: f64| observation.of(&cells.map(|value| value * factor)).unwrap()[(0, 0)];
            assert!((of(1.0) - seen).abs() < 1e-14 && (of(3.0) - 3.0 * seen).abs() < 1e-13, "power {power}");
        }
        assert!(Observation::new(PowerMap::new(3, weights.clone()).unwrap(), 0.0).is_err());
        assert!(Observation::new(PowerMap::new(3, weights).unwrap(), f64::NAN).is_err());
    }
}
