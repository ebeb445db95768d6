//! What has to be added to a signal for its coefficients to be changed.
//!
//! The difference alone is synthesised, and of a slice only the rows that change: what is not changed costs nothing and
//! stays what it is to the last bit.

use std::ops::Range;

use num_complex::Complex;

use super::forward::check_finite;
use super::overlap::add_and_shift;
use super::plan::{Gabor, GaborScratch};
use super::slices::Slices;
use crate::analysis::check_samples;
use crate::{Real, TransformError};

/// What is to become of coefficients. Samples are those of the signal; coefficients lie before its first and behind its
/// last one too.
pub trait Change<T> {
    /// Whether any coefficient of a row is to change that belongs to one of these samples.
    fn touches(&self, row: usize, samples: &Range<i64>) -> bool;

    /// Makes of a row's coefficients what is to be added to them. The first belongs to sample `first`, each of the others
    /// to the row's hop after the one before it.
    fn difference(&mut self, row: usize, first: i64, values: &mut [Complex<T>]);
}

impl<T: Real> Gabor<T> {
    /// What has to be added to `samples`, of which the first is sample `first` of a signal, to change its coefficients.
    /// Whether there is anything; if not, `difference` is filled with zeros. Cost: an FFT of the period each way, and two
    /// of its length for each row that changes.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's length is not the plan's, [`TransformError::NotFinite`].
    pub fn difference_into(
        &self,
        samples: &[T],
        first: i64,
        change: &mut dyn Change<T>,
        difference: &mut [T],
        scratch: &mut GaborScratch<T>,
    ) -> Result<bool, TransformError> {
        check_samples(self.samples(), "the signal", samples.len())?;
        check_samples(self.samples(), "the difference", difference.len())?;
        check_finite("the signal", samples)?;
        let range = first..first + self.period as i64;
        let changes = (0..self.rows.len()).any(|row| change.touches(row, &range));
        let silent = samples.iter().all(|&sample| sample == T::zero());
        if !changes || silent {
            difference.fill(T::zero());
            return Ok(false);
        }
        self.changed_into(samples, first, change, difference, scratch);
        Ok(true)
    }

    /// The same of a signal that may be silent, in buffers of the plan's length.
    pub(super) fn changed_into(
        &self,
        samples: &[T],
        first: i64,
        change: &mut dyn Change<T>,
        difference: &mut [T],
        scratch: &mut GaborScratch<T>,
    ) {
        let range = first..first + self.period as i64;
        scratch.samples.clear();
        scratch.samples.extend_from_slice(samples);
        scratch.samples.resize(self.period, T::zero());
        self.spectrum(scratch);
        let GaborScratch { spectrum, sum, row: cells, bins, fft, .. } = scratch;
        sum.clear();
        sum.resize(spectrum.len(), Complex::default());
        for at in 0..self.rows.len() {
            if !change.touches(at, &range) {
                continue;
            }
            let (row, length) = (&self.rows[at], self.period / self.bands()[at].hop);
            cells.resize(cells.len().max(length), Complex::default());
            bins.resize(bins.len().max(length), Complex::default());
            self.forward_row(row, spectrum, fft, &mut cells[..length]);
            change.difference(at, first, &mut cells[..length]);
            self.inverse_row(row, &cells[..length], &mut bins[..length], sum, fft);
        }
        std::mem::swap(spectrum, sum);
        self.samples_of_spectrum(scratch);
        difference.copy_from_slice(&scratch.samples[..difference.len()]);
    }
}

/// What has to be added to a signal of any length, as its samples come.
///
/// The difference is the same to the last bit whatever sizes the samples are fed in. Memory: four slices of samples.
#[derive(Debug)]
pub struct Changer<T> {
    slices: Slices<T>,
    /// The slice's samples between its zeros, as far as they have come.
    slice: Vec<T>,
    filled: usize,
    fed: u64,
    given: u64,
    /// Slices that were changed.
    block: u64,
    difference: Vec<T>,
    /// What earlier slices have beyond the samples that come next.
    beyond: Vec<T>,
    ready: Vec<T>,
    scratch: GaborScratch<T>,
}

impl<T: Real> Changer<T> {
    /// At the beginning of a signal.
    pub fn new(slices: &Slices<T>) -> Self {
        let (period, block) = (slices.plan().period(), slices.block_samples());
        Self {
            slice: vec![T::zero(); period],
            filled: 0,
            fed: 0,
            given: 0,
            block: 0,
            difference: vec![T::zero(); period],
            beyond: vec![T::zero(); period - block],
            ready: vec![T::zero(); block],
            scratch: GaborScratch::default(),
            slices: slices.clone(),
        }
    }

    /// Takes the next samples, and gives `take` what has to be added to those that are done, the signal's first first.
    ///
    /// # Errors
    /// [`TransformError::NotFinite`], whose index counts from the first of `samples`; nothing is taken then.
    pub fn push(
        &mut self,
        samples: &[T],
        change: &mut dyn Change<T>,
        take: &mut dyn FnMut(&[T]),
    ) -> Result<(), TransformError> {
        check_finite("the signal", samples)?;
        self.fed += samples.len() as u64;
        let mut rest = samples;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.slices.block_samples() - self.filled));
            let from = self.slices.pad_samples() + self.filled;
            self.slice[from..from + now.len()].copy_from_slice(now);
            self.filled += now.len();
            rest = later;
            if self.filled == self.slices.block_samples() {
                self.give(change, take)?;
            }
        }
        Ok(())
    }

    /// Ends the signal and gives `take` what is left. How many samples there were. After it a new signal begins.
    ///
    /// # Errors
    /// None but a fault of the plan's.
    pub fn finish(&mut self, change: &mut dyn Change<T>, take: &mut dyn FnMut(&[T])) -> Result<u64, TransformError> {
        if self.filled > 0 {
            self.give(change, take)?;
        }
        take(&self.beyond[..(self.fed - self.given) as usize]);
        self.beyond.fill(T::zero());
        (self.given, self.block) = (0, 0);
        Ok(std::mem::take(&mut self.fed))
    }

    /// Changes the slice, and gives what no later slice adds to, as far as there is signal.
    fn give(&mut self, change: &mut dyn Change<T>, take: &mut dyn FnMut(&[T])) -> Result<(), TransformError> {
        let (pad, block) = (self.slices.pad_samples(), self.slices.block_samples());
        self.slice[pad + self.filled..pad + block].fill(T::zero());
        self.filled = 0;
        let (plan, first) = (self.slices.plan(), self.slices.first_sample(self.block));
        plan.difference_into(&self.slice, first, change, &mut self.difference, &mut self.scratch)?;
        add_and_shift(&self.difference, &mut self.beyond, &mut self.ready);
        // The first slice begins before the signal, and the last one may end behind it.
        let from = if self.block == 0 { pad } else { 0 };
        let end = block.min(from + (self.fed - self.given) as usize);
        take(&self.ready[from..end]);
        self.given += (end - from) as u64;
        self.block += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gabor::{GaborParams, SliceOptions, Taper};
    use crate::testing::{db_from_ratio, noise};

    const BANDS: Range<usize> = 20..45;

    /// Silences some bands for a while.
    struct Silence {
        samples: Range<i64>,
        hops: Vec<usize>,
        calls: usize,
    }

    impl Change<f64> for Silence {
        fn touches(&self, row: usize, samples: &Range<i64>) -> bool {
            BANDS.contains(&row) && samples.start < self.samples.end && self.samples.start < samples.end
        }

        fn difference(&mut self, row: usize, first: i64, values: &mut [Complex<f64>]) {
            self.calls += 1;
            for (at, value) in (first..).step_by(self.hops[row]).zip(values) {
                *value = if self.samples.contains(&at) { -*value } else { Complex::default() };
            }
        }
    }

    fn params() -> GaborParams {
        GaborParams {
            sr: 8000.0,
            bins_per_octave: 12,
            taper: Taper::Nuttall,
            max_hop: Some(64),
            ..GaborParams::default()
        }
    }

    fn silence(samples: Range<i64>) -> Silence {
        let hops = params().bands().unwrap().iter().map(|band| band.hop).collect();
        Silence { samples, hops, calls: 0 }
    }

    /// The difference by the whole signal's coefficients, with zeros around it.
    fn whole(x: &[f64], change: &mut Silence) -> Vec<f64> {
        let before = 1 << 14;
        let mut padded = vec![0.0; x.len() + 2 * before];
        padded[before..before + x.len()].copy_from_slice(x);
        let plan = Gabor::new(&params(), padded.len()).unwrap();
        let mut cells = plan.forward(&padded).unwrap();
        for row in 0..cells.rows() {
            if change.touches(row, &(0..i64::MAX)) {
                change.difference(row, -(before as i64), cells.row_mut(row));
            } else {
                cells.row_mut(row).fill(Complex::default());
            }
        }
        plan.inverse(&cells).unwrap()[before..before + x.len()].to_vec()
    }

    fn changed(slices: &Slices<f64>, x: &[f64], sizes: &[usize], change: &mut Silence) -> Vec<f64> {
        let (mut changer, mut out, mut rest) = (Changer::new(slices), Vec::new(), x);
        for size in sizes.iter().cycle() {
            let (now, later) = rest.split_at(rest.len().min(*size));
            changer.push(now, change, &mut |samples| out.extend_from_slice(samples)).unwrap();
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        let samples = changer.finish(change, &mut |samples| out.extend_from_slice(samples)).unwrap();
        assert_eq!((samples as usize, out.len()), (x.len(), x.len()));
        out
    }

    #[test]
    fn slices_make_the_whole_signals_difference_whatever_they_are_fed() {
        let slices = Slices::new(&params(), &SliceOptions::default()).unwrap();
        let block = slices.block_samples();
        for length in [1, 997, block - 1, block, block + 1, 2 * block + 12_345] {
            let x = noise(length, 7);
            let mut change = silence(length as i64 / 3..length as i64 / 2 + 5000);
            let wanted = whole(&x, &mut change);
            let found = changed(&slices, &x, &[length], &mut change);
            assert!(db_from_ratio(&found, &wanted) < -110.0, "{length}: {}", db_from_ratio(&found, &wanted));
            for sizes in [&[1000][..], &[0, 1, 65_537]] {
                assert!(changed(&slices, &x, sizes, &mut change) == found, "{length} samples in {sizes:?}");
            }
        }
    }

    #[test]
    fn slices_without_a_change_cost_nothing_and_stay() {
        let slices = Slices::new(&params(), &SliceOptions::default()).unwrap();
        let (block, pad) = (slices.block_samples(), slices.pad_samples());
        let x = noise(4 * block, 8);
        let middle = 2 * block as i64 + block as i64 / 2;
        let mut change = silence(middle..middle + 500);
        let found = changed(&slices, &x, &[x.len()], &mut change);
        assert_eq!(change.calls, BANDS.len());
        let reached = 2 * block - pad..3 * block + pad;
        assert!(found.iter().enumerate().all(|(n, &value)| reached.contains(&n) || value == 0.0));
        assert!(changed(&slices, &x, &[x.len()], &mut silence(0..0)).iter().all(|&value| value == 0.0));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let slices = Slices::new(&params(), &SliceOptions::default()).unwrap();
        let mut changer = Changer::new(&slices);
        assert!(changer.push(&[f64::NAN], &mut silence(0..1), &mut |_| ()).is_err());
        assert_eq!(changer.finish(&mut silence(0..1), &mut |_| ()).unwrap(), 0);
        let (plan, mut out) = (slices.plan(), vec![0.0; 10]);
        let mut scratch = GaborScratch::default();
        let x = vec![0.0; plan.samples()];
        assert!(plan.difference_into(&x, 0, &mut silence(0..1), &mut out, &mut scratch).is_err());
        assert!(plan.difference_into(&out.clone(), 0, &mut silence(0..1), &mut out, &mut scratch).is_err());
    }
}
