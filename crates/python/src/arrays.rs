//! NumPy arrays in and out. The Python side folds leading axes into one: channels.

use std::borrow::Cow;

use numpy::ndarray::{ArrayView1, ArrayView2, ArrayView3, Axis};
use numpy::{Complex32, Complex64, Element, PyArray1, PyArrayMethods};
use photophone::spectrum::Plane;
use photophone::transform::{Complex, Real, TransformError, all_finite};
use pyo3::prelude::*;

/// The samples of each channel, all of them finite; copied only where they do not lie side by side.
pub(crate) fn signals<T: Real>(samples: ArrayView2<'_, T>) -> Result<Vec<Cow<'_, [T]>>, TransformError> {
    (0..samples.nrows()).map(|row| signal(samples.index_axis_move(Axis(0), row))).collect()
}

fn signal<T: Real>(row: ArrayView1<'_, T>) -> Result<Cow<'_, [T]>, TransformError> {
    let row = row.to_slice().map_or_else(|| Cow::Owned(row.to_vec()), Cow::Borrowed);
    // Looking at all of them takes a vector at a time; looking for the first would not.
    if all_finite(&row) {
        return Ok(row);
    }
    let index = row.iter().position(|sample| !sample.is_finite()).unwrap_or_default();
    Err(TransformError::NotFinite { what: "the signal", index })
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

/// Channels by bins by frames (`shape`). One channel is not copied.
pub(crate) fn cells_to_python<C: Real>(
    py: Python<'_>,
    mut planes: Vec<Plane<Complex<C>>>,
    (rows, columns): (usize, usize),
) -> PyResult<Bound<'_, PyAny>>
where
    Complex<C>: Element,
{
    let shape = [planes.len(), rows, columns];
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
