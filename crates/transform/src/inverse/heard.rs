//! How much of a sound beyond the lowest and the highest bin is heard.
//!
//! A sound there may be as much louder as it is heard less: data that are explained by it say no more of its level. So
//! what is expected of it is one over what is heard, down to where librosa's dropping of small entries leaves noise.

use std::ops::Range;

use crate::analysis::Analysis;

/// Frequencies at which the bank is asked below its lowest bin: some four for each side lobe of twelve bins an octave.
const BELOW_STEPS: usize = 100;

/// The same above its highest, for each side lobe of the highest filter, and the most there are.
const STEPS_A_LOBE: f64 = 4.0;
const MOST_ABOVE_STEPS: f64 = 2000.0;

/// The least that is heard above: sparsified filters ring at about their `sparsity` (0.01) everywhere.
const LEAST_ABOVE: f64 = 1e-4;

/// Shares of power, over that of what lies at the outermost bin's centre.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// Frequencies of the first share and of the last, in cycles a sample.
    from: f64,
    to: f64,
    /// At equal steps between them.
    shares: Vec<f64>,
}

impl Heard {
    /// From 0 to the lowest centre.
    pub(crate) fn below(plan: &dyn Analysis) -> Self {
        let lowest = plan.channels().rows[0].centre_hz / plan.channels().sample_rate_hz;
        Self::between(plan, 0..plan.shape().0, (0.0, lowest), BELOW_STEPS, lowest)
    }

    /// From the highest centre to half the rate: the envelope, as a lobe's zero is no place to hide in.
    pub(crate) fn above(plan: &dyn Analysis) -> Self {
        let last = plan.shape().0 - 1;
        let channels = plan.channels();
        let highest = (channels.rows[last].centre_hz / channels.sample_rate_hz).min(0.5);
        let lobes = (0.5 - highest) * channels.rows[last].length;
        let steps = (STEPS_A_LOBE * lobes).clamp(1.0, MOST_ABOVE_STEPS).ceil() as usize;
        // The decimators keep it from the octaves below.
        let bins = channels.fastest_rows();
        let mut heard = Self::between(plan, bins, (highest, 0.5), steps, highest);
        let mut loudest = LEAST_ABOVE;
        for share in heard.shares.iter_mut().rev() {
            loudest = share.clamp(loudest, 1.0);
            *share = loudest;
        }
        heard
    }

    /// All of a bank of which nothing is known there.
    pub(crate) fn all() -> Self {
        Self { from: 0.0, to: 0.5, shares: vec![1.0; 2] }
    }

    fn between(plan: &dyn Analysis, bins: Range<usize>, (from, to): (f64, f64), steps: usize, whole: f64) -> Self {
        let heard = |frequency: f64| -> f64 {
            bins.clone().map(|bin| plan.response(bin, frequency * plan.channels().sample_rate_hz).powi(2)).sum()
        };
        let whole = heard(whole).max(f64::MIN_POSITIVE);
        let at = |step: usize| from + (to - from) * step as f64 / steps as f64;
        Self { from, to, shares: (0..=steps).map(|step| heard(at(step)) / whole).collect() }
    }

    /// The share heard of a frequency in cycles a sample: 1 on the bins' side, at most 1 beyond, at least `least`.
    pub(crate) fn at(&self, frequency: f64, least: f64) -> f64 {
        if !(self.from..self.to).contains(&frequency) {
            return if frequency >= self.to && self.to >= 0.5 {
                self.shares[self.shares.len() - 1].max(least)
            } else {
                1.0
            };
        }
        let place = (frequency - self.from) / (self.to - self.from) * (self.shares.len() - 1) as f64;
        let step = (place as usize).min(self.shares.len() - 2);
        mix(self.shares[step], self.shares[step + 1], place - step as f64, least).min(1.0)
    }
}

/// Geometric mean of two positive numbers, neither below `floor`.
pub(super) fn mix(low: f64, high: f64, share: f64, floor: f64) -> f64 {
    ((1.0 - share) * low.max(floor).ln() + share * high.max(floor).ln()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cqt, CqtParams};

    #[test]
    fn less_is_heard_further_from_the_bins() {
        let plan = Cqt::new(&CqtParams::default(), 60_000).unwrap();
        let (below, above) = (Heard::below(&plan), Heard::above(&plan));
        let db = |heard: &Heard, hz: f64| 10.0 * heard.at(hz / 22050.0, 1e-9).log10();
        assert!((db(&below, 32.8), db(&above, 3950.0)) == (0.0, 0.0));
        // The highest bin is at 3951 Hz, its filter's main lobe reaches 470 Hz to either side.
        let (beside, near, far) = (db(&above, 4030.0), db(&above, 4420.0), db(&above, 11_000.0));
        assert!((-6.0..0.0).contains(&beside) && (-40.0..-25.0).contains(&near) && (-40.01..near).contains(&far));
        assert!(db(&below, 31.0) > -10.0 && db(&below, 12.0) < -40.0);
        assert!(
            (100..1000)
                .all(|i| above.at(f64::from(i + 1) / 2000.0, 0.0) <= above.at(f64::from(i) / 2000.0, 0.0) + 1e-9)
        );
    }
}
