//! Sound from magnitudes.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::heap::{HeapOptions, heap_integration};
use super::magnitudes::{KnownPhase, Magnitudes};
use super::projection::Projection;
use super::random::RandomPhases;
use super::refine::{Constraints, refine};
use crate::inverse::{
    AdaptiveOptions, LeastSquaresOptions, OPERATOR_MISMATCH, Progress, RowNoise, Solution, Stop, adaptive,
    least_squares,
};
use crate::{Cqt, TransformError};

type Cells = Plane<Complex<f64>>;

/// Misfit, as a share of the data, that a phase from heap integration has: some -20 dB. It is the
/// noise that keeps least squares from making up what the grid says little about.
const FIRST_MISFIT: f64 = 0.1;

/// Steps that turn the first phase into a signal. More fit its errors.
const FIRST_STEPS: usize = 10;

/// Iterations of least squares at the end, and where some phase is known: that is worth more.
const LAST_ITERATIONS: usize = 10;
const LAST_ITERATIONS_KNOWN: usize = 100;

/// Rounds and steps of the adaptive inverse at the end.
const ADAPTIVE_ROUNDS: usize = 2;
const ADAPTIVE_STEPS: usize = 15;

/// Where the phase comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhaseMethod {
    /// Heap integration alone.
    HeapIntegration,
    /// Griffin-Lim from random phase, as librosa does.
    GriffinLim,
    /// Griffin-Lim from heap integration.
    #[default]
    Refined,
}

/// How [`retrieve`] works.
#[derive(Clone, Copy, Debug)]
pub struct RetrieveOptions {
    /// Where the phase comes from. Default: refined.
    pub method: PhaseMethod,
    /// Rounds of Griffin-Lim; a third as many of Gauss-Newton follow. Default: 30.
    pub iterations: usize,
    /// Whether a prior learnt from the signal fills in what the grid undersamples. Default: true.
    pub adaptive: bool,
    /// Where random phases start. Default: 0.
    pub seed: u64,
}

impl Default for RetrieveOptions {
    fn default() -> Self {
        Self { method: PhaseMethod::default(), iterations: 30, adaptive: true, seed: 0 }
    }
}

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
    /// Why it ended.
    pub stop: Stop,
}

/// A signal whose coefficients have these magnitudes, as nearly as can be found.
///
/// Heap integration (or random phase) gives the phase to start from; accelerated Griffin-Lim and
/// Gauss-Newton steps refine it, their projection being regularised least squares at the rate
/// after early downsampling; at last the phase found and the magnitudes go through
/// [`least_squares`] and, if asked for, the [`adaptive`] inverse, with the misfit left as the noise.
/// Known phase is kept throughout. Deterministic for a seed. Cost: two forward and two adjoint
/// transforms a round of Griffin-Lim, eight of each a round of Gauss-Newton.
///
/// # Errors
/// A shape that is not the plan's, or a value that is not a number.
pub fn retrieve(
    plan: &Cqt,
    magnitudes: &Magnitudes<'_>,
    known: Option<KnownPhase<'_>>,
    options: &RetrieveOptions,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Retrieved, TransformError> {
    magnitudes.check(plan)?;
    known.map_or(Ok(()), |known| known.check(plan))?;
    let constraints = Constraints { magnitudes, known };
    let start = first_phase(plan, constraints, options)?;
    let (bins, frames) = plan.shape();
    let first = Plane::from_fn(bins, frames, |k, t| start[(k, t)] * magnitudes.values[(k, t)]);
    let open = share_without_phase(constraints);
    let noise = noise(&first, magnitudes, FIRST_MISFIT * open);
    let lower = plan.after_early_step();
    let mut projection = Projection::new(lower.as_ref().unwrap_or(plan), &first, &noise);
    projection.approach(&first, FIRST_STEPS)?;
    let (mut wanted, mut iterations, mut stop) = (first, 0, Stop::Converged);
    if options.method != PhaseMethod::HeapIntegration && open > 0.0 {
        (iterations, stop) = refine(&mut projection, constraints, options.iterations, &mut progress)?;
        wanted = constraints.applied_to(&projection.cells);
    }
    let share = (constraints.misfit(&projection.cells) / energy(magnitudes).max(f64::MIN_POSITIVE)).sqrt();
    let noise = self::noise(&wanted, magnitudes, share * open);
    let mut samples =
        if lower.is_some() { plan.upsampled_early(&projection.samples) } else { projection.samples.clone() };
    if stop != Stop::Cancelled {
        let max_iterations = if known.is_some() { LAST_ITERATIONS_KNOWN } else { LAST_ITERATIONS };
        let least =
            LeastSquaresOptions { max_iterations, noise: Some(noise.clone()), start: Some(&samples), trust: None };
        let mut last = least_squares(plan, &wanted, &least, &mut progress)?;
        if options.adaptive && last.stop != Stop::Cancelled {
            last = filled_in(plan, &wanted, &last, noise, &mut progress)?;
        }
        if last.stop == Stop::Cancelled {
            stop = Stop::Cancelled;
        }
        samples = last.samples;
    }
    let cells = plan.forward(&samples)?;
    let consistency_db = consistency_db(&cells, magnitudes);
    Ok(Retrieved { phasors: phasors(&cells, known), samples, consistency_db, iterations, stop })
}

fn first_phase(plan: &Cqt, constraints: Constraints<'_>, options: &RetrieveOptions) -> Result<Cells, TransformError> {
    let Constraints { magnitudes, known } = constraints;
    if options.method != PhaseMethod::GriffinLim {
        let heap = HeapOptions { seed: options.seed, ..HeapOptions::default() };
        return heap_integration(plan, magnitudes, known, &heap);
    }
    let mut random = RandomPhases::new(options.seed);
    let (bins, frames) = plan.shape();
    Ok(Plane::from_fn(bins, frames, |k, t| {
        let phasor = random.phasor();
        known.and_then(|known| known.kept(k * frames + t)).unwrap_or(phasor)
    }))
}

fn filled_in(
    plan: &Cqt,
    wanted: &Cells,
    linear: &Solution,
    noise: RowNoise,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, TransformError> {
    let options = AdaptiveOptions { rounds: ADAPTIVE_ROUNDS, steps: ADAPTIVE_STEPS, noise: Some(noise), trust: None };
    adaptive(plan, wanted, linear, &options, progress)
}

/// The larger of a share of each row, the operator's mismatch, and what intervals leave open.
fn noise(data: &Cells, magnitudes: &Magnitudes<'_>, share: f64) -> RowNoise {
    let relative = RowNoise::relative(data, share.max(OPERATOR_MISMATCH));
    let Some((low, high)) = magnitudes.interval else { return relative };
    let variance = |row: usize| {
        let widths = low.row(row).iter().zip(high.row(row)).map(|(low, high)| high - low);
        widths.filter(|width| width.is_finite()).map(|width| width * width / 12.0).sum::<f64>()
            / low.columns().max(1) as f64
    };
    relative.at_least(&RowNoise((0..data.rows()).map(variance).collect()))
}

/// Root of the share of the energy whose phase is not known.
fn share_without_phase(constraints: Constraints<'_>) -> f64 {
    let Constraints { magnitudes, known } = constraints;
    let whole = energy(magnitudes);
    let Some(known) = known else { return 1.0 };
    let values = magnitudes.values.as_slice().iter().enumerate();
    let open: f64 = values.filter(|(cell, _)| known.kept(*cell).is_none()).map(|(_, value)| value * value).sum();
    if whole > 0.0 { (open / whole).sqrt() } else { 0.0 }
}

fn energy(magnitudes: &Magnitudes<'_>) -> f64 {
    magnitudes.values.as_slice().iter().map(|value| value * value).sum()
}

fn consistency_db(cells: &Cells, magnitudes: &Magnitudes<'_>) -> f64 {
    let pairs = cells.as_slice().iter().zip(magnitudes.values.as_slice());
    let misfit: f64 = pairs.map(|(cell, magnitude)| (cell.norm() - magnitude).powi(2)).sum();
    let whole = energy(magnitudes);
    if whole > 0.0 { 10.0 * (misfit / whole).max(1e-40).log10() } else { 0.0 }
}

fn phasors(cells: &Cells, known: Option<KnownPhase<'_>>) -> Cells {
    let (bins, frames) = cells.shape();
    Plane::from_fn(bins, frames, |k, t| {
        let (value, kept) = (cells[(k, t)], known.and_then(|known| known.kept(k * frames + t)));
        kept.unwrap_or(if value.norm() > 0.0 { value / value.norm() } else { Complex::new(1.0, 0.0) })
    })
}
