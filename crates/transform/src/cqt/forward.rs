//! Samples to coefficients.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::blocks::Blocks;
use super::decimate::{Decimator, DecimatorScratch};
use super::octaves::for_each_octave;
use super::plan::{Cqt, OctaveScratch, Scratch};
use super::stage::Stage;
use crate::framing::split_spectra;
use crate::lanes::LANES;
use crate::simd::{Work, vectorized};
use crate::{Real, TransformError};

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

    /// The transform of `samples` into a plane of the plan's shape, each in single or double precision.
    ///
    /// Cost: one short FFT and a sparse product for two frames of an octave, or less by blocks where frames overlap
    /// much, and one long convolution an octave. The first call makes the blocks' responses.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's shape is not the plan's.
    pub fn forward_into<S: Real, C: Real>(
        &self,
        samples: &[S],
        out: &mut Plane<Complex<C>>,
        scratch: &mut Scratch,
    ) -> Result<(), TransformError> {
        self.check_samples("the signal", samples.len())?;
        self.check_shape("the coefficients", out.shape())?;
        scratch.prepare(self);
        self.decimate(samples, scratch);
        let cells = self.cells_by_octave(out.as_mut_slice());
        for_each_octave(self.stages(), cells, &mut scratch.octaves, |stage, cells, octave| {
            vectorized(Analysis { frames: self.frames, stage, cells, scratch: octave });
        });
        Ok(())
    }

    /// Cuts the coefficients into octaves, in the order of the stages (top down).
    fn cells_by_octave<'a, C>(&self, mut cells: &'a mut [Complex<C>]) -> Vec<&'a mut [Complex<C>]> {
        let mut octaves = Vec::with_capacity(self.stages().len());
        for stage in self.stages() {
            let (rest, octave) = cells.split_at_mut(self.first_bin(stage) * self.frames);
            octaves.push(octave);
            cells = rest;
        }
        octaves
    }

    /// Fills each octave's scratch with the signal at its rate.
    fn decimate<S: Real>(&self, samples: &[S], scratch: &mut Scratch) {
        let Scratch { octaves, decimator: working, .. } = scratch;
        let Some((first, rest)) = octaves.split_first_mut() else { return };
        decimate_or_copy(self.early.as_deref(), samples, &mut first.signal, working);
        let mut above = &first.signal;
        for (stage, octave) in self.stages()[1..].iter().zip(rest) {
            decimate_or_copy(stage.halve.as_ref(), above, &mut octave.signal, working);
            above = &octave.signal;
        }
    }
}

/// The coefficients of one octave from its signal.
struct Analysis<'a, C> {
    frames: usize,
    stage: &'a Stage,
    cells: &'a mut [Complex<C>],
    scratch: &'a mut OctaveScratch,
}

impl<C: Real> Work for Analysis<'_, C> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match &self.stage.blocks {
            Some(blocks) => self.in_blocks(blocks),
            None => self.one_by_one(),
        }
    }
}

impl<C: Real> Analysis<'_, C> {
    /// Blocks of frames, each by overlap-save.
    #[inline(always)]
    fn in_blocks(self, blocks: &Blocks) {
        let Self { frames: all, stage, cells, scratch } = self;
        let responses = blocks.responses(&stage.bank, &*stage.fft);
        for group in blocks.groups(all) {
            if scratch.is_stopped() {
                return;
            }
            let OctaveScratch { signal, block, .. } = &mut *scratch;
            blocks.transform(&stage.framing, signal, group.clone(), block);
            for (response, cells) in responses.iter().zip(cells.chunks_exact_mut(all)) {
                blocks.analyse(response, group.clone(), cells, block);
            }
        }
    }

    /// Frames one by one, the spectra of some of them side by side.
    #[inline(always)]
    fn one_by_one(self) {
        let Self { frames: all, stage, cells, scratch } = self;
        scratch.spectra.clear(&stage.bank.span());
        for first in (0..all).step_by(LANES) {
            if scratch.is_stopped() {
                return;
            }
            let OctaveScratch { signal, frames, spectra, sums, fft, .. } = &mut *scratch;
            let count = LANES.min(all - first);
            for lane in (0..count).step_by(2) {
                stage.framing.read(signal, first + lane, frames);
                stage.fft.process_with_scratch(frames, fft);
                split_spectra(frames, lane, spectra);
            }
            sums.clear();
            for row in 0..stage.bank.rows() {
                sums.push(stage.bank.analyse(row, spectra));
            }
            // Its own loop: in one, the sums would be compiled to pairs of a real and an imaginary part.
            for (sums, cells) in sums.iter().zip(cells.chunks_exact_mut(all)) {
                for (lane, cell) in cells[first..first + count].iter_mut().enumerate() {
                    *cell = Complex::new(C::from_f64(sums.re[lane]), C::from_f64(sums.im[lane]));
                }
            }
        }
    }
}

/// An octave's signal from the one above.
fn decimate_or_copy<S: Real>(
    decimator: Option<&Decimator>,
    from: &[S],
    to: &mut Vec<f64>,
    scratch: &mut DecimatorScratch,
) {
    if let Some(decimator) = decimator {
        decimator.forward(from, to, scratch);
    } else {
        to.clear();
        to.extend(from.iter().map(|sample| sample.to_f64()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CqtParams;
    use crate::testing::noise;

    #[test]
    fn single_precision_is_that_of_the_buffers_only() {
        for sr in [22050.0, 44100.0] {
            let plan = Cqt::new(&CqtParams { sr, ..CqtParams::default() }, 30_000).unwrap();
            let singles: Vec<f32> = noise(30_000, 3).iter().map(|&sample| sample as f32).collect();
            let doubles: Vec<f64> = singles.iter().map(|&sample| f64::from(sample)).collect();
            let (bins, frames) = plan.shape();
            let mut cells = Plane::filled(bins, frames, Complex::<f32>::default());
            plan.forward_into(&singles, &mut cells, &mut Scratch::default()).unwrap();
            let rounded = plan.forward(&doubles).unwrap().map(|value| Complex::new(value.re as f32, value.im as f32));
            assert_eq!(cells, rounded);
        }
    }
}
