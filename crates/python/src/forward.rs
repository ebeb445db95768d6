//! Samples to coefficients.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use numpy::ndarray::ArrayView2;
use numpy::{Element, PyReadonlyArray2};
use photophone::spectrum::Plane;
use photophone::transform::{Complex, Cqt, Real};
use pyo3::prelude::*;

use crate::arrays::{cells_to_python, signals};
use crate::error::{PhotophoneError, transform_to_python};
use crate::params::Params;
use crate::plans::plan;
use crate::watch::{Stopper, interruptible_borrowing, unlocked};

/// Samples over all channels, or coefficients, from which work counts as long: some tens of milliseconds of it.
const LONG: usize = 1 << 21;

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
        return in_precision(py, params, samples.as_array(), single);
    }
    let samples = samples.extract::<PyReadonlyArray2<'py, f32>>()?;
    in_precision(py, params, samples.as_array(), single)
}

fn in_precision<'py, S: Real>(
    py: Python<'py>,
    params: &Params,
    samples: ArrayView2<'_, S>,
    single: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if single { transformed::<S, f32>(py, params, samples) } else { transformed::<S, f64>(py, params, samples) }
}

fn transformed<'py, S: Real, C: Real>(
    py: Python<'py>,
    params: &Params,
    samples: ArrayView2<'_, S>,
) -> PyResult<Bound<'py, PyAny>>
where
    Complex<C>: Element,
{
    let frames = samples.len() / params.cqt.hop.max(1);
    let (planes, shape) = if samples.len() < LONG && frames.saturating_mul(params.cqt.bins) < LONG {
        unlocked(py, || planes::<S, C>(params, samples, None))??
    } else {
        interruptible_borrowing(py, |stopper| planes::<S, C>(params, samples, Some(stopper)))??
    };
    cells_to_python(py, planes, shape)
}

/// The coefficients of each channel, and their bins and frames.
type Planes<C> = (Vec<Plane<Complex<C>>>, (usize, usize));

fn planes<S: Real, C: Real>(
    params: &Params,
    samples: ArrayView2<'_, S>,
    stopper: Option<&Stopper>,
) -> PyResult<Planes<C>> {
    let channels = signals(samples).map_err(transform_to_python)?;
    let plan = plan(params, samples.ncols()).map_err(transform_to_python)?;
    check_size(&plan, channels.len())?;
    let channels: Vec<&[S]> = channels.iter().map(Cow::as_ref).collect();
    let planes = plan.forward_channels(&channels, stopper.map(Stopper::flag).as_ref());
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
            planes::<f64, f64>(params, samples, None)?;
        }
        Ok(start.elapsed().as_secs_f64() / repeats.max(1) as f64)
    })?
}
