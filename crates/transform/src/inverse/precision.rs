//! The inverse covariance that data have where frames fold frequencies onto each other.

use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

use num_complex::Complex;
use photophone_fft::{Fft, Planner};

use super::banded::BandedFactor;
use super::filter::fast_length;
use crate::analysis::{Analysis, Cells};
use crate::parallel::map;

/// Frames a second over a row's band from which the row's cells determine its part of the signal many times over, so that
/// what they have in common needs not be known exactly.
pub(super) const DETERMINED: f64 = 2.0;

/// Share of a cell's variance that is taken for noise in such rows. Measured: 1 to 0.01 reach the same in as many steps.
const COMMON: f64 = 0.1;

/// The least share elsewhere, above what a model without all of the filters' skirts leaves (-60 dB).
/// Measured: 1e-3 and 1e-5 are within 0.2 dB of it after six steps.
const LEAST: f64 = 1e-4;

/// The same at the ends, where the circle's matrices are not those of a mirror or a stop: held to [`LEAST`] these modes would take
/// many steps. Measured: [`COMMON`] in its place costs the example grid 0.4 dB where the signal is padded with zeros, and 2.4 dB
/// at half its hop.
const LEAST_AT_ENDS: f64 = 1e-3;

/// Times the root of the noise's share of the power that the variance's share is at least: what least squares under this
/// metric lose by shrinking then lies 10 dB below the noise.
const OVER_NOISE: f64 = 3.0;

/// Half-widths of a filter's main lobe up to which it is looked at: what lies beyond is below -60 dB.
const LOBES: f64 = 2.0;

/// Frames over which blocks fade into each other, and of the rougher ones at the ends: four times a filter's length in rows
/// that are not determined many times over. Measured: 16 and 32 cost vibeace 0.3 and 0.8 dB after 12 steps.
const RAMP: usize = 8;

/// Most frames of a block: it bounds the memory.
const BLOCK: usize = 512;

/// Frames from the end of a block to its beginning on the circle.
const GAP: usize = 32;

/// Approximately `(A E^-1 A^T + rho)^-1`, the inverse covariance of data of which signals have the spectrum `1 / E`.
///
/// Least squares in this metric are generalised ones (Aitken 1935): where all frames and rows are known they give what
/// plain ones give, but `A^T W A` is nearly `E` wherever the data determine the signal at all. Far from the ends a row is one
/// filter, decimated by the hop. So on a circle of frames there is a matrix for each frame frequency `j`, of as many rows
/// and columns as there are rows,
/// `G_j[k, l] = sum_m h_k(j + m T) conj(h_l(j + m T)) / E(j + m T) / (2 hop)`,
/// and it is banded: only filters that overlap share a frequency.
/// The data are cut into blocks that fade into each other; at the ends, where the signal is mirrored or stops, `rho` is
/// larger. `W` is symmetric and positive definite whatever the ends are, so that these cost steps and no accuracy.
///
/// Cost: four FFTs of the frames and `8 b` operations a cell where `b` filters overlap. Memory: `b + 1` values for each row
/// and frame of a block.
pub(super) struct Precision {
    inner: Circle,
    ends: Circle,
    windows: Vec<Window>,
}

/// Frames that are looked at together, and the root of their share.
struct Window {
    first: usize,
    shares: Vec<f64>,
    is_end: bool,
}

impl Precision {
    /// `None` where every row is determined many times over. `envelope`: `E` at a frequency in cycles a sample;
    /// `noise`: of each row, the noise's share of the power.
    pub(super) fn new(
        plan: &dyn Analysis,
        envelope: impl Fn(f64) -> f64 + Sync + Send,
        noise: impl Fn(usize) -> f64,
    ) -> Option<Self> {
        let channels = plan.channels();
        let rate = channels.frame_rate_hz();
        let is_determined: Vec<bool> = channels.rows.iter().map(|row| rate >= DETERMINED * row.band_hz).collect();
        let frames = plan.shape().1;
        if is_determined.iter().all(|is| *is) || frames < 2 {
            return None;
        }
        let least = |k: usize, folded: f64| {
            let least = if is_determined[k] { COMMON } else { folded };
            least.max(OVER_NOISE * noise(k).sqrt())
        };
        let inner = Circle::new(plan, frames.min(BLOCK) + GAP, &envelope, |k| least(k, LEAST));
        let ends = Circle::new(plan, RAMP + GAP, &envelope, |k| least(k, LEAST_AT_ENDS));
        Some(Self { inner, ends, windows: windows(frames) })
    }

    /// The share of a row's variance that is taken for noise away from the ends.
    pub(super) fn share(&self, row: usize) -> f64 {
        self.inner.shares[row]
    }

    /// `W cells`, in place.
    pub(super) fn apply(&mut self, cells: &mut Cells) {
        let data = cells.clone();
        cells.as_mut_slice().fill(Complex::default());
        for window in &self.windows {
            let circle = if window.is_end { &mut self.ends } else { &mut self.inner };
            circle.add_product(&data, window, cells);
        }
    }
}

/// Windows over so many frames whose squares sum to 1, or somewhat more where two slopes meet.
fn windows(frames: usize) -> Vec<Window> {
    let ramp = RAMP.min(frames.div_ceil(2));
    // Whether frame `t` after the beginning of a slope is on it, and how high.
    let rise = |t: usize| (FRAC_PI_2 * (t as f64 + 0.5) / ramp as f64).sin();
    let fall = |t: usize| (FRAC_PI_2 * (t as f64 + 0.5) / ramp as f64).cos();
    let mut all = vec![
        Window { first: 0, shares: (0..ramp).map(fall).collect(), is_end: true },
        Window { first: frames - ramp, shares: (0..ramp).map(rise).collect(), is_end: true },
    ];
    let step = BLOCK - ramp;
    let mut first = 0;
    loop {
        let length = BLOCK.min(frames - first);
        let is_last = first + length == frames;
        let share = |t: usize| {
            let (up, down) = (if t < ramp { rise(t) } else { 1.0 }, length - 1 - t);
            up * if down < ramp { rise(down) } else { 1.0 }
        };
        all.push(Window { first, shares: (0..length).map(share).collect(), is_end: false });
        if is_last {
            return all;
        }
        first += step;
    }
}

/// The matrices of all frame frequencies of a circle.
struct Circle {
    factors: Vec<BandedFactor>,
    shares: Vec<f64>,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    /// Frequencies of each row, one row after another.
    bins: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    column: Vec<Complex<f64>>,
}

impl Circle {
    /// Of at least so many frames; `share`: of each row.
    fn new(
        plan: &dyn Analysis,
        frames: usize,
        envelope: &(impl Fn(f64) -> f64 + Sync + Send),
        share: impl Fn(usize) -> f64,
    ) -> Self {
        let frames = fast_length(frames);
        let rows = plan.shape().0;
        let filters = filters(plan, frames, envelope);
        let shares: Vec<f64> = (0..rows).map(share).collect();
        let aliases: Vec<usize> = (0..frames).collect();
        let factors = map(&aliases, |&j| factor(&filters, (j, frames), &shares));
        let mut planner = Planner::default();
        let (forward, inverse) = (planner.forward(frames), planner.inverse(frames));
        let scratch = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        let zeros = |count: usize| vec![Complex::default(); count];
        Self {
            factors,
            shares,
            forward,
            inverse,
            bins: zeros(frames * rows),
            scratch: zeros(scratch),
            column: zeros(rows),
        }
    }

    /// Adds the product with what a window shows of the data, seen through the same window.
    fn add_product(&mut self, data: &Cells, window: &Window, out: &mut Cells) {
        let Self { factors, forward, inverse, bins, scratch, column, .. } = self;
        let frames = factors.len();
        let seen = window.first..window.first + window.shares.len();
        for (k, row) in bins.chunks_exact_mut(frames).enumerate() {
            row.fill(Complex::default());
            let cells = data.row(k)[seen.clone()].iter().zip(&window.shares);
            row.iter_mut().zip(cells).for_each(|(bin, (cell, share))| *bin = cell * share);
            forward.process_with_scratch(row, scratch);
        }
        for (j, factor) in factors.iter().enumerate() {
            for (value, bin) in column.iter_mut().zip(bins.iter().skip(j).step_by(frames)) {
                *value = *bin;
            }
            factor.solve(column);
            for (value, bin) in column.iter().zip(bins.iter_mut().skip(j).step_by(frames)) {
                *bin = value / frames as f64;
            }
        }
        for (k, row) in bins.chunks_exact_mut(frames).enumerate() {
            inverse.process_with_scratch(row, scratch);
            let cells = out.row_mut(k)[seen.clone()].iter_mut().zip(&window.shares);
            row.iter().zip(cells).for_each(|(bin, (cell, share))| *cell += bin * share);
        }
    }
}

/// A row's response over the bins of a circle, from its first to its last, over the root of the envelope.
struct Filter {
    first: usize,
    values: Vec<Complex<f64>>,
}

impl Filter {
    fn end(&self) -> usize {
        self.first + self.values.len()
    }
}

fn filters(plan: &dyn Analysis, frames: usize, envelope: &(impl Fn(f64) -> f64 + Sync + Send)) -> Vec<Filter> {
    let channels = plan.channels();
    let size = frames * channels.hop;
    let rows: Vec<usize> = (0..channels.rows.len()).collect();
    map(&rows, |&k| {
        let channel = channels.rows[k];
        let (centre, reach) = (channel.centre_hz / channels.sample_rate_hz, LOBES * 2.0 / channel.length);
        let bin = |frequency: f64| (frequency.max(0.0) * size as f64) as usize;
        let (first, last) = (bin(centre - reach), bin(centre + reach).min(size / 2));
        let value = |bin: usize| {
            let frequency = bin as f64 / size as f64;
            let share = 0.5 / channels.hop as f64 / envelope(frequency);
            plan.transfer(k, frequency * channels.sample_rate_hz) * share.sqrt()
        };
        Filter { first, values: (first..=last).map(value).collect() }
    })
}

/// `G_j + rho`, factored, for frequency `j` of so many frames.
fn factor(filters: &[Filter], (j, frames): (usize, usize), shares: &[f64]) -> BandedFactor {
    let overlapping = |row: usize| filters[..row].iter().filter(|below| below.end() > filters[row].first).count();
    let reach = (0..filters.len()).map(overlapping).max().unwrap_or(0);
    let mut matrix = vec![Complex::default(); filters.len() * (reach + 1)];
    for (row, values) in matrix.chunks_exact_mut(reach + 1).enumerate() {
        for (d, value) in values.iter_mut().enumerate().take(row + 1) {
            *value = in_common(&filters[row], &filters[row - d], (j, frames));
        }
    }
    BandedFactor::new(matrix, reach, |row| shares[row])
}

/// `sum_m a(j + m T) conj(b(j + m T))`.
fn in_common(a: &Filter, b: &Filter, (j, frames): (usize, usize)) -> Complex<f64> {
    let (from, to) = (a.first.max(b.first), a.end().min(b.end()));
    let first = j + from.saturating_sub(j).div_ceil(frames) * frames;
    (first..to).step_by(frames).map(|bin| a.values[bin - a.first] * b.values[bin - b.first].conj()).sum()
}

#[cfg(test)]
mod tests {
    use photophone_spectrum::Plane;

    use super::*;
    use crate::testing::noise;
    use crate::{Cqt, CqtParams};

    fn noisy((rows, frames): (usize, usize), seed: u64) -> Cells {
        let parts = noise(2 * rows * frames, seed);
        Plane::from_fn(rows, frames, |k, t| Complex::new(parts[2 * (k * frames + t)], parts[2 * (k * frames + t) + 1]))
    }

    fn inner(a: &Cells, b: &Cells) -> f64 {
        a.as_slice().iter().zip(b.as_slice()).map(|(a, b)| a.re * b.re + a.im * b.im).sum()
    }

    #[test]
    fn is_symmetric_and_positive_whatever_the_ends_are() {
        for samples in [700, 9000, 45_000] {
            let plan = Cqt::new(&CqtParams::default(), samples).unwrap();
            let mut precision = Precision::new(&plan, |_| 1.0, |_| 0.0).unwrap();
            let (a, b) = (noisy(plan.shape(), 1), noisy(plan.shape(), 2));
            let (mut wa, mut wb) = (a.clone(), b.clone());
            precision.apply(&mut wa);
            precision.apply(&mut wb);
            let (left, right, size) = (inner(&wa, &b), inner(&a, &wb), inner(&wa, &a));
            assert!((left - right).abs() < 1e-12 * size && size > 0.0, "{samples}: {left} and {right} of {size}");
        }
    }

    /// Away from the ends the covariance under a flat spectrum, and the share that is taken for noise, are undone.
    #[test]
    fn undoes_the_covariance_away_from_the_ends() {
        let plan = Cqt::new(&CqtParams { sr: 44_100.0, ..CqtParams::default() }, 130_000).unwrap();
        let plan: &dyn Analysis = &plan;
        let mut precision = Precision::new(plan, |_| 1.0, |_| 1e-3).unwrap();
        let (rows, frames) = plan.shape();
        let random = noisy((rows, frames), 3);
        let is_inside = |t: usize| (frames / 2 - 20..frames / 2 + 20).contains(&t);
        let cells = Plane::from_fn(rows, frames, |k, t| {
            if (70..78).contains(&k) && is_inside(t) { random[(k, t)] } else { Complex::default() }
        });
        let mut found = plan.forward(&plan.adjoint(&cells).unwrap()).unwrap();
        for (k, t) in (0..rows).flat_map(|k| (0..frames).map(move |t| (k, t))) {
            found[(k, t)] += cells[(k, t)] * precision.share(k);
        }
        precision.apply(&mut found);
        let error: f64 = found.as_slice().iter().zip(cells.as_slice()).map(|(a, b)| (a - b).norm_sqr()).sum();
        let db = 10.0 * (error / inner(&cells, &cells)).log10();
        assert!(db < -40.0, "{db} dB");
    }

    #[test]
    fn windows_share_each_frame() {
        for frames in [2, 5, 16, 40, 260, 512, 513, 1100] {
            let mut sums = vec![0.0; frames];
            for window in windows(frames) {
                for (t, share) in window.shares.iter().enumerate() {
                    sums[window.first + t] += share * share;
                }
            }
            assert!(sums.iter().all(|sum| (0.999..2.001).contains(sum)), "{frames}: {sums:?}");
            let whole = sums.iter().filter(|sum| (*sum - 1.0).abs() < 1e-9).count();
            assert!(whole + 2 * RAMP >= frames, "{frames}: {sums:?}");
        }
    }
}
