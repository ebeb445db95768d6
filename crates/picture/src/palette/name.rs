//! Naming a palette: `magma`, `magma_r`, `gray-of:magma`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::table;
use crate::error::PictureError;

/// Marks a gray copy of a palette.
const GRAY_PREFIX: &str = "gray-of:";
/// Marks a palette backwards, as matplotlib names it.
const REVERSED_SUFFIX: &str = "_r";

/// A palette by name: one of matplotlib's, its reverse, or a gray copy of either.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PaletteName {
    /// Name of the table, such as `magma`.
    pub base: &'static str,
    /// True when level 0 has the table's last colour.
    pub reversed: bool,
    /// True when the colours were turned to gray afterwards, as `cv2.cvtColor(.., COLOR_BGR2GRAY)` does.
    pub gray: bool,
}

impl PaletteName {
    /// librosa's palette for levels of one sign (`librosa.display.cmap`).
    pub const MAGMA: Self = Self { base: "magma", reversed: false, gray: false };
    /// Plain gray: black is quiet.
    pub(crate) const GRAY: Self = Self { base: "gray", reversed: false, gray: false };
}

impl fmt::Display for PaletteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.gray { GRAY_PREFIX } else { "" };
        let suffix = if self.reversed { REVERSED_SUFFIX } else { "" };
        write!(f, "{prefix}{}{suffix}", self.base)
    }
}

impl FromStr for PaletteName {
    type Err = PictureError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (rest, gray) = text.strip_prefix(GRAY_PREFIX).map_or((text, false), |rest| (rest, true));
        let (rest, reversed) = rest.strip_suffix(REVERSED_SUFFIX).map_or((rest, false), |rest| (rest, true));
        match table::canonical(rest) {
            Some(base) => Ok(Self { base, reversed, gray }),
            None => Err(PictureError::UnknownPalette { name: text.to_owned(), suggestion: nearest_name(rest) }),
        }
    }
}

impl From<PaletteName> for String {
    fn from(name: PaletteName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for PaletteName {
    type Error = PictureError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

fn nearest_name(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let distance = |name: &&str| edit_distance(&text, &name.to_ascii_lowercase());
    table::names().min_by_key(distance).unwrap_or("magma").to_owned()
}

/// Levenshtein's distance, one row of the table at a time.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_aliases_are_resolved() {
        for text in ["magma", "magma_r", "gray-of:viridis", "gray-of:Greys_r", "gray"] {
            assert_eq!(text.parse::<PaletteName>().unwrap().to_string(), text);
        }
        assert_eq!("grey_r".parse::<PaletteName>().unwrap().to_string(), "gray_r");
    }

    #[test]
    fn a_misspelt_name_gets_a_suggestion() {
        for (wrong, right) in [("magna", "'magma'"), ("Viridis", "'viridis'"), ("gray-of:infrno_r", "'inferno'")] {
            let error = wrong.parse::<PaletteName>().unwrap_err().to_string();
            assert!(error.contains(right), "{error}");
        }
    }

    #[test]
    fn edit_distance_is_levenshteins() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("same", "same"), 0);
    }
}
