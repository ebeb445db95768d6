//! The short-time Fourier transform behind the seam, and its own methods by way of that.

use std::f64::consts::TAU;

use num_complex::Complex;

use super::dual::OverlapAdd;
use super::plan::Stft;
use super::worker::StftWorker;
use crate::analysis::{Analysis, Cells, Channels, Dual, Worker};
use crate::{PadMode, TransformError};

impl Stft {
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

    fn transfer(&self, row: usize, hz: f64) -> Complex<f64> {
        if row >= self.params.rows() {
            return Complex::default();
        }
        let bin = hz / self.params.sr * self.params.n_fft as f64;
        // A row's exponential begins with its frame, half a frame before the window's middle. Frames that are centred
        // begin n_fft / 2 samples, rounded down, before their time.
        let before = if self.params.center { self.params.n_fft / 2 } else { 0 };
        let turns = 0.5 * (bin - row as f64) - bin * before as f64 / self.params.n_fft as f64;
        Complex::from_polar(1.0, TAU * turns) * self.response.at(bin - row as f64)
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
