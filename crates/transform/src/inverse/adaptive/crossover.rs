//! Where the grid determines the signal and where a prior has to help.

use crate::analysis::Analysis;
use crate::inverse::carried::carried;
use crate::inverse::filter::{filtered, raised_cosine};
use crate::inverse::heard::Heard;
use crate::vectors::power;

/// Frames a second over a channel's band at which the linear inverse is left alone: with twice
/// what the band needs it is 40 dB and more above what a prior can add.
const DETERMINED: f64 = 2.0;

/// Share of the power: -40 dB, where 256 levels of 80 dB lie.
const MATTERS: f64 = 1e-4;

/// Gains over frequency that hand over from the linear inverse to the prior.
#[derive(Clone, Debug)]
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
    above: Heard,
}

impl Crossover {
    /// `None` where the grid carries all of its bins.
    pub(super) fn new(plan: &dyn Analysis) -> Option<Self> {
        let carried = carried(plan);
        let channels = plan.channels();
        let (hz, lengths) = (channels.centres_hz(), channels.lengths());
        let top = hz.last()? / channels.sample_rate_hz;
        let end = top + 2.0 / lengths.last()?;
        let high = carried.limit_hz / channels.sample_rate_hz;
        let bottom = (hz[0] / channels.sample_rate_hz).min(0.5 * high);
        (carried.bins_above > 0).then(|| Self {
            bottom,
            low: high / DETERMINED,
            high,
            top,
            end,
            above: Heard::above(plan),
        })
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

    /// Gain of the prior's power: what the linear gain leaves.
    pub(super) fn prior_gain(&self, frequency: f64) -> f64 {
        let linear = self.linear_gain(frequency);
        1.0 - linear * linear
    }

    /// How much more power there may be at a frequency than what is heard of it: 1 up to the highest bin.
    pub(super) fn louder(&self, frequency: f64) -> f64 {
        self.above.at(frequency, 0.0).recip()
    }

    /// The same where the data are too few to tell power above the highest bin from power within them: 1 up to where only
    /// the highest filter's main lobe reaches, 0 from its centre on.
    pub(super) fn told_apart(&self, frequency: f64) -> f64 {
        self.within_reach(frequency + self.end - self.top)
    }

    /// How many numbers describe so many samples of what the highest filter's main lobe hears above its centre.
    pub(super) fn unknowns_above(&self, samples: usize) -> f64 {
        2.0 * (self.end - self.top) * samples as f64
    }

    /// Whether what is heard of a signal's part above the highest bin matters beside the part below: less than
    /// [`MATTERS`] of its power costs less, taken for aliases, than the noise of a picture does.
    pub(super) fn matters_above(&self, x: &[f64]) -> bool {
        let is_above = |f: f64| f64::from(u8::from(f > self.top));
        let heard = power(&filtered(x, |f| is_above(f) / self.louder(f).sqrt()));
        heard > MATTERS * power(&filtered(x, |f| 1.0 - is_above(f)))
    }

    /// Whether a signal is louder within the main lobe's reach above the highest filter's centre than within it below.
    pub(super) fn rises(&self, x: &[f64]) -> bool {
        let reach = self.end - self.top;
        let between = |from: f64, to: f64| power(&filtered(x, |f| f64::from(u8::from((from..to).contains(&f)))));
        between(self.top, self.end) > between(self.top - reach, self.top)
    }

    /// How far power is taken to be where it is found if nothing sounds beyond the reach of the highest filter's main
    /// lobe: 1 up to its centre, 0 from the lobe's end on.
    pub(super) fn within_reach(&self, frequency: f64) -> f64 {
        raised_cosine((frequency - self.top) / (self.end - self.top))
    }

    /// 1 where the prior answers for what the bins tell, 0 elsewhere.
    pub(super) fn is_adapted(&self, frequency: f64) -> f64 {
        f64::from(u8::from((self.low..=self.top).contains(&frequency)))
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
        assert_eq!((crossover.prior_gain(700.0 / 44100.0), crossover.prior_gain(20_000.0 / 44100.0)), (0.0, 1.0));
        assert_eq!((crossover.louder(3900.0 / 44100.0), crossover.is_adapted(3960.0 / 44100.0)), (1.0, 0.0));
        // The highest bin is at 3951 Hz, its filter's main lobe reaches 470 Hz to either side.
        let within_reach = |hz: f64| crossover.within_reach(hz / 44100.0);
        assert_eq!((within_reach(3950.0), within_reach(4430.0)), (1.0, 0.0));
        assert!((within_reach(4186.0) - 0.5).abs() < 0.05, "{}", within_reach(4186.0));
        let told_apart = |hz: f64| crossover.told_apart(hz / 44100.0);
        assert_eq!((told_apart(3450.0), told_apart(3960.0)), (1.0, 0.0));
        assert!((880.0..1000.0).contains(&crossover.unknowns_above(44_100)), "{}", crossover.unknowns_above(44_100));
        assert!(crossover.louder(4100.0 / 44100.0) > 1.5 && crossover.louder(4500.0 / 44100.0) > 100.0);
    }

    #[test]
    fn a_dense_grid_needs_no_prior() {
        let plan = Cqt::new(&CqtParams { hop: 64, ..CqtParams::default() }, 60_000).unwrap();
        assert!(Crossover::new(&plan).is_none());
    }
}
