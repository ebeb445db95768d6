//! Parts of a recipe as text: sections in their short form, and all names side by side.

use std::str::FromStr;

use photophone_transform::invert::Inverse;
use serde_json::{Map, Value};

use super::{InverseRecipe, PARAMETERS, Recipe, TransformKind, TransformRecipe};
use crate::Error;

/// Sections without a short form.
macro_rules! only_tables {
    ($($section:ident: $name:literal),*) => {
        $(impl FromStr for super::$section {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                let expected = concat!("a table: the section [", $name, "] of a recipe");
                Err(Error::Value { name: $name, found: text.to_owned(), expected })
            }
        })*
    };
}

only_tables!(SoundRecipe: "sound", PictureRecipe: "picture");

impl FromStr for InverseRecipe {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Ok(Self { method: Some(text.parse::<Inverse>()?) })
    }
}

/// What is expected of a transform's short form.
const TRANSFORMS: &str = "cqt, vqt, stft or mel, with stft's n_fft and hop behind colons, stft:2048:512, or mel's bands, n_fft and hop: mel:128:2048:512";

impl FromStr for TransformRecipe {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Value { name: "transform", found: text.to_owned(), expected: TRANSFORMS };
        let mut parts = text.split(':');
        let kind = parts.next().unwrap_or_default().parse().map_err(|_| wrong())?;
        let numbers: Vec<usize> = parts.map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
        let (n_mels, of_stft) = match (kind, numbers.as_slice()) {
            (TransformKind::Mel, [bands, rest @ ..]) => (Some(*bands), rest),
            (TransformKind::Stft | TransformKind::Mel, rest) | (_, rest @ []) => (None, rest),
            _ => return Err(wrong()),
        };
        if of_stft.len() > 2 {
            return Err(wrong());
        }
        let (n_fft, hop) = (of_stft.first().copied(), of_stft.get(1).copied());
        Ok(Self { kind: Some(kind), n_mels, n_fft, hop, ..Self::default() })
    }
}

impl Recipe {
    /// Every value that is known by its parameter's name, without sections.
    pub fn by_name(&self) -> Map<String, Value> {
        let sections = serde_json::to_value(self).unwrap_or_default();
        let value = |section: &str, field: &str| sections.get(section)?.get(field.replace('_', "-")).cloned();
        let named = PARAMETERS.iter().filter_map(|each| Some((each.name.to_owned(), value(each.section, each.field)?)));
        named.collect()
    }
}
