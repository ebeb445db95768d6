//! Comparing sounds: figures of known answer, figures of an independent program, refusals.

use std::f64::consts::TAU;

use photophone::Error;
use photophone::compare::{CompareOptions, Comparison, Mono, compare};

const RATE_HZ: u32 = 11025;

fn mono(samples: &[f64]) -> Mono<'_> {
    Mono { samples, sample_rate_hz: RATE_HZ }
}

fn figures(truth: &[f64], result: &[f64]) -> Comparison {
    compare(mono(truth), mono(result), &CompareOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A glide, a beating tone and a chirp; and the same quieter with another chirp over it.
fn truth_and_result() -> (Vec<f64>, Vec<f64>) {
    let numbers = (0..20001).map(f64::from);
    let truth: Vec<f64> = numbers
        .clone()
        .map(|n| {
            0.5 * (0.06 * n + 2.0 * (n / 700.0).sin()).sin()
                + 0.3 * (0.9 * n).sin() * (n / 900.0).cos()
                + 0.1 * (1e-4 * n * n).sin()
        })
        .collect();
    let result = numbers.zip(&truth).map(|(n, x)| 0.6 * x + 0.05 * (7e-5 * n * n + 1.0).sin()).collect();
    (truth, result)
}

fn tone(hz: f64, amplitude: f64) -> Vec<f64> {
    (0..2 * RATE_HZ).map(|n| amplitude * (TAU * hz * f64::from(n) / f64::from(RATE_HZ)).sin()).collect()
}

fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found}, expected {expected}");
}

/// Printed to two decimals by a `NumPy` program with the same definitions (double precision).
#[test]
fn figures_are_those_of_an_independent_program() {
    let (truth, result) = truth_and_result();
    let delayed = [&vec![0.0; 57], result.as_slice()].concat();
    let everything = CompareOptions::default();
    let narrow = CompareOptions { band_hz: Some((300.0, 1200.0)), ..CompareOptions::default() };
    let shifted = CompareOptions { max_lag_samples: 200, ..CompareOptions::default() };
    let cases = [
        (&result[..19000], everything, [7.77, 16.40, -16.94, 0.21], [7.96, 2.97, 2.9, 7.82, 2.86], 0, 19000),
        (&result[..19000], narrow, [2.98, 0.23, -4.24, 4.31], [7.96, 2.97, 2.9, 7.82, 2.86], 0, 19000),
        (&delayed[..], shifted, [7.77, 16.43, -16.95, 0.21], [7.96, 2.96, 3.04, 7.83, 2.87], -57, 20001),
    ];
    for (result, options, expected, bands, lag, samples) in cases {
        let found = compare(mono(&truth), mono(result), &options).unwrap_or_else(|error| panic!("{error}"));
        let [snr, si_sdr, sc, level] = expected;
        assert_near(found.snr_db, snr, 0.006);
        assert_near(found.si_sdr_db, si_sdr, 0.006);
        assert_near(found.stft_sc_db, sc, 0.006);
        assert_near(found.level_db, level, 0.006);
        assert_eq!((found.lag, found.samples, found.bands.len()), (lag, samples, 5));
        for (band, expected) in found.bands.iter().zip(bands) {
            assert_near(band.snr_db, expected, 0.006);
        }
        assert_eq!(found.length_difference, truth.len().abs_diff(result.len()));
    }
}

#[test]
fn a_gain_costs_snr_and_nothing_else() {
    let (truth, _) = truth_and_result();
    let half: Vec<f64> = truth.iter().map(|x| -0.5 * x).collect();
    let found = figures(&truth, &half);
    assert_near(found.snr_db, -20.0 * 1.5f64.log10(), 1e-9);
    assert!(found.si_sdr_db > 250.0 && found.stft_sc_db < -250.0 && found.level_db < 1e-9, "{found}");
}

#[test]
fn noise_of_a_known_level_has_that_snr_in_its_band_only() {
    // Whole cycles over the length: orthogonal, and each on one bin.
    let (truth, noise) = (sum(&tone(300.0, 0.5), &tone(1200.0, 0.5)), tone(700.5, 0.05));
    let found = figures(&truth, &sum(&truth, &noise));
    assert_near(found.snr_db, 10.0 * (2.0f64 * 100.0).log10(), 1e-6);
    let band = |low_hz: f64| found.bands.iter().find(|band| band.low_hz == low_hz).map_or(f64::NAN, |band| band.snr_db);
    assert!(band(32.0) > 200.0 && band(1000.0) > 200.0 && band(500.0) < -200.0, "{found}");
    let options = CompareOptions { band_hz: Some((100.0, 701.0)), ..CompareOptions::default() };
    let found = compare(mono(&truth), mono(&sum(&truth, &noise)), &options).unwrap_or_else(|error| panic!("{error}"));
    assert_near(found.snr_db, 20.0, 1e-6);
    assert_near(found.si_sdr_db, 20.0, 1e-6);
}

/// The error of one noise for another outweighs it: the better the noises are told apart, the lower the figure.
#[test]
fn noise_is_no_match_for_other_noise() {
    let noise = |seed: u64| -> Vec<f64> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
        };
        (0..20_000).map(|_| next()).collect()
    };
    let found = figures(&noise(1), &noise(2));
    assert!(found.si_sdr_db < -25.0, "{found}");
}

#[test]
fn a_result_at_another_rate_is_resampled_and_that_is_said() {
    let truth = tone(440.0, 0.5);
    let twice: Vec<f64> =
        (0..4 * RATE_HZ).map(|n| 0.5 * (TAU * 220.0 * f64::from(n) / f64::from(RATE_HZ)).sin()).collect();
    let found =
        compare(mono(&truth), Mono { samples: &twice, sample_rate_hz: 2 * RATE_HZ }, &CompareOptions::default());
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    // The tone ends abruptly, where every filter rings.
    assert!(found.snr_db > 25.0, "{found}");
    assert_eq!(found.resampled_from_hz, Some(2 * RATE_HZ));
    assert!(found.to_string().contains("resampled"), "{found}");
}

#[test]
fn silence_scores_nothing() {
    let (truth, _) = truth_and_result();
    let found = figures(&truth, &vec![0.0; truth.len()]);
    assert_eq!((found.snr_db, found.stft_sc_db), (0.0, 0.0));
    assert_near(found.si_sdr_db, -300.0, 1e-9);
}

#[test]
fn a_shift_is_found_either_way_and_forgiven() {
    let (truth, _) = truth_and_result();
    let options = CompareOptions { max_lag_samples: 100, ..CompareOptions::default() };
    for (result, lag) in [(&truth[31..], 31), (&[&[0.0; 44], truth.as_slice()].concat()[..], -44)] {
        let found = compare(mono(&truth), mono(result), &options).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.lag, lag);
        // Delaying leaves a gap of 31 samples at the start.
        assert!(found.snr_db > 20.0, "{found}");
    }
}

#[test]
fn bands_above_half_the_rate_are_left_out() {
    let (truth, result) = truth_and_result();
    let at = |samples, sample_rate_hz| Mono { samples, sample_rate_hz };
    for (rate, bands) in [(8000, 4), (8001, 5), (1000, 0), (22050, 5)] {
        let found = compare(at(&truth, rate), at(&result, rate), &CompareOptions::default());
        assert_eq!(found.map(|found| found.bands.len()).ok(), Some(bands), "{rate}");
    }
}

#[test]
fn sounds_that_cannot_be_compared_are_refused_with_advice() {
    let good = tone(440.0, 0.5);
    let other_rate = Mono { samples: &good, sample_rate_hz: 50 };
    let error = compare(mono(&good), other_rate, &CompareOptions::default());
    assert!(matches!(error, Err(Error::SampleRates { truth_hz: 11025, result_hz: 50 })));
    let band = |low, high| CompareOptions { band_hz: Some((low, high)), ..CompareOptions::default() };
    let everything = CompareOptions::default;
    let zeros = vec![0.0; 100];
    let broken = [0.5, f64::NAN];
    let cases: [(&[f64], &[f64], CompareOptions, &str); 8] = [
        (&[], &good, everything(), "the truth has no samples"),
        (&good, &[], everything(), "the result has no samples"),
        (&zeros, &good, everything(), "the truth is silent"),
        (&good, &broken, everything(), "sample 1 is NaN"),
        (&good, &good, band(500.0, 100.0), "500 to 100 Hz"),
        (&good, &good, band(f64::NAN, 100.0), "NaN to 100 Hz"),
        (&good, &good, band(6000.0, 7000.0), "6000 to 7000 Hz"),
        (&good, &good, band(100.1, 100.2), "silent between 100.1 and 100.2 Hz"),
    ];
    for (truth, result, options, expected) in cases {
        let text = compare(mono(truth), mono(result), &options).map_or_else(|e| e.to_string(), |c| c.to_string());
        assert!(text.contains(expected), "{text}: expected {expected}");
    }
}

#[test]
fn the_table_has_a_line_a_figure() {
    let (truth, result) = truth_and_result();
    let table = figures(&truth, &result).to_string();
    assert_eq!(table.lines().count(), 12);
    assert!(table.lines().all(|line| line.chars().count() <= 46), "{table}");
    assert!(table.starts_with("SNR                               7."), "{table}");
}

#[test]
fn one_sample_is_enough() {
    let found = figures(&[0.5], &[0.25]);
    assert_near(found.snr_db, 20.0 * 2f64.log10(), 1e-9);
    assert_eq!(found.samples, 1);
}

#[test]
fn a_set_flag_ends_comparing() {
    let sound = vec![0.5; 4000];
    let stop = photophone::transform::StopFlag::new(std::sync::Arc::new(true.into()));
    let found = compare(mono(&sound), mono(&sound), &CompareOptions { stop, ..CompareOptions::default() });
    assert!(matches!(found, Err(Error::Interrupted)), "{found:?}");
}
