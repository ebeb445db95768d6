//! What the exact constant-Q transform is: its axis and its windows.

use std::f64::consts::PI;
use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::TransformError;

/// The fewest and the most bands an octave.
pub const BINS_PER_OCTAVE: (usize, usize) = (6, 96);

/// Which axis the bands stand on, and how each one is shaped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GaborParams {
    /// Samples a second, above 0. Default: 44 100 Hz.
    pub sr: f64,
    /// Bands an octave far above the knee, 6 to 96. Default: 48.
    pub bins_per_octave: usize,
    /// About where the bands turn from constant Q (above) to constant width (below), in Hz, above 0. It is moved so that
    /// [`GaborParams::tuning_hz`] is a centre: by less than a band where it lies below the tuning. A lower knee gives
    /// narrower low bands, which ring for longer. Default: 60 Hz.
    pub knee_hz: f64,
    /// A frequency that is the centre of a band, in Hz, above 0, where it lies below the topmost octave. Default: 440 Hz.
    pub tuning_hz: f64,
    /// The shape of every band. Default: Nuttall's.
    pub taper: Taper,
    /// The longest hop that a band may have, in samples, at least 1; it is rounded down to a power of two. Who changes
    /// coefficients, or draws them, on columns of one hop has all of them sampled as often. None is as long as each band
    /// allows. Default: none.
    pub max_hop: Option<usize>,
}

impl Default for GaborParams {
    fn default() -> Self {
        Self {
            sr: 44_100.0,
            bins_per_octave: 48,
            knee_hz: 60.0,
            tuning_hz: 440.0,
            taper: Taper::Nuttall,
            max_hop: None,
        }
    }
}

/// The shape of a band along the axis: 1 at its centre, 0 from [`Taper::half_support`] bands away.
///
/// The squares of all bands add up to a constant: exactly for Hann's, within 0.003 dB for Nuttall's, and what is left is
/// divided out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Taper {
    /// `0.5 + 0.5 cos`, 2 bands to either side: about two thirds of the coefficients, and longer tails in time.
    Hann,
    /// The four-term window with a continuous first derivative (Nuttall, Some windows with very good sidelobe behavior,
    /// 1981), 3 bands to either side: tails that fall below -100 dB soonest.
    #[default]
    Nuttall,
}

impl Taper {
    /// How many bands away the shape reaches zero.
    pub fn half_support(self) -> usize {
        match self {
            Self::Hann => 2,
            Self::Nuttall => 3,
        }
    }

    /// The shape `bands` away from the centre.
    pub fn at(self, bands: f64) -> f64 {
        let x = bands / self.half_support() as f64;
        if x.abs() >= 1.0 {
            return 0.0;
        }
        self.terms().iter().zip(0u32..).map(|(term, m)| term * (PI * f64::from(m) * x).cos()).sum()
    }

    /// Factors of `cos(pi m x)`.
    fn terms(self) -> &'static [f64] {
        match self {
            Self::Hann => &[0.5, 0.5],
            Self::Nuttall => &[0.355768, 0.487396, 0.144232, 0.012604],
        }
    }
}

impl FromStr for Taper {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "hann" => Ok(Self::Hann),
            "nuttall" => Ok(Self::Nuttall),
            _ => Err(wrong("window", &format!("'{text}'"), "hann or nuttall")),
        }
    }
}

impl GaborParams {
    /// Refuses what lies outside its range.
    pub(super) fn check(&self) -> Result<(), TransformError> {
        for (name, value) in [("sr", self.sr), ("knee", self.knee_hz), ("tuning", self.tuning_hz)] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(wrong(name, &value, "a number above 0"));
            }
        }
        let (fewest, most) = BINS_PER_OCTAVE;
        if !(fewest..=most).contains(&self.bins_per_octave) {
            return Err(wrong("bins-per-octave", &self.bins_per_octave, &format!("{fewest} to {most}")));
        }
        if self.max_hop == Some(0) {
            return Err(wrong("hop", &0, "at least 1"));
        }
        Ok(())
    }
}

/// A parameter outside its range.
pub(super) fn wrong(name: &'static str, found: &dyn Display, expected: &str) -> TransformError {
    TransformError::Parameter { name, found: found.to_string(), expected: expected.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_the_shifted_shapes_add_up_to_a_constant() {
        for (taper, most) in [(Taper::Hann, 1e-14), (Taper::Nuttall, 7e-4)] {
            let sum = |at: f64| (-9..=9).map(|k| taper.at(at - f64::from(k)).powi(2)).sum::<f64>();
            let sums: Vec<f64> = (0..100).map(|i| sum(0.01 * f64::from(i))).collect();
            let (least, greatest) =
                (sums.iter().copied().fold(f64::MAX, f64::min), sums.iter().copied().fold(0.0, f64::max));
            assert!(greatest / least - 1.0 < most, "{taper:?}: {least} to {greatest}");
            assert!((taper.at(0.0) - 1.0).abs() < 1e-15, "{taper:?}");
            assert!(taper.at(taper.half_support() as f64 - 1e-3) < 1e-5, "{taper:?}");
        }
    }
}
