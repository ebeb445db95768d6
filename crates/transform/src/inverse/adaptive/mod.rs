//! Beyond the grid's limit: the most likely signal under a prior learnt from the signal itself.
//!
//! | file | what |
//! |---|---|
//! | `crossover` | where the grid determines the signal, and where a prior has to help |
//! | `frame` | a tight short-time Fourier frame |
//! | `prior` | the covariance, learnt from the last estimate's local spectrum |
//! | `dual` | the most likely signal under that prior |

mod crossover;
mod dual;
mod frame;
mod prior;

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::filter::SpectralFilter;
use super::least_squares::{LeastSquaresOptions, OPERATOR_MISMATCH, Progress, Solution, Stop, check, least_squares};
use super::noise::RowNoise;
use crate::{Cqt, TransformError};
use crossover::Crossover;
use dual::Dual;
use prior::LocalPrior;

/// Share of the noise to which each round is solved.
const RESIDUAL_OVER_NOISE: f64 = 0.1;

/// Iterations of least squares that put the result back onto the data.
const BACK_ITERATIONS: usize = 30;

/// How [`adaptive`] works.
#[derive(Clone, Debug)]
pub struct AdaptiveOptions<'a> {
    /// Times that the prior is learnt anew. Default: 5; more gain less than 0.2 dB each.
    pub rounds: usize,
    /// Most steps of the solver in a round. Default: 40.
    pub steps: usize,
    /// How far each row can be off. Default: [`OPERATOR_MISMATCH`] of each row.
    pub noise: Option<RowNoise>,
    /// Trust in each cell, 0 (missing) to 1. Default: 1 everywhere.
    pub trust: Option<&'a Plane<f64>>,
}

impl Default for AdaptiveOptions<'_> {
    fn default() -> Self {
        Self { rounds: 5, steps: 40, noise: None, trust: None }
    }
}

/// Improves a linear solution where the grid undersamples.
///
/// Above the frequency where frames become scarce many signals have the same coefficients. Least
/// squares takes the smallest of them, which spreads each partial over all places that it could
/// have come from. This takes the most likely one under a Gaussian process whose local power is
/// that of the last estimate, round by round: power that is concentrated stays so (iteratively
/// reweighted least squares). Where the grid determines the signal the linear solution is kept,
/// and at last the result is put back onto the data by least squares.
///
/// Where the grid carries all bins the linear solution is returned as it is. Deterministic. Cost:
/// a round is some 40 forward and adjoint transforms of the upper octaves and as many short-time
/// transforms. Memory: some 60 values a sample.
///
/// # Errors
/// A shape that is not the plan's, or a value that is not a number.
pub fn adaptive(
    plan: &Cqt,
    data: &Plane<Complex<f64>>,
    linear: &Solution,
    options: &AdaptiveOptions<'_>,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, TransformError> {
    let noise = options.noise.clone();
    let asked = LeastSquaresOptions { noise, trust: options.trust, ..LeastSquaresOptions::default() };
    check(plan, data, &asked)?;
    plan.check_samples("the linear solution", &linear.samples)?;
    let noise = options.noise.clone().unwrap_or_else(|| RowNoise::relative(data, OPERATOR_MISMATCH));
    let lower = plan.after_early_step();
    let inner = lower.as_ref().unwrap_or(plan);
    let Some(crossover) = Crossover::new(inner) else { return Ok(linear.clone()) };
    let start = if lower.is_some() { plan.downsampled_early(&linear.samples) } else { linear.samples.clone() };
    let upper = Upper::new(inner, data, &noise, options.trust, &crossover);
    let max_iterations = linear.iterations + options.steps * options.rounds;
    let (mut iterations, mut gradient) = (linear.iterations, 1.0);
    let mut x = start.clone();
    let kept = filtered(&start, |frequency| crossover.linear_gain(frequency));
    let wanted = upper.left_by(&kept, data)?;
    let mut prior = LocalPrior::new(&upper.plan, &crossover);
    let mut dual = Dual::new(&upper.plan, upper.noise.clone());
    let tolerance = RESIDUAL_OVER_NOISE * noise.share_of(data);
    for _ in 0..options.rounds {
        if progress(Progress { iteration: iterations, max_iterations, gradient }).is_break() {
            return Ok(Solution { iterations, stop: Stop::Cancelled, ..linear.clone() });
        }
        prior.learn(&x);
        let found = dual.solve(&prior, &wanted, options.steps, tolerance)?;
        x = kept.iter().zip(found.samples).map(|(kept, found)| kept + found).collect();
        (iterations, gradient) = (iterations + found.steps, found.residual);
    }
    let x = if lower.is_some() { plan.upsampled_early(&x) } else { x };
    let back = put_back(plan, data, x, &noise, options.trust)?;
    Ok(Solution { iterations: iterations + back.iterations, stop: linear.stop, ..back })
}

/// The part of a plan that lies above the crossover, and its noise.
struct Upper {
    plan: Cqt,
    first_row: usize,
    noise: Plane<f64>,
}

impl Upper {
    fn new(
        plan: &Cqt,
        data: &Plane<Complex<f64>>,
        noise: &RowNoise,
        trust: Option<&Plane<f64>>,
        crossover: &Crossover,
    ) -> Self {
        let first_bin = crossover.first_bin(plan);
        let upper = plan.upper_octaves(first_bin);
        let (rows, frames) = upper.shape();
        let first_row = plan.shape().0 - rows;
        let loudest = data.as_slice().iter().map(Complex::norm_sqr).fold(0.0, f64::max);
        let noise = Plane::from_fn(rows, frames, |k, t| {
            let row = first_row + k;
            let trust = trust.map_or(1.0, |trust| trust[(row, t)]);
            // Rows below the crossover are not held to the data: the linear solution answers for them.
            if row < first_bin || trust <= 0.0 {
                f64::INFINITY
            } else {
                (0.5 * noise.0[row] / trust).max(f64::EPSILON * f64::EPSILON * loudest).max(f64::MIN_POSITIVE)
            }
        });
        Self { plan: upper, first_row, noise }
    }

    /// What a signal leaves unexplained of the data.
    fn left_by(&self, x: &[f64], data: &Plane<Complex<f64>>) -> Result<Plane<Complex<f64>>, TransformError> {
        let made = self.plan.forward(x)?;
        let (rows, frames) = self.plan.shape();
        Ok(Plane::from_fn(rows, frames, |k, t| {
            let held = self.noise[(k, t)].is_finite();
            if held { data[(self.first_row + k, t)] - made[(k, t)] } else { Complex::default() }
        }))
    }
}

/// Adds what least squares finds in what is still unexplained: the determined part comes back to
/// the precision of the linear inverse, and the rest stays.
fn put_back(
    plan: &Cqt,
    data: &Plane<Complex<f64>>,
    mut x: Vec<f64>,
    noise: &RowNoise,
    trust: Option<&Plane<f64>>,
) -> Result<Solution, TransformError> {
    let made = plan.forward(&x)?;
    let left = Plane::from_fn(data.rows(), data.columns(), |k, t| data[(k, t)] - made[(k, t)]);
    let options =
        LeastSquaresOptions { max_iterations: BACK_ITERATIONS, noise: Some(noise.clone()), trust, start: None };
    let correction = least_squares(plan, &left, &options, |_| ControlFlow::Continue(()))?;
    for (x, correction) in x.iter_mut().zip(&correction.samples) {
        *x += correction;
    }
    let level = |plane: &Plane<Complex<f64>>| plane.as_slice().iter().map(Complex::norm_sqr).sum::<f64>();
    let before_db = 10.0 * (level(&left) / level(data).max(f64::MIN_POSITIVE)).max(1e-40).log10();
    Ok(Solution { samples: x, residual_db: before_db + correction.residual_db, ..correction })
}

/// A signal with a gain over frequency (cycles a sample).
fn filtered(x: &[f64], gain: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut filter = SpectralFilter::new(x.len());
    let gains: Vec<f64> = filter.frequencies().map(gain).collect();
    let mut out = vec![0.0; x.len()];
    filter.load(x);
    filter.product(|k| gains[k], &mut out);
    out
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::CqtParams;
    use crate::cqt::testing::{db_from_ratio, noise};

    /// Partials of two notes far above the grid's limit of 1448 Hz, and some below.
    fn notes(samples: usize) -> Vec<f64> {
        (0..samples)
            .map(|i| {
                let secs = i as f64 / 44100.0;
                let note = |hz: f64| (1..=6).map(|h| (TAU * hz * f64::from(h) * secs).sin()).sum::<f64>();
                let fade = (std::f64::consts::PI * i as f64 / samples as f64).sin();
                fade * (if secs < 0.7 { note(523.25) } else { note(622.25) })
            })
            .collect()
    }

    fn solved(plan: &Cqt, data: &Plane<Complex<f64>>, options: &AdaptiveOptions<'_>) -> (Solution, Solution) {
        let go = |_: Progress| ControlFlow::Continue(());
        let least = LeastSquaresOptions { max_iterations: 60, ..LeastSquaresOptions::default() };
        let linear = least_squares(plan, data, &least, go).unwrap();
        let adapted = adaptive(plan, data, &linear, options, go).unwrap();
        (linear, adapted)
    }

    #[test]
    fn finds_partials_that_the_grid_undersamples() {
        let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let x = notes(60_000);
        let plan = Cqt::new(&params, x.len()).unwrap();
        let data = plan.forward(&x).unwrap();
        let (linear, adapted) = solved(&plan, &data, &AdaptiveOptions::default());
        let (linear_db, adapted_db) = (db_from_ratio(&linear.samples, &x), db_from_ratio(&adapted.samples, &x));
        assert!(adapted_db < linear_db - 6.0, "linear {linear_db} dB, adaptive {adapted_db} dB off");
    }

    #[test]
    fn keeps_the_linear_solution_where_the_grid_determines_the_signal() {
        let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let x = filtered(&noise(60_000, 4), |frequency| if frequency < 600.0 / 44100.0 { 1.0 } else { 0.0 });
        let plan = Cqt::new(&params, x.len()).unwrap();
        let data = plan.forward(&x).unwrap();
        let (linear, adapted) = solved(&plan, &data, &AdaptiveOptions::default());
        let (linear_db, adapted_db) = (db_from_ratio(&linear.samples, &x), db_from_ratio(&adapted.samples, &x));
        assert!(adapted_db < linear_db + 0.1, "linear {linear_db} dB, adaptive {adapted_db} dB off");
    }

    #[test]
    fn a_dense_grid_is_left_alone_and_silence_stays() {
        let params = CqtParams { hop: 64, ..CqtParams::default() };
        let x = noise(12_000, 4);
        let plan = Cqt::new(&params, x.len()).unwrap();
        let (linear, adapted) = solved(&plan, &plan.forward(&x).unwrap(), &AdaptiveOptions::default());
        assert_eq!(linear.samples, adapted.samples);

        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 30_000).unwrap();
        let silence = plan.forward(&vec![0.0; 30_000]).unwrap();
        let (_, adapted) = solved(&plan, &silence, &AdaptiveOptions::default());
        assert!(adapted.samples.iter().all(|sample| *sample == 0.0));
    }

    #[test]
    fn noise_and_trust_of_another_shape_are_errors() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 30_000).unwrap();
        let data = plan.forward(&noise(30_000, 4)).unwrap();
        let (linear, _) = solved(&plan, &data, &AdaptiveOptions { rounds: 0, ..AdaptiveOptions::default() });
        let trust = Plane::filled(3, 3, 1.0);
        for options in [
            AdaptiveOptions { noise: Some(RowNoise(vec![1.0; 3])), ..AdaptiveOptions::default() },
            AdaptiveOptions { trust: Some(&trust), ..AdaptiveOptions::default() },
        ] {
            assert!(adaptive(&plan, &data, &linear, &options, |_| ControlFlow::Continue(())).is_err());
        }
    }

    #[test]
    fn cells_without_trust_have_no_say() {
        let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let x = notes(60_000);
        let plan = Cqt::new(&params, x.len()).unwrap();
        let data = plan.forward(&x).unwrap();
        let (rows, frames) = plan.shape();
        let trust = Plane::from_fn(rows, frames, |_, t| if t == 40 { 0.0 } else { 1.0 });
        let spoilt = Plane::from_fn(rows, frames, |k, t| if t == 40 { Complex::new(9.0, 9.0) } else { data[(k, t)] });
        let go = |_: Progress| ControlFlow::Continue(());
        let least = LeastSquaresOptions { max_iterations: 60, trust: Some(&trust), ..LeastSquaresOptions::default() };
        let options = AdaptiveOptions { rounds: 2, trust: Some(&trust), ..AdaptiveOptions::default() };
        let results = [&data, &spoilt].map(|data| {
            let noise = RowNoise::relative(&data.map(|_| Complex::new(1.0, 0.0)), 1e-5);
            let least = LeastSquaresOptions { noise: Some(noise.clone()), ..least.clone() };
            let linear = least_squares(&plan, data, &least, go).unwrap();
            adaptive(&plan, data, &linear, &AdaptiveOptions { noise: Some(noise), ..options.clone() }, go).unwrap()
        });
        assert!(results.iter().all(|result| db_from_ratio(&result.samples, &x) < -6.0));
    }
}
