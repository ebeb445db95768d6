//! The exact constant-Q transform: channels of samples to a row for each band, and back.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use numpy::ndarray::ArrayView2;
use numpy::{Complex32, Complex64, Element, PyArray1, PyArrayMethods, PyReadonlyArray2};
use photophone::gabor::{Band, Gabor, GaborParams, GaborScratch, RaggedCells};
use photophone::transform::{Complex, Real, TransformError};
use pyo3::prelude::*;

use crate::arrays::signals;
use crate::error::{PhotophoneError, transform_to_python};
use crate::forward::MAX_CELLS;
use crate::params::{count, parsed};
use crate::threads::try_lock;
use crate::watch::unlocked;

/// A row for each band, each of channels by coefficients.
type Rows<'py> = Vec<Bound<'py, PyAny>>;

/// What the exact transform is, checked, with the plans that were used last.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Debug)]
pub struct GaborSettings {
    pub(crate) params: GaborParams,
    bands: Vec<Band>,
    single: Mutex<Option<Arc<Gabor<f32>>>>,
    double: Mutex<Option<Arc<Gabor<f64>>>>,
}

#[pymethods]
impl GaborSettings {
    #[new]
    fn new(sr: f64, bins_per_octave: &Bound<'_, PyAny>, knee: f64, tuning: f64, window: &str) -> PyResult<Self> {
        let params = GaborParams {
            sr,
            bins_per_octave: count("bins_per_octave", bins_per_octave, 1)?,
            knee_hz: knee,
            tuning_hz: tuning,
            taper: parsed(window)?,
            max_hop: None,
        };
        let bands = params.bands().map_err(transform_to_python)?;
        Ok(Self { params, bands, single: Mutex::default(), double: Mutex::default() })
    }

    /// Of each band: its centre and its width in Hz, and its hop in samples.
    fn bands(&self) -> Vec<(f64, f64, usize)> {
        self.bands.iter().map(|band| (band.centre_hz, band.width_hz, band.hop)).collect()
    }
}

impl GaborSettings {
    fn single(&self, samples: usize) -> Result<Arc<Gabor<f32>>, TransformError> {
        kept(&self.single, &self.params, samples)
    }

    fn double(&self, samples: usize) -> Result<Arc<Gabor<f64>>, TransformError> {
        kept(&self.double, &self.params, samples)
    }
}

/// The plan for this length: the one that was used last, or a new one.
fn kept<T: Real>(
    last: &Mutex<Option<Arc<Gabor<T>>>>,
    params: &GaborParams,
    samples: usize,
) -> Result<Arc<Gabor<T>>, TransformError> {
    let found = try_lock(last).and_then(|last| last.clone());
    if let Some(plan) = found.filter(|plan| plan.samples() == samples) {
        return Ok(plan);
    }
    let plan = Arc::new(Gabor::new(params, samples)?);
    if let Some(mut last) = try_lock(last) {
        *last = Some(Arc::clone(&plan));
    }
    Ok(plan)
}

/// The transform of channels by samples, in the samples' precision.
#[pyfunction]
pub(crate) fn gabor_forward<'py>(
    py: Python<'py>,
    settings: &GaborSettings,
    samples: &Bound<'py, PyAny>,
) -> PyResult<Rows<'py>> {
    if let Ok(samples) = samples.extract::<PyReadonlyArray2<'py, f64>>() {
        return transformed(py, samples.as_array(), |length| settings.double(length));
    }
    let samples = samples.extract::<PyReadonlyArray2<'py, f32>>()?;
    transformed(py, samples.as_array(), |length| settings.single(length))
}

fn transformed<'py, T: Real>(
    py: Python<'py>,
    samples: ArrayView2<'_, T>,
    plan: impl FnOnce(usize) -> Result<Arc<Gabor<T>>, TransformError> + Send,
) -> PyResult<Rows<'py>>
where
    Complex<T>: Element,
{
    let channels = signals(samples).map_err(transform_to_python)?;
    let plan = unlocked(py, || plan(samples.ncols()))?.map_err(transform_to_python)?;
    let cells = plan.redundancy() * plan.period() as f64 * channels.len() as f64;
    if cells > MAX_CELLS as f64 {
        return Err(PhotophoneError::new_err(format!(
            "the result would have {cells:.0} coefficients, expected at most {MAX_CELLS} in all: take the sound in parts \
             (ExactCqt.stream)"
        )));
    }
    let found: Result<Vec<RaggedCells<T>>, TransformError> = unlocked(py, || {
        let mut scratch = GaborScratch::default();
        let one = |channel: &Cow<'_, [T]>| {
            let mut cells = plan.make_cells();
            plan.forward_into(channel, &mut cells, &mut scratch).map(|()| cells)
        };
        channels.iter().map(one).collect()
    })?;
    let found = found.map_err(transform_to_python)?;
    (0..plan.bands().len()).map(|row| row_to_python(py, &found, row)).collect()
}

/// One row of every channel.
pub(crate) fn row_to_python<'py, T: Real>(
    py: Python<'py>,
    channels: &[RaggedCells<T>],
    row: usize,
) -> PyResult<Bound<'py, PyAny>>
where
    Complex<T>: Element,
{
    let values: Vec<Complex<T>> = channels.iter().flat_map(|cells| cells.row(row)).copied().collect();
    let shape = [channels.len(), channels.first().map_or(0, |cells| cells.row(row).len())];
    Ok(PyArray1::from_vec(py, values).reshape(shape)?.into_any())
}

/// Channels by samples of a row for each band, all of one precision.
#[pyfunction]
#[pyo3(signature = (settings, rows, length))]
pub(crate) fn gabor_inverse<'py>(
    py: Python<'py>,
    settings: &GaborSettings,
    rows: Vec<Bound<'py, PyAny>>,
    length: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(rows) = extracted::<Complex64>(&rows) {
        let samples = samples_of(settings, &rows, length)?;
        return inverted(py, &rows, || settings.double(samples));
    }
    let rows = extracted::<Complex32>(&rows)?;
    let samples = samples_of(settings, &rows, length)?;
    inverted(py, &rows, || settings.single(samples))
}

pub(crate) fn extracted<'py, C: Element>(rows: &[Bound<'py, PyAny>]) -> PyResult<Vec<PyReadonlyArray2<'py, C>>> {
    rows.iter().map(PyAnyMethods::extract).collect()
}

/// The length that was told, or the period of the rows.
fn samples_of<C: Element>(
    settings: &GaborSettings,
    rows: &[PyReadonlyArray2<'_, C>],
    length: Option<usize>,
) -> PyResult<usize> {
    let period = || Some(settings.bands.first()?.hop * rows.first()?.as_array().ncols());
    length.or_else(period).ok_or_else(|| PhotophoneError::new_err("C has no rows, expected one for each band"))
}

fn inverted<'py, T: Real + Element>(
    py: Python<'py>,
    rows: &[PyReadonlyArray2<'py, Complex<T>>],
    plan: impl FnOnce() -> Result<Arc<Gabor<T>>, TransformError> + Send,
) -> PyResult<Bound<'py, PyAny>>
where
    Complex<T>: Element,
{
    let plan = unlocked(py, plan)?.map_err(transform_to_python)?;
    let channels = rows.first().map_or(0, |row| row.as_array().nrows());
    let cells: PyResult<Vec<_>> = (0..channels).map(|channel| cells_of(plan.make_cells(), rows, channel)).collect();
    let cells = cells?;
    let found: Result<Vec<Vec<T>>, TransformError> =
        unlocked(py, || cells.iter().map(|cells| plan.inverse(cells)).collect())?;
    let found = found.map_err(transform_to_python)?;
    Ok(PyArray1::from_vec(py, found.concat()).reshape([channels, plan.samples()])?.into_any())
}

/// One channel of the rows, where they have the shape of `cells`.
pub(crate) fn cells_of<T: Real>(
    mut cells: RaggedCells<T>,
    rows: &[PyReadonlyArray2<'_, Complex<T>>],
    channel: usize,
) -> PyResult<RaggedCells<T>>
where
    Complex<T>: Element,
{
    if rows.len() != cells.rows() {
        return Err(PhotophoneError::new_err(format!(
            "C has {} rows, expected {}: one for each band, as the transform gives them",
            rows.len(),
            cells.rows()
        )));
    }
    for (k, row) in rows.iter().enumerate() {
        let (row, out) = (row.as_array(), cells.row_mut(k));
        if row.ncols() != out.len() || channel >= row.nrows() {
            return Err(PhotophoneError::new_err(format!(
                "row {k} of C has {} coefficients in {} channels, expected {}: give the settings and the length that it was \
                 made with",
                row.ncols(),
                row.nrows(),
                out.len()
            )));
        }
        for (out, value) in out.iter_mut().zip(row.row(channel)) {
            if !(value.re.to_f64().is_finite() && value.im.to_f64().is_finite()) {
                return Err(PhotophoneError::new_err(format!("row {k} of C has a value that is not a number")));
            }
            *out = *value;
        }
    }
    Ok(cells)
}
