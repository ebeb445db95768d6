//! Where the grid determines the signal and where a prior has to help.

use crate::Cqt;
use crate::inverse::carried::carried;
use crate::inverse::filter::raised_cosine;
use crate::inverse::heard::Heard;

/// Frames a second over a channel's band at which the linear inverse is left alone: with twice
/// what the band needs it is 40 dB and more above what a prior can add.
const DETERMINED: f64 = 2.0;

/// Gains over frequency that hand over from the linear inverse to the prior.
#[derive(Clone, Debug)]
pub(super) struct Crossover {
    /// Centre of the lowest bin, in cycles a sample.
    bottom: f64,
    /// Cycles a sample up to which the linear inverse is kept as it is,
    low: f64,
    /// and above which it is given up: the grid's limit.
    high: f64,
    /// Centre of the highest bin.
    top: f64,
    above: Heard,
}

impl Crossover {
    /// `None` where the grid carries all of its bins.
    pub(super) fn new(plan: &Cqt) -> Option<Self> {
        let carried = carried(plan);
        let params = plan.params();
        let hz = plan.hz_from_bin();
        let top = hz.last()? / params.sr;
        let high = carried.limit_hz / params.sr;
        let bottom = (hz[0] / params.sr).min(0.5 * high);
        (carried.bins_above > 0).then(|| Self { bottom, low: high / DETERMINED, high, top, above: Heard::above(plan) })
    }

    /// First bin whose centre lies above the kept part.
    pub(super) fn first_bin(&self, plan: &Cqt) -> usize {
        plan.hz_from_bin().partition_point(|hz| hz / plan.params().sr < self.low)
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

    /// Gain of the prior's power: what the linear gain leaves.
    pub(super) fn prior_gain(&self, frequency: f64) -> f64 {
        let linear = self.linear_gain(frequency);
        1.0 - linear * linear
    }

    /// How much more power there may be at a frequency than what is heard of it: 1 up to the highest bin.
    pub(super) fn louder(&self, frequency: f64) -> f64 {
        self.above.at(frequency, 0.0).recip()
    }

    /// 1 where the prior answers for what the bins tell, 0 elsewhere.
    pub(super) fn is_adapted(&self, frequency: f64) -> f64 {
        f64::from(u8::from((self.low..=self.top).contains(&frequency)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CqtParams;

    #[test]
    fn hands_over_an_octave_below_the_limit() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 60_000).unwrap();
        let crossover = Crossover::new(&plan).unwrap();
        let gain = |hz: f64| crossover.linear_gain(hz / 44100.0);
        assert_eq!((gain(0.0), gain(700.0), gain(1449.0)), (1.0, 1.0, 0.0));
        assert!((gain(1024.3) - 0.5).abs() < 1e-3, "{}", gain(1024.3));
        assert_eq!(plan.hz_from_bin()[crossover.first_bin(&plan)].round(), 740.0);
        assert_eq!((crossover.prior_gain(700.0 / 44100.0), crossover.prior_gain(20_000.0 / 44100.0)), (0.0, 1.0));
        assert_eq!((crossover.louder(3900.0 / 44100.0), crossover.is_adapted(3960.0 / 44100.0)), (1.0, 0.0));
        assert!(crossover.louder(4100.0 / 44100.0) > 1.5 && crossover.louder(4500.0 / 44100.0) > 100.0);
    }

    #[test]
    fn a_dense_grid_needs_no_prior() {
        let plan = Cqt::new(&CqtParams { hop: 64, ..CqtParams::default() }, 60_000).unwrap();
        assert!(Crossover::new(&plan).is_none());
    }
}
