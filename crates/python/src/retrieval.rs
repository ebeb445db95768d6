//! Magnitudes to phase and samples.

use numpy::{PyReadonlyArray2, PyReadonlyArray3};
use photophone::spectrum::Plane;
use photophone::transform::inverse::carried;
use photophone::transform::invert::each_channel;
use photophone::transform::retrieval::{KnownPhase, Magnitudes, PhaseMethod, RetrieveOptions, Retrieved, retrieve};
use photophone::transform::{Complex, Cqt, Spacing, Stop, StopFlag, TransformError, Watch};
use photophone::{Error, magnitudes_warning};
use pyo3::prelude::*;

use crate::arrays::{cells_to_python, planes, signals_to_python};
use crate::error::to_python;
use crate::inverse::{coefficients, plane};
use crate::params::{Params, parsed};
use crate::plans::plan;
use crate::watch::{Stopper, interruptible};

/// Rounds of either kind in which refining comes to its end: half of `n_iter`'s default, librosa's.
const FULL_ITERATIONS: usize = 16;

/// Samples and phasors of magnitudes, channels by bins by frames, and reasons not to trust them.
///
/// `start` is a phase to begin with; `known` is a phase to keep where `trust` says so.
#[pyfunction]
#[pyo3(signature = (params, magnitudes, start, known, trust, length, method, inverse, iterations, momentum, seed,
    single, progress))]
pub(crate) fn retrieved<'py>(
    py: Python<'py>,
    params: &Params,
    magnitudes: PyReadonlyArray3<'py, f64>,
    start: Option<&Bound<'py, PyAny>>,
    known: Option<&Bound<'py, PyAny>>,
    trust: Option<PyReadonlyArray2<'py, f64>>,
    length: Option<usize>,
    method: &str,
    inverse: Option<&str>,
    iterations: usize,
    momentum: f64,
    seed: u64,
    single: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>, Vec<String>)> {
    let channels = planes(magnitudes.as_array(), |value| value);
    let silent: Vec<bool> = channels.iter().map(|cells| cells.as_slice().iter().all(|&cell| cell == 0.0)).collect();
    let start = start.map(coefficients).transpose()?;
    let known = known.map(coefficients).transpose()?;
    let trust = trust.map(|trust| plane(&trust)).transpose()?;
    let method = parsed(method)?;
    let inverse: Option<photophone::Inverse> = inverse.map(parsed).transpose()?;
    let (_, bins, frames) = magnitudes.as_array().dim();
    let params = params.with_likely_release();
    let work = move |stopper: &Stopper| -> Result<Vec<Retrieved>, Error> {
        let one = |(channel, values): &(usize, &Plane<f64>), watch: &mut Watch<'_>| {
            let plan = plan_for(&params, values.columns(), length)?;
            let adaptive =
                inverse.map_or(carried(&*plan).bins_above > 0, |given| given == photophone::Inverse::Adaptive);
            let start = start.as_ref().and_then(|all| all.get(*channel));
            let options =
                RetrieveOptions { method, iterations, adaptive, seed, momentum, start, ..RetrieveOptions::default() };
            let known = known.as_ref().and_then(|all| all.get(*channel)).zip(trust.as_ref());
            let known = known.map(|(phasors, trust)| KnownPhase { phasors, trust });
            retrieve(&*plan, &Magnitudes::exact(values), known, &options, watch)
        };
        let mut told = |now| stopper.report(progress.as_ref(), now);
        let watch = &mut Watch::new(&mut told, &StopFlag::new(stopper.flag()));
        let numbered: Vec<(usize, &Plane<f64>)> = channels.iter().enumerate().collect();
        let found = each_channel(&numbered, watch, one)?;
        if found.iter().any(|each| each.stop == Stop::Cancelled) { Err(Error::Interrupted) } else { Ok(found) }
    };
    let found = interruptible(py, work)?.map_err(to_python)?;
    // Phase that is not refined in full proves nothing.
    let is_proof = method == PhaseMethod::Refined && iterations >= FULL_ITERATIONS;
    let sounding = found.iter().zip(&silent).filter(|(_, silent)| !**silent);
    let doubts = sounding.filter_map(|(each, _)| magnitudes_warning(Spacing::Logarithmic, each.consistency_db));
    let warnings = if is_proof { doubts.collect() } else { Vec::new() };
    let (samples, phasors): (Vec<Vec<f64>>, Vec<Plane<Complex<f64>>>) =
        found.into_iter().map(|each| (cut(each.samples, length), each.phasors)).unzip();
    let phasors = if single {
        let singles =
            phasors.into_iter().map(|plane| plane.map(|value| Complex::new(value.re as f32, value.im as f32)));
        cells_to_python(py, singles.collect(), (bins, frames))?
    } else {
        cells_to_python(py, phasors, (bins, frames))?
    };
    Ok((signals_to_python(py, samples, single)?, phasors, warnings))
}

/// The plan for frames whose length in samples is told or, as in `recover`, the middle of what it can be.
fn plan_for(params: &Params, frames: usize, length: Option<usize>) -> Result<std::sync::Arc<Cqt>, TransformError> {
    let (shortest, longest) = Cqt::samples_from_frames_of(&params.cqt, params.ratios.as_deref(), frames)?;
    let told = length.filter(|length| (shortest.max(1)..=longest).contains(length));
    plan(params, told.unwrap_or_else(|| shortest.midpoint(longest).max(1)))
}

/// The samples, unless the work was ended.
pub(crate) fn finished(found: Retrieved) -> Result<Vec<f64>, Error> {
    if found.stop == Stop::Cancelled { Err(Error::Interrupted) } else { Ok(found.samples) }
}

fn cut(mut samples: Vec<f64>, length: Option<usize>) -> Vec<f64> {
    samples.resize(length.unwrap_or(samples.len()), 0.0);
    samples
}
