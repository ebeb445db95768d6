//! A channel's cosine coefficients, from its decoded samples.

use super::JpegChannel;
use super::cosine::{Block, Cosine, SIDE};

/// Variance by which a decoded sample is rounded.
const ROUNDING: f32 = 1.0 / 12.0;

/// Times that samples cut off at an end of their range are replaced by what the coefficients make of them.
const ROUNDS: usize = 8;

/// Coefficients of a channel in blocks, row by row, and what is known of their errors.
pub(super) struct Coefficients {
    pub(super) blocks: Vec<Block>,
    /// Blocks in a row and in a column.
    pub(super) across: usize,
    pub(super) down: usize,
    /// Variance of each coefficient of a whole block: of a uniform error of its step, and rounding.
    pub(super) variance: Block,
    /// Share of each block's samples that the picture has, 0 to 1.
    pub(super) seen: Vec<f32>,
}

impl Coefficients {
    /// The coefficients of the samples, rounded to the multiples of their steps that the file held.
    pub(super) fn new(channel: &JpegChannel, (width, height): (usize, usize)) -> Self {
        let kept = Kept::new(channel, (width, height));
        let cosine = Cosine::new();
        let (across, down) = (kept.width.div_ceil(SIDE), kept.height.div_ceil(SIDE));
        let steps: Block = channel.steps.map(f32::from);
        let (mut blocks, mut seen) = (Vec::new(), Vec::new());
        for (top, left) in (0..down).flat_map(|y| (0..across).map(move |x| (y * SIDE, x * SIDE))) {
            let samples: Block = std::array::from_fn(|i| kept.at(left + i % SIDE, top + i / SIDE));
            let (columns, rows) = ((kept.width - left).min(SIDE), (kept.height - top).min(SIDE));
            let is_whole = columns * rows == SIDE * SIDE;
            blocks.push(if is_whole { dequantised(&cosine, samples, &steps) } else { cosine.forward(&samples) });
            seen.push((columns * rows) as f32 / (SIDE * SIDE) as f32);
        }
        Self { blocks, across, down, variance: steps.map(|step| step * step / 12.0 + ROUNDING), seen }
    }

    /// Mean variance of a sample.
    pub(super) fn mean_variance(&self) -> f32 {
        self.variance.iter().sum::<f32>() / self.variance.len() as f32
    }
}

/// The multiples of the steps whose samples, cut off where they leave their range, are these.
fn dequantised(cosine: &Cosine, samples: Block, steps: &Block) -> Block {
    let rounded = |samples: &Block| {
        let mut block = cosine.forward(samples);
        block.iter_mut().zip(steps).for_each(|(value, step)| *value = (*value / step).round() * step);
        block
    };
    let mut open = samples;
    let mut coefficients = rounded(&open);
    for _ in 0..ROUNDS {
        let made = cosine.inverse(&coefficients);
        for ((open, &sample), &made) in open.iter_mut().zip(&samples).zip(&made) {
            if (sample <= -LIMIT && made < sample) || (sample >= LIMIT - 1.0 && made > sample) {
                *open = made;
            }
        }
        let next = rounded(&open);
        if next == coefficients {
            break;
        }
        coefficients = next;
    }
    coefficients
}

/// Half of a sample's range: the transform is of samples less this.
const LIMIT: f32 = 128.0;

/// The samples as the file kept them, less 128.
struct Kept {
    width: usize,
    height: usize,
    samples: Vec<f32>,
}

impl Kept {
    fn new(channel: &JpegChannel, (width, height): (usize, usize)) -> Self {
        let samples: Vec<f32> = channel.samples.iter().map(|&sample| f32::from(sample) - LIMIT).collect();
        let (per_x, per_y) = channel.pixels_per_sample;
        let mut kept = Self { width, height, samples };
        if per_x == 2 {
            kept = kept.unspread();
        }
        if per_y == 2 {
            kept = kept.transposed().unspread().transposed();
        }
        kept
    }

    /// A sample; beyond the picture the outermost one.
    fn at(&self, x: usize, y: usize) -> f32 {
        self.samples[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    fn transposed(&self) -> Self {
        let samples = (0..self.width).flat_map(|x| (0..self.height).map(move |y| self.samples[y * self.width + x]));
        Self { width: self.height, height: self.width, samples: samples.collect() }
    }

    /// Half as many samples in a row: those that the triangle filter spread to these.
    fn unspread(&self) -> Self {
        let width = self.width.div_ceil(2);
        let samples = self.samples.chunks_exact(self.width).flat_map(unspread).collect();
        Self { width, height: self.height, samples }
    }
}

/// The samples `a` that the triangle filter spread to this row: `(3 a_i + a_(i-1)) / 4` and `(3 a_i + a_(i+1)) / 4`, the
/// outermost ones themselves. The means of both, `(a_(i-1) + 6 a_i + a_(i+1)) / 8`, are solved for them by elimination
/// (Thomas).
fn unspread(row: &[f32]) -> Vec<f32> {
    let count = row.len().div_ceil(2);
    let mean = |i: usize| row.get(2 * i + 1).map_or(row[2 * i], |second| f32::midpoint(row[2 * i], *second));
    let is_paired = row.len().is_multiple_of(2);
    let weights = |i: usize| {
        let (left, right) = (i > 0, i + 1 < count);
        match (left, right) {
            // Without its second pixel the last sample has the first alone.
            (true, false) if !is_paired => [0.25, 0.75, 0.0],
            _ => {
                let sides = [left, right].map(|is| if is { 0.125 } else { 0.0 });
                [sides[0], 1.0 - sides[0] - sides[1], sides[1]]
            }
        }
    };
    let mut solved: Vec<f32> = Vec::with_capacity(count);
    let mut factors: Vec<f32> = Vec::with_capacity(count);
    for i in 0..count {
        let [left, own, right] = weights(i);
        let (before, factor) = if i > 0 { (solved[i - 1], factors[i - 1]) } else { (0.0, 0.0) };
        let pivot = own - left * factor;
        solved.push((mean(i) - left * before) / pivot);
        factors.push(right / pivot);
    }
    for i in (0..count.saturating_sub(1)).rev() {
        solved[i] -= factors[i] * solved[i + 1];
    }
    solved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triangle_filter_is_undone() {
        for length in [1, 2, 7, 8, 31] {
            let kept: Vec<f32> = (0..length).map(|i| (i * i * 53 % 211) as f32).collect();
            let at = |i: isize| kept[i.clamp(0, length as isize - 1) as usize];
            let spread = |x: isize| 0.75 * at(x / 2) + 0.25 * at(if x % 2 == 0 { x / 2 - 1 } else { x / 2 + 1 });
            for pixels in [2 * length, 2 * length - 1] {
                let row: Vec<f32> = (0..pixels as isize).map(spread).collect();
                let found = unspread(&row);
                assert!(found.iter().zip(&kept).all(|(a, b)| (a - b).abs() < 1e-2), "{found:?} {kept:?}");
            }
        }
    }

    #[test]
    fn coefficients_come_back_from_rounded_and_cut_samples() {
        let cosine = Cosine::new();
        let steps: Block = std::array::from_fn(|i| (3 + i / 8 + i % 8) as f32);
        // Dark, with a bright corner: what lies below black is cut off.
        let before: Block = std::array::from_fn(|i| if i % 8 + i / 8 < 5 { 60.0 } else { -128.0 });
        let mut kept = cosine.forward(&before);
        kept.iter_mut().zip(&steps).for_each(|(value, step)| *value = (*value / step).round() * step);
        let samples = cosine.inverse(&kept).map(|sample| sample.round().clamp(-128.0, 127.0));
        assert!(cosine.inverse(&kept).iter().any(|&sample| sample < -128.5));
        let mut once = cosine.forward(&samples);
        once.iter_mut().zip(&steps).for_each(|(value, step)| *value = (*value / step).round() * step);
        let wrong = |found: &Block| found.iter().zip(&kept).filter(|(a, b)| a != b).count();
        let found = dequantised(&cosine, samples, &steps);
        // Steps that show only in what was cut off cannot be told.
        assert!(wrong(&found) < wrong(&once), "{} {}", wrong(&found), wrong(&once));
        let made = cosine.inverse(&found).map(|sample| sample.clamp(-128.0, 127.0));
        assert!(made.iter().zip(&samples).all(|(a, b)| (a - b).abs() < 2.0));
    }
}
