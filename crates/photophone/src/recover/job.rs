//! The picture or array of a job, brought to one shape with its phase.

use std::path::{Path, PathBuf};

use num_complex::Complex;
use photophone_picture::{Picture, Raster, overlay};
use photophone_spectrum::{Finding, LevelScale, Plane};
use photophone_transform::inverse::Intervals;

use super::array_levels::{self, ArrayMagnitudes, magnitudes, turned};
use super::attribution::attribute;
use super::edited::edited_cells;
use super::magnitudes::{Levels, from_levels, whole_shape};
use super::opened::OpenedPicture;
use super::phase::{Phase, PhaseSource};
use super::solve::Edits;
use super::unknowns::{guess_scale, level_scale};
use super::{Data, RecoverOptions, line};
use super::{doubt, kind};
use crate::Error;
use crate::files::{ArrayFile, ValueKind};
use crate::recipe::{Recipe, Resolved};
use crate::report::Report;

/// The picture or array of a job, with the phase that belongs to it.
pub(super) enum Job {
    /// A picture; its phase is there.
    Picture(Box<OpenedPicture>),
    /// Coefficients without a phase file, or magnitudes with one.
    Array(Box<OpenedArray>),
}

/// An array that has been read.
pub(super) struct OpenedArray {
    array: ArrayFile,
    /// What real numbers stand for.
    magnitudes: Option<ArrayMagnitudes>,
    /// Why they may stand for something else.
    doubt: Option<String>,
    phase: Option<Phase>,
    recipe: Recipe,
}

impl Job {
    pub(super) fn open(options: &RecoverOptions) -> Result<Self, Error> {
        options.input.check_kind()?;
        if options.input.is_array()? {
            return Self::open_array(options);
        }
        let opened = OpenedPicture::open(&options.input, options)?;
        if let Some(mask) = options.mask.as_ref().filter(|_| opened.phase.is_none()) {
            let (found, expected) = ("a mask for a picture without its phase", "the phase that masked cells lose");
            return Err(Error::content(mask.name(), found, expected, "give it with `phase`, or leave `mask` out"));
        }
        Ok(Self::Picture(Box::new(opened)))
    }

    fn open_array(options: &RecoverOptions) -> Result<Self, Error> {
        let array = turned(options.input.array(&options.limits)?.into_owned(), options)?;
        let source = PhaseSource::find(&options.input, options, &[])?;
        let digest = options.recipe.picture.phase_digest.as_deref();
        let phase =
            source.map(|source| Phase::open(source, &options.limits)?.held_against(digest)?.fitted_to(array.shape()));
        let phase = phase.transpose()?;
        let magnitudes = match (array.kind, options.recipe.picture.levels) {
            (ValueKind::Real, _) => Some(magnitudes(&options.input, &array, options)?),
            (ValueKind::Complex, None) => None,
            (ValueKind::Complex, Some(levels)) => {
                let found = format!("`levels {levels}` for complex coefficients");
                let expected = "real numbers where it is given";
                return Err(Error::content(options.input.name(), found, expected, "leave it out"));
            }
        };
        if let Some(other) = options.original.as_ref().or(options.mask.as_ref()) {
            let found = "an original or a mask for an array";
            let next = "leave it out: which cells of an array changed cannot be told yet";
            return Err(Error::content(other.name(), found, "one for a picture", next));
        }
        let doubt = array_levels::doubt(&array, options);
        Ok(Self::Array(Box::new(OpenedArray { array, magnitudes, doubt, phase, recipe: options.recipe.clone() })))
    }

    pub(super) fn phase(&self) -> Option<&Phase> {
        match self {
            Self::Picture(opened) => opened.phase.as_ref(),
            Self::Array(opened) => opened.phase.as_ref(),
        }
    }

    /// Bins and frames of the grid.
    pub(super) fn shape(&self) -> (usize, usize) {
        match (self, self.phase()) {
            (_, Some(phase)) => phase.array.phasors.shape(),
            (Self::Array(opened), None) => opened.array.shape(),
            (Self::Picture(opened), None) => whole_shape(&opened.picture),
        }
    }

    /// The picture, if it is none of an array.
    pub(super) fn picture(&self) -> Option<&OpenedPicture> {
        match self {
            Self::Picture(opened) => Some(opened),
            Self::Array(_) => None,
        }
    }

    /// Why an array's numbers may be no magnitudes.
    pub(super) fn doubt(&self) -> Option<&str> {
        match self {
            Self::Picture(_) => None,
            Self::Array(opened) => opened.doubt.as_deref(),
        }
    }

    /// Whether it is an array of complex coefficients.
    pub(super) fn has_own_phase(&self) -> bool {
        matches!(self, Self::Array(opened) if opened.array.kind == ValueKind::Complex)
    }

    /// Whether levels were read that stand for ranges of magnitudes.
    pub(super) fn has_ranges(&self) -> bool {
        match self {
            Self::Picture(_) => true,
            Self::Array(opened) => opened.magnitudes.as_ref().is_some_and(|magnitudes| magnitudes.range.is_some()),
        }
    }

    /// What is known of edits.
    pub(super) fn edits(&self, options: &RecoverOptions) -> Edits {
        match self {
            _ if options.original.is_some() || options.mask.is_some() => Edits::Told,
            Self::Picture(opened) if opened.is_told() => Edits::Untold,
            Self::Picture(_) => Edits::Unknown,
            Self::Array(opened) => match &opened.phase {
                Some(phase) => Edits::OfMagnitudes { phase_was_turned: phase.was_turned() },
                None => Edits::OfCoefficients,
            },
        }
    }

    /// What is known of how it was made.
    pub(super) fn recipe(&self) -> &Recipe {
        match self {
            Self::Picture(opened) => &opened.recipe,
            Self::Array(opened) => &opened.recipe,
        }
    }

    /// Magnitudes and phase as coefficients, with every step's line in the report.
    pub(super) fn coefficients(
        &self,
        options: &RecoverOptions,
        resolved: &Resolved,
        report: &mut Report,
    ) -> Result<Data, Error> {
        self.report_phase(options, report);
        match self {
            Self::Array(opened) => Ok(array_data(opened, report)),
            Self::Picture(opened) => picture_data(opened, options, resolved, report),
        }
    }

    /// The same of an array, whatever transform it is of; `None` of a picture.
    pub(super) fn array_coefficients(&self, options: &RecoverOptions, report: &mut Report) -> Option<Data> {
        let Self::Array(opened) = self else { return None };
        self.report_phase(options, report);
        Some(array_data(opened, report))
    }

    fn report_phase(&self, options: &RecoverOptions, report: &mut Report) {
        match self.phase() {
            Some(phase) => phase.report(report),
            None if self.has_own_phase() => {}
            None => self.report_no_phase(options, report),
        }
    }

    fn report_no_phase(&self, options: &RecoverOptions, report: &mut Report) {
        let evidence = "none was given; with the one that was kept (`phase`) the sound would be better";
        let method = format!("found from the magnitudes ({})", options.phase_method);
        report.findings.push(line("phase", "source", &Finding::assumed(method, 0.5, evidence)));
        if let Some(name) = &self.recipe().picture.phase {
            report.warnings.push(format!(
                "WARNING: the picture's recipe names its phase, {name:?}, which is not beside it: put it there, or give it with `phase`"
            ));
        }
    }

    pub(super) fn overlay(&self) -> Option<Raster> {
        match self {
            Self::Picture(opened) => Some(overlay(&opened.raster, &opened.picture)),
            Self::Array(_) => None,
        }
    }
}

fn picture_data(
    opened: &OpenedPicture,
    options: &RecoverOptions,
    resolved: &Resolved,
    report: &mut Report,
) -> Result<Data, Error> {
    opened.describe(report);
    let picture = &opened.picture;
    let Some(phase) = &opened.phase else {
        let scale = guess_scale(picture);
        let scale = opened.recipe.picture.levels.map_or(scale, |levels| Finding::given(levels, ""));
        report.findings.push(line("picture", "levels", &scale));
        if opened.before.is_some() {
            report.notes.push("no phase was kept that edited cells could lose; the original tells the rest".to_owned());
        }
        let levels = Levels { picture, scale: scale.value, reference: opened.recipe.picture.reference };
        let (bins, frames) = whole_shape(picture);
        let phasors = Plane::filled(bins, frames, Complex::new(1.0, 0.0));
        return Ok(from_levels(&levels, &phasors, Some(&picture.levels.map(|_| true))));
    };
    let phasors = &phase.array.phasors;
    let scale = level_scale(&opened.recipe, resolved, picture, phasors, &options.stop)?;
    report.findings.push(line("picture", "levels", &scale));
    let levels = Levels { picture, scale: scale.value, reference: opened.recipe.picture.reference };
    let edited = edited_cells(options, opened)?;
    if let Some(edited) = &edited {
        let changed = edited.value.as_slice().iter().filter(|&&changed| changed).count();
        let text = format!("{changed} of {} cells lose their phase", edited.value.as_slice().len());
        report.findings.push(line("phase", "edited", &edited.clone().map(|_| text)));
    }
    // Nothing was edited: the whole phase counts.
    let edited = edited.map(|edited| edited.value).filter(|edited| edited.as_slice().contains(&true));
    Ok(from_levels(&levels, phasors, edited.as_ref()))
}

fn array_data(opened: &OpenedArray, report: &mut Report) -> Data {
    let OpenedArray { array, magnitudes, doubt, phase, .. } = opened;
    let kind = if magnitudes.is_some() { "magnitudes" } else { "coefficients" };
    let how = magnitudes.as_ref().map(|magnitudes| format!("; {}", magnitudes.how)).unwrap_or_default();
    let evidence = format!("{} {:?}{how}", array.dtype, array.stored_shape);
    report.findings.push(line("array", "holds", &Finding::read(kind, 1.0, evidence)));
    report.warnings.extend(doubt.clone());
    let (bins, frames) = array.shape();
    let magnitude =
        |k, t| magnitudes.as_ref().map_or_else(|| array.values[(k, t)].norm(), |found| found.values[(k, t)]);
    let coefficients = match (phase, magnitudes) {
        (Some(phase), _) => Plane::from_fn(bins, frames, |k, t| phase.array.phasors[(k, t)] * magnitude(k, t)),
        (None, Some(found)) => found.values.map(|&magnitude| Complex::new(magnitude, 0.0)),
        (None, None) => array.values.clone(),
    };
    let unknown = phase.is_none() && magnitudes.is_some();
    let phase_trust = unknown.then(|| coefficients.map(|_| 0.0));
    let data = Data { phase_trust, ..Data::exact(coefficients) };
    let Some(magnitudes) = magnitudes else { return data };
    let absolute = magnitudes.absolute;
    let Some((low, high)) = magnitudes.range.clone() else { return Data { absolute, ..data } };
    let noise = Plane::from_fn(bins, frames, |k, t| (high[(k, t)] - low[(k, t)]).powi(2) / 12.0);
    Data { noise, intervals: Some(Intervals { low, high }), absolute, ..data }
}

/// A picture that has been read, and what it is.
#[derive(Clone, Debug)]
pub struct ReadPicture {
    /// The pixels.
    pub raster: Raster,
    /// The levels of the visible cells, and how they were found.
    pub picture: Picture,
    /// The kept phase in the grid's shape, if there is one: unit phasors, bins by frames.
    pub phase: Option<Plane<Complex<f64>>>,
    /// What was given and what the picture itself says of how it was made.
    pub recipe: Recipe,
    /// What levels mean as magnitudes; with a phase, the scale that fits it best.
    pub levels: Finding<LevelScale>,
    /// The account, with the evidence for each statement.
    pub report: Report,
    /// The phase file that was read, if any.
    pub phase_file: Option<PathBuf>,
}

impl ReadPicture {
    /// What was read, drawn over the picture.
    pub fn overlay(&self) -> Raster {
        overlay(&self.raster, &self.picture)
    }
}

/// Reads a picture and tells what it is, with the evidence for each statement, without recovering a sound.
///
/// Of the options those count that tell of the picture and its phase, which is optional here.
///
/// # Errors
/// A file that cannot be read, or a picture that is no spectrogram.
pub fn read_picture(options: &RecoverOptions) -> Result<ReadPicture, Error> {
    let opened = OpenedPicture::open(&options.input, options)?;
    let mut report = Report { input: options.input.name().display().to_string(), ..Report::default() };
    opened.describe(&mut report);
    let mut levels = guess_scale(&opened.picture);
    if let Some(phase) = &opened.phase {
        phase.report(&mut report);
        let phasors = &phase.array.phasors;
        let resolved = opened.recipe.resolve(Some(phasors.rows()))?;
        options.limits.check_recovery(resolved.tempered(), phasors.columns(), opened.recipe.sound.length)?;
        levels = level_scale(&opened.recipe, &resolved, &opened.picture, phasors, &options.stop)
            .map_err(|error| error.about(options.input.name()))?;
    }
    report.findings.push(line("picture", "levels", &levels));
    if let Some(kind) = kind::of_picture(&opened.picture, &opened.recipe, levels.value) {
        doubt::report(Some(&opened), &kind, &mut report);
    }
    attribute(&mut report, &opened, options);
    let phase_file = opened.phase.as_ref().and_then(Phase::path).map(Path::to_path_buf);
    let OpenedPicture { raster, picture, phase, recipe, .. } = opened;
    let phase = phase.map(|phase| phase.array.phasors);
    Ok(ReadPicture { raster, picture, phase, recipe, levels, report, phase_file })
}
