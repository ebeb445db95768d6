//! The library's errors as Python exceptions.

use std::io;
use std::path::Path;

use photophone::files::FileError;
use photophone::transform::TransformError;
use photophone::{Error, GIVEN};
use pyo3::create_exception;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;

use crate::wording::argument;

create_exception!(
    photophone,
    PhotophoneError,
    PyValueError,
    "Data or settings that cannot be used. The message tells what was found, what was expected and what to do."
);

/// A library error as the exception that Python users expect: `OSError` for files that the operating system
/// refuses, [`PhotophoneError`] for all else. The Python side words the settings that it names.
pub(crate) fn to_python(error: Error) -> PyErr {
    match error {
        Error::File(FileError::Read { path, source }) => os_error(&path, &source, "cannot be read"),
        Error::File(FileError::Write { path, source }) => os_error(&path, &source, "cannot be written"),
        Error::File(FileError::ReadOnly { path }) => {
            let text = "is read-only, and such a file is never replaced";
            PyOSError::new_err((PERMISSION_DENIED, text, path.display().to_string()))
        }
        Error::Value { name, found, expected } => {
            PhotophoneError::new_err(format!("{} is '{found}'; expected {expected}", argument(name)))
        }
        Error::Contradiction { name, here, given, there, stored } if here != GIVEN => {
            let renamed = Error::Contradiction { name: argument(&name), here, given, there, stored };
            PhotophoneError::new_err(renamed.to_string())
        }
        Error::Transform(TransformError::Parameter { name, found, expected }) => {
            PhotophoneError::new_err(format!("{} is {found}, expected {expected}", argument(name)))
        }
        other => PhotophoneError::new_err(other.to_string()),
    }
}

/// A transform's error; see [`to_python`].
pub(crate) fn transform_to_python(error: TransformError) -> PyErr {
    to_python(error.into())
}

/// `OSError(errno, text, file)`, which Python turns into the subclass, such as `FileNotFoundError`.
fn os_error(path: &Path, source: &io::Error, what: &str) -> PyErr {
    let file = path.display().to_string();
    match os_number(source) {
        Some(number) => PyOSError::new_err((number, format!("{what}: {}", plain(source)), file)),
        None => PyOSError::new_err(format!("{file}: {what}: {source}")),
    }
}

/// The operating system's number of an error, which a wrapper may hide.
fn os_number(source: &io::Error) -> Option<i32> {
    let inner =
        || source.get_ref().and_then(|inner| inner.source()).and_then(|inner| inner.downcast_ref::<io::Error>());
    source.raw_os_error().or_else(|| inner()?.raw_os_error()).or(match source.kind() {
        io::ErrorKind::NotFound => Some(NOT_FOUND),
        io::ErrorKind::PermissionDenied => Some(PERMISSION_DENIED),
        _ => None,
    })
}

/// POSIX numbers, the same on Linux, macOS and Windows' C library.
const NOT_FOUND: i32 = 2;
const PERMISSION_DENIED: i32 = 13;

/// What went wrong in words, without Rust's own number or the name of a temporary file.
fn plain(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => source.to_string(),
    }
}
