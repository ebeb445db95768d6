//! What the axes of an array are: rows by columns, channels before them, parts of complex numbers behind them.

use std::path::Path;

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};

use crate::FileError;

/// Most channels: what a decoder of sounds here tells apart.
const MOST_CHANNELS: usize = 32;

/// What is expected of any array.
pub(super) const MATRIX: &str = "a matrix of rows (frequency bins) by columns (frames), or channels by rows by columns";

/// What to do with two numbers a cell that may be the parts of a complex number, or two channels.
pub(super) const PARTS_OR_CHANNELS: &str = "if the last axis is real and imaginary part, join them, as in: np.save(NAME, \
     a[..., 0] + 1j * a[..., 1]); if it is channels, these come first, as in: np.save(NAME, np.moveaxis(a, -1, 0)); \
     else save one matrix, as in: np.save(NAME, array[0])";

/// Whether a shape is that of a matrix of pairs, or of one a channel: the last axis has length 2.
pub(super) fn holds_parts(shape: &[usize]) -> bool {
    let Some((&2, rest)) = shape.split_last() else { return false };
    let long = rest.iter().filter(|&&length| length > 1).count();
    !shape.contains(&0) && (long == 2 || long == 3 && is_usable(rest))
}

/// Whether a shape is that of a matrix, or of one a channel.
pub(super) fn is_usable(shape: &[usize]) -> bool {
    matrices(shape).is_some()
}

/// Whether a shape is that of one matrix, of pairs or not.
pub(super) fn is_of_one_channel(shape: &[usize]) -> bool {
    squeezed(shape).is_some() || shape.split_last().is_some_and(|(&last, rest)| last == 2 && squeezed(rest).is_some())
}

/// The values as one plane of channels, in C order or Fortran's.
///
/// # Errors
/// [`FileError::Content`] for a shape of no matrices, and [`FileError::Damaged`] for one of other values than there are.
pub(super) fn stacked(
    path: &Path,
    (shape, fortran): (&[usize], bool),
    values: Vec<Complex<f64>>,
) -> Result<(Stack, Plane<Complex<f64>>), FileError> {
    let (stack, columns) = matrices(shape).ok_or_else(|| refused(path, shape))?;
    let Stack { channels, rows, .. } = stack;
    let damaged =
        |error: photophone_spectrum::ShapeError| FileError::damaged(path, error.to_string(), "a value for each cell");
    if channels == 1 {
        let plane = if fortran {
            Plane::from_vec(columns, rows, values).map(|plane| plane.transposed())
        } else {
            Plane::from_vec(rows, columns, values)
        };
        return Ok((stack, plane.map_err(damaged)?));
    }
    // One row a channel, or the other way round.
    let whole = if fortran {
        Plane::from_vec(rows * columns, channels, values).map(|plane| plane.transposed())
    } else {
        Plane::from_vec(channels, rows * columns, values)
    };
    let whole = whole.map_err(damaged)?;
    let matrix = |channel: usize| {
        let value = |row: usize, column: usize| {
            let place = if fortran { column * rows + row } else { row * columns + column };
            whole[(channel, place)]
        };
        Plane::from_fn(rows, columns, value)
    };
    let planes = (0..channels).map(matrix).collect();
    Ok((stack, stack.joined(planes, &Complex::default())))
}

/// Channels and rows, and columns, of a shape whose axes of length 1 may be dropped.
///
/// An axis of channels comes first and is the shortest: else it may be the last one that counts them.
pub(super) fn matrices(shape: &[usize]) -> Option<(Stack, usize)> {
    if shape.contains(&0) {
        return None;
    }
    if let Some((rows, columns)) = squeezed(shape) {
        return Some((Stack::one(rows), columns));
    }
    let long: Vec<usize> = shape.iter().copied().filter(|&length| length > 1).collect();
    let [channels, rows, columns] = long[..] else { return None };
    are_channels([channels, rows, columns]).then_some((Stack { channels, rows, gap: 0 }, columns))
}

/// Whether the first of three axes counts channels: it is the shortest, and there are no more than sounds have.
pub fn are_channels([channels, rows, columns]: [usize; 3]) -> bool {
    channels == 1 || channels > 1 && channels < rows.min(columns) && channels <= MOST_CHANNELS
}

pub(super) fn refused(path: &Path, shape: &[usize]) -> FileError {
    if shape.contains(&0) {
        return FileError::content(path, shape_text(shape), "at least one row and column", "save it again");
    }
    let long: Vec<usize> = shape.iter().copied().filter(|&length| length > 1).collect();
    let found = format!("{} with {} dimension(s)", shape_text(shape), shape.len());
    let advice = match long[..] {
        [first, _, last] if last <= MOST_CHANNELS && last <= first => {
            "channels come first, as in: np.save(NAME, np.moveaxis(array, -1, 0)); or save one matrix, as in: \
             np.save(NAME, array[..., 0])"
        }
        _ => "save one matrix, as in: np.save(NAME, array[0])",
    };
    FileError::content(path, found, MATRIX, advice)
}

/// The two dimensions left when those of length 1 are dropped from the front.
fn squeezed(shape: &[usize]) -> Option<(usize, usize)> {
    let mut shape = shape.to_vec();
    while shape.len() > 2 {
        let single = shape.iter().position(|&length| length == 1)?;
        shape.remove(single);
    }
    match shape[..] {
        [rows, columns] if rows > 0 && columns > 0 => Some((rows, columns)),
        _ => None,
    }
}

/// A shape for messages: "an array of shape (84, 260)".
pub(super) fn shape_text(shape: &[usize]) -> String {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    format!("an array of shape ({}{comma})", lengths.join(", "))
}
