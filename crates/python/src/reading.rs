//! What a reader of pictures is told, and recipes, as Python gives them.

use std::path::PathBuf;

use photophone::picture::{Flip, GivenAxes, PixelBox, ReadOptions};
use photophone::spectrum::FrequencyScale;
use photophone::{Recipe, plain_problem};
use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{PhotophoneError, to_python};
use crate::params::{shown, whole};
use crate::wording::argument;

/// What is known of a picture's geometry, colours and axes.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Clone, Debug)]
pub struct Reading {
    pub(crate) options: ReadOptions,
    pub(crate) axes: GivenAxes,
    pub(crate) max_pixels: usize,
}

#[pymethods]
impl Reading {
    #[new]
    #[pyo3(signature = (crop, cells, palette, flip, transposed, max_pixels, axis=None, duration=None, panel=None))]
    #[expect(clippy::too_many_arguments, reason = "Python's keywords, one by one")]
    fn new(
        crop: Option<&Bound<'_, PyAny>>,
        cells: Option<&Bound<'_, PyAny>>,
        palette: Option<&str>,
        flip: Option<&str>,
        transposed: bool,
        max_pixels: usize,
        axis: Option<&str>,
        duration: Option<f64>,
        panel: Option<usize>,
    ) -> PyResult<Self> {
        let palette = palette.map(|name| name.parse().map_err(|error| to_python(photophone::Error::Picture(error))));
        let crop = crop.map(|crop| counts("crop", crop, "(left, top, width, height) in pixels")).transpose()?;
        let cells = cells.map(|cells| counts("cells", cells, "(bins, frames)")).transpose()?;
        let options = ReadOptions {
            crop: crop.map(|[x, y, width, height]| PixelBox { x, y, width, height }),
            cells: cells.map(|[bins, frames]| (bins, frames)),
            palette: palette.transpose()?,
            flip: flip.map(flip_from).transpose()?,
            transposed,
            ..ReadOptions::default()
        };
        let given = GivenAxes {
            scale: axis.map(scale_from).transpose()?,
            duration_s: duration.map(secs_from).transpose()?,
            panel: panel.map(|panel| panel.checked_sub(1).ok_or_else(|| no_panel(panel))).transpose()?,
            ..GivenAxes::default()
        };
        Ok(Self { options, axes: given, max_pixels })
    }
}

/// So many whole numbers, 0 or more each. `form` is what they stand for.
fn counts<const N: usize>(name: &str, value: &Bound<'_, PyAny>, form: &str) -> PyResult<[usize; N]> {
    let numbers = value.extract::<Vec<Bound<'_, PyAny>>>().ok();
    let counted = numbers.and_then(|numbers| numbers.iter().map(whole).collect::<Option<Vec<_>>>());
    counted.and_then(|numbers| numbers.try_into().ok()).ok_or_else(|| {
        PhotophoneError::new_err(format!("{name} is {}, expected {form}, each a whole number", shown(value)))
    })
}

fn scale_from(name: &str) -> PyResult<FrequencyScale> {
    FrequencyScale::named(name).ok_or_else(|| {
        PhotophoneError::new_err(format!("axis is '{name}', expected 'linear', 'log', 'librosa-log' or 'mel'"))
    })
}

fn secs_from(duration: f64) -> PyResult<f64> {
    let is_span = duration > 0.0 && duration.is_finite();
    is_span
        .then_some(duration)
        .ok_or_else(|| PhotophoneError::new_err(format!("duration is {duration}, expected seconds, more than 0")))
}

fn no_panel(panel: usize) -> PyErr {
    PhotophoneError::new_err(format!("panel is {panel}, expected a number from 1 on"))
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
            let problem = plain_problem(&error.to_string());
            // The value is told already.
            let expected = problem.split_once(", expected ").map(|(_, expected)| format!("expected {expected}"));
            let problem = expected.unwrap_or(problem);
            return Err(PhotophoneError::new_err(format!("{} is {value}, {problem}", argument(name))));
        }
    }
    Recipe::deserialize(Value::Object(fields)).map_err(unreadable)
}

/// A recipe file, in TOML or JSON, as JSON without sections.
#[pyfunction]
pub(crate) fn recipe_file(path: PathBuf) -> PyResult<String> {
    let recipe = Recipe::from_file(&path).map_err(to_python)?;
    serde_json::to_string(&recipe.by_name()).map_err(|error| PhotophoneError::new_err(error.to_string()))
}
