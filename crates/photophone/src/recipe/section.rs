//! Sections of a recipe, whatever is in them: read from a table or a word, joined, and written.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use photophone_spectrum::Number;
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};

use crate::Error;

/// What both say, if they do not contradict each other.
pub(super) fn agree<T: PartialEq + Serialize>(
    name: &'static str,
    a: Option<T>,
    here: &'static str,
    b: Option<T>,
    there: &'static str,
) -> Result<Option<T>, Error> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => {
            let text = |value: &T| serde_json::to_value(value).map(|value| plain(&value)).unwrap_or_default();
            let (given, stored) = (text(&a), text(&b));
            Err(Error::Contradiction { name: name.to_owned(), here, given, there, stored })
        }
        (a, b) => Ok(a.or(b)),
    }
}

/// A section as a table, or in its short form: `inverse = "linear"`, `transform = "stft:2048:512"`.
pub(super) fn table_or_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + FromStr<Err = Error>,
{
    deserializer.deserialize_any(TableOrText(PhantomData))
}

struct TableOrText<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + FromStr<Err = Error>> Visitor<'de> for TableOrText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table or a word")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// A JSON value as people write it.
pub(crate) fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => match number.as_f64() {
            // Four digits behind the point, where these say anything.
            Some(number) if number.abs() >= 0.1 && number.fract() != 0.0 => {
                let text = format!("{:.4}", Number(number));
                if text.contains('e') { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
            }
            Some(number) => Number(number).to_string(),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}
