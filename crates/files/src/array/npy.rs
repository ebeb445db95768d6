//! NumPy's `.npy` format (numpy/lib/format.py, versions 1.0 to 3.0), read and written.
//!
//! Read here and not with npyz 0.9, which multiplies hostile shapes without a check and hands the
//! header to a recursive parser of Python literals.

use std::io::{self, Write};
use std::path::Path;

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};

use super::scalar::{Scalar, complex_from_pairs, complex_from_real};
use super::{ArrayFile, ArrayReadOptions, Stored, ValueKind, checked_count};
use crate::FileError;
use crate::write_beside_then_rename;

/// Longest header text read: NumPy's own `max_header_size`.
pub(super) const MAX_HEADER_BYTES: usize = 10_000;

const NUMERIC: &str = "numbers: integers, floats or complex of up to 64 bits a part";

/// A header, and where the values begin.
pub(super) struct Header {
    pub(super) shape: Vec<usize>,
    pub(super) dtype: String,
    fortran: bool,
    data_start: usize,
}

pub(super) fn read(path: &Path, bytes: &[u8], options: &ArrayReadOptions) -> Result<ArrayFile, FileError> {
    stored_from_bytes(path, bytes, options)?.into_array(path)
}

/// The values of a whole `.npy` file or archive entry.
pub(super) fn stored_from_bytes(path: &Path, bytes: &[u8], options: &ArrayReadOptions) -> Result<Stored, FileError> {
    let header = Header::from_bytes(path, bytes)?;
    let (kind, scalar, big_endian) = header.number_type().ok_or_else(|| FileError::Unsupported {
        path: path.to_owned(),
        found: format!("an array of type {}", header.dtype),
        expected: NUMERIC,
        advice: "save a numeric array, as in: np.save(NAME, array.astype('complex64'), allow_pickle=False)",
    })?;
    let count = checked_count(path, &header.shape, options)?;
    let parts = if kind == ValueKind::Complex { 2 } else { 1 };
    let needed = count * parts * scalar.size();
    let data = bytes.get(header.data_start..).unwrap_or_default();
    let Some(data) = data.get(..needed) else {
        let found = format!("it ends after {} of {needed} bytes of values", data.len());
        return Err(FileError::damaged(path, found, "a value for each cell of its shape"));
    };
    let numbers = scalar.decode(data, big_endian);
    let values = match kind {
        ValueKind::Complex => complex_from_pairs(&numbers),
        ValueKind::Real => complex_from_real(&numbers),
    };
    let Header { shape, dtype, fortran, .. } = header;
    Ok(Stored { name: String::new(), shape, kind, fortran, dtype, values })
}

impl Header {
    /// Whether columns lie together, not rows.
    pub(super) fn is_fortran(&self) -> bool {
        self.fortran
    }

    /// Where the values begin.
    pub(super) fn data_start(&self) -> usize {
        self.data_start
    }

    /// Reads a header; `bytes` may end with it.
    pub(super) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        let (text, data_start) = header_text(bytes).map_err(|found| damaged(path, found))?;
        let missing = |key: &str| damaged(path, format!("its header has no readable '{key}': {}", shortened(text)));
        let dtype = value_of(text, "descr").ok_or_else(|| missing("descr"))?;
        let fortran = match value_of(text, "fortran_order") {
            Some("True") => true,
            Some("False") => false,
            _ => return Err(missing("fortran_order")),
        };
        let shape = value_of(text, "shape").and_then(shape_from_text).ok_or_else(|| missing("shape"))?;
        Ok(Self { shape, dtype: shortened(dtype.trim_matches(['\'', '"'])), fortran, data_start })
    }

    /// Real or complex, the type of a part, and whether it is big-endian; `None` when not numeric.
    pub(super) fn number_type(&self) -> Option<(ValueKind, Scalar, bool)> {
        let (&order, rest) = self.dtype.as_bytes().split_first()?;
        let (&letter, size) = rest.split_first()?;
        let size: usize = std::str::from_utf8(size).ok()?.parse().ok()?;
        let big_endian = match order {
            b'>' => true,
            b'<' | b'|' | b'=' => false,
            _ => return None,
        };
        match letter {
            b'c' if size == 8 || size == 16 => {
                Some((ValueKind::Complex, Scalar::from_letter(b'f', size / 2)?, big_endian))
            }
            b'c' => None,
            _ => Some((ValueKind::Real, Scalar::from_letter(letter, size)?, big_endian)),
        }
    }
}

fn damaged(path: &Path, found: impl Into<String>) -> FileError {
    FileError::damaged(path, found, "a NumPy header with descr, fortran_order and shape")
}

/// The header's text and where it ends: magic, version, length (2 bytes in version 1, else 4), text.
fn header_text(bytes: &[u8]) -> Result<(&str, usize), String> {
    let ends = || "it ends within its header".to_owned();
    let (start, length) = match *bytes {
        [_, _, _, _, _, _, 1, 0, a, b, ..] => (10, usize::from(u16::from_le_bytes([a, b]))),
        [_, _, _, _, _, _, 2 | 3, 0, a, b, c, d, ..] => (12, u32::from_le_bytes([a, b, c, d]) as usize),
        [_, _, _, _, _, _, 1..=3, 0, ..] => return Err(ends()),
        [_, _, _, _, _, _, major, minor, ..] => return Err(format!("it has the unknown version {major}.{minor}")),
        _ => return Err(ends()),
    };
    if length > MAX_HEADER_BYTES {
        return Err(format!("its header declares {length} bytes, over the limit of {MAX_HEADER_BYTES}"));
    }
    let text = bytes.get(start..start + length).ok_or_else(ends)?;
    let text = std::str::from_utf8(text).map_err(|_| "its header is not text".to_owned())?;
    Ok((text, start + length))
}

/// The text of a key's value in the header's dictionary: a tuple or list with its brackets, or a word.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let after = [format!("'{key}'"), format!("\"{key}\"")].iter().find_map(|quoted| {
        let start = text.find(quoted.as_str())?;
        text.get(start + quoted.len()..)
    })?;
    let value = after.trim_start().strip_prefix(':')?.trim_start();
    let end = match value.chars().next()? {
        '(' => value.find(')')? + 1,
        '[' => value.rfind(']')? + 1,
        _ => value.find([',', '}'])?,
    };
    value.get(..end).map(str::trim)
}

fn shape_from_text(text: &str) -> Option<Vec<usize>> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?.trim().trim_end_matches(',');
    if inner.is_empty() {
        return Some(Vec::new());
    }
    // Python 2 wrote long integers with an L.
    inner.split(',').map(|length| length.trim().trim_end_matches('L').parse().ok()).collect()
}

fn shortened(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= 80 { text.to_owned() } else { text.chars().take(80).chain("...".chars()).collect() }
}

/// A matrix to write: complex as `<c8`, real as `<f4`.
#[derive(Clone, Copy, Debug)]
pub enum ArrayToWrite<'a> {
    /// Written as complex64.
    Complex(&'a Plane<Complex<f64>>),
    /// Written as float32.
    Real(&'a Plane<f64>),
    /// Written as complex64, channels by rows by columns.
    Channels(&'a Plane<Complex<f64>>, Stack),
}

impl ArrayToWrite<'_> {
    /// Writes header (version 1.0, padded to 64 bytes as NumPy does) and values in C order.
    ///
    /// # Errors
    /// Those of `writer`.
    pub fn write_to(self, writer: &mut impl Write) -> io::Result<()> {
        let (descr, channels, (rows, columns)) = match self {
            Self::Complex(plane) => ("<c8", String::new(), plane.shape()),
            Self::Real(plane) => ("<f4", String::new(), plane.shape()),
            Self::Channels(plane, stack) => ("<c8", format!("{}, ", stack.channels), (stack.rows, plane.columns())),
        };
        let mut header =
            format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({channels}{rows}, {columns}), }}");
        let unpadded = 10 + header.len() + 1;
        header.push_str(&" ".repeat(unpadded.next_multiple_of(64) - unpadded));
        header.push('\n');
        writer.write_all(b"\x93NUMPY\x01\x00")?;
        writer.write_all(&(header.len() as u16).to_le_bytes())?;
        writer.write_all(header.as_bytes())?;
        let mut write = |number: f64| writer.write_all(&(number as f32).to_le_bytes());
        let mut write_pair = |z: &Complex<f64>| write(z.re).and_then(|()| write(z.im));
        match self {
            Self::Complex(plane) => plane.as_slice().iter().try_for_each(write_pair),
            Self::Real(plane) => plane.as_slice().iter().try_for_each(|&number| write(number)),
            Self::Channels(plane, stack) => (0..stack.channels).try_for_each(|channel| {
                let first = stack.first_row(channel);
                (first..first + stack.rows).flat_map(|row| plane.row(row)).try_for_each(&mut write_pair)
            }),
        }
    }
}

/// Writes a matrix as `.npy`, all or nothing, in C order.
///
/// # Errors
/// As [`write_beside_then_rename`].
pub fn write_npy(path: &Path, array: ArrayToWrite<'_>, inputs: &[&Path]) -> Result<(), FileError> {
    write_beside_then_rename(path, inputs, |writer| array.write_to(writer).map_err(FileError::writing(path)))
}
