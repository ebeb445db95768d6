//! Slices: the transform of signals of any length in bounded memory.
//!
//! The signal is cut into blocks. Each block, with zeros around it, is a signal of its own, and as the transform is linear
//! the coefficients of all of them add up to the whole signal's. The same holds the other way round. Zeros that are long
//! enough for what rings on keep both from meeting their own other end.

use std::sync::Arc;

use super::bands::Band;
use super::cells::{RaggedCells, check_starts, starts_of};
use super::params::{GaborParams, Taper, wrong};
use super::plan::{Gabor, longest_hop, period};
use crate::cqt::MAX_SAMPLES;
use crate::{Real, TransformError};

/// How a signal is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SliceOptions {
    /// Samples of a slice, zeros included: rounded up to a period of the transform, and to four times the zeros on one
    /// side. None is the least power of two that is six times those zeros, so that two thirds or more of a slice are
    /// signal. Default: none, which is 2^19 at 44.1 kHz.
    pub samples: Option<usize>,
    /// Seconds of zeros on either side, above 0. None is as long as keeps what is lost below -100 dB of any signal, and a
    /// second at least. Default: none.
    pub padding_secs: Option<f64>,
}

/// The shortest padding that is chosen, in seconds.
const MIN_PADDING_SECS: f64 = 1.0;

/// How a signal of any length is cut, and the plan of one slice.
///
/// Block `b` of the coefficients holds those from sample `b block - pad` on, [`Slices::block_samples`] samples long: row
/// `k` has `block / hop_k` of them. So the grid is the same whatever the signal's length and wherever it was cut. Before
/// the signal's first sample lie coefficients that hear it already.
#[derive(Clone, Debug)]
pub struct Slices<T> {
    plan: Arc<Gabor<T>>,
    pad: usize,
    starts: Arc<[usize]>,
}

impl<T: Real> Slices<T> {
    /// Plans the slices.
    ///
    /// # Errors
    /// As [`Gabor::new`], and a padding that is not above 0.
    pub fn new(params: &GaborParams, options: &SliceOptions) -> Result<Self, TransformError> {
        let (pad, period) = Self::sizes(params, options)?;
        let plan = Gabor::new(params, period)?;
        let starts = starts_of(plan.bands().iter().map(|band| (period - 2 * pad) / band.hop));
        Ok(Self { plan: Arc::new(plan), pad, starts })
    }

    /// The zeros on either side of a slice and a slice's length, zeros included, in samples, before it is planned.
    ///
    /// # Errors
    /// As [`Slices::new`].
    pub fn sizes(params: &GaborParams, options: &SliceOptions) -> Result<(usize, usize), TransformError> {
        let bands = params.bands()?;
        let hop = longest_hop(&bands);
        let padding_secs = options.padding_secs.unwrap_or_else(|| padding_secs(params.taper, &bands));
        if !(padding_secs > 0.0 && padding_secs.is_finite()) {
            return Err(wrong("padding", &padding_secs, "seconds above 0"));
        }
        let pad = ((padding_secs * params.sr / hop as f64).ceil() as usize).max(1).saturating_mul(hop);
        let samples =
            options.samples.unwrap_or_else(|| pad.saturating_mul(6).checked_next_power_of_two().unwrap_or(pad));
        let samples = samples.max(pad.saturating_mul(4));
        if samples > MAX_SAMPLES {
            return Err(wrong("length", &samples, &format!("slices of at most {MAX_SAMPLES} samples, zeros included")));
        }
        Ok((pad, period(samples, hop)))
    }

    /// The plan of a slice.
    pub fn plan(&self) -> &Gabor<T> {
        &self.plan
    }

    /// Samples of a block: what a slice holds without its zeros.
    pub fn block_samples(&self) -> usize {
        self.plan.period() - 2 * self.pad
    }

    /// Zeros on either side of a slice, in samples: a multiple of the longest hop.
    pub fn pad_samples(&self) -> usize {
        self.pad
    }

    /// The blocks of a signal of `samples` samples.
    pub fn blocks(&self, samples: u64) -> u64 {
        if samples == 0 { 0 } else { (samples + 2 * self.pad as u64).div_ceil(self.block_samples() as u64) }
    }

    /// The sample that the first coefficient of every row of block `block` belongs to: below 0 for the first.
    pub fn first_sample(&self, block: u64) -> i64 {
        block as i64 * self.block_samples() as i64 - self.pad as i64
    }

    /// Room for the coefficients of a block, filled with zeros.
    pub fn make_block(&self) -> RaggedCells<T> {
        RaggedCells::zeros(Arc::clone(&self.starts))
    }

    /// Refuses what is no block.
    pub(super) fn check_block(&self, block: &RaggedCells<T>) -> Result<(), TransformError> {
        check_starts(block.starts(), &self.starts)
    }
}

/// As many seconds as the lowest bands ring: a multiple of the inverse of their width.
fn padding_secs(taper: Taper, bands: &[Band]) -> f64 {
    let narrowest_hz = bands.iter().map(|band| band.width_hz).fold(f64::MAX, f64::min);
    MIN_PADDING_SECS.max(ringing(taper) / narrowest_hz)
}

/// How long the lowest bands ring, in inverses of their width: with these a rumble that lies in them alone comes out of
/// slices as from the whole signal to -100 dB (measured: -105 dB Nuttall, -100 dB Hann), and white noise to -130 dB.
fn ringing(taper: Taper) -> f64 {
    match taper {
        Taper::Hann => 6.0,
        Taper::Nuttall => 1.5,
    }
}
