//! Where the filters lie and at which rate each octave runs: librosa's bookkeeping.

use std::ops::Range;

use super::decimate::{KaiserFilter, Resampler};
use super::params::{CqtParams, LibrosaVersion, MAX_FILTER_SAMPLES, ResType};
use crate::TransformError;

/// Everything about the transform that does not depend on the signal's length.
#[derive(Clone, Debug)]
pub(crate) struct Geometry {
    /// Centre of each bin, tuning included.
    pub(crate) freqs_hz: Vec<f64>,
    /// Filter lengths in samples at the rate after early downsampling.
    pub(crate) lengths: Vec<f64>,
    /// Q of each bin (centre over bandwidth, `filter_scale` included).
    pub(crate) q: Vec<f64>,
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
    /// Bin whose filter is the longest of the basis: sets the FFT length. Below `bins` where
    /// librosa 0.8 and earlier compute a whole octave and cut it.
    pub(crate) fft_length_hz: f64,
}

impl Geometry {
    pub(crate) fn new(params: &CqtParams) -> Result<Self, TransformError> {
        params.validate()?;
        let freqs_hz = bin_freqs_hz(params);
        let q = bin_q(params, &freqs_hz);
        let cutoff_hz = cutoff_hz(params, &freqs_hz, &q);
        let nyquist_hz = params.sr / 2.0;
        let bin_hz = freqs_hz[freqs_hz.len() - 1];
        if cutoff_hz.max(bin_hz) > nyquist_hz {
            return Err(TransformError::AboveNyquist { bin_hz, cutoff_hz, nyquist_hz });
        }
        let (resampler, top_apart) = resampler(params, cutoff_hz, nyquist_hz);
        let early_factor = if downsamples_early(params, resampler, top_apart) {
            early_factor(params, cutoff_hz, nyquist_hz)
        } else {
            1
        };
        let sr = params.sr / early_factor as f64;
        let hop = params.hop / early_factor;
        let lengths: Vec<f64> = freqs_hz.iter().zip(&q).map(|(f, q)| q * sr / f).collect();
        let longest = lengths.iter().copied().fold(0.0, f64::max) * early_factor as f64;
        if longest > MAX_FILTER_SAMPLES {
            return Err(TransformError::Parameter {
                name: "fmin",
                found: format!("{} Hz, whose filter spans {longest:.0} samples", params.fmin_hz),
                expected: format!(
                    "filters of at most {MAX_FILTER_SAMPLES:.0} samples: raise fmin or lower filter-scale"
                ),
            });
        }
        let octaves = octaves(params, &freqs_hz, sr, hop, top_apart)?;
        Ok(Self { freqs_hz, lengths, q, early_factor, octaves, resampler })
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
            early_factor: 1,
            octaves,
            resampler: self.resampler,
        }
    }
}

/// Old releases use `2^(1/b)`, one bandwidth for all bins.
fn is_legacy(version: LibrosaVersion) -> bool {
    matches!(version, LibrosaVersion::V0_6 | LibrosaVersion::V0_8)
}

fn bin_freqs_hz(params: &CqtParams) -> Vec<f64> {
    let per_octave = params.bins_per_octave as f64;
    let fmin = params.fmin_hz * (params.tuning / per_octave).exp2();
    (0..params.bins).map(|k| fmin * (k as f64 / per_octave).exp2()).collect()
}

/// Q of each bin.
///
/// 0.8 and earlier: `filter_scale / (2^(1/b) - 1)`. 0.9: one `alpha = (r^2-1)/(r^2+1)`,
/// `r = 2^(1/b)`. 0.10 and later: the same from the local spacing in octaves.
fn bin_q(params: &CqtParams, freqs_hz: &[f64]) -> Vec<f64> {
    let ratio = (1.0 / params.bins_per_octave as f64).exp2();
    let alpha_from_step = |octaves: f64| {
        let square = (2.0 * octaves).exp2();
        (square - 1.0) / (square + 1.0)
    };
    let last = freqs_hz.len() - 1;
    (0..=last)
        .map(|k| {
            let alpha = match params.librosa {
                LibrosaVersion::V0_6 | LibrosaVersion::V0_8 => ratio - 1.0,
                LibrosaVersion::V0_9 => alpha_from_step(1.0 / params.bins_per_octave as f64),
                LibrosaVersion::V0_11 if last == 0 => alpha_from_step(1.0 / params.bins_per_octave as f64),
                LibrosaVersion::V0_11 => {
                    let (low, high) = (k.saturating_sub(1), (k + 1).min(last));
                    alpha_from_step((freqs_hz[high].log2() - freqs_hz[low].log2()) / (high - low) as f64)
                }
            };
            params.filter_scale / alpha
        })
        .collect()
}

/// Upper edge of the highest passband.
fn cutoff_hz(params: &CqtParams, freqs_hz: &[f64], q: &[f64]) -> f64 {
    let half_bandwidth = 0.5 * params.window.noise_bandwidth_bins();
    // 0.6 forgets the tuning here.
    let detune = match params.librosa {
        LibrosaVersion::V0_6 => (-params.tuning / params.bins_per_octave as f64).exp2(),
        _ => 1.0,
    };
    freqs_hz.iter().zip(q).map(|(f, q)| detune * f * (1.0 + half_bandwidth / q)).fold(0.0, f64::max)
}

/// The resampler, and whether the top octave is computed apart at the full rate: 0.9 and
/// earlier do so by themselves where `kaiser_fast` would cut into it.
fn resampler(params: &CqtParams, cutoff_hz: f64, nyquist_hz: f64) -> (Resampler, bool) {
    let fast = KaiserFilter::FAST;
    match (params.res_type, params.librosa) {
        (ResType::SoxrHq, _) | (ResType::Auto, LibrosaVersion::V0_11) => (Resampler::SoxrHq, false),
        (ResType::KaiserFast, _) => (Resampler::Resampy(fast), false),
        (ResType::KaiserBest, _) => (Resampler::Resampy(KaiserFilter::BEST), false),
        (ResType::Auto, _) => (Resampler::Resampy(fast), cutoff_hz >= fast.rolloff() * nyquist_hz),
    }
}

/// Whether the release would downsample early: 0.9 and earlier only with `kaiser_fast`.
fn downsamples_early(params: &CqtParams, resampler: Resampler, top_apart: bool) -> bool {
    params.librosa == LibrosaVersion::V0_11 || (!top_apart && resampler == Resampler::Resampy(KaiserFilter::FAST))
}

/// librosa's `__early_downsample_count`, as a factor.
fn early_factor(params: &CqtParams, cutoff_hz: f64, nyquist_hz: f64) -> usize {
    let passband_hz = match params.librosa {
        LibrosaVersion::V0_11 => nyquist_hz,
        _ => KaiserFilter::FAST.rolloff() * nyquist_hz,
    };
    let by_cutoff = ((passband_hz / cutoff_hz).log2().ceil() - 2.0).max(0.0) as u32;
    let octaves = params.bins.div_ceil(params.bins_per_octave) as u32;
    let by_hop = (params.hop.trailing_zeros() + 1).saturating_sub(octaves);
    1 << by_cutoff.min(by_hop).min(30)
}

fn octaves(
    params: &CqtParams,
    freqs_hz: &[f64],
    mut sr: f64,
    mut hop: usize,
    top_apart: bool,
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
    let mut octaves = Vec::with_capacity(count);
    let mut end = params.bins;
    for i in 0..count {
        let start = end.saturating_sub(group);
        // The octave computed apart leaves the next one at the full rate.
        let halve_before = i > usize::from(top_apart) && hop.is_multiple_of(2);
        if halve_before {
            hop /= 2;
            sr /= 2.0;
        }
        let lowest = freqs_hz[start];
        let missing = group - (end - start);
        let fft_length_hz = if is_legacy(params.librosa) {
            lowest * (-(missing as f64) / params.bins_per_octave as f64).exp2()
        } else {
            lowest
        };
        octaves.push(Octave { bins: start..end, halve_before, sr, hop, fft_length_hz });
        end = start;
    }
    Ok(octaves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker() -> CqtParams {
        CqtParams { sr: 44100.0, ..CqtParams::default() }
    }

    #[test]
    fn the_askers_grid_runs_at_half_rate() {
        let geometry = Geometry::new(&asker()).unwrap();
        assert_eq!(geometry.early_factor, 2);
        assert_eq!(geometry.octaves.len(), 7);
        assert_eq!((geometry.octaves[0].hop, geometry.octaves[6].hop), (256, 4));
        assert!((geometry.q[40] - 17.3316).abs() < 1e-3);
    }

    #[test]
    fn an_odd_hop_stops_the_recursion() {
        let geometry = Geometry::new(&CqtParams { hop: 441, sr: 22050.0, ..asker() }).unwrap();
        assert_eq!(geometry.early_factor, 1);
        assert!(geometry.octaves.iter().all(|octave| !octave.halve_before && octave.hop == 441));
    }

    #[test]
    fn librosa_0_6_refuses_a_hop_without_enough_twos() {
        let params = CqtParams { hop: 500, ..CqtParams::for_librosa(LibrosaVersion::V0_6) };
        assert!(matches!(Geometry::new(&params), Err(TransformError::HopNotDivisible { multiple: 64, .. })));
    }

    #[test]
    fn a_partial_octave_keeps_its_bins() {
        let geometry = Geometry::new(&CqtParams { bins: 30, ..asker() }).unwrap();
        let bins: Vec<_> = geometry.octaves.iter().map(|octave| octave.bins.clone()).collect();
        assert_eq!(bins, [18..30, 6..18, 0..6]);
    }

    #[test]
    fn above_nyquist_is_an_error() {
        let params = CqtParams { bins: 120, ..CqtParams::default() };
        assert!(matches!(Geometry::new(&params), Err(TransformError::AboveNyquist { .. })));
    }
}
