//! Samples to coefficients.

use std::sync::Arc;
use std::time::Instant;

use numpy::PyReadonlyArray2;
use numpy::ndarray::ArrayView2;
use photophone::spectrum::Plane;
use photophone::transform::{Complex, Cqt, Scratch, TransformError};
use pyo3::prelude::*;

use crate::arrays::{ToDouble, cells_to_python, signals};
use crate::error::{PhotophoneError, transform_to_python};
use crate::params::Params;
use crate::plans::plan;
use crate::watch::{Stopper, interruptible, unlocked};

/// Samples, over all channels, from which work counts as long: about a second of it.
const LONG: usize = 1 << 24;

/// Most coefficients of a call: 4 GiB of them in double precision.
pub(crate) const MAX_CELLS: usize = 1 << 28;

/// The transform of channels by samples: channels by bins by frames.
#[pyfunction]
pub(crate) fn forward<'py>(
    py: Python<'py>,
    params: &Params,
    samples: &Bound<'py, PyAny>,
    single: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(samples) = samples.extract::<PyReadonlyArray2<'py, f64>>() {
        return transformed(py, params, samples.as_array(), single);
    }
    let samples = samples.extract::<PyReadonlyArray2<'py, f32>>()?;
    transformed(py, params, samples.as_array(), single)
}

fn transformed<'py, T: ToDouble + Send + Sync>(
    py: Python<'py>,
    params: &Params,
    samples: ArrayView2<'_, T>,
    single: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let go_on = |stopper: &Stopper| !stopper.is_stopped();
    let planes = if samples.len() < LONG {
        unlocked(py, || planes(params, samples, || true))?
    } else {
        interruptible(py, |stopper| planes(params, samples, || go_on(stopper)))?
    };
    let (planes, shape) = planes?;
    cells_to_python(py, planes, shape, single)
}

/// The coefficients of each channel, and their bins and frames.
fn planes<T: ToDouble>(
    params: &Params,
    samples: ArrayView2<'_, T>,
    go_on: impl Fn() -> bool,
) -> PyResult<(Vec<Plane<Complex<f64>>>, (usize, usize))> {
    let channels = signals(samples).map_err(transform_to_python)?;
    let plan = plan(params, samples.ncols()).map_err(transform_to_python)?;
    check_size(&plan, channels.len())?;
    let mut scratch = Scratch::default();
    let transform = |channel: &std::borrow::Cow<'_, [f64]>| -> Result<_, TransformError> {
        let (bins, frames) = plan.shape();
        let mut plane = Plane::filled(bins, frames, Complex::default());
        plan.forward_into(channel, &mut plane, &mut scratch)?;
        Ok(plane)
    };
    let planes = channels.iter().take_while(|_| go_on()).map(transform).collect::<Result<_, _>>();
    Ok((planes.map_err(transform_to_python)?, plan.shape()))
}

fn check_size(plan: &Arc<Cqt>, channels: usize) -> PyResult<()> {
    let (bins, frames) = plan.shape();
    let cells = bins.saturating_mul(frames).saturating_mul(channels);
    if cells <= MAX_CELLS {
        return Ok(());
    }
    Err(PhotophoneError::new_err(format!(
        "the result would have {channels} x {bins} x {frames} coefficients, expected at most {MAX_CELLS} in all: take \
         a longer hop_length, fewer bins, or the sound in parts"
    )))
}

/// Seconds that a call's work takes by itself, the mean of `repeats`: what a call is measured against.
#[pyfunction]
pub(crate) fn forward_work_secs(
    py: Python<'_>,
    params: &Params,
    samples: PyReadonlyArray2<'_, f64>,
    repeats: usize,
) -> PyResult<f64> {
    let samples = samples.as_array();
    unlocked(py, || {
        let start = Instant::now();
        for _ in 0..repeats {
            planes(params, samples, || true)?;
        }
        Ok(start.elapsed().as_secs_f64() / repeats.max(1) as f64)
    })?
}
