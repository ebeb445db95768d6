//! A row-major matrix: bins by frames.

use std::fmt;

/// A matrix of `rows` frequency bins by `columns` frames, stored row by row.
///
/// Row 0 is the lowest frequency and column 0 the first frame, as in librosa's arrays.
/// Pictures have row 0 at the bottom for that reason; the picture crate turns them.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane<T> {
    rows: usize,
    columns: usize,
    data: Vec<T>,
}

/// A buffer's length does not fit the shape asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// Rows asked for.
    pub rows: usize,
    /// Columns asked for.
    pub columns: usize,
    /// Elements found.
    pub found: usize,
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, columns, found } = self;
        write!(f, "a {rows} x {columns} plane needs {} values, found {found}", rows.saturating_mul(*columns))
    }
}

impl std::error::Error for ShapeError {}

impl<T> Plane<T> {
    /// Wraps a row-major buffer.
    ///
    /// # Errors
    /// [`ShapeError`] when `data.len() != rows * columns`.
    pub fn from_vec(rows: usize, columns: usize, data: Vec<T>) -> Result<Self, ShapeError> {
        if rows.checked_mul(columns) == Some(data.len()) {
            Ok(Self { rows, columns, data })
        } else {
            Err(ShapeError { rows, columns, found: data.len() })
        }
    }

    /// Makes each value from its row and column.
    pub fn from_fn(rows: usize, columns: usize, mut value: impl FnMut(usize, usize) -> T) -> Self {
        let mut data = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            for column in 0..columns {
                data.push(value(row, column));
            }
        }
        Self { rows, columns, data }
    }

    /// Number of rows (frequency bins).
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns (frames).
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// One row, all frames. Panics when `row >= rows`, as slice indexing does.
    pub fn row(&self, row: usize) -> &[T] {
        &self.data[row * self.columns..(row + 1) * self.columns]
    }

    /// One row to write to. Panics when `row >= rows`, as slice indexing does.
    pub fn row_mut(&mut self, row: usize) -> &mut [T] {
        &mut self.data[row * self.columns..(row + 1) * self.columns]
    }

    /// All values, row by row.
    pub fn as_slice(&self) -> &[T] {
        &self.data
    }

    /// All values to write to, row by row.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.data
    }

    /// Gives the row-major buffer away.
    pub fn into_vec(self) -> Vec<T> {
        self.data
    }

    /// The value at a cell, if the plane has that cell.
    pub fn get(&self, row: usize, column: usize) -> Option<&T> {
        if column < self.columns { self.data.get(row * self.columns + column) } else { None }
    }

    /// A plane of the same shape, each value mapped.
    pub fn map<U>(&self, f: impl FnMut(&T) -> U) -> Plane<U> {
        Plane { rows: self.rows, columns: self.columns, data: self.data.iter().map(f).collect() }
    }
}

impl<T: Clone> Plane<T> {
    /// A plane with one value everywhere.
    pub fn filled(rows: usize, columns: usize, value: T) -> Self {
        Self { rows, columns, data: vec![value; rows * columns] }
    }

    /// The same values with rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |row, column| self.data[column * self.columns + row].clone())
    }

    /// The columns from `start` to `end` (exclusive, clamped to the plane).
    #[must_use]
    pub fn columns_between(&self, start: usize, end: usize) -> Self {
        let end = end.min(self.columns);
        let start = start.min(end);
        let data = (0..self.rows).flat_map(|row| self.row(row)[start..end].iter().cloned()).collect();
        Self { rows: self.rows, columns: end - start, data }
    }

    /// These columns, and after the last of them those of a plane of as many rows. Panics where it has fewer, as slice indexing
    /// does.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Self {
        let rows = (0..self.rows).flat_map(|row| self.row(row).iter().chain(other.row(row)).cloned());
        Self { rows: self.rows, columns: self.columns + other.columns, data: rows.collect() }
    }

    /// The rows from `start` to `end` (exclusive, clamped to the plane).
    #[must_use]
    pub fn rows_between(&self, start: usize, end: usize) -> Self {
        let end = end.min(self.rows);
        let start = start.min(end);
        let data = self.data[start * self.columns..end * self.columns].to_vec();
        Self { rows: end - start, columns: self.columns, data }
    }
}

impl<T> std::ops::Index<(usize, usize)> for Plane<T> {
    type Output = T;
    fn index(&self, (row, column): (usize, usize)) -> &T {
        &self.row(row)[column]
    }
}

impl<T> std::ops::IndexMut<(usize, usize)> for Plane<T> {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut T {
        &mut self.row_mut(row)[column]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_length_is_refused_with_both_numbers() {
        let error = Plane::from_vec(2, 3, vec![0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "a 2 x 3 plane needs 6 values, found 5");
    }

    #[test]
    fn indexing_transposing_and_slicing_agree() {
        let plane = Plane::from_fn(3, 4, |row, column| 10 * row + column);
        assert_eq!(plane[(2, 1)], 21);
        assert_eq!(plane.transposed()[(1, 2)], 21);
        assert_eq!(plane.columns_between(1, 3).row(2), &[21, 22]);
        assert_eq!(plane.rows_between(1, 9), plane.transposed().columns_between(1, 3).transposed());
        assert_eq!(plane.get(0, 4), None);
        assert_eq!(plane.get(3, 0), None);
        assert_eq!(plane.transposed().transposed(), plane);
    }
}
