//! The exact transpose of the forward transform, step by step in reverse.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::blocks::Blocks;
use super::octaves::for_each_octave;
use super::plan::Cqt;
use super::scratch::{OctaveScratch, Scratch, Working};
use super::stage::Stage;
use super::whole::Whole;
use crate::TransformError;
use crate::framing::join_spectra;
use crate::lanes::{LANES, Parts};
use crate::simd::{Work, vectorized};

impl Cqt {
    /// The adjoint: the signal `x` with `<A y, c> = <y, x>` for every `y`, where the left inner
    /// product is `Re sum(a conj(c))`. Allocates; see [`Cqt::adjoint_into`].
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the coefficients' shape is not the plan's.
    pub fn adjoint(&self, coefficients: &Plane<Complex<f64>>) -> Result<Vec<f64>, TransformError> {
        let mut out = vec![0.0; self.samples];
        self.adjoint_into(coefficients, &mut out, &mut Scratch::default())?;
        Ok(out)
    }

    /// The adjoint into a buffer of the plan's length. Costs what the forward transform costs.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's shape is not the plan's.
    pub fn adjoint_into(
        &self,
        coefficients: &Plane<Complex<f64>>,
        out: &mut [f64],
        scratch: &mut Scratch,
    ) -> Result<(), TransformError> {
        self.check_samples("the signal", out.len())?;
        self.check_shape("the coefficients", coefficients.shape())?;
        let working = scratch.of(self.stages());
        let cells = self.stages().iter().map(|stage| {
            let first = self.first_bin(stage) * self.frames;
            &coefficients.as_slice()[first..first + stage.bank.rows() * self.frames]
        });
        for_each_octave(self.stages(), cells.collect(), &mut working.octaves, |stage, cells, octave| {
            vectorized(Synthesis { frames: self.frames, stage, cells, scratch: octave });
        });
        self.undecimate(out, working);
        Ok(())
    }

    /// Adds the octaves up from the lowest rate to the full one.
    fn undecimate(&self, out: &mut [f64], working: &mut Working) {
        let Working { octaves, spare, decimator } = working;
        for index in (0..self.stages().len()).rev() {
            let plan = if index == 0 { self.early.as_deref() } else { self.stages()[index].halve.as_ref() };
            let (above, rest) = octaves.split_at_mut(index);
            let signal = &rest[0].signal;
            let raised: &[f64] = if let Some(plan) = plan {
                plan.transpose(signal, spare, decimator);
                spare
            } else {
                signal
            };
            match above.last_mut() {
                Some(octave) => {
                    for (target, value) in octave.signal.iter_mut().zip(raised) {
                        *target += value;
                    }
                }
                None => out.copy_from_slice(raised),
            }
        }
    }
}

/// The signal of one octave from its coefficients.
struct Synthesis<'a> {
    frames: usize,
    stage: &'a Stage,
    cells: &'a [Complex<f64>],
    scratch: &'a mut OctaveScratch,
}

impl Work for Synthesis<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.scratch.signal.clear();
        self.scratch.signal.resize(self.stage.framing.samples(), 0.0);
        match (&self.stage.blocks, &self.stage.whole) {
            (Some(blocks), _) => self.in_blocks(blocks),
            (None, Some(whole)) => self.all_at_once(whole),
            (None, None) => self.one_by_one(),
        }
    }
}

impl Synthesis<'_> {
    /// Blocks of frames, each by overlap-save transposed.
    #[inline(always)]
    fn in_blocks(self, blocks: &Blocks) {
        let Self { frames: all, stage, cells, scratch } = self;
        let OctaveScratch { signal, block, .. } = scratch;
        let responses = blocks.responses(&stage.bank, &*stage.fft);
        for group in blocks.groups(all) {
            Blocks::clear(block);
            for (response, cells) in responses.iter().zip(cells.chunks_exact(all)) {
                blocks.synthesise(response, group.clone(), cells, block);
            }
            blocks.transform_back(&stage.framing, group, signal, block);
        }
    }

    /// Frames one by one, the spectra of some of them side by side.
    #[inline(always)]
    fn one_by_one(self) {
        let Self { frames: all, stage, cells, scratch } = self;
        let OctaveScratch { signal, frames, spectra, fft, .. } = scratch;
        for first in (0..all).step_by(LANES) {
            let count = LANES.min(all - first);
            spectra.clear(&stage.bank.span());
            for (row, cells) in cells.chunks_exact(all).enumerate() {
                stage.bank.synthesise(row, &Parts::from_frames(&cells[first..first + count]), spectra);
            }
            let frames = &mut frames[..stage.bank.fft_length];
            for lane in (0..count).step_by(2) {
                join_spectra(spectra, lane, frames);
                stage.inverse_fft.process_with_scratch(frames, fft);
                stage.framing.add(frames, first + lane, signal);
            }
        }
    }

    /// All frames into one spectrum.
    #[inline(always)]
    fn all_at_once(self, whole: &Whole) {
        let Self { frames: all, stage, cells, scratch } = self;
        let OctaveScratch { signal, frames, spectra, fft, .. } = scratch;
        let spectrum = &mut frames[..stage.bank.fft_length];
        spectrum.fill(Complex::default());
        for first in (0..all).step_by(LANES) {
            let count = LANES.min(all - first);
            spectra.clear(&stage.bank.span());
            for (row, cells) in cells.chunks_exact(all).enumerate() {
                stage.bank.synthesise(row, &Parts::from_frames(&cells[first..first + count]), spectra);
            }
            whole.join(spectra, stage.framing.start(first), spectrum);
        }
        stage.inverse_fft.process_with_scratch(spectrum, fft);
        signal.iter_mut().zip(&*spectrum).for_each(|(sample, value)| *sample = value.re);
    }
}
