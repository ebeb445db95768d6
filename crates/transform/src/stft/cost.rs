//! What the transform takes, told before any of it is done.

use super::params::StftParams;
use crate::cqt::Cost;
use crate::operations::{COMPLEX_BYTES, FFT_OPERATIONS};

/// Complex numbers that a plan keeps for each sample of a frame; see [`Stft`](super::Stft).
const PLAN_NUMBERS: f64 = 25.0;

impl StftParams {
    /// What the transform of a sound of so many frames takes, within a factor of three: an FFT for two frames.
    pub fn cost(&self, frames: usize) -> Cost {
        let n = self.n_fft as f64;
        let fft = FFT_OPERATIONS * n * n.log2().max(1.0);
        Cost {
            // The window's spectrum has 16 points a row.
            planning: 20.0 * fft,
            transform: 0.5 * frames as f64 * fft,
            bytes: COMPLEX_BYTES * (PLAN_NUMBERS * n + self.rows() as f64 * frames as f64),
            longest_filter: self.win_length as f64,
        }
    }
}
