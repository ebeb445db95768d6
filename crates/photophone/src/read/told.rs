//! How a picture is to be read, as far as something tells it: the caller, a recipe, or the picture before it was edited.

use photophone_picture::{DrawnCells, Flip, PaletteName, Picture, PictureError, Raster, ReadOptions};
use photophone_spectrum::Stack;
use photophone_transform::CqtParams;

use super::Inputs;
use super::phase::{Phase, PhaseSource};
use crate::draw::GAP_ROWS;
use crate::files::DecodedPicture;
use crate::recipe::{Recipe, Stored, TransformKind};
use crate::{Error, GIVEN, Input};

/// What tells of a picture.
pub(super) struct Told {
    /// What the picture, or the file beside it, says.
    pub(super) own: Option<Stored>,
    /// The same, or what the picture before editing says.
    pub(super) stored: Option<Stored>,
    /// What was given and what is stored, as one.
    pub(super) recipe: Recipe,
    /// The kept phase, as it was read.
    pub(super) phase: Option<Phase>,
}

impl Told {
    /// `of_before` is what the picture before it was edited says.
    ///
    /// # Errors
    /// Recipes that contradict each other or what was given, or a phase that cannot be read.
    pub(super) fn find(
        inputs: &Inputs<'_>,
        decoded: &DecodedPicture,
        of_before: Option<(&Input, &Stored)>,
    ) -> Result<Self, Error> {
        let input = inputs.input;
        let own = Stored::find(input.name(), &decoded.text, input.path())?;
        let sources: Vec<(&Input, &Recipe)> = own
            .iter()
            .map(|own| (input, &own.recipe))
            .chain(of_before.map(|(of, stored)| (of, &stored.recipe)))
            .collect();
        let phase_source = PhaseSource::find(input, inputs, &sources)?;
        // What contradicts is told before a file is opened that may not be there.
        joined(inputs.recipe, own.as_ref().or(of_before.map(|(_, stored)| stored)))?;
        let phase = phase_source.map(|source| Phase::open(source, inputs.limits)).transpose()?;
        let told_by_phase = || {
            let phase = phase.as_ref()?;
            Stored::beside_phase(phase.path()?, || phase.digest())
        };
        let own = own.or_else(|| if of_before.is_none() { told_by_phase() } else { None });
        let stored = own.clone().or_else(|| of_before.map(|(_, stored)| stored.clone()));
        let recipe = joined(inputs.recipe, stored.as_ref())?;
        Ok(Self { own, stored, recipe, phase })
    }
}

/// What was given and what is stored, as one.
fn joined(given: &Recipe, stored: Option<&Stored>) -> Result<Recipe, Error> {
    let given = given.clone();
    let Some(stored) = stored else { return Ok(given) };
    given.joined(GIVEN, stored.recipe.clone(), stored.place.described())
}

/// How the picture is to be read, as was given and as its recipe says.
pub(super) fn reading(inputs: &Inputs<'_>, recipe: &Recipe) -> Result<ReadOptions, Error> {
    let about = |error: PictureError| Error::from(error).about(inputs.input.name());
    let palette = match &inputs.recipe.picture.palette {
        Some(name) => Some(name.parse()?),
        None => recipe.picture.palette.as_ref().map(|name| name.parse()).transpose().map_err(about)?,
    };
    Ok(ReadOptions {
        palette: agreed_palette(inputs.reading.palette.as_ref(), palette)?,
        levels: recipe.picture.levels,
        drawn: drawn_cells(recipe),
        stop: inputs.stop.clone(),
        ..inputs.reading.clone()
    })
}

/// The same with what the picture before editing tells: its palette and, in a picture of the same size, its cells.
pub(super) fn told_by(before: &Picture, (old, new): (&Raster, &Raster), reading: ReadOptions) -> ReadOptions {
    let palette = reading.palette.or_else(|| Some(before.palette.value.clone()));
    let flip = reading.flip.or_else(|| Some(before.flip.value).filter(|flip| *flip != Flip::None));
    let is_same_size = (old.width(), old.height()) == (new.width(), new.height());
    if !is_same_size || reading.drawn.is_some() {
        return ReadOptions { palette, flip, ..reading };
    }
    let (crop, cells) = (reading.crop.or(Some(before.data_box.value)), reading.cells.or(Some(before.levels.shape())));
    ReadOptions { palette, flip, crop, cells, ..reading }
}

/// The cells as the recipe says they were drawn.
fn drawn_cells(recipe: &Recipe) -> Option<DrawnCells> {
    Some(DrawnCells {
        rows: rows_of_panels(recipe, recipe.transform.bins?),
        columns: recipe.picture.frames?,
        cell_width_px: recipe.picture.cell_width?,
        cell_height_px: recipe.picture.cell_height?,
    })
}

/// Rows of a picture whose channels have so many each.
fn rows_of_panels(recipe: &Recipe, rows: usize) -> usize {
    let (channels, gap) = (recipe.picture.channels.unwrap_or(1), recipe.picture.gap.unwrap_or(GAP_ROWS));
    Stack { channels, rows, gap }.rows_in_all()
}

/// The palette by name and the recipe's, as one.
fn agreed_palette(given: Option<&PaletteName>, recipe: Option<PaletteName>) -> Result<Option<PaletteName>, Error> {
    match (given, recipe) {
        (Some(given), Some(recipe)) if *given != recipe => {
            let (given, stored) = (given.to_string(), recipe.to_string());
            Err(Error::Contradiction {
                name: "palette".to_owned(),
                here: "`palette`",
                given,
                there: "the recipe",
                stored,
            })
        }
        (given, recipe) => Ok(given.cloned().or(recipe)),
    }
}

/// Rows of all channels and frames, as far as a recipe tells them: a length is of so many hops.
pub(super) fn told_shape(recipe: &Recipe) -> (Option<usize>, Option<usize>) {
    let hop = recipe.transform.hop.unwrap_or(CqtParams::default().hop).max(1);
    let of_kind = match recipe.transform.kind {
        Some(TransformKind::Stft) => recipe.transform.n_fft.map(|n_fft| n_fft / 2 + 1),
        Some(TransformKind::Mel) => recipe.transform.n_mels,
        _ => None,
    };
    (
        recipe.transform.bins.or(of_kind).map(|rows| rows_of_panels(recipe, rows)),
        recipe.picture.frames.or(recipe.sound.length.map(|samples| (samples / hop).saturating_add(1))),
    )
}
