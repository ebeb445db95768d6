//! Data of which some frames are there at a time.

use std::ops::Range;
use std::path::PathBuf;

use photophone_picture::{Flip, ReadOptions};
use photophone_spectrum::{Finding, Plane, Stack};
use photophone_transform::retrieval::PhaseMethod;

use super::tiles::{Tiles, is_named_as_tile};
use super::{Data, Edits, Inputs};
use crate::files::{ArrayParts, FileGroup, FileKind, ValueKind};
use crate::recipe::{Entry, Recipe};
use crate::report::Report;
use crate::{Error, Input};

/// Data of which some frames are there at a time.
pub(crate) trait Parts {
    /// Bins and frames of each channel of the whole.
    fn shape(&self) -> (usize, usize);

    /// How the channels lie in the data.
    fn stack(&self) -> Stack;

    /// The data of these frames.
    ///
    /// # Errors
    /// What cannot be read.
    fn data(&mut self, frames: Range<usize>) -> Result<Data, Error>;

    /// What is known of how it was made.
    fn recipe(&self) -> &Recipe;

    /// Where it was cut out of a longer whole, if that is known.
    fn cuts(&self) -> Option<Cuts> {
        None
    }

    /// What is known of edits.
    fn edits(&self) -> Edits {
        Edits::OfCoefficients
    }

    /// What was read, in a report that says nothing else.
    fn report(&self) -> Report;

    /// A file of the phase that was read.
    fn phase_file(&self) -> Option<PathBuf> {
        None
    }
}

/// How parts were cut out of a longer whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cuts {
    /// Whether it goes on before the first frame,
    pub(crate) head: bool,
    /// and after the last.
    pub(crate) tail: bool,
    /// Samples that the frames are of.
    pub(crate) samples: usize,
}

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

/// A `.npy` file of complex coefficients.
struct CoefficientFile {
    array: ArrayParts,
    recipe: Recipe,
    transposed: bool,
    flip: Flip,
}

impl CoefficientFile {
    fn open(inputs: &Inputs<'_>) -> Result<Option<Self>, Error> {
        let Input::File(file) = inputs.input else { return Ok(None) };
        let ReadOptions { crop, cells, palette, flip, transposed, .. } = inputs.reading;
        let about_pixels = crop.is_some() || cells.is_some() || palette.is_some();
        let with_others = inputs.phase.is_some() || inputs.recipe.picture.phase.is_some() || inputs.has_edits();
        let is_plain = file.name.is_none() && inputs.input.kind()? == Some(FileKind::Npy);
        // What does not fit an array is refused where it is read whole.
        if !is_plain || about_pixels || with_others || inputs.recipe.picture.levels.is_some() {
            return Ok(None);
        }
        let array = ArrayParts::open(&file.path)?.filter(|array| array.kind() == ValueKind::Complex);
        let is_turned = *transposed || flip.is_some();
        let array = array.filter(|array| array.stack().channels == 1 || !is_turned);
        Ok(array.map(|array| Self {
            array,
            recipe: inputs.recipe.clone(),
            transposed: *transposed,
            flip: flip.unwrap_or_default(),
        }))
    }
}

impl Parts for CoefficientFile {
    fn shape(&self) -> (usize, usize) {
        let (rows, columns) = self.array.shape();
        if self.transposed { (columns, rows) } else { (rows, columns) }
    }

    fn stack(&self) -> Stack {
        Stack { rows: self.shape().0, ..self.array.stack() }
    }

    fn data(&mut self, frames: Range<usize>) -> Result<Data, Error> {
        let (bins, all) = self.shape();
        let backwards = matches!(self.flip, Flip::Horizontal | Flip::Both);
        let upside_down = matches!(self.flip, Flip::Vertical | Flip::Both);
        let stored = if backwards { all - frames.end..all - frames.start } else { frames.clone() };
        let values = if self.transposed {
            self.array.part(stored, 0..bins)?.transposed()
        } else {
            self.array.part(0..bins, stored)?
        };
        if !upside_down && !backwards {
            return Ok(Data::exact(values));
        }
        let last = frames.len().saturating_sub(1);
        let values = Plane::from_fn(bins, frames.len(), |k, t| {
            values[(if upside_down { bins - 1 - k } else { k }, if backwards { last - t } else { t })]
        });
        Ok(Data::exact(values))
    }

    fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    fn report(&self) -> Report {
        let (dtype, shape) = self.array.stored();
        let holds = Finding::read("coefficients", 1.0, format!("{dtype} {shape:?}"));
        let mut findings = vec![Entry::new("array", "holds", &holds)];
        let channels = self.stack().channels;
        if channels > 1 {
            let channels = Finding::read(channels, 1.0, "the first of three axes");
            findings.push(Entry::new("array", "channels", &channels));
        }
        Report { findings, ..Report::default() }
    }
}
