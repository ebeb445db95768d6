//! Pixels that were copied from elsewhere in the same rows: they are moved as sound.

use std::ops::Range;

use photophone_spectrum::Plane;
use photophone_transform::TransformError;

use super::pieces::pieces;
use crate::Error;

/// The fewest rows and columns of what counts as copied. Fewer are as they are by chance.
const MIN_SIDE: usize = 3;

/// The fewest pixels that tell something.
const MIN_PIXELS: usize = 16;

/// Pixels that are others of the picture before the edit, in the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Where they are now: each a row, and columns of it.
    pub runs: Vec<(usize, Range<usize>)>,
    /// How many columns later that is than where they were; below 0 earlier. Not 0.
    pub columns_later: i64,
}

/// Which changed pixels of a picture are a copy of others of the picture as it was: each region that is equal to one so
/// many columns away, of the nearest. Pixels for which `is_nothing` holds tell nothing.
///
/// # Errors
/// [`Error::Transform`] where the shapes differ.
pub fn moved_pixels<T: PartialEq>(
    original: &Plane<T>,
    edited: &Plane<T>,
    is_nothing: impl Fn(&T) -> bool,
) -> Result<Vec<Moved>, Error> {
    if original.shape() != edited.shape() {
        let (what, found) = ("the edited levels (rows, columns)", edited.shape());
        return Err(Error::Transform(TransformError::Shape { what, found, expected: original.shape() }));
    }
    let pair = |row: usize, column: usize| original.row(row)[column] == edited.row(row)[column];
    let changed =
        Plane::from_fn(original.rows(), original.columns(), |row, column| if pair(row, column) { 1.0 } else { 0.0 });
    let mut found = Vec::new();
    for piece in pieces(&changed) {
        if piece.rows.len() < MIN_SIDE || piece.columns.len() < MIN_SIDE {
            continue;
        }
        // What is a rectangle may hold pixels that are by chance what they were.
        let whole: Vec<_> = piece.rows.clone().map(|row| (row, piece.columns.clone())).collect();
        for runs in [whole, piece.runs] {
            if let Some(columns_later) = offset(original, edited, &runs, &is_nothing) {
                found.push(Moved { runs, columns_later });
                break;
            }
        }
    }
    Ok(found)
}

/// How many columns away from where they are now the pixels were in the original: the fewest.
fn offset<T: PartialEq>(
    original: &Plane<T>,
    edited: &Plane<T>,
    runs: &[(usize, Range<usize>)],
    is_nothing: &impl Fn(&T) -> bool,
) -> Option<i64> {
    let telling: Vec<(usize, usize)> = runs
        .iter()
        .flat_map(|(row, columns)| columns.clone().map(move |column| (*row, column)))
        .filter(|&(row, column)| !is_nothing(&edited.row(row)[column]))
        .collect();
    let varied = telling.iter().any(|&(row, column)| {
        let (first_row, first_column) = telling[0];
        edited.row(row)[column] != edited.row(first_row)[first_column]
    });
    if telling.len() < MIN_PIXELS || !varied {
        return None;
    }
    let first = runs.iter().map(|(_, columns)| columns.start).min()? as i64;
    let end = runs.iter().map(|(_, columns)| columns.end).max()? as i64;
    let last = original.columns() as i64 - end;
    let is_offset = |later: &i64| {
        // The source lies as many columns earlier.
        if *later > first || -*later > last {
            return false;
        }
        let source = |column: usize| (column as i64 - later) as usize;
        telling.iter().all(|&(row, column)| edited.row(row)[column] == original.row(row)[source(column)])
            && runs.iter().all(|(row, columns)| {
                columns.clone().all(|column| edited.row(*row)[column] == original.row(*row)[source(column)])
            })
    };
    (1..=first.max(last)).flat_map(|columns| [columns, -columns]).find(is_offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture in which no two blocks are alike.
    fn picture() -> Plane<u8> {
        let mut state = 1u32;
        Plane::from_fn(40, 90, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
    }

    fn pasted(picture: &Plane<u8>, rows: Range<usize>, columns: Range<usize>, later: i64) -> Plane<u8> {
        let mut edited = picture.clone();
        for row in rows {
            for column in columns.clone() {
                edited.row_mut(row)[column] = picture.row(row)[(column as i64 - later) as usize];
            }
        }
        edited
    }

    #[test]
    fn a_pasted_rectangle_is_found_where_it_came_from() {
        let picture = picture();
        for later in [30, -25] {
            let edited = pasted(&picture, 5..15, 40..52, later);
            let found = moved_pixels(&picture, &edited, |level| *level == 0).unwrap();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].columns_later, later);
            let pixels: usize = found[0].runs.iter().map(|(_, columns)| columns.len()).sum();
            assert!((110..=120).contains(&pixels), "{pixels}");
        }
    }

    #[test]
    fn what_was_painted_or_is_too_small_is_no_copy() {
        let picture = picture();
        let mut painted = picture.clone();
        for row in 5..15 {
            painted.row_mut(row)[40..52].fill(200);
        }
        assert_eq!(moved_pixels(&picture, &painted, |_| false).unwrap(), []);
        let small = pasted(&picture, 5..7, 40..52, 20);
        assert_eq!(moved_pixels(&picture, &small, |_| false).unwrap(), []);
        let erased = Plane::from_fn(40, 90, |row, column| if row < 20 { 0 } else { picture.row(row)[column] });
        assert_eq!(moved_pixels(&picture, &erased, |level| *level == 0).unwrap(), []);
    }

    #[test]
    fn two_copies_are_told_apart() {
        let picture = picture();
        let once = pasted(&picture, 5..15, 40..52, 30);
        let edited = Plane::from_fn(40, 90, |row, column| match (row, column) {
            (25..=30, 60..=70) => picture.row(row)[column - 7],
            _ => once.row(row)[column],
        });
        let mut offsets: Vec<i64> =
            moved_pixels(&picture, &edited, |_| false).unwrap().iter().map(|moved| moved.columns_later).collect();
        offsets.sort_unstable();
        assert_eq!(offsets, [7, 30]);
    }
}
