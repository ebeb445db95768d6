//! From how strongly something speaks for a finding to how often such findings are right.

use std::fmt;

/// A map from a score to the share of findings that are right at least: steps, each from a lowest score on.
///
/// The steps are measured: `cargo xtask calibrate` finds them from pictures whose truth is known, by isotonic regression
/// (Zadrozny and Elkan, "Transforming Classifier Scores into Accurate Multiclass Probability Estimates", 2002), one step for
/// each word of [`Sureness`] that holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Lowest scores of the steps, rising, each with the share that is right there.
    pub steps: &'static [(f64, f64)],
}

impl Calibration {
    /// The share, 0 to 1, of findings with this score that are right at least. Without steps the score itself, from 0 to 1.
    pub fn confidence(&self, score: f64) -> f64 {
        let above = self.steps.partition_point(|step| step.0 <= score);
        match self.steps.get(above.saturating_sub(1)) {
            Some(&(_, share)) => share,
            None => score.clamp(0.0, 1.0),
        }
    }
}

/// How sure a finding is, in words: of the findings with one the share that its lower limit says is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// Less often right than wrong.
    Guess,
    /// At least 1 of 2 is right.
    Doubtful,
    /// At least 3 of 4 are right.
    Likely,
    /// At least 19 of 20 are right.
    Sure,
}

/// Two shares that rounding makes of one are one.
const ROUNDING: f64 = 1e-9;

impl Sureness {
    /// The word for a share of findings that is right.
    pub fn of(confidence: f64) -> Self {
        let words = [Self::Sure, Self::Likely, Self::Doubtful];
        words.into_iter().find(|word| confidence >= word.least() - ROUNDING).unwrap_or(Self::Guess)
    }

    /// Share of the findings with this word that is right at least.
    pub const fn least(self) -> f64 {
        match self {
            Self::Guess => 0.0,
            Self::Doubtful => 0.5,
            Self::Likely => 0.75,
            Self::Sure => 0.95,
        }
    }
}

impl fmt::Display for Sureness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Guess => "a guess",
            Self::Doubtful => "doubtful",
            Self::Likely => "likely",
            Self::Sure => "sure",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_is_that_of_the_step_that_a_score_reaches() {
        let calibration = Calibration { steps: &[(f64::NEG_INFINITY, 0.1), (0.6, 0.5), (1.0, 0.9)] };
        for (score, share) in [(-1.0, 0.1), (0.5, 0.1), (0.6, 0.5), (0.99, 0.5), (1.0, 0.9), (f64::INFINITY, 0.9)] {
            assert_eq!(calibration.confidence(score), share, "{score}");
        }
        assert_eq!(Calibration { steps: &[(0.2, 0.3)] }.confidence(0.0), 0.3);
        assert_eq!(Calibration { steps: &[] }.confidence(0.7), 0.7);
    }

    #[test]
    fn words_promise_no_more_than_the_share() {
        for (share, word) in [(1.0, "sure"), (0.95, "sure"), (0.94, "likely"), (0.6, "doubtful"), (0.49, "a guess")] {
            assert_eq!(Sureness::of(share).to_string(), word);
            assert!(Sureness::of(share).least() <= share);
        }
        // What is said of the other of two values.
        assert_eq!(Sureness::of(1.0 - 0.05), Sureness::Sure);
    }
}
