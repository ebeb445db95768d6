//! A sound at another sample rate.

use std::borrow::Cow;

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler, WindowFunction};

use super::Mono;
use crate::Error;

/// Least number of samples that the resampler takes at a time. Its anti-aliasing filter is as long, and is cut off that
/// much nearer to half the lower rate: at 22.05 kHz 4096 samples leave 10.9 kHz untouched.
const LEAST_CHUNK: usize = 4096;

/// The largest ratio of two rates, either way, that is resampled: 384 kHz over 4 kHz is 96. It bounds the memory.
const LARGEST_RATIO: f64 = 128.0;

/// The samples of `sound` at another rate, in Hz.
///
/// rubato's FFT resampler in double precision, its delay taken off. At the same rate nothing is copied.
///
/// # Errors
/// [`Error::SampleRates`] for a rate of 0 Hz and for rates that are more than 128 times apart.
pub fn at_rate(sound: Mono<'_>, sample_rate_hz: u32) -> Result<Cow<'_, [f64]>, Error> {
    let refused = || Error::SampleRates { truth_hz: sample_rate_hz, result_hz: sound.sample_rate_hz };
    if sound.sample_rate_hz == sample_rate_hz || sound.samples.is_empty() {
        return Ok(Cow::Borrowed(sound.samples));
    }
    let ratio = f64::from(sample_rate_hz) / f64::from(sound.sample_rate_hz);
    if !(1.0 / LARGEST_RATIO..=LARGEST_RATIO).contains(&ratio) {
        return Err(refused());
    }
    let (from, to) = (sound.sample_rate_hz as usize, sample_rate_hz as usize);
    let window = WindowFunction::BlackmanHarris2;
    let mut resampler =
        Fft::<f64>::new_custom(from, to, chunk(from, to), 1, 1, window, FixedSync::Both).map_err(|_| refused())?;
    let input = InterleavedSlice::new(sound.samples, 1, sound.samples.len()).map_err(|_| refused())?;
    let output = resampler.process_all(&input, sound.samples.len(), None).map_err(|_| refused())?;
    Ok(Cow::Owned(output.take_data()))
}

/// Samples to take at a time, so that an even number comes out: the delay is half of that, and only whole samples of
/// it can be taken off.
fn chunk(from: usize, to: usize) -> usize {
    let least_even = 2 * from / greatest_common_divisor(from, to);
    LEAST_CHUNK.next_multiple_of(least_even)
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    /// A tone under a Hann window, two seconds of it.
    fn tone(hz: f64, sample_rate_hz: u32) -> Vec<f64> {
        let samples = 2 * sample_rate_hz;
        let window = |n: u32| 0.5 - 0.5 * (TAU * f64::from(n) / f64::from(samples)).cos();
        (0..samples).map(|n| window(n) * (TAU * hz * f64::from(n) / f64::from(sample_rate_hz)).sin()).collect()
    }

    #[test]
    fn a_tone_is_the_same_tone_at_the_other_rate() {
        for (from, to) in [(22_050, 44_100), (44_100, 22_050), (48_000, 44_100), (8_000, 44_101)] {
            let (before, expected) = (tone(1234.5, from), tone(1234.5, to));
            let after = at_rate(Mono { samples: &before, sample_rate_hz: from }, to).unwrap();
            assert!(after.len().abs_diff(expected.len()) <= 1, "{from} to {to}: {} samples", after.len());
            let error: f64 = after.iter().zip(&expected).map(|(a, b)| (a - b).powi(2)).sum();
            let energy: f64 = expected.iter().map(|x| x * x).sum();
            let error_db = 10.0 * (error / energy).log10();
            assert!(error_db < -90.0, "{from} to {to}: {error_db} dB");
        }
    }

    #[test]
    fn rates_beyond_reason_are_refused() {
        let samples = [0.5, 0.25];
        for (from, to) in [(0, 44_100), (44_100, 0), (1, 44_100), (u32::MAX, 44_100)] {
            assert!(at_rate(Mono { samples: &samples, sample_rate_hz: from }, to).is_err(), "{from} to {to}");
        }
    }
}
