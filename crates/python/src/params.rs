//! librosa's keyword arguments as the transform's parameters.

use std::str::FromStr;

use photophone::transform::cqt::C1_HZ;
use photophone::transform::{Cqt, CqtParams, Gamma, IntervalSet, LibrosaVersion, Norm, TransformError};
use photophone::{Pitch, likely_release};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::error::{PhotophoneError, to_python, transform_to_python};

/// What a transform is: librosa's keyword arguments, checked.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    pub(crate) cqt: CqtParams,
    /// Of each bin of an octave to its first, where they are not equally spaced.
    pub(crate) ratios: Option<Vec<f64>>,
    /// Whether nobody has said which release it is.
    pub(crate) release_unknown: bool,
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
        n_bins: Option<&Bound<'_, PyAny>>,
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
        librosa_version: Option<&str>,
    ) -> PyResult<Self> {
        let parsed = || -> Result<CqtParams, TransformError> {
            Ok(CqtParams {
                window: window.parse()?,
                pad_mode: pad_mode.parse()?,
                res_type: res_type.unwrap_or("auto").parse()?,
                librosa: release(librosa_version, n_bins.is_none())?,
                norm: norm.map_or(Norm::None, Norm::from),
                gamma: gamma.map_or(Gamma::Erb, Gamma::Hz),
                ..CqtParams::default()
            })
        };
        let mut cqt = CqtParams {
            sr,
            hop: count("hop_length", hop_length, 1)?,
            bins: n_bins.map_or(Ok(1), |bins| count("n_bins", bins, 1))?,
            bins_per_octave: count("bins_per_octave", bins_per_octave, 1)?,
            fmin_hz: fmin.map_or(Ok(C1_HZ), hz_from)?,
            tuning,
            filter_scale,
            sparsity,
            scale,
            ..parsed().map_err(transform_to_python)?
        };
        if n_bins.is_none() {
            cqt.bins = Cqt::bins_that_fit(&cqt, ratios.as_deref()).map_err(transform_to_python)?;
        }
        cqt.validate().map_err(transform_to_python)?;
        Ok(Self { cqt, ratios, release_unknown: librosa_version.is_none() })
    }
}

impl Params {
    /// The same with the release that the number of bins speaks for, where nobody has said which it is.
    pub(crate) fn with_likely_release(&self) -> Self {
        let mut params = self.clone();
        if self.release_unknown {
            params.cqt.librosa = likely_release(&self.cqt, self.ratios.as_deref());
        }
        params
    }

    pub(crate) fn plan(&self, samples: usize) -> Result<Cqt, TransformError> {
        match &self.ratios {
            Some(ratios) => Cqt::with_ratios(&self.cqt, ratios, samples),
            None => Cqt::new(&self.cqt, samples),
        }
    }
}

/// The ratios of a named set of intervals, or of a text of ratios; none where they are equally spaced.
#[pyfunction]
pub(crate) fn interval_ratios(intervals: &str, bins_per_octave: usize) -> PyResult<Option<Vec<f64>>> {
    let set: IntervalSet = intervals.parse().map_err(transform_to_python)?;
    set.ratios(bins_per_octave).map_err(transform_to_python)
}

/// The release told; else 1.0 where the number of bins is left open, which is its own, and the default where not.
fn release(told: Option<&str>, bins_open: bool) -> Result<LibrosaVersion, TransformError> {
    match told {
        Some(text) => text.parse(),
        None if bins_open => Ok(LibrosaVersion::V1_0),
        None => Ok(LibrosaVersion::default()),
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

/// A whole number, `least` or more; NumPy's integers, and floats that are whole, are taken too.
///
/// # Errors
/// [`PhotophoneError`] for anything else.
#[pyfunction]
#[pyo3(signature = (name, value, least = 0))]
pub(crate) fn count(name: &str, value: &Bound<'_, PyAny>, least: usize) -> PyResult<usize> {
    let is_more = || value.extract::<f64>().is_ok_and(|number| number >= MOST_WHOLE);
    match whole(value).filter(|&count| count >= least) {
        Some(count) => Ok(count),
        None if is_more() => {
            Err(PhotophoneError::new_err(format!("{name} is {}, expected less than 2^53", shown(value))))
        }
        None => {
            let shown = shown(value);
            Err(PhotophoneError::new_err(format!("{name} is {shown}, expected a whole number, {least} or more")))
        }
    }
}

/// A whole number, 0 or more, if it is one.
pub(crate) fn whole(value: &Bound<'_, PyAny>) -> Option<usize> {
    let number = || value.extract::<f64>().ok().filter(|number| number.fract() == 0.0);
    let in_range = |number: &f64| (0.0..MOST_WHOLE).contains(number);
    value.extract::<usize>().ok().or_else(|| number().filter(in_range).map(|number| number as usize))
}

/// What a value looks like in Python, as much of it as a message shows.
pub(crate) fn shown(value: &Bound<'_, PyAny>) -> String {
    let found = value.repr().map_or_else(|_| "a value".to_owned(), |text| text.to_string());
    found.chars().take(MOST_SHOWN).collect()
}

/// Floats below this are whole numbers exactly.
const MOST_WHOLE: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;

/// Characters of a value that a message shows.
const MOST_SHOWN: usize = 60;
