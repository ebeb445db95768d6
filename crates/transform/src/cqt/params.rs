//! What a constant-Q transform is: librosa's arguments, by librosa's names and defaults.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::window::Window;
use crate::TransformError;

/// Most bins a transform may have. librosa has no limit; 2^14 is 20 times an 88-key grid at
/// 10 bins a semitone, and keeps an absurd request from exhausting memory.
pub const MAX_BINS: usize = 1 << 14;

/// Most samples a filter may span: 2^24 is over six minutes at 44.1 kHz.
pub(crate) const MAX_FILTER_SAMPLES: f64 = (1u64 << 24) as f64;

/// C1, librosa's default `fmin`, in Hz.
pub const C1_HZ: f64 = 32.70319566257483;

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
    /// 0.10 and later: bandwidths from the bins' spacing, soxr, zero padding, any hop.
    #[default]
    #[serde(rename = "0.11")]
    V0_11,
}

impl LibrosaVersion {
    /// Every preset.
    pub const ALL: [Self; 4] = [Self::V0_6, Self::V0_8, Self::V0_9, Self::V0_11];

    /// The preset's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::V0_6 => "0.6",
            Self::V0_8 => "0.8",
            Self::V0_9 => "0.9",
            Self::V0_11 => "0.11",
        }
    }

    /// The padding that this release used unless told otherwise.
    pub fn default_pad_mode(self) -> PadMode {
        match self {
            Self::V0_6 | Self::V0_8 => PadMode::Reflect,
            Self::V0_9 | Self::V0_11 => PadMode::Constant,
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
        let mut parts = text.trim().split('.').map(|part| part.parse::<u32>().ok());
        match (parts.next().flatten(), parts.next().flatten()) {
            (Some(0), Some(5..=7)) => Ok(Self::V0_6),
            (Some(0), Some(8)) => Ok(Self::V0_8),
            (Some(0), Some(9)) => Ok(Self::V0_9),
            (Some(0), Some(10 | 11)) | (Some(1), _) => Ok(Self::V0_11),
            _ => Err(TransformError::Parameter {
                name: "librosa",
                found: format!("'{text}'"),
                expected: "a release from 0.5 to 1.0, such as 0.6, 0.8, 0.9 or 0.11".to_owned(),
            }),
        }
    }
}

/// What the signal is taken to be beyond its ends (NumPy's `pad` modes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PadMode {
    /// Zeros.
    #[default]
    Constant,
    /// Mirrored about the end sample.
    Reflect,
    /// The end sample repeated.
    Edge,
}

impl PadMode {
    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Reflect => "reflect",
            Self::Edge => "edge",
        }
    }
}

impl fmt::Display for PadMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for PadMode {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Constant, Self::Reflect, Self::Edge].into_iter().find(|mode| mode.name() == text).ok_or_else(|| {
            TransformError::Parameter {
                name: "pad-mode",
                found: format!("'{text}'"),
                expected: "constant, reflect or edge".to_owned(),
            }
        })
    }
}

/// Which resampler halves the rate (librosa's `res_type`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResType {
    /// What the release takes by itself: soxr from 0.10 on, resampy's `kaiser_fast` before.
    #[default]
    Auto,
    /// soxr's high quality.
    SoxrHq,
    /// resampy's short filter.
    KaiserFast,
    /// resampy's long filter.
    KaiserBest,
}

impl ResType {
    /// librosa's name; `auto` for `None`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::SoxrHq => "soxr_hq",
            Self::KaiserFast => "kaiser_fast",
            Self::KaiserBest => "kaiser_best",
        }
    }
}

impl fmt::Display for ResType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ResType {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Auto, Self::SoxrHq, Self::KaiserFast, Self::KaiserBest]
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| TransformError::Parameter {
                name: "res-type",
                found: format!("'{text}'"),
                expected: "auto, soxr_hq, kaiser_fast or kaiser_best".to_owned(),
            })
    }
}

/// How each filter is normalised before scaling (librosa's `norm`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Norm {
    /// `norm=None`: not at all.
    None,
    /// `norm=1`: by the sum of absolute values; librosa's default.
    #[default]
    #[serde(rename = "1")]
    L1,
    /// `norm=2`: by the Euclidean norm.
    #[serde(rename = "2")]
    L2,
    /// `norm=np.inf`: by the largest absolute value.
    #[serde(rename = "inf")]
    Max,
}

impl FromStr for Norm {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "none" => Ok(Self::None),
            "1" => Ok(Self::L1),
            "2" => Ok(Self::L2),
            "inf" => Ok(Self::Max),
            _ => Err(TransformError::Parameter {
                name: "norm",
                found: format!("'{text}'"),
                expected: "1, 2, inf or none".to_owned(),
            }),
        }
    }
}

impl fmt::Display for Norm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::L1 => "1",
            Self::L2 => "2",
            Self::Max => "inf",
        })
    }
}

/// The arguments of `librosa.cqt`, with librosa's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CqtParams {
    /// Sample rate that the transform is told, in Hz. Default: 22050.
    pub sr: f64,
    /// Samples between frames. Default: 512.
    pub hop: usize,
    /// Number of bins. Default: 84.
    pub bins: usize,
    /// Bins an octave. Default: 12.
    pub bins_per_octave: usize,
    /// Centre of the lowest bin before tuning, in Hz. Default: C1, 32.703 Hz.
    pub fmin_hz: f64,
    /// Offset of all bins as a fraction of a bin. Default: 0.
    pub tuning: f64,
    /// Filter length as a multiple of the constant-Q length. Default: 1.
    pub filter_scale: f64,
    /// Filter normalisation. Default: L1.
    pub norm: Norm,
    /// Share of each filter's absolute spectrum dropped as small, 0..1. Default: 0.01.
    pub sparsity: f64,
    /// Filter window. Default: Hann.
    pub window: Window,
    /// Divide each row by the square root of its filter's length. Default: true.
    pub scale: bool,
    /// What lies beyond the signal's ends. Default: zeros.
    pub pad_mode: PadMode,
    /// Which resampler. Default: the release's own.
    #[serde(default)]
    pub res_type: ResType,
    /// Whose definition. Default: 0.11.
    pub librosa: LibrosaVersion,
}

impl Default for CqtParams {
    fn default() -> Self {
        Self {
            sr: 22050.0,
            hop: 512,
            bins: 84,
            bins_per_octave: 12,
            fmin_hz: C1_HZ,
            tuning: 0.0,
            filter_scale: 1.0,
            norm: Norm::L1,
            sparsity: 0.01,
            window: Window::Hann,
            scale: true,
            pad_mode: PadMode::Constant,
            res_type: ResType::Auto,
            librosa: LibrosaVersion::V0_11,
        }
    }
}

impl CqtParams {
    /// The defaults of one librosa release: its padding differs.
    pub fn for_librosa(librosa: LibrosaVersion) -> Self {
        Self { librosa, pad_mode: librosa.default_pad_mode(), ..Self::default() }
    }

    /// Checks each field on its own.
    ///
    /// # Errors
    /// [`TransformError::Parameter`] naming the field, what it is and its range.
    pub fn validate(&self) -> Result<(), TransformError> {
        let positive = |name, value: f64| check(name, value, value.is_finite() && value > 0.0, "a positive number");
        positive("sr", self.sr)?;
        positive("fmin", self.fmin_hz)?;
        positive("filter-scale", self.filter_scale)?;
        check("hop", self.hop, self.hop >= 1, "a whole number of samples, 1 or more")?;
        let bins = format!("1 to {MAX_BINS}");
        check("bins", self.bins, (1..=MAX_BINS).contains(&self.bins), &bins)?;
        check("bins-per-octave", self.bins_per_octave, (1..=MAX_BINS).contains(&self.bins_per_octave), &bins)?;
        check("tuning", self.tuning, self.tuning.is_finite(), "a number of bins, usually -0.5 to 0.5")?;
        check("sparsity", self.sparsity, (0.0..1.0).contains(&self.sparsity), "0 or more and less than 1")
    }
}

fn check(name: &'static str, found: impl fmt::Display, good: bool, expected: &str) -> Result<(), TransformError> {
    if good {
        Ok(())
    } else {
        Err(TransformError::Parameter { name, found: found.to_string(), expected: expected.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_map_to_presets() {
        for (text, version) in
            [("0.6.3", "0.6"), ("0.7", "0.6"), ("0.8.1", "0.8"), ("0.10.2", "0.11"), ("1.0.0", "0.11")]
        {
            assert_eq!(text.parse::<LibrosaVersion>().unwrap().name(), version);
        }
        for text in ["", "0.4", "2", "new"] {
            assert!(text.parse::<LibrosaVersion>().is_err(), "{text}");
        }
    }

    #[test]
    fn each_bad_field_is_named() {
        let good = CqtParams::default();
        assert_eq!(good.validate(), Ok(()));
        let bad = [
            ("sr", CqtParams { sr: 0.0, ..good }),
            ("sr", CqtParams { sr: f64::NAN, ..good }),
            ("fmin", CqtParams { fmin_hz: -1.0, ..good }),
            ("hop", CqtParams { hop: 0, ..good }),
            ("bins", CqtParams { bins: 1_000_000, ..good }),
            ("bins", CqtParams { bins: 0, ..good }),
            ("bins-per-octave", CqtParams { bins_per_octave: 0, ..good }),
            ("tuning", CqtParams { tuning: f64::INFINITY, ..good }),
            ("sparsity", CqtParams { sparsity: 1.0, ..good }),
            ("filter-scale", CqtParams { filter_scale: 0.0, ..good }),
        ];
        for (field, params) in bad {
            match params.validate() {
                Err(TransformError::Parameter { name, .. }) => assert_eq!(name, field),
                other => panic!("{field}: {other:?}"),
            }
        }
    }
}
