//! Data that are ranges: a quantised magnitude lies between two values, a clipped one beyond one.

use num_complex::Complex;
use photophone_spectrum::{Number, Plane};

use super::least_squares::{LeastSquaresOptions, Solution, least_squares};
use crate::TransformError;
use crate::analysis::Analysis;
use crate::error::{MAGNITUDE, check_range};
use crate::watch::{Stop, Watch};

/// Times that the data are moved inside their ranges.
const ROUNDS: usize = 2;

/// Ranges of magnitudes, cell by cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervals {
    /// Smallest possible magnitudes: 0 at the floor of a decibel scale.
    pub low: Plane<f64>,
    /// Largest possible ones: infinite where a picture is clipped.
    pub high: Plane<f64>,
}

impl Intervals {
    /// The coefficients with the phase of `data` and magnitudes in range that come nearest to
    /// `made`: the projection onto a convex set. A cell of `data` that is zero has no phase and stays.
    pub fn nearest(&self, data: &Plane<Complex<f64>>, made: &Plane<Complex<f64>>) -> Plane<Complex<f64>> {
        let (rows, frames) = data.shape();
        Plane::from_fn(rows, frames, |k, t| {
            let value = data[(k, t)];
            let magnitude = value.norm();
            if magnitude <= 0.0 {
                return value;
            }
            let phasor = value / magnitude;
            phasor * self.nearest_magnitude(k * frames + t, (made[(k, t)] * phasor.conj()).re)
        })
    }

    /// The magnitude in range that is nearest to `magnitude`; `cell` counts row by row.
    pub(crate) fn nearest_magnitude(&self, cell: usize, magnitude: f64) -> f64 {
        // max and min rather than clamp, which panics where low exceeds high.
        magnitude.max(self.low.as_slice()[cell]).min(self.high.as_slice()[cell])
    }

    pub(crate) fn check(&self, plan: &dyn Analysis) -> Result<(), TransformError> {
        plan.check_shape("the ranges", self.low.shape())?;
        plan.check_shape("the ranges", self.high.shape())?;
        check_range("the lower ends of the ranges", self.low.as_slice(), MAGNITUDE)?;
        // An upper end may be infinite: at least so much.
        for (index, (low, high)) in self.low.as_slice().iter().zip(self.high.as_slice()).enumerate() {
            if high.is_nan() {
                return Err(TransformError::NotFinite { what: "the upper ends of the ranges", index });
            }
            if low > high {
                let (found, expected) = (format!("{} to {}", Number(*low), Number(*high)), "the lower end first");
                return Err(TransformError::OutOfRange { what: "the ranges", index, found, expected });
            }
        }
        Ok(())
    }
}

/// [`least_squares`] for data of which only ranges are known: solves for `data`, moves the data to
/// the nearest values in range of what the solution makes (projection onto convex sets), and solves
/// again from there.
///
/// A move that does not lower the misfit is undone. The residual is a share of `data`, not of the data as moved: the
/// power that an open range was raised by explains nothing. Gives the solution and the data as moved. Cost: that of the
/// solve, and up to as much again.
///
/// # Errors
/// As [`least_squares`], or ranges of another shape or upside down.
pub fn least_squares_within(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    intervals: &Intervals,
    options: &LeastSquaresOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<(Solution, Plane<Complex<f64>>), TransformError> {
    intervals.check(plan)?;
    let mut solution = least_squares(plan, data, options, watch)?;
    let mut moved = data.clone();
    for _ in 0..ROUNDS {
        if solution.stop == Stop::Cancelled {
            break;
        }
        let closer = intervals.nearest(data, &plan.forward(&solution.samples)?);
        let done = solution.iterations;
        let again = LeastSquaresOptions { start: Some(&solution.samples), ..options.clone() };
        let mut next = least_squares(plan, &closer, &again, watch)?;
        next.residual_db += trusted_energy_db(&closer, options.trust) - trusted_energy_db(data, options.trust);
        let iterations = done + next.iterations;
        // A range, and an open one above all, is to be used only while that explains more.
        if next.stop != Stop::Cancelled && next.residual_db > solution.residual_db {
            solution.iterations = iterations;
            break;
        }
        (solution, moved) = (Solution { iterations, ..next }, closer);
    }
    Ok((solution, moved))
}

/// Energy of the trusted cells, in dB; that of silence is no less than the smallest number's.
fn trusted_energy_db(cells: &Plane<Complex<f64>>, trust: Option<&Plane<f64>>) -> f64 {
    let trust = |i: usize| trust.map_or(1.0, |trust| trust.as_slice()[i]);
    let energy: f64 = cells.as_slice().iter().enumerate().map(|(i, value)| trust(i) * value.norm_sqr()).sum();
    10.0 * energy.max(f64::MIN_POSITIVE).log10()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{db_from_ratio, noise};
    use crate::{Cqt, CqtParams};

    /// Coefficients of noise, and their ranges under a coarse quantiser of 3 dB steps whose floor
    /// lies 20 dB below the loudest.
    fn quantised(plan: &Cqt, x: &[f64]) -> (Plane<Complex<f64>>, Intervals) {
        let c = plan.forward(x).unwrap();
        let top = c.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
        let step = |value: f64| (20.0 * (value / top).log10() / 3.0).floor();
        let edge = |step: f64| top * 10f64.powf(3.0 * step / 20.0);
        let floor = -7.0;
        let low = c.map(|value| if step(value.norm()) < floor { 0.0 } else { edge(step(value.norm())) });
        let high = c.map(|value| edge(step(value.norm()).max(floor - 1.0) + 1.0));
        let middle = Plane::from_fn(c.rows(), c.columns(), |k, t| {
            c[(k, t)] / c[(k, t)].norm() * 0.5 * (low[(k, t)] + high[(k, t)])
        });
        (middle, Intervals { low, high })
    }

    #[test]
    fn ranges_give_a_better_signal_than_their_centres() {
        let params = CqtParams { bins: 48, fmin_hz: 130.8, hop: 128, ..CqtParams::default() };
        let x = noise(20_000, 3);
        let plan = Cqt::new(&params, x.len()).unwrap();
        let (middle, intervals) = quantised(&plan, &x);
        let options = LeastSquaresOptions { max_iterations: 40, ..LeastSquaresOptions::default() };
        let truth = plan.forward(&x).unwrap();
        let off = |solution: &Solution| {
            let made = plan.forward(&solution.samples).unwrap();
            let flat = |plane: &Plane<Complex<f64>>| {
                plane.as_slice().iter().flat_map(|value| [value.re, value.im]).collect::<Vec<f64>>()
            };
            db_from_ratio(&flat(&made), &flat(&truth))
        };
        let centres = off(&least_squares(&plan, &middle, &options, &mut Watch::default()).unwrap());
        let ranges = off(&least_squares_within(&plan, &middle, &intervals, &options, &mut Watch::default()).unwrap().0);
        assert!(ranges < centres - 1.0, "ranges {ranges} dB, centres {centres} dB off");
    }

    #[test]
    fn ranges_upside_down_are_an_error() {
        let plan = Cqt::new(&CqtParams::default(), 20_000).unwrap();
        let (rows, frames) = plan.shape();
        let data = Plane::filled(rows, frames, Complex::new(1.0, 0.0));
        let intervals = Intervals { low: Plane::filled(rows, frames, 2.0), high: Plane::filled(rows, frames, 1.0) };
        let options = LeastSquaresOptions::default();
        assert!(least_squares_within(&plan, &data, &intervals, &options, &mut Watch::default()).is_err());
    }

    /// A clipped picture with a phase of no sound: the open ranges could be raised until they were nearly all there is,
    /// and a solution of those alone was said to explain most of the data.
    #[test]
    fn what_an_open_range_is_raised_by_is_not_explained() {
        let params = CqtParams { bins: 36, fmin_hz: 110.0, hop: 64, ..CqtParams::default() };
        let x = noise(12_000, 5);
        let plan = Cqt::new(&params, x.len()).unwrap();
        let truth = plan.forward(&x).unwrap();
        let ceiling = 0.5 * truth.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
        let phases = noise(truth.as_slice().len(), 6);
        let clipped = Plane::from_fn(truth.rows(), truth.columns(), |k, t| {
            let phase = std::f64::consts::PI * phases[k * truth.columns() + t];
            Complex::from_polar(truth[(k, t)].norm().min(ceiling), phase)
        });
        let low = clipped.map(|value| value.norm());
        let high = low.map(|&magnitude| if magnitude < ceiling { magnitude } else { f64::MAX });
        let options = LeastSquaresOptions::default();
        let (solution, _) =
            least_squares_within(&plan, &clipped, &Intervals { low, high }, &options, &mut Watch::default()).unwrap();
        let plain = least_squares(&plan, &clipped, &options, &mut Watch::default()).unwrap();
        assert!(plain.residual_db > -1.0, "{} dB are left of what is of no sound", plain.residual_db);
        assert!(
            solution.residual_db > plain.residual_db - 1.0,
            "said {}, plainly {}",
            solution.residual_db,
            plain.residual_db
        );
    }
}
