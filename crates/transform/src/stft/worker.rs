//! Samples to coefficients, and the transpose of that.

use num_complex::Complex;

use super::plan::Stft;
use crate::TransformError;
use crate::analysis::{Cells, Worker, check_samples, check_shape};
use crate::framing::{join_spectra, split_spectra};
use crate::lanes::{LANES, Parts, Spectra};
use crate::simd::{Work, vectorized};

/// A transform at work.
pub(super) struct StftWorker<'a> {
    plan: &'a Stft,
    /// Two frames, one as the real and one as the imaginary part.
    frames: Vec<Complex<f64>>,
    /// Spectra of the frames that are worked on at a time.
    spectra: Spectra,
    fft: Vec<Complex<f64>>,
}

impl<'a> StftWorker<'a> {
    pub(super) fn new(plan: &'a Stft) -> Self {
        let zeros = |n| vec![Complex::default(); n];
        let need = plan.fft.get_inplace_scratch_len().max(plan.inverse_fft.get_inplace_scratch_len());
        Self { plan, frames: zeros(plan.window.len()), spectra: Spectra::default(), fft: zeros(need) }
    }

    fn check(&self, samples: usize, cells: &Cells) -> Result<(), TransformError> {
        check_samples(self.plan.samples(), "the signal", samples)?;
        check_shape(self.plan.shape(), "the coefficients", cells.shape())
    }
}

impl Worker for StftWorker<'_> {
    fn forward(&mut self, samples: &[f64], cells: &mut Cells) -> Result<(), TransformError> {
        self.check(samples.len(), cells)?;
        vectorized(Forward { worker: self, samples, cells });
        Ok(())
    }

    fn adjoint(&mut self, cells: &Cells, samples: &mut [f64]) -> Result<(), TransformError> {
        self.check(samples.len(), cells)?;
        vectorized(Adjoint { worker: self, samples, cells });
        Ok(())
    }
}

struct Forward<'a, 'b> {
    worker: &'a mut StftWorker<'b>,
    samples: &'a [f64],
    cells: &'a mut Cells,
}

impl Work for Forward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let StftWorker { plan, frames, spectra, fft } = self.worker;
        let (rows, all) = plan.shape();
        for first in (0..all).step_by(LANES) {
            let count = LANES.min(all - first);
            spectra.clear(&(0..rows));
            for lane in (0..count).step_by(2) {
                plan.framing.read(self.samples, first + lane, frames);
                weigh(frames, &plan.window);
                plan.fft.process_with_scratch(frames, fft);
                split_spectra(frames, lane, spectra);
            }
            for (k, bin) in spectra.iter() {
                for (lane, cell) in self.cells.row_mut(k)[first..first + count].iter_mut().enumerate() {
                    *cell = bin.get(lane);
                }
            }
        }
    }
}

struct Adjoint<'a, 'b> {
    worker: &'a mut StftWorker<'b>,
    samples: &'a mut [f64],
    cells: &'a Cells,
}

impl Work for Adjoint<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let StftWorker { plan, frames, spectra, fft } = self.worker;
        let (rows, all) = plan.shape();
        self.samples.fill(0.0);
        for first in (0..all).step_by(LANES) {
            let count = LANES.min(all - first);
            spectra.clear(&(0..rows));
            for (k, bin) in spectra.iter_mut() {
                *bin = Parts::from_frames(&self.cells.row(k)[first..first + count]);
            }
            for lane in (0..count).step_by(2) {
                join_spectra(spectra, lane, frames);
                plan.inverse_fft.process_with_scratch(frames, fft);
                weigh(frames, &plan.window);
                plan.framing.add(frames, first + lane, self.samples);
            }
        }
    }
}

#[inline(always)]
pub(super) fn weigh(frames: &mut [Complex<f64>], window: &[f64]) {
    for (value, weight) in frames.iter_mut().zip(window) {
        *value *= *weight;
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::testing::noise;
    use crate::{LibrosaVersion, PadMode, Stft, StftParams, Window};

    /// The definition, sum by sum.
    fn naive(params: &StftParams, x: &[f64], (k, t): (usize, usize)) -> Complex<f64> {
        let before = (params.n_fft - params.win_length) / 2;
        let window = params.window.samples(params.win_length);
        let start = (t * params.hop) as isize - if params.center { params.n_fft as isize / 2 } else { 0 };
        let heard = |n: usize| {
            let at = start + (before + n) as isize;
            let inside = usize::try_from(at).ok().and_then(|at| x.get(at)).copied();
            let beyond = || params.pad_mode.source(at, x.len(), params.n_fft / 2).map_or(0.0, |(from, w)| w * x[from]);
            inside.unwrap_or_else(beyond)
        };
        (0..params.win_length)
            .map(|n| {
                let turns = k as f64 * (before + n) as f64 / params.n_fft as f64;
                Complex::from_polar(window[n] * heard(n), -TAU * turns)
            })
            .sum()
    }

    #[test]
    fn is_its_definition() {
        for (n_fft, win_length, hop) in [(64, 64, 16), (64, 40, 16), (63, 63, 20), (50, 33, 50), (2, 2, 1)] {
            for (center, pad_mode) in [(true, PadMode::Constant), (true, PadMode::Reflect), (false, PadMode::Constant)]
            {
                let params = StftParams {
                    n_fft,
                    win_length,
                    hop,
                    center,
                    pad_mode,
                    window: Window::Hamming,
                    // Frames at the tail are padded from the whole signal.
                    librosa: LibrosaVersion::V0_9,
                    ..StftParams::default()
                };
                let x = noise(333, 5);
                let plan = Stft::new(&params, x.len()).unwrap();
                let cells = plan.forward(&x).unwrap();
                let (rows, frames) = cells.shape();
                for at in (0..rows).flat_map(|k| (0..frames).map(move |t| (k, t))) {
                    assert!((cells[at] - naive(&params, &x, at)).norm() < 1e-11, "{params:?} at {at:?}");
                }
            }
        }
    }
}
