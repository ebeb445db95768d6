//! What a short-time Fourier transform is: librosa's arguments, by librosa's names and defaults.

use serde::{Deserialize, Serialize};

use crate::cqt::MAX_SAMPLES;
use crate::{LibrosaVersion, PadMode, TransformError, Window};

/// Longest FFT: 2^20 samples are 24 seconds at 44.1 kHz, and half a million rows.
pub const MAX_FFT: usize = 1 << 20;

/// Arguments of `librosa.stft` (0.6 to 1.0), and the rate of the samples.
///
/// `torch.stft` is the same with `pad_mode` "reflect" and `librosa` 0.9, whose frames at the tail are padded from the
/// whole signal. `scipy.signal.stft` (with `boundary="zeros"`, `padded=False`, `nfft` even) is the same over the sum of
/// the window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StftParams {
    /// Samples a second, above 0: only what a row's frequency is called hangs on it. Default: 22 050 Hz.
    pub sr: f64,
    /// Samples of a frame and of its FFT, 2 to [`MAX_FFT`]. Default: 2048.
    pub n_fft: usize,
    /// Samples between frames, 1 or more. Default: 512.
    pub hop: usize,
    /// Samples of the window, 1 to `n_fft`; zeros fill the frame on both sides. Default: 2048.
    pub win_length: usize,
    /// The window, periodic. Default: Hann.
    pub window: Window,
    /// Whether frame `t` is centred on sample `t hop` of the padded signal, or begins there. Default: true.
    pub center: bool,
    /// What the signal is taken to be beyond its ends, where frames are centred. Default: zeros.
    pub pad_mode: PadMode,
    /// Whose rules for the frames at the tail: they matter where a mirrored end is as long as the part of the signal
    /// that it is made from, with a hop of half a frame or more. Default: 0.11.
    pub librosa: LibrosaVersion,
}

impl Default for StftParams {
    fn default() -> Self {
        Self {
            sr: 22_050.0,
            n_fft: 2048,
            hop: 512,
            win_length: 2048,
            window: Window::Hann,
            center: true,
            pad_mode: PadMode::Constant,
            librosa: LibrosaVersion::V0_11,
        }
    }
}

impl StftParams {
    /// Rows of the coefficients, from 0 Hz to half the sample rate.
    pub fn rows(&self) -> usize {
        self.n_fft / 2 + 1
    }

    /// The lengths in samples, shortest and longest, whose transform has `frames` frames; none where no length has.
    ///
    /// # Errors
    /// A parameter outside its range.
    pub fn samples_from_frames(&self, frames: usize) -> Result<Option<(usize, usize)>, TransformError> {
        self.check()?;
        let Some(hops) = frames.checked_sub(1) else { return Ok(None) };
        let begins = hops.saturating_mul(self.hop);
        let missing = if self.center { self.n_fft - self.n_fft / 2 * 2 } else { self.n_fft };
        let (shortest, longest) = (begins.saturating_add(missing), begins.saturating_add(missing + self.hop - 1));
        Ok((shortest <= MAX_SAMPLES).then_some((shortest.max(1), longest.clamp(1, MAX_SAMPLES))))
    }

    pub(super) fn check(&self) -> Result<(), TransformError> {
        let wrong = |name, found: String, expected: String| Err(TransformError::Parameter { name, found, expected });
        if !(self.sr > 0.0 && self.sr.is_finite()) {
            return wrong("sr", self.sr.to_string(), "a number above 0".to_owned());
        }
        if !(2..=MAX_FFT).contains(&self.n_fft) {
            return wrong("n-fft", self.n_fft.to_string(), format!("2 to {MAX_FFT}"));
        }
        if !(1..=MAX_SAMPLES).contains(&self.hop) {
            return wrong("hop", self.hop.to_string(), format!("1 to {MAX_SAMPLES}"));
        }
        if !(1..=self.n_fft).contains(&self.win_length) {
            return wrong(
                "win-length",
                self.win_length.to_string(),
                format!("1 to {}, the samples of a frame", self.n_fft),
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stft;

    #[test]
    fn the_lengths_of_a_count_of_frames_have_that_many() {
        for (n_fft, center) in [(64, true), (63, true), (64, false), (63, false)] {
            let params = StftParams { n_fft, win_length: 50, hop: 10, center, ..StftParams::default() };
            for frames in 1..9 {
                let (shortest, longest) = params.samples_from_frames(frames).unwrap().unwrap();
                let counted = |samples| Stft::new(&params, samples).map_or(0, |plan| plan.shape().1);
                assert_eq!((counted(shortest), counted(longest)), (frames, frames), "{params:?}");
                assert_eq!(counted(longest + 1), frames + 1, "{params:?}");
                assert!(shortest == 1 || counted(shortest - 1) + 1 == frames, "{params:?}");
            }
            assert_eq!(params.samples_from_frames(0).unwrap(), None);
        }
    }

    #[test]
    fn what_makes_no_transform_is_refused() {
        for params in [
            StftParams { sr: 0.0, ..StftParams::default() },
            StftParams { n_fft: 1, win_length: 1, ..StftParams::default() },
            StftParams { n_fft: MAX_FFT + 1, ..StftParams::default() },
            StftParams { hop: 0, ..StftParams::default() },
            StftParams { win_length: 2049, ..StftParams::default() },
            StftParams { win_length: 0, ..StftParams::default() },
        ] {
            assert!(matches!(Stft::new(&params, 5000), Err(TransformError::Parameter { .. })), "{params:?}");
        }
        let params = StftParams { center: false, ..StftParams::default() };
        assert!(matches!(Stft::new(&params, 2047), Err(TransformError::ShorterThanFrame { .. })));
    }
}
