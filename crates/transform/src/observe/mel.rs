//! Mel spectrograms by librosa's and torchaudio's definitions.

use std::fmt;
use std::str::FromStr;

use num_complex::Complex;
use photophone_spectrum::MelScale;
use serde::{Deserialize, Serialize};

use super::observation::Observation;
use super::power_map::{PowerMap, Weights};
use crate::{Norm, StftParams, TransformError};

/// Most bands: as many as the longest FFT has bins.
pub const MAX_BANDS: usize = crate::stft::MAX_FFT / 2 + 1;

/// How each band's filter is normalised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum MelNorm {
    /// By half the width of the band in Hz (Slaney, "Auditory Toolbox", 1998): librosa's default.
    #[default]
    Slaney,
    /// By a norm of its weights, as librosa's numbers say; [`Norm::None`] leaves a peak of 1 and is torchaudio's default.
    Weights(Norm),
}

/// Arguments of `librosa.feature.melspectrogram` (0.6 to 1.0) beside those of its STFT.
///
/// `torchaudio.transforms.MelSpectrogram` is the same with [`MelScale::Htk`] and [`Norm::None`], its defaults, where the
/// sample rate and `n_fft` are even.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MelParams {
    /// Bands, 1 to [`MAX_BANDS`]. Default: 128.
    pub bands: usize,
    /// Lower edge of the lowest band in Hz, 0 or more. Default: 0.
    pub fmin_hz: f64,
    /// Upper edge of the highest band in Hz, above `fmin_hz`. Default: half the sample rate.
    pub fmax_hz: Option<f64>,
    /// The scale on which bands are equally wide. Default: Slaney's.
    pub scale: MelScale,
    /// How each band's filter is normalised. Default: by its width.
    pub norm: MelNorm,
    /// The power of the STFT's magnitudes that is summed, above 0. Default: 2.
    pub power: f64,
}

impl Default for MelParams {
    fn default() -> Self {
        let (scale, norm) = (MelScale::default(), MelNorm::default());
        Self { bands: 128, fmin_hz: 0.0, fmax_hz: None, scale, norm, power: 2.0 }
    }
}

impl MelParams {
    /// The mel spectrogram as an observation of an STFT's coefficients (`librosa.filters.mel`).
    ///
    /// A band is a triangle over frequency from the centre of the band below to that of the one above. One that is narrower
    /// than the distance of bins may see none of them.
    ///
    /// # Errors
    /// A parameter outside its range, of the STFT's too.
    pub fn observation(&self, stft: &StftParams) -> Result<Observation, TransformError> {
        let fmax_hz = self.check(stft)?;
        let edges_hz = self.scale.frequencies(self.bands + 2, self.fmin_hz, fmax_hz);
        let bin_hz = stft.sr / stft.n_fft as f64;
        let rows = (0..self.bands).map(|band| self.band(&edges_hz[band..], bin_hz, stft.rows())).collect();
        Observation::new(PowerMap::new(stft.rows(), rows)?, self.power)
    }

    /// The weights of the band whose lower edge, centre and upper edge `edges_hz` begins with.
    fn band(&self, edges_hz: &[f64], bin_hz: f64, bins: usize) -> Weights {
        let (low_hz, centre_hz, high_hz) = (edges_hz[0], edges_hz[1], edges_hz[2]);
        let first = ((low_hz / bin_hz).floor() as usize).min(bins);
        let end = ((high_hz / bin_hz).ceil() as usize + 1).clamp(first, bins);
        let triangle = |bin: usize| {
            let hz = bin as f64 * bin_hz;
            let (rising, falling) = ((hz - low_hz) / (centre_hz - low_hz), (high_hz - hz) / (high_hz - centre_hz));
            rising.min(falling).max(0.0)
        };
        let mut values: Vec<f64> = (first..end).map(triangle).collect();
        let factor = match self.norm {
            MelNorm::Slaney => 2.0 / (high_hz - low_hz),
            MelNorm::Weights(norm) => 1.0 / norm_of(norm, &values, bins),
        };
        for value in &mut values {
            *value *= factor;
        }
        Weights { first, values }
    }

    /// The upper edge of the highest band in Hz.
    fn check(&self, stft: &StftParams) -> Result<f64, TransformError> {
        let wrong = |name, found: f64, expected: String| {
            Err(TransformError::Parameter { name, found: found.to_string(), expected })
        };
        stft.samples_from_frames(1)?;
        if !(1..=MAX_BANDS).contains(&self.bands) {
            return wrong("n-mels", self.bands as f64, format!("1 to {MAX_BANDS}"));
        }
        let fmax_hz = self.fmax_hz.unwrap_or(stft.sr / 2.0);
        if !(self.fmin_hz >= 0.0 && self.fmin_hz.is_finite()) {
            return wrong("fmin", self.fmin_hz, "a frequency in Hz, 0 or more".to_owned());
        }
        if !(fmax_hz > self.fmin_hz && fmax_hz.is_finite()) {
            return wrong("fmax", fmax_hz, format!("a frequency in Hz above {}, the lowest", self.fmin_hz));
        }
        match self.norm {
            MelNorm::Weights(norm) if !norm.is_known() => norm.to_string().parse::<MelNorm>().map(|_| fmax_hz),
            _ => Ok(fmax_hz),
        }
    }
}

/// The norm of a band's weights, of which there are `bins` in librosa's array.
fn norm_of(norm: Norm, weights: &[f64], bins: usize) -> f64 {
    let mut all: Vec<Complex<f64>> = weights.iter().map(|weight| Complex::from(*weight)).collect();
    // The least of all weights is that of a bin that the band does not see.
    if all.len() < bins {
        all.push(Complex::default());
    }
    norm.of(&all)
}

impl FromStr for MelNorm {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("slaney") {
            return Ok(Self::Slaney);
        }
        let expected = "slaney, none, inf, -inf, or a number of 0 or more".to_owned();
        let wrong = |_| TransformError::Parameter { name: "mel-norm", found: format!("'{text}'"), expected };
        text.parse().map(Self::Weights).map_err(wrong)
    }
}

impl fmt::Display for MelNorm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slaney => f.write_str("slaney"),
            Self::Weights(norm) => norm.fmt(f),
        }
    }
}

impl TryFrom<String> for MelNorm {
    type Error = TransformError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MelNorm> for String {
    fn from(norm: MelNorm) -> Self {
        norm.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_a_triangle_between_its_neighbours_centres() {
        let stft = StftParams { n_fft: 64, win_length: 64, sr: 6400.0, ..StftParams::default() };
        let none = MelNorm::Weights(Norm::None);
        // Slaney's scale is linear here: edges at 0, 200, 400, 600 and 800 Hz, bins every 100.
        let params = MelParams { bands: 3, fmax_hz: Some(800.0), norm: none, ..MelParams::default() };
        let map = params.observation(&stft).unwrap();
        let weights = |row| (0..9).map(|bin| map.map().weight(row, bin)).collect::<Vec<_>>();
        for (found, wanted) in weights(1).iter().zip([0.0, 0.0, 0.0, 0.5, 1.0, 0.5, 0.0, 0.0, 0.0]) {
            assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
        }
        let slaney = MelParams { norm: MelNorm::Slaney, ..params }.observation(&stft).unwrap();
        assert!((slaney.map().weight(1, 4) - 2.0 / 400.0).abs() < 1e-12);
    }

    #[test]
    fn what_makes_no_bands_is_refused() {
        for params in [
            MelParams { bands: 0, ..MelParams::default() },
            MelParams { fmin_hz: -1.0, ..MelParams::default() },
            MelParams { fmin_hz: 5000.0, fmax_hz: Some(4000.0), ..MelParams::default() },
            MelParams { fmax_hz: Some(f64::INFINITY), ..MelParams::default() },
            MelParams { norm: MelNorm::Weights(Norm::P(-2.0)), ..MelParams::default() },
            MelParams { power: 0.0, ..MelParams::default() },
        ] {
            assert!(params.observation(&StftParams::default()).is_err(), "{params:?}");
        }
        // Bands above half the rate see nothing, which is no fault.
        assert!(
            MelParams { fmax_hz: Some(30_000.0), ..MelParams::default() }.observation(&StftParams::default()).is_ok()
        );
    }

    #[test]
    fn norms_are_spelled_as_they_are_read() {
        for text in ["slaney", "none", "1", "2", "inf", "-inf", "0", "3"] {
            assert_eq!(text.parse::<MelNorm>().unwrap().to_string(), text);
        }
        for text in ["", "htk", "-1", "nan"] {
            assert!(text.parse::<MelNorm>().is_err(), "{text}");
        }
    }
}
