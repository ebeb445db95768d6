//! How an edit is carried out.

use std::str::FromStr;

use photophone_spectrum::StopFlag;
use serde::{Deserialize, Serialize};

use super::surface::SurfaceOptions;
use crate::Error;

/// What an edit's border is to be exact about: inside or outside. A transform cannot be both within a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edge {
    /// All that was changed has its gain: the change is grown by a cell, so what lies a cell or two outside hears it too.
    #[default]
    Inside,
    /// What lies outside is spared: the change is as it was painted, so its outermost cells keep part of what they held.
    Outside,
}

impl FromStr for Edge {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "inside" => Ok(Self::Inside),
            "outside" => Ok(Self::Outside),
            _ => Err(Error::Value { name: "edge", found: text.to_owned(), expected: "inside or outside" }),
        }
    }
}

/// How an edit is carried out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EditOptions {
    /// The surface that gains lie on, and with it the transform. Default: 48 rows an octave, 256 samples a column.
    pub surface: SurfaceOptions,
    /// What the border is exact about. Default: inside.
    pub edge: Edge,
    /// Ends the work early, within a slice of some ten seconds. Default: never set.
    pub stop: StopFlag,
}
