//! NumPy arrays in and out. The Python side folds leading axes into one: channels.

use std::borrow::Cow;

use numpy::ndarray::{ArrayView1, ArrayView2, ArrayView3, Axis};
use numpy::{Complex32, Complex64, PyArray1, PyArrayMethods};
use photophone::spectrum::Plane;
use photophone::transform::TransformError;
use pyo3::prelude::*;

/// Numbers that the transform takes as doubles.
pub(crate) trait ToDouble: Copy {
    /// A row of them as `f64`; copied only where it is not so already.
    fn to_double(row: ArrayView1<'_, Self>) -> Cow<'_, [f64]>;
}

impl ToDouble for f64 {
    fn to_double(row: ArrayView1<'_, Self>) -> Cow<'_, [f64]> {
        row.to_slice().map_or_else(|| Cow::Owned(row.to_vec()), Cow::Borrowed)
    }
}

impl ToDouble for f32 {
    fn to_double(row: ArrayView1<'_, Self>) -> Cow<'_, [f64]> {
        Cow::Owned(row.iter().map(|&sample| f64::from(sample)).collect())
    }
}

/// The samples of each channel, all of them finite.
pub(crate) fn signals<T: ToDouble>(samples: ArrayView2<'_, T>) -> Result<Vec<Cow<'_, [f64]>>, TransformError> {
    let rows = (0..samples.nrows()).map(|row| T::to_double(samples.index_axis_move(Axis(0), row)));
    rows.map(|row| match row.iter().position(|sample| !sample.is_finite()) {
        Some(index) => Err(TransformError::NotFinite { what: "the signal", index }),
        None => Ok(row),
    })
    .collect()
}

/// The cells of each channel, made double by `double`.
pub(crate) fn planes<T: Copy, U>(cells: ArrayView3<'_, T>, double: impl Fn(T) -> U) -> Vec<Plane<U>> {
    let (_, rows, columns) = cells.dim();
    let plane = |channel: usize| {
        let view = cells.index_axis(Axis(0), channel);
        Plane::from_fn(rows, columns, |row, column| double(view[(row, column)]))
    };
    (0..cells.dim().0).map(plane).collect()
}

/// A `complex64`'s value.
pub(crate) fn doubled(value: Complex32) -> Complex64 {
    Complex64::new(f64::from(value.re), f64::from(value.im))
}

/// Channels by bins by frames (`shape`), in single precision if asked for. One channel in double precision is not
/// copied.
pub(crate) fn cells_to_python(
    py: Python<'_>,
    mut planes: Vec<Plane<Complex64>>,
    (rows, columns): (usize, usize),
    single: bool,
) -> PyResult<Bound<'_, PyAny>> {
    let shape = [planes.len(), rows, columns];
    if single {
        let values = planes.iter().flat_map(Plane::as_slice);
        let values: Vec<Complex32> = values.map(|value| Complex32::new(value.re as f32, value.im as f32)).collect();
        return Ok(PyArray1::from_vec(py, values).reshape(shape)?.into_any());
    }
    let values = match planes.len() {
        1 => planes.remove(0).into_vec(),
        _ => planes.iter().flat_map(Plane::as_slice).copied().collect(),
    };
    Ok(PyArray1::from_vec(py, values).reshape(shape)?.into_any())
}

/// Channels by samples, in single precision if asked for.
pub(crate) fn signals_to_python(
    py: Python<'_>,
    mut channels: Vec<Vec<f64>>,
    single: bool,
) -> PyResult<Bound<'_, PyAny>> {
    let shape = [channels.len(), channels.first().map_or(0, Vec::len)];
    if single {
        let values: Vec<f32> = channels.iter().flatten().map(|&sample| sample as f32).collect();
        return Ok(PyArray1::from_vec(py, values).reshape(shape)?.into_any());
    }
    let values = if channels.len() == 1 { channels.remove(0) } else { channels.concat() };
    Ok(PyArray1::from_vec(py, values).reshape(shape)?.into_any())
}
