//! Coefficients to samples, by the dual: the windows themselves, over the sum of their squares.

use num_complex::Complex;

use super::cells::RaggedCells;
use super::kernels::add_weighed;
use super::plan::{Gabor, GaborFloat, GaborScratch, Row};
use crate::TransformError;
use crate::analysis::check_samples;

impl<T: GaborFloat> Gabor<T> {
    /// The signal of which `cells` are the coefficients, in memory of its own. Of coefficients that no signal has, the
    /// signal whose coefficients come nearest to them, but for how far [`Gabor::bound`] is from flat.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the coefficients' shape is not the plan's.
    pub fn inverse(&self, cells: &RaggedCells<T>) -> Result<Vec<T>, TransformError> {
        let mut samples = vec![T::zero(); self.samples()];
        self.inverse_into(cells, &mut samples, &mut GaborScratch::default())?;
        Ok(samples)
    }

    /// The signal of which `cells` are the coefficients; see [`Gabor::inverse`].
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's shape is not the plan's.
    pub fn inverse_into(
        &self,
        cells: &RaggedCells<T>,
        samples: &mut [T],
        scratch: &mut GaborScratch<T>,
    ) -> Result<(), TransformError> {
        check_samples(self.samples(), "the signal", samples.len())?;
        self.check_cells(cells)?;
        let half = self.period / 2;
        scratch.spectrum.clear();
        scratch.spectrum.resize(self.beyond.0 + half + 1 + self.beyond.1, Complex::default());
        let mut rest = cells.as_slice();
        for row in &self.rows {
            let (values, after) = rest.split_at(row.inverse.len());
            rest = after;
            self.add_row(row, values, scratch);
        }
        self.samples_of_spectrum(scratch);
        samples.copy_from_slice(&scratch.samples[..samples.len()]);
        Ok(())
    }

    fn add_row(&self, row: &Row<T>, values: &[Complex<T>], scratch: &mut GaborScratch<T>) {
        let GaborScratch { spectrum, row: bins, fft, .. } = scratch;
        let length = values.len();
        bins.resize(bins.len().max(length), Complex::default());
        fft.resize(fft.len().max(row.inverse.get_immutable_scratch_len()), Complex::default());
        let bins = &mut bins[..length];
        row.inverse.process_immutable_with_scratch(values, bins, fft);
        let window = &self.windows[row.window.clone()];
        let sum = &mut spectrum[row.first..row.first + window.len()];
        let before_end = window.len().min(length - row.place);
        add_weighed(&bins[row.place..], &window[..before_end], row.share, &mut sum[..before_end]);
        add_weighed(bins, &window[before_end..], row.share, &mut sum[before_end..]);
    }

    /// What lies beyond both ends belongs to the mirrored bins. The sum over the windows' squares is divided out.
    fn samples_of_spectrum(&self, scratch: &mut GaborScratch<T>) {
        let GaborScratch { spectrum, samples, fft, .. } = scratch;
        let (below, above) = self.beyond;
        let half = self.period / 2;
        // A bin at either end is its own mirror image.
        for distance in 0..=below {
            let image = spectrum[below - distance].conj();
            spectrum[below + distance] = spectrum[below + distance] + image;
        }
        for distance in 0..=above {
            let image = spectrum[below + half + distance].conj();
            spectrum[below + half - distance] = spectrum[below + half - distance] + image;
        }
        let bins = &mut spectrum[below..=below + half];
        for (bin, &dual) in bins.iter_mut().zip(&self.dual) {
            *bin = *bin * dual;
        }
        bins[0].im = T::zero();
        bins[half].im = T::zero();
        samples.resize(self.period, T::zero());
        fft.resize(fft.len().max(self.real_inverse.get_scratch_len()), Complex::default());
        // The buffers have the lengths that the plan asks for, and both ends are real, which is all that can fail.
        let done = self.real_inverse.process_with_scratch(bins, samples, fft);
        debug_assert!(done.is_ok());
    }
}
