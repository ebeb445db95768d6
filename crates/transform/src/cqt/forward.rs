//! Samples to coefficients.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::plan::{Cqt, Scratch, Stage};
use super::stft::read_frame;
use crate::TransformError;

impl Cqt {
    /// The transform of `samples`: bins by frames. Allocates; see [`Cqt::forward_into`].
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the number of samples is not the plan's.
    pub fn forward(&self, samples: &[f64]) -> Result<Plane<Complex<f64>>, TransformError> {
        let mut out = Plane::filled(self.params.bins, self.frames, Complex::default());
        self.forward_into(samples, &mut out, &mut Scratch::default())?;
        Ok(out)
    }

    /// The transform of `samples` into a plane of the plan's shape.
    ///
    /// Cost: two short FFTs and a sparse product a frame and octave, and one long convolution
    /// an octave.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's shape is not the plan's.
    pub fn forward_into(
        &self,
        samples: &[f64],
        out: &mut Plane<Complex<f64>>,
        scratch: &mut Scratch,
    ) -> Result<(), TransformError> {
        self.check_samples("the signal", samples)?;
        self.check_shape("the coefficients", out.shape())?;
        self.decimate(samples, scratch);
        for (index, stage) in self.stages.iter().enumerate() {
            scratch.prepare(stage);
            self.analyse_octave(stage, index, out, scratch);
        }
        Ok(())
    }

    /// Fills `scratch.signals` with the signal at each octave's rate.
    ///
    /// Every decimation multiplies by the square root of its factor, as librosa does.
    fn decimate(&self, samples: &[f64], scratch: &mut Scratch) {
        scratch.signals.resize_with(self.stages.len(), Vec::new);
        for index in 0..self.stages.len() {
            let (done, rest) = scratch.signals.split_at_mut(index);
            let (before, signal) = (done.last().map_or(samples, Vec::as_slice), &mut rest[0]);
            let decimator = if index == 0 { self.early.as_ref() } else { self.stages[index].halve.as_ref() };
            if let Some(decimator) = decimator {
                decimator.forward(before, signal, &mut scratch.decimator);
                let gain = self.decimation_gain(index);
                for value in signal.iter_mut() {
                    *value *= gain;
                }
            } else {
                signal.clear();
                signal.extend_from_slice(before);
            }
        }
    }

    /// Square root of the factor by which octave `index` is decimated from the one before.
    pub(super) fn decimation_gain(&self, index: usize) -> f64 {
        if index == 0 { (self.geometry.early_factor as f64).sqrt() } else { std::f64::consts::SQRT_2 }
    }

    fn analyse_octave(&self, stage: &Stage, index: usize, out: &mut Plane<Complex<f64>>, scratch: &mut Scratch) {
        let Scratch { signals, frame, spectrum, fft, .. } = scratch;
        let columns = self.frames;
        let first = stage.first_bin * columns;
        let cells = &mut out.as_mut_slice()[first..first + stage.bank.rows() * columns];
        for t in 0..columns {
            let start = (t * stage.hop) as isize - (stage.bank.fft_length / 2) as isize;
            read_frame(&signals[index], start, self.params.pad_mode, frame);
            // The buffers are sized by `prepare`: a length error cannot occur.
            let _ = stage.fft.process_with_scratch(frame, spectrum, &mut fft[..stage.fft.get_scratch_len()]);
            for row in 0..stage.bank.rows() {
                cells[row * columns + t] = stage.bank.analyse(row, spectrum);
            }
        }
    }
}
