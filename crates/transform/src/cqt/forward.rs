//! Samples to coefficients.

use std::mem;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::bank::Bank;
use super::blocks::Blocks;
use super::decimate::{Decimator, DecimatorScratch};
use super::octaves::for_each_octave;
use super::operator::Operator;
use super::plan::Cqt;
use super::scratch::{OctaveScratch, Scratch, Working};
use super::stage::Stage;
use super::whole::Whole;
use crate::framing::split_all_spectra;
use crate::lanes::{LANES, Parts, Spectra};
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
    /// The coefficients' precision is that of the arithmetic. Single takes half the time, and its tables are made by the
    /// first call for it; it agrees with double to -120 dB in each row.
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
        let operator = self.operator::<C>();
        let Working { octaves, decimator, .. } = scratch.of(operator.stages);
        // Apart from the rest, as octaves may share one.
        let mut kept: Vec<_> = octaves.iter_mut().map(|octave| mem::take(&mut octave.signal)).collect();
        let signals = operator.signals(samples, &mut kept, decimator);
        let cells = self.cells_by_octave(operator.stages, out.as_mut_slice());
        let work = signals.into_iter().zip(cells).collect();
        for_each_octave(operator.stages, work, octaves, |stage, (signal, cells), scratch| {
            vectorized(Analysis { frames: self.frames, stage, signal, cells, scratch });
        });
        octaves.iter_mut().zip(kept).for_each(|(octave, signal)| octave.signal = signal);
        Ok(())
    }

    /// Cuts the coefficients into octaves, in the order of the stages (top down).
    fn cells_by_octave<'a, C: Real>(
        &self,
        stages: &[Stage<C>],
        mut cells: &'a mut [Complex<C>],
    ) -> Vec<&'a mut [Complex<C>]> {
        let mut octaves = Vec::with_capacity(stages.len());
        for stage in stages {
            let (rest, octave) = cells.split_at_mut((stage.first_bin - self.base_bin) * self.frames);
            octaves.push(octave);
            cells = rest;
        }
        octaves
    }
}

impl<T: Real> Operator<'_, T> {
    /// The signal at each octave's rate: the samples, or computed into `kept`.
    fn signals<'a, S: Real>(
        &self,
        samples: &'a [S],
        kept: &'a mut [Vec<T>],
        scratch: &mut DecimatorScratch<T>,
    ) -> Vec<&'a [T]> {
        let Some((first, rest)) = kept.split_first_mut() else { return Vec::new() };
        let mut above = match (self.early, S::as_they_are(samples)) {
            (None, Some(samples)) => samples,
            (early, _) => {
                decimate_or_convert(early, samples, first, scratch);
                first
            }
        };
        let mut signals = vec![above];
        for (stage, signal) in self.stages[1..].iter().zip(rest) {
            if let Some(halve) = &stage.halve {
                halve.forward(above, signal, scratch);
                above = signal;
            }
            signals.push(above);
        }
        signals
    }
}

/// The coefficients of one octave from its signal.
struct Analysis<'a, T: Real> {
    frames: usize,
    stage: &'a Stage<T>,
    signal: &'a [T],
    cells: &'a mut [Complex<T>],
    scratch: &'a mut OctaveScratch<T>,
}

impl<T: Real> Work for Analysis<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match (&self.stage.blocks, &self.stage.whole) {
            (Some(blocks), _) => self.in_blocks(blocks),
            (None, Some(whole)) => self.all_at_once(whole),
            (None, None) => self.one_by_one(),
        }
    }
}

impl<T: Real> Analysis<'_, T> {
    /// Blocks of frames, each by overlap-save.
    #[inline(always)]
    fn in_blocks(self, blocks: &Blocks<T>) {
        let Self { frames: all, stage, signal, cells, scratch } = self;
        let responses = blocks.responses(&stage.bank, &*stage.fft);
        for group in blocks.groups(all) {
            if scratch.is_stopped() {
                return;
            }
            let block = &mut scratch.block;
            blocks.transform(&stage.framing, signal, group.clone(), block);
            for (response, cells) in responses.iter().zip(cells.chunks_exact_mut(all)) {
                blocks.analyse(response, group.clone(), cells, block);
            }
        }
    }

    /// Frames one by one, the spectra of some of them side by side.
    #[inline(always)]
    fn one_by_one(self) {
        let Self { frames: all, stage, signal, cells, scratch } = self;
        scratch.spectra.clear(&stage.bank.span());
        for first in (0..all).step_by(LANES) {
            if scratch.is_stopped() {
                return;
            }
            let OctaveScratch { frames, spectra, sums, fft, .. } = &mut *scratch;
            let count = LANES.min(all - first);
            let length = stage.bank.fft_length;
            let pairs = &mut frames[..count.div_ceil(2) * length];
            // Each while the nearest cache has it: long frames would not all fit.
            for (pair, frames) in pairs.chunks_exact_mut(length).enumerate() {
                stage.framing.read(signal, first + 2 * pair, frames);
                stage.fft.process_with_scratch(frames, fft);
            }
            split_all_spectra(frames, spectra);
            weigh(&stage.bank, spectra, sums);
            for (sums, cells) in sums.iter().zip(cells.chunks_exact_mut(all)) {
                sums.write(&mut cells[first..first + count]);
            }
        }
    }

    /// All frames from one spectrum.
    #[inline(always)]
    fn all_at_once(self, whole: &Whole<T>) {
        let Self { frames: all, stage, signal, cells, scratch } = self;
        let OctaveScratch { frames, spectra, sums, fft, .. } = &mut *scratch;
        spectra.clear(&stage.bank.span());
        let spectrum = &mut frames[..stage.bank.fft_length];
        spectrum.fill(Complex::default());
        spectrum.iter_mut().zip(signal).for_each(|(value, &sample)| value.re = sample);
        stage.fft.process_with_scratch(spectrum, fft);
        for first in (0..all).step_by(LANES) {
            whole.split(spectrum, stage.framing.start(first), spectra);
            weigh(&stage.bank, spectra, sums);
            for (sums, cells) in sums.iter().zip(cells.chunks_exact_mut(all)) {
                sums.write(&mut cells[first..all.min(first + LANES)]);
            }
        }
    }
}

/// The coefficients of frames from their spectra, row by row.
#[inline(always)]
fn weigh<T: Real>(bank: &Bank<T>, spectra: &Spectra<T>, sums: &mut Vec<Parts<T>>) {
    // Written out in another loop: in one, the sums would be compiled to pairs of a real and an imaginary part.
    sums.clear();
    for row in 0..bank.rows() {
        sums.push(bank.analyse(row, spectra));
    }
}

/// A signal decimated, or as it is.
fn decimate_or_convert<S: Real, T: Real>(
    decimator: Option<&Decimator<T>>,
    from: &[S],
    to: &mut Vec<T>,
    scratch: &mut DecimatorScratch<T>,
) {
    if let Some(decimator) = decimator {
        decimator.forward(from, to, scratch);
    } else {
        to.clear();
        to.extend(from.iter().map(|sample| T::nearest(sample.to_f64())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CqtParams;
    use crate::testing::{db_from_ratio, noise};

    #[test]
    fn single_precision_is_double_to_its_rounding_row_by_row() {
        for sr in [22050.0, 44100.0] {
            for hop in [512, 441, 64] {
                let plan = Cqt::new(&CqtParams { sr, hop, ..CqtParams::default() }, 30_000).unwrap();
                let singles: Vec<f32> = noise(30_000, 3).iter().map(|&sample| sample as f32).collect();
                let doubles: Vec<f64> = singles.iter().map(|&sample| f64::from(sample)).collect();
                let (bins, frames) = plan.shape();
                let mut cells = Plane::filled(bins, frames, Complex::<f32>::default());
                plan.forward_into(&singles, &mut cells, &mut Scratch::default()).unwrap();
                let want = plan.forward(&doubles).unwrap();
                for row in 0..bins {
                    let numbers = |value: &Complex<f64>| [value.re, value.im];
                    let got = cells.row(row).iter().flat_map(|value| [value.re.into(), value.im.into()]);
                    let want: Vec<f64> = want.row(row).iter().flat_map(numbers).collect();
                    let db = db_from_ratio(&got.collect::<Vec<f64>>(), &want);
                    assert!(db < -120.0, "{sr} Hz, hop {hop}, row {row}: {db:.1} dB");
                }
            }
        }
    }

    #[test]
    fn the_precision_is_that_of_the_coefficients() {
        let plan = Cqt::new(&CqtParams::default(), 9_000).unwrap();
        let singles: Vec<f32> = noise(9_000, 3).iter().map(|&sample| sample as f32).collect();
        let doubles: Vec<f64> = singles.iter().map(|&sample| f64::from(sample)).collect();
        let (bins, frames) = plan.shape();
        let mut wide = Plane::filled(bins, frames, Complex::<f64>::default());
        let mut narrow = [0; 2].map(|_| Plane::filled(bins, frames, Complex::<f32>::default()));
        let mut scratch = Scratch::default();
        plan.forward_into(&singles, &mut wide, &mut scratch).unwrap();
        assert_eq!(wide, plan.forward(&doubles).unwrap());
        plan.forward_into(&singles, &mut narrow[0], &mut scratch).unwrap();
        plan.forward_into(&doubles, &mut narrow[1], &mut scratch).unwrap();
        assert_eq!(narrow[0], narrow[1]);
    }
}
