//! What a level means: a drawn value between 0 and 1 as a magnitude, and back.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Number;

/// How a drawn level in 0..=1 stands for a magnitude.
///
/// The magnitude of level 1 is 1 unless the scale says otherwise, so a picture without an
/// absolute reference gives magnitudes relative to its loudest cell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum LevelScale {
    /// Magnitude proportional to level: `specshow(abs(C))`.
    Linear,
    /// Power proportional to level: `specshow(abs(C)**2)`.
    Power,
    /// Level 0 is `low` dB and level 1 is `high` dB, both as `20 log10` of a magnitude:
    /// `specshow(amplitude_to_db(abs(C), ref=max))` has `low = -80`, `high = 0`.
    Db {
        /// dB at level 0.
        low: f64,
        /// dB at level 1.
        high: f64,
    },
    /// Level 0 is `low` and level 1 is `high`, both as the natural logarithm of a magnitude:
    /// `specshow(np.log(abs(C) + 1e-9))`.
    Ln {
        /// Logarithm at level 0.
        low: f64,
        /// Logarithm at level 1.
        high: f64,
    },
}

/// Decibels in one of a natural logarithm of a magnitude: `20 / ln 10`.
const DB_IN_LN: f64 = 20.0 / std::f64::consts::LN_10;

/// A closed range of magnitudes: what a quantised or clipped level leaves possible.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Smallest possible value.
    pub low: f64,
    /// Largest possible value; infinite where the level was clipped at its ceiling.
    pub high: f64,
}

impl LevelScale {
    /// librosa's `amplitude_to_db(..., ref=max)` with its default `top_db` of 80.
    pub const DB_80: Self = Self::Db { low: -80.0, high: 0.0 };

    /// The same 80 dB in natural logarithms.
    pub const LN_80: Self = Self::Ln { low: -80.0 / DB_IN_LN, high: 0.0 };

    /// What the logarithm of a magnitude is at level 0 and at level 1; `None` where levels are no logarithms.
    pub fn logarithms(&self) -> Option<(f64, f64)> {
        match *self {
            Self::Linear | Self::Power => None,
            Self::Db { low, high } | Self::Ln { low, high } => Some((low, high)),
        }
    }

    /// Magnitude that a level (0..=1) stands for.
    pub fn magnitude_from_level(&self, level: f64) -> f64 {
        match *self {
            Self::Linear => level,
            Self::Power => level.max(0.0).sqrt(),
            Self::Db { low, high } => 10f64.powf((low + level * (high - low)) / 20.0),
            Self::Ln { low, high } => (low + level * (high - low)).exp(),
        }
    }

    /// Level (clamped to 0..=1) that a magnitude is drawn at.
    pub fn level_from_magnitude(&self, magnitude: f64) -> f64 {
        let level = match *self {
            Self::Linear => magnitude,
            Self::Power => magnitude * magnitude,
            Self::Db { low, high } => (20.0 * magnitude.max(f64::MIN_POSITIVE).log10() - low) / (high - low),
            Self::Ln { low, high } => (magnitude.max(f64::MIN_POSITIVE).ln() - low) / (high - low),
        };
        level.clamp(0.0, 1.0)
    }
}

/// A level scale's text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "level scale '{found}' is not known; expected linear, power, db, ln, db:LOW:HIGH or ln:LOW:HIGH with LOW < HIGH, as \
     in db:-80:0"
)]
pub struct LevelScaleError {
    found: String,
}

impl FromStr for LevelScale {
    type Err = LevelScaleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || LevelScaleError { found: text.to_owned() };
        let mut parts = text.split(':');
        let name = parts.next().unwrap_or_default();
        let ends: Vec<f64> = parts.map(str::parse).collect::<Result<_, _>>().map_err(|_| error())?;
        match (name.to_ascii_lowercase().as_str(), ends.as_slice()) {
            ("linear", []) => Ok(Self::Linear),
            ("power", []) => Ok(Self::Power),
            ("db", []) => Ok(Self::DB_80),
            ("ln", []) => Ok(Self::LN_80),
            ("ln", &[low, high]) if low.is_finite() && high.is_finite() && low < high => Ok(Self::Ln { low, high }),
            ("db", &[low, high]) if low.is_finite() && high.is_finite() && low < high => Ok(Self::Db { low, high }),
            _ => Err(error()),
        }
    }
}

impl fmt::Display for LevelScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Linear => f.write_str("linear"),
            Self::Power => f.write_str("power"),
            Self::Db { low, high } => write!(f, "db:{}:{}", Number(*low), Number(*high)),
            Self::Ln { low, high } => write!(f, "ln:{}:{}", Number(*low), Number(*high)),
        }
    }
}

impl From<LevelScale> for String {
    fn from(scale: LevelScale) -> Self {
        scale.to_string()
    }
}

impl TryFrom<String> for LevelScale {
    type Error = LevelScaleError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_magnitudes_are_inverse() {
        for scale in [
            LevelScale::Linear,
            LevelScale::Power,
            LevelScale::DB_80,
            LevelScale::Db { low: -60.0, high: 6.0 },
            LevelScale::LN_80,
        ] {
            for level in [0.0, 0.25, 0.5, 1.0] {
                let back = scale.level_from_magnitude(scale.magnitude_from_level(level));
                assert!((back - level).abs() < 1e-12, "{scale} {level} {back}");
            }
        }
    }

    #[test]
    fn text_round_trips_and_nonsense_is_refused() {
        for text in ["linear", "power", "db:-80:0", "db:-100:-20", "ln:-9.5:0"] {
            assert_eq!(text.parse::<LevelScale>().unwrap().to_string(), text);
        }
        assert_eq!("dB".parse(), Ok(LevelScale::DB_80));
        for text in ["", "loud", "db:0:-80", "db:1", "db:nan:0", "linear:1"] {
            assert!(text.parse::<LevelScale>().is_err(), "{text}");
        }
    }
}
