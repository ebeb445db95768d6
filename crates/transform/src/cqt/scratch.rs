//! Working memory of a plan's calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use num_complex::Complex;

use super::blocks::BlockScratch;
use super::decimate::DecimatorScratch;
use super::stage::Stage;
use crate::Real;
use crate::framing::PAIRS;
use crate::lanes::{Parts, Spectra};
use crate::real::PerPrecision;

/// Working memory of a plan's calls; grows as needed and can serve several plans.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) double: Working<f64>,
    pub(super) single: Working<f32>,
    /// Ends a forward transform early once another thread has set it; what has been written by then is not the
    /// transform. Asked every few frames. Default: none.
    pub stop: Option<Arc<AtomicBool>>,
}

/// Working memory in one precision.
#[derive(Debug, Default)]
pub(super) struct Working<T = f64> {
    pub(super) octaves: Vec<OctaveScratch<T>>,
    pub(super) spare: Vec<T>,
    pub(super) decimator: DecimatorScratch<T>,
}

/// Working memory of one octave, so that octaves can run side by side.
#[derive(Debug, Default)]
pub(super) struct OctaveScratch<T = f64> {
    /// The signal at this octave's rate.
    pub(super) signal: Vec<T>,
    /// Pairs of frames, one as the real and one as the imaginary part.
    pub(super) frames: Vec<Complex<T>>,
    /// The spectra of some frames.
    pub(super) spectra: Spectra<T>,
    /// The coefficients of those frames, a row of the bank each.
    pub(super) sums: Vec<Parts<T>>,
    pub(super) fft: Vec<Complex<T>>,
    pub(super) block: BlockScratch<T>,
    stop: Option<Arc<AtomicBool>>,
}

impl<T> OctaveScratch<T> {
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed))
    }
}

/// That of each precision.
struct Each<'a>(std::marker::PhantomData<&'a ()>);

impl<'a> PerPrecision for Each<'a> {
    type In<T: Real> = &'a mut Working<T>;
}

impl Scratch {
    /// What a precision works with, sized for so many octaves.
    pub(super) fn of<T: Real>(&mut self, stages: &[Stage<T>]) -> &mut Working<T> {
        let Self { double, single, stop } = self;
        let working = T::choose::<Each<'_>>(|| double, || single);
        working.prepare(stages, stop.as_ref());
        working
    }
}

impl<T: Real> Working<T> {
    fn prepare(&mut self, stages: &[Stage<T>], stop: Option<&Arc<AtomicBool>>) {
        self.octaves.resize_with(stages.len(), OctaveScratch::default);
        for (octave, stage) in self.octaves.iter_mut().zip(stages) {
            octave.stop = stop.cloned();
            if let Some(blocks) = &stage.blocks {
                blocks.prepare(&mut octave.block);
                continue;
            }
            octave.frames.resize(PAIRS * stage.bank.fft_length, Complex::default());
            let need = stage.fft.get_inplace_scratch_len().max(stage.inverse_fft.get_inplace_scratch_len());
            octave.fft.resize(need, Complex::default());
        }
    }
}
