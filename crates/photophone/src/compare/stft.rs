//! Figures that hold without the phase: differences of STFT magnitudes.

use std::f64::consts::TAU;

use photophone_fft::Planner;
use photophone_spectrum::{Plane, StopFlag};

use super::spectrum::TINY;

const FRAME: usize = 2048;
const HOP: usize = 512;

/// Magnitudes of the STFT that [`compare`](super::compare) measures on: periodic Hann window of
/// 2048 samples, hop 512, frame `t` centred on sample `512 t`, zeros beyond the ends.
///
/// 1025 bins by `1 + samples.len() / 512` frames.
pub fn stft_magnitudes(samples: &[f64]) -> Plane<f64> {
    magnitudes_until(samples, &StopFlag::default())
}

/// The same; what comes after the flag was set is left at 0.
pub(super) fn magnitudes_until(samples: &[f64], stop: &StopFlag) -> Plane<f64> {
    let fft = Planner::default().real_forward(FRAME);
    let window: Vec<f64> = (0..FRAME).map(|n| 0.5 - 0.5 * (TAU * n as f64 / FRAME as f64).cos()).collect();
    let (mut frame, mut spectrum, mut scratch) = (fft.make_input_vec(), fft.make_output_vec(), fft.make_scratch_vec());
    let mut magnitudes = Plane::filled(FRAME / 2 + 1, 1 + samples.len() / HOP, 0.0);
    for t in (0..magnitudes.columns()).take_while(|_| !stop.is_set()) {
        for (n, (value, weight)) in frame.iter_mut().zip(&window).enumerate() {
            let sample = (t * HOP + n).checked_sub(FRAME / 2).and_then(|at| samples.get(at));
            *value = sample.map_or(0.0, |sample| sample * weight);
        }
        // The buffers come from the plan: a length error cannot occur.
        let _ = fft.process_with_scratch(&mut frame, &mut spectrum, &mut scratch);
        for (bin, value) in spectrum.iter().enumerate() {
            magnitudes[(bin, t)] = value.norm();
        }
    }
    magnitudes
}

/// Spectral convergence of two equally long lists of magnitudes, in dB:
/// `20 log10(|X - g Y| / |X|)` with the gain `g` that makes it smallest.
///
/// Lower is better, 0 is no better than silence; at least -300 dB. The gain makes it blind to
/// loudness, which most pictures do not hold. Any magnitudes will do: STFT, constant-Q, mel.
pub fn spectral_convergence_db(truth: &[f64], result: &[f64]) -> f64 {
    let gain = best_gain(truth, result);
    let error: f64 = truth.iter().zip(result).map(|(x, y)| (x - gain * y).powi(2)).sum();
    let energy: f64 = truth.iter().map(|x| x * x).sum();
    20.0 * (error.sqrt() / energy.sqrt().max(TINY)).max(1e-15).log10()
}

/// The gain of `result` at which its magnitudes are nearest to `truth`'s.
pub(super) fn best_gain(truth: &[f64], result: &[f64]) -> f64 {
    let product: f64 = truth.iter().zip(result).map(|(x, y)| x * y).sum();
    let energy: f64 = result.iter().map(|y| y * y).sum();
    product / energy.max(TINY)
}

/// Median of the levels' absolute differences in dB where the truth is within 60 dB of its
/// loudest cell, after the best gain; the result's levels are raised to 100 dB below that cell.
pub(super) fn level_difference_db(truth: &[f64], result: &[f64]) -> f64 {
    let gain = best_gain(truth, result);
    let loudest = truth.iter().copied().fold(0.0, f64::max);
    let audible = truth.iter().zip(result).filter(|&(&x, _)| x > loudest * 1e-3);
    let mut differences: Vec<f64> =
        audible.map(|(x, y)| (20.0 * ((gain * y).max(loudest * 1e-5) / x).log10()).abs()).collect();
    median(&mut differences)
}

/// The middle one of values of at least 0, or the mean of the middle two; 0 of nothing.
fn median(values: &mut [f64]) -> f64 {
    let (count, middle) = (values.len(), values.len() / 2);
    if count == 0 {
        return 0.0;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if count % 2 == 1 { upper } else { f64::midpoint(below.iter().copied().fold(0.0, f64::max), upper) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_odd_and_even_lists() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn convergence_of_known_magnitudes() {
        // Orthogonal: the best gain is 0. Parallel: nothing is left.
        assert_eq!(spectral_convergence_db(&[1.0, 0.0], &[0.0, 5.0]), 0.0);
        assert_eq!(spectral_convergence_db(&[1.0, 2.0], &[2.0, 4.0]), -300.0);
        // At 45 degrees the error is the sine of that angle: half the energy.
        assert!((spectral_convergence_db(&[1.0, 0.0], &[3.0, 3.0]) + 3.010_299_957).abs() < 1e-9);
        assert_eq!(spectral_convergence_db(&[1.0], &[0.0]), 0.0);
    }

    #[test]
    fn a_sine_on_a_bin_has_the_windows_magnitudes() {
        // Hann at a bin's centre: half the window's sum, and a quarter of it next door.
        let samples: Vec<f64> = (0..8192).map(|n| (TAU * 100.0 * f64::from(n) / 2048.0).sin()).collect();
        let cells = stft_magnitudes(&samples);
        assert_eq!(cells.shape(), (1025, 17));
        assert!((cells[(100, 8)] - 512.0).abs() < 1e-9);
        assert!((cells[(101, 8)] - 256.0).abs() < 1e-9);
        assert!(cells[(103, 8)] < 1e-9);
    }
}
