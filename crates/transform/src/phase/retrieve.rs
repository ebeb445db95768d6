//! Sound from magnitudes: a phase that a signal could have, by alternating projections.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::heap::{HeapOptions, heap_integration};
use super::magnitudes::{KnownPhase, Magnitudes};
use super::projection::Projection;
use super::random::RandomPhases;
use crate::inverse::{LeastSquaresOptions, Progress, RowNoise, Stop, least_squares};
use crate::{Cqt, TransformError};

type Cells = Plane<Complex<f64>>;

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
    /// Rounds of alternating projections. Default: 60.
    pub iterations: usize,
    /// Where random phases start. Default: 0.
    pub seed: u64,
}

impl Default for RetrieveOptions {
    fn default() -> Self {
        Self { method: PhaseMethod::default(), iterations: 60, seed: 0 }
    }
}

/// A sound found from magnitudes.
#[derive(Clone, Debug)]
pub struct Retrieved {
    /// The signal, of the plan's length.
    pub samples: Vec<f64>,
    /// Phasors of the signal's coefficients, and the known ones where phase was known.
    pub phasors: Plane<Complex<f64>>,
    /// Spectral convergence on the grid: `20 log10(| |Ax| - M | / |M|)`, each magnitude held to
    /// its interval.
    pub consistency_db: f64,
    /// Rounds done.
    pub iterations: usize,
    /// Why it ended.
    pub stop: Stop,
}
fn env(k: &str, d: f64) -> f64 { std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d) }

/// A signal whose coefficients have these magnitudes, as nearly as can be found.
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
    let (bins, frames) = plan.shape();
    let start = match options.method {
        PhaseMethod::GriffinLim => {
            let mut random = RandomPhases::new(options.seed);
            Plane::from_fn(bins, frames, |k, t| {
                let phasor = random.phasor();
                known.and_then(|known| known.kept(k * frames + t)).unwrap_or(phasor)
            })
        }
        _ => heap_integration(plan, magnitudes, known, &HeapOptions { seed: options.seed, ..HeapOptions::default() })?,
    };
    let mut wanted = Plane::from_fn(bins, frames, |k, t| start[(k, t)] * magnitudes.values[(k, t)]);
    let noise = RowNoise::relative(&wanted, env("NOISE", 1e-3));
    let lower = plan.after_early_step();
    let inner = lower.as_ref().unwrap_or(plan);
    let mut projection = Projection::new(inner, &wanted, &noise);
    projection.approach(&wanted, env("CG0", 20.0) as usize)?;
    let mut last = projection.cells.clone();
    let alpha = env("ALPHA", 0.99);
    let mut stop = Stop::IterationLimit;
    let mut iterations = 0;
    let rounds = if options.method == PhaseMethod::HeapIntegration { 0 } else { options.iterations };
    while iterations < rounds {
        if progress(Progress { iteration: iterations, max_iterations: rounds, gradient: 0.0 }).is_break() {
            stop = Stop::Cancelled;
            break;
        }
        for cell in 0..bins * frames {
            let now = projection.cells.as_slice()[cell];
            let ahead = now + (now - last.as_slice()[cell]) * alpha;
            wanted.as_mut_slice()[cell] = aim(magnitudes, known, cell, ahead);
        }
        last.as_mut_slice().copy_from_slice(projection.cells.as_slice());
        projection.approach(&wanted, env("CG", 5.0) as usize)?;
        iterations += 1;
    }
    if rounds > 0 {
        for cell in 0..bins * frames {
            wanted.as_mut_slice()[cell] = aim(magnitudes, known, cell, projection.cells.as_slice()[cell]);
        }
        projection.approach(&wanted, env("CGE", 5.0) as usize)?;
    }
    let samples = if lower.is_some() { plan.upsampled_early(&projection.samples) } else { projection.samples.clone() };
    let go = |_: Progress| ControlFlow::Continue(());
    let least = LeastSquaresOptions { max_iterations: env("FIN", 8.0) as usize, noise: Some(noise), trust: None, start: Some(&samples) };
    let samples = least_squares(plan, &wanted, &least, go)?.samples;
    let cells = plan.forward(&samples)?;
    let (mut misfit, mut total) = (0.0, 0.0);
    for (cell, value) in cells.as_slice().iter().enumerate() {
        let magnitude = value.norm();
        misfit += (magnitude - magnitudes.nearest(cell, magnitude)).powi(2);
        total += magnitudes.values.as_slice()[cell].powi(2);
    }
    let consistency_db = if total > 0.0 { 10.0 * (misfit / total).max(1e-40).log10() } else { 0.0 };
    let phasors = cells.map(|v| if v.norm() > 0.0 { v / v.norm() } else { Complex::new(1.0, 0.0) });
    Ok(Retrieved { samples, phasors, consistency_db, iterations, stop })
}

/// The coefficient nearest to `value` that a cell can have.
fn aim(magnitudes: &Magnitudes<'_>, known: Option<KnownPhase<'_>>, cell: usize, value: Complex<f64>) -> Complex<f64> {
    let modulus = value.norm();
    let magnitude = magnitudes.nearest(cell, modulus);
    match known.and_then(|known| known.kept(cell)) {
        Some(phasor) => phasor * magnitude,
        None if modulus > 0.0 => value * (magnitude / modulus),
        None => Complex::new(magnitude, 0.0),
    }
}
