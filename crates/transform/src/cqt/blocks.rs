//! An octave's coefficients by overlap-save: one long FFT serves many frames.
//!
//! A row of the bank is a filter with a tap for each sample of a frame, of which every `hop`-th output is a coefficient.
//! Frames that overlap much repeat each other's work. So the spectrum of a block of many frames is multiplied by the
//! row's response and transformed back; outputs that wrap around the block's end are left out (overlap-save: Oppenheim
//! and Schafer 2010, section 8.7.3). Of the outputs only every `hop`-th is wanted: the product is folded to the alias
//! sum before a short FFT back (decimation: Crochiere and Rabiner 1983, chapter 2).
//!
//! `sparsity` cuts a filter's spectrum at the bins of a frame, so between them its response falls slowly: all of it is
//! kept, negative frequencies included, and the results are those of the frames to rounding.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use num_complex::Complex;
use photophone_fft::{ComplexToReal, Fft, Planner, RealToComplex};

use super::bank::Bank;
use super::block_size::{BlockSize, GROUP};
use crate::Real;
use crate::framing::Framing;
use crate::lanes::{LANES, Parts};

/// Overlap-save for the rows of one bank.
pub(super) struct Blocks<T: Real = f64> {
    pub(super) size: BlockSize,
    long: Arc<dyn RealToComplex<T>>,
    pub(super) long_back: Arc<dyn ComplexToReal<T>>,
    pub(super) short: Arc<dyn Fft<T>>,
    short_back: Arc<dyn Fft<T>>,
    /// Made when first used: planning may be all that is wanted.
    responses: OnceLock<Vec<Circle<T>>>,
}

/// Numbers at the frequencies of a block, from 0 Hz once round, [`LANES`] neighbours side by side. Those that fold onto
/// each other, the aliases, stand one after another.
pub(super) type Circle<T = f64> = Vec<Parts<T>>;

/// Working memory for [`Blocks`]; grows as needed.
#[derive(Debug, Default)]
pub(super) struct BlockScratch<T = f64> {
    /// Some blocks' spectra.
    pub(super) circles: Vec<Circle<T>>,
    /// The spectra of a row's coefficients, a block after another, and
    pub(super) folded: Vec<Parts<T>>,
    /// the same one by one, as FFTs take them, or the coefficients.
    pub(super) rows: Vec<Complex<T>>,
    /// A block, and
    pub(super) samples: Vec<T>,
    /// its spectrum up to half the rate.
    pub(super) half: Vec<Complex<T>>,
    pub(super) fft: Vec<Complex<T>>,
}

impl<T: Real> Blocks<T> {
    pub(super) fn new(size: BlockSize, planner: &mut Planner<T>) -> Self {
        Self {
            long: planner.real_forward(size.samples()),
            long_back: planner.real_inverse(size.samples()),
            short: planner.forward(size.short),
            short_back: planner.inverse(size.short),
            responses: OnceLock::new(),
            size,
        }
    }

    /// Blocks of the same size in single precision.
    pub(super) fn rounded(&self, planner: &mut Planner<f32>) -> Blocks<f32> {
        Blocks::new(self.size, planner)
    }

    /// Sizes the buffers.
    pub(super) fn prepare(&self, scratch: &mut BlockScratch<T>) {
        let samples = self.size.samples();
        scratch.circles.resize(GROUP, Circle::default());
        for circle in &mut scratch.circles {
            circle.resize(samples / LANES, Parts::default());
        }
        scratch.folded.resize(GROUP * self.size.short / LANES, Parts::default());
        scratch.rows.resize(GROUP * self.size.short, Complex::default());
        scratch.samples.resize(samples, T::default());
        scratch.half.resize(samples / 2 + 1, Complex::default());
        let short = self.short.get_inplace_scratch_len().max(self.short_back.get_inplace_scratch_len());
        let need = self.long.get_scratch_len().max(self.long_back.get_scratch_len()).max(short);
        scratch.fft.resize(need, Complex::default());
    }

    /// The frames `0..all` in groups that are worked on at a time.
    pub(super) fn groups(&self, all: usize) -> impl Iterator<Item = Range<usize>> + use<T> {
        let frames = GROUP * self.size.frames;
        (0..all).step_by(frames).map(move |first| first..all.min(first + frames))
    }

    /// The frames of a group block by block.
    pub(super) fn blocks(&self, group: Range<usize>) -> impl Iterator<Item = Range<usize>> + use<T> {
        let (frames, end) = (self.size.frames, group.end);
        group.step_by(frames).map(move |first| first..end.min(first + frames))
    }

    /// The responses of a bank's rows; `fft` is of the bank's length.
    pub(super) fn responses(&self, bank: &Bank<T>, fft: &dyn Fft<T>) -> &[Circle<T>] {
        self.responses.get_or_init(|| (0..bank.rows()).map(|row| self.response(&bank.taps(row, fft))).collect())
    }

    /// `H[f] = sum_i h[i] exp(2 pi i f i / B) / B`: positive, as a coefficient weighs the samples that follow.
    fn response(&self, taps: &[Complex<T>]) -> Circle<T> {
        let gain = T::nearest((self.size.samples() as f64).recip());
        let spectrum = |part: fn(&Complex<T>) -> T| {
            let mut samples: Vec<T> = taps.iter().map(|tap| part(tap) * gain).collect();
            samples.resize(self.size.samples(), T::default());
            let mut half = self.long.make_output_vec();
            // The buffers are as long as the plan says.
            let _ = self.long.process(&mut samples, &mut half);
            half
        };
        let (re, im) = (spectrum(|tap| tap.re), spectrum(|tap| tap.im));
        let turned = Complex::<T>::i();
        let up = re.iter().zip(&im).map(|(re, im)| re.conj() + turned * im.conj());
        let down = re.iter().zip(&im).skip(1).rev().skip(1).map(|(re, im)| re + turned * im);
        let bins: Vec<Complex<T>> = up.chain(down).collect();
        let mut circle = vec![Parts::default(); bins.len() / LANES];
        for (place, bins) in bins.chunks_exact(LANES).enumerate() {
            circle[self.size.folded(place)] = Parts::from_frames(bins);
        }
        circle
    }

    /// The spectra of a group's blocks.
    #[inline(always)]
    pub(super) fn transform(
        &self,
        framing: &Framing,
        signal: &[T],
        group: Range<usize>,
        scratch: &mut BlockScratch<T>,
    ) {
        let BlockScratch { samples, half, circles, fft, .. } = scratch;
        for (frames, circle) in self.blocks(group).zip(circles) {
            let (span, beyond) = samples.split_at_mut(framing.span_of(frames.len()));
            framing.read_span(signal, frames.start, span);
            beyond.fill(T::default());
            // The buffers are as long as the plan says.
            let _ = self.long.process_with_scratch(samples, half, fft);
            self.complete(half, circle);
        }
    }

    /// A real signal's spectrum once round: below 0 Hz it is the conjugate of that above.
    #[inline(always)]
    fn complete(&self, half: &[Complex<T>], circle: &mut Circle<T>) {
        let last = circle.len() - 1;
        for (place, bins) in half.chunks_exact(LANES).enumerate() {
            circle[self.size.folded(place)] = Parts::from_frames(bins);
        }
        for (place, bins) in half[1..].chunks_exact(LANES).enumerate() {
            let below = &mut circle[self.size.folded(last - place)];
            for (lane, bin) in bins.iter().rev().enumerate() {
                below.set(lane, bin.conj());
            }
        }
    }

    /// One row's coefficients of a group: product, alias sum, and short FFTs back.
    #[inline(always)]
    pub(super) fn analyse(
        &self,
        response: &Circle<T>,
        group: Range<usize>,
        cells: &mut [Complex<T>],
        scratch: &mut BlockScratch<T>,
    ) {
        let BlockScratch { circles, folded, rows, fft, .. } = scratch;
        let short = self.size.short;
        let count = self.blocks(group.clone()).count();
        let (folded, rows) = (&mut folded[..count * short / LANES], &mut rows[..count * short]);
        self.fold(response, circles, folded);
        // Its own loop: in one, the sums would be compiled to pairs of a real and an imaginary part.
        for (bins, parts) in rows.chunks_exact_mut(LANES).zip(&*folded) {
            for (lane, bin) in bins.iter_mut().enumerate() {
                *bin = parts.get(lane);
            }
        }
        self.short_back.process_with_scratch(rows, fft);
        for (frames, row) in self.blocks(group).zip(rows.chunks_exact(short)) {
            let count = frames.len();
            cells[frames].copy_from_slice(&row[..count]);
        }
    }

    /// The alias sums of the products with a response, block by block.
    #[inline(always)]
    fn fold(&self, response: &Circle<T>, circles: &[Circle<T>], folded: &mut [Parts<T>]) {
        let (hop, places) = (self.size.hop, self.size.short / LANES);
        for (place, gains) in response.chunks_exact(hop).enumerate() {
            for (circle, folded) in circles.iter().zip(folded.chunks_exact_mut(places)) {
                let mut sum = Parts::default();
                for (alias, gain) in circle[place * hop..][..hop].iter().zip(gains) {
                    sum.add_product(gain, alias);
                }
                folded[place] = sum;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use photophone_spectrum::Plane;

    use super::*;
    use crate::cqt::stage::Stage;
    use crate::testing::{db_from_ratio, noise};
    use crate::{Cqt, CqtParams, Gamma, LibrosaVersion, PadMode};

    /// -240 dB is 1e-12.
    const ROUNDING_DB: f64 = -240.0;

    fn grids() -> Vec<CqtParams> {
        let low = CqtParams { fmin_hz: 150.0, bins: 48, hop: 128, ..CqtParams::default() };
        let reflected = CqtParams { pad_mode: PadMode::Reflect, ..low };
        vec![
            low,
            CqtParams { sr: 44100.0, hop: 512, ..reflected },
            CqtParams { hop: 441, bins: 20, pad_mode: PadMode::Symmetric, ..low },
            CqtParams { hop: 500, pad_mode: PadMode::Edge, ..low },
            CqtParams { hop: 101, bins: 7, bins_per_octave: 5, pad_mode: PadMode::LinearRamp, ..low },
            CqtParams { bins: 72, bins_per_octave: 36, sparsity: 0.0, ..reflected },
            CqtParams { hop: 64, gamma: Gamma::Erb, ..reflected },
            CqtParams { librosa: LibrosaVersion::V0_6, ..reflected },
            CqtParams { librosa: LibrosaVersion::V0_9, hop: 250, ..reflected },
            CqtParams { filter_scale: 0.2, bins: 30, hop: 64, ..reflected },
        ]
    }

    /// The plan with every octave in other blocks.
    fn with_blocks(mut plan: Cqt, blocks: impl Fn(&Stage) -> Option<Blocks>) -> Cqt {
        for stage in Arc::get_mut(&mut plan.stages).unwrap() {
            stage.blocks = blocks(stage);
        }
        plan
    }

    fn one_by_one(plan: Cqt) -> Cqt {
        with_blocks(plan, |_| None)
    }

    fn as_numbers(cells: &[Complex<f64>]) -> Vec<f64> {
        cells.iter().flat_map(|value| [value.re, value.im]).collect()
    }

    /// Both directions of two plans of one transform, row by row and as a whole.
    fn assert_alike(one: &Cqt, other: &Cqt, what: &str) {
        let x = noise(one.samples(), 4);
        let (got, want) = (one.forward(&x).unwrap(), other.forward(&x).unwrap());
        let (rows, frames) = one.shape();
        for row in 0..rows {
            let db = db_from_ratio(&as_numbers(got.row(row)), &as_numbers(want.row(row)));
            assert!(db < ROUNDING_DB, "{what}, row {row}: {db:.1} dB");
        }
        let cells = noise(2 * rows * frames, 5);
        let cells = Plane::from_fn(rows, frames, |row, frame| {
            let at = 2 * (row * frames + frame);
            Complex::new(cells[at], cells[at + 1])
        });
        let db = db_from_ratio(&one.adjoint(&cells).unwrap(), &other.adjoint(&cells).unwrap());
        assert!(db < ROUNDING_DB, "{what}, adjoint: {db:.1} dB");
    }

    #[test]
    fn blocks_give_what_frames_one_by_one_give() {
        for (number, params) in grids().iter().enumerate() {
            for samples in [700, 3001, 30_000] {
                let plan = || Cqt::new(params, samples).unwrap();
                let frames = one_by_one(plan());
                assert_alike(&plan(), &frames, &format!("grid {number}, {samples} samples, as planned"));
                // Blocks of every length from the shortest that holds a frame, whether or not they are the cheapest.
                for longer in [1, 3] {
                    let blocks = with_blocks(plan(), |stage| {
                        let load = stage.load();
                        let shortest = load.length.div_ceil(load.hop).next_multiple_of(2 * LANES);
                        let size = BlockSize::new(&load, longer * shortest).unwrap();
                        Some(Blocks::new(size, &mut Planner::default()))
                    });
                    assert_alike(&blocks, &frames, &format!("grid {number}, {samples} samples, blocks of {longer}"));
                }
            }
        }
    }

    #[test]
    fn low_octaves_go_in_blocks_and_high_ones_do_not() {
        let plan = Cqt::new(&CqtParams::default(), 60_000).unwrap();
        let in_blocks: Vec<bool> = plan.stages().iter().map(|stage| stage.blocks.is_some()).collect();
        assert_eq!((in_blocks[0], in_blocks[6]), (false, true), "{in_blocks:?}");
    }
}
