//! Sample rates, hops and frames that people use.

/// Sample rates that sounds have, the commonest of `librosa` first.
pub(super) const RATES_HZ: [f64; 8] = [22_050.0, 44_100.0, 48_000.0, 16_000.0, 32_000.0, 24_000.0, 8_000.0, 96_000.0];
/// Times between frames that are told in milliseconds, as of speech.
const STEPS_MS: [f64; 6] = [5.0, 8.0, 10.0, 12.5, 20.0, 25.0];
/// Part that a time between frames may be off by where it is read of an axis: a pixel of three hundred.
pub(super) const HOP_OFF: f64 = 0.003;
/// Hops that are a power of two.
const POWERS: std::ops::RangeInclusive<u32> = 5..=12;

/// Whether a number is another but for a part of it.
pub(super) fn is_near(number: f64, other: f64, part: f64) -> bool {
    (number / other - 1.0).abs() <= part
}

/// The hop that people use, at a sample rate, nearest to so many samples; `None` where none is as near as an axis tells.
pub(super) fn usual_hop(samples: f64, rate_hz: f64) -> Option<usize> {
    let powers = POWERS.map(|power| f64::from(1u32 << power));
    let steps = STEPS_MS.into_iter().map(|ms| (ms * rate_hz / 1000.0).floor());
    let usual = powers.chain(steps).find(|&usual| is_near(samples, usual, HOP_OFF))?;
    Some(usual as usize)
}

/// The roundest number of samples as near to a number as an axis tells: a hop that people use, else a multiple of 100, of 10, or of 1.
pub(super) fn roundest_hop(samples: f64, rate_hz: f64) -> usize {
    let multiple = |of: f64| Some((samples / of).round() * of).filter(|&round| is_near(samples, round, HOP_OFF));
    let round = || [100.0, 10.0].into_iter().find_map(multiple).unwrap_or(samples.round().max(1.0));
    usual_hop(samples, rate_hz).unwrap_or_else(|| round() as usize)
}

/// The frame that people use with a hop: the power of two nearest to four hops, librosa's default overlap.
pub(super) fn usual_frame(hop: usize) -> usize {
    let power = (4.0 * hop as f64).log2().round();
    2usize.pow(power as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hop_read_of_an_axis_is_the_roundest_within_reach() {
        for (samples, rate, hop) in [
            (512.9, 22_050.0, 512),
            (159.8, 8_000.0, 160),
            (220.2, 22_050.0, 220),
            (300.6, 44_100.0, 300),
            (333.3, 16_000.0, 333),
        ] {
            assert_eq!(roundest_hop(samples, rate), hop, "{samples} at {rate}");
        }
        assert_eq!((usual_hop(371.5, 16_000.0), usual_hop(256.4, 22_050.0)), (None, Some(256)));
    }

    #[test]
    fn frames_are_four_hops_long_and_a_power_of_two() {
        assert_eq!([128, 160, 256, 300, 441, 512].map(usual_frame), [512, 512, 1024, 1024, 2048, 2048]);
    }
}
