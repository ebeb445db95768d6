//! How a filter is normalised: librosa's `util.normalize`.

use std::fmt;
use std::str::FromStr;

use num_complex::Complex;
use photophone_spectrum::Number;
use serde::{Deserialize, Serialize};

use super::sums::pairwise_sum;
use crate::TransformError;

/// How each filter is normalised before scaling (librosa's `norm`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Norm {
    /// `norm=None`: not at all.
    None,
    /// `norm=1`: by the sum of absolute values; librosa's default.
    #[default]
    L1,
    /// `norm=2`: by the Euclidean norm.
    L2,
    /// `norm=np.inf`: by the largest absolute value.
    Max,
    /// `norm=-np.inf`: by the smallest absolute value, unless that is 0.
    Min,
    /// `norm=0`: by the number of values that are not 0.
    Count,
    /// Any other `norm` above 0: by the `p`-norm.
    P(f64),
}

impl Norm {
    /// Divisor for a filter; 1 where librosa leaves a filter as it is.
    pub(crate) fn of(self, filter: &[Complex<f64>]) -> f64 {
        let magnitudes: Vec<f64> = filter.iter().map(|value| value.norm()).collect();
        let p_norm = |p: f64| {
            let powers: Vec<f64> = magnitudes.iter().map(|value| value.powf(p)).collect();
            pairwise_sum(&powers, |sum| sum).powf(1.0 / p)
        };
        let norm = match self {
            Self::None => 1.0,
            Self::L1 => p_norm(1.0),
            Self::L2 => p_norm(2.0),
            Self::P(p) => p_norm(p),
            Self::Max => magnitudes.iter().copied().fold(0.0, f64::max),
            Self::Min => magnitudes.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Count => magnitudes.iter().filter(|value| **value > 0.0).count() as f64,
        };
        if norm < f64::MIN_POSITIVE { 1.0 } else { norm }
    }

    /// Whether librosa knows this norm.
    pub(crate) fn is_known(self) -> bool {
        match self {
            Self::P(p) => p > 0.0 && p.is_finite(),
            _ => true,
        }
    }
}

impl From<f64> for Norm {
    /// librosa's `norm` as a number. What it refuses becomes a [`Norm::P`] that planning refuses.
    fn from(p: f64) -> Self {
        match p {
            0.0 => Self::Count,
            1.0 => Self::L1,
            2.0 => Self::L2,
            f64::INFINITY => Self::Max,
            f64::NEG_INFINITY => Self::Min,
            _ => Self::P(p),
        }
    }
}

impl FromStr for Norm {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::None);
        }
        text.parse().ok().map(|p: f64| Self::from(p)).filter(|norm| norm.is_known()).ok_or_else(|| {
            TransformError::Parameter {
                name: "norm",
                found: format!("'{text}'"),
                expected: "1, 2, inf, none, or another of librosa's: -inf, or a number of 0 or more".to_owned(),
            }
        })
    }
}

impl TryFrom<String> for Norm {
    type Error = TransformError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Norm> for String {
    fn from(norm: Norm) -> Self {
        norm.to_string()
    }
}

impl fmt::Display for Norm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::L1 => "1",
            Self::L2 => "2",
            Self::Max => "inf",
            Self::Min => "-inf",
            Self::Count => "0",
            Self::P(p) => return write!(f, "{}", Number(*p)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_are_librosas() {
        let filter = [3.0, 0.0, -4.0, 0.5].map(|re| Complex::new(re, 0.0));
        let figures =
            [("none", 1.0), ("1", 7.5), ("2", 5.024_937_810_560_445), ("inf", 4.0), ("-inf", 1.0), ("0", 3.0)];
        for (name, want) in figures {
            let norm: Norm = name.parse().unwrap();
            assert!((norm.of(&filter) - want).abs() < 1e-14, "{name}: {}", norm.of(&filter));
            assert_eq!(norm.to_string(), name);
        }
        assert!((Norm::P(3.0).of(&filter) - 91.125f64.cbrt()).abs() < 1e-14);
        assert_eq!("0.5".parse::<Norm>().unwrap(), Norm::P(0.5));
        for text in ["-1", "nan", "l1", ""] {
            assert!(text.parse::<Norm>().is_err(), "{text}");
        }
    }
}
