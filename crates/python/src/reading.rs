//! What a reader of pictures is told, and recipes, as Python gives them.

use std::path::PathBuf;

use photophone::Recipe;
use photophone::picture::{Flip, PixelBox, ReadOptions};
use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{PhotophoneError, to_python};
use crate::wording::argument;

/// What is known of a picture's geometry and colours.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Clone, Debug)]
pub struct Reading {
    pub(crate) options: ReadOptions,
    pub(crate) max_pixels: usize,
}

#[pymethods]
impl Reading {
    #[new]
    fn new(
        crop: Option<(usize, usize, usize, usize)>,
        cells: Option<(usize, usize)>,
        palette: Option<&str>,
        flip: Option<&str>,
        transposed: bool,
        max_pixels: usize,
    ) -> PyResult<Self> {
        let palette = palette.map(|name| name.parse().map_err(|error| to_python(photophone::Error::Picture(error))));
        let options = ReadOptions {
            crop: crop.map(|(x, y, width, height)| PixelBox { x, y, width, height }),
            cells,
            palette: palette.transpose()?,
            flip: flip.map(flip_from).transpose()?,
            transposed,
            ..ReadOptions::default()
        };
        Ok(Self { options, max_pixels })
    }
}

fn flip_from(text: &str) -> PyResult<Flip> {
    match text {
        "none" => Ok(Flip::None),
        "vertical" => Ok(Flip::Vertical),
        "horizontal" => Ok(Flip::Horizontal),
        "both" => Ok(Flip::Both),
        other => Err(PhotophoneError::new_err(format!(
            "flip is '{other}', expected 'none', 'vertical', 'horizontal' or 'both'"
        ))),
    }
}

/// A recipe from the JSON that the Python side makes of its keyword arguments.
///
/// # Errors
/// [`PhotophoneError`] with the argument that is no good.
pub(crate) fn recipe_from_json(text: &str) -> PyResult<Recipe> {
    let unreadable = |error| PhotophoneError::new_err(format!("the recipe cannot be read: {error}"));
    let fields: Map<String, Value> = serde_json::from_str(text).map_err(unreadable)?;
    for (name, value) in &fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        if let Err(error) = Recipe::deserialize(Value::Object(alone)) {
            return Err(PhotophoneError::new_err(format!("{} is {value}: {error}", argument(name))));
        }
    }
    Recipe::deserialize(Value::Object(fields)).map_err(unreadable)
}

/// A recipe file, in TOML or JSON, as JSON.
#[pyfunction]
pub(crate) fn recipe_file(path: PathBuf) -> PyResult<String> {
    let recipe = Recipe::from_file(&path).map_err(to_python)?;
    serde_json::to_string(&recipe).map_err(|error| PhotophoneError::new_err(error.to_string()))
}
