//! What a constant-Q transform is: librosa's arguments, by librosa's names and defaults.

use std::fmt;
use std::str::FromStr;

use photophone_spectrum::Number;
use serde::{Deserialize, Serialize};

use super::gamma::Gamma;
use super::norm::Norm;
use crate::TransformError;
use crate::librosa_version::LibrosaVersion;
use crate::pad::PadMode;
use crate::window::Window;

/// Most bins a transform may have. librosa has no limit; 2^14 is 20 times an 88-key grid at
/// 10 bins a semitone, and keeps an absurd request from exhausting memory.
pub const MAX_BINS: usize = 1 << 14;

/// Most samples a filter may span: 2^24 is over six minutes at 44.1 kHz.
pub(crate) const MAX_FILTER_SAMPLES: f64 = (1u64 << 24) as f64;

/// Most samples of a signal: 2^28 is over an hour and a half at 48 kHz, and 2 GiB in double precision.
pub const MAX_SAMPLES: usize = 1 << 28;

/// C1, librosa's default `fmin`, in Hz.
pub const C1_HZ: f64 = 32.70319566257483;

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

/// The arguments of `librosa.cqt` and `librosa.vqt`, with the defaults of `librosa.cqt`.
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
    /// Bandwidth offset: above 0 the transform is a variable-Q one. Default: 0. librosa 0.10 and later.
    #[serde(default)]
    pub gamma: Gamma,
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
            gamma: Gamma::Hz(0.0),
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
        let positive =
            |name, value: f64| check(name, Number(value), value.is_finite() && value > 0.0, "a positive number");
        positive("sr", self.sr)?;
        positive("fmin", self.fmin_hz)?;
        positive("filter-scale", self.filter_scale)?;
        check("hop", self.hop, self.hop >= 1, "a whole number of samples, 1 or more")?;
        let bins = format!("1 to {MAX_BINS}");
        check("bins", self.bins, (1..=MAX_BINS).contains(&self.bins), &bins)?;
        check("bins-per-octave", self.bins_per_octave, (1..=MAX_BINS).contains(&self.bins_per_octave), &bins)?;
        check("tuning", Number(self.tuning), self.tuning.is_finite(), "a number of bins, usually -0.5 to 0.5")?;
        self.validate_gamma()?;
        check("norm", self.norm, self.norm.is_known(), "a number of 0 or more, inf, -inf or none")?;
        check("sparsity", Number(self.sparsity), (0.0..1.0).contains(&self.sparsity), "0 or more and less than 1")
    }

    fn validate_gamma(&self) -> Result<(), TransformError> {
        let good = matches!(self.gamma, Gamma::Erb | Gamma::Hz(0.0..f64::INFINITY));
        check("gamma", self.gamma, good, "a bandwidth in Hz, 0 or more, or erb")?;
        let known = self.librosa.is_modern() || self.gamma == Gamma::Hz(0.0);
        check("gamma", self.gamma, known, "0, or librosa 0.10 or later: no earlier variable-Q transform is known here")
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
            ("norm", CqtParams { norm: Norm::P(-1.0), ..good }),
            ("gamma", CqtParams { gamma: Gamma::Hz(-1.0), ..good }),
            ("gamma", CqtParams { gamma: Gamma::Erb, librosa: LibrosaVersion::V0_9, ..good }),
        ];
        for (field, params) in bad {
            match params.validate() {
                Err(TransformError::Parameter { name, .. }) => assert_eq!(name, field),
                other => panic!("{field}: {other:?}"),
            }
        }
    }
}
