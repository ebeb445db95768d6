//! The plan: everything that can be computed before the samples are there.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use num_complex::Complex;
use photophone_fft::Planner;

use super::decimate::{Decimator, Resampler};
use super::geometry::Geometry;
use super::operator::{Operator, Operators, Single};
use super::params::CqtParams;
use super::stage::{Stage, decimator};
use super::tempered::Tempered;
use crate::analysis::{Channels, check_samples, check_shape};
use crate::{Real, StopFlag, TransformError};

/// librosa's constant-Q transform of signals of one length, planned.
///
/// A plan is immutable and can be shared between threads; each call takes its working memory
/// as a [`Scratch`](crate::Scratch). Memory: about 16 bytes a sample for the scratch and a few MiB for the bank; some MiB an octave
/// for blocks of long filters.
#[derive(Debug)]
pub struct Cqt {
    pub(super) params: CqtParams,
    /// Ratios of the bins of an octave to its first, where they are not equally spaced.
    pub(super) ratios: Option<Arc<[f64]>>,
    pub(super) geometry: Geometry,
    pub(super) samples: usize,
    pub(super) frames: usize,
    pub(super) early: Option<Arc<Decimator>>,
    pub(super) stages: Arc<Vec<Stage>>,
    /// Where this plan's octaves begin in the stages.
    pub(super) base_stage: usize,
    /// Where this plan's bins begin in those of the stages.
    pub(super) base_bin: usize,
    /// What each row hears, once somebody has asked.
    pub(super) channels: OnceLock<Channels>,
    /// The octaves in single precision, once somebody has asked for such coefficients.
    pub(super) single: OnceLock<Single>,
}

impl Cqt {
    /// Plans the transform of `samples` samples.
    ///
    /// # Errors
    /// A parameter outside its range, bins above half the sample rate, a hop that the chosen
    /// librosa refuses, or too few samples for the recursion.
    pub fn new(params: &CqtParams, samples: usize) -> Result<Self, TransformError> {
        Self::new_until(params, samples, &StopFlag::default())
    }

    /// The same, ended early once `stop` is set: long filters take long to make.
    ///
    /// # Errors
    /// As [`Cqt::new`], or [`TransformError::Stopped`].
    pub fn new_until(params: &CqtParams, samples: usize, stop: &StopFlag) -> Result<Self, TransformError> {
        Self::planned(params, Geometry::new(params, None)?, samples, stop)
    }

    /// The same with bins that are not equally spaced (the `intervals` of `librosa.vqt`): `ratios`
    /// has one for each of the [`CqtParams::bins_per_octave`], that of the bin to the octave's first,
    /// and they repeat an octave up. librosa 0.10 and later.
    ///
    /// # Errors
    /// As [`Cqt::new`], or another number of ratios.
    pub fn with_ratios(params: &CqtParams, ratios: &[f64], samples: usize) -> Result<Self, TransformError> {
        Self::with_ratios_until(params, ratios, samples, &StopFlag::default())
    }

    /// The same, ended early once `stop` is set.
    ///
    /// # Errors
    /// As [`Cqt::with_ratios`], or [`TransformError::Stopped`].
    pub fn with_ratios_until(
        params: &CqtParams,
        ratios: &[f64],
        samples: usize,
        stop: &StopFlag,
    ) -> Result<Self, TransformError> {
        let plan = Self::planned(params, Geometry::new(params, Some(ratios))?, samples, stop)?;
        Ok(Self { ratios: Some(ratios.into()), ..plan })
    }

    fn planned(
        params: &CqtParams,
        geometry: Geometry,
        samples: usize,
        stop: &StopFlag,
    ) -> Result<Self, TransformError> {
        geometry.check_samples(params, samples)?;
        let early = decimator(&geometry, geometry.early_factor, samples)?;
        let mut length = early.as_ref().map_or(samples, Decimator::output_len);
        let mut planner = Planner::default();
        let mut stages = Vec::with_capacity(geometry.octaves.len());
        for octave in &geometry.octaves {
            let halve = decimator(&geometry, if octave.halve_before { 2 } else { 1 }, length)?;
            length = halve.as_ref().map_or(length, Decimator::output_len);
            stages.push(Stage::new((params, &geometry, octave), (halve, length), &mut planner, stop)?);
        }
        let frames = stages.iter().map(|stage| stage.framing.frames()).min().unwrap_or(0);
        Ok(Self {
            params: *params,
            ratios: None,
            geometry,
            samples,
            frames,
            early: early.map(Arc::new),
            stages: Arc::new(stages),
            base_stage: 0,
            base_bin: 0,
            channels: OnceLock::new(),
            single: OnceLock::new(),
        })
    }

    /// The octaves' stages, top down.
    pub(super) fn stages(&self) -> &[Stage] {
        &self.stages[self.base_stage..self.base_stage + self.geometry.octaves.len()]
    }

    /// First bin of a stage, counted as this plan's bins are.
    pub(super) fn first_bin(&self, stage: &Stage) -> usize {
        stage.first_bin - self.base_bin
    }

    /// The parameters planned for, and the ratios of their bins.
    pub fn tempered(&self) -> Tempered<'_> {
        Tempered { params: self.params, ratios: self.ratios.as_deref() }
    }

    /// The parameters planned for.
    pub fn params(&self) -> &CqtParams {
        &self.params
    }

    /// Samples of the signal.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Samples of the signal after early downsampling: as many unknowns as the coefficients can tell of.
    pub fn samples_after_early_step(&self) -> usize {
        self.early.as_ref().map_or(self.samples, |early| early.output_len())
    }

    /// Bins and frames of the coefficients.
    pub fn shape(&self) -> (usize, usize) {
        (self.params.bins, self.frames)
    }

    /// Centre of each bin, in Hz, tuning included.
    pub fn hz_from_bin(&self) -> &[f64] {
        &self.geometry.freqs_hz
    }

    /// The octaves of the recursion, top down: their bins, sample rates in Hz and hops.
    pub fn octaves(&self) -> impl DoubleEndedIterator<Item = (Range<usize>, f64, usize)> + '_ {
        self.geometry.octaves.iter().map(|octave| (octave.bins.clone(), octave.sr, octave.hop))
    }

    /// Where the signal of each bin's octave ends: the place of its last sample, in samples at
    /// `params.sr`. Each octave is padded on its own, so this is what it is mirrored about.
    pub(crate) fn last_samples(&self) -> Vec<f64> {
        let octaves = self.geometry.octaves.iter().zip(self.stages());
        let mut ends = vec![0.0; self.params.bins];
        for (octave, stage) in octaves {
            ends[octave.bins.clone()].fill((stage.framing.samples() as f64 - 1.0) * self.params.sr / octave.sr);
        }
        ends
    }

    /// Length of each bin's filter, in samples at `params.sr`.
    pub fn filter_lengths(&self) -> Vec<f64> {
        self.geometry.lengths.iter().map(|length| length * self.geometry.early_factor as f64).collect()
    }

    /// Peak response of each bin's filter.
    pub fn peak_responses(&self) -> Vec<f64> {
        (0..self.params.bins).map(|bin| self.response(bin, self.geometry.freqs_hz[bin])).collect()
    }

    /// Magnitude of bin `bin`'s response to `exp(2 pi i hz t)`, decimators taken as ideal.
    pub fn response(&self, bin: usize, hz: f64) -> f64 {
        self.transfer(bin, hz).norm()
    }

    /// The response with its phase, over that of the exponential at the frame's centre.
    pub(crate) fn transfer(&self, bin: usize, hz: f64) -> Complex<f64> {
        let Some(index) = self.stages().iter().position(|stage| self.first_bin(stage) <= bin) else {
            return Complex::default();
        };
        let (stage, rate) = (&self.stages()[index], self.geometry.octaves[index].sr);
        // The exponential passes the decimators' gains on its way to this octave.
        stage.bank.transfer(bin - self.first_bin(stage), hz / rate) * (self.params.sr / rate).sqrt()
    }

    /// Whether the rate is halved by soxr (librosa 0.10 and later) or by resampy.
    pub fn decimates_by_soxr(&self) -> bool {
        self.geometry.resampler == Resampler::SoxrHq
    }

    pub(crate) fn check_samples(&self, what: &'static str, found: usize) -> Result<(), TransformError> {
        check_samples(self.samples, what, found)
    }

    pub(crate) fn check_shape(&self, what: &'static str, found: (usize, usize)) -> Result<(), TransformError> {
        check_shape(self.shape(), what, found)
    }
}

impl Cqt {
    /// The octaves in a precision. Single precision is that of the tables of double, rounded.
    pub(super) fn operator<T: Real>(&self) -> Operator<'_, T> {
        T::choose::<Operators<'_>>(
            || Operator { early: self.early.as_deref(), stages: self.stages() },
            || {
                let single = self.single.get_or_init(|| self.rounded());
                Operator { early: single.early.as_ref(), stages: &single.stages }
            },
        )
    }

    fn rounded(&self) -> Single {
        let mut planner = Planner::default();
        Single {
            early: self.early.as_deref().map(Decimator::rounded),
            stages: self.stages().iter().map(|stage| stage.rounded(&mut planner)).collect(),
        }
    }
}

impl Tempered<'_> {
    /// Plans the transform of `samples` samples; planning ends early once `stop` is set.
    ///
    /// # Errors
    /// As [`Cqt::with_ratios`], or [`TransformError::Stopped`].
    pub fn plan(self, samples: usize, stop: &StopFlag) -> Result<Cqt, TransformError> {
        match self.ratios {
            Some(ratios) => Cqt::with_ratios_until(&self.params, ratios, samples, stop),
            None => Cqt::new_until(&self.params, samples, stop),
        }
    }
}
