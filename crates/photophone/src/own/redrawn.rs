//! An own picture in memory whose levels were changed.

use photophone_spectrum::Plane;
use photophone_transform::{StopFlag, TransformError};

use super::changes::{Edited, region_of};
use super::draw::{OwnDrawn, PICTURE, with_strip};
use super::layout::Layout;
use super::levels::{Levels, samples_of};
use super::opened::OwnRecovered;
use super::sounded::sounded;
use crate::Error;
use crate::edit::Edge;
use crate::report::Report;

impl OwnDrawn {
    /// What it is after its levels, on the same scale, became these; `None` where none of them changed.
    ///
    /// # Errors
    /// [`Error::Transform`] for channels, rows or columns that it has not; [`Error::Value`] for another highest level.
    pub fn edited(&self, levels: Levels) -> Result<Option<Edited>, Error> {
        self.check(&levels)?;
        let bands = self.recipe.params().bands()?;
        let region = region_of((&self.levels, &levels), &bands, &self.recipe);
        Ok(region.map(|region| Edited {
            recipe: self.recipe.clone(),
            sound: self.sound.clone(),
            before: self.levels.clone(),
            after: levels,
            region,
            coloured: 0,
            moved_by_jpeg: 0,
            is_blurred_by_jpeg: false,
        }))
    }

    /// The sound after such an edit, every sample that it does not reach as it was; without one, all of them.
    ///
    /// # Errors
    /// As [`OwnDrawn::edited`], and an interruption.
    pub fn sound_with(&self, levels: Levels, edge: Edge, stop: &StopFlag) -> Result<OwnRecovered, Error> {
        let (sound, format) = (self.sound.clone(), self.recipe.sound.format.into());
        let untouched =
            OwnRecovered { sound, format, report: Report { input: PICTURE.to_owned(), ..Report::default() } };
        match self.edited(levels)? {
            Some(edited) => sounded(&edited, untouched, edge, stop),
            None => Ok(untouched),
        }
    }

    /// The same picture with other levels, as an editor would save it: it tells how it was drawn, so what was changed is known.
    ///
    /// # Errors
    /// As [`OwnDrawn::edited`].
    pub fn with_levels(&self, levels: &Levels) -> Result<Self, Error> {
        self.check(levels)?;
        let layout = Layout::of(&self.recipe);
        let panels = samples_of(levels.painted(layout), self.recipe.picture.bits);
        let mut redrawn = self.clone();
        redrawn.samples = with_strip(panels, &self.recipe, layout);
        redrawn.levels = levels.clone();
        Ok(redrawn)
    }

    /// Refuses levels of another shape or scale.
    fn check(&self, levels: &Levels) -> Result<(), Error> {
        let shape = |levels: &Levels| {
            let first = levels.channels.first().map_or((0, 0), Plane::shape);
            (levels.channels.len() * first.0, first.1)
        };
        let is_alike = levels.channels.len() == self.levels.channels.len()
            && levels.channels.iter().zip(&self.levels.channels).all(|(a, b)| a.shape() == b.shape());
        if !is_alike {
            let what = "the levels (rows of all channels, columns)";
            return Err(TransformError::Shape { what, found: shape(levels), expected: shape(&self.levels) }.into());
        }
        let most = levels.channels.iter().flat_map(Plane::as_slice).copied().max().unwrap_or(0);
        if levels.most != self.levels.most || most > levels.most {
            let found = most.max(levels.most).to_string();
            return Err(Error::Value { name: "level", found, expected: "levels of the picture's bits" });
        }
        Ok(())
    }
}
