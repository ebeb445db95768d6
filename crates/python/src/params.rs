//! librosa's keyword arguments as the transform's parameters.

use std::str::FromStr;

use photophone::Pitch;
use photophone::transform::cqt::C1_HZ;
use photophone::transform::{Cqt, CqtParams, Gamma, Norm, TransformError};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyString};

use crate::error::{PhotophoneError, to_python, transform_to_python};

/// What a transform is: librosa's keyword arguments, checked.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    pub(crate) cqt: CqtParams,
    /// Of each bin of an octave to its first, where they are not equally spaced.
    ratios: Option<Vec<f64>>,
}

#[pymethods]
impl Params {
    #[new]
    #[pyo3(signature = (sr, hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window,
        scale, pad_mode, res_type, gamma, ratios, librosa_version))]
    fn new(
        sr: f64,
        hop_length: &Bound<'_, PyAny>,
        fmin: Option<&Bound<'_, PyAny>>,
        n_bins: &Bound<'_, PyAny>,
        bins_per_octave: &Bound<'_, PyAny>,
        tuning: f64,
        filter_scale: f64,
        norm: Option<f64>,
        sparsity: f64,
        window: &str,
        scale: bool,
        pad_mode: &str,
        res_type: Option<&str>,
        gamma: Option<f64>,
        ratios: Option<Vec<f64>>,
        librosa_version: &str,
    ) -> PyResult<Self> {
        let parsed = || -> Result<CqtParams, TransformError> {
            Ok(CqtParams {
                window: window.parse()?,
                pad_mode: pad_mode.parse()?,
                res_type: res_type.unwrap_or("auto").parse()?,
                librosa: librosa_version.parse()?,
                norm: norm.map_or(Norm::None, Norm::from),
                gamma: gamma.map_or(Gamma::Erb, Gamma::Hz),
                ..CqtParams::default()
            })
        };
        let cqt = CqtParams {
            sr,
            hop: count("hop_length", hop_length)?,
            bins: count("n_bins", n_bins)?,
            bins_per_octave: count("bins_per_octave", bins_per_octave)?,
            fmin_hz: fmin.map_or(Ok(C1_HZ), hz_from)?,
            tuning,
            filter_scale,
            sparsity,
            scale,
            ..parsed().map_err(transform_to_python)?
        };
        cqt.validate().map_err(transform_to_python)?;
        Ok(Self { cqt, ratios })
    }
}

impl Params {
    pub(crate) fn plan(&self, samples: usize) -> Result<Cqt, TransformError> {
        match &self.ratios {
            Some(ratios) => Cqt::with_ratios(&self.cqt, ratios, samples),
            None => Cqt::new(&self.cqt, samples),
        }
    }
}

/// A word as the value that it names.
///
/// # Errors
/// [`PhotophoneError`] with the words that are known.
pub(crate) fn parsed<T: FromStr>(text: &str) -> PyResult<T>
where
    photophone::Error: From<T::Err>,
{
    text.parse().map_err(|error: T::Err| to_python(error.into()))
}

/// A frequency in Hz, or the name of a note.
fn hz_from(value: &Bound<'_, PyAny>) -> PyResult<f64> {
    match value.cast::<PyString>() {
        Ok(note) => note.to_str()?.parse::<Pitch>().map(|pitch| pitch.0).map_err(to_python),
        Err(_) => value.extract(),
    }
}

/// A whole number, 0 or more. NumPy's integers are taken too.
///
/// # Errors
/// [`PyTypeError`] for what is no integer, [`PhotophoneError`] for one out of range.
#[pyfunction]
pub(crate) fn count(name: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    if let Ok(count) = value.extract::<usize>() {
        return Ok(count);
    }
    let found = value.repr().map_or_else(|_| "a value".to_owned(), |text| text.to_string());
    let is_number = value.is_instance_of::<PyInt>() || value.extract::<i128>().is_ok();
    if is_number && !value.is_instance_of::<PyFloat>() {
        let shown: String = found.chars().take(40).collect();
        return Err(PhotophoneError::new_err(format!("{name} is {shown}, expected a whole number of a usual size")));
    }
    let shown: String = found.chars().take(80).collect();
    Err(PyTypeError::new_err(format!("{name} is {shown}, expected a whole number")))
}
