//! What a transform takes, told before any of it is done.

use super::block_size::Load;
use super::geometry::{Geometry, Octave};
use super::params::CqtParams;
use super::plan::Cqt;
use super::tempered::Tempered;
use crate::TransformError;
use crate::operations::COMPLEX_BYTES;

/// Operations for each entry of a filter that is made: window, exponential, norm, FFT and the sorting of the spectrum,
/// over `log2` of its length. Measured: 2^18 entries take 30 ms.
const FILTER_OPERATIONS: f64 = 25.0;

/// Operations a sample for each halving of the rate. Measured: 3 ns.
const HALVING_OPERATIONS: f64 = 8.0;

/// Widest main lobe of a window, in bins of an FFT as long as the window, that `sparsity` keeps as a rule.
const LOBE_BINS: f64 = 16.0;

/// What the transform of so many samples takes; see [`Cqt::cost`]. Estimates, meant to be right within a factor of
/// three.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Operations that planning takes: making the filters.
    pub planning: f64,
    /// Operations of one forward or one adjoint transform. A core does one to ten billion a second.
    pub transform: f64,
    /// Bytes that the plan and a transform's working memory take, the coefficients included.
    pub bytes: f64,
    /// Samples that the longest filter spans at the rate of the signal.
    pub longest_filter: f64,
}

impl Cqt {
    /// What the transform of `samples` samples takes. Cost: some operations a bin.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn cost<'a>(of: impl Into<Tempered<'a>>, samples: usize) -> Result<Cost, TransformError> {
        let Tempered { params, ratios } = of.into();
        let (params, geometry) = (&params, Geometry::new(&params, ratios)?);
        geometry.check_samples(params, samples)?;
        let longest_filter = geometry.lengths.iter().copied().fold(0.0, f64::max) * geometry.early_factor as f64;
        let early = if geometry.early_factor > 1 { HALVING_OPERATIONS * samples as f64 } else { 0.0 };
        let mut cost = Cost { planning: 0.0, transform: early, bytes: 0.0, longest_filter };
        for octave in &geometry.octaves {
            cost.add_octave(params, &geometry, octave, samples as f64 * octave.sr / params.sr);
        }
        Ok(cost)
    }
}

impl Cost {
    fn add_octave(&mut self, params: &CqtParams, geometry: &Geometry, octave: &Octave, samples: f64) {
        let (lengths, n) = geometry.filters_of(octave);
        let log2 = n.log2().max(1.0);
        let frames = 1.0 + (samples / octave.hop as f64).floor();
        let rows = lengths.len() as f64;
        let half = n / 2.0 + 1.0;
        let kept = |length: f64| if params.sparsity > 0.0 { half.min(LOBE_BINS * n / length) } else { half };
        let entries = lengths.iter().copied().map(kept).sum::<f64>();
        let load = Load { frames: frames as usize, length: n as usize, hop: octave.hop, rows: lengths.len(), entries };
        let (operations, block_bytes) = load.cost();
        self.transform += operations;
        if octave.halve_before {
            self.transform += HALVING_OPERATIONS * 2.0 * samples;
        }
        self.planning += FILTER_OPERATIONS * rows * n * log2;
        // The filters and two tables of twiddle factors; what blocks take; then frames and spectra of eight lanes, signal and coefficients.
        self.bytes += COMPLEX_BYTES * (entries + 2.0 * n);
        self.bytes += block_bytes as f64;
        self.bytes += COMPLEX_BYTES * (2.0 * n + 8.0 * half + frames * rows) + 8.0 * samples;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coefficients_and_filters_are_counted() {
        let samples = 60 * 44100;
        let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let cost = Cqt::cost(&params, samples).unwrap();
        let plan = Cqt::new(&params, samples).unwrap();
        let cells = (plan.shape().0 * plan.shape().1) as f64;
        let least = 16.0 * cells + 8.0 * samples as f64;
        assert!(cost.bytes > least && cost.bytes < 2.0 * least, "{cost:?}");
        let longest = plan.filter_lengths().into_iter().fold(0.0, f64::max);
        assert_eq!(cost.longest_filter, longest);
        // 32 ms on one core (docs/numbers-transform.md).
        assert!((1e8..1e9).contains(&cost.transform), "{cost:?}");
    }

    #[test]
    fn long_filters_and_odd_hops_cost_more() {
        let of = |params: CqtParams| Cqt::cost(&params, 20_000).unwrap();
        let usual = of(CqtParams::default());
        let odd = of(CqtParams { hop: 511, ..CqtParams::default() });
        let long = of(CqtParams { filter_scale: 100.0, ..CqtParams::default() });
        assert!(odd.transform > 5.0 * usual.transform && odd.planning > 10.0 * usual.planning);
        assert!(long.transform > 50.0 * usual.transform && long.longest_filter > 99.0 * usual.longest_filter);
    }

    #[test]
    fn what_makes_no_transform_has_no_cost() {
        assert!(Cqt::cost(&CqtParams { fmin_hz: 0.001, ..CqtParams::default() }, 20_000).is_err());
        assert!(Cqt::cost(&CqtParams { sr: 1e9, ..CqtParams::default() }, 20_000).is_err());
    }
}
