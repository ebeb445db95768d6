//! What pictures, arrays and phases come from: files, bytes, pixels and numbers.

use std::path::PathBuf;

use numpy::{PyReadonlyArray2, PyReadonlyArray3};
use photophone::files::DecodedPicture;
use photophone::picture::Raster;
use photophone::{Error, Input};
use pyo3::prelude::*;

use crate::error::{PhotophoneError, to_python};
use crate::stacks::{stacked, stacked_complex};

/// A picture or an array that a function works on. `name` is what messages call it.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Clone, Debug)]
pub struct Source {
    pub(crate) input: Input,
}

#[pymethods]
impl Source {
    /// A file, recognised by its content.
    #[staticmethod]
    fn file(path: PathBuf) -> Self {
        Self { input: path.into() }
    }

    /// One array of a file that holds several.
    #[staticmethod]
    fn array_in_file(path: PathBuf, name: String) -> Self {
        Self { input: photophone::NamedFile { path, name: Some(name) }.into() }
    }

    /// The bytes of a file.
    #[staticmethod]
    fn file_bytes(name: String, bytes: Vec<u8>) -> Self {
        Self { input: Input::Bytes { name, bytes } }
    }

    /// Pixels: rows from the top by columns by red, green, blue and alpha.
    #[staticmethod]
    fn pixels(name: String, rgba: PyReadonlyArray3<'_, u8>, texts: Vec<(String, String)>) -> PyResult<Self> {
        let view = rgba.as_array();
        let (height, width, channels) = view.dim();
        if channels != 4 {
            return Err(PhotophoneError::new_err(format!("{name} has {channels} channels, expected 4")));
        }
        let pixels = view.outer_iter().flat_map(|row| {
            let pixels: Vec<[u8; 4]> = row.outer_iter().map(|pixel| [pixel[0], pixel[1], pixel[2], pixel[3]]).collect();
            pixels
        });
        let raster = Raster::from_pixels(width, height, pixels.collect());
        Ok(Self::of_raster(name, &raster.map_err(|error| to_python(Error::from(error)))?, texts))
    }

    /// Gray pixels of 16 bits: rows from the top by columns.
    #[staticmethod]
    fn gray16(name: String, gray: PyReadonlyArray2<'_, u16>, texts: Vec<(String, String)>) -> PyResult<Self> {
        let view = gray.as_array();
        let (height, width) = view.dim();
        let black = vec![[0, 0, 0, 255]; width * height];
        let raster = Raster::from_pixels(width, height, black)
            .and_then(|raster| raster.with_gray16(view.iter().copied().collect()));
        Ok(Self::of_raster(name, &raster.map_err(|error| to_python(Error::from(error)))?, texts))
    }

    /// Complex numbers, channels by bins by frames.
    #[staticmethod]
    fn complex_numbers(name: String, values: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (stack, values) = stacked_complex(values)?;
        Ok(Self { input: Input::complex_channels(name, values, stack) })
    }

    /// Real numbers, channels by bins by frames.
    #[staticmethod]
    fn real_numbers(name: String, values: PyReadonlyArray3<'_, f64>) -> PyResult<Self> {
        let (stack, values) = stacked(values.as_array(), |value| value)?;
        Ok(Self { input: Input::real_channels(name, &values, stack) })
    }
}

/// Whether the first of three axes of numbers counts channels.
#[pyfunction]
pub(crate) fn holds_channels(channels: usize, rows: usize, columns: usize) -> bool {
    photophone::files::are_channels([channels, rows, columns])
}

/// Whether a source holds numbers and not pixels.
#[pyfunction]
pub(crate) fn holds_numbers(source: &Source) -> PyResult<bool> {
    source.input.is_array().map_err(to_python)
}

impl Source {
    fn of_raster(name: String, raster: &Raster, text: Vec<(String, String)>) -> Self {
        let picture = DecodedPicture { text, ..DecodedPicture::from_raster(raster) };
        Self { input: Input::Pixels { name, picture } }
    }
}
