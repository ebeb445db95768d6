//! Picture or array to sound, as the command line does it.

use numpy::{IntoPyArray, PyArray2, PyArrayMethods};
use photophone::LoudnessOptions;
use photophone::transform::StopFlag;
use photophone::{RecoverOptions, Recovered, recover};
use pyo3::prelude::*;

use crate::error::{PhotophoneError, to_python};
use crate::limits::Limits;
use crate::params::parsed;
use crate::reading::{Reading, recipe_from_json};
use crate::source::Source;
use crate::watch::interruptible;

/// Samples, channels by samples, their rate in Hz, and the account as JSON and as text.
#[pyfunction]
#[pyo3(signature = (source, phase, original, mask, recipe, reading, limits, centres, phase_method, seed, iterations,
    gain_db, normalise, despite_doubt, edge, progress))]
pub(crate) fn recovered<'py>(
    py: Python<'py>,
    source: &Source,
    phase: Option<&Source>,
    original: Option<&Source>,
    mask: Option<&Source>,
    recipe: &str,
    reading: &Reading,
    limits: &Limits,
    centres: bool,
    phase_method: &str,
    seed: u64,
    iterations: usize,
    gain_db: f64,
    normalise: bool,
    despite_doubt: bool,
    edge: &str,
    progress: Option<Py<PyAny>>,
) -> PyResult<(Bound<'py, PyArray2<f32>>, u32, String, String)> {
    let input = |source: &Source| source.input.clone();
    let mut options = RecoverOptions {
        more: Vec::new(),
        block_secs: None,
        input: input(source),
        phase: phase.map(input),
        original: original.map(input),
        mask: mask.map(input),
        centres,
        phase_method: parsed(phase_method)?,
        seed,
        despite_doubt,
        edge: edge.parse().map_err(to_python)?,
        recipe: recipe_from_json(recipe)?,
        reading: reading.options.clone(),
        axes: reading.axes.clone(),
        max_pixels: reading.max_pixels,
        max_iterations: iterations,
        limits: limits.limits,
        loudness: LoudnessOptions { gain_db, normalise },
        stop: StopFlag::default(),
    };
    let result = interruptible(py, move |stopper| {
        options.stop = StopFlag::new(stopper.flag());
        recover(&options, |now| stopper.report(progress.as_ref(), now))
    })?;
    let Recovered { sound, report, .. } = result.map_err(to_python)?;
    let json = serde_json::to_string(&report).map_err(|error| PhotophoneError::new_err(error.to_string()))?;
    let rate = sound.sample_rate_hz;
    let shape = [sound.channels.len(), sound.frames()];
    let samples = sound.channels.concat().into_pyarray(py).reshape(shape)?;
    Ok((samples, rate, json, report.to_string()))
}
