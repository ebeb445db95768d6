//! Samples to coefficients.

use num_complex::Complex;

use super::cells::RaggedCells;
use super::kernels::weigh;
use super::plan::{Gabor, GaborScratch, Row};
use crate::analysis::check_samples;
use crate::{Real, TransformError, all_finite, parallel};

impl<T: Real> Gabor<T> {
    /// The coefficients of `samples`, in memory of their own.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the number of samples is not the plan's, [`TransformError::NotFinite`].
    pub fn forward(&self, samples: &[T]) -> Result<RaggedCells<T>, TransformError> {
        let mut cells = self.make_cells();
        self.forward_into(samples, &mut cells, &mut GaborScratch::default())?;
        Ok(cells)
    }

    /// The coefficients of `samples`.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's shape is not the plan's, [`TransformError::NotFinite`].
    pub fn forward_into(
        &self,
        samples: &[T],
        cells: &mut RaggedCells<T>,
        scratch: &mut GaborScratch<T>,
    ) -> Result<(), TransformError> {
        check_samples(self.samples(), "the signal", samples.len())?;
        self.check_cells(cells)?;
        check_finite("the signal", samples)?;
        scratch.samples.clear();
        scratch.samples.extend_from_slice(samples);
        scratch.samples.resize(self.period, T::zero());
        self.spectrum(scratch);
        let GaborScratch { spectrum, fft, .. } = scratch;
        let mut shares = self.shares(cells.as_mut_slice());
        if let [all] = &mut *shares {
            for (row, out) in all {
                self.forward_row(row, spectrum, fft, out);
            }
            return Ok(());
        }
        parallel::for_each(shares, |share| {
            let mut fft = Vec::new();
            for (row, out) in share {
                self.forward_row(row, spectrum, &mut fft, out);
            }
        });
        Ok(())
    }

    /// The spectrum over half the period, continued beyond both ends as far as windows reach.
    pub(super) fn spectrum(&self, scratch: &mut GaborScratch<T>) {
        let (below, above) = self.beyond;
        let half = self.period / 2;
        scratch.spectrum.resize(below + half + 1 + above, Complex::default());
        let needed = scratch.fft.len().max(self.real_forward.get_scratch_len());
        scratch.fft.resize(needed, Complex::default());
        let bins = &mut scratch.spectrum[below..=below + half];
        // The buffers have the lengths that the plan asks for, which is all that can fail.
        let done = self.real_forward.process_with_scratch(&mut scratch.samples, bins, &mut scratch.fft);
        debug_assert!(done.is_ok());
        let scale: T = Real::nearest(2.0 / self.period as f64);
        for bin in bins.iter_mut() {
            *bin *= scale;
        }
        for distance in 1..=below {
            scratch.spectrum[below - distance] = scratch.spectrum[below + distance].conj();
        }
        for distance in 1..=above {
            scratch.spectrum[below + half + distance] = scratch.spectrum[below + half - distance].conj();
        }
    }

    /// Gathers the window's bins in the row, and transforms it where it stands: by a tenth faster than from a buffer.
    pub(super) fn forward_row(
        &self,
        row: &Row<T>,
        spectrum: &[Complex<T>],
        fft: &mut Vec<Complex<T>>,
        out: &mut [Complex<T>],
    ) {
        let window = &self.windows[row.window.clone()];
        let bins = &spectrum[row.first..row.first + window.len()];
        // The window's bins come to lie from `place` on, and those beyond the row's end at its beginning.
        let before_end = window.len().min(out.len() - row.place);
        let (wrapped, end) = (window.len() - before_end, row.place + before_end);
        weigh(&bins[before_end..], &window[before_end..], &mut out[..wrapped]);
        out[wrapped..row.place].fill(Complex::default());
        weigh(&bins[..before_end], &window[..before_end], &mut out[row.place..end]);
        out[end..].fill(Complex::default());
        fft.resize(fft.len().max(row.forward.get_inplace_scratch_len()), Complex::default());
        row.forward.process_with_scratch(out, fft);
        if row.is_real {
            for value in out.iter_mut() {
                value.im = T::zero();
            }
        }
    }
}

/// Refuses the first value that is not finite.
pub(super) fn check_finite<T: Real>(what: &'static str, values: &[T]) -> Result<(), TransformError> {
    // Looking at all of them takes a vector at a time; looking for the first would not.
    if all_finite(values) {
        return Ok(());
    }
    let index = values.iter().position(|value| !value.to_f64().is_finite()).unwrap_or_default();
    Err(TransformError::NotFinite { what, index })
}
