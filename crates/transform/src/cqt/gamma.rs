//! The bandwidth offset of a variable-Q transform.

use std::fmt;
use std::str::FromStr;

use photophone_spectrum::Number;
use serde::{Deserialize, Serialize};

use crate::TransformError;

/// The bandwidth offset of a variable-Q transform (librosa's `gamma`): a bin at `f` Hz whose
/// neighbours are spaced for a relative bandwidth `alpha` is `alpha f + gamma` Hz wide.
///
/// Written as a number of Hz or as `erb`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "NumberOrName", try_from = "NumberOrName")]
pub enum Gamma {
    /// One offset for all bins, in Hz, 0 or more. 0, the default, is the constant-Q transform.
    Hz(f64),
    /// `gamma=None`, the default of `librosa.vqt`: bandwidths in proportion to the ear's
    /// (equivalent rectangular bandwidths, Glasberg and Moore 1990).
    Erb,
}

impl Default for Gamma {
    fn default() -> Self {
        Self::Hz(0.0)
    }
}

impl Gamma {
    /// The offset in Hz at a bin of relative bandwidth `alpha`: for [`Gamma::Erb`]
    /// `24.7 alpha / 0.108`, from `ERB(f) = 24.7 + 0.108 f` Hz (librosa 0.11, `wavelet_lengths`).
    pub fn offset_hz(self, alpha: f64) -> f64 {
        match self {
            Self::Hz(hz) => hz,
            Self::Erb => alpha * 24.7 / 0.108,
        }
    }
}

/// How a [`Gamma`] is written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum NumberOrName {
    Number(f64),
    Name(String),
}

impl From<Gamma> for NumberOrName {
    fn from(gamma: Gamma) -> Self {
        match gamma {
            Gamma::Hz(hz) => Self::Number(hz),
            Gamma::Erb => Self::Name("erb".to_owned()),
        }
    }
}

impl TryFrom<NumberOrName> for Gamma {
    type Error = TransformError;

    fn try_from(written: NumberOrName) -> Result<Self, Self::Error> {
        match written {
            NumberOrName::Number(hz) => hz.to_string().parse(),
            NumberOrName::Name(name) => name.parse(),
        }
    }
}

impl FromStr for Gamma {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("erb") {
            return Ok(Self::Erb);
        }
        match text.parse::<f64>() {
            Ok(hz) if hz.is_finite() && hz >= 0.0 => Ok(Self::Hz(hz)),
            _ => Err(TransformError::Parameter {
                name: "gamma",
                found: format!("'{text}'"),
                expected: "a bandwidth in Hz, 0 or more, or erb".to_owned(),
            }),
        }
    }
}

impl fmt::Display for Gamma {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hz(hz) => write!(f, "{}", Number(*hz)),
            Self::Erb => f.write_str("erb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_a_number_or_a_name() {
        for (gamma, json) in [(Gamma::Hz(24.5), "24.5"), (Gamma::Erb, "\"erb\"")] {
            assert_eq!(serde_json::to_string(&gamma).unwrap(), json);
            assert_eq!(serde_json::from_str::<Gamma>(json).unwrap(), gamma);
            assert_eq!(gamma.to_string().parse::<Gamma>().unwrap(), gamma);
        }
        assert_eq!(serde_json::from_str::<Gamma>("20").unwrap(), Gamma::Hz(20.0));
        for text in ["-1", "nan", "bark", ""] {
            assert!(text.parse::<Gamma>().is_err(), "{text}");
        }
    }
}
