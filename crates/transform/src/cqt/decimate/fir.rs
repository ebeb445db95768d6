//! One decimating FIR stage with a symmetric response, and its transpose.

use std::ops::Range;
use std::sync::Arc;

use num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

/// From this many taps a filter that halves the rate works by FFT (overlap-save).
/// At 65 taps (resampy's `kaiser_fast`) the direct form still wins, at 481 (soxr's) it is four
/// times slower.
const FFT_MIN_TAPS: usize = 128;

/// Overlap-save block: the smallest per-sample cost for 481 taps among powers of two.
const BLOCK: usize = 4096;

/// `y[m] = sum_j h[|j|] x[factor m - j]`, zeros beyond the input, `m < output`.
#[derive(Debug)]
pub(super) struct FirDecimator {
    factor: usize,
    /// All lags, the middle one at `reach`.
    taps: Vec<f64>,
    reach: usize,
    input: usize,
    output: usize,
    blocks: Option<BlockConvolver>,
}

impl FirDecimator {
    pub(super) fn new(factor: usize, half: &[f64], input: usize, output: usize) -> Self {
        let by_fft = factor == 2 && 2 * half.len() > FFT_MIN_TAPS;
        let taps = half.iter().skip(1).rev().chain(half).copied().collect();
        let blocks = by_fft.then(|| BlockConvolver::new(half));
        Self { factor, taps, reach: half.len() - 1, input, output, blocks }
    }

    pub(super) fn output_len(&self) -> usize {
        self.output
    }

    pub(super) fn forward(&self, x: &[f64], y: &mut Vec<f64>, scratch: &mut FirScratch) {
        y.clear();
        y.resize(self.output, 0.0);
        if let Some(blocks) = &self.blocks {
            blocks.forward(x, y, scratch);
            return;
        }
        for (m, value) in y.iter_mut().enumerate() {
            let (taps, under) = self.overlap(m);
            *value = dot(taps, &x[under]);
        }
    }

    pub(super) fn transpose(&self, y: &[f64], x: &mut Vec<f64>, scratch: &mut FirScratch) {
        x.clear();
        x.resize(self.input, 0.0);
        if let Some(blocks) = &self.blocks {
            blocks.transpose(y, x, scratch);
            return;
        }
        for (m, &value) in y.iter().enumerate() {
            let (taps, under) = self.overlap(m);
            for (target, tap) in x[under].iter_mut().zip(taps) {
                *target += tap * value;
            }
        }
    }

    /// The taps of output `m` that fall on the input, and where they fall.
    fn overlap(&self, m: usize) -> (&[f64], Range<usize>) {
        let centre = self.factor * m;
        let low = centre.saturating_sub(self.reach);
        let high = (centre + self.reach + 1).min(self.input).max(low);
        let first = low + self.reach - centre;
        (&self.taps[first..first + (high - low)], low..high)
    }
}

/// Inner product in four running sums, which the compiler can keep in one register.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a4, a1) = a.as_chunks::<4>();
    let (b4, b1) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (x, y) in a4.iter().zip(b4) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + a1.iter().zip(b1).map(|(x, y)| x * y).sum::<f64>()
}

/// Working memory for the FFT form.
#[derive(Debug, Default)]
pub(crate) struct FirScratch {
    long: Vec<f64>,
    short: Vec<f64>,
    long_bins: Vec<Complex<f64>>,
    short_bins: Vec<Complex<f64>>,
    fft: Vec<Complex<f64>>,
}

/// Halving the rate by overlap-save: multiply a block's spectrum and fold it to half the length.
struct BlockConvolver {
    /// Transform of the response with lag 0 at sample 0, divided by the block length.
    response: Vec<f64>,
    reach: usize,
    long: Arc<dyn RealToComplex<f64>>,
    long_back: Arc<dyn ComplexToReal<f64>>,
    short: Arc<dyn RealToComplex<f64>>,
    short_back: Arc<dyn ComplexToReal<f64>>,
}

impl std::fmt::Debug for BlockConvolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockConvolver").field("reach", &self.reach).finish_non_exhaustive()
    }
}

impl BlockConvolver {
    fn new(half: &[f64]) -> Self {
        let mut planner = RealFftPlanner::new();
        let long = planner.plan_fft_forward(BLOCK);
        let mut time = vec![0.0; BLOCK];
        for (lag, &tap) in half.iter().enumerate() {
            time[lag] = tap / BLOCK as f64;
            time[(BLOCK - lag) % BLOCK] = tap / BLOCK as f64;
        }
        let mut spectrum = long.make_output_vec();
        // Lengths are right by construction; a symmetric response has a real spectrum.
        let _ = long.process(&mut time, &mut spectrum);
        Self {
            response: spectrum.iter().map(|bin| bin.re).collect(),
            // An even reach keeps each block's first output on an even input sample.
            reach: (half.len() - 1).next_multiple_of(2),
            long,
            long_back: planner.plan_fft_inverse(BLOCK),
            short: planner.plan_fft_forward(BLOCK / 2),
            short_back: planner.plan_fft_inverse(BLOCK / 2),
        }
    }

    fn prepare(&self, scratch: &mut FirScratch) {
        scratch.long.resize(BLOCK, 0.0);
        scratch.short.resize(BLOCK / 2, 0.0);
        scratch.long_bins.resize(BLOCK / 2 + 1, Complex::default());
        scratch.short_bins.resize(BLOCK / 4 + 1, Complex::default());
        let need = [
            self.long.get_scratch_len(),
            self.long_back.get_scratch_len(),
            self.short.get_scratch_len(),
            self.short_back.get_scratch_len(),
        ];
        scratch.fft.resize(need.into_iter().max().unwrap_or(0), Complex::default());
    }

    /// Outputs that a block makes.
    fn outputs_per_block(&self) -> usize {
        (BLOCK - 2 * self.reach) / 2
    }

    fn forward(&self, x: &[f64], y: &mut [f64], scratch: &mut FirScratch) {
        self.prepare(scratch);
        let FirScratch { long, short, long_bins, short_bins, fft } = scratch;
        for (block, out) in y.chunks_mut(self.outputs_per_block()).enumerate() {
            let first = 2 * block * self.outputs_per_block();
            copy_shifted(x, first as isize - self.reach as isize, long);
            let _ = self.long.process_with_scratch(long, long_bins, &mut fft[..self.long.get_scratch_len()]);
            let half = BLOCK / 2;
            for k in 0..=BLOCK / 4 {
                let mirrored = half - k;
                short_bins[k] = long_bins[k] * self.response[k] + long_bins[mirrored].conj() * self.response[mirrored];
            }
            make_ends_real(short_bins);
            let _ =
                self.short_back.process_with_scratch(short_bins, short, &mut fft[..self.short_back.get_scratch_len()]);
            let skip = self.reach / 2;
            out.copy_from_slice(&short[skip..skip + out.len()]);
        }
    }

    fn transpose(&self, y: &[f64], x: &mut [f64], scratch: &mut FirScratch) {
        self.prepare(scratch);
        let FirScratch { long, short, long_bins, short_bins, fft } = scratch;
        for (block, values) in y.chunks(self.outputs_per_block()).enumerate() {
            let first = 2 * block * self.outputs_per_block();
            let skip = self.reach / 2;
            short.fill(0.0);
            short[skip..skip + values.len()].copy_from_slice(values);
            let _ = self.short.process_with_scratch(short, short_bins, &mut fft[..self.short.get_scratch_len()]);
            let half = BLOCK / 2;
            for k in 0..=BLOCK / 4 {
                let mirrored = half - k;
                long_bins[k] = short_bins[k] * self.response[k];
                long_bins[mirrored] = short_bins[k].conj() * self.response[mirrored];
            }
            make_ends_real(long_bins);
            let _ = self.long_back.process_with_scratch(long_bins, long, &mut fft[..self.long_back.get_scratch_len()]);
            add_shifted(long, first as isize - self.reach as isize, x);
        }
    }
}

/// An inverse real FFT insists on real first and last bins.
fn make_ends_real(bins: &mut [Complex<f64>]) {
    if let [first, .., last] = bins {
        first.im = 0.0;
        last.im = 0.0;
    }
}

/// `to[i] = from[start + i]`, zeros beyond.
fn copy_shifted(from: &[f64], start: isize, to: &mut [f64]) {
    let (skip, low) = (start.min(0).unsigned_abs().min(to.len()), (start.max(0) as usize).min(from.len()));
    let count = (to.len() - skip).min(from.len() - low);
    to[..skip].fill(0.0);
    to[skip..skip + count].copy_from_slice(&from[low..low + count]);
    to[skip + count..].fill(0.0);
}

/// `to[start + i] += from[i]` where that exists.
fn add_shifted(from: &[f64], start: isize, to: &mut [f64]) {
    let (skip, low) = (start.min(0).unsigned_abs().min(from.len()), (start.max(0) as usize).min(to.len()));
    for (target, value) in to[low..].iter_mut().zip(&from[skip..]) {
        *target += value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cqt::testing::{db_from_ratio, noise};

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
