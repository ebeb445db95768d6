//! A matrix in a `.npy` file, or one a channel, read a part at a time.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};

use super::npy::{Header, MAX_HEADER_BYTES};
use super::scalar::{Scalar, complex_from_pairs, complex_from_real};
use super::shape::{holds_parts, matrices, refused};
use super::{ValueKind, check_finite};
use crate::read::open;
use crate::{FileError, FileKind};

/// A matrix in a `.npy` file, or one a channel. Nothing of it is in memory but what was asked for.
#[derive(Debug)]
pub struct ArrayParts {
    path: PathBuf,
    file: File,
    stack: Stack,
    columns: usize,
    stored_shape: Vec<usize>,
    dtype: String,
    kind: ValueKind,
    scalar: Scalar,
    big_endian: bool,
    /// Whether columns lie together, not rows.
    fortran: bool,
    data_start: u64,
}

impl ArrayParts {
    /// Opens a file; `None` where it is no `.npy` or one that has to be seen whole to tell what it holds.
    ///
    /// # Errors
    /// [`FileError::Read`] and [`FileError::Kind`], [`FileError::Damaged`] where values are missing, and
    /// [`FileError::Content`] for what is no matrix.
    pub fn open(path: &Path) -> Result<Option<Self>, FileError> {
        let mut file = open(path, "a NumPy .npy array")?;
        let about = file.metadata().map_err(FileError::reading(path))?;
        if !about.is_file() {
            return Ok(None);
        }
        let mut start = Vec::new();
        file.by_ref().take(MAX_HEADER_BYTES as u64 + 16).read_to_end(&mut start).map_err(FileError::reading(path))?;
        if FileKind::from_bytes(&start) != Some(FileKind::Npy) {
            return Ok(None);
        }
        let header = Header::from_bytes(path, &start)?;
        let Some((kind, scalar, big_endian)) = header.number_type() else { return Ok(None) };
        if kind == ValueKind::Real && holds_parts(&header.shape) {
            return Ok(None);
        }
        let (stack, columns) = matrices(&header.shape).ok_or_else(|| refused(path, &header.shape))?;
        let parts = Self {
            path: path.to_owned(),
            file,
            stack,
            columns,
            kind,
            scalar,
            big_endian,
            fortran: header.is_fortran(),
            data_start: header.data_start() as u64,
            stored_shape: header.shape,
            dtype: header.dtype,
        };
        let counts = [stack.channels, stack.rows, columns].map(|count| count as u64);
        let needed = counts.iter().try_fold(parts.value_bytes() as u64, |bytes, count| bytes.checked_mul(*count));
        let found = about.len().saturating_sub(parts.data_start);
        if needed.is_none_or(|needed| needed > found) {
            let found = format!("it ends after {found} bytes of values, and its shape is {:?}", parts.stored_shape);
            return Err(FileError::damaged(path, found, "a value for each cell of its shape"));
        }
        Ok(Some(parts))
    }

    /// Rows and columns of each channel.
    pub fn shape(&self) -> (usize, usize) {
        (self.stack.rows, self.columns)
    }

    /// How many channels it has, as a plane of all of them has them.
    pub fn stack(&self) -> Stack {
        self.stack
    }

    /// Complex or real.
    pub fn kind(&self) -> ValueKind {
        self.kind
    }

    /// The stored type as NumPy writes it, and the stored shape.
    pub fn stored(&self) -> (&str, &[usize]) {
        (&self.dtype, &self.stored_shape)
    }

    /// The values of each channel in these rows and columns, all finite, as a [`Stack`] has them. Cost: a read for each row, or
    /// for each column in Fortran order.
    ///
    /// # Errors
    /// [`FileError::Read`], and [`FileError::Content`] for NaN or infinity.
    pub fn part(&mut self, rows: Range<usize>, columns: Range<usize>) -> Result<Plane<Complex<f64>>, FileError> {
        let Stack { channels, rows: all, .. } = self.stack;
        let mut plane = Plane::filled(channels * rows.len(), columns.len(), Complex::default());
        // Where row `row` of a channel lies in the plane.
        let place = |channel: usize, row: usize| (channels - 1 - channel) * rows.len() + row;
        if self.fortran {
            for (t, column) in columns.enumerate() {
                let line = self.line(channels * (column * all + rows.start), channels * rows.len())?;
                for (at, value) in line.into_iter().enumerate() {
                    plane[(place(at % channels, at / channels), t)] = value;
                }
            }
        } else {
            for (channel, row) in (0..channels).flat_map(|channel| rows.clone().map(move |row| (channel, row))) {
                let line = self.line((channel * all + row) * self.columns + columns.start, columns.len())?;
                plane.row_mut(place(channel, row - rows.start)).copy_from_slice(&line);
            }
        }
        check_finite(&self.path, &plane)?;
        Ok(plane)
    }

    /// So many values from the one of this number on.
    fn line(&mut self, first: usize, count: usize) -> Result<Vec<Complex<f64>>, FileError> {
        let mut bytes = vec![0; count * self.value_bytes()];
        let at = self.data_start + first as u64 * self.value_bytes() as u64;
        self.file.seek(SeekFrom::Start(at)).map_err(FileError::reading(&self.path))?;
        self.file.read_exact(&mut bytes).map_err(FileError::reading(&self.path))?;
        let numbers = self.scalar.decode(&bytes, self.big_endian);
        Ok(match self.kind {
            ValueKind::Complex => complex_from_pairs(&numbers),
            ValueKind::Real => complex_from_real(&numbers),
        })
    }

    fn value_bytes(&self) -> usize {
        self.scalar.size() * if self.kind == ValueKind::Complex { 2 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ArrayReadOptions, ArrayToWrite, read_array, write_npy};

    #[test]
    fn parts_are_those_of_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.npy");
        let plane = Plane::from_fn(5, 40, |k, t| Complex::new(k as f64, t as f64 / 8.0));
        write_npy(&path, ArrayToWrite::Complex(&plane), &[]).unwrap();
        let whole = read_array(&path, &ArrayReadOptions::default()).unwrap().values;
        let mut parts = ArrayParts::open(&path).unwrap().unwrap();
        assert_eq!((parts.shape(), parts.kind()), ((5, 40), ValueKind::Complex));
        let part = parts.part(1..4, 17..33).unwrap();
        assert_eq!(part, Plane::from_fn(3, 16, |k, t| whole[(1 + k, 17 + t)]));
        // The same bytes as columns.
        let mut bytes = std::fs::read(&path).unwrap();
        let text = |bytes: &[u8], what: &str| bytes.windows(what.len()).position(|at| at == what.as_bytes());
        let at = text(&bytes, "False, 'shape': (5, 40)").unwrap();
        bytes.splice(at..at + 23, *b"True, 'shape': (40, 5) ");
        std::fs::write(&path, &bytes).unwrap();
        let mut parts = ArrayParts::open(&path).unwrap().unwrap();
        assert_eq!(parts.shape(), (40, 5));
        assert_eq!(parts.part(17..33, 1..4).unwrap(), part.transposed());
        // And of channels.
        let stack = Stack { channels: 2, rows: 5, gap: 0 };
        let plane = Plane::from_fn(10, 40, |k, t| Complex::new(k as f64, t as f64));
        write_npy(&path, ArrayToWrite::Channels(&plane, stack), &[]).unwrap();
        let whole = read_array(&path, &ArrayReadOptions::default()).unwrap();
        let mut parts = ArrayParts::open(&path).unwrap().unwrap();
        assert_eq!((parts.shape(), parts.stack()), ((5, 40), whole.stack));
        assert_eq!(parts.part(0..5, 7..20).unwrap(), whole.values.columns_between(7, 20));
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(matches!(ArrayParts::open(&path), Err(FileError::Damaged { .. })));
        std::fs::write(&path, b"RIFF....WAVE").unwrap();
        assert!(ArrayParts::open(&path).unwrap().is_none());
    }
}
