//! How long the blocks of an octave are, or whether its frames are cheaper one by one.

use std::iter;

use crate::lanes::LANES;
use crate::operations::{COMPLEX_BYTES, FFT_OPERATIONS, MULTIPLY_ADD};

/// Blocks that are worked on at a time. The responses are too many for a processor's nearest cache: each is fetched once
/// for all of them.
pub(super) const GROUP: usize = 4;

/// Most bytes of the responses of an octave's rows.
const MOST_BYTES: usize = 16 << 20;

/// Bytes up to which blocks may hold more than [`MOST_LENGTHS`]: what a processor's second cache keeps.
const CACHED_BYTES: usize = 1 << 20;

/// Most lengths of a frame in a block: a quarter of it is then lost to what wraps around, longer ones win little.
const MOST_LENGTHS: usize = 4;

/// Transforms over which making the responses is shared out. Inverses take ten to some hundreds, a picture one.
const USES: f64 = 4.0;

/// What a block's frames once round are a multiple of: the spectrum on either side of half the rate is then worked on
/// in whole [`LANES`].
const STEP: usize = 2 * LANES;

/// The frames of an octave and the filters applied to them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    /// Frames of the signal.
    pub(super) frames: usize,
    /// Samples of a frame, and
    pub(super) length: usize,
    /// from one to the next.
    pub(super) hop: usize,
    /// Filters.
    pub(super) rows: usize,
    /// Bins that are kept of their spectra.
    pub(super) entries: f64,
}

/// The lengths of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockSize {
    pub(super) hop: usize,
    /// Frames once round the block: the length of the short FFT.
    pub(super) short: usize,
    /// Frames that do not wrap around its end.
    pub(super) frames: usize,
}

impl BlockSize {
    /// Blocks of `short` frames once round, a multiple of [`STEP`]; `None` where a block is shorter than a frame.
    pub(super) fn new(load: &Load, short: usize) -> Option<Self> {
        let room = (short * load.hop).checked_sub(load.length)?;
        Some(Self { hop: load.hop, short, frames: room / load.hop + 1 })
    }

    /// Samples of a block.
    pub(super) fn samples(self) -> usize {
        self.short * self.hop
    }

    /// Bytes of the spectra of a group, of a block and of half its spectrum.
    fn working_bytes(self) -> usize {
        (GROUP + 1) * self.samples() * COMPLEX_BYTES as usize
    }

    /// Where numbers at a place of the spectrum stand once those that fold onto each other are brought together. Places
    /// are of [`LANES`] frequencies each.
    #[inline(always)]
    pub(super) fn folded(self, place: usize) -> usize {
        let places = self.short / LANES;
        place % places * self.hop + place / places
    }

    /// The cheapest blocks, if they are cheaper than frames one by one.
    pub(super) fn cheapest(load: &Load) -> Option<Self> {
        let powers = iter::successors(Some(2 * STEP), |short| Some(2 * short));
        let best = iter::once(STEP)
            .chain(powers.flat_map(|short| [short, short / 2 * 3]))
            .take_while(|&short| load.may_take(short))
            .filter_map(|short| Self::new(load, short))
            .min_by(|a, b| load.in_blocks(*a).total_cmp(&load.in_blocks(*b)))?;
        (load.in_blocks(best) < load.one_by_one()).then_some(best)
    }
}

impl Load {
    /// Whether blocks of so many frames once round are neither larger than the signal needs nor their responses too large.
    fn may_take(&self, short: usize) -> bool {
        let needed = self.frames + self.length.div_ceil(self.hop);
        let samples = short.saturating_mul(self.hop);
        let bytes = self.response_bytes(samples);
        let is_short = samples <= MOST_LENGTHS * self.length || bytes <= CACHED_BYTES;
        short <= 2 * needed.max(STEP) && bytes <= MOST_BYTES && is_short
    }

    /// Bytes of the rows' responses to blocks of so many samples.
    fn response_bytes(&self, samples: usize) -> usize {
        samples.saturating_mul(self.rows * COMPLEX_BYTES as usize)
    }

    /// Operations for the frames one by one, of which two share a complex FFT.
    fn one_by_one(&self) -> f64 {
        self.frames as f64 * (0.5 * fft(self.length) + MULTIPLY_ADD * self.entries)
    }

    /// Operations for the frames in blocks of a size, a share of making the responses included.
    fn in_blocks(&self, size: BlockSize) -> f64 {
        let (rows, long) = (self.rows as f64, fft(size.samples()));
        let row = fft(size.short) + MULTIPLY_ADD * size.samples() as f64;
        // A block is real. So are both parts of a row's taps.
        let blocks = self.frames.div_ceil(size.frames) as f64 * (0.5 * long + rows * row);
        blocks + rows * (long + fft(self.length)) / USES
    }

    /// Operations of one transform, and bytes that blocks take for it.
    pub(super) fn cost(&self) -> (f64, usize) {
        BlockSize::cheapest(self).map_or((self.one_by_one(), 0), |size| {
            (self.in_blocks(size), self.response_bytes(size.samples()) + size.working_bytes())
        })
    }
}

/// Operations of a complex FFT.
fn fft(points: usize) -> f64 {
    let points = points as f64;
    FFT_OPERATIONS * points * points.log2().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Load = Load { frames: 5168, length: 256, hop: 8, rows: 12, entries: 150.0 };

    #[test]
    fn frames_far_apart_go_one_by_one() {
        assert!(BlockSize::cheapest(&MINUTE).is_some());
        for hop in [128, 256, 512] {
            assert_eq!(BlockSize::cheapest(&Load { hop, ..MINUTE }), None);
        }
    }

    #[test]
    fn blocks_hold_whole_frames_and_their_tables_are_bounded() {
        for (hop, length, rows) in [(4, 256, 12), (441, 32768, 12), (441, 1 << 17, 36), (3, 64, 120), (509, 4096, 24)] {
            for frames in [1, 20, 300, 100_000] {
                let load = Load { frames, length, hop, rows, entries: 12.0 * rows as f64 };
                let Some(size) = BlockSize::cheapest(&load) else { continue };
                assert!((size.frames - 1) * hop + length <= size.samples());
                assert!(size.frames * hop + length > size.samples());
                assert!(load.response_bytes(size.samples()) <= MOST_BYTES);
                assert!(size.short <= 2 * (frames + length.div_ceil(hop)).max(STEP));
            }
        }
    }

    #[test]
    fn few_frames_are_not_worth_a_table() {
        assert_eq!(BlockSize::cheapest(&Load { frames: 2, ..MINUTE }), None);
    }
}
