//! Palettes: names, tables, recognising one in a picture, colours back to levels.

mod colours;
mod fingerprint;
mod gray;
mod invert;
mod name;
mod recognise;
mod table;

use crate::error::PictureError;
pub(crate) use gray::{GrayRule, check_invertible, gray_table};
pub use name::PaletteName;

pub(crate) use colours::{Colours, Recognised};
pub(crate) use invert::{Inverse, Metric, Place};
pub(crate) use recognise::{
    MAX_RESIDUAL, exact_share_of_any, own_colours, recognise, recognise_named, recognise_shared,
};
pub(crate) use table::{Rounding, Table};

/// Every palette name that can be given, without the reversed ones (`_r`) and the gray copies (`gray-of:`).
pub fn palette_names() -> Vec<&'static str> {
    table::names().collect()
}

/// The colours of a palette from level 0 to level 1, as a mesh is painted with them.
///
/// # Errors
/// [`PictureError::UnknownPalette`] for a name made by hand.
pub fn palette_colours(name: &PaletteName) -> Result<Vec<[u8; 3]>, PictureError> {
    Ok(painted_table(name)?.colours)
}

/// Whether a table is plain gray, its entry the gray itself: `Some(false)`, or backwards: `Some(true)`.
///
/// `imshow` and `imsave` truncate what `pcolormesh` rounds, which may cost a step.
pub(crate) fn plain_gray(table: &Table) -> Option<bool> {
    let is = |backwards: bool| {
        table.colours.len() == 256
            && table.colours.iter().zip(0u8..=255).all(|(&[r, g, b], entry)| {
                let wanted = if backwards { 255 - entry } else { entry };
                r == g && g == b && r.abs_diff(wanted) <= 1
            })
    };
    [false, true].into_iter().find(|&backwards| is(backwards))
}

/// The colours that a mesh in this palette is painted with.
///
/// # Errors
/// [`PictureError::UnknownPalette`] for a name made by hand.
pub(crate) fn painted_table(name: &PaletteName) -> Result<Table, PictureError> {
    let table = table::table(name.base, name.reversed, Rounding::Mesh)
        .ok_or_else(|| PictureError::UnknownPalette { name: name.to_string(), suggestion: "magma".to_owned() })?;
    Ok(if name.gray { gray_table(&table, GrayRule::OpenCv) } else { table })
}
