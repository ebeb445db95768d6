//! How loud to write a sound: gain, normalising, and never clipping.

use std::fmt;

use photophone_spectrum::Number;

use crate::Error;

/// The largest positive sample that 16 bits hold exactly, so that a sound scaled to it clips in
/// no format written here.
const CEILING: f64 = 32767.0 / 32768.0;

/// What the user asked of the loudness.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoudnessOptions {
    /// Gain in dB, after normalising. Default: 0.
    pub gain_db: f64,
    /// Bring the peak to full scale first. Default: false.
    pub normalise: bool,
}

/// Largest gain or loss taken, in dB: ten times what 24 bits span.
const MOST_GAIN_DB: f64 = 1440.0;

impl LoudnessOptions {
    /// Refuses a gain that no number holds.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.gain_db.abs() <= MOST_GAIN_DB {
            return Ok(());
        }
        let expected = "a number of decibels from -1440 to 1440";
        Err(Error::Value { name: "gain", found: Number(self.gain_db).to_string(), expected })
    }
}

/// Why samples were scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleReason {
    /// They were not.
    Unchanged,
    /// The gain asked for.
    Gain,
    /// Normalising was asked for (and maybe a gain after it).
    Normalised,
    /// The peak would have clipped.
    WouldClip,
}

/// What was done to the loudness.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// The factor every sample was multiplied with.
    pub scale: f64,
    /// Largest absolute sample before.
    pub peak_before: f64,
    /// Largest absolute sample after; never over 1.
    pub peak_after: f64,
    /// Why.
    pub reason: ScaleReason,
}

impl fmt::Display for Loudness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scale, peak_before, peak_after, reason } = self;
        let decibels = 20.0 * scale.log10();
        match reason {
            ScaleReason::Unchanged => write!(f, "unchanged, peak {peak_after:.3}"),
            ScaleReason::Gain => write!(f, "gain of {decibels:+.1} dB, peak {peak_after:.3}"),
            ScaleReason::Normalised => write!(f, "normalised by {decibels:+.1} dB, peak {peak_after:.3}"),
            ScaleReason::WouldClip => write!(
                f,
                "scaled by {decibels:+.1} dB: the peak was {peak_before:.3}, and over 1 it would clip; peak now {peak_after:.3}"
            ),
        }
    }
}

/// Applies normalising, then gain, then scales down whatever would still clip (peak over 1).
///
/// Silence stays silence. The result's peak is at most 1.
pub fn fit_peak(samples: &[f64], options: &LoudnessOptions) -> (Vec<f64>, Loudness) {
    let (mut channels, loudness) = fit_peaks(&[samples], options);
    (channels.swap_remove(0), loudness)
}

/// The same of channels, which all are scaled alike: the peak is that of the loudest.
pub fn fit_peaks<C: AsRef<[f64]>>(channels: &[C], options: &LoudnessOptions) -> (Vec<Vec<f64>>, Loudness) {
    let loudest = |channels: &mut dyn Iterator<Item = &[f64]>| channels.map(peak).fold(0.0, f64::max);
    let fitted = fitted(loudest(&mut channels.iter().map(AsRef::as_ref)), options);
    let scaled = channels.iter().map(|samples| samples.as_ref().iter().map(|sample| sample * fitted.scale).collect());
    let scaled: Vec<Vec<f64>> = scaled.collect();
    let peak_after = loudest(&mut scaled.iter().map(Vec::as_slice));
    (scaled, Loudness { peak_after, ..fitted })
}

/// The same of samples that are elsewhere and have this peak.
pub(crate) fn fitted(peak_before: f64, options: &LoudnessOptions) -> Loudness {
    let mut scale = 10f64.powf(options.gain_db / 20.0);
    let mut reason = if options.gain_db == 0.0 { ScaleReason::Unchanged } else { ScaleReason::Gain };
    if options.normalise && peak_before > 0.0 {
        scale *= CEILING / peak_before;
        reason = ScaleReason::Normalised;
    }
    if peak_before * scale > 1.0 {
        scale = CEILING / peak_before;
        reason = ScaleReason::WouldClip;
    }
    Loudness { scale, peak_before, peak_after: peak_before * scale, reason }
}

fn peak(samples: &[f64]) -> f64 {
    samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_clip_is_scaled_and_the_reason_is_said() {
        let cases = [
            (&[0.5, -0.25][..], 0.0, false, 0.5, ScaleReason::Unchanged),
            (&[1.0, -1.0], 0.0, false, 1.0, ScaleReason::Unchanged),
            (&[0.5, -2.0], 0.0, false, CEILING, ScaleReason::WouldClip),
            (&[0.5, -0.25], -20.0, false, 0.05, ScaleReason::Gain),
            (&[0.5, -0.25], 20.0, false, CEILING, ScaleReason::WouldClip),
            (&[0.1, -0.05], 0.0, true, CEILING, ScaleReason::Normalised),
            (&[4.0, -0.05], -20.0, true, CEILING / 10.0, ScaleReason::Normalised),
            (&[0.0, 0.0], 0.0, true, 0.0, ScaleReason::Unchanged),
        ];
        for (samples, gain_db, normalise, peak, reason) in cases {
            let (scaled, loudness) = fit_peak(samples, &LoudnessOptions { gain_db, normalise });
            assert!((loudness.peak_after - peak).abs() < 1e-12, "{samples:?} {loudness}");
            assert_eq!(loudness.reason, reason, "{samples:?} {loudness}");
            assert_eq!(scaled[1], samples[1] * loudness.scale);
        }
    }

    #[test]
    fn channels_are_scaled_alike() {
        let options = LoudnessOptions { gain_db: 0.0, normalise: true };
        let (scaled, loudness) = fit_peaks(&[vec![0.1, 0.0], vec![-0.25, 0.2]], &options);
        assert!((loudness.peak_before, loudness.peak_after) == (0.25, CEILING), "{loudness}");
        assert_eq!(scaled[0][0], 0.1 * loudness.scale);
        assert_eq!(scaled[1][1], 0.2 * loudness.scale);
    }
}
