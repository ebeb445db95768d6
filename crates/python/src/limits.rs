//! How much a call may take.

use pyo3::prelude::*;

use crate::error::PhotophoneError;

/// Most memory in millions of bytes and most work in billions of operations; None is the library's own.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub(crate) limits: photophone::Limits,
}

#[pymethods]
impl Limits {
    #[new]
    #[pyo3(signature = (max_memory, max_work))]
    fn new(max_memory: Option<&Bound<'_, PyAny>>, max_work: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let max_memory_mb = max_memory.map(|most| amount("max_memory", most)).transpose()?;
        let max_work = max_work.map(|most| amount("max_work", most)).transpose()?;
        Ok(Self { limits: photophone::Limits { max_memory_mb, max_work } })
    }
}

/// A finite number above 0.
fn amount(name: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    value.extract().ok().filter(|amount: &f64| amount.is_finite() && *amount > 0.0).ok_or_else(|| {
        let found = value.repr().map_or_else(|_| "a value".to_owned(), |text| text.to_string());
        PhotophoneError::new_err(format!("{name} is {found}, expected a number above 0, or None for the usual limit"))
    })
}
