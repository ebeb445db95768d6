//! MATLAB level 5 `.mat` files ("MAT-File Format", The `MathWorks`, chapter 1): numeric matrices.
//!
//! Read here because the one crate for it, matfile 0.5, prints to standard output, takes 32-bit
//! integers for unsigned ones and unpacks without a limit.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use flate2::read::ZlibDecoder;
use num_complex::Complex;

use super::choice::{Candidate, choose};
use super::scalar::{Scalar, complex_from_real};
use super::{ArrayFile, ArrayReadOptions, RAISE, Stored, ValueKind, checked_count};
use crate::FileError;

/// Bytes before the first element: text, subsystem offset, version and byte order.
const FILE_HEADER_BYTES: usize = 128;
/// Enough unpacked bytes for any matrix's flags, dimensions and name.
const MATRIX_HEADER_BYTES: u64 = 4096;
/// Bytes of an element's type and length.
const TAG_BYTES: u64 = 8;
const MATRIX: u32 = 14;
const COMPRESSED: u32 = 15;
const EXPECTED: &str = "whole elements, as MATLAB and scipy.io.savemat write";

type Found<T> = Result<T, String>;

pub(super) fn read(path: &Path, bytes: &[u8], options: &ArrayReadOptions) -> Result<ArrayFile, FileError> {
    let damaged = |found: String| FileError::damaged(path, found, EXPECTED);
    // "MI" read by a machine of the other byte order comes out as "IM".
    let big_endian = bytes.get(126..128) == Some(b"MI");
    let variables = variables(bytes, big_endian).map_err(damaged)?;
    let candidates: Vec<Candidate> = variables.iter().map(|variable| variable.header.candidate(big_endian)).collect();
    let variable = &variables[choose(path, &candidates, options.name.as_deref())?];
    if variable.header.scalar().is_none() {
        return Err(FileError::Unsupported {
            path: path.to_owned(),
            found: format!("{} in {}", variable.header.class_name(), variable.header.name),
            expected: "a full matrix of numbers",
            advice: "save it as one, as in: C = double(full(C)); save('NAME.mat', 'C', '-v7')",
        });
    }
    let count = checked_count(path, &variable.header.shape, options)?;
    let body = variable.element.body(options.max_bytes()).map_err(damaged)?;
    if body.len() as u64 >= options.max_bytes() {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            found: format!("a matrix of {} bytes or more", body.len()),
            limit: format!("{} values", options.max_values),
            advice: RAISE,
        });
    }
    let values = values(&body, big_endian, &variable.header, count).map_err(damaged)?;
    let kind = if variable.header.complex { ValueKind::Complex } else { ValueKind::Real };
    let dtype = variable.header.dtype(big_endian);
    let (name, shape) = (variable.header.name.clone(), variable.header.shape.clone());
    Stored { name, shape, kind, fortran: true, dtype, values }.into_array(path)
}

/// An element's type and bytes.
struct Element<'a> {
    kind: u32,
    bytes: &'a [u8],
}

impl<'a> Element<'a> {
    /// A matrix's content, at most `limit` bytes of it.
    fn body(&self, limit: u64) -> Found<Cow<'a, [u8]>> {
        if self.kind == MATRIX {
            return Ok(Cow::Borrowed(self.bytes));
        }
        let mut unpacked = Vec::new();
        let unpacking = ZlibDecoder::new(self.bytes).take(limit + TAG_BYTES).read_to_end(&mut unpacked);
        unpacking.map_err(|error| format!("a matrix cannot be unpacked ({error})"))?;
        // The unpacked element has its own tag, which repeats what is known.
        if unpacked.len() < TAG_BYTES as usize {
            return Err("a packed matrix has no content".to_owned());
        }
        unpacked.drain(..TAG_BYTES as usize);
        Ok(Cow::Owned(unpacked))
    }
}

/// Reads elements one after the other.
struct Elements<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Elements<'a> {
    fn next(&mut self) -> Found<Element<'a>> {
        let Some((&[a, b, c, d, e, f, g, h], rest)) = self.bytes.split_first_chunk::<8>() else {
            return Err("it ends within an element".to_owned());
        };
        let word = number([a, b, c, d], self.big_endian);
        // A small element packs length and type in one word and its bytes in the next.
        if word >> 16 != 0 {
            let bytes = self.bytes.get(4..4 + (word >> 16) as usize).filter(|bytes| bytes.len() <= 4);
            let bytes = bytes.ok_or_else(|| "a small element declares more than 4 bytes".to_owned())?;
            self.bytes = rest;
            return Ok(Element { kind: word & 0xffff, bytes });
        }
        let length = number([e, f, g, h], self.big_endian) as usize;
        let bytes = rest
            .get(..length)
            .ok_or_else(|| format!("it ends after {} of {length} bytes of an element", rest.len()))?;
        let padded = if word == COMPRESSED { length } else { length.next_multiple_of(8) };
        self.bytes = rest.get(padded..).unwrap_or_default();
        Ok(Element { kind: word, bytes })
    }
}

fn number(bytes: [u8; 4], big_endian: bool) -> u32 {
    if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
}

/// A variable and what its header says.
struct Variable<'a> {
    header: MatrixHeader,
    element: Element<'a>,
}

fn variables(bytes: &[u8], big_endian: bool) -> Found<Vec<Variable<'_>>> {
    let mut elements = Elements { bytes: bytes.get(FILE_HEADER_BYTES..).unwrap_or_default(), big_endian };
    let mut variables = Vec::new();
    while !elements.bytes.is_empty() {
        let element = elements.next()?;
        if element.kind != MATRIX && element.kind != COMPRESSED {
            continue;
        }
        let header = MatrixHeader::from_body(&element.body(MATRIX_HEADER_BYTES)?, big_endian)?;
        // MATLAB keeps function handles' workspaces in variables without a name.
        if !header.name.is_empty() {
            variables.push(Variable { header, element });
        }
    }
    Ok(variables)
}

/// Flags, dimensions and name: the first three elements of a matrix.
struct MatrixHeader {
    class: u32,
    complex: bool,
    shape: Vec<usize>,
    name: String,
    /// Bytes of the body that the header takes.
    length: usize,
}

impl MatrixHeader {
    fn from_body(body: &[u8], big_endian: bool) -> Found<Self> {
        let mut elements = Elements { bytes: body, big_endian };
        let flags = elements.next()?.bytes.first_chunk::<4>().map(|&word| number(word, big_endian));
        let flags = flags.ok_or_else(|| "a matrix has no flags".to_owned())?;
        let shape: Vec<usize> =
            elements.next()?.bytes.as_chunks::<4>().0.iter().map(|&word| number(word, big_endian) as usize).collect();
        let name = String::from_utf8_lossy(elements.next()?.bytes).into_owned();
        Ok(Self {
            class: flags & 0xff,
            complex: flags & 0x0800 != 0,
            shape,
            name,
            length: body.len() - elements.bytes.len(),
        })
    }

    /// The type the matrix had in MATLAB (table 1-3, `mxDOUBLE_CLASS` to `mxUINT64_CLASS`).
    fn scalar(&self) -> Option<Scalar> {
        Some(match self.class {
            6 => Scalar::F64,
            7 => Scalar::F32,
            8 => Scalar::I8,
            9 => Scalar::U8,
            10 => Scalar::I16,
            11 => Scalar::U16,
            12 => Scalar::I32,
            13 => Scalar::U32,
            14 => Scalar::I64,
            15 => Scalar::U64,
            _ => return None,
        })
    }

    fn class_name(&self) -> &'static str {
        match self.class {
            1 => "a cell array",
            2 => "a structure",
            3 => "an object",
            4 => "text",
            5 => "a sparse matrix",
            _ => "something other than a matrix",
        }
    }

    fn dtype(&self, big_endian: bool) -> String {
        let order = if big_endian { '>' } else { '<' };
        match (self.scalar(), self.complex) {
            (None, _) => self.class_name().to_owned(),
            (Some(scalar), true) => format!("{order}c{}", 2 * scalar.size()),
            (Some(Scalar::F64), _) => format!("{order}f8"),
            (Some(Scalar::F32), _) => format!("{order}f4"),
            (Some(scalar), _) => {
                let letter = if self.class.is_multiple_of(2) { 'i' } else { 'u' };
                format!("{order}{letter}{}", scalar.size())
            }
        }
    }

    fn candidate(&self, big_endian: bool) -> Candidate {
        Candidate {
            name: self.name.clone(),
            shape: self.shape.clone(),
            dtype: self.dtype(big_endian),
            numeric: self.scalar().is_some(),
        }
    }
}

/// The values of a matrix, column by column.
fn values(body: &[u8], big_endian: bool, header: &MatrixHeader, count: usize) -> Found<Vec<Complex<f64>>> {
    let mut elements = Elements { bytes: body.get(header.length..).unwrap_or_default(), big_endian };
    let real = numbers(&elements.next()?, big_endian, count)?;
    if !header.complex {
        return Ok(complex_from_real(&real));
    }
    let imaginary = numbers(&elements.next()?, big_endian, count)?;
    Ok(real.into_iter().zip(imaginary).map(|(re, im)| Complex::new(re, im)).collect())
}

/// The numbers of an element, stored in whichever type takes the least room (table 1-1).
fn numbers(element: &Element<'_>, big_endian: bool, count: usize) -> Found<Vec<f64>> {
    let scalar = match element.kind {
        1 => Scalar::I8,
        2 => Scalar::U8,
        3 => Scalar::I16,
        4 => Scalar::U16,
        5 => Scalar::I32,
        6 => Scalar::U32,
        7 => Scalar::F32,
        9 => Scalar::F64,
        12 => Scalar::I64,
        13 => Scalar::U64,
        other => return Err(format!("an element has the unknown type {other}")),
    };
    let numbers = scalar.decode(element.bytes, big_endian);
    if numbers.len() == count {
        Ok(numbers)
    } else {
        Err(format!("a matrix has {} values and its shape declares {count}", numbers.len()))
    }
}
