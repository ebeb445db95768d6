//! Where the bins lie in frequency, and how wide their filters are.

use photophone_spectrum::Number;

use super::params::CqtParams;
use crate::{LibrosaVersion, TransformError};

/// Old releases use `2^(1/b)`, one bandwidth for all bins.
pub(super) fn is_legacy(version: LibrosaVersion) -> bool {
    matches!(version, LibrosaVersion::V0_6 | LibrosaVersion::V0_8)
}

/// Centre of each bin, in librosa's order of operations.
pub(super) fn bin_freqs_hz(params: &CqtParams, ratios: Option<&[f64]>) -> Result<Vec<f64>, TransformError> {
    let per_octave = params.bins_per_octave as f64;
    let fmin = params.fmin_hz * (params.tuning / per_octave).exp2();
    if !params.librosa.is_modern() {
        if ratios.is_some() {
            let (found, expected) =
                (params.librosa.name().to_owned(), "0.10 or later where ratios are given".to_owned());
            return Err(TransformError::Parameter { name: "librosa", found, expected });
        }
        return Ok((0..params.bins).map(|k| fmin * (k as f64 / per_octave).exp2()).collect());
    }
    let equal: Vec<f64>;
    let ratios = if let Some(ratios) = ratios {
        check_ratios(params, ratios)?;
        ratios
    } else {
        equal = (0..params.bins_per_octave).map(|k| (k as f64 / per_octave).exp2()).collect();
        &equal
    };
    let octave = |k: usize| ((k / ratios.len()) as f64).exp2();
    let mut all: Vec<f64> = (0..params.bins).map(|k| octave(k) * ratios[k % ratios.len()]).collect();
    all.sort_by(f64::total_cmp);
    Ok(all.into_iter().map(|ratio| ratio * fmin).collect())
}

fn check_ratios(params: &CqtParams, ratios: &[f64]) -> Result<(), TransformError> {
    let wrong = |found: String, expected: &str| {
        Err(TransformError::Parameter { name: "ratios", found, expected: expected.to_owned() })
    };
    if ratios.len() != params.bins_per_octave {
        return wrong(format!("{} numbers", ratios.len()), "one for each of the bins an octave");
    }
    match ratios.iter().find(|ratio| !(ratio.is_finite() && **ratio > 0.0)) {
        Some(bad) => wrong(format!("a list with {}", Number(*bad)), "positive numbers, usually from 1 to below 2"),
        None => Ok(()),
    }
}

/// Relative bandwidth of each bin: Q is `filter_scale` over it.
pub(super) fn relative_bandwidths(params: &CqtParams, freqs_hz: &[f64]) -> Vec<f64> {
    let last = freqs_hz.len() - 1;
    (0..=last).map(|k| bandwidth_between(params, freqs_hz, k.saturating_sub(1), (k + 1).min(last))).collect()
}

/// Relative bandwidth of a bin with the neighbours `low` and `high`, one of which may be the bin itself.
///
/// 0.8 and earlier: `2^(1/b) - 1`. 0.9: one `(r^2-1)/(r^2+1)`, `r = 2^(1/b)`. 0.10 and later: the
/// same from the local bins an octave (`_relative_bandwidth`).
pub(super) fn bandwidth_between(params: &CqtParams, freqs_hz: &[f64], low: usize, high: usize) -> f64 {
    let given = params.bins_per_octave as f64;
    let alpha = |per_octave: f64| {
        let square = (2.0 / per_octave).exp2();
        (square - 1.0) / (square + 1.0)
    };
    if is_legacy(params.librosa) {
        (1.0 / given).exp2() - 1.0
    } else if params.librosa.is_modern() && low < high {
        alpha((high - low) as f64 / (freqs_hz[high].log2() - freqs_hz[low].log2()))
    } else {
        alpha(given)
    }
}

/// Upper edge of the passband of a bin at `hz` with the relative bandwidth `alpha`.
pub(super) fn upper_edge_hz(params: &CqtParams, hz: f64, alpha: f64) -> f64 {
    let half_bandwidth = 0.5 * params.window.noise_bandwidth_bins();
    // 0.6 forgets the tuning here.
    let detune = match params.librosa {
        LibrosaVersion::V0_6 => (-params.tuning / params.bins_per_octave as f64).exp2(),
        _ => 1.0,
    };
    let q = params.filter_scale / alpha;
    detune * hz * (1.0 + half_bandwidth / q) + 0.5 * params.gamma.offset_hz(alpha)
}
