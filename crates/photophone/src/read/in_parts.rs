//! Whether an input is read in parts.

use photophone_transform::retrieval::PhaseMethod;

use super::Inputs;
use super::coefficient_file::CoefficientFile;
use super::parts::Parts;
use super::tiles::{Tiles, is_named_as_tile};
use crate::Error;
use crate::files::FileGroup;

/// The input's parts; `None` where it has to be seen whole.
///
/// # Errors
/// A file that cannot be read or is damaged.
pub(crate) fn parts(inputs: &Inputs<'_>, phase_method: PhaseMethod) -> Result<Option<Box<dyn Parts>>, Error> {
    let is_picture = inputs.input.group()? == Some(FileGroup::Picture);
    if !inputs.more.is_empty() && !is_picture {
        let expected = "tiles of one picture, song.0001.png and on, where several files are given";
        return Err(Error::content(inputs.input.name(), "no picture", expected, "give one file"));
    }
    if is_picture && (!inputs.more.is_empty() || is_named_as_tile(inputs.input)) {
        let others = [("`phase`", inputs.phase), ("`original`", inputs.original), ("`mask`", inputs.mask)];
        let other = others.iter().find_map(|(name, other)| other.map(|other| (name, other)));
        match (other, inputs.more) {
            (Some((name, other)), [_, ..]) => {
                let found = format!("{name} for several tiles");
                let next = "each tile has its phase beside it; leave it out, or give one tile";
                return Err(Error::content(other.name(), found, "one for a single picture", next));
            }
            (Some(_), []) => return Ok(None),
            (None, _) => {}
        }
        if let Some(tiles) = Tiles::open(inputs, phase_method)? {
            return Ok(Some(Box::new(tiles)));
        }
        if let Some(more) = inputs.more.first() {
            let expected = "one picture, or tiles of one, which a recipe inside tells";
            return Err(Error::content(more.name(), "one picture more", expected, "give one picture"));
        }
        return Ok(None);
    }
    Ok(CoefficientFile::open(inputs)?.map(|file| Box::new(file) as Box<dyn Parts>))
}
