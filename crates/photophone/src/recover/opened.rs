//! A picture as it is opened: decoded, with what it says of itself, read against its phase.

use std::path::Path;

use photophone_picture::{DrawnCells, PaletteName, Picture, PictureError, Raster, ReadOptions, read};
use photophone_spectrum::Finding;

use super::by_sound::turned_by_sound;
use super::phase::{Phase, PhaseSource};
use super::{RecoverOptions, line};
use crate::draw::RECIPE_KEY;
use crate::files::{DecodedPicture, PictureReadOptions};
use crate::recipe::{Entry, Recipe};
use crate::report::{Cells, Report};
use crate::{Error, Input};

/// A picture that has been read.
pub(super) struct OpenedPicture {
    pub(super) raster: Raster,
    pub(super) picture: Picture,
    pub(super) phase: Option<Phase>,
    /// What was given and what the picture says, as one.
    pub(super) recipe: Recipe,
    /// Whether the picture itself says how it was made.
    pub(super) has_recipe: bool,
    /// What the file is.
    pub(super) lines: Vec<Entry>,
}

impl OpenedPicture {
    /// Opens a picture: the job's, or the one that it was before editing.
    pub(super) fn open(input: &Input, options: &RecoverOptions) -> Result<Self, Error> {
        let path = input.name();
        let limits = match options.max_pixels {
            0 => PictureReadOptions::default(),
            max_pixels => PictureReadOptions { max_pixels },
        };
        let decoded = input.picture(limits)?;
        let stored = stored_recipe(path, &decoded)?;
        let lines = picture_lines(&decoded, &stored);
        let has_recipe = stored != Recipe::default();
        let about = |error: PictureError| Error::from(error).about(path);
        let phase_source = PhaseSource::find(input, options, &stored)?;
        let recipe = options.recipe.clone().joined("what was given", stored, "the picture")?;
        let palette = match &options.recipe.palette {
            Some(name) => Some(name.parse()?),
            None => recipe.palette.as_ref().map(|name| name.parse()).transpose().map_err(about)?,
        };
        let reading = ReadOptions {
            palette: agreed_palette(options.reading.palette.as_ref(), palette)?,
            levels: recipe.levels,
            drawn: drawn_cells(&recipe),
            ..options.reading.clone()
        };
        let phase = phase_source.map(Phase::open).transpose()?;
        let raster = decoded.into_owned().into_raster(path)?;
        let (picture, phase) = read_with_phase(&raster, &reading, phase).map_err(|error| error.about(path))?;
        let is_open = phase.is_none() && !has_recipe;
        let picture = if is_open { turned_by_sound(&raster, &reading, picture, &recipe) } else { picture };
        Ok(Self { raster, picture, phase, recipe, has_recipe, lines })
    }

    /// What was read, as lines of the report.
    pub(super) fn describe(&self, report: &mut Report) {
        report.findings.extend(self.lines.iter().cloned());
        describe(&self.picture, report);
    }
}

/// The cells as the recipe says they were drawn.
fn drawn_cells(recipe: &Recipe) -> Option<DrawnCells> {
    Some(DrawnCells {
        rows: recipe.bins?,
        columns: recipe.frames?,
        cell_width_px: recipe.cell_width?,
        cell_height_px: recipe.cell_height?,
    })
}

/// The palette by name and the recipe's, as one.
fn agreed_palette(given: Option<&PaletteName>, recipe: Option<PaletteName>) -> Result<Option<PaletteName>, Error> {
    match (given, recipe) {
        (Some(given), Some(recipe)) if *given != recipe => {
            let (given, stored) = (given.to_string(), recipe.to_string());
            Err(Error::Contradiction {
                name: "palette".to_owned(),
                here: "--palette",
                given,
                there: "the recipe",
                stored,
            })
        }
        (given, recipe) => Ok(given.cloned().or(recipe)),
    }
}

/// Reads the picture against the phase's shape; a transposed phase is tried both ways.
fn read_with_phase(
    raster: &Raster,
    reading: &ReadOptions,
    phase: Option<Phase>,
) -> Result<(Picture, Option<Phase>), Error> {
    let Some(phase) = phase else { return Ok((read(raster, reading)?, None)) };
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

fn picture_lines(decoded: &DecodedPicture, stored: &Recipe) -> Vec<Entry> {
    let size = format!("{:?}, {} x {} px", decoded.format, decoded.width, decoded.height);
    let mut lines = vec![line("picture", "file", &Finding::read(size, 1.0, ""))];
    if let Some((_, software)) = decoded.text.iter().find(|(key, _)| key == "Software") {
        lines.push(line("picture", "made by", &Finding::read(software, 1.0, "the file's text")));
    }
    if *stored != Recipe::default() {
        lines.push(line("picture", "recipe", &Finding::read("inside the picture", 1.0, "written by photophone draw")));
    }
    lines
}

fn stored_recipe(path: &Path, decoded: &DecodedPicture) -> Result<Recipe, Error> {
    let Some((_, text)) = decoded.text.iter().find(|(key, _)| key == RECIPE_KEY) else { return Ok(Recipe::default()) };
    serde_json::from_str(text).map_err(|error| {
        Error::damaged(path, format!("the recipe inside cannot be read ({error})"), "the text that draw wrote")
    })
}
