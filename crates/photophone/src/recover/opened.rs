//! A picture as it is opened: decoded, with what it says of itself, read against its phase.

use std::path::Path;

use photophone_picture::{
    DrawnCells, Flip, Jpeg, PaletteName, Picture, PictureError, Raster, ReadOptions, read, read_compressed,
};
use photophone_spectrum::{Finding, Source, Sureness};
use photophone_transform::CqtParams;

use super::attribution::attributed;
use super::by_sound::turned_by_sound;
use super::hypotheses::Tested;
use super::magnitudes::whole_shape;
use super::phase::{Phase, PhaseSource};
use super::range::with_range_by_sound;
use super::recolour::recoloured;
use super::{RecoverOptions, line};
use crate::files::{DecodedPicture, PictureReadOptions};
use crate::recipe::{Entry, Place, RECIPE_KEY, Recipe, SoundRecipe, Stored};
use crate::report::{Cells, Report};
use crate::{Error, GIVEN, Input};

/// Mean distance of the colours from a palette, in steps of an 8-bit channel, from which the picture is not in it: what
/// the recogniser of palettes accepts too.
pub(crate) const MOST_RESIDUAL: f64 = 14.0;

/// A picture that has been read.
pub(super) struct OpenedPicture {
    pub(super) raster: Raster,
    pub(super) picture: Picture,
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
}

impl OpenedPicture {
    /// Opens the job's picture, and with it the one that it was before editing.
    pub(super) fn open(input: &Input, options: &RecoverOptions) -> Result<Self, Error> {
        let Some(original) = &options.original else { return Self::open_after(input, options, None) };
        let alone = RecoverOptions { original: None, mask: None, ..options.clone() };
        let before = Self::open_after(original, &alone, None)?;
        Self::open_after(input, options, Some((original, Box::new(before))))
    }

    fn open_after(input: &Input, options: &RecoverOptions, before: Option<(&Input, Box<Self>)>) -> Result<Self, Error> {
        let path = input.name();
        let decoded = input.picture(PictureReadOptions { max_pixels: options.max_pixels })?;
        let own = Stored::find(path, &decoded.text, input.path())?;
        let of_before = before.as_ref().and_then(|(input, before)| Some((*input, before.stored.as_ref()?)));
        let sources: Vec<(&Input, &Recipe)> =
            own.iter().map(|own| (input, own)).chain(of_before).map(|(of, stored)| (of, &stored.recipe)).collect();
        let phase_source = PhaseSource::find(input, options, &sources)?;
        // What contradicts is told before a file is opened that may not be there.
        joined(options, own.as_ref().or(of_before.map(|(_, stored)| stored)))?;
        let phase = phase_source.map(|source| Phase::open(source, &options.limits)).transpose()?;
        let told_by_phase = || {
            let phase = phase.as_ref()?;
            Stored::beside_phase(phase.path()?, || phase.digest())
        };
        let own = own.or_else(|| if of_before.is_none() { told_by_phase() } else { None });
        let lines = picture_lines(&decoded, own.as_ref());
        let stored = own.clone().or_else(|| of_before.map(|(_, stored)| stored.clone()));
        let recipe = joined(options, stored.as_ref())?;
        let reading = reading(options, &recipe, path)?;
        let phase = phase.map(|phase| phase.held_against(recipe.picture.phase_digest.as_deref())).transpose()?;
        let mut decoded = decoded.into_owned();
        let mut jpeg = decoded.jpeg.take();
        let raster = decoded.into_raster(path)?;
        let mut notes = Vec::new();
        let (raster, reading) = match &before {
            Some((original, before)) => {
                if own.is_none() && before.stored.is_some() {
                    notes.push(format!("the recipe is that of {}", original.name().display()));
                }
                let undone = recoloured(&raster, &before.raster);
                if undone.is_some() {
                    notes.push(
                        "the colours were changed as a whole since the original: they were changed back".to_owned(),
                    );
                    jpeg = None;
                }
                let raster = undone.unwrap_or(raster);
                let reading = told_by(&before.picture, (&before.raster, &raster), reading);
                (raster, reading)
            }
            None => (raster, reading),
        };
        let shared_chroma = jpeg.as_ref().is_some_and(Jpeg::shares_chroma);
        let reading = ReadOptions { shared_chroma, ..reading };
        let (picture, phase) =
            read_with_phase(&raster, &reading, phase, told_shape(&recipe)).map_err(|error| error.about(path))?;
        let picture = match &phase {
            Some(phase) => {
                let phasors = &phase.array.phasors;
                let said = stored.as_ref().map(|stored| (&stored.recipe, stored.place.described()));
                let resolved = recipe.resolve(Some(phasors.rows()));
                let resolved = resolved.map_err(|error| attributed(error, options, said).about(path))?;
                options.limits.check_recovery(resolved.tempered(), phasors.columns(), recipe.sound.length)?;
                let tested = Tested {
                    raster: &raster,
                    reading: &reading,
                    phasors,
                    of: resolved.tempered(),
                    stop: &options.stop,
                };
                tested.best(picture).map_err(|error| error.about(path))?
            }
            None if stored.is_none() => {
                let picture = with_range_by_sound(picture, &recipe);
                turned_by_sound(&raster, &reading, picture, &recipe)
            }
            None => picture,
        };
        let stopped = || options.stop.is_set();
        let again = jpeg.and_then(|jpeg| read_compressed(&picture, &jpeg, &stopped));
        let is_explained = again.is_some();
        let picture = again.unwrap_or(picture);
        let recipe = without_lost_length(recipe, &picture, options, &mut notes);
        if !is_explained && options.reading.palette.is_none() && options.recipe.picture.palette.is_none() {
            check_colours(&picture, &reading).map_err(|error| Error::from(error).about(path))?;
        }
        let before = before.map(|(_, before)| before);
        Ok(Self { raster, picture, phase, recipe, before, stored, lines, notes })
    }

    /// The recipe that the picture, the file beside it or the original holds, and what that is called.
    pub(super) fn stored(&self) -> Option<(&Recipe, &'static str)> {
        self.stored.as_ref().map(|stored| (&stored.recipe, stored.place.described()))
    }

    /// Whether the picture itself, the file beside it or the original says how it was made.
    pub(super) fn has_recipe(&self) -> bool {
        self.stored.as_ref().is_some_and(|stored| !matches!(stored.place, Place::BesidePhase(_)))
    }

    /// Whether anything does, if only the phase that was given.
    pub(super) fn is_told(&self) -> bool {
        self.stored.is_some()
    }

    /// What was read, as lines of the report.
    pub(super) fn describe(&self, report: &mut Report) {
        report.findings.extend(self.lines.iter().cloned());
        report.notes.extend(self.notes.iter().cloned());
        describe(&self.picture, report);
        report.warnings.extend(doubts(&self.picture, self.phase.is_some()));
    }
}

/// What of a picture's geometry is to be doubted.
fn doubts(picture: &Picture, has_phase: bool) -> Vec<String> {
    let lattice = &picture.lattice.value;
    let (time, pitch) = if picture.transposed { (&lattice.y, &lattice.x) } else { (&lattice.x, &lattice.y) };
    let mut doubts = Vec::new();
    for (what, effect, axis, other) in
        [("frames", "the sound is too fast", time, pitch), ("rows", "its frequencies are wrong", pitch, time)]
    {
        let pixels = axis.end_px - axis.first_px;
        if axis.cell_px < 1.0 {
            let cells = axis.cells;
            doubts.push(format!(
                "WARNING: {cells} {what} in {pixels} px: those without a pixel of their own are lost, and are taken from their neighbours"
            ));
        } else if axis.cells == pixels && other.cell_px > 1.0 && picture.lattice.source == Source::Assumed {
            doubts.push(format!(
                "WARNING: each of {pixels} pixels is taken for one of the {what}; if there were more of them than pixels, \
                 some are lost and {effect}: give their number (`cells`), or draw a larger picture"
            ));
        }
    }
    if !has_phase && picture.flip.value != Flip::None && picture.flip.source == Source::Read {
        let sure = Sureness::of(picture.flip.confidence);
        doubts.push(format!(
            "WARNING: the lowest frequency seems to be on top ({sure}), which only a phase would resolve; if it \
             is not, give `flip none`"
        ));
    }
    if !has_phase && picture.scale.source == Source::Read && picture.scale.score.is_none() {
        let scale = picture.scale.value;
        doubts.push(format!(
            "WARNING: levels seem to be {scale} only because no sound has such magnitudes otherwise; if they are not, give \
             `levels`"
        ));
    }
    if !has_phase && picture.palette.value.reversed && picture.palette.source == Source::Read {
        let name = picture.palette.value.clone();
        let forwards = PaletteName { reversed: false, ..name.clone() };
        doubts.push(format!(
            "WARNING: the palette seems to be {name}, backwards, which only a phase would resolve; if it is not, give \
             `palette {forwards}`"
        ));
    }
    doubts
}

/// What was given and what is stored, as one.
fn joined(options: &RecoverOptions, stored: Option<&Stored>) -> Result<Recipe, Error> {
    let given = options.recipe.clone();
    let Some(stored) = stored else { return Ok(given) };
    given.joined(GIVEN, stored.recipe.clone(), stored.place.described())
}

/// How the picture is to be read, as was given and as its recipe says.
fn reading(options: &RecoverOptions, recipe: &Recipe, path: &Path) -> Result<ReadOptions, Error> {
    let about = |error: PictureError| Error::from(error).about(path);
    let palette = match &options.recipe.picture.palette {
        Some(name) => Some(name.parse()?),
        None => recipe.picture.palette.as_ref().map(|name| name.parse()).transpose().map_err(about)?,
    };
    Ok(ReadOptions {
        palette: agreed_palette(options.reading.palette.as_ref(), palette)?,
        levels: recipe.picture.levels,
        drawn: drawn_cells(recipe),
        stop: options.stop.clone(),
        ..options.reading.clone()
    })
}

/// The same with what the picture before editing tells: its palette and, in a picture of the same size, its cells.
fn told_by(before: &Picture, (old, new): (&Raster, &Raster), reading: ReadOptions) -> ReadOptions {
    let palette = reading.palette.or_else(|| Some(before.palette.value.clone()));
    let flip = reading.flip.or_else(|| Some(before.flip.value).filter(|flip| *flip != Flip::None));
    let is_same_size = (old.width(), old.height()) == (new.width(), new.height());
    if !is_same_size || reading.drawn.is_some() {
        return ReadOptions { palette, flip, ..reading };
    }
    let (crop, cells) = (reading.crop.or(Some(before.data_box.value)), reading.cells.or(Some(before.levels.shape())));
    ReadOptions { palette, flip, crop, cells, ..reading }
}

/// The recipe without its length where the picture's own said it of other frames than are there: it was cut.
fn without_lost_length(recipe: Recipe, picture: &Picture, options: &RecoverOptions, notes: &mut Vec<String>) -> Recipe {
    let (_, frames) = whole_shape(picture);
    let Some(drawn) = recipe.picture.frames.filter(|&drawn| drawn != frames) else { return recipe };
    if recipe.sound.length.is_none() || options.recipe.sound.length.is_some() {
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

/// The cells as the recipe says they were drawn.
fn drawn_cells(recipe: &Recipe) -> Option<DrawnCells> {
    Some(DrawnCells {
        rows: recipe.transform.bins?,
        columns: recipe.picture.frames?,
        cell_width_px: recipe.picture.cell_width?,
        cell_height_px: recipe.picture.cell_height?,
    })
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

/// Bins and frames, as far as a recipe tells them: a length is of so many hops.
fn told_shape(recipe: &Recipe) -> (Option<usize>, Option<usize>) {
    let hop = recipe.transform.hop.unwrap_or(CqtParams::default().hop).max(1);
    (
        recipe.transform.bins,
        recipe.picture.frames.or(recipe.sound.length.map(|samples| (samples / hop).saturating_add(1))),
    )
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

/// Reads the picture against the phase's shape; a transposed phase is tried both ways.
fn read_with_phase(
    raster: &Raster,
    reading: &ReadOptions,
    phase: Option<Phase>,
    told: (Option<usize>, Option<usize>),
) -> Result<(Picture, Option<Phase>), Error> {
    let Some(phase) = phase else { return Ok((read_alone(raster, reading, told)?, None)) };
    let (bins, frames) = phase.array.phasors.shape();
    let expecting = |shape| ReadOptions { expected_shape: Some(shape), ..reading.clone() };
    let error = match read(raster, &expecting((bins, frames))) {
        Ok(picture) => return Ok((picture, Some(phase))),
        Err(error) => error,
    };
    // The phase may be transposed, or a frame longer or shorter than the matrix that was drawn.
    for shape in [(frames, bins), (bins, frames + 1), (bins, frames.saturating_sub(1))] {
        if let Ok(picture) = read(raster, &expecting(shape)) {
            return Ok((picture, Some(phase.fitted_to(shape)?)));
        }
    }
    Err(error.into())
}

fn describe(picture: &Picture, report: &mut Report) {
    let lattice = &picture.lattice.value;
    let (rows, frames) = picture.levels.shape();
    let cells = format!("{rows} x {frames}, each {:.4} x {:.4} px", lattice.x.cell_px, lattice.y.cell_px);
    let place = picture.data_box.value.to_string();
    let missing = &picture.missing.value;
    let lost = format!(
        "{} frames before, {} after; {} rows below, {} above",
        missing.frames_before, missing.frames_after, missing.rows_below, missing.rows_above
    );
    let mut palette = picture.palette.clone().map(|name| name.to_string());
    if !picture.palette_alternatives.is_empty() {
        let others: Vec<String> = picture.palette_alternatives.iter().map(ToString::to_string).collect();
        palette.evidence = format!("{}; also possible: {}", palette.evidence, others.join(", "));
    }
    report.findings.push(line("picture", "box", &picture.data_box.clone().map(|_| place)));
    report.findings.push(line("picture", "cells", &picture.lattice.clone().map(|_| cells)));
    report.findings.push(line("picture", "missing", &picture.missing.clone().map(|_| lost)));
    report.findings.push(line("picture", "palette", &palette));
    let turned = if picture.transposed { "transposed, " } else { "" };
    let flip = format!("{turned}flip {}", format!("{:?}", picture.flip.value).to_lowercase());
    report.findings.push(line("picture", "orientation", &picture.flip.clone().map(|_| flip)));
    let (at_floor, at_ceiling) = picture.clipped_cells();
    let whole =
        (rows + missing.rows_below + missing.rows_above) * (frames + missing.frames_before + missing.frames_after);
    report.cells = Some(Cells {
        total: whole,
        missing: whole - rows * frames,
        at_floor,
        at_ceiling,
        exact_share: picture.exact_share(),
    });
}

fn picture_lines(decoded: &DecodedPicture, stored: Option<&Stored>) -> Vec<Entry> {
    let size = format!("{:?}, {} x {} px", decoded.format, decoded.width, decoded.height);
    let turned = match decoded.orientation {
        1 => String::new(),
        told => format!("turned as its EXIF orientation, {told}, says"),
    };
    let mut lines = vec![line("picture", "file", &Finding::read(size, 1.0, turned))];
    if let Some((_, software)) = decoded.text.iter().find(|(key, _)| key == "Software") {
        lines.push(line("picture", "made by", &Finding::read(software, 1.0, "the file's text")));
    }
    if let Some(stored) = stored {
        let (place, why) = match &stored.place {
            Place::Inside(key) if key == RECIPE_KEY => {
                ("inside the picture".to_owned(), "written by photophone draw".to_owned())
            }
            Place::Inside(key) => ("inside the picture".to_owned(), format!("kept by another program as its {key}")),
            Place::Beside(file) => {
                (file.display().to_string(), "beside the picture, which has none of its own".to_owned())
            }
            Place::BesidePhase(file) => {
                let why = "beside the phase, whose digest it has; the picture has none of its own";
                (file.display().to_string(), why.to_owned())
            }
        };
        lines.push(line("picture", "recipe", &Finding::read(place, 1.0, why)));
    }
    lines
}
