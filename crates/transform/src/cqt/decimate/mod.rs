//! Decimation by powers of two, as librosa's resamplers do it, and its transpose.
//!
//! Both resamplers are linear and fixed, so an impulse response says all:
//! soxr HQ (librosa 0.10 and later) from measured tables, resampy's Kaiser filters (librosa 0.9
//! and earlier) from their published window. A soxr decimation by 2^c is a cascade of c stages
//! that each start at the signal's first sample.

mod fir;
mod kaiser;
mod table;

use fir::FirDecimator;
pub(crate) use fir::FirScratch;
pub(crate) use kaiser::KaiserFilter;

use crate::{Real, TransformError};

/// Which resampler decimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resampler {
    /// soxr's "HQ" recipe.
    SoxrHq,
    /// resampy's windowed sinc.
    Resampy(KaiserFilter),
}

/// Decimation of a signal of fixed length by a power of two.
#[derive(Debug)]
pub(crate) struct Decimator<T = f64> {
    stages: Vec<FirDecimator<T>>,
    input: usize,
    output: usize,
}

impl Decimator {
    /// Plans the decimation of `input` samples by `factor`, a power of two from 2 to 512, with
    /// `gain` at 0 Hz.
    ///
    /// The output has `ceil(input / factor)` samples: librosa pads what the resampler leaves out.
    pub(crate) fn new(resampler: Resampler, factor: usize, gain: f64, input: usize) -> Result<Self, TransformError> {
        let output = input.div_ceil(factor);
        let taps = stage_taps(resampler, factor)?;
        // soxr rounds the length of its output, resampy truncates it.
        let written = match resampler {
            Resampler::SoxrHq => (input + factor / 2) / factor,
            Resampler::Resampy(_) => input / factor,
        };
        let mut stages = Vec::with_capacity(taps.len());
        let mut length = input;
        let last = taps.len() - 1;
        for (index, (stage_factor, mut half)) in taps.into_iter().enumerate() {
            // A stage rings on past its input's end; only its start is cut.
            let all = (length + half.len() - 1).div_ceil(stage_factor);
            let kept = if index == last { written.min(all) } else { all };
            if index == last {
                for tap in &mut half {
                    *tap *= gain;
                }
            }
            stages.push(FirDecimator::new(stage_factor, &half, length, kept));
            length = kept;
        }
        Ok(Self { stages, input, output })
    }

    /// The same in single precision.
    pub(crate) fn rounded(&self) -> Decimator<f32> {
        let stages = self.stages.iter().map(FirDecimator::rounded).collect();
        Decimator { stages, input: self.input, output: self.output }
    }

    /// Samples of the input for each of the output.
    pub(crate) fn factor(&self) -> usize {
        self.stages.iter().map(FirDecimator::factor).product()
    }

    /// How far to either side an output depends on the input, in samples of the input.
    pub(crate) fn reach(&self) -> usize {
        self.stages.iter().rev().fold(0, |reach, stage| stage.reach() + stage.factor() * reach)
    }

    /// The transpose: `y` of the output length into `x` of the input length.
    pub(crate) fn transpose(&self, y: &[f64], x: &mut Vec<f64>, scratch: &mut DecimatorScratch) {
        let DecimatorScratch { fir, spare } = scratch;
        let mut stages = self.stages.iter().rev();
        if let Some(last) = stages.next() {
            last.transpose(&y[..last.output_len()], x, fir);
        }
        for stage in stages {
            std::mem::swap(x, spare);
            stage.transpose(spare, x, fir);
        }
        x.resize(self.input, 0.0);
    }
}

impl<T: Real> Decimator<T> {
    pub(crate) fn output_len(&self) -> usize {
        self.output
    }

    /// Decimates `x` into `y` (resized to the output length).
    pub(crate) fn forward<S: Real>(&self, x: &[S], y: &mut Vec<T>, scratch: &mut DecimatorScratch<T>) {
        let DecimatorScratch { fir, spare } = scratch;
        let mut stages = self.stages.iter();
        if let Some(first) = stages.next() {
            first.forward(x, y, fir);
        }
        for stage in stages {
            std::mem::swap(y, spare);
            stage.forward(spare, y, fir);
        }
        y.resize(self.output, T::default());
    }
}

/// Working memory for a [`Decimator`]; grows as needed.
#[derive(Debug, Default)]
pub(crate) struct DecimatorScratch<T = f64> {
    fir: FirScratch<T>,
    spare: Vec<T>,
}

/// Each stage's factor and the taps at lags 0 and up of its symmetric response.
fn stage_taps(resampler: Resampler, factor: usize) -> Result<Vec<(usize, Vec<f64>)>, TransformError> {
    match resampler {
        Resampler::Resampy(filter) => Ok(vec![(factor, filter.half_response(factor))]),
        Resampler::SoxrHq => {
            let (_, last) =
                table::FINALS.iter().find(|(known, _)| *known == factor).ok_or_else(|| TransformError::Parameter {
                    name: "hop",
                    found: format!("one that calls for decimation by {factor}"),
                    expected: "decimation by at most 512".to_owned(),
                })?;
            let odd: &[f64] = if factor <= 8 { &table::HALF_BAND_TO_8 } else { &table::HALF_BAND_FROM_16 };
            let halvings = factor.trailing_zeros() as usize - 1;
            let mut stages = vec![(2, half_band_taps(odd)); halvings];
            stages.push((2, last.to_vec()));
            Ok(stages)
        }
    }
}

/// Taps of a half-band filter: one half at lag 0, zero at the other even lags.
fn half_band_taps(odd: &[f64]) -> Vec<f64> {
    let mut taps = vec![0.0; 2 * odd.len()];
    taps[0] = 0.5;
    for (i, &tap) in odd.iter().enumerate() {
        taps[2 * i + 1] = tap;
    }
    taps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{dot, noise};

    #[test]
    fn every_decimator_passes_a_slow_sine_and_stops_a_fast_one() {
        for resampler in
            [Resampler::SoxrHq, Resampler::Resampy(KaiserFilter::FAST), Resampler::Resampy(KaiserFilter::BEST)]
        {
            for factor in [2usize, 4, 8, 16, 64] {
                let n = 600 * factor;
                let decimator = Decimator::new(resampler, factor, 1.0, n).unwrap();
                let (mut y, mut scratch) = (Vec::new(), DecimatorScratch::default());
                for (cycles_per_output, want) in [(0.2, 1.0), (0.7, 0.0)] {
                    let step = std::f64::consts::TAU * cycles_per_output / factor as f64;
                    let x: Vec<f64> = (0..n).map(|i| (step * i as f64).cos()).collect();
                    decimator.forward(&x, &mut y, &mut scratch);
                    for (m, value) in y.iter().enumerate().take(350).skip(250) {
                        let expected = want * (step * (factor * m) as f64).cos();
                        assert!(
                            (value - expected).abs() < 2e-4,
                            "{resampler:?} {factor} {cycles_per_output} {m}: {value} {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_transpose_is_exact_at_every_length() {
        for resampler in [Resampler::SoxrHq, Resampler::Resampy(KaiserFilter::FAST)] {
            for factor in [2usize, 4, 16] {
                for n in [1usize, 2, 3, 31, 1000, 16391, 20011] {
                    let decimator = Decimator::new(resampler, factor, 1.0, n).unwrap();
                    let (x, c) = (noise(n, 1), noise(decimator.output_len(), 2));
                    let (mut y, mut back, mut scratch) = (Vec::new(), Vec::new(), DecimatorScratch::default());
                    decimator.forward(&x, &mut y, &mut scratch);
                    decimator.transpose(&c, &mut back, &mut scratch);
                    assert_eq!((y.len(), back.len()), (n.div_ceil(factor), n));
                    let (left, right) = (dot(&y, &c), dot(&x, &back));
                    assert!(
                        (left - right).abs() <= 1e-12 * (dot(&y, &y) * dot(&c, &c)).sqrt().max(1e-3),
                        "{resampler:?} {factor} {n}: {left} {right}"
                    );
                }
            }
        }
    }
}
