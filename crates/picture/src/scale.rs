//! What the levels mean: linear magnitudes or decibels, told by how they are spread.

use photophone_spectrum::{Finding, LevelScale, Plane};

/// Bins of the level histogram.
const BINS: usize = 64;
/// Median level of the cells above the floor that separates linear pictures (nearly everything close to 0) from
/// decibels (spread out): the level at which a magnitude 20 dB below the loudest lies when drawn linearly.
pub(crate) const LINEAR_MEDIAN: f64 = 0.1;
/// How fast confidence grows with the ratio to that median.
const SHARPNESS: f64 = 1.5;

/// How the levels of a picture are spread.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelEvidence {
    /// Cells in each of 64 equal ranges of level, from 0 up.
    pub histogram: Vec<usize>,
    /// Share of cells at the lowest palette entry.
    pub floor_share: f64,
    /// Median level of the cells above the lowest palette entry; 0 when there are none.
    pub median_above_floor: f64,
}

impl LevelEvidence {
    /// Counts levels; `floor` is the highest level of the lowest palette entry.
    pub(crate) fn new(levels: &Plane<f64>, floor: f64) -> Self {
        let mut histogram = vec![0; BINS];
        let mut above = Vec::new();
        for &level in levels.as_slice() {
            histogram[((level * BINS as f64) as usize).min(BINS - 1)] += 1;
            if level > floor {
                above.push(level);
            }
        }
        let total = levels.as_slice().len().max(1);
        let floor_share = 1.0 - above.len() as f64 / total as f64;
        let middle = above.len() / 2;
        let median_above_floor =
            if above.is_empty() { 0.0 } else { *above.select_nth_unstable_by(middle, f64::total_cmp).1 };
        Self { histogram, floor_share, median_above_floor }
    }
}

/// Guesses the scale: linear when the cells above the floor crowd near 0, else decibels over librosa's 80 dB.
pub(crate) fn guess_scale(evidence: &LevelEvidence) -> Finding<LevelScale> {
    let median = evidence.median_above_floor;
    if median == 0.0 {
        return Finding::assumed(LevelScale::DB_80, 0.1, "no cell lies above the floor");
    }
    let odds = (median / LINEAR_MEDIAN).ln() * SHARPNESS;
    let decibels = 1.0 / (1.0 + (-odds).exp());
    let seen = format!(
        "half of the cells above the floor lie below level {median:.2} ({:.0} % of all are at the floor)",
        100.0 * evidence.floor_share
    );
    if decibels >= 0.5 {
        let why = format!("{seen}, spread as decibels are; -80 to 0 dB is librosa's default range");
        Finding::assumed(LevelScale::DB_80, decibels, why)
    } else {
        Finding::read(LevelScale::Linear, 1.0 - decibels, format!("{seen}, crowded near 0 as linear magnitudes are"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crowded_levels_are_linear_and_spread_ones_decibels() {
        let crowded = Plane::from_fn(50, 50, |r, c| ((r * 50 + c) as f64 / 2500.0).powi(24));
        let spread = Plane::from_fn(50, 50, |r, c| (r * 50 + c) as f64 / 2500.0);
        let guess = |plane| guess_scale(&LevelEvidence::new(plane, 1.0 / 256.0));
        assert_eq!(guess(&crowded).value, LevelScale::Linear);
        assert_eq!(guess(&spread).value, LevelScale::DB_80);
        assert!(guess(&spread).confidence > 0.8);
    }

    #[test]
    fn a_silent_picture_is_a_guess() {
        let silent = Plane::filled(4, 4, 0.5 / 256.0);
        assert!(guess_scale(&LevelEvidence::new(&silent, 1.0 / 256.0)).confidence < 0.2);
    }
}
