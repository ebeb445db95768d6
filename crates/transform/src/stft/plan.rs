//! The plan: everything that can be computed before the samples are there.

use std::fmt;
use std::sync::Arc;

use photophone_fft::{Fft, Planner};

use super::params::StftParams;
use super::response::WindowResponse;
use crate::TransformError;
use crate::analysis::{Channel, Channels, Spacing};
use crate::cqt::MAX_SAMPLES;
use crate::framing::Framing;

/// A short-time Fourier transform of signals of one length, planned.
///
/// `C[k, t] = sum over n of w(n) x(t hop - n_fft / 2 + n) exp(-2 pi i k n / n_fft)` where frames are centred, and without
/// the half frame where they are not (`librosa.stft` 0.11, whose phase counts from the frame's first sample).
/// A plan is immutable and can be shared between threads. Memory: some 50 `n_fft` numbers.
pub struct Stft {
    pub(super) params: StftParams,
    pub(super) framing: Framing,
    /// The window, with zeros on both sides.
    pub(crate) window: Vec<f64>,
    pub(super) fft: Arc<dyn Fft<f64>>,
    pub(super) inverse_fft: Arc<dyn Fft<f64>>,
    pub(super) channels: Channels,
    pub(super) response: WindowResponse,
}

impl Stft {
    /// Plans the transform of `samples` samples.
    ///
    /// # Errors
    /// A parameter outside its range, no samples or more than [`MAX_SAMPLES`], or, where frames are not centred, fewer
    /// samples than a frame has.
    pub fn new(params: &StftParams, samples: usize) -> Result<Self, TransformError> {
        params.check()?;
        if !(1..=MAX_SAMPLES).contains(&samples) {
            let expected = format!("1 to {MAX_SAMPLES}");
            return Err(TransformError::Parameter { name: "length", found: samples.to_string(), expected });
        }
        let framing = if params.center {
            Framing::new(samples, params.n_fft, params.hop, params.pad_mode, params.librosa)?
        } else {
            Framing::inside_alone(samples, params.n_fft, params.hop)?
        };
        let before = (params.n_fft - params.win_length) / 2;
        let mut window = vec![0.0; params.n_fft];
        window[before..before + params.win_length].copy_from_slice(&params.window.samples(params.win_length));
        let mut planner = Planner::default();
        let response = WindowResponse::new(&window, &mut planner);
        Ok(Self {
            params: *params,
            framing,
            channels: channels(params, before, response.at(0.0)),
            fft: planner.forward(params.n_fft),
            inverse_fft: planner.inverse(params.n_fft),
            window,
            response,
        })
    }

    /// The parameters planned for.
    pub fn params(&self) -> &StftParams {
        &self.params
    }

    /// Samples of the signal.
    pub fn samples(&self) -> usize {
        self.framing.samples()
    }

    /// Rows and frames of the coefficients.
    pub fn shape(&self) -> (usize, usize) {
        (self.params.rows(), self.framing.frames())
    }
}

/// Each row's band. The exponential of a row starts at the frame's first sample, not at the window's centre.
fn channels(params: &StftParams, before: usize, peak: f64) -> Channels {
    let length = params.win_length as f64;
    let row = |k: usize| Channel {
        centre_hz: k as f64 * params.sr / params.n_fft as f64,
        band_hz: params.sr / params.n_fft as f64,
        length,
        peak,
        nyquist_hz: params.sr / 2.0,
        phase_origin: -(before as f64 + length / 2.0),
    };
    Channels {
        sample_rate_hz: params.sr,
        hop: params.hop,
        window: params.window,
        spacing: Spacing::Linear,
        rows: (0..params.rows()).map(row).collect(),
    }
}

impl fmt::Debug for Stft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stft").field("params", &self.params).field("samples", &self.samples()).finish_non_exhaustive()
    }
}
