//! Where the grid determines the signal and where a prior has to help.

use crate::analysis::Analysis;
use crate::inverse::carried::carried;
use crate::inverse::filter::raised_cosine;

/// Frames a second over a channel's band at which the linear inverse is left alone: with twice
/// what the band needs it is 40 dB and more above what a prior can add.
const DETERMINED: f64 = 2.0;

/// Gains over frequency that hand over from the linear inverse to the prior.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossover {
    /// Centre of the lowest bin, in cycles a sample.
    bottom: f64,
    /// Cycles a sample up to which the linear inverse is kept as it is,
    low: f64,
    /// and above which it is given up: the grid's limit.
    high: f64,
    /// Centre of the highest bin, and where its filter's main lobe ends.
    top: f64,
    end: f64,
}

impl Crossover {
    /// `None` where the grid carries all of its bins.
    pub(super) fn new(plan: &dyn Analysis) -> Option<Self> {
        let carried = carried(plan);
        let sr = plan.channels().sample_rate_hz;
        let (hz, lengths) = (plan.channels().centres_hz(), plan.channels().lengths());
        let (&top_hz, &length) = (hz.last()?, lengths.last()?);
        let top = top_hz / sr;
        let high = carried.limit_hz / sr;
        let bottom = (hz[0] / sr).min(0.5 * high);
        (carried.bins_above > 0).then_some(Self { bottom, low: high / DETERMINED, high, top, end: top + 2.0 / length })
    }

    /// First bin whose centre lies above the kept part.
    pub(super) fn first_bin(&self, plan: &dyn Analysis) -> usize {
        plan.channels().centres_hz().partition_point(|hz| hz / plan.channels().sample_rate_hz < self.low)
    }

    /// Gain of the linear inverse: 1 up to `low`, 0 from `high` on, a raised cosine over log
    /// frequency in between.
    pub(super) fn linear_gain(&self, frequency: f64) -> f64 {
        let share = (frequency / self.low).ln() / (self.high / self.low).ln();
        raised_cosine(share)
    }

    /// Gain of what lies below the bins: 1 up to the lowest, 0 from where the linear inverse is left alone no more.
    pub(super) fn below_all_gain(&self, frequency: f64) -> f64 {
        raised_cosine((frequency / self.bottom).ln() / (self.low / self.bottom).ln().max(f64::MIN_POSITIVE))
    }

    /// Gain of the prior's power: what the linear gain leaves, down to 0 where the highest
    /// filter ends.
    pub(super) fn prior_gain(&self, frequency: f64) -> f64 {
        let linear = self.linear_gain(frequency);
        (1.0 - linear * linear) * raised_cosine((frequency - self.top) / (self.end - self.top))
    }

    /// How far the bins tell on both sides of a frequency where its power lies: 1 up to where only the highest
    /// filter's main lobe reaches, 0 from its centre on. Beyond, nothing tells it from power above all bins.
    pub(super) fn told_apart(&self, frequency: f64) -> f64 {
        let reach = self.end - self.top;
        raised_cosine((frequency - self.top + reach) / reach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cqt, CqtParams};

    #[test]
    fn hands_over_an_octave_below_the_limit() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 60_000).unwrap();
        let crossover = Crossover::new(&plan).unwrap();
        let gain = |hz: f64| crossover.linear_gain(hz / 44100.0);
        assert_eq!((gain(0.0), gain(700.0), gain(1449.0)), (1.0, 1.0, 0.0));
        assert!((gain(1024.3) - 0.5).abs() < 1e-3, "{}", gain(1024.3));
        assert_eq!(plan.hz_from_bin()[crossover.first_bin(&plan)].round(), 740.0);
        assert_eq!(crossover.prior_gain(20_000.0 / 44100.0), 0.0);
        // The highest bin is at 3951 Hz, its filter's main lobe reaches 470 Hz to either side.
        let told_apart = |hz: f64| crossover.told_apart(hz / 44100.0);
        assert_eq!((told_apart(3450.0), told_apart(3960.0)), (1.0, 0.0));
        assert!((told_apart(3716.0) - 0.5).abs() < 0.05, "{}", told_apart(3716.0));
    }

    #[test]
    fn a_dense_grid_needs_no_prior() {
        let plan = Cqt::new(&CqtParams { hop: 64, ..CqtParams::default() }, 60_000).unwrap();
        assert!(Crossover::new(&plan).is_none());
    }
}
