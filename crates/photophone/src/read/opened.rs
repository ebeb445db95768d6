//! A picture as it is opened: decoded, with what it says of itself, read against its phase.

use photophone_picture::{Jpeg, Picture, PictureError, Raster, ReadOptions, read, read_compressed};
use photophone_spectrum::{Finding, Stack};

use super::by_sound::turned_by_sound;
use super::described::{describe, doubts, picture_lines};
use super::hypotheses::Tested;
use super::kind::HALF;
use super::magnitudes::whole_shape;
use super::phase::Phase;
use super::range::with_range_by_sound;
use super::recolour::recoloured;
use super::stacked::{Gaps, Stacking, check_channels};
use super::told::{Told, reading, told_by, told_shape};
use super::{Inputs, attributed};
use crate::files::PictureReadOptions;
use crate::recipe::{Entry, Place, Recipe, SoundRecipe, Stored, TransformKind};
use crate::report::Report;
use crate::{Error, Input};

/// Mean distance of the colours from a palette, in steps of an 8-bit channel, from which the picture is not in it: what
/// the recogniser of palettes accepts too.
pub(crate) const MOST_RESIDUAL: f64 = 14.0;

/// A picture that has been read.
pub(crate) struct OpenedPicture {
    pub(super) raster: Raster,
    pub(crate) picture: Picture,
    /// How the channels lie in its rows.
    pub(super) stack: Stack,
    pub(super) phase: Option<Phase>,
    /// What was given and what the picture says, as one.
    pub(super) recipe: Recipe,
    /// The picture before it was edited.
    pub(super) before: Option<Box<OpenedPicture>>,
    /// What the picture, or the file beside it, says.
    stored: Option<Stored>,
    /// What the file is.
    lines: Vec<Entry>,
    notes: Vec<String>,
    /// What a JPEG's finest levels are still to be read of, and how the picture was read.
    unfinished: Option<(Jpeg, ReadOptions)>,
}

impl OpenedPicture {
    /// Opens the job's picture, and with it the one that it was before editing.
    pub(crate) fn open(inputs: &Inputs<'_>) -> Result<Self, Error> {
        let Some(original) = inputs.original else { return Self::open_after(inputs, None) };
        let alone = Inputs { input: original, original: None, mask: None, ..*inputs };
        let before = Self::open_after(&alone, None)?;
        Self::open_after(inputs, Some((original, Box::new(before))))
    }

    fn open_after(inputs: &Inputs<'_>, before: Option<(&Input, Box<Self>)>) -> Result<Self, Error> {
        let path = inputs.input.name();
        let decoded = inputs.input.picture(PictureReadOptions { max_pixels: inputs.max_pixels })?;
        let of_before = before.as_ref().and_then(|(original, before)| Some((*original, before.stored.as_ref()?)));
        let told = Told::find(inputs, &decoded, of_before)?;
        let lines = picture_lines(&decoded, told.own.as_ref());
        let mut reading = reading(inputs, &told.recipe)?;
        let Told { own, stored, recipe, phase } = told;
        let phase = phase.map(|phase| phase.held_against(recipe.picture.phase_digest.as_deref())).transpose()?;
        let mut decoded = decoded.into_owned();
        let mut jpeg = decoded.jpeg.take();
        let mut raster = decoded.into_raster(path)?;
        let mut notes = Vec::new();
        if let Some((original, before)) = &before {
            if own.is_none() && of_before.is_some() {
                notes.push(format!("the recipe is that of {}", original.name().display()));
            }
            if let Some(undone) = recoloured(&raster, &before.raster) {
                notes.push("the colours were changed as a whole since the original: they were changed back".to_owned());
                jpeg = None;
                raster = undone;
            }
            reading = told_by(&before.picture, (&before.raster, &raster), reading);
        }
        let shared_chroma = jpeg.as_ref().is_some_and(Jpeg::shares_chroma);
        let reading = ReadOptions { shared_chroma, ..reading };
        let stacking = Stacking::find(&recipe, phase.as_ref(), stored.is_some())?;
        let (picture, phase) = read_with_phase(&raster, &reading, (phase, stacking.gaps), told_shape(&recipe))
            .map_err(|error| error.about(path))?;
        let stack = stacking.of(&picture, phase.as_ref(), path)?;
        let picture = in_panels(picture, stack);
        let picture =
            agreeing(inputs, (&raster, &reading), (picture, stack), phase.as_ref(), (&recipe, stored.as_ref()))?;
        let stopped = || inputs.stop.is_set();
        let (jpeg, left) = if inputs.finest { (jpeg, None) } else { (None, jpeg) };
        let again = jpeg.and_then(|jpeg| read_compressed(&picture, &jpeg, &stopped));
        let is_explained = again.is_some() || left.is_some();
        let picture = again.unwrap_or(picture);
        let recipe = without_lost_length(recipe, &picture, inputs, &mut notes);
        if !is_explained && inputs.reading.palette.is_none() && inputs.recipe.picture.palette.is_none() {
            check_colours(&picture, &reading).map_err(|error| Error::from(error).about(path))?;
        }
        let before = before.map(|(_, before)| before);
        let unfinished = left.map(|jpeg| (jpeg, reading));
        Ok(Self { raster, picture, stack, phase, recipe, before, stored, lines, notes, unfinished })
    }

    /// The same with the finest levels of a JPEG, where they are asked for and were left, and with what is known by now.
    ///
    /// # Errors
    /// Colours that neither the palette nor a JPEG of it explains.
    pub(super) fn finished(mut self, recipe: &Recipe, inputs: &Inputs<'_>) -> Result<Self, Error> {
        if let Some((jpeg, reading)) = self.unfinished.take_if(|_| inputs.finest) {
            match read_compressed(&self.picture, &jpeg, &|| inputs.stop.is_set()) {
                Some(again) => self.picture = again,
                None if inputs.reading.palette.is_none() && recipe.picture.palette.is_none() => {
                    let about = |error| Error::from(error).about(inputs.input.name());
                    check_colours(&self.picture, &reading).map_err(about)?;
                }
                None => {}
            }
        }
        self.recipe = recipe.clone();
        Ok(self)
    }

    /// The same, read as most pictures are turned, which nobody has said.
    pub(super) fn assumed_upright(mut self) -> Self {
        let evidence = "lowest frequency at the bottom, first frame at the left";
        self.picture.flip = Finding::assumed(self.picture.flip.value, HALF, evidence);
        self
    }

    /// The recipe that the picture, the file beside it or the original holds, and what that is called.
    pub(crate) fn stored(&self) -> Option<(&Recipe, &'static str)> {
        self.stored.as_ref().map(|stored| (&stored.recipe, stored.place.described()))
    }

    /// Whether the picture itself, the file beside it or the original says how it was made.
    pub(crate) fn has_recipe(&self) -> bool {
        self.stored.as_ref().is_some_and(|stored| !matches!(stored.place, Place::BesidePhase(_)))
    }

    /// Whether anything does, if only the phase that was given.
    pub(crate) fn is_told(&self) -> bool {
        self.stored.is_some()
    }

    /// What was read, as lines of the report.
    pub(crate) fn describe(&self, report: &mut Report) {
        report.findings.extend(self.lines.iter().cloned());
        report.notes.extend(self.notes.iter().cloned());
        describe(&self.picture, self.stack, report);
        report.warnings.extend(doubts(&self.picture, self.phase.is_some()));
    }
}

/// The same picture, of several channels without what is true of the rows of one alone.
fn in_panels(picture: Picture, stack: Stack) -> Picture {
    let rise = picture.rise.filter(|_| stack.channels == 1);
    Picture { rise, ..picture }
}

/// The reading that the phase agrees with; without one, what a sound can have where nothing is stored of the picture.
fn agreeing(
    inputs: &Inputs<'_>,
    (raster, reading): (&Raster, &ReadOptions),
    (picture, stack): (Picture, Stack),
    phase: Option<&Phase>,
    (recipe, stored): (&Recipe, Option<&Stored>),
) -> Result<Picture, Error> {
    let Some(phase) = phase else {
        return Ok(match stored {
            None if stack.channels == 1 && recipe.transform.kind.is_none_or(TransformKind::is_constant_q) => {
                turned_by_sound(raster, reading, with_range_by_sound(picture, recipe), recipe)
            }
            _ => picture,
        });
    };
    let path = inputs.input.name();
    let phasors = &phase.array.phasors;
    let said = stored.map(|stored| (&stored.recipe, stored.place.described()));
    let resolved = recipe.resolve(Some(stack.rows));
    let resolved = resolved.map_err(|error| attributed(error, inputs, said).about(path))?;
    let shape = (stack.channels, phasors.columns());
    inputs.limits.check_recovery(resolved.tempered(), shape, recipe.sound.length)?;
    let tested = Tested { raster, reading, phasors, stack, of: resolved.tempered(), stop: inputs.stop };
    tested.best(picture).map_err(|error| error.about(path))
}

/// The recipe without its length where the picture's own said it of other frames than are there: it was cut.
fn without_lost_length(recipe: Recipe, picture: &Picture, inputs: &Inputs<'_>, notes: &mut Vec<String>) -> Recipe {
    let (_, frames) = whole_shape(picture);
    if inputs.is_tile {
        return recipe;
    }
    if recipe.picture.first_frame.is_some() && inputs.recipe.sound.length.is_none() && recipe.sound.length.is_some() {
        notes.push("this is a tile of a longer picture: what lies beyond it is taken for silence".to_owned());
        return Recipe { sound: SoundRecipe { length: None, ..recipe.sound }, ..recipe };
    }
    let Some(drawn) = recipe.picture.frames.filter(|&drawn| drawn != frames) else { return recipe };
    if recipe.sound.length.is_none() || inputs.recipe.sound.length.is_some() {
        return recipe;
    }
    notes.push(format!("{drawn} frames were drawn and {frames} are there: the length in the recipe does not hold"));
    Recipe { sound: SoundRecipe { length: None, ..recipe.sound }, ..recipe }
}

/// Refuses a picture that is not in the palette which its recipe or its original tells, or which its luma is nearest to.
fn check_colours(picture: &Picture, reading: &ReadOptions) -> Result<(), PictureError> {
    let residual = picture.palette_residual;
    if (reading.palette.is_none() && !reading.shared_chroma) || residual <= MOST_RESIDUAL {
        return Ok(());
    }
    Err(PictureError::UnknownColours { nearest: picture.palette.value.to_string(), residual, limit: MOST_RESIDUAL })
}

/// Reads a picture without a phase, as one of so many bins and frames where it can be.
fn read_alone(
    raster: &Raster,
    reading: &ReadOptions,
    (expected_rows, expected_frames): (Option<usize>, Option<usize>),
) -> Result<Picture, PictureError> {
    if expected_rows.is_none() && expected_frames.is_none() {
        return read(raster, reading);
    }
    let told = |expected_rows, expected_frames| {
        read(raster, &ReadOptions { expected_rows, expected_frames, ..reading.clone() })
    };
    // What does not fit is refused where it is used, with where it was told.
    let one_of_them = || told(expected_rows, None).or_else(|_| told(None, expected_frames));
    told(expected_rows, expected_frames).or_else(|_| one_of_them()).or_else(|_| read(raster, reading))
}

/// Reads the picture against the phase's shape, with as many rows between its channels as there may be; a transposed phase is
/// tried both ways.
fn read_with_phase(
    raster: &Raster,
    reading: &ReadOptions,
    (phase, gaps): (Option<Phase>, Gaps),
    told: (Option<usize>, Option<usize>),
) -> Result<(Picture, Option<Phase>), Error> {
    let Some(phase) = phase else { return Ok((read_alone(raster, reading, told)?, None)) };
    let ((bins, frames), channels) = (phase.array.shape(), phase.array.stack.channels);
    let read_as = |channels, (rows, frames), gap| {
        let rows = Stack { channels, rows, gap }.rows_in_all();
        read(raster, &ReadOptions { expected_shape: Some((rows, frames)), ..reading.clone() })
    };
    let error = match read_as(channels, (bins, frames), gaps.likeliest) {
        Ok(picture) => return Ok((picture, Some(phase.spaced(gaps.likeliest)))),
        Err(error) => error,
    };
    // The phase may be transposed, or a frame longer or shorter than the matrix that was drawn.
    let shapes = [(bins, frames), (frames, bins), (bins, frames + 1), (bins, frames.saturating_sub(1))];
    let others = shapes.into_iter().flat_map(|shape| gaps.all().map(move |gap| (shape, gap))).skip(1);
    for (shape, gap) in others {
        if let Ok(picture) = read_as(channels, shape, gap) {
            return Ok((picture, Some(phase.fitted_to(shape)?.spaced(gap))));
        }
    }
    if channels == 1 && Gaps::OF_ANY.all().any(|gap| read_as(2, (bins, frames), gap).is_ok()) {
        check_channels(&phase, 2, "the picture")?;
    }
    Err(error.into())
}
