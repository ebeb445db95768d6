//! Sounds of several channels, compared channel by channel and as a whole.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use super::align::best_lag;
use super::{CompareOptions, Comparison, Mono, Pair, at_rate, check_numbers, figures};
use crate::Error;
use crate::files::Sound;

/// How near one channel of a result is to that of the truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelComparison {
    /// Its number, from 1.
    pub channel: usize,
    /// The figures; `None` where the truth is silent in this channel.
    pub comparison: Option<Comparison>,
}

/// How near a result of one or more channels is to the truth; see [`compare_sounds`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SoundComparison {
    /// Over all channels. Energies are summed, and one gain is fitted where one is: the relation of the channels counts.
    #[serde(flatten)]
    pub all: Comparison,
    /// Each channel by itself, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelComparison>,
    /// Channels of truth and result where these are not as many: both were mixed to one then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mixed_from: Option<(usize, usize)>,
}

/// Compares all channels of a result with those of the truth, shifted by one lag. Of another number of channels both are mixed
/// to one, the mean, and that is said. Cost: that of [`super::compare`] for each channel.
///
/// # Errors
/// As [`super::compare`], where the truth is silent in all channels.
pub fn compare_sounds(truth: &Sound, result: &Sound, options: &CompareOptions) -> Result<SoundComparison, Error> {
    let counts = (truth.channels.len(), result.channels.len());
    let mixed_from = (counts.0 != counts.1).then_some(counts);
    let samples = |sound: &Sound| -> Vec<Vec<f64>> {
        if mixed_from.is_some() {
            return vec![sound.mixed_to_mono()];
        }
        sound.channels.iter().map(|channel| channel.iter().map(|&sample| f64::from(sample)).collect()).collect()
    };
    let (xs, ys) = (samples(truth), samples(result));
    let mono = |samples, sound: &Sound| Mono { samples, sample_rate_hz: sound.sample_rate_hz };
    let mut at_truths_rate: Vec<Cow<'_, [f64]>> = Vec::with_capacity(ys.len());
    for (x, y) in xs.iter().zip(&ys) {
        let (x, y) = (mono(x, truth), mono(y, result));
        check_numbers(x, y)?;
        at_truths_rate.push(at_rate(y, truth.sample_rate_hz)?);
    }
    let pairs: Vec<Pair<'_>> = xs.iter().zip(&at_truths_rate).map(|(x, y)| Pair::of(mono(x, truth), y)).collect();
    options.stop.check()?;
    let both: Vec<(&[f64], &[f64])> = pairs.iter().map(|pair| (pair.truth, pair.result)).collect();
    let lag = best_lag(&both, options.max_lag_samples);
    let measured = pairs.iter().map(|pair| pair.measured(lag, options)).collect::<Result<Vec<_>, _>>()?;
    let all = figures(&measured, result.sample_rate_hz, options)?;
    let one = |(channel, measured): (usize, _)| ChannelComparison {
        channel: channel + 1,
        comparison: figures(std::slice::from_ref(measured), result.sample_rate_hz, options).ok(),
    };
    let channels = if measured.len() > 1 { measured.iter().enumerate().map(one).collect() } else { Vec::new() };
    Ok(SoundComparison { all, channels, mixed_from })
}

impl fmt::Display for SoundComparison {
    /// The figures of all channels, then those of each, a column a channel. No line break at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((truth, result)) = self.mixed_from {
            writeln!(f, "mixed to one channel: the truth has {truth}, the result {result}")?;
        }
        write!(f, "{}", self.all)?;
        for ChannelComparison { channel, comparison } in &self.channels {
            let name = format!("channel {channel}");
            match comparison {
                None => write!(f, "\n{name:<28}    silent in the truth")?,
                Some(Comparison { snr_db, si_sdr_db, stft_sc_db, level_db, .. }) => write!(
                    f,
                    "\n{name:<28}{snr_db:>10.2} dB SNR, {si_sdr_db:.2} dB SI-SDR, {stft_sc_db:.2} dB spectral convergence, \
                     {level_db:.2} dB level"
                )?,
            }
        }
        Ok(())
    }
}
