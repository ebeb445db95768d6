//! A transform and how its bins lie in an octave.

use super::params::CqtParams;

/// The parameters of a transform whose bins may not be equally spaced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tempered<'a> {
    /// The parameters.
    pub params: CqtParams,
    /// Ratios of the bins of an octave to its first (see [`Cqt::with_ratios`](super::Cqt::with_ratios)); none where they are equally spaced.
    pub ratios: Option<&'a [f64]>,
}

impl From<&CqtParams> for Tempered<'_> {
    /// Equally spaced bins.
    fn from(params: &CqtParams) -> Self {
        Self { params: *params, ratios: None }
    }
}

impl Tempered<'_> {
    /// The same with other parameters.
    #[must_use]
    pub fn with(self, params: CqtParams) -> Self {
        Self { params, ..self }
    }
}

/// The ratios of an octave that begins at bin `first` of one with these.
pub(crate) fn rotated(ratios: &[f64], first: usize) -> Vec<f64> {
    let n = ratios.len();
    let mut sorted = ratios.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ratio = |k: usize| sorted[k % n] * ((k / n) as f64).exp2();
    let base = first % n;
    (base..base + n).map(|k| ratio(k) / ratio(base)).collect()
}

/// The frequency of bin `k`, over `fmin`, without the tuning.
pub(crate) fn ratio_of_bin(params: &CqtParams, ratios: Option<&[f64]>, k: usize) -> f64 {
    let per_octave = params.bins_per_octave;
    match ratios {
        None => (k as f64 / per_octave as f64).exp2(),
        Some(ratios) => {
            let mut sorted = ratios.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted[k % per_octave] * ((k / per_octave) as f64).exp2()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_octave_may_begin_at_any_bin() {
        let ratios = [1.0, 1.25, 1.5];
        assert_eq!(rotated(&ratios, 0), ratios);
        assert_eq!(rotated(&ratios, 4), [1.0, 1.2, 1.6]);
        let params = CqtParams { bins_per_octave: 3, ..CqtParams::default() };
        assert_eq!(ratio_of_bin(&params, Some(&ratios), 4), 2.5);
        assert_eq!(ratio_of_bin(&params, None, 3), 2.0);
    }
}
