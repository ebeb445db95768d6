//! Two sounds laid over each other.

use std::borrow::Cow;

use photophone_fft::Planner;

use crate::Error;

/// The shift of `result`, at most `max_lag` samples either way, at which it matches `truth` best:
/// where the magnitude of their cross-correlation is largest. Positive delays the result.
///
/// Of equal ones the smallest delay wins, and any delay before any advance. `channels` are of the same lengths, and have one
/// shift.
pub(super) fn best_lag(channels: &[(&[f64], &[f64])], max_lag: usize) -> isize {
    let Some(&(truth, result)) = channels.first().filter(|_| max_lag > 0) else { return 0 };
    let mut correlation = vec![0.0; (truth.len() + result.len()).next_power_of_two()];
    for (truth, result) in channels {
        let of_channel = cross_correlation(truth, result);
        correlation.iter_mut().zip(of_channel).for_each(|(sum, value)| *sum += value.abs());
    }
    let delays = 0..=max_lag.min(truth.len() - 1) as isize;
    let advances = -(max_lag.min(result.len() - 1) as isize)..=-1;
    let strength = |lag: isize| correlation[lag.rem_euclid(correlation.len() as isize) as usize];
    delays.chain(advances).fold(0, |best, lag| if strength(lag) > strength(best) { lag } else { best })
}

/// `c[lag] = sum over m of truth[m + lag] * result[m]`, up to a factor; negative lags from the end.
fn cross_correlation(truth: &[f64], result: &[f64]) -> Vec<f64> {
    let length = (truth.len() + result.len()).next_power_of_two();
    let mut planner = Planner::default();
    let (forward, inverse) = (planner.real_forward(length), planner.real_inverse(length));
    let spectrum_of = |samples: &[f64]| {
        let mut padded = samples.to_vec();
        padded.resize(length, 0.0);
        let mut spectrum = forward.make_output_vec();
        // The buffers come from the plan: a length error cannot occur.
        let _ = forward.process(&mut padded, &mut spectrum);
        spectrum
    };
    let mut product = spectrum_of(truth);
    for (a, b) in product.iter_mut().zip(spectrum_of(result)) {
        *a *= b.conj();
    }
    let mut correlation = inverse.make_output_vec();
    let _ = inverse.process(&mut product, &mut correlation);
    correlation
}

/// Both over their common length, the result delayed by `lag` samples (negative: advanced).
///
/// # Errors
/// [`Error::Incomparable`] when the shift leaves nothing in common.
pub(super) fn align<'a>(truth: &'a [f64], result: &'a [f64], lag: isize) -> Result<(&'a [f64], Cow<'a, [f64]>), Error> {
    let shift = lag.unsigned_abs();
    let shifted = if lag > 0 {
        Cow::Owned([&vec![0.0; shift.min(truth.len())], result].concat())
    } else {
        Cow::Borrowed(result.get(shift..).unwrap_or_default())
    };
    match (truth.len().min(shifted.len()), shifted) {
        (0, _) => Err(Error::Incomparable {
            found: format!("a shift of {lag} samples leaves nothing of the result's {}", result.len()),
            expected: "a shift smaller than the sounds",
            advice: "give a smaller lag",
        }),
        (common, Cow::Borrowed(samples)) => Ok((&truth[..common], Cow::Borrowed(&samples[..common]))),
        (common, Cow::Owned(mut samples)) => {
            samples.truncate(common);
            Ok((&truth[..common], Cow::Owned(samples)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition itself, term by term.
    fn naive_lag(truth: &[f64], result: &[f64], max_lag: isize) -> isize {
        let strength = |lag: isize| {
            let term = |(m, y): (usize, &f64)| truth.get(usize::try_from(m as isize + lag).ok()?).map(|x| x * y);
            result.iter().enumerate().filter_map(term).sum::<f64>().abs()
        };
        (-max_lag..=max_lag).max_by(|&a, &b| strength(a).total_cmp(&strength(b))).unwrap()
    }

    #[test]
    fn the_lag_is_that_of_the_definition_and_undone_by_align() {
        let noise: Vec<f64> = (0..300).map(|n| (f64::from(n * n) * 0.37).sin()).collect();
        for (from, to) in [(0, 17), (23, 0), (5, 5)] {
            let (truth, result) = (&noise[from..280], &noise[to..250]);
            let lag = best_lag(&[(truth, result)], 40);
            assert_eq!(lag, to as isize - from as isize);
            assert_eq!(lag, naive_lag(truth, result, 40));
            let (x, y) = align(truth, result, lag).unwrap();
            let skip = lag.max(0) as usize;
            assert_eq!(x[skip..], y[skip..]);
        }
    }

    #[test]
    fn no_lag_is_longer_than_the_sounds() {
        assert_eq!(best_lag(&[(&[1.0], &[1.0, 2.0, 3.0])], usize::MAX), -2);
        assert_eq!(best_lag(&[(&[1.0, 2.0, 3.0], &[0.0])], usize::MAX), 0);
        assert!(align(&[1.0], &[1.0], -1).is_err());
    }
}
