//! Sound from magnitudes.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::consistency::{consistency_db, energy, nearest_gain};
use super::constraints::Constraints;
use super::finish::{Found, noise, usual_iterations};
use super::first::{first_phase, phasors};
use super::magnitudes::{KnownPhase, Magnitudes};
use super::options::{PhaseMethod, RetrieveOptions};
use super::overlap::Accelerated;
use super::projection::Projection;
use super::refine::{Rounds, refine};
use crate::TransformError;
use crate::analysis::{Analysis, Cells, Dual};
use crate::watch::{Progress, Step, Stop, Watch};

/// Misfit, as a share of the data, that a phase from heap integration has: some -20 dB. It is the
/// noise that keeps least squares from making up what the grid says little about.
const FIRST_MISFIT: f64 = 0.1;

/// Steps that turn the first phase into a signal. More fit its errors.
const FIRST_STEPS: usize = 10;

/// A sound found from magnitudes.
#[derive(Clone, Debug)]
pub struct Retrieved {
    /// The signal, of the plan's length.
    pub samples: Vec<f64>,
    /// Phasors of the signal's coefficients, the known ones where phase was known, and 1 where a
    /// coefficient is 0.
    pub phasors: Plane<Complex<f64>>,
    /// Spectral convergence on the grid: `20 log10(| |Ax| - M | / |M|)` for the values of the
    /// magnitudes. Where the grid undersamples, a small one does not mean that the sound is right.
    pub consistency_db: f64,
    /// Rounds done.
    pub iterations: usize,
    /// Iterations of the solves at the end.
    pub last_iterations: usize,
    /// Why it ended.
    pub stop: Stop,
}

/// A signal whose coefficients have these magnitudes, as nearly as can be found.
///
/// Heap integration (or random phase) gives the phase to start from, and accelerated Griffin-Lim refines it. Where the
/// analysis has an exact inverse that is the projection, and all there is: three transforms and inverses a round, and twice
/// the rounds. Elsewhere the projection is regularised least squares at the rate after early downsampling; as many rounds
/// of quasi-Newton steps follow, and at last the phase found and the magnitudes go through
/// [`least_squares`](crate::inverse::least_squares) and, if asked for, the [`adaptive`](crate::inverse::adaptive) inverse,
/// with the residual left as the noise: two forward and two adjoint transforms a round of Griffin-Lim, five of each a round
/// of quasi-Newton steps. Known phase is kept throughout. Deterministic for a seed.
///
/// # Errors
/// A shape that is not the plan's, or a value that is not a number.
pub fn retrieve(
    plan: &dyn Analysis,
    magnitudes: &Magnitudes<'_>,
    known: Option<KnownPhase<'_>>,
    options: &RetrieveOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<Retrieved, TransformError> {
    magnitudes.check(plan)?;
    known.map_or(Ok(()), |known| known.check(plan))?;
    options.check(plan)?;
    let constraints = Constraints { magnitudes, known };
    let dual = plan.dual();
    // The rounds of an exact inverse mend what relaxation would, as well or better (of ten sounds 1.5 dB better to 0.4 worse).
    let relaxes = dual.is_none() || rounds_by_dual(options) == 0 || known.is_some();
    let stopped = || watch.tell(preparing(options)).is_break();
    let Some(start) = first_phase(plan, constraints, (options, relaxes), stopped)? else {
        return Ok(silence(plan));
    };
    let (bins, frames) = plan.shape();
    let first = Plane::from_fn(bins, frames, |k, t| start[(k, t)] * magnitudes.values[(k, t)]);
    let open = constraints.share_without_phase();
    let signal = match dual {
        // Where all phase is known the solve at the end is all there is to do.
        Some(mut dual) if open > 0.0 => overlapped(&mut *dual, &first, constraints, options, watch)?,
        _ => solved(plan, first, (constraints, open), options, watch)?,
    };
    let Signal { mut samples, iterations, last_iterations, stop } = signal;
    let mut cells = plan.forward(&samples)?;
    let mut left_db = consistency_db(&cells, magnitudes);
    if left_db > 0.0 {
        // Never further from the magnitudes than silence: the nearest multiple is not.
        let gain = nearest_gain(&cells, magnitudes);
        for sample in &mut samples {
            *sample *= gain;
        }
        cells = plan.forward(&samples)?;
        left_db = consistency_db(&cells, magnitudes);
    }
    let phasors = phasors(&cells, known);
    Ok(Retrieved { samples, phasors, consistency_db: left_db, iterations, last_iterations, stop })
}

/// A signal and how it was come by, as in [`Retrieved`].
struct Signal {
    samples: Vec<f64>,
    iterations: usize,
    last_iterations: usize,
    stop: Stop,
}

/// The signal for an analysis with an exact inverse, from its `first` coefficients.
fn overlapped(
    dual: &mut dyn Dual,
    first: &Cells,
    constraints: Constraints<'_>,
    options: &RetrieveOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<Signal, TransformError> {
    let mut samples = vec![0.0; dual.samples()];
    dual.synthesise(first, &mut samples)?;
    let rounds = rounds_by_dual(options);
    if rounds == 0 {
        return Ok(Signal { samples, iterations: 0, last_iterations: 0, stop: Stop::Converged });
    }
    let accelerated = Accelerated { constraints, rounds, momentum: options.momentum };
    let (iterations, stop) = accelerated.refine(dual, &mut samples, watch)?;
    Ok(Signal { samples, iterations, last_iterations: 0, stop })
}

/// Rounds for an analysis with an exact inverse.
fn rounds_by_dual(options: &RetrieveOptions<'_>) -> usize {
    if options.method == PhaseMethod::HeapIntegration { 0 } else { options.rounds() }
}

/// The signal for any analysis, from its `first` coefficients, `open` being the share without phase.
fn solved(
    plan: &dyn Analysis,
    first: Cells,
    (constraints, open): (Constraints<'_>, f64),
    options: &RetrieveOptions<'_>,
    watch: &mut Watch<'_>,
) -> Result<Signal, TransformError> {
    let magnitudes = constraints.magnitudes;
    let shares = Shares::new(options, open);
    let slower = plan.slower();
    let noise = noise(&first, magnitudes, FIRST_MISFIT * open);
    let mut projection = Projection::new(slower.as_ref().map_or(plan, |slower| slower.analysis()), &first, &noise);
    projection.approach_until(&first, shares.first, || watch.tell(preparing(options)).is_break())?;
    let (mut target, mut iterations, mut stop) = (first, 0, Stop::Converged);
    if options.method != PhaseMethod::HeapIntegration && open > 0.0 && shares.rounds > 0 {
        let rounds = Rounds { count: shares.rounds, momentum: options.momentum };
        (iterations, stop) = refine(&mut projection, constraints, rounds, watch)?;
        target = constraints.applied_to(&projection.cells);
    }
    let residual = (constraints.residual(&projection.cells) / energy(magnitudes).max(f64::MIN_POSITIVE)).sqrt();
    let Projection { mut samples, .. } = projection;
    if let Some(slower) = &slower {
        samples = slower.prolong(&samples);
    }
    if stop == Stop::Cancelled {
        return Ok(Signal { samples, iterations, last_iterations: 0, stop });
    }
    let found = Found { target: &target, magnitudes, residual, open, most: shares.last };
    let last = found.finished(plan, &samples, options.adaptive, watch)?;
    if last.stop == Stop::Cancelled {
        stop = Stop::Cancelled;
    }
    Ok(Signal { samples: last.samples, iterations, last_iterations: last.iterations, stop })
}

/// What is reported before the first round.
fn preparing(options: &RetrieveOptions<'_>) -> Progress {
    Progress::of(Step::Preparing, 0, options.rounds(), 1.0)
}

/// What each part of a retrieval may take of the iterations.
struct Shares {
    first: usize,
    /// Rounds of Griffin-Lim, and of quasi-Newton steps.
    rounds: usize,
    last: usize,
}

impl Shares {
    /// A fifth at each end, at least an iteration at the last one, and the rest to the rounds.
    fn new(options: &RetrieveOptions<'_>, open: f64) -> Self {
        let most = options.most;
        let first = FIRST_STEPS.min(most / 5);
        let last = usual_iterations(open, options.adaptive);
        let rounds = options.iterations.min(most.saturating_sub(first + last.min(most.div_ceil(5))) / 2);
        Self { first, rounds, last: most.saturating_sub(first + 2 * rounds) }
    }
}

/// What there is where the caller stopped before the first round.
pub(super) fn silence(plan: &dyn Analysis) -> Retrieved {
    let (bins, frames) = plan.shape();
    Retrieved {
        samples: vec![0.0; plan.samples()],
        phasors: Plane::filled(bins, frames, Complex::new(1.0, 0.0)),
        consistency_db: 0.0,
        iterations: 0,
        last_iterations: 0,
        stop: Stop::Cancelled,
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use std::f64::consts::TAU;

    use super::*;
    use crate::inverse::{Intervals, LeastSquaresOptions, least_squares};
    use crate::testing::{db_from_ratio, noise};
    use crate::{Cqt, CqtParams, StopFlag};

    fn plan() -> Cqt {
        let params = CqtParams { bins: 36, fmin_hz: 110.0, hop: 256, ..CqtParams::default() };
        Cqt::new(&params, 22050).unwrap()
    }

    /// Gliding partials and some noise.
    fn sound(plan: &Cqt) -> Vec<f64> {
        let hiss = noise(plan.samples(), 8);
        (0..plan.samples())
            .map(|i| {
                let secs = i as f64 / plan.params().sr;
                let swell = (std::f64::consts::PI * secs).sin();
                let partial = |h: f64| (TAU * h * (180.0 * secs + 15.0 * secs * secs)).sin() / h;
                swell * (partial(1.0) + partial(2.0) + partial(3.0)) + 0.01 * hiss[i]
            })
            .collect()
    }

    fn run(values: &Plane<f64>, known: Option<KnownPhase<'_>>, options: &RetrieveOptions<'_>) -> Retrieved {
        retrieve(&plan(), &Magnitudes::exact(values), known, options, &mut Watch::default()).unwrap()
    }

    fn with(method: PhaseMethod, iterations: usize) -> RetrieveOptions<'static> {
        RetrieveOptions { method, iterations, ..RetrieveOptions::default() }
    }

    fn magnitudes() -> (Cells, Plane<f64>) {
        let coefficients = plan().forward(&sound(&plan())).unwrap();
        let values = coefficients.map(|value| value.norm());
        (coefficients, values)
    }

    #[test]
    fn heap_integration_beats_random_phase_and_refining_beats_both() {
        let (_, values) = magnitudes();
        let random = run(&values, None, &with(PhaseMethod::GriffinLim, 0)).consistency_db;
        let heap = run(&values, None, &with(PhaseMethod::HeapIntegration, 0)).consistency_db;
        let refined = run(&values, None, &with(PhaseMethod::Refined, 12)).consistency_db;
        assert!(heap < random - 10.0 && refined < heap - 5.0, "random {random}, heap {heap}, refined {refined} dB");
    }

    #[test]
    fn what_is_reported_is_what_the_samples_show() {
        // An iterate that ran ahead and was not projected would not have these phasors.
        let (_, values) = magnitudes();
        let found = run(&values, None, &with(PhaseMethod::Refined, 6));
        let cells = plan().forward(&found.samples).unwrap();
        for (cell, phasor) in cells.as_slice().iter().zip(found.phasors.as_slice()) {
            assert!((cell - phasor * cell.norm()).norm() <= 1e-12 * cell.norm());
        }
        assert_eq!(found.consistency_db, consistency_db(&cells, &Magnitudes::exact(&values)));
    }

    #[test]
    fn the_true_phase_gives_the_true_sound_and_part_of_it_helps() {
        let (coefficients, values) = magnitudes();
        let phasors = coefficients.map(|value| value / value.norm().max(1e-300));
        let truth = least_squares(&plan(), &coefficients, &LeastSquaresOptions::default(), &mut Watch::default())
            .unwrap()
            .samples;
        let off = |share: usize| {
            let trust = Plane::from_fn(values.rows(), values.columns(), |_, t| if t < share { 1.0 } else { 0.0 });
            let known = KnownPhase { phasors: &phasors, trust: &trust };
            db_from_ratio(&run(&values, Some(known), &with(PhaseMethod::Refined, 12)).samples, &truth)
        };
        let (none, half, all) = (off(0), off(45), off(1000));
        assert!(all < -60.0 && half < none - 1.0, "none {none}, half {half}, all {all} dB");
    }

    #[test]
    fn scattered_known_phase_does_no_harm() {
        // Integrating on from each known cell leaves seams, which refining does not mend. The grid's own
        // magnitudes do not tell all, so a grid eight times as dense is looked at too.
        let (coefficients, values) = magnitudes();
        let phasors = coefficients.map(|value| value / value.norm().max(1e-300));
        let dice = noise(values.as_slice().len(), 5);
        let frames = values.columns();
        let dense = Cqt::new(&CqtParams { hop: 32, ..*plan().params() }, plan().samples()).unwrap();
        let truth = dense.forward(&sound(&plan())).unwrap().map(|value| value.norm());
        let off = |least: f64| {
            let trust = Plane::from_fn(values.rows(), frames, |k, t| f64::from(u8::from(dice[k * frames + t] > least)));
            let known = KnownPhase { phasors: &phasors, trust: &trust };
            let found = run(&values, Some(known), &with(PhaseMethod::Refined, 12));
            let sound_db = consistency_db(&dense.forward(&found.samples).unwrap(), &Magnitudes::exact(&truth));
            (found.consistency_db, sound_db)
        };
        let (none, some, more) = (off(f64::INFINITY), off(0.8), off(0.0));
        assert!(some.0 < none.0 + 0.5 && some.1 < none.1 + 0.1, "without {none:?}, with {some:?} dB");
        assert!(more.1 < some.1 - 3.0, "with a tenth {some:?}, with half {more:?} dB");
    }

    #[test]
    fn a_phase_to_start_from_is_resumed() {
        let (coefficients, values) = magnitudes();
        let first = with(PhaseMethod::GriffinLim, 4);
        let random = run(&values, None, &first);
        let resumed = run(&values, None, &RetrieveOptions { start: Some(&random.phasors), ..first });
        let (before, after) = (random.consistency_db, resumed.consistency_db);
        assert!(after < before - 0.5, "{before} dB, resumed {after} dB");
        let truth = run(&values, None, &RetrieveOptions { start: Some(&coefficients), ..first });
        assert!(truth.consistency_db < -40.0, "{} dB from the true phase", truth.consistency_db);
        let refused = RetrieveOptions { momentum: f64::NAN, ..first };
        assert!(retrieve(&plan(), &Magnitudes::exact(&values), None, &refused, &mut Watch::default()).is_err());
    }

    #[test]
    fn the_same_seed_gives_the_same_sound() {
        let (_, values) = magnitudes();
        let found = |seed| run(&values, None, &RetrieveOptions { seed, ..with(PhaseMethod::GriffinLim, 3) }).samples;
        assert_eq!(found(4), found(4));
        assert_ne!(found(4), found(5));
    }

    #[test]
    fn can_be_cancelled_at_any_round() {
        let (_, values) = magnitudes();
        for at in [0, 2, 7] {
            let mut progress =
                |now: Progress| if now.iteration >= at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            let watch = &mut Watch::new(&mut progress, &StopFlag::default());
            let found =
                retrieve(&plan(), &Magnitudes::exact(&values), None, &with(PhaseMethod::Refined, 6), watch).unwrap();
            assert_eq!((found.stop, found.iterations), (Stop::Cancelled, at));
            assert_eq!(found.samples.len(), plan().samples());
        }
    }

    #[test]
    fn silence_one_row_and_one_frame_work() {
        let (rows, frames) = plan().shape();
        let found = run(&Plane::filled(rows, frames, 0.0), None, &RetrieveOptions::default());
        assert!(found.samples.iter().all(|sample| *sample == 0.0) && found.consistency_db == 0.0);
        for (bins, samples) in [(1, 11025), (12, 200)] {
            let params = CqtParams { bins, fmin_hz: 440.0, ..CqtParams::default() };
            let plan = Cqt::new(&params, samples).unwrap();
            let values = plan.forward(&noise(samples, 1)).unwrap().map(|value| value.norm());
            let found =
                retrieve(&plan, &Magnitudes::exact(&values), None, &RetrieveOptions::default(), &mut Watch::default())
                    .unwrap();
            assert!(found.samples.iter().all(|sample| sample.is_finite()));
        }
    }

    #[test]
    fn intervals_cost_little() {
        let (_, values) = magnitudes();
        let loudest = values.as_slice().iter().copied().fold(0.0, f64::max);
        let magnitude = |level: f64| loudest * 10f64.powf(4.0 * (level / 256.0 - 1.0));
        let level = |value: f64| (256.0 * (1.0 + (value / loudest).log10() / 4.0)).floor().clamp(0.0, 255.0);
        let low = values.map(|value| if level(*value) > 0.0 { magnitude(level(*value)) } else { 0.0 });
        let high = values.map(|value| magnitude(level(*value) + 1.0));
        let centres = values.map(|value| magnitude(level(*value) + 0.5));
        let quantised = Magnitudes { values: &centres, intervals: Some(&Intervals { low, high }) };
        let options = with(PhaseMethod::Refined, 12);
        let found = retrieve(&plan(), &quantised, None, &options, &mut Watch::default()).unwrap();
        let cells = plan().forward(&found.samples).unwrap();
        let (with_steps, exact) = (consistency_db(&cells, &Magnitudes::exact(&values)), run(&values, None, &options));
        assert!(with_steps < exact.consistency_db.max(-30.0) + 3.0, "{with_steps} {}", exact.consistency_db);
    }
}
