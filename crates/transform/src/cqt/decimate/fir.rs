//! One decimating FIR stage with a symmetric response, and its transpose.

use std::iter;
use std::ops::Range;
use std::sync::Arc;

use num_complex::Complex;
use photophone_fft::{Fft, Planner};

use crate::parallel::for_each;
use crate::simd::{Work, vectorized};
use crate::{Real, Threads};

/// From this many taps a filter that halves the rate works by FFT (overlap-save). soxr's half-band
/// stages have 15 or 17; resampy's `kaiser_fast` has 63 and soxr's last stage 481.
const FFT_MIN_TAPS: usize = 32;

/// Overlap-save blocks hold at least this many filters, and
const LEAST_FILTERS_PER_BLOCK: usize = 2;

/// at most this many: the smallest cost a sample for 63 and for 481 taps among powers of two.
const FILTERS_PER_BLOCK: usize = 8;

/// `y[m] = sum_j h[|j|] x[factor m - j]`, zeros beyond the input, `m < output`.
#[derive(Debug)]
pub(super) struct FirDecimator<T = f64> {
    factor: usize,
    /// All lags, the middle one at `reach`.
    taps: Vec<T>,
    reach: usize,
    input: usize,
    output: usize,
    blocks: Option<BlockConvolver<T>>,
}

impl FirDecimator {
    pub(super) fn new(factor: usize, half: &[f64], input: usize, output: usize) -> Self {
        let by_fft = factor == 2 && 2 * half.len() > FFT_MIN_TAPS;
        let taps = half.iter().skip(1).rev().chain(half).copied().collect();
        let blocks = by_fft.then(|| BlockConvolver::new(half, output));
        Self { factor, taps, reach: half.len() - 1, input, output, blocks }
    }

    /// The same in single precision.
    pub(super) fn rounded(&self) -> FirDecimator<f32> {
        FirDecimator {
            factor: self.factor,
            taps: self.taps.iter().map(|&tap| tap as f32).collect(),
            reach: self.reach,
            input: self.input,
            output: self.output,
            blocks: self.blocks.as_ref().map(BlockConvolver::rounded),
        }
    }

    pub(super) fn transpose(&self, y: &[f64], x: &mut Vec<f64>, scratch: &mut FirScratch) {
        x.clear();
        x.resize(self.input, 0.0);
        scratch.0.resize_with(1, ConvolverScratch::default);
        vectorized(Transpose { fir: self, y, x, scratch: &mut scratch.0[0] });
    }
}

impl<T: Real> FirDecimator<T> {
    pub(super) fn output_len(&self) -> usize {
        self.output
    }

    /// How far to either side an output depends on the input, in samples of the input.
    pub(super) fn reach(&self) -> usize {
        self.reach
    }

    pub(super) fn factor(&self) -> usize {
        self.factor
    }

    pub(super) fn forward<S: Real>(&self, x: &[S], y: &mut Vec<T>, scratch: &mut FirScratch<T>) {
        // All of it is written below. A new buffer of zeros costs nothing before that, growing one does.
        if y.len() != self.output {
            *y = vec![T::default(); self.output];
        }
        // Whole pairs of blocks to each thread.
        let step = self.blocks.as_ref().map_or(1, |blocks| 2 * blocks.outputs_per_block());
        let share = self.output.div_ceil(step).div_ceil(Threads::here()).max(1) * step;
        scratch.0.resize_with(self.output.div_ceil(share), ConvolverScratch::default);
        let parts = y.chunks_mut(share).enumerate().zip(&mut scratch.0).collect();
        for_each(parts, |((part, y), scratch)| {
            vectorized(Decimation { fir: self, x, first: part * share, y, scratch });
        });
    }

    /// The taps of output `m` that fall on the input, and where they fall.
    #[inline(always)]
    fn overlap(&self, m: usize) -> (&[T], Range<usize>) {
        let centre = self.factor * m;
        let low = centre.saturating_sub(self.reach);
        let high = (centre + self.reach + 1).min(self.input).max(low);
        let first = low + self.reach - centre;
        (&self.taps[first..first + (high - low)], low..high)
    }
}

/// [`FirDecimator::forward`]: the outputs from `first` on, the first one of a pair of blocks.
struct Decimation<'a, S, T> {
    fir: &'a FirDecimator<T>,
    x: &'a [S],
    first: usize,
    y: &'a mut [T],
    scratch: &'a mut ConvolverScratch<T>,
}

impl<S: Real, T: Real> Work for Decimation<'_, S, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { fir, x, first, y, scratch } = self;
        if let Some(blocks) = &fir.blocks {
            blocks.forward(x, first, y, scratch);
            return;
        }
        for (m, target) in (first..).zip(y) {
            let (taps, under) = fir.overlap(m);
            *target = dot(taps, &x[under]);
        }
    }
}

/// [`FirDecimator::transpose`]: adds to `x`.
struct Transpose<'a> {
    fir: &'a FirDecimator,
    y: &'a [f64],
    x: &'a mut [f64],
    scratch: &'a mut ConvolverScratch,
}

impl Work for Transpose<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { fir, y, x, scratch } = self;
        if let Some(blocks) = &fir.blocks {
            blocks.transpose(y, x, scratch);
            return;
        }
        for (m, &value) in y.iter().enumerate() {
            let (taps, under) = fir.overlap(m);
            for (target, tap) in x[under].iter_mut().zip(taps) {
                *target += tap * value;
            }
        }
    }
}

/// Inner product in four running sums, which the compiler can keep in one register.
#[inline(always)]
fn dot<S: Real, T: Real>(a: &[T], b: &[S]) -> T {
    let in_precision = |sample: S| T::nearest(sample.to_f64());
    let (a4, a1) = a.as_chunks::<4>();
    let (b4, b1) = b.as_chunks::<4>();
    let mut sums = [T::default(); 4];
    for (x, y) in a4.iter().zip(b4) {
        for lane in 0..4 {
            sums[lane] += x[lane] * in_precision(y[lane]);
        }
    }
    let rest = a1.iter().zip(b1).fold(T::default(), |sum, (x, y)| sum + *x * in_precision(*y));
    sums.into_iter().fold(T::default(), |sum, value| sum + value) + rest
}

/// Working memory for each thread.
#[derive(Debug, Default)]
pub(crate) struct FirScratch<T = f64>(Vec<ConvolverScratch<T>>);

/// Working memory for the FFT form.
#[derive(Debug, Default)]
struct ConvolverScratch<T = f64> {
    long: Vec<Complex<T>>,
    short: Vec<Complex<T>>,
    fft: Vec<Complex<T>>,
}

/// Halving the rate by overlap-save: multiply a block's spectrum and fold it to half the length.
///
/// Two blocks go at a time, as the real and the imaginary part of one complex block: a real
/// response keeps them apart.
struct BlockConvolver<T = f64> {
    /// Samples a block.
    block: usize,
    /// Transform of the response with lag 0 at sample 0, divided by the block length.
    response: Vec<T>,
    reach: usize,
    long: Arc<dyn Fft<T>>,
    long_back: Arc<dyn Fft<T>>,
    short: Arc<dyn Fft<T>>,
    short_back: Arc<dyn Fft<T>>,
}

impl<T> std::fmt::Debug for BlockConvolver<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockConvolver").field("reach", &self.reach).finish_non_exhaustive()
    }
}

impl BlockConvolver {
    /// For the taps at lags 0 and up, and so many outputs.
    fn new(half: &[f64], outputs: usize) -> Self {
        let mut planner = Planner::default();
        let block = Self::cheapest_block(half.len(), outputs);
        let long = planner.forward(block);
        let mut response = vec![Complex::default(); block];
        for (lag, &tap) in half.iter().enumerate() {
            response[lag].re = tap / block as f64;
            response[(block - lag) % block].re = tap / block as f64;
        }
        long.process(&mut response);
        Self {
            block,
            // A symmetric response has a real spectrum.
            response: response.iter().map(|bin| bin.re).collect(),
            reach: Self::even_reach(half.len()),
            long,
            long_back: planner.inverse(block),
            short: planner.forward(block / 2),
            short_back: planner.inverse(block / 2),
        }
    }

    fn rounded(&self) -> BlockConvolver<f32> {
        let mut planner = Planner::default();
        BlockConvolver {
            block: self.block,
            response: self.response.iter().map(|&gain| gain as f32).collect(),
            reach: self.reach,
            long: planner.forward(self.block),
            long_back: planner.inverse(self.block),
            short: planner.forward(self.block / 2),
            short_back: planner.inverse(self.block / 2),
        }
    }

    /// An even reach keeps each block's first output on an even input sample.
    fn even_reach(lags: usize) -> usize {
        (lags - 1).next_multiple_of(2)
    }

    /// The samples of a block that make so many outputs in the fewest operations: `2^a` or `3 2^a`, as a short signal
    /// may fill little of a long block.
    fn cheapest_block(lags: usize, outputs: usize) -> usize {
        let [least, most] = [LEAST_FILTERS_PER_BLOCK, FILTERS_PER_BLOCK].map(|n| (n * 2 * lags).next_power_of_two());
        let operations = |block: usize| {
            let per_pair = block - 2 * Self::even_reach(lags);
            (outputs.div_ceil(per_pair) * block) as f64 * (block as f64).log2()
        };
        let powers = iter::successors(Some(least), |block| Some(2 * block));
        let blocks = powers.take_while(|&block| block <= most).flat_map(|block| [block, block / 4 * 3]);
        blocks.min_by(|&a, &b| operations(a).total_cmp(&operations(b))).unwrap_or(most)
    }

    #[inline(always)]
    fn transpose(&self, y: &[f64], x: &mut [f64], scratch: &mut ConvolverScratch) {
        self.prepare(scratch);
        let ConvolverScratch { long, short, fft } = scratch;
        let outputs = self.outputs_per_block();
        let skip = self.reach / 2;
        for (pair, values) in y.chunks(2 * outputs).enumerate() {
            let (first, second) = values.split_at(outputs.min(values.len()));
            short.fill(Complex::default());
            for (target, &value) in short[skip..].iter_mut().zip(first) {
                target.re = value;
            }
            for (target, &value) in short[skip..].iter_mut().zip(second) {
                target.im = value;
            }
            self.short.process_with_scratch(short, fft);
            for (half, gains) in long.chunks_mut(self.block / 2).zip(self.response.chunks(self.block / 2)) {
                for ((target, bin), gain) in half.iter_mut().zip(&*short).zip(gains) {
                    *target = bin * gain;
                }
            }
            self.long_back.process_with_scratch(long, fft);
            let [first, second] = self.starts(pair);
            add_shifted(long, |value| value.re, first, x);
            add_shifted(long, |value| value.im, second, x);
        }
    }
}

impl<T: Real> BlockConvolver<T> {
    fn prepare(&self, scratch: &mut ConvolverScratch<T>) {
        scratch.long.resize(self.block, Complex::default());
        scratch.short.resize(self.block / 2, Complex::default());
        let ffts = [&self.long, &self.long_back, &self.short, &self.short_back];
        let need = ffts.map(|fft| fft.get_inplace_scratch_len()).into_iter().max().unwrap_or(0);
        scratch.fft.resize(need, Complex::default());
    }

    /// Outputs that a block makes.
    fn outputs_per_block(&self) -> usize {
        (self.block - 2 * self.reach) / 2
    }

    /// Where the two blocks of a pair start in the input.
    fn starts(&self, pair: usize) -> [isize; 2] {
        [2 * pair, 2 * pair + 1].map(|block| (2 * block * self.outputs_per_block()) as isize - self.reach as isize)
    }

    /// The outputs from `first` on, which is the first one of a pair of blocks.
    #[inline(always)]
    fn forward<S: Real>(&self, x: &[S], first: usize, y: &mut [T], scratch: &mut ConvolverScratch<T>) {
        self.prepare(scratch);
        let ConvolverScratch { long, short, fft } = scratch;
        let outputs = self.outputs_per_block();
        let skip = self.reach / 2;
        let first_pair = first / (2 * outputs);
        for (pair, y) in (first_pair..).zip(y.chunks_mut(2 * outputs)) {
            copy_pair(x, self.starts(pair), long);
            self.long.process_with_scratch(long, fft);
            let (low, high) = long.split_at(self.block / 2);
            let (low_gain, high_gain) = self.response.split_at(self.block / 2);
            for ((target, bins), gains) in
                short.iter_mut().zip(low.iter().zip(high)).zip(low_gain.iter().zip(high_gain))
            {
                *target = bins.0 * gains.0 + bins.1 * gains.1;
            }
            self.short_back.process_with_scratch(short, fft);
            let made = &short[skip..skip + outputs];
            let (first, second) = y.split_at_mut(outputs.min(y.len()));
            first.iter_mut().zip(made).for_each(|(target, value)| *target = value.re);
            second.iter_mut().zip(made).for_each(|(target, value)| *target = value.im);
        }
    }
}

/// `to[i] = from[starts[0] + i] + i from[starts[1] + i]`, zeros beyond.
#[inline(always)]
fn copy_pair<S: Real, T: Real>(from: &[S], starts: [isize; 2], to: &mut [Complex<T>]) {
    let in_precision = |sample: &S| T::nearest(sample.to_f64());
    let inside = |start: isize| usize::try_from(start).ok().and_then(|start| from.get(start..start + to.len()));
    if let [Some(first), Some(second)] = starts.map(inside) {
        for (target, (re, im)) in to.iter_mut().zip(first.iter().zip(second)) {
            *target = Complex::new(in_precision(re), in_precision(im));
        }
        return;
    }
    let sample = |at: isize| usize::try_from(at).ok().and_then(|at| from.get(at)).map_or(T::default(), in_precision);
    for (i, target) in to.iter_mut().enumerate() {
        let [re, im] = starts.map(|start| sample(start + i as isize));
        *target = Complex::new(re, im);
    }
}

/// `to[start + i] += part(from[i])` where that exists.
#[inline(always)]
fn add_shifted(from: &[Complex<f64>], part: impl Fn(&Complex<f64>) -> f64, start: isize, to: &mut [f64]) {
    let low = (start.max(0) as usize).min(to.len());
    let skipped = start.min(0).unsigned_abs().min(from.len());
    for (target, value) in to[low..].iter_mut().zip(&from[skipped..]) {
        *target += part(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{db_from_ratio, noise};

    #[test]
    fn blocks_agree_with_the_direct_form() {
        let half: Vec<f64> =
            (0..241).map(|lag| (-0.0001 * f64::from(lag * lag)).exp() * f64::from(lag).cos()).collect();
        for n in [1usize, 5, 2000, 4096, 9001] {
            let x = noise(n, 7);
            let fast = FirDecimator::new(2, &half, n, n.div_ceil(2));
            let direct = FirDecimator { blocks: None, ..FirDecimator::new(2, &half, n, n.div_ceil(2)) };
            let (mut a, mut b, mut scratch) = (Vec::new(), Vec::new(), FirScratch::default());
            fast.forward(&x, &mut a, &mut scratch);
            direct.forward(&x, &mut b, &mut scratch);
            assert!(db_from_ratio(&a, &b) < -280.0, "forward {n}: {}", db_from_ratio(&a, &b));
            let y = noise(n.div_ceil(2), 8);
            fast.transpose(&y, &mut a, &mut scratch);
            direct.transpose(&y, &mut b, &mut scratch);
            assert!(db_from_ratio(&a, &b) < -280.0, "transpose {n}: {}", db_from_ratio(&a, &b));
        }
    }
}
