//! Sound from what is seen of its magnitudes.
//!
//! | file | what |
//! |---|---|
//! | `misfit` | how far what is seen lies from what is wanted, and which way to go |
//! | `line` | what is seen along a line of coefficients |
//! | `griffin_lim` | fast Griffin-Lim that scales magnitudes band by band |
//! | `descent` | quasi-Newton steps through the map |

mod descent;
mod griffin_lim;
mod line;
mod misfit;

use std::ops::Range;

use photophone_spectrum::Plane;

use super::consistency::left_db;
use super::constraints::Constraints;
use super::curvature::scale;
use super::first::{first_phase, phasors};
use super::magnitudes::Magnitudes;
use super::options::{PhaseMethod, RetrieveOptions};
use super::retrieve::{Retrieved, silence};
use crate::TransformError;
use crate::analysis::{Analysis, Cells, check_shape};
use crate::error::{MAGNITUDE, check_range};
use crate::observe::Observation;
use crate::vectors::dot;
use crate::watch::{Progress, Step, Stop, Watch};
use descent::ObservedDescent;
use griffin_lim::BandwiseGriffinLim;
use misfit::Misfit;

/// Projections or quasi-Newton steps a round.
const STEPS_A_ROUND: usize = 6;

/// A signal of whose coefficients `observation` sees these magnitudes, rows by frames, as nearly as can be found.
///
/// The smoothest magnitudes that give what is seen ([`Observation::explained`]) and a phase by heap integration, or a random
/// one, make the signal to start from. Where the analysis has an exact inverse, two thirds of the rounds are of fast
/// Griffin-Lim, which scales the signal's own magnitudes row by row: to hold it to those that the start has made up would
/// leave no room to share what is seen between the bins of a row. The others are quasi-Newton steps down the squared distance
/// between what is seen of the signal itself and `seen`, or its ranges. Cost: a forward and an inverse or adjoint transform a
/// step, six steps a round, twice `iterations` rounds.
///
/// `momentum` and `adaptive` of the options have no effect. [`Retrieved::consistency_db`] is of what is seen.
///
/// # Errors
/// [`TransformError`] when a shape is not the plan's or the observation's, or a value is not a number.
pub fn retrieve_observed(
    plan: &dyn Analysis,
    observation: &Observation,
    seen: &Magnitudes<'_>,
    options: &RetrieveOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<Retrieved, TransformError> {
    check(plan, observation, seen)?;
    options.check(plan)?;
    let misfit = Misfit::new(observation, seen);
    let Some(mut samples) = start(plan, &misfit, options, watch)? else { return Ok(silence(plan)) };
    let rounds = if options.method == PhaseMethod::HeapIntegration { 0 } else { options.rounds() };
    let (mut iterations, mut stop) = project(plan, misfit, rounds, &mut samples, watch)?;
    if stop != Stop::Cancelled {
        let mut descent = ObservedDescent::new(plan, misfit, samples)?;
        (iterations, stop) = descend(&mut descent, iterations..rounds, watch)?;
        samples = descent.into_samples();
    }
    let mut cells = plan.forward(&samples)?;
    let mut made = observation.of(&cells)?;
    if left_db(&made, seen.values) > 0.0 {
        // Never further from what is seen than silence: the nearest multiple is not.
        scale_to(&mut samples, &made, seen.values);
        cells = plan.forward(&samples)?;
        made = observation.of(&cells)?;
    }
    let db = left_db(&made, seen.values);
    let phasors = phasors(&cells, None);
    Ok(Retrieved { samples, phasors, consistency_db: db, iterations, last_iterations: 0, stop })
}

/// Refines `samples` by Griffin-Lim in two thirds of so many rounds, where the analysis has an exact inverse; the rounds done
/// and why it ended. The signal left is a projected one.
fn project(
    plan: &dyn Analysis,
    misfit: Misfit<'_>,
    rounds: usize,
    samples: &mut Vec<f64>,
    watch: &mut Watch<'_>,
) -> Result<(usize, Stop), TransformError> {
    let Some(dual) = plan.dual() else { return Ok((0, Stop::IterationLimit)) };
    let mut projections = BandwiseGriffinLim::new(misfit, dual, std::mem::take(samples));
    let (mut done, mut stop) = (0, Stop::IterationLimit);
    while done < 2 * rounds / 3 && stop != Stop::Cancelled {
        if watch.tell(Progress::of(Step::Retrieval, done, rounds, 1.0)).is_break() {
            stop = Stop::Cancelled;
        } else {
            for _ in 0..STEPS_A_ROUND {
                projections.step()?;
            }
            done += 1;
        }
    }
    samples.extend_from_slice(projections.samples());
    Ok((done, stop))
}

/// Takes the steps of these rounds; the rounds done in all and why it ended.
fn descend(
    descent: &mut ObservedDescent<'_>,
    rounds: Range<usize>,
    watch: &mut Watch<'_>,
) -> Result<(usize, Stop), TransformError> {
    let Range { end, .. } = rounds;
    for round in rounds {
        let now = Progress::of(Step::Retrieval, round, end, descent.share_left());
        if watch.tell(now).is_break() {
            return Ok((round, Stop::Cancelled));
        }
        for _ in 0..STEPS_A_ROUND {
            if !descent.step()? {
                return Ok((round, Stop::Converged));
            }
        }
    }
    Ok((end, if end == 0 { Stop::Converged } else { Stop::IterationLimit }))
}

/// The signal to start from, at the gain that comes nearest to what is seen; `None` where the caller has stopped it.
fn start(
    plan: &dyn Analysis,
    misfit: &Misfit<'_>,
    options: &RetrieveOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<Option<Vec<f64>>, TransformError> {
    let mut stopped = || watch.tell(Progress::of(Step::Preparing, 0, options.rounds(), 1.0)).is_break();
    let values = misfit.observation.explained(misfit.seen.values)?;
    if stopped() {
        return Ok(None);
    }
    let magnitudes = Magnitudes::exact(&values);
    let constraints = Constraints { magnitudes: &magnitudes, known: None };
    let Some(phasors) = first_phase(plan, constraints, (options, false), stopped)? else { return Ok(None) };
    let (bins, frames) = plan.shape();
    let cells: Cells = Plane::from_fn(bins, frames, |k, t| phasors[(k, t)] * values[(k, t)]);
    let mut samples = vec![0.0; plan.samples()];
    match plan.dual() {
        Some(mut dual) => dual.synthesise(&cells, &mut samples)?,
        None => plan.worker().adjoint(&cells, &mut samples)?,
    }
    let made = misfit.observation.of(&plan.forward(&samples)?)?;
    scale_to(&mut samples, &made, misfit.seen.values);
    Ok(Some(samples))
}

/// Scales a signal of which `made` is seen to come as near to `wanted` as it can.
fn scale_to(samples: &mut [f64], made: &Plane<f64>, wanted: &Plane<f64>) {
    let gain = dot(made.as_slice(), wanted.as_slice()) / dot(made.as_slice(), made.as_slice());
    let gain = if gain.is_finite() { gain } else { 0.0 };
    scale(samples, gain);
}

fn check(plan: &dyn Analysis, observation: &Observation, seen: &Magnitudes<'_>) -> Result<(), TransformError> {
    let (rows, bins) = observation.map().shape();
    let frames = plan.shape().1;
    check_shape(plan.shape(), "the observation", (bins, frames))?;
    check_shape((rows, frames), "what is seen", seen.values.shape())?;
    check_range("what is seen", seen.values.as_slice(), MAGNITUDE)?;
    let Some(intervals) = seen.intervals else { return Ok(()) };
    check_shape((rows, frames), "the ranges", intervals.low.shape())?;
    check_shape((rows, frames), "the ranges", intervals.high.shape())?;
    check_range("the lower ends of the ranges", intervals.low.as_slice(), MAGNITUDE)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::inverse::Intervals;
    use crate::observe::MelParams;
    use crate::testing::noise;
    use crate::{Stft, StftParams, StopFlag};

    const SAMPLES: usize = 12_000;

    fn stft() -> StftParams {
        StftParams { n_fft: 512, win_length: 512, hop: 128, ..StftParams::default() }
    }

    /// Gliding partials, a click and some noise.
    fn sound() -> Vec<f64> {
        let hiss = noise(SAMPLES, 8);
        let partial = |h: f64, at: f64| (0.1 * h * at * (1.0 + at / 60_000.0)).sin() / h;
        let mut samples: Vec<f64> =
            (0..SAMPLES).map(|i| partial(1.0, i as f64) + partial(2.0, i as f64) + 0.02 * hiss[i]).collect();
        samples[5000] += 3.0;
        samples
    }

    fn seen_of(plan: &Stft, observation: &Observation) -> Plane<f64> {
        observation.of(&plan.forward(&sound()).unwrap()).unwrap()
    }

    #[test]
    fn the_sound_found_has_the_mel_spectrogram_wanted() {
        let plan = Stft::new(&stft(), SAMPLES).unwrap();
        for power in [1.0, 2.0, 3.0] {
            let observation = MelParams { bands: 64, power, ..MelParams::default() }.observation(&stft()).unwrap();
            let seen = seen_of(&plan, &observation);
            let options = RetrieveOptions::default();
            let found =
                retrieve_observed(&plan, &observation, &Magnitudes::exact(&seen), &options, &mut Watch::default())
                    .unwrap();
            assert!(found.consistency_db < -35.0, "power {power}: {} dB", found.consistency_db);
            let own = observation.of(&plan.forward(&found.samples).unwrap()).unwrap();
            assert_eq!(left_db(&own, &seen), found.consistency_db);
        }
    }

    #[test]
    fn frames_that_do_not_overlap_have_a_sound_too() {
        let params = StftParams { hop: 600, ..stft() };
        let plan = Stft::new(&params, SAMPLES).unwrap();
        assert!(plan.dual().is_none());
        let observation = MelParams { bands: 64, ..MelParams::default() }.observation(&params).unwrap();
        let seen = seen_of(&plan, &observation);
        let options = RetrieveOptions::default();
        let found =
            retrieve_observed(&plan, &observation, &Magnitudes::exact(&seen), &options, &mut Watch::default()).unwrap();
        assert!(found.consistency_db < -35.0, "{} dB", found.consistency_db);
    }

    #[test]
    fn what_lies_in_its_range_is_left_there() {
        let plan = Stft::new(&stft(), SAMPLES).unwrap();
        let observation = MelParams { bands: 64, ..MelParams::default() }.observation(&stft()).unwrap();
        let truth = seen_of(&plan, &observation);
        // Levels in steps of 2 dB: their centres are off, their ranges are not.
        let step = |value: f64, by: f64| 10f64.powf(0.1 * (by + (10.0 * value.max(1e-4).log10()).floor()));
        let centres = truth.map(|value| step(*value, 0.5));
        let intervals =
            Intervals { low: truth.map(|value| step(*value, 0.0)), high: truth.map(|value| step(*value, 1.0)) };
        let ranges = Magnitudes { values: &centres, intervals: Some(&intervals) };
        let off = |seen: &Magnitudes<'_>| {
            let found =
                retrieve_observed(&plan, &observation, seen, &RetrieveOptions::default(), &mut Watch::default())
                    .unwrap();
            let made = observation.of(&plan.forward(&found.samples).unwrap()).unwrap();
            let beyond = |(cell, made): (usize, &f64)| (ranges.nearest(cell, *made) - made).powi(2);
            made.as_slice().iter().enumerate().map(beyond).sum::<f64>()
        };
        let (by_range, by_centre) = (off(&ranges), off(&Magnitudes::exact(&centres)));
        assert!(by_range < 0.5 * by_centre, "{by_range} {by_centre}");
    }

    #[test]
    fn stops_when_told_and_refuses_what_does_not_fit() {
        let plan = Stft::new(&stft(), SAMPLES).unwrap();
        let observation = MelParams { bands: 64, ..MelParams::default() }.observation(&stft()).unwrap();
        let seen = seen_of(&plan, &observation);
        let options = RetrieveOptions::default();
        for at in [0, 3] {
            let mut stop = |now: Progress| {
                let reached = now.step == Step::Retrieval && now.iteration >= at;
                if reached { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let watch = &mut Watch::new(&mut stop, &StopFlag::default());
            let found = retrieve_observed(&plan, &observation, &Magnitudes::exact(&seen), &options, watch).unwrap();
            assert_eq!((found.stop, found.iterations), (Stop::Cancelled, at));
        }
        let other = MelParams::default().observation(&StftParams::default()).unwrap();
        let refused = |observation: &Observation, seen: &Plane<f64>| {
            retrieve_observed(&plan, observation, &Magnitudes::exact(seen), &options, &mut Watch::default()).is_err()
        };
        assert!(refused(&other, &seen));
        assert!(refused(&observation, &seen.columns_between(0, 9)));
        assert!(refused(&observation, &seen.map(|value| value - 1e9)));
        let silent = seen.map(|_| 0.0);
        let found =
            retrieve_observed(&plan, &observation, &Magnitudes::exact(&silent), &options, &mut Watch::default())
                .unwrap();
        assert!(found.samples.iter().all(|sample| *sample == 0.0));
    }
}
