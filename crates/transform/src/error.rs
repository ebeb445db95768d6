//! What can be wrong with a transform's parameters or a call.

use std::ops::RangeInclusive;

use photophone_spectrum::{Number, Stopped};
use thiserror::Error;

/// What can be wrong with a transform's parameters or a call.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum TransformError {
    /// A parameter is outside its range.
    #[error("{name} is {found}, expected {expected}")]
    Parameter {
        /// The parameter's name, as the command line spells it.
        name: &'static str,
        /// What was found.
        found: String,
        /// What would be accepted.
        expected: String,
    },
    /// The highest filter reaches above half the sample rate.
    #[error(
        "the highest bin, {:.1} Hz, reaches up to {:.1} Hz, above half the sample rate ({:.1} Hz): give fewer bins (`bins`), a lower `fmin` or a higher `sr`",
        Number(*bin_hz), Number(*cutoff_hz), Number(*nyquist_hz)
    )]
    AboveNyquist {
        /// Centre of the highest bin.
        bin_hz: f64,
        /// Upper edge of its passband.
        cutoff_hz: f64,
        /// Half the sample rate that the transform was told.
        nyquist_hz: f64,
    },
    /// Bins whose centres lie above half the sample rate.
    #[error(
        "found {bins} bins, the highest above half the sample rate ({:.1} Hz); expected at most {fit}, {bins_per_octave} an \
         octave from {:.2} Hz: give fewer bins (`bins`), a lower `fmin` or a higher `sr`",
        Number(*nyquist_hz), Number(*fmin_hz)
    )]
    TooManyBins {
        /// Bins asked for.
        bins: usize,
        /// Bins that fit.
        fit: usize,
        /// Bins an octave.
        bins_per_octave: usize,
        /// Lowest bin.
        fmin_hz: f64,
        /// Half the sample rate that the transform was told.
        nyquist_hz: f64,
    },
    /// librosa 0.5 to 0.8 only: the hop has too few factors of two.
    #[error(
        "hop is {hop}, but librosa {version} needs a multiple of {multiple} for {octaves} octaves: that picture was made with another hop (`hop`), fewer octaves (`bins`), or librosa 0.9 or later (`librosa 0.11`)"
    )]
    HopNotDivisible {
        /// The hop asked for.
        hop: usize,
        /// What it must be a multiple of.
        multiple: usize,
        /// Octaves that the recursion goes down.
        octaves: usize,
        /// The version whose rule it is.
        version: &'static str,
    },
    /// The signal is too short for the recursion.
    #[error(
        "the sound is too short for {octaves} octaves: its length in samples is {samples}, expected {needed} or more; take a longer sound or fewer bins (`bins`)"
    )]
    TooShort {
        /// Samples given.
        samples: usize,
        /// Octaves that the recursion goes down.
        octaves: usize,
        /// Fewest samples that can be transformed.
        needed: usize,
    },
    /// The signal is shorter than a frame, and frames are not centred.
    #[error(
        "the sound is shorter than a frame: its length in samples is {samples}, expected {frame} or more; take a longer sound, a smaller `n-fft`, or centred frames"
    )]
    ShorterThanFrame {
        /// Samples given.
        samples: usize,
        /// Samples of a frame.
        frame: usize,
    },
    /// A length that was told, which so many frames cannot be of.
    #[error(
        "the length in samples is {samples}, expected {shortest} to {longest} ({frames} frames of hop {hop}): give one of these, or leave it out (`length`)"
    )]
    LengthOfOtherFrames {
        /// Samples told.
        samples: usize,
        /// The least that they can be of.
        shortest: usize,
        /// The most.
        longest: usize,
        /// Frames found.
        frames: usize,
        /// Samples from a frame to the next.
        hop: usize,
    },
    /// A filter that librosa cannot work with.
    #[error(
        "a filter spans {} samples at the rate of its octave, which librosa refuses: expected more than one, and not just above a power of two; take another `filter-scale`, `gamma` or `fmin`", Number(*samples)
    )]
    FilterLength {
        /// Its length.
        samples: f64,
    },
    /// A buffer's shape is not the plan's.
    #[error("{what} has shape {found:?}, the plan expects {expected:?}: give the ones that belong together")]
    Shape {
        /// Which buffer.
        what: &'static str,
        /// Shape found: rows and columns, or 1 and the length.
        found: (usize, usize),
        /// Shape expected.
        expected: (usize, usize),
    },
    /// Another thread has set the [`StopFlag`](crate::StopFlag).
    #[error("stopped")]
    Stopped,
    /// A value is NaN or infinite.
    #[error("{what} has a value that is not a number at index {index}: replace or remove it")]
    NotFinite {
        /// Which buffer.
        what: &'static str,
        /// Where, in row-major order.
        index: usize,
    },
    /// A number lies outside the range that its place allows.
    #[error("{what}: found {found} at index {index}, expected {expected}")]
    OutOfRange {
        /// Which buffer.
        what: &'static str,
        /// Where, in row-major order.
        index: usize,
        /// The number, or the two that do not fit together.
        found: String,
        /// What is allowed.
        expected: &'static str,
    },
}

/// Refuses the first value that is not finite, or that lies outside `range`, which is `expected` in words.
pub(crate) fn check_range(
    what: &'static str,
    values: &[f64],
    (range, expected): (RangeInclusive<f64>, &'static str),
) -> Result<(), TransformError> {
    match values.iter().enumerate().find(|(_, value)| !value.is_finite() || !range.contains(value)) {
        None => Ok(()),
        Some((index, value)) if !value.is_finite() => Err(TransformError::NotFinite { what, index }),
        Some((index, value)) => {
            Err(TransformError::OutOfRange { what, index, found: Number(*value).to_string(), expected })
        }
    }
}

/// What a trust in cells may be.
pub(crate) const TRUST: (RangeInclusive<f64>, &str) = (0.0..=1.0, "0 (unknown) to 1 (known)");

/// What a magnitude may be.
pub(crate) const MAGNITUDE: (RangeInclusive<f64>, &str) = (0.0..=f64::MAX, "magnitudes, zero or more");

impl From<Stopped> for TransformError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}
