//! Where blocks lie, and which part of each is kept.

use std::ops::Range;

use crate::{StopFlag, Tempered, TransformError};

/// Least hops of a block over those that it shares with its neighbours: at most half of the work is done twice.
const LEAST_OVER_SHARED: usize = 2;

/// How a signal is cut into blocks of one length that overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    hop: usize,
    samples: usize,
    frames: usize,
    /// Of a block, in hops. The last one has up to a hop more.
    length: usize,
    /// Hops at a cut that are context alone.
    pad: usize,
    /// Hops over which blocks fade into each other.
    fade: usize,
    /// Blocks.
    count: usize,
    /// Whether the recording goes on before its first sample, and after its last.
    open: (bool, bool),
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub index: usize,
    /// Its samples.
    pub samples: Range<usize>,
    /// Its frames.
    pub frames: Range<usize>,
    /// Samples of context at its beginning and at its end; 0 at the signal's own ends.
    pub context: (usize, usize),
    /// Whether the recording goes on before it, and after it.
    pub open: (bool, bool),
}

impl Layout {
    /// For the transform of so many samples, in blocks of about so many. The context is as far as a coefficient hears.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn of_transform(of: Tempered<'_>, samples: usize, block: usize) -> Result<Self, TransformError> {
        Self::new(of, samples, block, |reach, _| (reach, 0))
    }

    /// For the inverse. A coefficient counts where all that it hears lies in the block. What the others would have told is
    /// missed over another length of the lowest filter, by which the inverse settles (-90 dB of the signal; `docs/method.md`);
    /// over one more, blocks fade into each other.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn of_inverse(of: Tempered<'_>, samples: usize, block: usize) -> Result<Self, TransformError> {
        Self::new(of, samples, block, |reach, longest| (reach + longest, longest))
    }

    fn new(
        of: Tempered<'_>,
        samples: usize,
        block: usize,
        shared: impl Fn(usize, usize) -> (usize, usize),
    ) -> Result<Self, TransformError> {
        let hop = of.params.hop;
        // A plan of one block tells of the whole: frames that begin a number of hops later are as many fewer.
        let skipped = samples.saturating_sub(block.max(hop)) / hop;
        let plan = of.plan(samples - skipped * hop, &StopFlag::default())?;
        let frames = skipped + plan.shape().1;
        let longest = plan.filter_lengths().into_iter().fold(0.0, f64::max).ceil() as usize;
        let (pad, fade) = shared(plan.reaches().into_iter().max().unwrap_or(0), longest);
        let (pad, fade) = (pad.div_ceil(hop), fade.div_ceil(hop));
        let length = (block / hop).max(LEAST_OVER_SHARED * (2 * pad + fade)).max(1);
        // Where the last block begins, and how many are needed to come there.
        let last = (samples / hop).saturating_sub(length);
        let count = 1 + last.div_ceil(length - 2 * pad - fade);
        Ok(Self { hop, samples, frames, length, pad, fade, count, open: (false, false) })
    }

    /// The same of a signal that was cut out of a longer one, at its beginning or at its end.
    #[must_use]
    pub fn cut_out(self, head: bool, tail: bool) -> Self {
        Self { open: (head, tail), ..self }
    }

    /// Blocks.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Samples of the whole.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Frames of the whole.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Samples of a block; the last one has up to a hop more.
    pub fn block_samples(&self) -> usize {
        (self.length * self.hop).min(self.samples)
    }

    /// Frames at a cut that are context alone.
    pub fn context_frames(&self) -> usize {
        self.pad
    }

    /// Samples over which blocks fade into each other.
    pub fn fade_samples(&self) -> usize {
        self.fade * self.hop
    }

    /// Block `index`.
    pub fn block(&self, index: usize) -> Block {
        let (first, is_last) = (self.first(index), index + 1 >= self.count);
        let end = first + self.length;
        let pad = self.pad * self.hop;
        let context = (if index == 0 { 0 } else { pad }, if is_last { 0 } else { pad });
        let (samples, frames) = if is_last { (self.samples, self.frames) } else { (end * self.hop, end + 1) };
        let open = (index > 0 || self.open.0, !is_last || self.open.1);
        Block { index, samples: first * self.hop..samples, frames: first..frames, context, open }
    }

    /// All of them.
    pub fn blocks(&self) -> impl Iterator<Item = Block> + '_ {
        (0..self.count).map(|index| self.block(index))
    }

    /// Samples over which block `index` fades into the next one: the middle of what both have that is no context. For the
    /// last one none, at the signal's end.
    pub fn joint(&self, index: usize) -> Range<usize> {
        if index + 1 >= self.count {
            return self.samples..self.samples;
        }
        let (from, to) = (self.first(index + 1) + self.pad, self.first(index) + self.length - self.pad);
        let first = (from + to - self.fade) / 2;
        first * self.hop..(first + self.fade) * self.hop
    }

    /// Frames of block `index` that no other block gives.
    pub fn own_frames(&self, index: usize) -> Range<usize> {
        let begin = |index: usize| self.joint(index).start / self.hop;
        let first = index.checked_sub(1).map_or(0, begin);
        first..if index + 1 >= self.count { self.frames } else { begin(index) }
    }

    /// First frame of a block. They are spread evenly.
    fn first(&self, index: usize) -> usize {
        let last = (self.samples / self.hop).saturating_sub(self.length);
        if self.count < 2 { 0 } else { index.min(self.count - 1) * last / (self.count - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CqtParams;

    #[test]
    fn blocks_cover_everything_once() {
        let params = CqtParams { sr: 8000.0, hop: 64, bins: 36, fmin_hz: 200.0, ..CqtParams::default() };
        let of = Tempered::from(&params);
        for samples in [500, 8000, 8001, 48_063, 100_000] {
            for block in [1, 6000, 20_000] {
                for layout in [Layout::of_transform(of, samples, block), Layout::of_inverse(of, samples, block)] {
                    let layout = layout.unwrap();
                    let blocks: Vec<Block> = layout.blocks().collect();
                    assert_eq!((blocks[0].samples.start, blocks[0].frames.start, blocks[0].context.0), (0, 0, 0));
                    let last = &blocks[blocks.len() - 1];
                    assert_eq!((last.samples.end, last.frames.end, last.context.1), (samples, layout.frames(), 0));
                    let (mut frames, mut from) = (0, 0);
                    for block in &blocks {
                        let own = layout.own_frames(block.index);
                        assert_eq!(own.start, frames);
                        frames = own.end;
                        let (joint, clean) = (layout.joint(block.index), block.samples.end - block.context.1);
                        assert!(from >= block.samples.start + block.context.0 && joint.end <= clean, "{layout:?}");
                        assert!(joint.start >= from && block.samples.start % 64 == 0);
                        from = joint.start;
                        let length = block.samples.len();
                        assert!(length == layout.block_samples() || block.index + 1 == layout.count());
                        assert!(length < layout.block_samples() + 64);
                    }
                    assert_eq!(frames, layout.frames());
                }
            }
        }
    }
}
