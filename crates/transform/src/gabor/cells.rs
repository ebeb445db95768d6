//! Coefficients of bands that are sampled at hops of their own.

use std::sync::Arc;

use num_complex::Complex;

use crate::TransformError;

/// Rows of coefficients, each of a length of its own; row 0 is the lowest band.
///
/// Coefficient `n` of a row belongs to sample `n hop`. All rows lie in one buffer, one after another.
#[derive(Clone, Debug, PartialEq)]
pub struct RaggedCells<T> {
    values: Vec<Complex<T>>,
    /// Where each row begins, and the end.
    starts: Arc<[usize]>,
}

impl<T: Copy + Default> RaggedCells<T> {
    /// Zeros, in rows that begin at `starts`, the last of which is the end.
    pub(super) fn zeros(starts: Arc<[usize]>) -> Self
    where
        Complex<T>: Default,
    {
        Self { values: vec![Complex::default(); starts.last().copied().unwrap_or(0)], starts }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The coefficients of a row; none where there is no such row.
    pub fn row(&self, row: usize) -> &[Complex<T>] {
        self.starts.get(row..row + 2).map_or(&[], |ends| &self.values[ends[0]..ends[1]])
    }

    /// The same, to be changed.
    pub fn row_mut(&mut self, row: usize) -> &mut [Complex<T>] {
        match self.starts.get(row..row + 2) {
            Some(ends) => &mut self.values[ends[0]..ends[1]],
            None => &mut [],
        }
    }

    /// All rows, one after another.
    pub fn as_slice(&self) -> &[Complex<T>] {
        &self.values
    }

    /// The same, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [Complex<T>] {
        &mut self.values
    }

    /// Where each row begins in [`RaggedCells::as_slice`], and the end.
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }
}

/// Where rows of these lengths begin when they lie one after another, and the end.
pub(super) fn starts_of(lengths: impl Iterator<Item = usize>) -> Arc<[usize]> {
    let mut end = 0;
    let ends = lengths.map(|length| {
        end += length;
        end
    });
    std::iter::once(0).chain(ends.collect::<Vec<_>>()).collect()
}

/// Refuses coefficients whose rows do not begin where they are expected.
pub(super) fn check_starts(found: &[usize], expected: &[usize]) -> Result<(), TransformError> {
    if found == expected {
        return Ok(());
    }
    let shape = |starts: &[usize]| (starts.len().saturating_sub(1), starts.last().copied().unwrap_or(0));
    let what = "the coefficients (rows, and numbers in all rows)";
    Err(TransformError::Shape { what, found: shape(found), expected: shape(expected) })
}
