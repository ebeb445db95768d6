//! Several channels as one, for what they share.
//!
//! A transform is linear: the same weighted sum of the channels' coefficients is what it makes of that sum of the
//! channels. It has the same tuning, length and pad mode, and all that is in any channel tells of them.

use std::borrow::Cow;

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};

use crate::Cells;

/// How much less than the first each channel may weigh, and the step, the golden ratio's fraction, by which weights spread over
/// that: no two are alike, so that what is common to two channels, or opposite in them, is left in their sum.
const SPREAD: f64 = 0.3;
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The weights of channels in their sum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mixture(Vec<f64>);

impl Mixture {
    /// The weights of these channels. Each is added or taken away, whichever leaves more: the sum then has no less power than the
    /// weighed channels together.
    pub(crate) fn of(channels: &[&Cells]) -> Self {
        if channels.len() == 1 {
            return Self(vec![1.0]);
        }
        let mut weights = Vec::with_capacity(channels.len());
        let mut sum: Vec<Complex<f64>> = Vec::new();
        for (place, channel) in channels.iter().enumerate() {
            let values = channel.as_slice();
            if place == 0 {
                sum = values.to_vec();
                weights.push(1.0);
                continue;
            }
            let weight = 1.0 - SPREAD * (GOLDEN * place as f64).fract();
            let product: f64 = sum.iter().zip(values).map(|(a, b)| a.re * b.re + a.im * b.im).sum();
            let weight = if product < 0.0 { -weight } else { weight };
            sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
            weights.push(weight);
        }
        Self(weights)
    }

    /// The sum of the channels' coefficients; a single channel is not copied.
    pub(crate) fn cells<'a>(&self, channels: &[&'a Cells]) -> Cow<'a, Cells> {
        if let [only] = channels {
            return Cow::Borrowed(only);
        }
        let (rows, columns) = channels[0].shape();
        let mut sum = Plane::filled(rows, columns, Complex::default());
        for (weight, channel) in self.0.iter().zip(channels) {
            sum.as_mut_slice().iter_mut().zip(channel.as_slice()).for_each(|(sum, value)| *sum += *weight * value);
        }
        Cow::Owned(sum)
    }

    /// The same sum of their samples.
    pub(crate) fn samples(&self, channels: &[&[f64]]) -> Vec<f64> {
        let mut sum = vec![0.0; channels.first().map_or(0, |channel| channel.len())];
        for (weight, channel) in self.0.iter().zip(channels) {
            sum.iter_mut().zip(*channel).for_each(|(sum, sample)| *sum += weight * sample);
        }
        sum
    }
}

/// Coefficients of channels that lie one above the other as those of one sound that tells of all of them: what is looked for in it
/// is what the channels share. Cost: one pass.
pub fn mixed(cells: &Cells, stack: Stack) -> Cells {
    if stack.channels == 1 {
        return cells.clone();
    }
    let channels = stack.divided(cells);
    let channels: Vec<&Cells> = channels.iter().collect();
    Mixture::of(&channels).cells(&channels).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    fn power(cells: &Cells) -> f64 {
        cells.as_slice().iter().map(Complex::norm_sqr).sum()
    }

    fn cells(seed: u64) -> Cells {
        let numbers = noise(2 * 12 * 20, seed);
        Plane::from_fn(12, 20, |k, t| Complex::new(numbers[2 * (20 * k + t)], numbers[2 * (20 * k + t) + 1]))
    }

    #[test]
    fn nothing_that_is_in_a_channel_is_lost() {
        let (left, right) = (cells(1), cells(2));
        let opposite = left.map(|value| -value);
        let side = Plane::from_fn(12, 20, |k, t| left[(k, t)] - right[(k, t)]);
        let middle = Plane::from_fn(12, 20, |k, t| left[(k, t)] + right[(k, t)]);
        let silent = left.map(|_| Complex::default());
        for channels in [[&left, &right], [&left, &opposite], [&middle, &side], [&silent, &left], [&left, &silent]] {
            let mixture = Mixture::of(&channels);
            let sum = mixture.cells(&channels);
            let weighed: f64 =
                mixture.0.iter().zip(channels).map(|(weight, cells)| weight * weight * power(cells)).sum();
            assert!(power(&sum) >= 0.999 * weighed, "{mixture:?}: {} of {weighed}", power(&sum));
        }
        // What two channels have in common, and in which they differ, are both there.
        let mixture = Mixture::of(&[&middle, &side]);
        assert!((mixture.0[0] - mixture.0[1].abs()).abs() > 0.1, "{mixture:?}");
    }

    #[test]
    fn one_channel_is_itself_and_samples_are_mixed_as_their_coefficients() {
        let (left, right) = (cells(3), cells(4));
        assert!(matches!(Mixture::of(&[&left]).cells(&[&left]), Cow::Borrowed(same) if *same == left));
        let channels = [&left, &right];
        let mixture = Mixture::of(&channels);
        let row = |cells: &Cells| cells.row(5).iter().map(|value| value.re).collect::<Vec<_>>();
        let samples = mixture.samples(&[&row(&left), &row(&right)]);
        assert_eq!(samples, row(&mixture.cells(&channels)));
        let stack = Stack { channels: 2, rows: 12, gap: 1 };
        let whole = stack.joined(vec![left.clone(), right.clone()], &Complex::new(9.0, 0.0));
        assert_eq!(mixed(&whole, stack), mixture.cells(&channels).into_owned());
    }
}
