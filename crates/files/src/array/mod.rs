//! Arrays of numbers: NumPy `.npy` and `.npz` and MATLAB level 5 `.mat` in, `.npy` and `.npz` out.

mod choice;
mod mat;
mod npy;
mod npz;
mod parts;
mod scalar;
mod shape;

use std::path::Path;

use num_complex::Complex;
use photophone_spectrum::{Number, Plane, Stack};

pub use npy::{ArrayToWrite, write_npy};
pub use npz::write_npz;
pub use parts::ArrayParts;
pub use shape::are_channels;

use self::shape::{MATRIX, PARTS_OR_CHANNELS, holds_parts, shape_text, stacked};
use crate::FileError;
use crate::{FileGroup, FileKind, guarded, read_known_file, wrong_kind};

const EXPECTED: &str = "a NumPy .npy or .npz array or a MATLAB level 5 .mat file";
const RAISE: &str = "cut the array, or raise the limit with `max-memory`";

/// Bytes of headers and names that a file may have besides its values.
const HEADER_BYTES: u64 = 1 << 20;

/// What to read and how much at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrayReadOptions {
    /// Which array of a file with several. Default: none; the only usable one, or else the first
    /// of `phase`, `cqt`, `C`, `D`, `S` and `arr_0`.
    pub name: Option<String>,
    /// Most values read. Default: 0, which stands for 2^22 and 4 for each byte of the file, at most 2^26. Reading takes up
    /// to 64 bytes a value.
    pub max_values: usize,
}

/// Values that an array in a file of any size may have: 40 minutes of the default grid's frames.
const BASE_VALUES: usize = 1 << 22;

/// Values for each byte of the file: numbers of a byte that pack to a quarter.
const VALUES_A_BYTE: usize = 4;

/// Most values unless told otherwise: 1 GiB as complex numbers.
const MOST_VALUES: usize = 1 << 26;

/// Memory that reading takes for each value: as stored, as doubles, as complex numbers, and those transposed.
const BYTES_A_VALUE: f64 = 64.0;

impl ArrayReadOptions {
    /// The array of that name, as large as so many bytes of memory allow.
    pub fn within(name: Option<String>, max_bytes: Option<f64>) -> Self {
        let told = max_bytes.map_or(0, |bytes| (bytes / BYTES_A_VALUE).max(1.0) as usize);
        Self { name, max_values: told }
    }

    /// The same with the limit for a file of so many bytes.
    fn of_bytes(&self, bytes: usize) -> Self {
        let by_size = bytes.saturating_mul(VALUES_A_BYTE).saturating_add(BASE_VALUES).min(MOST_VALUES);
        let max_values = if self.max_values == 0 { by_size } else { self.max_values };
        Self { name: self.name.clone(), max_values }
    }

    /// Most bytes a file with that many values can have: 16 for a complex number of doubles.
    fn max_bytes(&self) -> u64 {
        (self.max_values as u64).saturating_mul(16).saturating_add(HEADER_BYTES)
    }
}

/// What the stored values were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Complex numbers.
    Complex,
    /// Real numbers; their imaginary part is 0.
    Real,
}

/// A matrix read from a file, or one a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayFile {
    /// Its name in the file; empty where the format has no names (`.npy`).
    pub name: String,
    /// The shape as stored, before singleton dimensions were dropped.
    pub stored_shape: Vec<usize>,
    /// The values, all finite, rows by columns as stored; of several channels one above the other.
    pub values: Plane<Complex<f64>>,
    /// How the channels lie in the values.
    pub stack: Stack,
    /// Complex or real.
    pub kind: ValueKind,
    /// Stored column by column (Fortran order, always so in MATLAB).
    pub was_fortran: bool,
    /// The stored type as NumPy writes it: `<c8`, `>f4`.
    pub dtype: String,
}

impl ArrayFile {
    /// A matrix that no file holds. It is checked where it is used.
    pub fn in_memory(values: Plane<Complex<f64>>, kind: ValueKind) -> Self {
        let stack = Stack::one(values.rows());
        Self::channels_in_memory(values, stack, kind)
    }

    /// Matrices of several channels that no file holds, one above the other. They are checked where they are used.
    pub fn channels_in_memory(values: Plane<Complex<f64>>, stack: Stack, kind: ValueKind) -> Self {
        let matrix = [stack.rows, values.columns()];
        let stored_shape = if stack.channels > 1 { [&[stack.channels], &matrix[..]].concat() } else { matrix.to_vec() };
        let dtype = if kind == ValueKind::Complex { "<c16" } else { "<f8" }.to_owned();
        Self { name: String::new(), stored_shape, values, stack, kind, was_fortran: false, dtype }
    }

    /// Refuses what no file is let through with either: no values, or some that are not finite. `path` is for messages.
    ///
    /// # Errors
    /// [`FileError::Content`].
    pub fn check(&self, path: &Path) -> Result<(), FileError> {
        let Stack { channels, rows, .. } = self.stack;
        if self.values.as_slice().is_empty() || Some(self.stack) != Stack::dividing(self.values.rows(), channels, 0) {
            let (rows_in_all, columns) = self.shape();
            let found = if channels == 1 { vec![rows_in_all, columns] } else { vec![channels, rows, columns] };
            return Err(FileError::content(path, shape_text(&found), "at least one row and column", "save it again"));
        }
        check_finite(path, &self.values)
    }

    /// Rows of all channels, and columns.
    pub fn shape(&self) -> (usize, usize) {
        self.values.shape()
    }
}

/// Reads one matrix, or one a channel, from a file, recognised by its content.
///
/// Integers and floats of all sizes up to 64 bits, complex numbers of 64 and 128 bits, both byte orders,
/// C and Fortran order. Dimensions of length 1 are dropped until two are left, or three: channels by rows by columns, as
/// librosa has them. Real numbers with a last dimension of 2 besides, real and imaginary part, become complex.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Empty`], [`FileError::Kind`] (not an array, MATLAB v7.3 or level 4),
/// [`FileError::Unsupported`] (objects, records, strings), [`FileError::Damaged`], [`FileError::TooLarge`],
/// and [`FileError::Content`] (not a matrix, no values, NaN or infinity, no array of that name).
pub fn read_array(path: &Path, options: &ArrayReadOptions) -> Result<ArrayFile, FileError> {
    let limit = (options.of_bytes(usize::MAX).max_bytes(), RAISE);
    let bytes = read_known_file(path, (EXPECTED, FileGroup::Array), limit)?;
    decode_array(path, &bytes, options)
}

/// Reads one matrix from the bytes of a file; see [`read_array`]. `path` is for messages.
///
/// # Errors
/// As [`read_array`], but for those of reading.
pub fn decode_array(path: &Path, bytes: &[u8], options: &ArrayReadOptions) -> Result<ArrayFile, FileError> {
    let options = &options.of_bytes(bytes.len());
    guarded(path, EXPECTED, || match FileKind::from_bytes(bytes) {
        Some(FileKind::Npy) => npy::read(path, bytes, options),
        Some(FileKind::Zip) => npz::read(path, bytes, options),
        Some(FileKind::MatLevel5) => mat::read(path, bytes, options),
        _ => Err(wrong_kind(path, bytes, EXPECTED)),
    })
}

/// Values as a file stores them, with their declared shape.
struct Stored {
    name: String,
    shape: Vec<usize>,
    kind: ValueKind,
    fortran: bool,
    dtype: String,
    values: Vec<Complex<f64>>,
}

impl Stored {
    /// The stored values as a matrix, once they are known to be one and finite.
    fn into_array(self, path: &Path) -> Result<ArrayFile, FileError> {
        let stored = self.shape.clone();
        let Self { name, shape, kind, fortran: was_fortran, dtype, values } = self.with_parts_joined(path)?;
        let (stack, values) = stacked(path, (&shape, was_fortran), values)?;
        check_finite(path, &values)?;
        Ok(ArrayFile { name, stored_shape: stored, values, stack, kind, was_fortran, dtype })
    }
}

impl Stored {
    /// Real and imaginary part in the last axis, as `torch.view_as_real` and nnAudio have them, as complex numbers.
    /// The shape stays as stored but for that axis.
    ///
    /// # Errors
    /// Two numbers that are whole or never negative: they may be two channels.
    fn with_parts_joined(self, path: &Path) -> Result<Self, FileError> {
        if self.kind == ValueKind::Complex || !holds_parts(&self.shape) {
            return Ok(self);
        }
        if !self.dtype.contains('f') || self.values.iter().all(|value| value.re >= 0.0) {
            return Err(FileError::content(path, shape_text(&self.shape), MATRIX, PARTS_OR_CHANNELS));
        }
        let joined = |re: &Complex<f64>, im: &Complex<f64>| Complex::new(re.re, im.re);
        // The last axis runs fastest in C order and slowest in Fortran's.
        let values = if self.fortran {
            let (re, im) = self.values.split_at(self.values.len() / 2);
            re.iter().zip(im).map(|(re, im)| joined(re, im)).collect()
        } else {
            self.values.as_chunks::<2>().0.iter().map(|[re, im]| joined(re, im)).collect()
        };
        let shape = self.shape[..self.shape.len() - 1].to_vec();
        Ok(Self { shape, kind: ValueKind::Complex, values, ..self })
    }
}

/// The number of values a shape declares, once it is known to be within the limit.
fn checked_count(path: &Path, shape: &[usize], options: &ArrayReadOptions) -> Result<usize, FileError> {
    let count = shape.iter().try_fold(1usize, |count, &length| count.checked_mul(length));
    count.filter(|&count| count <= options.max_values).ok_or_else(|| FileError::TooLarge {
        path: path.to_owned(),
        found: shape_text(shape),
        limit: format!("{} values", options.max_values),
        advice: RAISE,
    })
}

/// Refuses negative magnitudes. `path` is for messages.
///
/// # Errors
/// [`FileError::Content`], which names the first.
pub fn check_magnitudes(path: &Path, array: &ArrayFile) -> Result<(), FileError> {
    match array.values.as_slice().iter().position(|value| value.re < 0.0) {
        None => Ok(()),
        Some(index) => Err(FileError::content(
            path,
            format!("a negative magnitude ({}) at index {index}", Number(array.values.as_slice()[index].re)),
            "magnitudes, zero or more",
            "if these are decibels, say which, as in `levels db:-80:0` (natural logarithms: ln), or undo them first: \
             librosa.db_to_amplitude",
        )),
    }
}

fn check_finite(path: &Path, values: &Plane<Complex<f64>>) -> Result<(), FileError> {
    let bad = |value: &&Complex<f64>| !value.is_finite();
    let count = values.as_slice().iter().filter(bad).count();
    let Some(first) = values.as_slice().iter().position(|value| !value.is_finite()) else { return Ok(()) };
    let (row, column) = (first / values.columns(), first % values.columns());
    let found = format!("{count} value(s) that are NaN or infinite, the first in row {row}, column {column}");
    Err(FileError::content(path, found, "finite numbers", "replace them, as in: array = numpy.nan_to_num(array)"))
}
