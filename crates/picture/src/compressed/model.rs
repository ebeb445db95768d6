//! The coefficients that cells of palette colours have, and how far the file's lie from them.

use super::Jpeg;
use super::bounds::Bounds;
use super::channel::Coefficients;
use super::cosine::{Block, Cosine, SIDE};
use photophone_spectrum::Plane;

/// What of a cell lies in one block along one direction: the block, and the cosine transform of its share of each sample.
type Part = (usize, [f32; SIDE]);

/// All channels that tell one entry of the palette from another.
pub(super) struct Model {
    channels: Vec<Channel>,
    rows: usize,
    columns: usize,
}

struct Channel {
    /// The channel's value of each palette entry.
    values: Vec<f32>,
    columns: Vec<Vec<Part>>,
    rows: Vec<Vec<Part>>,
    /// What the file's coefficients are more than the cells'.
    residuals: Vec<Block>,
    across: usize,
    /// One over the variances of the coefficients of each block, as an index.
    weights: Vec<Block>,
    weight_of_block: Vec<u16>,
    /// How much each cell weighs: the weighted square of its coefficients for a step of one.
    energies: Vec<f32>,
    /// Blocks that lie in the cells as a whole.
    inside: Vec<bool>,
}

/// What the file says of a cell's entry: `cost(entry) = sum over channels of h d^2 - 2 g d`, `d` the channel's change of
/// value, is twice the negative logarithm of its likelihood.
pub(super) struct Told {
    /// `g` and `h` of each channel.
    terms: [(f32, f32); 3],
}

impl Model {
    /// `None` where no channel tells anything.
    pub(super) fn new(jpeg: &Jpeg, bounds: &Bounds, table: &[[u8; 3]], entries: &Plane<usize>) -> Option<Self> {
        let (rows, columns) = bounds.cells();
        if entries.shape() != (rows, columns) {
            return None;
        }
        let values = |channel: usize| table.iter().map(|&colour| converted(colour)[channel]).collect::<Vec<f32>>();
        let channels: Vec<Channel> = (0..jpeg.channels.len().min(3))
            .map(|i| (i, values(i)))
            .filter(|(_, values)| values.iter().any(|value| *value != values[0]))
            .map(|(i, values)| Channel::new(jpeg, i, values, bounds, entries))
            .collect();
        (!channels.is_empty()).then_some(Self { channels, rows, columns })
    }

    pub(super) fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// Entries of the palette.
    pub(super) fn entries(&self) -> usize {
        self.channels.first().map_or(0, |channel| channel.values.len())
    }

    /// What the file says of a cell while all others stay.
    pub(super) fn told(&self, row: usize, column: usize) -> Told {
        let mut terms = [(0.0, 0.0); 3];
        for (term, channel) in terms.iter_mut().zip(&self.channels) {
            *term = (channel.slope(row, column), channel.energies[row * self.columns + column]);
        }
        Told { terms }
    }

    /// Twice the negative logarithm of the likelihood of `entry` over that of `from`.
    pub(super) fn cost(&self, told: &Told, from: usize, entry: usize) -> f32 {
        let terms = self.channels.iter().zip(&told.terms);
        terms
            .map(|(channel, (g, h))| {
                let step = channel.values[entry] - channel.values[from];
                step * (h * step - 2.0 * g)
            })
            .sum()
    }

    /// Changes a cell's entry.
    pub(super) fn change(&mut self, (row, column): (usize, usize), from: usize, entry: usize) {
        for channel in &mut self.channels {
            let step = channel.values[entry] - channel.values[from];
            channel.add(row, column, -step);
        }
    }

    /// Mean square of the residuals over their variances, in the blocks that are wholly of cells; 0 where there are none.
    pub(super) fn misfit(&self) -> f64 {
        let (mut sum, mut count) = (0.0, 0usize);
        for channel in &self.channels {
            for (block, residual) in channel.residuals.iter().enumerate().filter(|(block, _)| channel.inside[*block]) {
                let weights = &channel.weights[usize::from(channel.weight_of_block[block])];
                sum += residual.iter().zip(weights).map(|(r, w)| f64::from(r * r * w)).sum::<f64>();
                count += residual.len();
            }
        }
        sum / count.max(1) as f64
    }
}

impl Channel {
    fn new(jpeg: &Jpeg, index: usize, values: Vec<f32>, bounds: &Bounds, entries: &Plane<usize>) -> Self {
        let source = &jpeg.channels[index];
        let size = (jpeg.width, jpeg.height);
        let kept = Coefficients::new(source, size);
        let (per_x, per_y) = source.pixels_per_sample;
        let cosine = Cosine::new();
        let columns = parts(&cosine, &bounds.x, (per_x, size.0, kept.across));
        let rows = parts(&cosine, &bounds.y, (per_y, size.1, kept.down));
        let outside = outside(source, size, bounds, (kept.across, kept.down));
        let (weights, weight_of_block) = weights(&kept, &outside);
        let inside = outside.iter().zip(&kept.seen).map(|((_, share), seen)| *share == 0.0 && *seen == 1.0).collect();
        let mut residuals = kept.blocks;
        for (residual, (samples, _)) in residuals.iter_mut().zip(&outside) {
            let made = cosine.forward(samples);
            residual.iter_mut().zip(&made).for_each(|(value, made)| *value -= made);
        }
        let across = kept.across;
        let mut channel =
            Self { values, columns, rows, residuals, across, weights, weight_of_block, energies: Vec::new(), inside };
        for row in 0..entries.rows() {
            for column in 0..entries.columns() {
                channel.add(row, column, 128.0 - channel.values[entries[(row, column)]]);
                channel.energies.push(channel.energy(row, column));
            }
        }
        channel
    }

    /// Blocks of a cell with what it has of them.
    fn blocks(&self, row: usize, column: usize) -> impl Iterator<Item = (usize, &[f32; SIDE], &[f32; SIDE])> {
        let columns = &self.columns[column];
        self.rows[row]
            .iter()
            .flat_map(move |(y, down)| columns.iter().map(move |(x, along)| (y * self.across + x, down, along)))
    }

    /// The weighted product of a cell with the residuals.
    fn slope(&self, row: usize, column: usize) -> f32 {
        self.blocks(row, column)
            .map(|(block, down, along)| {
                let weights = &self.weights[usize::from(self.weight_of_block[block])];
                weighted(weights, &self.residuals[block], down, along)
            })
            .sum()
    }

    fn energy(&self, row: usize, column: usize) -> f32 {
        self.blocks(row, column)
            .map(|(block, down, along)| {
                let weights = &self.weights[usize::from(self.weight_of_block[block])];
                let own: Block = std::array::from_fn(|i| down[i / SIDE] * along[i % SIDE]);
                weighted(weights, &own, down, along)
            })
            .sum()
    }

    /// Adds a multiple of a cell to the residuals.
    fn add(&mut self, row: usize, column: usize, step: f32) {
        let across = self.across;
        for (y, down) in &self.rows[row] {
            for (x, along) in &self.columns[column] {
                let residual = &mut self.residuals[y * across + x];
                for (line, &down) in residual.chunks_exact_mut(SIDE).zip(down) {
                    let factor = step * down;
                    line.iter_mut().zip(along).for_each(|(value, along)| *value += factor * along);
                }
            }
        }
    }
}

#[inline]
fn weighted(weights: &Block, values: &Block, down: &[f32; SIDE], along: &[f32; SIDE]) -> f32 {
    let lines = weights.chunks_exact(SIDE).zip(values.chunks_exact(SIDE)).zip(down);
    let mut sums = [0.0; SIDE];
    for ((weights, values), down) in lines {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += down * weights[i] * values[i];
        }
    }
    sums.iter().zip(along).map(|(sum, along)| sum * along).sum()
}

/// Y, Cb and Cr of a colour (JFIF, ITU-T T.871), rounded as encoders do.
fn converted([r, g, b]: [u8; 3]) -> [f32; 3] {
    let [r, g, b] = [r, g, b].map(f32::from);
    let luma = 0.299 * r + 0.587 * g + 0.114 * b;
    [luma, (b - luma) / 1.772 + 128.0, (r - luma) / 1.402 + 128.0].map(f32::round)
}

/// The parts of each cell along one direction. Cells at the picture's end reach to the last block's end: encoders repeat
/// the outermost sample.
fn parts(cosine: &Cosine, bounds: &[usize], (per, pixels, blocks): (usize, usize, usize)) -> Vec<Vec<Part>> {
    let part = |begin: usize, end: usize, block: usize| {
        let share = |i: usize| {
            let first = (block * SIDE + i) * per;
            let overlap = end.min(first + per).saturating_sub(begin.max(first));
            overlap as f32 / per as f32
        };
        (block, cosine.line(&std::array::from_fn(share)))
    };
    bounds
        .windows(2)
        .map(|pair| {
            let end = if pair[1] == pixels { blocks * SIDE * per } else { pair[1] };
            let (first, last) = (pair[0] / (SIDE * per), (end - 1) / (SIDE * per));
            (first..=last.min(blocks - 1)).map(|block| part(pair[0], end, block)).collect()
        })
        .collect()
}

/// For each block the samples, less 128, of what lies outside of the cells, as decoded, 0 inside; and their share.
fn outside(
    channel: &super::JpegChannel,
    (width, height): (usize, usize),
    bounds: &Bounds,
    (across, down): (usize, usize),
) -> Vec<(Block, f32)> {
    let (per_x, per_y) = channel.pixels_per_sample;
    let is_in = |bounds: &[usize], px: usize, pixels: usize| {
        let end = bounds[bounds.len() - 1];
        px >= bounds[0] && (px < end || end == pixels)
    };
    let mut made = Vec::with_capacity(across * down);
    for (top, left) in (0..down).flat_map(|y| (0..across).map(move |x| (y * SIDE, x * SIDE))) {
        let (mut block, mut share) = ([0.0; SIDE * SIDE], 0.0);
        for (i, value) in block.iter_mut().enumerate() {
            let (x, y) = ((left + i % SIDE) * per_x, (top + i / SIDE) * per_y);
            for (x, y) in (0..per_x * per_y).map(|k| (x + k % per_x, y + k / per_x)) {
                if !(is_in(&bounds.x, x, width) && is_in(&bounds.y, y, height)) {
                    let sample = channel.samples[y.min(height - 1) * width + x.min(width - 1)];
                    *value += (f32::from(sample) - 128.0) / (per_x * per_y) as f32;
                    share += 1.0 / (per_x * per_y * SIDE * SIDE) as f32;
                }
            }
        }
        made.push((block, share));
    }
    made
}

/// One over the variances, as few blocks of them as there are kinds of blocks, and which each block has.
///
/// What is outside of the cells is known as decoded only, and adds its error. A block of which the picture has a part was
/// transformed with the rest repeated: its coefficients tell no more than so many samples with errors of the mean variance.
fn weights(kept: &Coefficients, outside: &[(Block, f32)]) -> (Vec<Block>, Vec<u16>) {
    let sample = kept.mean_variance();
    let mut kinds: Vec<(f32, f32)> = Vec::new();
    let mut weights: Vec<Block> = Vec::new();
    let mut index = Vec::with_capacity(outside.len());
    for ((_, share), &seen) in outside.iter().zip(&kept.seen) {
        let kind = (*share, seen);
        let found = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
            let own = |variance: f32| if seen < 1.0 { sample / seen } else { variance };
            weights.push(kept.variance.map(|variance| 1.0 / (own(variance) + share * sample)));
            kinds.push(kind);
            kinds.len() - 1
        });
        index.push(u16::try_from(found).unwrap_or(u16::MAX));
    }
    (weights, index)
}
