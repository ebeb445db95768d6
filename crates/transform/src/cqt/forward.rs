//! Samples to coefficients.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::octaves::for_each_octave;
use super::parts::LANES;
use super::plan::{Cqt, OctaveScratch, Scratch};
use super::stage::Stage;
use super::stft::split_spectra;
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
    /// Cost: one short FFT and a sparse product for two frames of an octave, and one long convolution
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
        scratch.prepare(self);
        self.decimate(samples, scratch);
        let cells = self.cells_by_octave(out.as_mut_slice());
        for_each_octave(self.stages(), cells, &mut scratch.octaves, |stage, cells, octave| {
            self.analyse_octave(stage, cells, octave);
        });
        Ok(())
    }

    /// Cuts the coefficients into octaves, in the order of the stages (top down).
    fn cells_by_octave<'a>(&self, mut cells: &'a mut [Complex<f64>]) -> Vec<&'a mut [Complex<f64>]> {
        let mut octaves = Vec::with_capacity(self.stages().len());
        for stage in self.stages() {
            let (rest, octave) = cells.split_at_mut(self.first_bin(stage) * self.frames);
            octaves.push(octave);
            cells = rest;
        }
        octaves
    }

    /// Fills each octave's scratch with the signal at its rate.
    fn decimate(&self, samples: &[f64], scratch: &mut Scratch) {
        for index in 0..self.stages().len() {
            let (done, rest) = scratch.octaves.split_at_mut(index);
            let before = done.last().map_or(samples, |octave| octave.signal.as_slice());
            let signal = &mut rest[0].signal;
            let decimator = if index == 0 { self.early.as_deref() } else { self.stages()[index].halve.as_ref() };
            if let Some(decimator) = decimator {
                decimator.forward(before, signal, &mut scratch.decimator);
            } else {
                signal.clear();
                signal.extend_from_slice(before);
            }
        }
    }

    fn analyse_octave(&self, stage: &Stage, cells: &mut [Complex<f64>], scratch: &mut OctaveScratch) {
        let OctaveScratch { signal, frames, spectra, fft } = scratch;
        spectra.clear(&stage.bank.span());
        for first in (0..self.frames).step_by(LANES) {
            let count = LANES.min(self.frames - first);
            for lane in (0..count).step_by(2) {
                stage.framing.read(signal, first + lane, frames);
                stage.fft.process_with_scratch(frames, fft);
                split_spectra(frames, lane, spectra);
            }
            for (row, cells) in cells.chunks_exact_mut(self.frames).enumerate() {
                let sums = stage.bank.analyse(row, spectra);
                for (lane, cell) in cells[first..first + count].iter_mut().enumerate() {
                    *cell = sums.get(lane);
                }
            }
        }
    }
}
