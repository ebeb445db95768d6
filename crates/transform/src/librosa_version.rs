//! The releases of librosa.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::TransformError;
use crate::pad::PadMode;

/// Which librosa made the picture: releases differ in Q, padding, resampler and hop rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LibrosaVersion {
    /// 0.5 to 0.7: old Q, one basis for all octaves, resampy, reflect padding, and a filter
    /// cut-off that ignores the tuning.
    #[serde(rename = "0.6")]
    V0_6,
    /// 0.8: as 0.6, the cut-off with tuning.
    #[serde(rename = "0.8")]
    V0_8,
    /// 0.9: new Q, a basis an octave, resampy, zero padding, any hop.
    #[serde(rename = "0.9")]
    V0_9,
    /// 0.10 and 0.11: bandwidths from the bins' spacing, soxr, zero padding, any hop.
    #[default]
    #[serde(rename = "0.11")]
    V0_11,
    /// 1.0: as 0.11, but the rate is not halved where the resampler would cut into the next octave.
    #[serde(rename = "1.0")]
    V1_0,
}

impl LibrosaVersion {
    /// Every preset.
    pub const ALL: [Self; 5] = [Self::V0_6, Self::V0_8, Self::V0_9, Self::V0_11, Self::V1_0];

    /// The preset's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::V0_6 => "0.6",
            Self::V0_8 => "0.8",
            Self::V0_9 => "0.9",
            Self::V0_11 => "0.11",
            Self::V1_0 => "1.0",
        }
    }

    /// Whether this is 0.10 or later: soxr, bandwidths from the bins' spacing, frames padded in two slices,
    /// variable-Q transforms and bins that are not equally spaced.
    pub fn is_modern(self) -> bool {
        matches!(self, Self::V0_11 | Self::V1_0)
    }

    /// The padding that this release used unless told otherwise.
    pub fn default_pad_mode(self) -> PadMode {
        match self {
            Self::V0_6 | Self::V0_8 => PadMode::Reflect,
            Self::V0_9 | Self::V0_11 | Self::V1_0 => PadMode::Constant,
        }
    }
}

impl fmt::Display for LibrosaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for LibrosaVersion {
    type Err = TransformError;

    /// Reads a release such as `0.6.3` and takes the preset that covers it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<_> = text.trim().split('.').map(|part| part.parse::<u32>().ok()).collect();
        match parts[..] {
            [Some(0), Some(5..=7), ..] => Ok(Self::V0_6),
            [Some(0), Some(8), ..] => Ok(Self::V0_8),
            [Some(0), Some(9), ..] => Ok(Self::V0_9),
            [Some(0), Some(10 | 11), ..] => Ok(Self::V0_11),
            [Some(1)] | [Some(1), Some(0), ..] => Ok(Self::V1_0),
            _ => Err(TransformError::Parameter {
                name: "librosa",
                found: format!("'{text}'"),
                expected: "a release from 0.5 to 1.0, such as 0.6, 0.8, 0.9, 0.11 or 1.0".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_map_to_presets() {
        let presets = [
            ("0.6.3", "0.6"),
            ("0.7", "0.6"),
            ("0.8.1", "0.8"),
            ("0.10.2", "0.11"),
            ("1.0.0", "1.0"),
            ("1.0", "1.0"),
            ("1", "1.0"),
        ];
        for (text, version) in presets {
            assert_eq!(text.parse::<LibrosaVersion>().unwrap().name(), version);
        }
        for version in LibrosaVersion::ALL {
            assert_eq!(version.name().parse(), Ok(version));
        }
        for text in ["", "0.4", "1.x", "1.2", "2", "new"] {
            assert!(text.parse::<LibrosaVersion>().is_err(), "{text}");
        }
    }
}
