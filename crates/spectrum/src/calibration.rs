//! From how strongly something speaks for a finding to how often such findings are right.

/// A monotone map from a score to the share of findings that are right: straight lines between points, level beyond them.
///
/// The points are measured: `cargo xtask calibrate` fits them by isotonic regression (Zadrozny and Elkan, "Transforming
/// Classifier Scores into Accurate Multiclass Probability Estimates", 2002) to pictures whose truth is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Scores, rising, each with the share that is right there.
    pub points: &'static [(f64, f64)],
}

impl Calibration {
    /// The share, 0 to 1, of findings with this score that are right. Without points the score itself, from 0 to 1.
    pub fn confidence(&self, score: f64) -> f64 {
        let after = self.points.partition_point(|point| point.0 < score);
        match (after.checked_sub(1).map(|before| self.points[before]), self.points.get(after)) {
            (Some((x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (score - x0) / (x1 - x0),
            (Some((_, y)), None) | (None, Some(&(_, y))) => y,
            (None, None) => score.clamp(0.0, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_follows_the_points_and_stays_level_beyond_them() {
        let calibration = Calibration { points: &[(0.2, 0.1), (0.6, 0.5), (1.0, 0.9)] };
        for (score, share) in [(-1.0, 0.1), (0.2, 0.1), (0.4, 0.3), (0.8, 0.7), (1.0, 0.9), (f64::INFINITY, 0.9)] {
            assert!((calibration.confidence(score) - share).abs() < 1e-12, "{score}");
        }
        assert_eq!(Calibration { points: &[] }.confidence(0.7), 0.7);
    }
}
