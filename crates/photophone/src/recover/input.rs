//! Opening the picture or array and the kept phase.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use photophone_picture::{Picture, Raster, ReadOptions, overlay, read};
use photophone_spectrum::{Finding, Plane};

use super::magnitudes::{Levels, from_levels};
use super::unknowns::{guess_scale, level_scale};
use super::{Data, NamedFile, RecoverOptions, line};
use crate::Error;
use crate::draw::RECIPE_KEY;
use crate::files::{
    ArrayFile, ArrayReadOptions, DecodedPicture, FileGroup, FileKind, PhaseArray, PictureReadOptions, ShapeFit,
    ValueKind, read_array, read_picture,
};
use crate::recipe::{Entry, Recipe, Settled};
use crate::report::{Cells, Report};
use photophone_transform::inverse::RowNoise;

/// The picture or array of a job, with the phase that belongs to it.
pub(super) struct Input {
    source: Source,
    phase: Option<Phase>,
    stored: Recipe,
}

enum Source {
    Picture { raster: Raster, picture: Box<Picture>, lines: Vec<Entry> },
    Array { array: ArrayFile },
}

struct Phase {
    array: PhaseArray,
    fit: Finding<ShapeFit>,
    file: String,
    found_beside: bool,
}

impl Input {
    pub(super) fn open(options: &RecoverOptions) -> Result<Self, Error> {
        let path = &options.input.path;
        match file_group(path)? {
            Some(FileGroup::Array) => Self::open_array(options),
            _ => Self::open_picture(options),
        }
    }

    fn open_array(options: &RecoverOptions) -> Result<Self, Error> {
        let array = open_array(&options.input)?;
        let (bins, frames) = array.shape();
        let phase = options.phase.as_ref().map(|file| Phase::open(file, Some((bins, frames)), false)).transpose()?;
        if array.kind == ValueKind::Real {
            if phase.is_none() {
                return Err(Error::NoPhase { path: options.input.path.clone() });
            }
            check_magnitudes(&options.input.path, &array)?;
        }
        Ok(Self { source: Source::Array { array }, phase, stored: Recipe::default() })
    }

    fn open_picture(options: &RecoverOptions) -> Result<Self, Error> {
        let decoded = read_picture(&options.input.path, picture_limits(options.max_pixels))?;
        let stored = stored_recipe(&options.input.path, &decoded)?;
        let phase_file = options.phase.clone().map(|file| (file, false)).or_else(|| beside(&options.input, &stored));
        let raw = phase_file.map(|(file, beside)| Phase::open(&file, None, beside).map(|phase| (phase, file)));
        let raw = raw.transpose()?;
        let lines = picture_lines(&decoded, &stored);
        let raster = raster_from(decoded)?;
        let mut reading = options.reading.clone();
        reading.palette = reading.palette.or_else(|| stored.palette.as_ref().and_then(|name| name.parse().ok()));
        reading.levels = options.recipe.levels.or(stored.levels);
        let (picture, phase) = read_with_phase(&raster, &reading, raw)?;
        let Some(phase) = phase else { return Err(Error::NoPhase { path: options.input.path.clone() }) };
        let source = Source::Picture { raster, picture: Box::new(picture), lines };
        Ok(Self { source, phase: Some(phase), stored })
    }

    /// Bins and frames of the grid.
    pub(super) fn shape(&self) -> (usize, usize) {
        match (&self.source, &self.phase) {
            (_, Some(phase)) => phase.array.phasors.shape(),
            (Source::Array { array }, None) => array.shape(),
            (Source::Picture { picture, .. }, None) => picture.levels.shape(),
        }
    }

    pub(super) fn joined_recipe(&self, given: &Recipe) -> Result<Recipe, Error> {
        let stored = Recipe { phase: None, ..self.stored.clone() };
        given.clone().joined("what was given", stored, "the picture")
    }

    /// Magnitudes and phase as coefficients, with every step's line in the report.
    pub(super) fn coefficients(&self, recipe: &Recipe, settled: &Settled, report: &mut Report) -> Result<Data, Error> {
        if let Some(phase) = &self.phase {
            phase.report(report);
        }
        match (&self.source, &self.phase) {
            (Source::Array { array }, phase) => {
                let phasors = phase.as_ref().map(|phase| &phase.array.phasors);
                let kind = if array.kind == ValueKind::Complex { "coefficients" } else { "magnitudes" };
                let evidence = format!("{} {:?}", array.dtype, array.stored_shape);
                report.findings.push(line("array", "holds", &Finding::read(kind, 1.0, evidence)));
                let coefficients = match phasors {
                    None => array.values.clone(),
                    Some(phasors) => {
                        let (bins, frames) = array.shape();
                        Plane::from_fn(bins, frames, |k, t| phasors[(k, t)] * array.values[(k, t)].norm())
                    }
                };
                let noise = RowNoise(vec![0.0; coefficients.rows()]);
                Ok(Data { coefficients, noise, trust: None, absolute: true, exact: true })
            }
            (Source::Picture { picture, lines, .. }, Some(phase)) => {
                report.findings.extend(lines.iter().cloned());
                describe(picture, report);
                let phasors = &phase.array.phasors;
                let guessed = level_scale(recipe, settled, picture, phasors)?;
                report.findings.push(line("picture", "levels", &guessed));
                let levels = Levels { picture, scale: guessed.value, reference: recipe.reference };
                Ok(from_levels(&levels, phasors))
            }
            (Source::Picture { .. }, None) => Err(Error::NoPhase { path: report.input.clone().into() }),
        }
    }

    pub(super) fn overlay(&self) -> Option<Raster> {
        match &self.source {
            Source::Picture { raster, picture, .. } => Some(overlay(raster, picture)),
            Source::Array { .. } => None,
        }
    }
}

impl Phase {
    fn open(file: &NamedFile, shape: Option<(usize, usize)>, found_beside: bool) -> Result<Self, Error> {
        let array = PhaseArray::from_array(&file.path, &open_array(file)?)?;
        let (bins, frames) = shape.unwrap_or_else(|| array.phasors.shape());
        let (array, fit) = array.fitted_to(&file.path, bins, frames)?;
        Ok(Self { array, fit, file: file.path.display().to_string(), found_beside })
    }

    fn report(&self, report: &mut Report) {
        let file = if self.found_beside {
            Finding::read(&self.file, 1.0, "named in the picture's recipe")
        } else {
            Finding::given(&self.file, "")
        };
        report.findings.push(line("phase", "file", &file));
        let kind = &self.array.kind;
        let shape = self.array.phasors.shape();
        let text = format!("{}, {} x {}", kind.value, shape.0, shape.1);
        report.findings.push(line("phase", "holds", &Finding { value: text, ..kind.clone().map(|_| String::new()) }));
        if self.fit.value.transposed || self.fit.value.extra_frames != 0 {
            report.notes.push(format!("phase: {}", self.fit.evidence));
        }
    }
}

/// Reads the picture against the phase's shape; a transposed phase is tried both ways.
fn read_with_phase(
    raster: &Raster,
    reading: &ReadOptions,
    phase: Option<(Phase, NamedFile)>,
) -> Result<(Picture, Option<Phase>), Error> {
    let Some((mut phase, file)) = phase else { return Ok((read(raster, reading)?, None)) };
    let (bins, frames) = phase.array.phasors.shape();
    let expecting = |shape| ReadOptions { expected_shape: Some(shape), ..reading.clone() };
    let error = match read(raster, &expecting((bins, frames))) {
        Ok(picture) => return Ok((picture, Some(phase))),
        Err(error) => error,
    };
    // The phase may be transposed, or a frame longer or shorter than the matrix that was drawn.
    for shape in [(frames, bins), (bins, frames + 1), (bins, frames.saturating_sub(1))] {
        if let Ok(picture) = read(raster, &expecting(shape)) {
            let (array, fit) = phase.array.fitted_to(&file.path, shape.0, shape.1)?;
            phase = Phase { array, fit, ..phase };
            return Ok((picture, Some(phase)));
        }
    }
    Err(error.into())
}

/// What a picture is, without recovering anything.
#[derive(Debug)]
pub struct Inspection {
    /// The account.
    pub report: Report,
    /// What was read, drawn over the picture.
    pub overlay: Raster,
}

/// Tells what a picture is, with the evidence for each statement. The phase is optional.
///
/// # Errors
/// A file that cannot be read, or a picture that is no spectrogram.
pub fn inspect(options: &RecoverOptions) -> Result<Inspection, Error> {
    let decoded = read_picture(&options.input.path, picture_limits(options.max_pixels))?;
    let stored = stored_recipe(&options.input.path, &decoded)?;
    let phase_file = options.phase.clone().map(|file| (file, false)).or_else(|| beside(&options.input, &stored));
    let phase = phase_file.map(|(file, beside)| Phase::open(&file, None, beside).map(|phase| (phase, file)));
    let mut report = Report { input: options.input.path.display().to_string(), ..Report::default() };
    report.findings = picture_lines(&decoded, &stored);
    let raster = raster_from(decoded)?;
    let mut reading = options.reading.clone();
    reading.palette = reading.palette.or_else(|| stored.palette.as_ref().and_then(|name| name.parse().ok()));
    reading.levels = options.recipe.levels.or(stored.levels);
    let (picture, phase) = read_with_phase(&raster, &reading, phase.transpose()?)?;
    describe(&picture, &mut report);
    let mut scale = guess_scale(&picture);
    if let Some(phase) = &phase {
        phase.report(&mut report);
        let recipe =
            options.recipe.clone().joined("what was given", Recipe { phase: None, ..stored }, "the picture")?;
        let settled = recipe.settle(Some(phase.array.phasors.rows()))?;
        scale = level_scale(&recipe, &settled, &picture, &phase.array.phasors)?;
    }
    report.findings.push(line("picture", "levels", &scale));
    Ok(Inspection { report, overlay: overlay(&raster, &picture) })
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

/// The phase file that the picture's recipe names, if it lies beside the picture.
fn beside(input: &NamedFile, stored: &Recipe) -> Option<(NamedFile, bool)> {
    // Only a bare name: a picture must not send the reader elsewhere.
    let name = Path::new(stored.phase.as_ref()?).file_name()?;
    let path = input.path.with_file_name(name);
    path.is_file().then_some((NamedFile { path, name: None }, true))
}

fn raster_from(decoded: DecodedPicture) -> Result<Raster, Error> {
    Ok(Raster::from_pixels(decoded.width, decoded.height, decoded.rgba)?)
}

fn picture_limits(max_pixels: usize) -> PictureReadOptions {
    if max_pixels > 0 { PictureReadOptions { max_pixels } } else { PictureReadOptions::default() }
}

fn open_array(file: &NamedFile) -> Result<ArrayFile, Error> {
    read_array(&file.path, &ArrayReadOptions { name: file.name.clone(), ..ArrayReadOptions::default() })
}

fn check_magnitudes(path: &Path, array: &ArrayFile) -> Result<(), Error> {
    match array.values.as_slice().iter().position(|value| value.re < 0.0) {
        None => Ok(()),
        Some(index) => Err(Error::content(
            path,
            format!("a negative magnitude ({}) at index {index}", array.values.as_slice()[index].re),
            "magnitudes, zero or more",
            "if these are decibels, undo them first: librosa.db_to_amplitude",
        )),
    }
}

fn file_group(path: &Path) -> Result<Option<FileGroup>, Error> {
    let mut start = Vec::new();
    let file = File::open(path).map_err(Error::reading(path))?;
    if !file.metadata().map_err(Error::reading(path))?.is_file() {
        return Ok(None);
    }
    file.take(4096).read_to_end(&mut start).map_err(Error::reading(path))?;
    Ok(FileKind::from_bytes(&start).map(FileKind::group))
}
