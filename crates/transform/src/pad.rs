//! What lies beyond the ends of a signal: NumPy's `pad`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::TransformError;

/// What the signal is taken to be beyond its ends (those of NumPy's `pad` modes that librosa takes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PadMode {
    /// Zeros.
    #[default]
    Constant,
    /// Mirrored about the end sample.
    Reflect,
    /// Mirrored about the end, the end sample twice.
    Symmetric,
    /// The end sample repeated.
    Edge,
    /// From the end sample to zero in a straight line over half an FFT.
    LinearRamp,
}

impl PadMode {
    /// Every mode, for help texts.
    pub const ALL: [Self; 5] = [Self::Constant, Self::Reflect, Self::Symmetric, Self::Edge, Self::LinearRamp];

    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Reflect => "reflect",
            Self::Symmetric => "symmetric",
            Self::Edge => "edge",
            Self::LinearRamp => "linear_ramp",
        }
    }

    /// Where a sample `outside` a signal comes from, and its weight there.
    ///
    /// `outside` counts from the first of the `len` samples; `width` is the padding's at each end.
    pub(crate) fn source(self, outside: isize, len: usize, width: usize) -> Option<(usize, f64)> {
        let n = len as isize;
        let end = outside.clamp(0, n - 1);
        let at = match self {
            Self::Constant => return None,
            Self::Edge => end,
            Self::LinearRamp => {
                let left = width as f64 - outside.abs_diff(end) as f64;
                return (left > 0.0).then(|| (end as usize, left / width as f64));
            }
            // NumPy holds a single sample.
            Self::Reflect if n == 1 => 0,
            Self::Reflect => {
                let folded = outside.rem_euclid(2 * (n - 1));
                folded.min(2 * (n - 1) - folded)
            }
            Self::Symmetric => {
                let folded = outside.rem_euclid(2 * n);
                folded.min(2 * n - 1 - folded)
            }
        };
        Some((at as usize, 1.0))
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
        Self::ALL.into_iter().find(|mode| mode.name() == text).ok_or_else(|| TransformError::Parameter {
            name: "pad-mode",
            found: format!("'{text}'"),
            expected: Self::ALL.map(Self::name).join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_as_numpy_does() {
        let padded = |mode: PadMode, samples: &[f64]| -> Vec<f64> {
            let n = samples.len() as isize;
            let value = |at: isize| match samples.get(at as usize) {
                Some(value) if at >= 0 => *value,
                _ => mode.source(at, samples.len(), 4).map_or(0.0, |(from, weight)| samples[from] * weight),
            };
            (-4..n + 4).map(value).collect()
        };
        let three = [1.0, 2.0, 3.0];
        assert_eq!(padded(PadMode::Constant, &three), [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(padded(PadMode::Edge, &three), [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!(padded(PadMode::Reflect, &three), [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0]);
        assert_eq!(padded(PadMode::Symmetric, &three), [3.0, 3.0, 2.0, 1.0, 1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 1.0]);
        assert_eq!(padded(PadMode::LinearRamp, &three), [0.0, 0.25, 0.5, 0.75, 1.0, 2.0, 3.0, 2.25, 1.5, 0.75, 0.0]);
        assert_eq!(padded(PadMode::Reflect, &[7.0]), [7.0; 9]);
        assert_eq!(padded(PadMode::Symmetric, &[7.0]), [7.0; 9]);
        for mode in PadMode::ALL {
            assert_eq!(mode.name().parse(), Ok(mode));
        }
    }
}
