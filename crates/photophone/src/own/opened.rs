//! A picture that is one of the program's own, with the sound that it was drawn of.

use std::borrow::Cow;
use std::path::Path;

use photophone_spectrum::Finding;
use photophone_transform::StopFlag;

use super::changes::{Edited, compressed_only, levels_now, moved_by_jpeg, region_of, undo_jpeg};
use super::layout::Layout;
use super::levels::{columns_of, levels_of};
use super::recipe::OwnRecipe;
use super::seen::{Seen, seen};
use super::sounds::{FoundSound, found};
use crate::files::{
    FileGroup, PictureReadOptions, SampleFormat, Sound, narrowest_format, png_chunks, read_picture_bytes,
};
use crate::recipe::Entry;
use crate::report::Report;
use crate::{Error, Input};

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct OwnInput<'a> {
    /// A picture.
    pub input: &'a Input,
    /// The sound that was drawn, or the picture as it was drawn, where the picture may have lost its sound.
    pub original: Option<&'a Input>,
    /// Most pixels. 0 is a hundred million.
    pub max_pixels: usize,
    /// Ends it early.
    pub stop: &'a StopFlag,
}

/// An own picture and its sound.
#[derive(Clone, Debug)]
pub struct OpenedOwn {
    pub(super) name: String,
    pub(super) seen: Seen,
    pub(super) sound: FoundSound,
    /// The picture's first column, as it was drawn.
    pub(super) first_column: usize,
    pub(super) stop: StopFlag,
}

/// The sound of an own picture.
#[derive(Clone, Debug)]
pub struct OwnRecovered {
    /// The samples.
    pub sound: Sound,
    /// How the sound that was drawn had stored them.
    pub format: SampleFormat,
    /// The account.
    pub report: Report,
}

/// An input as one of the program's own pictures, its sound found and its digest checked; `None` where it is none.
///
/// It is known by its texts, by the recipe beside it, or by the strip below it. Cost: the file is read, the picture decoded and
/// the sound unpacked.
///
/// # Errors
/// A picture of a newer version, a recipe that contradicts the pixels, a sound that is gone, damaged or another one.
pub fn opened(asked: &OwnInput<'_>) -> Result<Option<OpenedOwn>, Error> {
    let Some((seen, sound)) = seen_with_sound(asked)? else { return Ok(None) };
    let first_column = seen.first_column(asked.input.name())?;
    let (name, stop) = (asked.input.name().display().to_string(), asked.stop.clone());
    Ok(Some(OpenedOwn { name, seen, sound: sound?, first_column, stop }))
}

/// An own picture, and its sound or why there is none.
pub(super) type SeenWithSound = (Seen, Result<FoundSound, Error>);

/// The same, the sound an error where there is none that is the right one.
///
/// # Errors
/// As [`seen`](super::seen::seen).
pub(super) fn seen_with_sound(asked: &OwnInput<'_>) -> Result<Option<SeenWithSound>, Error> {
    let input = asked.input;
    if input.group()? != Some(FileGroup::Picture) {
        return Ok(None);
    }
    let options = PictureReadOptions { max_pixels: asked.max_pixels };
    let bytes = match input {
        Input::File(file) => Some(Cow::Owned(read_picture_bytes(&file.path, options)?)),
        Input::Bytes { bytes, .. } => Some(Cow::Borrowed(bytes.as_slice())),
        Input::Pixels { .. } | Input::Array { .. } => None,
    };
    let chunks = bytes.as_deref().and_then(png_chunks);
    let Some(seen) = seen(input, (bytes.as_deref(), chunks.as_ref()), options)? else { return Ok(None) };
    let sound = found(input, chunks.as_ref(), asked.original, &seen.recipe);
    let sound = sound.and_then(|found| check_columns(input.name(), &found.sound, &seen.recipe).map(|()| found));
    Ok(Some((seen, sound)))
}

/// Refuses a sound that has not as many columns as the recipe tells.
fn check_columns(path: &Path, sound: &Sound, recipe: &OwnRecipe) -> Result<(), Error> {
    let columns = columns_of(sound.frames(), recipe.picture.hop);
    if columns == recipe.picture.columns && recipe.picture.first_column == 0 {
        return Ok(());
    }
    let found = format!("a recipe of {} columns, and a sound of {columns}", recipe.picture.columns);
    Err(Error::content(path, found, "the recipe of this sound", "give the picture as it was drawn"))
}

impl OpenedOwn {
    /// How it was drawn.
    pub fn recipe(&self) -> &OwnRecipe {
        &self.seen.recipe
    }

    /// The sound of a picture that was not edited: [`kept`](Self::kept).
    ///
    /// # Errors
    /// A picture that was edited, with what was changed.
    pub fn recovered(&self) -> Result<OwnRecovered, Error> {
        match self.edited()? {
            Some(edited) => Err(self.refusal(&edited, "a picture that was edited")),
            None => Ok(self.kept()),
        }
    }

    /// The sound that was drawn, every sample of it; of a picture that was cropped in time, those of its columns. What was
    /// [`edited`](Self::edited) is not in it.
    pub fn kept(&self) -> OwnRecovered {
        let whole = &self.sound.sound;
        let sound = self.shown_of(whole.clone());
        let format = if self.seen.recipe.sound.samples == 0 {
            narrowest_format(whole)
        } else {
            self.seen.recipe.sound.format.into()
        };
        OwnRecovered { sound, format, report: self.report() }
    }

    /// What was changed since the picture was drawn; `None` where nothing was. Cost: where the pixels' digest is another, the
    /// sound is transformed.
    ///
    /// # Errors
    /// An interruption.
    pub fn edited(&self) -> Result<Option<Edited>, Error> {
        if self.seen.has_drawn_digest() {
            return Ok(None);
        }
        let Self { seen: Seen { recipe, pixels, is_jpeg, .. }, first_column, .. } = self;
        let layout = Layout::of(recipe);
        let drawn = levels_of(&self.sound.sound, recipe, &self.stop)?;
        let mut after = levels_now((pixels, *first_column), &drawn, layout, recipe.picture.bits);
        let kept = if *first_column == 0 { compressed_only(pixels, &drawn, recipe) } else { None };
        let with_jpeg = kept.as_deref().map(|kept| (kept, pixels.width));
        let moved = with_jpeg.and_then(|kept| moved_by_jpeg(&drawn, &after, kept, layout));
        if let (Some((kept, width)), Some(moved)) = (with_jpeg, moved) {
            undo_jpeg(&drawn, &mut after, (kept, width, moved), layout);
        }
        let bands = recipe.params().bands()?;
        let region = region_of((&drawn, &after), &bands, recipe);
        Ok(region.map(|region| Edited {
            recipe: recipe.clone(),
            sound: self.sound.sound.clone(),
            before: drawn,
            after,
            region,
            coloured: pixels.coloured,
            moved_by_jpeg: moved.unwrap_or(0),
            is_blurred_by_jpeg: *is_jpeg && moved.is_none(),
        }))
    }

    /// The samples of the columns that the picture has, of a sound as long as the one that was drawn.
    pub(crate) fn shown_of(&self, mut whole: Sound) -> Sound {
        if let Some((first, end)) = self.samples_shown() {
            for channel in &mut whole.channels {
                channel.truncate(end);
                channel.drain(..first.min(channel.len()));
            }
        }
        whole
    }

    /// The sound that was drawn, whole.
    pub fn sound(&self) -> &Sound {
        &self.sound.sound
    }

    /// The samples that the picture's columns are of, where those are not all.
    fn samples_shown(&self) -> Option<(usize, usize)> {
        let layout = Layout::of(&self.seen.recipe);
        let (hop, frames) = (self.seen.recipe.picture.hop, self.sound.sound.frames());
        let end = self.first_column + self.seen.pixels.width;
        let shown = (self.first_column * hop, end.saturating_mul(hop).min(frames));
        (self.seen.pixels.width != layout.width() && shown != (0, frames)).then_some(shown)
    }

    /// The error for an edit that is not turned into sound, `what` says why.
    pub(crate) fn refusal(&self, edited: &Edited, what: &str) -> Error {
        let Edited { region, coloured, .. } = edited;
        let share = 100.0 * region.changed as f64 / region.of as f64;
        let colours =
            if *coloured > 0 { format!(", {coloured} pixels have a colour or are transparent") } else { String::new() };
        let found = format!(
            "{what}: {} levels ({share:.2} %) were changed since it was drawn, from {:.3} s to {:.3} s and {:.0} Hz to {:.0} Hz{colours}",
            region.changed, region.secs.0, region.secs.1, region.hz.0, region.hz.1
        );
        let expected = "a picture of the whole sound, edited as PNG";
        Error::content(Path::new(&self.name), found, expected, "edit the picture as it was drawn and save it as PNG")
    }

    /// What to say of a picture that was cropped.
    pub(super) fn cropped_note(&self) -> Option<String> {
        let (first, end) = self.samples_shown()?;
        let [from, to] = [first, end].map(|sample| sample as f64 / f64::from(self.sound.sound.sample_rate_hz));
        Some(format!("the picture was cropped: the sound is that from {from:.3} s to {to:.3} s"))
    }

    fn report(&self) -> Report {
        let picture = &self.seen.recipe.picture;
        let cells = format!(
            "{} x {}",
            self.seen.recipe.sound.channels * picture.rows,
            picture.columns.min(self.seen.pixels.width)
        );
        let unchanged = "a level each of the sound that is kept";
        let digest = self.seen.recipe.sound.digest.get(..16).unwrap_or_default();
        let findings = vec![
            Entry::new("picture", "cells", &Finding::read(cells, 1.0, unchanged)),
            Entry::new("picture", "format", &Finding::read("Photophone's own", 1.0, self.seen.recipe_place.clone())),
            Entry::new(
                "sound",
                "kept",
                &Finding::read(self.sound.place.clone(), 1.0, format!("its digest begins with {digest}")),
            ),
        ];
        Report {
            input: self.name.clone(),
            findings,
            notes: self.cropped_note().into_iter().collect(),
            ..Report::default()
        }
    }
}
