//! How many bins fit below half the sample rate: librosa's `n_bins=None`.

use super::frequencies::{bandwidth_between, bin_freqs_hz, upper_edge_hz};
use super::params::CqtParams;
use crate::TransformError;

/// See [`Cqt::bins_that_fit`](super::Cqt::bins_that_fit).
pub(super) fn bins_that_fit(params: &CqtParams, ratios: Option<&[f64]>) -> Result<usize, TransformError> {
    CqtParams { bins: 1, ..*params }.validate()?;
    let per_octave = params.bins_per_octave as f64;
    let lowest_hz = params.fmin_hz * (params.tuning / per_octave).exp2();
    let nyquist_hz = params.sr / 2.0;
    let up_to_sr = (per_octave * (params.sr.log2() - lowest_hz.log2())).ceil();
    // Up to the sample rate is an octave more than can fit.
    let candidates = CqtParams { bins: up_to_sr.max(2.0) as usize, ..*params };
    candidates.validate()?;
    let freqs_hz = bin_freqs_hz(&candidates, ratios)?;
    // Each bin counts as the highest, whose bandwidth hangs on its lower neighbour alone.
    let edge_hz = |k: usize| {
        let high = k.max(1);
        upper_edge_hz(params, freqs_hz[k], bandwidth_between(params, &freqs_hz, high - 1, high))
    };
    match (0..freqs_hz.len()).take_while(|&k| edge_hz(k) < nyquist_hz).count() {
        0 => Err(TransformError::AboveNyquist { bin_hz: lowest_hz, cutoff_hz: edge_hz(0), nyquist_hz }),
        bins => Ok(bins),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cqt, LibrosaVersion};

    #[test]
    fn one_more_bin_would_not_fit() {
        for librosa in LibrosaVersion::ALL {
            for (sr, bins_per_octave, tuning) in [(22050.0, 12, 0.0), (44100.0, 36, 0.3), (8000.0, 5, -0.2)] {
                let params = CqtParams { sr, bins_per_octave, tuning, hop: 1024, ..CqtParams::for_librosa(librosa) };
                let bins = Cqt::bins_that_fit(&params, None).unwrap();
                assert!(Cqt::new(&CqtParams { bins, ..params }, 4096).is_ok(), "{librosa} {sr}");
                let more = Cqt::new(&CqtParams { bins: bins + 1, ..params }, 4096);
                assert!(
                    matches!(more, Err(TransformError::AboveNyquist { .. } | TransformError::TooManyBins { .. })),
                    "{librosa} {sr}"
                );
            }
        }
    }

    #[test]
    fn a_lowest_bin_above_half_the_rate_is_an_error() {
        for fmin_hz in [11_000.0, 11_025.0, 40_000.0] {
            let fit = Cqt::bins_that_fit(&CqtParams { fmin_hz, ..CqtParams::default() }, None);
            assert!(matches!(fit, Err(TransformError::AboveNyquist { .. })), "{fmin_hz}");
        }
        let absurd = CqtParams { bins_per_octave: 10_000, ..CqtParams::default() };
        assert!(matches!(Cqt::bins_that_fit(&absurd, None), Err(TransformError::Parameter { name: "bins", .. })));
    }
}
