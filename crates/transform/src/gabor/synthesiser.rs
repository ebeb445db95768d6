//! Blocks of coefficients to samples.

use num_complex::Complex;

use super::cells::RaggedCells;
use super::overlap::add_and_shift;
use super::params::wrong;
use super::plan::GaborScratch;
use super::slices::Slices;
use crate::{Real, TransformError};

/// The inverse transform of a signal of any length, block by block.
///
/// It takes what an [`Analyser`](super::Analyser) gives, changed or not, block 0 first. A block of zeros costs no
/// transform. The samples come two blocks later. Memory: a slice's coefficients and samples.
#[derive(Debug)]
pub struct Synthesiser<T> {
    slices: Slices<T>,
    cells: RaggedCells<T>,
    slice: Vec<T>,
    /// What earlier slices have beyond the samples that come next.
    beyond: Vec<T>,
    /// The samples of the last block. They are given when there is another: else the signal may have ended before.
    ready: Vec<T>,
    taken: u64,
    given: u64,
    scratch: GaborScratch<T>,
}

impl<T: Real> Synthesiser<T> {
    /// At the beginning of a signal.
    pub fn new(slices: &Slices<T>) -> Self {
        let (period, block) = (slices.plan().period(), slices.block_samples());
        Self {
            cells: slices.plan().make_cells(),
            slice: vec![T::zero(); period],
            beyond: vec![T::zero(); period - block],
            ready: Vec::with_capacity(block),
            taken: 0,
            given: 0,
            scratch: GaborScratch::default(),
            slices: slices.clone(),
        }
    }

    /// Takes the next block, and gives `take` the samples that are done, which may be none.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the coefficients are not those of a block.
    pub fn push(&mut self, block: &RaggedCells<T>, take: &mut dyn FnMut(&[T])) -> Result<(), TransformError> {
        self.slices.check_block(block)?;
        let zero = Complex::default();
        if block.as_slice().iter().all(|value| *value == zero) {
            self.slice.fill(T::zero());
        } else {
            self.slice_of(block)?;
        }
        self.given += self.ready.len() as u64;
        take(&self.ready);
        self.ready.resize(self.slices.block_samples(), T::zero());
        add_and_shift(&self.slice, &mut self.beyond, &mut self.ready);
        // The first slice begins two paddings before the signal, and a block may be shorter than that.
        let (block, before) = (self.ready.len() as u64, 2 * self.slices.pad_samples() as u64);
        let missing = before.saturating_sub(self.taken * block).min(block);
        self.ready.drain(..missing as usize);
        self.taken += 1;
        Ok(())
    }

    /// Ends the signal, which has `samples` samples, and gives `take` those that are left. After it a new signal begins.
    ///
    /// # Errors
    /// [`TransformError::Parameter`] when the blocks were of a signal of another length.
    pub fn finish(&mut self, samples: u64, take: &mut dyn FnMut(&[T])) -> Result<(), TransformError> {
        if self.slices.blocks(samples) != self.taken {
            let found = format!("{samples} samples, which make {} blocks", self.slices.blocks(samples));
            return Err(wrong("length", &found, &format!("what makes the {} blocks that came", self.taken)));
        }
        let left = samples.saturating_sub(self.given) as usize;
        take(&self.ready[..left.min(self.ready.len())]);
        self.ready.clear();
        self.beyond.fill(T::zero());
        (self.taken, self.given) = (0, 0);
        Ok(())
    }

    /// The signal of a block's coefficients with zeros around them.
    fn slice_of(&mut self, block: &RaggedCells<T>) -> Result<(), TransformError> {
        let plan = self.slices.plan();
        for (row, band) in plan.bands().iter().enumerate() {
            let (values, from) = (block.row(row), self.slices.pad_samples() / band.hop);
            let out = self.cells.row_mut(row);
            out[..from].fill(Complex::default());
            out[from..from + values.len()].copy_from_slice(values);
            out[from + values.len()..].fill(Complex::default());
        }
        plan.inverse_into(&self.cells, &mut self.slice, &mut self.scratch)
    }
}
