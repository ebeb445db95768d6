//! The transpose of overlap-save: an octave's signal from its coefficients.

use std::ops::Range;

use num_complex::Complex;

use super::blocks::{BlockScratch, Blocks, Circle};
use crate::framing::Framing;
use crate::lanes::{LANES, Parts};

impl Blocks {
    /// Silent spectra, for [`Blocks::synthesise`] to add to.
    #[inline(always)]
    pub(super) fn clear(scratch: &mut BlockScratch) {
        for circle in &mut scratch.circles {
            circle.fill(Parts::default());
        }
    }

    /// The transpose of [`Blocks::analyse`]: adds one row of a group to the spectra.
    #[inline(always)]
    pub(super) fn synthesise(
        &self,
        response: &Circle,
        group: Range<usize>,
        cells: &[Complex<f64>],
        scratch: &mut BlockScratch,
    ) {
        let BlockScratch { circles, folded, rows, fft, .. } = scratch;
        let short = self.size.short;
        let count = self.blocks(group.clone()).count();
        let (folded, rows) = (&mut folded[..count * short / LANES], &mut rows[..count * short]);
        for (frames, row) in self.blocks(group).zip(rows.chunks_exact_mut(short)) {
            let (inside, around) = row.split_at_mut(frames.len());
            inside.copy_from_slice(&cells[frames]);
            around.fill(Complex::default());
        }
        self.short.process_with_scratch(rows, fft);
        for (parts, bins) in folded.iter_mut().zip(rows.chunks_exact(LANES)) {
            *parts = Parts::from_frames(bins);
        }
        self.unfold(response, folded, circles);
    }

    /// The transpose of [`Blocks::fold`].
    #[inline(always)]
    fn unfold(&self, response: &Circle, folded: &[Parts], circles: &mut [Circle]) {
        let (hop, places) = (self.size.hop, self.size.short / LANES);
        for (place, gains) in response.chunks_exact(hop).enumerate() {
            for (circle, folded) in circles.iter_mut().zip(folded.chunks_exact(places)) {
                let bins = folded[place];
                for (alias, gain) in circle[place * hop..][..hop].iter_mut().zip(gains) {
                    alias.add_conj_product(gain, &bins);
                }
            }
        }
    }

    /// The transpose of [`Blocks::transform`]: adds a group's blocks to the signal.
    #[inline(always)]
    pub(super) fn transform_back(
        &self,
        framing: &Framing,
        group: Range<usize>,
        signal: &mut [f64],
        scratch: &mut BlockScratch,
    ) {
        let BlockScratch { samples, half, circles, fft, .. } = scratch;
        for (frames, circle) in self.blocks(group).zip(circles) {
            self.even_part(circle, half);
            // The buffers are as long as the plan says, and the ends real.
            let _ = self.long_back.process_with_scratch(half, samples, fft);
            framing.add_span(&samples[..framing.span_of(frames.len())], frames.start, signal);
        }
    }

    /// The spectrum, up to half the rate, of a signal's real part.
    #[inline(always)]
    fn even_part(&self, circle: &Circle, half: &mut [Complex<f64>]) {
        let (last, end) = (circle.len() - 1, half.len() - 1);
        for (place, bins) in half.chunks_exact_mut(LANES).enumerate() {
            let above = &circle[self.size.folded(place)];
            for (lane, bin) in bins.iter_mut().enumerate() {
                *bin = 0.5 * above.get(lane);
            }
        }
        half[end] = Complex::default();
        for (place, bins) in half[1..].chunks_exact_mut(LANES).enumerate() {
            let below = &circle[self.size.folded(last - place)];
            for (lane, bin) in bins.iter_mut().rev().enumerate() {
                *bin += 0.5 * below.get(lane).conj();
            }
        }
        // 0 Hz and half the rate are their own conjugates.
        for bin in [0, end] {
            half[bin] = Complex::new(2.0 * half[bin].re, 0.0);
        }
    }
}
