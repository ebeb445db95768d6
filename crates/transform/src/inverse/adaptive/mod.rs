//! Beyond the grid's limit: the most likely signal under a prior learnt from the signal itself.
//!
//! | file | what |
//! |---|---|
//! | `crossover` | where the grid determines the signal, and where a prior has to help |
//! | `options` | how it works |
//! | `frame` | a tight short-time Fourier frame |
//! | `windows` | the windows of local spectra, and where each has a share |
//! | `component` | the covariance of one window, learnt from the last estimate's local spectrum |
//! | `prior` | those of all windows together |
//! | `gram` | what the rows of a frame are expected to have in common: how far they tell a power, and a preconditioner |
//! | `noise` | how far the data are believed: the noise told, and what the linear inverse leaves unexplained |
//! | `rounds` | learning and solving in turn |
//! | `dual` | the most likely signal under that prior |
//! | `upper` | the part of the grid where this happens |
//! | `tonality` | how far what was learnt is to be believed |

mod component;
mod crossover;
mod dual;
mod frame;
mod gram;
mod noise;
mod options;
mod prior;
mod rounds;
mod tonality;
mod upper;
mod windows;

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::carried::carried;
use super::filter::{filtered, filtered_mirrored};
use super::least_squares::{LeastSquaresOptions, Solution, check, least_squares};
use super::noise::RowNoise;
use crate::analysis::Analysis;
use crate::random::RandomPhases;
use crate::vectors::{difference, power, sum};
use crate::watch::{Progress, Step, Stop, Watch};
use crate::{StopFlag, TransformError};
use component::Above;
use crossover::Crossover;
use noise::{noise_of, told};
pub use options::AdaptiveOptions;
use options::{BACK_ITERATIONS, FEW_ROUNDS, LAST_ROUND, NOISE_ITERATIONS};
use rounds::{Fixed, Rounds};
use upper::Upper;
use windows::{Window, usual};

/// Share of the noise to which each round is solved.
const RESIDUAL_OVER_NOISE: f64 = 0.1;

/// The least noise of a cell, as a share of its row's. The quiet cells of a decibel scale are far more
/// exact than the loud ones; held to that fully, speech comes back 0.4 dB worse.
const LEAST_OF_ROW: f64 = 0.25;

/// Share of what is left that putting back may leave.
const BACK_SHARE: f64 = 0.1;

/// Improves a linear solution where the grid undersamples.
///
/// Above the frequency where frames become scarce many signals have the same coefficients. Least
/// squares takes the smallest of them, which spreads each partial over all places that it could
/// have come from. This takes the most likely one under a Gaussian process whose local power is
/// that of the last estimate, over the share of it that the data determine, round by round: power that is concentrated
/// stays so (sparse Bayesian learning: Tipping 2001). Where the grid determines the signal the linear solution is kept,
/// and at last the result is put back onto the data by least squares.
///
/// Not every sound is concentrated. Where the linear solution's spectrum is as flat as noise's, it is
/// kept.
///
/// Of exact data, sound above the highest bin is looked for too where it is louder than what lies just below or leaves the
/// estimate less spread: it is then taken to be as much louder as it is heard less. The linear solution is also kept where the
/// result has more power than the frames leave open.
///
/// Where the grid carries all bins the linear solution is returned as it is. Deterministic. Cost:
/// a round is up to 60 forward and adjoint transforms of the upper octaves and as many short-time
/// transforms of each window, the last 300; 100 to 600 in all. Memory: in proportion to the samples.
///
/// # Errors
/// A shape that is not the plan's, or a value that is not a number.
pub fn adaptive(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    linear: &Solution,
    options: &AdaptiveOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    let asked = LeastSquaresOptions { trust: options.trust, ..LeastSquaresOptions::default() };
    check(plan, data, &asked)?;
    plan.check_samples("the linear solution", linear.samples.len())?;
    if let Some(intervals) = options.intervals {
        intervals.check(plan)?;
    }
    options.noise.map_or(Ok(()), |noise| plan.check_shape("the noise", noise.shape()))?;
    let slower = plan.slower();
    let inner = slower.as_ref().map_or(plan, |slower| slower.analysis());
    let restrict = |x: &[f64]| slower.as_ref().map_or_else(|| x.to_vec(), |slower| slower.restrict(x));
    let Some(crossover) = Crossover::new(inner) else { return Ok(linear.clone()) };
    if linear.samples.iter().all(|sample| *sample == 0.0) {
        // Of silence there is nothing to learn.
        return Ok(linear.clone());
    }
    let cancelled = || Solution { stop: Stop::Cancelled, ..linear.clone() };
    let done = linear.iterations;
    // Preparing takes as long as many iterations, so the caller is asked before and during it too.
    if watch.tell(Progress::of(Step::Preparing, done, done + options.steps, 1.0)).is_break() {
        return Ok(cancelled());
    }
    let start = restrict(&linear.samples);
    let noise = noise_of(plan, data, linear, options)?;
    let rows = RowNoise::from_cells(&noise);
    let job = Job { data, options, tolerance: RESIDUAL_OVER_NOISE * rows.share_of(data), done: linear.iterations };
    let upper = Upper::new(inner, data, &no_less_than(&noise, &rows), options.trust, &crossover);
    // An offset ends in a step that has all frequencies: none of it is to be learnt from.
    let rates = plan.channels().sample_rate_hz / inner.channels().sample_rate_hz;
    let low = filtered_mirrored(&linear.samples, |frequency| crossover.below_all_gain(frequency * rates));
    let low = restrict(&low);
    let Some((x, steps)) = job.refine(inner, &upper, &crossover, (&start, &low), watch)? else {
        return Ok(cancelled());
    };
    if x.iter().any(|sample| !sample.is_finite()) {
        // A solve that ends in no numbers has told nothing.
        return Ok(linear.clone());
    }
    // Only what was learnt changes the rate: what reaches up to the ends would be cut off there.
    let step = difference(&x, &start);
    let step = slower.as_ref().map_or_else(|| step.clone(), |slower| slower.prolong(&step));
    let x = sum(&linear.samples, &step);
    // What the linear inverse could not explain is no noise of what is put back: least squares has it all to explain.
    let back = put_back(plan, &x, &RowNoise::from_cells(&told(data, options)), &job, watch)?;
    let is_better = back.residual_db <= linear.residual_db.max(0.0) && is_plausible(plan, linear, &back);
    if !is_better && back.stop != Stop::Cancelled {
        return Ok(linear.clone());
    }
    let stop = if back.stop == Stop::Cancelled { back.stop } else { linear.stop };
    Ok(Solution { iterations: linear.iterations + steps + back.iterations, stop, ..back })
}

/// Whether no more power was added up to the highest bin than the frames leave open: of each bin's they determine at
/// least the least share, and the linear solution has that. On a grid of a few frames a prior can learn nonsense. Above
/// the bins a sound may well be far louder than what is heard of it.
fn is_plausible(plan: &dyn Analysis, linear: &Solution, adapted: &Solution) -> bool {
    let channels = plan.channels();
    let top = channels.rows[channels.rows.len() - 1].centre_hz / channels.sample_rate_hz;
    let within = |x: &Solution| power(&filtered(&x.samples, |frequency| f64::from(u8::from(frequency <= top))));
    let share = carried(plan).bins.iter().map(|bin| bin.carried).fold(1.0, f64::min);
    share * within(adapted) <= within(linear)
}

/// What is to be done.
struct Job<'a> {
    data: &'a Plane<Complex<f64>>,
    options: &'a AdaptiveOptions<'a>,
    tolerance: f64,
    /// Iterations done before.
    done: usize,
}

impl Job<'_> {
    /// The rounds, at the rate after early downsampling, from a solution whose part below the bins is `low`: the signal
    /// and the steps taken, or `None` if the caller has stopped them.
    fn refine(
        &self,
        plan: &dyn Analysis,
        upper: &Upper<'_>,
        crossover: &Crossover,
        (start, low): (&[f64], &[f64]),
        watch: &mut Watch<'_>,
    ) -> Result<Option<(Vec<f64>, usize)>, TransformError> {
        let AdaptiveOptions { rounds: most, steps, .. } = *self.options;
        let mut watched = |step: usize, gradient: f64| {
            let all = steps * (most + LAST_ROUND);
            let now = Progress::of(Step::Adaptive, self.done + step, self.done + all, gradient);
            watch.tell(Progress { done: step as f64 / all.max(1) as f64, ..now }).is_break()
        };
        let rest = difference(start, low);
        let kept = sum(low, &filtered(&rest, |frequency| crossover.linear_gain(frequency)));
        let wanted = upper.left_by(&kept, self.data)?;
        if watched(0, 1.0) {
            return Ok(None);
        }
        let Some(of_noise) = self.solution_of_noise(plan, &mut watched)? else { return Ok(None) };
        let fixed = Fixed { upper, crossover, low, kept: &kept, steps, tolerance: self.tolerance };
        let mut rounds = Rounds::new(&fixed, vec![Window::alone(usual(plan))], Above::Silent, start);
        let belief = rounds.belief_in(&rest, &of_noise);
        if most > 0 {
            // Within ranges the data follow what was learnt, so that one round does not tell which kind is better.
            let others = self.options.intervals.is_none();
            let Some(first) = rounds.first(others, start, &wanted, &mut watched)? else { return Ok(None) };
            rounds = first;
        }
        // More rounds take noise for more and more partials; they are needed to move loud sound out of the bins.
        let few = if rounds.above == Above::Free { most } else { most.min(FEW_ROUNDS) };
        let last = LAST_ROUND * steps;
        let target = |x: &[f64]| match self.options.intervals {
            Some(intervals) => upper.left_by(&kept, &upper.nearest(intervals, self.data, x)?),
            None => Ok(wanted.clone()),
        };
        for _ in 1..few {
            if rounds.steps + steps > steps * most {
                break;
            }
            match rounds.next(&target(&rounds.x)?, steps, &mut watched)? {
                Some(false) if rounds.above == Above::Free => break,
                Some(_) => {}
                None => return Ok(None),
            }
        }
        if most > 0 && rounds.next(&target(&rounds.x)?, last, &mut watched)?.is_none() {
            return Ok(None);
        }
        let can_tell = upper.can_tell(crossover.unknowns_above(start.len()));
        let kept = |frequency: f64| match rounds.above {
            Above::Free => 1.0,
            Above::Silent if can_tell => crossover.within_reach(frequency),
            Above::Silent => crossover.told_apart(frequency),
        };
        let step = filtered(&difference(&rounds.x, start), |frequency| belief.at(frequency) * kept(frequency));
        Ok(Some((sum(start, &step), rounds.steps)))
    }

    /// What the linear inverse makes of white noise, or `None` if the caller has stopped it.
    fn solution_of_noise(
        &self,
        plan: &dyn Analysis,
        stop: &mut impl FnMut(usize, f64) -> bool,
    ) -> Result<Option<Vec<f64>>, TransformError> {
        let mut random = RandomPhases::new(0);
        let noise: Vec<f64> = (0..plan.samples()).map(|_| random.phasor().re).collect();
        let options = LeastSquaresOptions {
            max_iterations: NOISE_ITERATIONS,
            trust: self.options.trust,
            free_ends: self.options.free_ends,
            ..LeastSquaresOptions::default()
        };
        let mut told = |now: Progress| {
            if stop(0, now.gradient) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let watch = &mut Watch::new(&mut told, &StopFlag::default());
        let found = least_squares(plan, &plan.forward(&noise)?, &options, watch)?;
        Ok((found.stop != Stop::Cancelled).then_some(found.samples))
    }
}

/// Adds what least squares finds in what is still unexplained: the determined part comes back to
/// the precision of the linear inverse, and the rest stays.
fn put_back(
    plan: &dyn Analysis,
    x: &[f64],
    noise: &RowNoise,
    job: &Job<'_>,
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    let made = plan.forward(x)?;
    let moved = job.options.intervals.map(|intervals| intervals.nearest(job.data, &made));
    let data = moved.as_ref().unwrap_or(job.data);
    let left = Plane::from_fn(data.rows(), data.columns(), |k, t| data[(k, t)] - made[(k, t)]);
    // What is left of ranges is what lies outside them: all of it is to be explained.
    let share = RowNoise::relative(&left, BACK_SHARE);
    let noise = RowNoise(noise.0.iter().zip(share.0).map(|(a, b)| a.min(b)).collect());
    let (noise, trust) = (Some(noise), job.options.trust);
    // Below the bins the linear solution has said what stands out of the noise, which is all of what is left there.
    let options = LeastSquaresOptions {
        max_iterations: BACK_ITERATIONS,
        noise,
        trust,
        free_ends: false,
        whiten: true,
        ..LeastSquaresOptions::default()
    };
    let correction = least_squares(plan, &left, &options, watch)?;
    let level = |plane: &Plane<Complex<f64>>| plane.as_slice().iter().map(Complex::norm_sqr).sum::<f64>();
    // A share of the data as they were given: what a range was moved by is not explained.
    let before_db = 10.0 * (level(&left) / level(job.data).max(f64::MIN_POSITIVE)).max(1e-40).log10();
    let samples = sum(x, &correction.samples);
    Ok(Solution { samples, residual_db: before_db + correction.residual_db, ..correction })
}

/// The noise of cells, none below [`LEAST_OF_ROW`] of its row's.
fn no_less_than(cells: &Plane<f64>, rows: &RowNoise) -> Plane<f64> {
    let (count, frames) = cells.shape();
    Plane::from_fn(count, frames, |row, t| cells[(row, t)].max(LEAST_OF_ROW * rows.0[row]))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::testing::{db_from_ratio, noise};
    use crate::{Cqt, CqtParams};

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
        let least = LeastSquaresOptions { max_iterations: 60, ..LeastSquaresOptions::default() };
        let linear = least_squares(plan, data, &least, &mut Watch::default()).unwrap();
        let adapted = adaptive(plan, data, &linear, options, &mut Watch::default()).unwrap();
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
            AdaptiveOptions { noise: Some(&trust), ..AdaptiveOptions::default() },
            AdaptiveOptions { trust: Some(&trust), ..AdaptiveOptions::default() },
        ] {
            assert!(adaptive(&plan, &data, &linear, &options, &mut Watch::default()).is_err());
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
        let least = LeastSquaresOptions { max_iterations: 60, trust: Some(&trust), ..LeastSquaresOptions::default() };
        let options = AdaptiveOptions { rounds: 2, trust: Some(&trust), ..AdaptiveOptions::default() };
        let results = [&data, &spoilt].map(|data| {
            let noise = RowNoise::relative(&data.map(|_| Complex::new(1.0, 0.0)), 1e-5);
            let least = LeastSquaresOptions { noise: Some(noise.clone()), ..least.clone() };
            let linear = least_squares(&plan, data, &least, &mut Watch::default()).unwrap();
            let noise = noise.cells(frames);
            adaptive(
                &plan,
                data,
                &linear,
                &AdaptiveOptions { noise: Some(&noise), ..options.clone() },
                &mut Watch::default(),
            )
            .unwrap()
        });
        assert!(results.iter().all(|result| db_from_ratio(&result.samples, &x) < -6.0));
    }
}
