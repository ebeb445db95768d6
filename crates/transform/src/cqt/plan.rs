//! The plan: everything that can be computed before the samples are there.

use std::ops::Range;
use std::sync::Arc;

use num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::bank::Bank;
use super::decimate::{Decimator, DecimatorScratch, Resampler};
use super::geometry::Geometry;
use super::params::CqtParams;
use super::parts::Spectra;
use crate::TransformError;

/// librosa's constant-Q transform of signals of one length, planned.
///
/// A plan is immutable and can be shared between threads; each call takes its working memory
/// as a [`Scratch`]. Memory: about 16 bytes a sample for the scratch and a few MiB for the bank.
#[derive(Debug)]
pub struct Cqt {
    pub(super) params: CqtParams,
    pub(super) geometry: Geometry,
    pub(super) samples: usize,
    pub(super) frames: usize,
    pub(super) early: Option<Arc<Decimator>>,
    stages: Arc<Vec<Stage>>,
    /// Where this plan's octaves begin in the stages.
    base_stage: usize,
    /// Where this plan's bins begin in those of the stages.
    base_bin: usize,
}

/// One octave of a plan.
pub(super) struct Stage {
    pub(super) halve: Option<Decimator>,
    pub(super) bank: Bank,
    pub(super) hop: usize,
    /// First bin of the octave.
    pub(super) first_bin: usize,
    /// Length of the signal at this octave's rate.
    pub(super) samples: usize,
    pub(super) fft: Arc<dyn Fft<f64>>,
    pub(super) inverse_fft: Arc<dyn Fft<f64>>,
}

impl Stage {
    /// Where frames `t` and `t + 1` start, counted from the signal's first sample.
    pub(super) fn frame_starts(&self, t: usize) -> [isize; 2] {
        [t, t + 1].map(|t| (t * self.hop) as isize - (self.bank.fft_length / 2) as isize)
    }
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage").field("first_bin", &self.first_bin).field("hop", &self.hop).finish_non_exhaustive()
    }
}

/// Working memory of a plan's calls; grows as needed and can serve several plans.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) octaves: Vec<OctaveScratch>,
    pub(super) spare: Vec<f64>,
    pub(super) decimator: DecimatorScratch,
}

/// Working memory of one octave, so that octaves can run side by side.
#[derive(Debug, Default)]
pub(super) struct OctaveScratch {
    /// The signal at this octave's rate.
    pub(super) signal: Vec<f64>,
    /// Two frames, one as the real and one as the imaginary part.
    pub(super) frames: Vec<Complex<f64>>,
    /// The spectra of some frames.
    pub(super) spectra: Spectra,
    pub(super) fft: Vec<Complex<f64>>,
}

impl Cqt {
    /// Plans the transform of `samples` samples.
    ///
    /// # Errors
    /// A parameter outside its range, bins above half the sample rate, a hop that the chosen
    /// librosa refuses, or too few samples for the recursion.
    pub fn new(params: &CqtParams, samples: usize) -> Result<Self, TransformError> {
        let geometry = Geometry::new(params)?;
        let octaves = geometry.octaves.len();
        let needed = geometry.early_factor << geometry.octaves.iter().filter(|octave| octave.halve_before).count();
        if samples < needed {
            return Err(TransformError::TooShort { samples, octaves, needed });
        }
        let early =
            (geometry.early_factor > 1).then(|| decimator(&geometry, geometry.early_factor, samples)).transpose()?;
        let mut length = early.as_ref().map_or(samples, |early: &Decimator| early.output_len());
        let mut planner = FftPlanner::new();
        let mut stages = Vec::with_capacity(octaves);
        for octave in &geometry.octaves {
            let halve = octave.halve_before.then(|| decimator(&geometry, 2, length)).transpose()?;
            length = halve.as_ref().map_or(length, Decimator::output_len);
            let bank = Bank::new(params, &geometry, octave);
            stages.push(Stage {
                fft: planner.plan_fft_forward(bank.fft_length),
                inverse_fft: planner.plan_fft_inverse(bank.fft_length),
                halve,
                bank,
                hop: octave.hop,
                first_bin: octave.bins.start,
                samples: length,
            });
        }
        let frames = stages.iter().map(|stage| 1 + stage.samples / stage.hop).min().unwrap_or(0);
        Ok(Self {
            params: *params,
            geometry,
            samples,
            frames,
            early: early.map(Arc::new),
            stages: Arc::new(stages),
            base_stage: 0,
            base_bin: 0,
        })
    }

    /// The same transform of a signal that has been downsampled early, for plans that do so: all
    /// after that step.
    pub(crate) fn after_early_step(&self) -> Option<Self> {
        let early = self.early.as_ref()?;
        let factor = self.geometry.early_factor;
        let params = CqtParams { sr: self.params.sr / factor as f64, hop: self.params.hop / factor, ..self.params };
        Some(Self {
            params,
            geometry: Geometry { early_factor: 1, ..self.geometry.clone() },
            samples: early.output_len(),
            frames: self.frames,
            early: None,
            stages: Arc::clone(&self.stages),
            base_stage: self.base_stage,
            base_bin: self.base_bin,
        })
    }

    /// The same transform without the octaves that lie wholly below bin `first`.
    pub(crate) fn upper_octaves(&self, first: usize) -> Self {
        let dropped = self.geometry.octaves.iter().filter(|octave| octave.bins.end <= first).count();
        let geometry = self.geometry.without_low_octaves(dropped);
        let bins = geometry.freqs_hz.len();
        let cut = self.params.bins - bins;
        let fmin_hz = self.params.fmin_hz * (cut as f64 / self.params.bins_per_octave as f64).exp2();
        Self {
            params: CqtParams { bins, fmin_hz, ..self.params },
            geometry,
            samples: self.samples,
            frames: self.frames,
            early: self.early.clone(),
            stages: Arc::clone(&self.stages),
            base_stage: self.base_stage,
            base_bin: self.base_bin + cut,
        }
    }

    /// The same transform without the `dropped` highest octaves, of a signal at the rate of the
    /// highest octave left; at least one is left.
    pub(crate) fn lower_octaves(&self, dropped: usize) -> Self {
        let dropped = dropped.min(self.stages().len() - 1);
        let geometry = self.geometry.without_high_octaves(dropped);
        let top = &geometry.octaves[0];
        let params = CqtParams { sr: top.sr, hop: top.hop, bins: top.bins.end, ..self.params };
        Self {
            params,
            samples: self.stages()[dropped].samples,
            geometry,
            frames: self.frames,
            early: None,
            stages: Arc::clone(&self.stages),
            base_stage: self.base_stage + dropped,
            base_bin: self.base_bin,
        }
    }

    /// The signal of [`Cqt::lower_octaves`].
    pub(crate) fn halved(&self, dropped: usize, samples: &[f64]) -> Vec<f64> {
        let (mut out, mut scratch) = (self.downsampled_early(samples), DecimatorScratch::default());
        for halve in self.stages()[1..].iter().take(dropped).filter_map(|stage| stage.halve.as_ref()) {
            let before = std::mem::take(&mut out);
            halve.forward(&before, &mut out, &mut scratch);
        }
        out
    }

    /// The transpose of [`Cqt::halved`], and its inverse for a signal without anything near half
    /// the lower rate.
    pub(crate) fn doubled(&self, dropped: usize, samples: &[f64]) -> Vec<f64> {
        let (mut out, mut scratch) = (samples.to_vec(), DecimatorScratch::default());
        for halve in self.stages()[1..].iter().take(dropped).rev().filter_map(|stage| stage.halve.as_ref()) {
            let before = std::mem::take(&mut out);
            halve.transpose(&before, &mut out, &mut scratch);
        }
        self.upsampled_early(&out)
    }

    /// The octaves' stages, top down.
    pub(super) fn stages(&self) -> &[Stage] {
        &self.stages[self.base_stage..self.base_stage + self.geometry.octaves.len()]
    }

    /// First bin of a stage, counted as this plan's bins are.
    pub(super) fn first_bin(&self, stage: &Stage) -> usize {
        stage.first_bin - self.base_bin
    }

    /// The signal after the early step.
    pub(crate) fn downsampled_early(&self, samples: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        match &self.early {
            Some(early) => early.forward(samples, &mut out, &mut DecimatorScratch::default()),
            None => out.extend_from_slice(samples),
        }
        out
    }

    /// The transpose of [`Cqt::downsampled_early`]. The step's passband has the gain that makes
    /// this its inverse for a signal without anything near half the lower rate.
    pub(crate) fn upsampled_early(&self, samples: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        match &self.early {
            Some(early) => early.transpose(samples, &mut out, &mut DecimatorScratch::default()),
            None => out.extend_from_slice(samples),
        }
        out
    }

    /// The lengths in samples, shortest and longest, whose transform has `frames` frames.
    ///
    /// Each decimation rounds its length up, so the first one decides the longest.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn samples_from_frames(params: &CqtParams, frames: usize) -> Result<(usize, usize), TransformError> {
        let geometry = Geometry::new(params)?;
        let longest = (frames * params.hop).saturating_sub(geometry.early_factor);
        Ok((frames.saturating_sub(1) * params.hop, longest.max(1)))
    }

    /// The parameters planned for.
    pub fn params(&self) -> &CqtParams {
        &self.params
    }

    /// Samples of the signal.
    pub fn samples(&self) -> usize {
        self.samples
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
            ends[octave.bins.clone()].fill((stage.samples as f64 - 1.0) * self.params.sr / octave.sr);
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
        let Some(index) = self.stages().iter().position(|stage| self.first_bin(stage) <= bin) else { return 0.0 };
        let (stage, rate) = (&self.stages()[index], self.geometry.octaves[index].sr);
        // The exponential passes the decimators' gains on its way to this octave.
        (self.params.sr / rate).sqrt() * stage.bank.response(bin - self.first_bin(stage), hz / rate)
    }

    /// Whether the rate is halved by soxr (librosa 0.10 and later) or by resampy.
    pub fn decimates_by_soxr(&self) -> bool {
        self.geometry.resampler == Resampler::SoxrHq
    }

    pub(crate) fn check_samples(&self, what: &'static str, samples: &[f64]) -> Result<(), TransformError> {
        if samples.len() == self.samples {
            Ok(())
        } else {
            Err(TransformError::Shape { what, found: (1, samples.len()), expected: (1, self.samples) })
        }
    }

    pub(crate) fn check_shape(&self, what: &'static str, found: (usize, usize)) -> Result<(), TransformError> {
        if found == self.shape() { Ok(()) } else { Err(TransformError::Shape { what, found, expected: self.shape() }) }
    }
}

/// librosa multiplies by the square root of the factor at every decimation.
fn decimator(geometry: &Geometry, factor: usize, samples: usize) -> Result<Decimator, TransformError> {
    Decimator::new(geometry.resampler, factor, (factor as f64).sqrt(), samples)
}

impl Scratch {
    /// Sizes the buffers for a plan.
    pub(super) fn prepare(&mut self, plan: &Cqt) {
        self.octaves.resize_with(plan.stages().len(), OctaveScratch::default);
        for (octave, stage) in self.octaves.iter_mut().zip(plan.stages()) {
            let n = stage.bank.fft_length;
            octave.frames.resize(n, Complex::default());
            let need = stage.fft.get_inplace_scratch_len().max(stage.inverse_fft.get_inplace_scratch_len());
            octave.fft.resize(need, Complex::default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cqt::testing::{db_from_ratio, noise};

    #[test]
    fn parts_of_a_plan_give_parts_of_its_result() {
        for (sr, hop) in [(44100.0, 512), (22050.0, 256)] {
            let plan = Cqt::new(&CqtParams { sr, hop, scale: false, ..CqtParams::default() }, 50_000).unwrap();
            let x = noise(50_000, 6);
            let whole = plan.forward(&x).unwrap();
            let upper = plan.upper_octaves(50);
            assert_eq!(upper.shape(), (36, plan.shape().1));
            assert_eq!(upper.hz_from_bin(), &plan.hz_from_bin()[48..]);
            assert_eq!(upper.peak_responses(), &plan.peak_responses()[48..]);
            let part = upper.forward(&x).unwrap();
            assert!((0..36).all(|row| part.row(row) == whole.row(48 + row)));
            for dropped in [1, 3, 99] {
                let slow = plan.lower_octaves(dropped);
                let (rows, _) = slow.shape();
                assert_eq!(rows, 84 - 12 * dropped.min(6));
                assert_eq!(slow.peak_responses().len(), rows);
                let part = slow.forward(&plan.halved(dropped.min(6), &x)).unwrap();
                assert!((0..rows).all(|row| part.row(row) == whole.row(row)), "{dropped}");
                let (ends, all) = (slow.last_samples(), plan.last_samples());
                assert!((0..rows).all(|row| ends[row] / slow.params().sr == all[row] / sr));
            }
            let slow: Vec<f64> = (0..1000).map(|i| (0.3 * f64::from(i)).sin()).collect();
            let low =
                plan.halved(2, &plan.doubled(2, &[slow, vec![0.0; plan.lower_octaves(2).samples - 1000]].concat()));
            assert!((100..900).all(|i| (low[i] - (0.3 * i as f64).sin()).abs() < 1e-3));
            let Some(lower) = plan.after_early_step() else { continue };
            assert_eq!(lower.forward(&plan.downsampled_early(&x)).unwrap(), whole);
            let back = plan.downsampled_early(&plan.upsampled_early(&plan.downsampled_early(&x)));
            let again = plan.downsampled_early(&x);
            assert!(db_from_ratio(&back[200..20_000], &again[200..20_000]) < -20.0);
        }
    }
}
