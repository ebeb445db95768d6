//! The plan: everything that can be computed before the samples are there.

use std::fmt;
use std::sync::Arc;

use photophone_fft::{Fft, Planner};

use super::dual::OverlapAdd;
use super::params::StftParams;
use super::response::WindowResponse;
use super::worker::StftWorker;
use crate::analysis::{Analysis, Cells, Channel, Channels, Dual, Spacing, Worker};
use crate::cqt::MAX_SAMPLES;
use crate::framing::Framing;
use crate::{PadMode, TransformError};

/// A short-time Fourier transform of signals of one length, planned.
///
/// `C[k, t] = sum over n of w(n) x(t hop - n_fft / 2 + n) exp(-2 pi i k n / n_fft)` where frames are centred, and without
/// the half frame where they are not (`librosa.stft` 0.11, whose phase counts from the frame's first sample).
/// A plan is immutable and can be shared between threads. Memory: some 50 `n_fft` numbers.
pub struct Stft {
    params: StftParams,
    pub(super) framing: Framing,
    /// The window, with zeros on both sides.
    pub(crate) window: Vec<f64>,
    pub(super) fft: Arc<dyn Fft<f64>>,
    pub(super) inverse_fft: Arc<dyn Fft<f64>>,
    channels: Channels,
    response: WindowResponse,
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

    /// The transform of `samples`, rows by frames. Cost: an FFT for two frames.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the number of samples is not the plan's.
    pub fn forward(&self, samples: &[f64]) -> Result<Cells, TransformError> {
        (self as &dyn Analysis).forward(samples)
    }

    /// The adjoint: the signal `x` with `<A y, c> = <y, x>` for every `y`, where the left inner product is
    /// `Re sum(a conj(c))`. Costs what the transform costs.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the coefficients' shape is not the plan's.
    pub fn adjoint(&self, cells: &Cells) -> Result<Vec<f64>, TransformError> {
        (self as &dyn Analysis).adjoint(cells)
    }

    /// The signal by overlap-add with the painless dual window (`librosa.istft`; Griffin and Lim 1984, equation 6): of
    /// the transform of a signal that signal, wherever a window reaches it, and 0 elsewhere.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the coefficients' shape is not the plan's.
    pub fn inverse(&self, cells: &Cells) -> Result<Vec<f64>, TransformError> {
        let mut samples = vec![0.0; self.samples()];
        OverlapAdd::new(self).synthesise(cells, &mut samples)?;
        Ok(samples)
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

impl Analysis for Stft {
    fn samples(&self) -> usize {
        Self::samples(self)
    }

    fn shape(&self) -> (usize, usize) {
        Self::shape(self)
    }

    fn channels(&self) -> &Channels {
        &self.channels
    }

    fn response(&self, row: usize, hz: f64) -> f64 {
        let bin = hz / self.params.sr * self.params.n_fft as f64;
        if row < self.params.rows() { self.response.at(bin - row as f64) } else { 0.0 }
    }

    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(StftWorker::new(self))
    }

    fn mirror(&self) -> Option<Vec<f64>> {
        let (rows, frames) = self.shape();
        let beyond = self.samples() as f64 - 1.0 - ((frames - 1) * self.params.hop) as f64;
        let is_mirrored = self.params.center && self.params.pad_mode == PadMode::Reflect && frames > 1;
        is_mirrored.then(|| vec![beyond; rows])
    }

    fn dual(&self) -> Option<Box<dyn Dual + '_>> {
        let dual = OverlapAdd::new(self);
        dual.is_exact().then(|| Box::new(dual) as Box<dyn Dual>)
    }
}

impl fmt::Debug for Stft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stft").field("params", &self.params).field("samples", &self.samples()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::testing::check_analysis;
    use crate::{PadMode, Stft, StftParams, Window};

    #[test]
    fn conforms() {
        let usual = StftParams { n_fft: 512, win_length: 512, hop: 128, ..StftParams::default() };
        for params in [
            usual,
            StftParams { pad_mode: PadMode::Reflect, win_length: 300, ..usual },
            StftParams { center: false, window: Window::Hamming, ..usual },
            StftParams { n_fft: 511, win_length: 511, hop: 200, ..usual },
            StftParams { hop: 700, ..usual },
        ] {
            check_analysis(&|samples| Box::new(Stft::new(&params, samples).unwrap()), 1000);
        }
    }
}
