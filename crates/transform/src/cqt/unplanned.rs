//! What parameters tell of a transform that is not planned.

use super::fitting;
use super::geometry::{Geometry, too_long};
use super::params::{CqtParams, MAX_SAMPLES};
use super::plan::Cqt;
use super::tempered::Tempered;
use crate::TransformError;

impl Cqt {
    /// The most bins from [`CqtParams::fmin_hz`] on whose filters' passbands end below half the sample rate;
    /// [`CqtParams::bins`] is not looked at. `ratios` are those of [`Cqt::with_ratios`], if any.
    ///
    /// With librosa's defaults 101 at 22.05 kHz and 113 at 44.1 kHz. The rule is that of librosa 1.0.0
    /// (`__clip_freqs`, in `core/constantq.py`), whose `n_bins=None` this is; with an earlier release it is applied to
    /// that release's filters.
    ///
    /// # Errors
    /// A parameter outside its range, more bins than [`MAX_BINS`](crate::cqt::MAX_BINS), or a lowest bin that does
    /// not fit.
    pub fn bins_that_fit(params: &CqtParams, ratios: Option<&[f64]>) -> Result<usize, TransformError> {
        fitting::bins_that_fit(params, ratios)
    }

    /// Whether two sets of parameters that differ in the release alone, 0.11 and 1.0, are one and the same transform:
    /// every octave runs at the same rate. Cost: nothing to speak of.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn is_alike<'a>(one: impl Into<Tempered<'a>>, other: impl Into<Tempered<'a>>) -> Result<bool, TransformError> {
        let geometry = |of: Tempered<'_>| Geometry::new(&of.params, of.ratios);
        let (one, other) = (geometry(one.into())?, geometry(other.into())?);
        let rates = |geometry: &Geometry| geometry.octaves.iter().map(|octave| octave.hop).collect::<Vec<_>>();
        Ok(rates(&one) == rates(&other))
    }

    /// The lengths in samples, shortest and longest, whose transform has `frames` frames.
    ///
    /// Each decimation rounds its length up, so the first one decides both.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn samples_from_frames(params: &CqtParams, frames: usize) -> Result<(usize, usize), TransformError> {
        Self::samples_from_frames_of(params, None, frames)
    }

    /// The same where bins may not be equally spaced: `ratios` are those of [`Cqt::with_ratios`], if any.
    ///
    /// # Errors
    /// As [`Cqt::samples_from_frames`].
    pub fn samples_from_frames_of(
        params: &CqtParams,
        ratios: Option<&[f64]>,
        frames: usize,
    ) -> Result<(usize, usize), TransformError> {
        let geometry = Geometry::new(params, ratios)?;
        let (factor, end) = (geometry.early_factor, frames.saturating_mul(params.hop));
        if end > MAX_SAMPLES {
            return Err(too_long(end));
        }
        let shortest = (frames.saturating_sub(1) * params.hop + 1).saturating_sub(factor);
        Ok((shortest, end.saturating_sub(factor).max(1)))
    }
}

impl Tempered<'_> {
    /// The lengths in samples, shortest and longest, whose transform has `frames` frames.
    ///
    /// # Errors
    /// As [`Cqt::samples_from_frames`].
    pub fn samples_from_frames(self, frames: usize) -> Result<(usize, usize), TransformError> {
        Cqt::samples_from_frames_of(&self.params, self.ratios, frames)
    }
}
