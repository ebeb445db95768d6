//! The library's errors as Python exceptions.

use std::io;
use std::path::Path;

use photophone::Error;
use photophone::transform::TransformError;
use pyo3::create_exception;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;

create_exception!(
    photophone,
    PhotophoneError,
    PyValueError,
    "Data or settings that cannot be used. The message tells what was found, what was expected and what to do."
);

/// A library error as the exception that Python users expect: `OSError` for files that the operating system
/// refuses, [`PhotophoneError`] for all else.
pub(crate) fn to_python(error: Error) -> PyErr {
    match error {
        Error::Read { path, source } => os_error(&path, &source, "cannot be read"),
        Error::Write { path, source } => os_error(&path, &source, "cannot be written"),
        other => PhotophoneError::new_err(other.to_string()),
    }
}

/// A transform's error; see [`to_python`].
pub(crate) fn transform_to_python(error: TransformError) -> PyErr {
    to_python(error.into())
}

/// `OSError(errno, text, file)`, which Python turns into the subclass, such as `FileNotFoundError`.
fn os_error(path: &Path, source: &io::Error, what: &str) -> PyErr {
    let text = format!("{what}: {source}");
    match source.raw_os_error() {
        Some(number) => PyOSError::new_err((number, text, path.to_path_buf())),
        None => PyOSError::new_err(format!("{}: {text}", path.display())),
    }
}
