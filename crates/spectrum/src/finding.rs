//! A value together with where it came from.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Calibration;

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Measured in the picture, the phase or another input.
    Read,
    /// Said by the user or by a recipe.
    Given,
    /// Neither: a default.
    Assumed,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Given => "given",
            Self::Assumed => "assumed",
        })
    }
}

/// A value, where it came from, how sure it is and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding<T> {
    /// The value itself.
    pub value: T,
    /// Where it came from.
    pub source: Source,
    /// 0 (a guess) to 1 (certain): of findings with a score, the share that is right.
    pub confidence: f64,
    /// How strongly the input speaks for it, on a scale of its own, where it is known how often such findings are right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Why, in words a user understands; empty when the source says it all.
    pub evidence: String,
}

impl<T> Finding<T> {
    /// Measured in the input, with a confidence in 0..=1 and the evidence.
    pub fn read(value: T, confidence: f64, evidence: impl Into<String>) -> Self {
        Self { value, source: Source::Read, confidence, score: None, evidence: evidence.into() }
    }

    /// Measured in the input, `score` telling how strongly it speaks for the value.
    pub fn scored(value: T, score: f64, calibration: &Calibration, evidence: impl Into<String>) -> Self {
        Self { score: Some(score), ..Self::read(value, calibration.confidence(score), evidence) }
    }

    /// The same finding, its confidence taken for a score. What was given stays certain.
    #[must_use]
    pub fn calibrated(self, calibration: &Calibration) -> Self {
        if self.source == Source::Given {
            return self;
        }
        let score = self.confidence;
        Self { score: Some(score), confidence: calibration.confidence(score), ..self }
    }

    /// Said by the user or a recipe: certain.
    pub fn given(value: T, evidence: impl Into<String>) -> Self {
        Self { value, source: Source::Given, confidence: 1.0, score: None, evidence: evidence.into() }
    }

    /// A default, with the reason it was taken.
    pub fn assumed(value: T, confidence: f64, evidence: impl Into<String>) -> Self {
        Self { value, source: Source::Assumed, confidence, score: None, evidence: evidence.into() }
    }

    /// The same finding about another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Finding<U> {
        Finding {
            value: f(self.value),
            source: self.source,
            confidence: self.confidence,
            score: self.score,
            evidence: self.evidence,
        }
    }
}
