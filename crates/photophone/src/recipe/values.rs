//! Values that people write in more than one way: pitches and tunings.

use std::fmt;
use std::str::FromStr;

use photophone_spectrum::{Number, hz_from_note};
use serde::{Deserialize, Serialize};

use crate::Error;

/// A frequency, written in Hz or as a note (`C1`, `A#3`, `Bb2`; A4 is 440 Hz).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "NumberOrText")]
pub struct Pitch(pub f64);

/// The offset of all bins as a fraction of a bin, or the wish to read it from the phase.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "NumberOrText", try_from = "NumberOrText")]
pub enum Tuning {
    /// librosa's `tuning=None`: estimated when the picture was made, stored nowhere.
    Auto,
    /// In bins.
    Bins(f64),
}

/// Which transform made the coefficients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransformKind {
    /// librosa's `cqt`: constant Q.
    #[default]
    Cqt,
    /// librosa's `vqt`: filters wider by `gamma`.
    Vqt,
    /// librosa's `stft`: rows at multiples of one frequency.
    Stft,
    /// librosa's `feature.melspectrogram`: powers of an STFT summed over bands.
    Mel,
}

impl TransformKind {
    /// Whether its rows are filters of librosa's constant-Q or variable-Q transform.
    pub fn is_constant_q(self) -> bool {
        matches!(self, Self::Cqt | Self::Vqt)
    }
}

/// A number or a word, as a recipe file may hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum NumberOrText {
    /// A number.
    Number(f64),
    /// A word.
    Text(String),
}

fn value_error(name: &'static str, found: &str, expected: &'static str) -> Error {
    Error::Value { name, found: found.to_owned(), expected }
}

impl FromStr for Pitch {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let hz = text.parse::<f64>().ok().or_else(|| hz_from_note(text));
        match hz {
            Some(hz) if hz.is_finite() && hz > 0.0 => Ok(Self(hz)),
            _ => Err(value_error("fmin", text, "a positive frequency in Hz or a note such as C1 or A#3")),
        }
    }
}

impl From<Pitch> for f64 {
    fn from(pitch: Pitch) -> Self {
        pitch.0
    }
}

impl TryFrom<NumberOrText> for Pitch {
    type Error = Error;

    fn try_from(value: NumberOrText) -> Result<Self, Error> {
        match value {
            NumberOrText::Number(hz) => hz.to_string().parse(),
            NumberOrText::Text(text) => text.parse(),
        }
    }
}

impl fmt::Display for Pitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Hz", Number(self.0))
    }
}

impl FromStr for Tuning {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.eq_ignore_ascii_case("auto") || text.eq_ignore_ascii_case("none") {
            return Ok(Self::Auto);
        }
        match text.parse::<f64>() {
            Ok(bins) if bins.is_finite() => Ok(Self::Bins(bins)),
            _ => Err(value_error("tuning", text, "a number of bins, usually -0.5 to 0.5, or auto")),
        }
    }
}

impl From<Tuning> for NumberOrText {
    fn from(tuning: Tuning) -> Self {
        match tuning {
            Tuning::Auto => Self::Text("auto".to_owned()),
            Tuning::Bins(bins) => Self::Number(bins),
        }
    }
}

impl TryFrom<NumberOrText> for Tuning {
    type Error = Error;

    fn try_from(value: NumberOrText) -> Result<Self, Error> {
        match value {
            NumberOrText::Number(bins) => bins.to_string().parse(),
            NumberOrText::Text(text) => text.parse(),
        }
    }
}

impl fmt::Display for Tuning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Bins(bins) => write!(f, "{}", Number(*bins)),
        }
    }
}

impl FromStr for TransformKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "cqt" => Ok(Self::Cqt),
            "vqt" => Ok(Self::Vqt),
            "stft" => Ok(Self::Stft),
            "mel" => Ok(Self::Mel),
            _ => Err(value_error("transform", text, "cqt, vqt, stft or mel")),
        }
    }
}

impl fmt::Display for TransformKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cqt => "cqt",
            Self::Vqt => "vqt",
            Self::Stft => "stft",
            Self::Mel => "mel",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_librosas() {
        for (note, hz) in
            [("C1", 32.70319566257483), ("A4", 440.0), ("A#3", 233.08188075904496), ("Bb2", 116.54094037952248)]
        {
            assert!((note.parse::<Pitch>().unwrap().0 - hz).abs() < 1e-9, "{note}");
        }
        assert_eq!("55.5".parse::<Pitch>().unwrap(), Pitch(55.5));
        for text in ["", "H2", "C99", "-3", "0", "nan", "C1x"] {
            assert!(text.parse::<Pitch>().is_err(), "{text}");
        }
    }
}
