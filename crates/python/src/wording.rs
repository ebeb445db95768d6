//! The library's messages in Python's words.

use std::borrow::Cow;
use std::cell::RefCell;

use photophone::wording::Setting;
use photophone::{PARAMETERS, Parameter};
use pyo3::prelude::*;

/// A message with each setting that it names as `spell` spells it, given the setting's name and, if there is one, its
/// value. Where `spell` gives None the called function has no such argument.
#[pyfunction]
pub(crate) fn worded(message: &str, spell: &Bound<'_, PyAny>) -> PyResult<String> {
    let failed = RefCell::new(None);
    let word = |Setting { name, value }: Setting<'_>| {
        let answer = spell.call1((argument(name), value)).and_then(|answer| answer.extract::<Option<String>>());
        answer.unwrap_or_else(|error| {
            failed.replace(Some(error));
            None
        })
    };
    let text = photophone::wording::worded(message, word);
    failed.into_inner().map_or(Ok(text), Err)
}

/// A message with the middle of overlong lines left out: what was given is echoed, but not a megabyte of it.
#[pyfunction]
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    photophone::shortened(text)
}

/// What the Python side calls a setting of the library's.
pub(crate) fn argument(setting: &str) -> String {
    let parameter = PARAMETERS.iter().find(|parameter| parameter.name == setting);
    parameter.map_or_else(|| setting.replace('-', "_"), |parameter| parameter.keyword.to_owned())
}

/// Each parameter of a recipe: the section and the name that it has there, its name alone, its keyword and what it is.
#[pyfunction]
pub(crate) fn recipe_parameters() -> Vec<[&'static str; 5]> {
    let spelled = |each: &Parameter| [each.section, each.field, each.name, each.keyword, each.help];
    PARAMETERS.iter().map(spelled).collect()
}
