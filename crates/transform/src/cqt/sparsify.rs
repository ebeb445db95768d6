//! Which entries of a filter's spectrum are kept: librosa's `util.sparsify_rows`.

use num_complex::Complex;

use super::sums::pairwise_sum;

/// The entries that `sparsity` keeps, in double precision (librosa 0.9 and earlier): the first of
/// the sorted magnitudes at which their cumulative share reaches it, and all that are as large.
pub(super) fn kept(spectrum: &[Complex<f64>], sparsity: f64) -> Vec<bool> {
    let magnitudes: Vec<f64> = spectrum.iter().map(|value| value.norm()).collect();
    kept_of(&magnitudes, sparsity, |value| value)
}

/// The same in single precision (0.10 and later), rounded as NumPy rounds.
pub(super) fn kept_single(spectrum: &[Complex<f32>], sparsity: f64) -> Vec<bool> {
    let magnitudes: Vec<f64> = spectrum.iter().map(|&value| f64::from(magnitude(value))).collect();
    let round = |value: f64| f64::from(value as f32);
    kept_of(&magnitudes, round(sparsity), round)
}

fn kept_of(magnitudes: &[f64], sparsity: f64, round: impl Fn(f64) -> f64 + Copy) -> Vec<bool> {
    let mut sorted = magnitudes.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let total = pairwise_sum(magnitudes, round);
    let mut cumulative = 0.0;
    let reached = sorted.iter().find(|&&magnitude| {
        cumulative = round(cumulative + round(magnitude / total));
        // A filter of zeros has shares that are no numbers: NumPy takes its first entry.
        cumulative.is_nan() || cumulative >= sparsity
    });
    let threshold = reached.copied().unwrap_or(0.0);
    magnitudes.iter().map(|&magnitude| magnitude >= threshold).collect()
}

/// `np.abs` of a complex64: the larger part times `sqrt(1 + ratio^2)` (NumPy 1.25 and later).
fn magnitude(value: Complex<f32>) -> f32 {
    let (re, im) = (value.re.abs(), value.im.abs());
    let (large, small) = (re.max(im), re.min(im));
    if large == 0.0 {
        return 0.0;
    }
    let ratio = small / large;
    large * ratio.mul_add(ratio, 1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_largest() {
        let row = [0.001, 1.0, 0.004, 2.0];
        let (double, single) = (row.map(|re| Complex::new(re, 0.0)), row.map(|re| Complex::new(re as f32, 0.0)));
        for (sparsity, want) in [
            (0.0, [true; 4]),
            (0.001, [false, true, true, true]),
            (0.01, [false, true, false, true]),
            (0.5, [false, false, false, true]),
        ] {
            assert_eq!(kept(&double, sparsity), want);
            assert_eq!(kept_single(&single, sparsity), want);
        }
        assert_eq!(kept(&[Complex::default(); 3], 0.1), [true; 3]);
    }
}
