//! Mel scales.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Which mel scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MelScale {
    /// Slaney, "Auditory Toolbox" (1998), librosa's default: linear up to 1 kHz, logarithmic above.
    #[default]
    Slaney,
    /// The HTK Book (Young et al. 2006), torchaudio's default: `2595 log10(1 + f / 700)`.
    Htk,
}

/// Mels per Hz up to 1 kHz on Slaney's scale.
const SLANEY_PER_HZ: f64 = 3.0 / 200.0;
/// Mels at 1 kHz, and the logarithm of the step above: 27 steps from 1 kHz to 6.4 kHz.
const SLANEY_KNEE: f64 = 15.0;

impl MelScale {
    /// Mels of a frequency in Hz, 0 or above.
    pub fn mel_from_hz(self, hz: f64) -> f64 {
        match self {
            Self::Slaney if hz < 1000.0 => hz * SLANEY_PER_HZ,
            Self::Slaney => SLANEY_KNEE + (hz / 1000.0).ln() * 27.0 / 6.4f64.ln(),
            Self::Htk => 2595.0 * (1.0 + hz / 700.0).log10(),
        }
    }

    /// The frequency in Hz of a number of mels.
    pub fn hz_from_mel(self, mel: f64) -> f64 {
        match self {
            Self::Slaney if mel < SLANEY_KNEE => mel / SLANEY_PER_HZ,
            Self::Slaney => 1000.0 * ((mel - SLANEY_KNEE) * 6.4f64.ln() / 27.0).exp(),
            Self::Htk => 700.0 * (10f64.powf(mel / 2595.0) - 1.0),
        }
    }

    /// `count` frequencies equally spaced in mels from `fmin_hz` to `fmax_hz`, both included (librosa's `mel_frequencies`).
    pub fn frequencies(self, count: usize, fmin_hz: f64, fmax_hz: f64) -> Vec<f64> {
        (0..count).map(|index| self.frequencies_of(count, fmin_hz, fmax_hz, index)).collect()
    }

    /// One of these frequencies.
    pub fn frequencies_of(self, count: usize, fmin_hz: f64, fmax_hz: f64, index: usize) -> f64 {
        let (low, high) = (self.mel_from_hz(fmin_hz), self.mel_from_hz(fmax_hz));
        let step = (high - low) / count.saturating_sub(1).max(1) as f64;
        self.hz_from_mel(low + step * index as f64)
    }
}

/// A mel scale's name is not known.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("mel scale '{found}' is not known; expected slaney or htk")]
pub struct MelScaleError {
    found: String,
}

impl FromStr for MelScale {
    type Err = MelScaleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Slaney, Self::Htk];
        let known = all.into_iter().find(|scale| scale.to_string() == text.to_ascii_lowercase());
        known.ok_or_else(|| MelScaleError { found: text.to_owned() })
    }
}

impl fmt::Display for MelScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Slaney => "slaney",
            Self::Htk => "htk",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// librosa 0.11.0: `mel_frequencies(5, fmin=0, fmax=8000)`, and with `htk=True`.
    #[test]
    fn frequencies_are_librosas() {
        let slaney = [0.0, SLANEY[0], SLANEY[1], SLANEY[2], 8000.0];
        for (found, expected) in MelScale::Slaney.frequencies(5, 0.0, 8000.0).iter().zip(slaney) {
            assert!((found - expected).abs() < 1e-3, "{found} {expected}");
        }
        let htk = [0.0, HTK[0], HTK[1], HTK[2], 8000.0];
        for (found, expected) in MelScale::Htk.frequencies(5, 0.0, 8000.0).iter().zip(htk) {
            assert!((found - expected).abs() < 1e-3, "{found} {expected}");
        }
    }

    const SLANEY: [f64; 3] = [754.094008, 1688.908463, 3675.767634];
    const HTK: [f64; 3] = [614.326738, 1767.792536, 3933.551021];
}
