//! Channels by bins by frames as NumPy has them, one above the other as the library does.

use numpy::ndarray::ArrayView3;
use numpy::{Complex32, Complex64, Element, PyArray1, PyArray3, PyArrayMethods, PyReadonlyArray3};
use photophone::spectrum::{Plane, Stack};
use pyo3::prelude::*;

use crate::arrays::{doubled, planes};
use crate::error::PhotophoneError;

/// The channels of an array in one plane.
pub(crate) fn stacked<T: Copy, U: Clone>(
    cells: ArrayView3<'_, T>,
    double: impl Fn(T) -> U,
) -> PyResult<(Stack, Plane<U>)> {
    let (channels, rows, columns) = cells.dim();
    let filler = cells.first().map(|&value| double(value));
    let Some(filler) = filler else {
        let shape = format!("({channels}, {rows}, {columns})");
        return Err(PhotophoneError::new_err(format!("found an array of shape {shape}, expected values")));
    };
    let stack = Stack { channels, rows, gap: 0 };
    Ok((stack, stack.joined(planes(cells, double), &filler)))
}

/// The same of `complex64` or `complex128`.
pub(crate) fn stacked_complex(values: &Bound<'_, PyAny>) -> PyResult<(Stack, Plane<Complex64>)> {
    if let Ok(values) = values.extract::<PyReadonlyArray3<'_, Complex64>>() {
        return stacked(values.as_array(), |value| value);
    }
    stacked(values.extract::<PyReadonlyArray3<'_, Complex32>>()?.as_array(), doubled)
}

/// The channels of a plane as an array.
pub(crate) fn stack_to_python<'py, T: Copy, U: Element>(
    py: Python<'py>,
    plane: &Plane<T>,
    stack: Stack,
    single: impl Fn(T) -> U,
) -> PyResult<Bound<'py, PyArray3<U>>> {
    let firsts = (0..stack.channels).map(|channel| stack.first_row(channel));
    let rows = firsts.flat_map(|first| first..first + stack.rows);
    let values = rows.flat_map(|row| plane.row(row)).map(|&value| single(value)).collect();
    PyArray1::from_vec(py, values).reshape([stack.channels, stack.rows, plane.columns()])
}
