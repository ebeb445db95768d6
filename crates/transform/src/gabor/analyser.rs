//! Samples in blocks of any size to coefficients.

use num_complex::Complex;

use super::cells::RaggedCells;
use super::forward::check_finite;
use super::overlap::add_and_shift;
use super::plan::GaborScratch;
use super::slices::Slices;
use crate::{Real, TransformError};

/// The forward transform of a signal of any length, as its samples come.
///
/// The coefficients come in blocks of [`Slices::block_samples`] samples, in order: block 0 first. They are the same to the
/// last bit whatever sizes the samples are fed in. Memory: a slice's samples, and its coefficients one and a half times.
#[derive(Debug)]
pub struct Analyser<T> {
    slices: Slices<T>,
    /// The slice's samples between its zeros, as far as they have come.
    slice: Vec<T>,
    filled: usize,
    fed: u64,
    given: u64,
    cells: RaggedCells<T>,
    /// What earlier slices have beyond the block that comes next, row by row.
    beyond: Vec<Complex<T>>,
    block: RaggedCells<T>,
    scratch: GaborScratch<T>,
}

impl<T: Real> Analyser<T> {
    /// At the beginning of a signal.
    pub fn new(slices: &Slices<T>) -> Self {
        let (cells, block) = (slices.plan().make_cells(), slices.make_block());
        Self {
            slice: vec![T::zero(); slices.plan().period()],
            filled: 0,
            fed: 0,
            given: 0,
            beyond: vec![Complex::default(); cells.as_slice().len() - block.as_slice().len()],
            cells,
            block,
            scratch: GaborScratch::default(),
            slices: slices.clone(),
        }
    }

    /// Takes the next samples, and gives `take` every block that is done.
    ///
    /// # Errors
    /// [`TransformError::NotFinite`], whose index counts from the first of `samples`; nothing is taken then.
    pub fn push(&mut self, samples: &[T], take: &mut dyn FnMut(&mut RaggedCells<T>)) -> Result<(), TransformError> {
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
                self.give(take)?;
            }
        }
        Ok(())
    }

    /// Ends the signal and gives `take` the blocks that are left; how many samples there were. After it a new signal
    /// begins.
    ///
    /// # Errors
    /// None but a fault of the plan's.
    pub fn finish(&mut self, take: &mut dyn FnMut(&mut RaggedCells<T>)) -> Result<u64, TransformError> {
        while self.given < self.slices.blocks(self.fed) {
            self.give(take)?;
        }
        self.beyond.fill(Complex::default());
        self.given = 0;
        Ok(std::mem::take(&mut self.fed))
    }

    /// Transforms the slice, and gives the block that no later slice adds to.
    fn give(&mut self, take: &mut dyn FnMut(&mut RaggedCells<T>)) -> Result<(), TransformError> {
        if self.filled == 0 {
            self.cells.as_mut_slice().fill(Complex::default());
        } else {
            let from = self.slices.pad_samples() + self.filled;
            let end = self.slices.pad_samples() + self.slices.block_samples();
            self.slice[from..end].fill(T::zero());
            self.slices.plan().forward_into(&self.slice, &mut self.cells, &mut self.scratch)?;
        }
        self.filled = 0;
        self.given += 1;
        let mut rest = self.beyond.as_mut_slice();
        for row in 0..self.cells.rows() {
            let (new, out) = (self.cells.row(row), self.block.row_mut(row));
            let (beyond, after) = rest.split_at_mut(new.len() - out.len());
            rest = after;
            add_and_shift(new, beyond, out);
        }
        take(&mut self.block);
        Ok(())
    }
}
