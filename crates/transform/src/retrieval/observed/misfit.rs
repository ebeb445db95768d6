//! How far what is seen of coefficients lies from what is wanted, and which way to go.

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::TransformError;
use crate::analysis::Cells;
use crate::observe::Observation;
use crate::retrieval::magnitudes::Magnitudes;

/// Half the squared distance of what is seen, `m = H^(1/p)` with `H = F |c|^p`, from what is wanted of it.
#[derive(Clone, Copy)]
pub(super) struct Misfit<'a> {
    pub(super) observation: &'a Observation,
    pub(super) seen: &'a Magnitudes<'a>,
}

impl<'a> Misfit<'a> {
    pub(super) fn new(observation: &'a Observation, seen: &'a Magnitudes<'a>) -> Self {
        Self { observation, seen }
    }

    /// The sums `H` of coefficients.
    pub(super) fn sums(&self, cells: &Cells) -> Result<Plane<f64>, TransformError> {
        let observation = self.observation;
        observation.map().apply_to_frames(&cells.map(|value| observation.power_of(*value)))
    }

    /// Squared distance of what is seen from what is wanted.
    pub(super) fn squared(&self, sums: &Plane<f64>) -> f64 {
        let off = |(cell, sum): (usize, &f64)| {
            let made = self.observation.root(*sum);
            (self.seen.nearest(cell, made) - made).powi(2)
        };
        sums.as_slice().iter().enumerate().map(off).sum()
    }

    /// What each sum is pulled by, `(w - m) m / H` with `w` what is wanted: the negative gradient by `H` is that over `p`.
    pub(super) fn pulls(&self, sums: &Plane<f64>) -> Plane<f64> {
        let mut pulls = sums.clone();
        for (cell, pull) in pulls.as_mut_slice().iter_mut().enumerate() {
            let sum = pull.max(f64::MIN_POSITIVE);
            let made = self.observation.root(sum);
            *pull = (self.seen.nearest(cell, made) - made) * (made / sum);
        }
        pulls
    }

    /// The negative gradient by the coefficients: `(F' pull) |c|^(p-2) c`.
    pub(super) fn negative_gradient(&self, cells: &Cells, sums: &Plane<f64>) -> Result<Cells, TransformError> {
        let pulls = self.observation.map().adjoint_of_frames(&self.pulls(sums))?;
        let mut gradient = cells.clone();
        for (value, pull) in gradient.as_mut_slice().iter_mut().zip(pulls.as_slice()) {
            *value *= pull * self.weight(*value);
        }
        Ok(gradient)
    }

    /// `|c|^(p-2)`, and 0 where that is infinite.
    #[inline(always)]
    pub(super) fn weight(&self, value: Complex<f64>) -> f64 {
        if self.observation.power() == 2.0 {
            return 1.0;
        }
        let square = value.norm_sqr();
        if square > 0.0 { self.observation.power_of(value) / square } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StftParams;
    use crate::observe::MelParams;
    use crate::testing::noise;

    #[test]
    fn the_gradient_is_the_slope() {
        let stft = StftParams { n_fft: 64, win_length: 64, ..StftParams::default() };
        let parts = noise(2 * 33 * 3, 1);
        let cells = |sign: f64, step: f64| {
            Plane::from_fn(33, 3, |k, t| {
                let at = k * 3 + t;
                Complex::new(parts[at] + sign * step * parts[98 - at], parts[at + 99] + sign * step * parts[197 - at])
            })
        };
        let direction = Plane::from_fn(33, 3, |k, t| Complex::new(parts[98 - k * 3 - t], parts[197 - k * 3 - t]));
        let wanted = Plane::from_fn(8, 3, |k, t| 0.1 + parts[k * 3 + t].abs());
        for power in [1.0, 2.0, 2.5] {
            let observation = MelParams { bands: 8, power, ..MelParams::default() }.observation(&stft).unwrap();
            let seen = Magnitudes::exact(&wanted);
            let misfit = Misfit::new(&observation, &seen);
            let half = |cells: &Cells| 0.5 * misfit.squared(&misfit.sums(cells).unwrap());
            let step = 1e-5;
            let difference = (half(&cells(1.0, step)) - half(&cells(-1.0, step))) / (2.0 * step);
            let here = cells(0.0, 0.0);
            let gradient = misfit.negative_gradient(&here, &misfit.sums(&here).unwrap()).unwrap();
            let pairs = gradient.as_slice().iter().zip(direction.as_slice());
            let slope: f64 = pairs.map(|(a, b)| a.re * b.re + a.im * b.im).sum();
            assert!((slope + difference).abs() < 1e-6 * slope.abs(), "power {power}: {slope} and {difference}");
        }
    }
}
