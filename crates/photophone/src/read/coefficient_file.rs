//! A file of complex coefficients, read some frames at a time.

use std::ops::Range;

use photophone_picture::{Flip, ReadOptions};
use photophone_spectrum::{Finding, Plane, Stack};

use super::parts::Parts;
use super::{Data, Inputs};
use crate::files::{ArrayParts, FileKind, ValueKind};
use crate::recipe::{Entry, Recipe};
use crate::report::Report;
use crate::{Error, Input};

/// A `.npy` file of complex coefficients.
pub(super) struct CoefficientFile {
    array: ArrayParts,
    recipe: Recipe,
    transposed: bool,
    flip: Flip,
}

impl CoefficientFile {
    /// `None` where the input is none, or has to be seen whole.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
    pub(super) fn open(inputs: &Inputs<'_>) -> Result<Option<Self>, Error> {
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
