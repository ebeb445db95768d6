//! Coefficients to samples.

use numpy::{Complex32, Complex64, PyReadonlyArray2, PyReadonlyArray3};
use photophone::spectrum::Plane;
use photophone::transform::{Complex, StopFlag};
use photophone::{Error, InvertOptions, invert_channels};
use pyo3::prelude::*;

use crate::arrays::{doubled, planes, signals_to_python};
use crate::error::{PhotophoneError, to_python};
use crate::params::{Params, parsed};
use crate::watch::{Stopper, interruptible};

/// Samples of channels by bins by frames, and reasons not to trust them.
#[pyfunction]
#[pyo3(signature = (params, cells, find_tuning, pad_mode, length, inverse, trust, max_iterations, single, progress))]
pub(crate) fn inverted<'py>(
    py: Python<'py>,
    params: &Params,
    cells: &Bound<'py, PyAny>,
    find_tuning: bool,
    pad_mode: Option<&str>,
    length: Option<usize>,
    inverse: Option<&str>,
    trust: Option<PyReadonlyArray2<'py, f64>>,
    max_iterations: usize,
    single: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<(Bound<'py, PyAny>, Vec<String>)> {
    let channels = coefficients(cells)?;
    let trust = trust.map(|trust| plane(&trust)).transpose()?;
    let (pad_mode, inverse) = (pad_mode.map(parsed).transpose()?, inverse.map(parsed).transpose()?);
    let params = params.clone();
    let work = move |stopper: &Stopper| -> Result<_, Error> {
        let trust = trust.as_ref();
        let (find_release, ratios) = (params.release_unknown, params.ratios.as_deref());
        let flag = StopFlag::new(stopper.flag());
        let stop = Some(&flag);
        let options =
            InvertOptions { pad_mode, length, find_tuning, find_release, inverse, trust, max_iterations, ratios, stop };
        let told = |now| stopper.report(progress.as_ref(), now);
        let inverted = invert_channels(&params.cqt, &channels, &options, told)?;
        let (sounds, warnings): (Vec<_>, Vec<_>) =
            inverted.into_iter().map(|each| (each.samples, each.warning)).unzip();
        Ok((sounds, warnings.into_iter().flatten().collect()))
    };
    let (sounds, warnings) = interruptible(py, work)?.map_err(to_python)?;
    Ok((signals_to_python(py, sounds, single)?, warnings))
}

/// The coefficients of each channel, from `complex64` or `complex128`.
pub(crate) fn coefficients(cells: &Bound<'_, PyAny>) -> PyResult<Vec<Plane<Complex<f64>>>> {
    if let Ok(cells) = cells.extract::<PyReadonlyArray3<'_, Complex64>>() {
        return Ok(planes(cells.as_array(), |value| value));
    }
    let cells = cells.extract::<PyReadonlyArray3<'_, Complex32>>()?;
    Ok(planes(cells.as_array(), doubled))
}

/// A matrix of doubles as a plane.
pub(crate) fn plane(values: &PyReadonlyArray2<'_, f64>) -> PyResult<Plane<f64>> {
    let view = values.as_array();
    let (rows, columns) = view.dim();
    Plane::from_vec(rows, columns, view.iter().copied().collect())
        .map_err(|error| PhotophoneError::new_err(error.to_string()))
}
