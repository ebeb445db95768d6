//! Edits: channels of samples and gains, or shapes, to channels of samples.

use std::borrow::Cow;

use numpy::PyReadonlyArray2;
use numpy::PyReadonlyArray3;
use numpy::ndarray::Axis;
use photophone::Error;
use photophone::edit::{Edge, Edits, Surface, SurfaceOptions, edited, gained};
use photophone::spectrum::Plane;
use pyo3::prelude::*;

use crate::arrays::{planes, signals, signals_to_python};
use crate::error::{to_python, transform_to_python};
use crate::params::count;
use crate::watch::unlocked;

/// The surface that gains lie on, of a sound of so many samples.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Debug)]
pub struct EditSurface(Surface);

#[pymethods]
impl EditSurface {
    #[new]
    fn new(sr: f64, samples: usize, rows_per_octave: &Bound<'_, PyAny>, hop: &Bound<'_, PyAny>) -> PyResult<Self> {
        let options = SurfaceOptions {
            rows_per_octave: count("rows_per_octave", rows_per_octave, 1)?,
            hop: count("hop", hop, 1)?,
            ..SurfaceOptions::default()
        };
        Surface::new(sr, samples, &options).map(Self).map_err(to_python)
    }

    /// Rows and columns.
    fn shape(&self) -> (usize, usize) {
        (self.0.rows(), self.0.columns())
    }

    /// The centres of rows, in Hz.
    fn frequencies(&self) -> Vec<f64> {
        (0..self.0.rows()).map(|row| self.0.hz_from_row(row as f64)).collect()
    }

    /// The middles of columns, in seconds.
    fn times(&self) -> Vec<f64> {
        (0..self.0.columns()).map(|column| self.0.secs_from_column(column)).collect()
    }
}

/// Channels by samples, multiplied by gains: a plane for all channels, or one for each.
#[pyfunction]
pub(crate) fn edited_by_gains<'py>(
    py: Python<'py>,
    surface: &EditSurface,
    samples: &Bound<'py, PyAny>,
    gains: PyReadonlyArray3<'py, f32>,
    edge: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let edge: Edge = edge.parse().map_err(to_python)?;
    let gains = planes(gains.as_array(), |gain| gain);
    let plane = |channel: usize| gains.get(channel).or(gains.first());
    changed(py, samples, |channel, samples| match plane(channel) {
        Some(plane) => gained(&surface.0, samples, plane, edge),
        None => gained(&surface.0, samples, &Plane::filled(0, 0, 1.0), edge),
    })
}

/// Channels by samples, edited as JSON tells.
#[pyfunction]
pub(crate) fn edited_by_shapes<'py>(
    py: Python<'py>,
    surface: &EditSurface,
    samples: &Bound<'py, PyAny>,
    edits: &str,
    edge: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let edge: Edge = edge.parse().map_err(to_python)?;
    let edits = Edits::from_json(edits).map_err(to_python)?;
    changed(py, samples, |channel, samples| edited(&surface.0, samples, &edits, channel, edge))
}

/// Every channel changed, in the precision that it has; what is not changed keeps its last bit.
fn changed<'py>(
    py: Python<'py>,
    samples: &Bound<'py, PyAny>,
    change: impl Fn(usize, &[f64]) -> Result<Vec<f64>, Error> + Send + Sync,
) -> PyResult<Bound<'py, PyAny>> {
    let (channels, single) = if let Ok(samples) = samples.extract::<PyReadonlyArray2<'py, f64>>() {
        let channels = signals(samples.as_array()).map_err(transform_to_python)?;
        (channels.into_iter().map(Cow::into_owned).collect::<Vec<_>>(), false)
    } else {
        let samples = samples.extract::<PyReadonlyArray2<'py, f32>>()?;
        let rows = samples.as_array();
        let double = |row: usize| rows.index_axis(Axis(0), row).iter().map(|&sample| f64::from(sample)).collect();
        ((0..rows.nrows()).map(double).collect(), true)
    };
    let found: Result<Vec<_>, Error> =
        unlocked(py, || channels.iter().enumerate().map(|(index, channel)| change(index, channel)).collect())?;
    signals_to_python(py, found.map_err(to_python)?, single)
}
