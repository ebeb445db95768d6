//! Gray copies of palettes: what `cv2.cvtColor(.., COLOR_BGR2GRAY)` or Pillow's `convert("L")` leaves of the colours.

use super::table::Table;
use crate::error::PictureError;

/// Levels (of 255) that may share one gray and still count as told apart: 1.3 dB of an 80 dB picture.
const MAX_SPREAD: usize = 4;

/// How colours were turned to gray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrayRule {
    /// OpenCV: `(4899 R + 9617 G + 1868 B + 2^13) >> 14`.
    OpenCv,
    /// Pillow: `(19595 R + 38470 G + 7471 B + 2^15) >> 16`.
    Pillow,
}

impl GrayRule {
    pub(crate) const BOTH: [Self; 2] = [Self::OpenCv, Self::Pillow];
}

/// Gray of a colour, after ITU-R BT.601 in the fixed point of the tool.
pub(crate) fn gray_from_rgb(rule: GrayRule, [r, g, b]: [u8; 3]) -> u8 {
    let (r, g, b) = (u32::from(r), u32::from(g), u32::from(b));
    let gray = match rule {
        GrayRule::OpenCv => (4899 * r + 9617 * g + 1868 * b + (1 << 13)) >> 14,
        GrayRule::Pillow => (19595 * r + 38470 * g + 7471 * b + (1 << 15)) >> 16,
    };
    gray as u8
}

/// The gray copy of a table.
pub(crate) fn gray_table(table: &Table, rule: GrayRule) -> Table {
    let colours = table.colours.iter().map(|&colour| [gray_from_rgb(rule, colour); 3]).collect();
    Table { colours, ..table.clone() }
}

/// Checks that every gray of a gray copy stands for one small range of levels.
///
/// # Errors
/// [`PictureError::NotInvertible`] with the worst gray otherwise.
pub(crate) fn check_invertible(gray: &Table) -> Result<(), PictureError> {
    let mut ends: [Option<(usize, usize)>; 256] = [None; 256];
    for (i, colour) in gray.colours.iter().enumerate() {
        let end = &mut ends[usize::from(colour[0])];
        *end = Some(end.map_or((i, i), |(low, _)| (low, i)));
    }
    let size = gray.colours.len();
    let wide = |&(low, high): &(usize, usize)| (high - low) * 256 > MAX_SPREAD * size;
    let clashes = gray.colours.iter().filter(|c| ends[usize::from(c[0])].as_ref().is_some_and(wide)).count();
    let worst = (0..=255u8).filter_map(|g| Some((g, ends[usize::from(g)]?))).max_by_key(|&(_, (low, high))| high - low);
    match worst {
        Some((gray_byte, (low, high))) if wide(&(low, high)) => Err(PictureError::NotInvertible {
            name: format!("{}{}", gray.base, if gray.reversed { "_r" } else { "" }),
            clashes,
            gray: gray_byte,
            low,
            high,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{Rounding, table};
    use super::*;

    fn invertible(base: &str) -> bool {
        let table = table(base, false, Rounding::Mesh).unwrap();
        GrayRule::BOTH.iter().all(|&rule| check_invertible(&gray_table(&table, rule)).is_ok())
    }

    #[test]
    fn palettes_that_darken_steadily_are_invertible_and_others_are_not() {
        for base in ["magma", "viridis", "inferno", "plasma", "cividis", "gray", "hot", "bone", "copper", "cubehelix"] {
            assert!(invertible(base), "{base}");
        }
        let names = ["jet", "coolwarm", "turbo", "hsv", "rainbow", "Spectral", "twilight", "nipy_spectral"];
        for base in names {
            assert!(!invertible(base), "{base}");
        }
    }

    /// Counts measured with OpenCV on matplotlib's tables.
    #[test]
    fn gray_copies_have_the_levels_opencv_leaves() {
        for (base, expected) in [("magma", 209), ("inferno", 213), ("viridis", 174), ("plasma", 188)] {
            let gray = gray_table(&table(base, false, Rounding::Mesh).unwrap(), GrayRule::OpenCv);
            let mut levels: Vec<u8> = gray.colours.iter().map(|c| c[0]).collect();
            levels.sort_unstable();
            levels.dedup();
            assert!(levels.len().abs_diff(expected) <= 1, "{base} {}", levels.len());
        }
    }
}
