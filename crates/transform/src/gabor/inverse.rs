//! Coefficients to samples, by the dual: the windows themselves, over the sum of their squares.

use num_complex::Complex;

use super::cells::RaggedCells;
use super::kernels::add_weighed;
use super::plan::{Gabor, GaborScratch, Row};
use crate::analysis::check_samples;
use crate::{Real, Threads, TransformError, parallel};

impl<T: Real> Gabor<T> {
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
        if Threads::here() == 1 {
            self.add_rows(cells.as_slice(), scratch);
        } else {
            self.add_rows_side_by_side(cells.as_slice(), scratch);
        }
        self.samples_of_spectrum(scratch);
        samples.copy_from_slice(&scratch.samples[..samples.len()]);
        Ok(())
    }

    /// Adds every row to the spectrum, each as soon as its own spectrum is there.
    fn add_rows(&self, cells: &[Complex<T>], scratch: &mut GaborScratch<T>) {
        let GaborScratch { spectrum, row: bins, fft, .. } = scratch;
        let mut rest = cells;
        for row in &self.rows {
            let (values, after) = rest.split_at(row.inverse.len());
            rest = after;
            bins.resize(bins.len().max(values.len()), Complex::default());
            self.inverse_row(row, values, &mut bins[..values.len()], spectrum, fft);
        }
    }

    /// Adds a row to the spectrum, by way of `bins`, which is as long as the row.
    pub(super) fn inverse_row(
        &self,
        row: &Row<T>,
        values: &[Complex<T>],
        bins: &mut [Complex<T>],
        spectrum: &mut [Complex<T>],
        fft: &mut Vec<Complex<T>>,
    ) {
        transform(row, values, bins, fft);
        self.add_row(row, bins, 0, spectrum);
    }

    /// The same on threads: all rows' spectra, then parts of the spectrum, to each of which the rows are added in the same
    /// order. So the result is the same to the last bit.
    fn add_rows_side_by_side(&self, cells: &[Complex<T>], scratch: &mut GaborScratch<T>) {
        let GaborScratch { spectrum, row: bins, .. } = scratch;
        bins.resize(bins.len().max(cells.len()), Complex::default());
        let (start, bins) = (cells, &mut bins[..cells.len()]);
        let mut places = self.starts().iter();
        let shares = self.shares(bins).into_iter();
        let shares: Vec<Vec<_>> = shares.map(|share| share.into_iter().zip(&mut places).collect()).collect();
        parallel::for_each(shares, |share| {
            let mut fft = Vec::new();
            for ((row, bins), &from) in share {
                transform(row, &start[from..from + bins.len()], bins, &mut fft);
            }
        });
        let part = spectrum.len().div_ceil(Threads::here());
        parallel::for_each(spectrum.chunks_mut(part).enumerate().collect(), |(index, sum)| {
            for (row, &from) in self.rows.iter().zip(self.starts()) {
                self.add_row(row, &bins[from..from + row.inverse.len()], index * part, sum);
            }
        });
    }

    /// Adds as much of a row as lies in a part of the spectrum, `sum`, which begins at bin `from`.
    fn add_row(&self, row: &Row<T>, bins: &[Complex<T>], from: usize, sum: &mut [Complex<T>]) {
        let window = &self.windows[row.window.clone()];
        // What a row has beyond its end goes on at its beginning.
        let before_end = window.len().min(bins.len() - row.place);
        let (head, tail) = window.split_at(before_end);
        for (first, window, bins) in [(row.first, head, &bins[row.place..]), (row.first + before_end, tail, bins)] {
            let (low, high) = (first.max(from), (first + window.len()).min(from + sum.len()));
            if low < high {
                let inside = low - first..high - first;
                add_weighed(&bins[inside.clone()], &window[inside], row.share, &mut sum[low - from..high - from]);
            }
        }
    }

    /// What lies beyond both ends belongs to the mirrored bins. The sum over the windows' squares is divided out.
    pub(super) fn samples_of_spectrum(&self, scratch: &mut GaborScratch<T>) {
        let GaborScratch { spectrum, samples, fft, .. } = scratch;
        let (below, above) = self.beyond;
        let half = self.period / 2;
        // A bin at either end is its own mirror image.
        for distance in 0..=below {
            let image = spectrum[below - distance].conj();
            spectrum[below + distance] += image;
        }
        for distance in 0..=above {
            let image = spectrum[below + half + distance].conj();
            spectrum[below + half - distance] += image;
        }
        let bins = &mut spectrum[below..=below + half];
        for (bin, &dual) in bins.iter_mut().zip(&self.dual) {
            *bin *= dual;
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

/// A row's own spectrum.
fn transform<T: Real>(row: &Row<T>, values: &[Complex<T>], bins: &mut [Complex<T>], fft: &mut Vec<Complex<T>>) {
    fft.resize(fft.len().max(row.inverse.get_immutable_scratch_len()), Complex::default());
    row.inverse.process_immutable_with_scratch(values, bins, fft);
}
