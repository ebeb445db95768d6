//! Which inverse.

use std::fmt;
use std::str::FromStr;

use photophone_spectrum::Finding;
use serde::{Deserialize, Serialize};

use crate::inverse::carried;
use crate::{Analysis, TransformError};

/// How coefficients become samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Inverse {
    /// Regularised least squares.
    #[default]
    Linear,
    /// Least squares, and above the grid's limit a prior learnt from the signal itself.
    Adaptive,
}

impl Inverse {
    /// The inverse that was asked for, else the adaptive one where the grid undersamples.
    pub fn of(asked: Option<Self>, plan: &dyn Analysis) -> Finding<Self> {
        let above = carried(plan).bins_above;
        match asked {
            Some(inverse) => Finding::given(inverse, ""),
            None if above == 0 => Finding::assumed(Self::Linear, 1.0, "the grid carries every bin"),
            None => Finding::assumed(Self::Adaptive, 0.9, format!("the frames are too far apart for {above} bins")),
        }
    }
}

impl FromStr for Inverse {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "linear" => Ok(Self::Linear),
            "adaptive" => Ok(Self::Adaptive),
            _ => Err(TransformError::Parameter {
                name: "inverse",
                found: format!("'{text}'"),
                expected: "linear or adaptive".to_owned(),
            }),
        }
    }
}

impl fmt::Display for Inverse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linear => "linear",
            Self::Adaptive => "adaptive",
        })
    }
}
