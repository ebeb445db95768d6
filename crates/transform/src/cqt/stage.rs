//! One octave of a plan.

use std::sync::Arc;

use photophone_fft::{Fft, Planner};

use super::bank::Bank;
use super::block_size::{BlockSize, Load};
use super::blocks::Blocks;
use super::decimate::Decimator;
use super::geometry::{Geometry, Octave};
use super::params::CqtParams;
use super::whole::Whole;
use crate::framing::Framing;
use crate::{Real, StopFlag, TransformError};

/// One octave of a plan.
pub(super) struct Stage<T: Real = f64> {
    pub(super) halve: Option<Decimator<T>>,
    pub(super) bank: Bank<T>,
    pub(super) framing: Framing,
    /// First bin of the octave.
    pub(super) first_bin: usize,
    pub(super) fft: Arc<dyn Fft<T>>,
    pub(super) inverse_fft: Arc<dyn Fft<T>>,
    /// Where blocks of frames are cheaper than frames one by one.
    pub(super) blocks: Option<Blocks<T>>,
    /// Elsewhere, where each frame holds the whole signal.
    pub(super) whole: Option<Whole<T>>,
}

impl Stage {
    /// `samples` is the signal's length at the octave's rate.
    pub(super) fn new(
        (params, geometry, octave): (&CqtParams, &Geometry, &Octave),
        (halve, samples): (Option<Decimator>, usize),
        planner: &mut Planner,
        stop: &StopFlag,
    ) -> Result<Self, TransformError> {
        let bank = Bank::new(params, geometry, octave, stop)?;
        let framing = Framing::new(samples, bank.fft_length, octave.hop, params.pad_mode, params.librosa)?;
        let mut stage = Self {
            halve,
            framing,
            blocks: None,
            whole: None,
            first_bin: octave.bins.start,
            fft: planner.forward(bank.fft_length),
            inverse_fft: planner.inverse(bank.fft_length),
            bank,
        };
        stage.blocks = BlockSize::cheapest(&stage.load()).map(|size| Blocks::new(size, planner));
        if stage.blocks.is_none() {
            stage.whole = Whole::of(&stage.framing, params.pad_mode);
        }
        Ok(stage)
    }

    /// The same in single precision.
    pub(super) fn rounded(&self, planner: &mut Planner<f32>) -> Stage<f32> {
        Stage {
            halve: self.halve.as_ref().map(Decimator::rounded),
            bank: self.bank.rounded(),
            framing: self.framing.clone(),
            first_bin: self.first_bin,
            fft: planner.forward(self.bank.fft_length),
            inverse_fft: planner.inverse(self.bank.fft_length),
            blocks: self.blocks.as_ref().map(|blocks| blocks.rounded(planner)),
            whole: self.whole.as_ref().map(Whole::rounded),
        }
    }

    /// What there is to do.
    pub(super) fn load(&self) -> Load {
        Load {
            frames: self.framing.frames(),
            length: self.bank.fft_length,
            hop: self.framing.hop(),
            rows: self.bank.rows(),
            entries: self.bank.entries() as f64,
        }
    }
}

impl<T: Real> std::fmt::Debug for Stage<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage").field("first_bin", &self.first_bin).finish_non_exhaustive()
    }
}

/// Decimation of `samples` samples; none by 1. librosa multiplies by the square root of the factor.
pub(super) fn decimator(
    geometry: &Geometry,
    factor: usize,
    samples: usize,
) -> Result<Option<Decimator>, TransformError> {
    (factor > 1).then(|| Decimator::new(geometry.resampler, factor, (factor as f64).sqrt(), samples)).transpose()
}
