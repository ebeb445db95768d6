//! Fast Griffin-Lim whose magnitudes are scaled band by band.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::misfit::Misfit;
use crate::TransformError;
use crate::acceleration::ACCELERATION;
use crate::analysis::Dual;
use crate::observe::ratio_of;

/// Griffin-Lim that runs ahead with the last change (Perraudin, Balazs and Sondergaard 2013), with a projection that keeps
/// what a signal's own magnitudes are within a row, and scales them as the row asks: the multiplicative step of
/// [`Observation::explained`](crate::observe::Observation::explained) from where the signal is.
pub(super) struct BandwiseGriffinLim<'a> {
    scaling: Scaling<'a>,
    dual: Box<dyn Dual + 'a>,
    ahead: Vec<f64>,
    last: Vec<f64>,
    projected: Vec<f64>,
}

impl<'a> BandwiseGriffinLim<'a> {
    pub(super) fn new(misfit: Misfit<'a>, dual: Box<dyn Dual + 'a>, samples: Vec<f64>) -> Self {
        let (ahead, last) = (samples.clone(), samples.clone());
        Self { scaling: Scaling::new(misfit), dual, ahead, last, projected: samples }
    }

    /// Takes a projection and runs ahead. Cost: a transform and an inverse.
    pub(super) fn step(&mut self) -> Result<(), TransformError> {
        let Self { scaling, dual, ahead, last, projected } = self;
        dual.resynthesise(ahead, &mut |t, frame| scaling.apply(t, frame), projected)?;
        for ((ahead, last), projected) in ahead.iter_mut().zip(&mut *last).zip(&*projected) {
            *ahead = projected + ACCELERATION * (projected - *last);
            *last = *projected;
        }
        Ok(())
    }

    /// The signal last projected.
    pub(super) fn samples(&self) -> &[f64] {
        &self.projected
    }
}

/// Scales a frame's coefficients so that what is seen of them is what is wanted, or nearly.
struct Scaling<'a> {
    misfit: Misfit<'a>,
    frames: usize,
    powers: Vec<f64>,
    sums: Vec<f64>,
    factors: Vec<f64>,
}

impl<'a> Scaling<'a> {
    fn new(misfit: Misfit<'a>) -> Self {
        let (rows, bins) = misfit.observation.map().shape();
        let frames = Plane::columns(misfit.seen.values);
        Self { misfit, frames, powers: vec![0.0; bins], sums: vec![0.0; rows], factors: vec![0.0; bins] }
    }

    fn apply(&mut self, t: usize, frame: &mut [Complex<f64>]) {
        let Self { misfit, frames, powers, sums, factors } = self;
        let (observation, map) = (misfit.observation, misfit.observation.map());
        for (power, value) in powers.iter_mut().zip(&*frame) {
            *power = observation.power_of(*value);
        }
        map.apply(powers, sums);
        for (row, sum) in sums.iter_mut().enumerate() {
            let wanted = observation.raised(misfit.seen.nearest(row * *frames + t, observation.root(*sum)));
            *sum = ratio_of(wanted, *sum);
        }
        map.adjoint(sums, factors);
        for ((value, factor), weights) in frame.iter_mut().zip(&*factors).zip(map.sums()) {
            if *weights > 0.0 {
                *value *= observation.root(factor / weights);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::{Observation, PowerMap, Weights};
    use crate::retrieval::magnitudes::Magnitudes;

    #[test]
    fn a_row_scales_its_bins_alike_and_shared_ones_by_the_mean() {
        let row = |first, values: &[f64]| Weights { first, values: values.to_vec() };
        let map = PowerMap::new(4, vec![row(0, &[1.0, 1.0]), row(1, &[1.0, 1.0])]).unwrap();
        let observation = Observation::new(map, 2.0).unwrap();
        let wanted = Plane::from_vec(2, 1, vec![2.0 * 5f64.sqrt(), 8f64.sqrt()]).unwrap();
        let seen = Magnitudes::exact(&wanted);
        let mut frame = [1.0, 2.0, 2.0, 7.0].map(|re| Complex::new(0.0, re));
        Scaling::new(Misfit::new(&observation, &seen)).apply(0, &mut frame);
        // Powers: 1 and 4 see 5, wanted 20; 4 and 4 see 8, as wanted. Nobody sees the last.
        for (value, wanted) in frame.iter().zip([2.0, 2.0 * 2.5f64.sqrt(), 2.0, 7.0]) {
            assert!((value - Complex::new(0.0, wanted)).norm() < 1e-12, "{value} {wanted}");
        }
    }
}
