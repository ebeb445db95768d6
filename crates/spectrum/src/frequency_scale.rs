//! Which frequency lies where along an axis.

use serde::{Deserialize, Serialize};

/// How frequencies are spread along an axis: a place is an affine function of [`FrequencyScale::place_from_hz`].
///
/// No scale knows a tool; librosa's axes are among the constants.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FrequencyScale {
    /// Equal steps in Hz.
    Linear,
    /// Equal steps in octaves.
    Log,
    /// Linear up to a threshold, logarithmic above, as matplotlib's `symlog` (`SymmetricalLogTransform`, 3.11).
    Symlog {
        /// Frequency, in Hz, up to which the axis is linear; over 0.
        linthresh: f64,
        /// Length of the linear part from 0 to the threshold, in decades of the base; over 0.
        linscale: f64,
        /// Base of the logarithm; over 1.
        base: f64,
    },
}

impl FrequencyScale {
    /// The scale that flags and keywords call so: `linear`, `log`, `librosa-log` or `mel`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "linear" => Some(Self::Linear),
            "log" => Some(Self::Log),
            "librosa-log" => Some(Self::LIBROSA_LOG),
            "mel" => Some(Self::LIBROSA_MEL),
            _ => None,
        }
    }

    /// What librosa draws for `y_axis="log"` (0.6 to 1.0): linear up to C2.
    pub const LIBROSA_LOG: Self = Self::Symlog { linthresh: 65.40639132514966, linscale: 0.5, base: 2.0 };
    /// What librosa draws for `y_axis="mel"` (0.6 to 1.0): linear up to 1 kHz, as Slaney's mel scale is.
    pub const LIBROSA_MEL: Self = Self::Symlog { linthresh: 1000.0, linscale: 1.0, base: 2.0 };
    /// matplotlib's `set_yscale("symlog")` without arguments.
    pub const SYMLOG: Self = Self::Symlog { linthresh: 2.0, linscale: 1.0, base: 10.0 };

    /// Where a frequency in Hz lies. Rising; [`FrequencyScale::Log`] has no place for 0 and below (NaN or minus infinity).
    pub fn place_from_hz(self, hz: f64) -> f64 {
        match self {
            Self::Linear => hz,
            Self::Log => hz.log2(),
            Self::Symlog { linthresh, linscale, base } => {
                let linear = linscale / (1.0 - 1.0 / base);
                let above = hz.abs() / linthresh;
                if above <= 1.0 { hz * linear } else { hz.signum() * linthresh * (linear + above.ln() / base.ln()) }
            }
        }
    }

    /// The frequency in Hz at a place.
    pub fn hz_from_place(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::Log => place.exp2(),
            Self::Symlog { linthresh, linscale, base } => {
                let linear = linscale / (1.0 - 1.0 / base);
                let above = place.abs() / linthresh - linear;
                if above <= 0.0 { place / linear } else { place.signum() * linthresh * (above * base.ln()).exp() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_frequencies_are_inverse_and_rise() {
        for scale in [FrequencyScale::Linear, FrequencyScale::Log, FrequencyScale::LIBROSA_LOG, FrequencyScale::SYMLOG]
        {
            let places: Vec<f64> = (1..200).map(|i| scale.place_from_hz(f64::from(i) * 55.0)).collect();
            assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{scale:?}");
            for (i, &place) in (1..200).zip(&places) {
                assert!((scale.hz_from_place(place) / (f64::from(i) * 55.0) - 1.0).abs() < 1e-12, "{scale:?}");
            }
        }
    }

    /// matplotlib 3.11.2: `SymmetricalLogTransform(2, 65.40639132514966, 0.5)` of 32.7, 1000 and -10 Hz.
    #[test]
    fn the_symmetric_logarithm_is_that_of_matplotlib() {
        for (hz, place) in [(32.7, 32.7), (1000.0, 322.74290446), (-10.0, -10.0)] {
            let found = FrequencyScale::LIBROSA_LOG.place_from_hz(hz);
            assert!((found - place).abs() < 1e-6, "{hz} Hz: {found}");
        }
    }
}
