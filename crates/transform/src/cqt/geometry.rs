//! Where the filters lie and at which rate each octave runs: librosa's bookkeeping.

use std::ops::Range;

use photophone_spectrum::Number;

use super::decimate::{KaiserFilter, Resampler};
use super::fitting::bins_that_fit;
use super::frequencies::{bin_freqs_hz, is_legacy, relative_bandwidths, upper_edge_hz};
use super::params::{CqtParams, MAX_FILTER_SAMPLES, MAX_SAMPLES, ResType};
use crate::{LibrosaVersion, TransformError};

/// Everything about the transform that does not depend on the signal's length.
#[derive(Clone, Debug)]
pub(crate) struct Geometry {
    /// Centre of each bin, tuning included.
    pub(crate) freqs_hz: Vec<f64>,
    /// Filter lengths in samples at the rate after early downsampling.
    pub(crate) lengths: Vec<f64>,
    /// Q of each bin (centre over bandwidth, `filter_scale` included), and
    pub(crate) q: Vec<f64>,
    /// where that Q gives the bin's filter its length: the centre without a `gamma`, above it with one.
    pub(crate) length_hz: Vec<f64>,
    /// Early downsampling factor, a power of two.
    pub(crate) early_factor: usize,
    /// Octaves from the top down.
    pub(crate) octaves: Vec<Octave>,
    pub(crate) resampler: Resampler,
}

/// One pass of the recursion: a group of bins at one rate.
#[derive(Clone, Debug)]
pub(crate) struct Octave {
    /// Bins of this octave.
    pub(crate) bins: Range<usize>,
    /// Whether the signal is halved before this octave.
    pub(crate) halve_before: bool,
    /// Sample rate of this octave, in Hz.
    pub(crate) sr: f64,
    /// Hop at that rate.
    pub(crate) hop: usize,
    /// Length of the longest filter where librosa 0.8 and earlier compute a whole octave and cut it:
    /// sets the FFT length. 0 elsewhere.
    pub(crate) whole_length: f64,
}

impl Geometry {
    /// `ratios` are those of an octave's bins to its first one; without them the bins are equally
    /// spaced in log frequency.
    pub(crate) fn new(params: &CqtParams, ratios: Option<&[f64]>) -> Result<Self, TransformError> {
        params.validate()?;
        let freqs_hz = bin_freqs_hz(params, ratios)?;
        let alpha = relative_bandwidths(params, &freqs_hz);
        let q: Vec<f64> = alpha.iter().map(|alpha| params.filter_scale / alpha).collect();
        let offsets_hz: Vec<f64> = alpha.iter().map(|&alpha| params.gamma.offset_hz(alpha)).collect();
        let length_hz: Vec<f64> =
            freqs_hz.iter().zip(offsets_hz.iter().zip(&alpha)).map(|(f, (offset, alpha))| f + offset / alpha).collect();
        let cutoff_hz = cutoff_hz(params, &freqs_hz, &alpha);
        let nyquist_hz = params.sr / 2.0;
        let bin_hz = freqs_hz[freqs_hz.len() - 1];
        if cutoff_hz.max(bin_hz) > nyquist_hz {
            return Err(too_high(params, ratios, bin_hz, cutoff_hz));
        }
        let (resampler, top_apart) = resampler(params, cutoff_hz, nyquist_hz);
        let early_factor = if downsamples_early(params, resampler, top_apart) {
            early_factor(params, cutoff_hz, nyquist_hz)
        } else {
            1
        };
        let sr = params.sr / early_factor as f64;
        let hop = params.hop / early_factor;
        let lengths: Vec<f64> = length_hz.iter().zip(&q).map(|(f, q)| q * sr / f).collect();
        let longest = lengths.iter().copied().fold(0.0, f64::max) * early_factor as f64;
        if longest > MAX_FILTER_SAMPLES {
            return Err(TransformError::Parameter {
                name: "fmin",
                found: format!(
                    "{} Hz at a sample rate of {} Hz, and its filter spans {:.0} samples",
                    Number(params.fmin_hz),
                    Number(params.sr),
                    Number(longest)
                ),
                expected: format!(
                    "filters of at most {MAX_FILTER_SAMPLES:.0} samples: give a higher `fmin`, a lower `sr` or a smaller \
                     `filter-scale`"
                ),
            });
        }
        let octaves = octaves(params, &freqs_hz, (sr, hop), top_apart, lengths[0])?;
        Ok(Self { freqs_hz, lengths, q, length_hz, early_factor, octaves, resampler })
    }

    /// Length of a bin's filter in samples at the rate `sr`.
    pub(crate) fn length(&self, bin: usize, sr: f64) -> f64 {
        self.q[bin] * sr / self.length_hz[bin]
    }

    /// Lengths of an octave's filters at its rate, and that of the FFT they are applied with. As librosa truncates it, that
    /// is 0 for a filter of half a sample, which nothing fits.
    pub(crate) fn filters_of(&self, octave: &Octave) -> (Vec<f64>, f64) {
        let lengths: Vec<f64> = octave.bins.clone().map(|k| self.length(k, octave.sr)).collect();
        let longest = lengths.iter().copied().fold(octave.whole_length, f64::max);
        (lengths, longest.log2().ceil().exp2().floor())
    }

    /// Refuses signals that librosa finds too short: 0.10 and later only before the early step.
    pub(crate) fn check_samples(&self, params: &CqtParams, samples: usize) -> Result<(), TransformError> {
        if samples > MAX_SAMPLES {
            return Err(too_long(samples));
        }
        let halvings = if params.librosa.is_modern() {
            0
        } else {
            self.octaves.iter().filter(|octave| octave.halve_before).count()
        };
        let (octaves, needed) = (self.octaves.len(), self.early_factor << halvings);
        if samples < needed { Err(TransformError::TooShort { samples, octaves, needed }) } else { Ok(()) }
    }

    /// The same without the lowest `dropped` octaves and their bins.
    pub(crate) fn without_low_octaves(&self, dropped: usize) -> Self {
        let mut octaves = self.octaves[..self.octaves.len() - dropped].to_vec();
        let cut = octaves.last().map_or(0, |octave| octave.bins.start);
        for octave in &mut octaves {
            octave.bins = octave.bins.start - cut..octave.bins.end - cut;
        }
        Self {
            freqs_hz: self.freqs_hz[cut..].to_vec(),
            lengths: self.lengths[cut..].to_vec(),
            q: self.q[cut..].to_vec(),
            length_hz: self.length_hz[cut..].to_vec(),
            octaves,
            ..*self
        }
    }

    /// The same without the highest `dropped` octaves and their bins, at the rate of the highest one left.
    pub(crate) fn without_high_octaves(&self, dropped: usize) -> Self {
        let octaves = self.octaves[dropped..].to_vec();
        let bins = octaves[0].bins.end;
        let slower = octaves[0].sr / self.octaves[0].sr;
        Self {
            freqs_hz: self.freqs_hz[..bins].to_vec(),
            lengths: self.lengths[..bins].iter().map(|length| length * slower).collect(),
            q: self.q[..bins].to_vec(),
            length_hz: self.length_hz[..bins].to_vec(),
            early_factor: 1,
            octaves,
            resampler: self.resampler,
        }
    }
}

/// The error for bins that reach above half the sample rate. Where even their centres do, how many fit says more than a
/// frequency that nobody meant.
fn too_high(params: &CqtParams, ratios: Option<&[f64]>, bin_hz: f64, cutoff_hz: f64) -> TransformError {
    let nyquist_hz = params.sr / 2.0;
    match bins_that_fit(params, ratios) {
        Ok(fit) if bin_hz > nyquist_hz => {
            let CqtParams { bins, bins_per_octave, fmin_hz, .. } = *params;
            TransformError::TooManyBins { bins, fit, bins_per_octave, fmin_hz, nyquist_hz }
        }
        _ => TransformError::AboveNyquist { bin_hz, cutoff_hz, nyquist_hz },
    }
}

/// The error for a signal of more samples than are taken.
pub(super) fn too_long(samples: usize) -> TransformError {
    let expected = format!("at most {MAX_SAMPLES}: take the sound in parts, or check the hop and the number of frames");
    TransformError::Parameter { name: "length", found: format!("{samples} samples"), expected }
}

/// Upper edge of the highest passband.
fn cutoff_hz(params: &CqtParams, freqs_hz: &[f64], alpha: &[f64]) -> f64 {
    freqs_hz.iter().zip(alpha).map(|(&hz, &alpha)| upper_edge_hz(params, hz, alpha)).fold(0.0, f64::max)
}

/// The resampler, and whether the top octave is computed apart at the full rate: 0.9 and
/// earlier do so by themselves where `kaiser_fast` would cut into it.
fn resampler(params: &CqtParams, cutoff_hz: f64, nyquist_hz: f64) -> (Resampler, bool) {
    let fast = KaiserFilter::FAST;
    match (params.res_type, params.librosa) {
        (ResType::SoxrHq, _) | (ResType::Auto, LibrosaVersion::V0_11 | LibrosaVersion::V1_0) => {
            (Resampler::SoxrHq, false)
        }
        (ResType::KaiserFast, _) => (Resampler::Resampy(fast), false),
        (ResType::KaiserBest, _) => (Resampler::Resampy(KaiserFilter::BEST), false),
        (ResType::Auto, _) => (Resampler::Resampy(fast), cutoff_hz >= fast.rolloff() * nyquist_hz),
    }
}

/// Whether the release would downsample early: 0.9 and earlier only with `kaiser_fast`.
fn downsamples_early(params: &CqtParams, resampler: Resampler, top_apart: bool) -> bool {
    params.librosa.is_modern() || (!top_apart && resampler == Resampler::Resampy(KaiserFilter::FAST))
}

/// librosa's `__early_downsample_count`, as a factor.
fn early_factor(params: &CqtParams, cutoff_hz: f64, nyquist_hz: f64) -> usize {
    let rolloff = if params.librosa.is_modern() { 1.0 } else { KaiserFilter::FAST.rolloff() };
    let passband_hz = rolloff * nyquist_hz;
    let by_cutoff = ((passband_hz / cutoff_hz).log2().ceil() - 2.0).max(0.0) as u32;
    let octaves = params.bins.div_ceil(params.bins_per_octave) as u32;
    let by_hop = (params.hop.trailing_zeros() + 1).saturating_sub(octaves);
    1 << by_cutoff.min(by_hop).min(30)
}

/// Whether the release halves the rate `sr` before an octave whose highest bin is at `top_hz`.
///
/// 1.0 keeps a fifth of the band to the resampler's roll-off: the bin has to lie at or below 80 % of half the
/// new rate (`vqt`, in `core/constantq.py` of 1.0.0). Earlier releases look at the hop alone.
fn leaves_room_to_halve(version: LibrosaVersion, top_hz: f64, sr: f64) -> bool {
    version != LibrosaVersion::V1_0 || top_hz <= sr / 5.0
}

fn octaves(
    params: &CqtParams,
    freqs_hz: &[f64],
    (mut sr, mut hop): (f64, usize),
    top_apart: bool,
    longest: f64,
) -> Result<Vec<Octave>, TransformError> {
    let group = params.bins_per_octave.min(params.bins);
    let count = params.bins.div_ceil(params.bins_per_octave);
    let recursive = count - usize::from(top_apart);
    if is_legacy(params.librosa) && recursive > 0 && (hop.trailing_zeros() as usize) < recursive - 1 {
        return Err(TransformError::HopNotDivisible {
            hop: params.hop,
            multiple: (params.hop / hop) << (recursive - 1),
            octaves: count,
            version: params.librosa.name(),
        });
    }
    let top_sr = sr;
    let mut octaves = Vec::with_capacity(count);
    let mut end = params.bins;
    for i in 0..count {
        let start = end.saturating_sub(group);
        // The octave computed apart leaves the next one at the full rate.
        let halve_before = i > usize::from(top_apart)
            && hop.is_multiple_of(2)
            && leaves_room_to_halve(params.librosa, freqs_hz[end - 1], sr);
        if halve_before {
            hop /= 2;
            sr /= 2.0;
        }
        let missing = group - (end - start);
        let whole_length = if is_legacy(params.librosa) && missing > 0 {
            longest * (missing as f64 / params.bins_per_octave as f64).exp2() * sr / top_sr
        } else {
            0.0
        };
        octaves.push(Octave { bins: start..end, halve_before, sr, hop, whole_length });
        end = start;
    }
    Ok(octaves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example_grid() -> CqtParams {
        CqtParams { sr: 44100.0, ..CqtParams::default() }
    }

    #[test]
    fn the_example_grid_runs_at_half_rate() {
        let geometry = Geometry::new(&example_grid(), None).unwrap();
        assert_eq!(geometry.early_factor, 2);
        assert_eq!(geometry.octaves.len(), 7);
        assert_eq!((geometry.octaves[0].hop, geometry.octaves[6].hop), (256, 4));
        assert!((geometry.length(40, 1000.0) * geometry.freqs_hz[40] / 1000.0 - 17.3316).abs() < 1e-3);
    }

    #[test]
    fn an_odd_hop_stops_the_recursion() {
        let geometry = Geometry::new(&CqtParams { hop: 441, sr: 22050.0, ..example_grid() }, None).unwrap();
        assert_eq!(geometry.early_factor, 1);
        assert!(geometry.octaves.iter().all(|octave| !octave.halve_before && octave.hop == 441));
    }

    #[test]
    fn librosa_1_0_does_not_halve_into_an_octave() {
        let rates = |librosa, bins| -> Vec<f64> {
            let params = CqtParams { bins, librosa, ..CqtParams::default() };
            Geometry::new(&params, None).unwrap().octaves.iter().map(|octave| octave.sr / params.sr).collect()
        };
        // The second octave from the top of 101 bins from C1 ends at 5274 Hz, which is above 22050 / 5.
        assert_eq!(rates(LibrosaVersion::V1_0, 101)[..4], [1.0, 1.0, 0.5, 0.25]);
        assert_eq!(rates(LibrosaVersion::V0_11, 101)[..4], [1.0, 0.5, 0.25, 0.125]);
        assert_eq!(rates(LibrosaVersion::V1_0, 84), rates(LibrosaVersion::V0_11, 84));
    }

    #[test]
    fn librosa_0_6_refuses_a_hop_without_enough_twos() {
        let params = CqtParams { hop: 500, ..CqtParams::for_librosa(LibrosaVersion::V0_6) };
        assert!(matches!(Geometry::new(&params, None), Err(TransformError::HopNotDivisible { multiple: 64, .. })));
    }

    #[test]
    fn a_partial_octave_keeps_its_bins() {
        let geometry = Geometry::new(&CqtParams { bins: 30, ..example_grid() }, None).unwrap();
        let bins: Vec<_> = geometry.octaves.iter().map(|octave| octave.bins.clone()).collect();
        assert_eq!(bins, [18..30, 6..18, 0..6]);
    }

    #[test]
    fn above_nyquist_is_an_error() {
        let usual = CqtParams::default();
        let many = Geometry::new(&CqtParams { bins: 120, ..usual }, None);
        assert!(matches!(many, Err(TransformError::TooManyBins { bins: 120, fit: 101, .. })), "{many:?}");
        // The centre of the highest bin, 3951 Hz, is below it, its filter not.
        let near = Geometry::new(&CqtParams { sr: 7950.0, ..usual }, None);
        assert!(matches!(near, Err(TransformError::AboveNyquist { .. })), "{near:?}");
    }
}
