//! Sound from mel spectrograms.

use numpy::PyReadonlyArray3;
use photophone::Error;
use photophone::spectrum::{MelScale, Plane};
use photophone::transform::invert::each_channel;
use photophone::transform::observe::{MelParams, Observation};
use photophone::transform::retrieval::{Magnitudes, PhaseMethod, RetrieveOptions, retrieve_observed};
use photophone::transform::{StftParams, StopFlag, Watch};
use pyo3::prelude::*;

use crate::arrays::{planes, signals_to_python};
use crate::error::{to_python, transform_to_python};
use crate::params::{count, parsed};
use crate::retrieval::finished;
use crate::stft::StftSettings;
use crate::watch::{Stopper, interruptible};

/// What a mel spectrogram is of an STFT: librosa's keyword arguments, checked.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Clone, Debug)]
pub struct MelSettings {
    stft: StftSettings,
    observation: Observation,
}

#[pymethods]
impl MelSettings {
    #[new]
    #[pyo3(signature = (stft, sr, n_mels, fmin, fmax, htk, norm, power))]
    fn new(
        stft: &StftSettings,
        sr: f64,
        n_mels: &Bound<'_, PyAny>,
        fmin: f64,
        fmax: Option<f64>,
        htk: bool,
        norm: &str,
        power: f64,
    ) -> PyResult<Self> {
        let scale = if htk { MelScale::Htk } else { MelScale::Slaney };
        let (bands, norm) = (count("n_mels", n_mels, 1)?, parsed(norm)?);
        let mel = MelParams { bands, fmin_hz: fmin, fmax_hz: fmax, scale, norm, power };
        let observation = mel.observation(&StftParams { sr, ..*stft.params() }).map_err(transform_to_python)?;
        Ok(Self { stft: stft.clone(), observation })
    }
}

/// Samples of mel spectrograms, channels by bands by frames.
#[pyfunction]
#[pyo3(signature = (settings, values, length, method, iterations, seed, single, progress))]
pub(crate) fn mel_retrieved<'py>(
    py: Python<'py>,
    settings: &MelSettings,
    values: PyReadonlyArray3<'py, f64>,
    length: Option<usize>,
    method: &str,
    iterations: usize,
    seed: u64,
    single: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let observation = settings.observation.clone();
    // What is negative stays so, and is refused.
    let root = |value: f64| if value > 0.0 { value.powf(1.0 / observation.power()) } else { value };
    let channels = planes(values.as_array(), root);
    let method: PhaseMethod = parsed(method)?;
    let frames = channels.first().map_or(0, Plane::columns);
    let plan = settings.stft.plan(frames, length).map_err(transform_to_python)?;
    let work = move |stopper: &Stopper| -> Result<Vec<Vec<f64>>, Error> {
        let options = RetrieveOptions { method, iterations, seed, ..RetrieveOptions::default() };
        let mut told = |now| stopper.report(progress.as_ref(), now);
        let watch = &mut Watch::new(&mut told, &StopFlag::new(stopper.flag()));
        let found = each_channel(&channels, watch, |values, watch| {
            retrieve_observed(&plan, &observation, &Magnitudes::exact(values), &options, watch)
        })?;
        found.into_iter().map(finished).collect()
    };
    signals_to_python(py, interruptible(py, work)?.map_err(to_python)?, single)
}
