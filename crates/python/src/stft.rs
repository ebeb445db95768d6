//! The short-time Fourier transform: samples to coefficients, back, and from magnitudes.

use numpy::ndarray::ArrayView2;
use numpy::{Complex64, PyReadonlyArray2, PyReadonlyArray3};
use photophone::Error;
use photophone::spectrum::Plane;
use photophone::transform::invert::each_channel;
use photophone::transform::retrieval::{Magnitudes, PhaseMethod, RetrieveOptions, retrieve};
use photophone::transform::{Cells, Complex, Stft, StftParams, StopFlag, TransformError, Watch};
use pyo3::prelude::*;

use crate::arrays::{cells_to_python, planes, signals, signals_to_python};
use crate::error::{PhotophoneError, to_python, transform_to_python};
use crate::forward::MAX_CELLS;
use crate::inverse::coefficients;
use crate::params::{count, parsed};
use crate::retrieval::finished;
use crate::watch::{Stopper, interruptible, unlocked};

/// What a short-time Fourier transform is: librosa's keyword arguments, checked.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Clone, Debug)]
pub struct StftSettings(StftParams);

#[pymethods]
impl StftSettings {
    #[new]
    fn new(
        n_fft: &Bound<'_, PyAny>,
        hop_length: Option<&Bound<'_, PyAny>>,
        win_length: Option<&Bound<'_, PyAny>>,
        window: &str,
        center: bool,
        pad_mode: &str,
    ) -> PyResult<Self> {
        let n_fft = count("n_fft", n_fft, 2)?;
        let win_length = win_length.map_or(Ok(n_fft), |length| count("win_length", length, 1))?;
        // librosa's default is a quarter of the window.
        let hop = hop_length.map_or(Ok((win_length / 4).max(1)), |hop| count("hop_length", hop, 1))?;
        let params = StftParams {
            n_fft,
            hop,
            win_length,
            window: parsed(window)?,
            center,
            pad_mode: parsed(pad_mode)?,
            ..StftParams::default()
        };
        params.samples_from_frames(1).map_err(transform_to_python)?;
        Ok(Self(params))
    }
}

impl StftSettings {
    /// The transform's parameters.
    pub(crate) fn params(&self) -> &StftParams {
        &self.0
    }

    /// The plan for so many frames, or for a length that was told.
    pub(crate) fn plan(&self, frames: usize, length: Option<usize>) -> Result<Stft, TransformError> {
        let (shortest, _) = self.0.samples_from_frames(frames)?.unwrap_or((1, 1));
        Stft::new(&self.0, length.unwrap_or(shortest))
    }
}

/// The transform of channels by samples: channels by rows by frames.
#[pyfunction]
pub(crate) fn stft_forward<'py>(
    py: Python<'py>,
    settings: &StftSettings,
    samples: &Bound<'py, PyAny>,
    single: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(samples) = samples.extract::<PyReadonlyArray2<'py, f64>>() {
        return transformed(py, settings, samples.as_array(), single);
    }
    let samples = samples.extract::<PyReadonlyArray2<'py, f32>>()?;
    transformed(py, settings, samples.as_array().mapv(f64::from).view(), single)
}

fn transformed<'py>(
    py: Python<'py>,
    settings: &StftSettings,
    samples: ArrayView2<'_, f64>,
    single: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let channels = signals(samples).map_err(transform_to_python)?;
    let plan = Stft::new(&settings.0, samples.ncols()).map_err(transform_to_python)?;
    let (rows, frames) = plan.shape();
    if rows.saturating_mul(frames).saturating_mul(channels.len()) > MAX_CELLS {
        return Err(PhotophoneError::new_err(format!(
            "the result would have {} x {rows} x {frames} coefficients, expected at most {MAX_CELLS} in all: take a longer \
             hop_length or the sound in parts",
            channels.len()
        )));
    }
    let found: Result<Vec<Cells>, TransformError> =
        unlocked(py, || channels.iter().map(|channel| plan.forward(channel)).collect())?;
    cells_of(py, found.map_err(transform_to_python)?, (rows, frames), single)
}

fn cells_of(py: Python<'_>, cells: Vec<Cells>, shape: (usize, usize), single: bool) -> PyResult<Bound<'_, PyAny>> {
    if !single {
        return cells_to_python(py, cells, shape);
    }
    let rounded = |plane: Cells| plane.map(|value| Complex::new(value.re as f32, value.im as f32));
    cells_to_python(py, cells.into_iter().map(rounded).collect(), shape)
}

/// Samples by overlap-add of channels by rows by frames; of another number of frames than `length` has, those that there
/// are.
#[pyfunction]
#[pyo3(signature = (settings, cells, length, single))]
pub(crate) fn stft_inverse<'py>(
    py: Python<'py>,
    settings: &StftSettings,
    cells: &Bound<'py, PyAny>,
    length: Option<usize>,
    single: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let channels = coefficients(cells)?;
    let frames = channels.first().map_or(0, Plane::columns);
    let plan = settings.plan(frames, length).map_err(transform_to_python)?;
    let (rows, wanted) = plan.shape();
    let one = |cells: &Cells| {
        let at = |k: usize, t: usize| cells.get(k, t).copied().unwrap_or_default();
        plan.inverse(&Plane::from_fn(rows, wanted, at))
    };
    let found: Result<Vec<Vec<f64>>, TransformError> = unlocked(py, || channels.iter().map(one).collect())?;
    signals_to_python(py, found.map_err(transform_to_python)?, single)
}

/// Samples of magnitudes, channels by rows by frames. `start` is a phase to begin with.
#[pyfunction]
#[pyo3(signature = (settings, magnitudes, start, length, method, iterations, momentum, seed, single, progress))]
pub(crate) fn stft_retrieved<'py>(
    py: Python<'py>,
    settings: &StftSettings,
    magnitudes: PyReadonlyArray3<'py, f64>,
    start: Option<PyReadonlyArray3<'py, Complex64>>,
    length: Option<usize>,
    method: &str,
    iterations: usize,
    momentum: f64,
    seed: u64,
    single: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let channels = planes(magnitudes.as_array(), |value| value);
    let start = start.map(|start| planes(start.as_array(), |value| value));
    let method: PhaseMethod = parsed(method)?;
    let plan = settings.plan(channels.first().map_or(0, Plane::columns), length).map_err(transform_to_python)?;
    let work = move |stopper: &Stopper| -> Result<Vec<Vec<f64>>, Error> {
        let one = |(channel, values): &(usize, &Plane<f64>), watch: &mut Watch<'_>| {
            let start = start.as_ref().and_then(|all| all.get(*channel));
            let options = RetrieveOptions {
                method,
                iterations,
                adaptive: false,
                seed,
                momentum,
                start,
                ..RetrieveOptions::default()
            };
            retrieve(&plan, &Magnitudes::exact(values), None, &options, watch)
        };
        let mut told = |now| stopper.report(progress.as_ref(), now);
        let watch = &mut Watch::new(&mut told, &StopFlag::new(stopper.flag()));
        let numbered: Vec<(usize, &Plane<f64>)> = channels.iter().enumerate().collect();
        each_channel(&numbered, watch, one)?.into_iter().map(finished).collect()
    };
    signals_to_python(py, interruptible(py, work)?.map_err(to_python)?, single)
}
