//! The picture or array of a job, brought to one shape with its phase.

use num_complex::Complex;
use photophone_picture::{Raster, overlay};
use photophone_spectrum::{Finding, Plane};
use photophone_transform::retrieval::PhaseMethod;

use super::array::OpenedArray;
use super::edited::edited_cells;
use super::magnitudes::{Levels, from_levels, whole_shape};
use super::phase::Phase;
use super::scale::level_scale;
use super::{Data, Edits, Inputs, OpenedPicture};
use crate::Error;
use crate::files::ValueKind;
use crate::recipe::{Entry, Recipe, Resolved};
use crate::report::Report;

/// The picture or array of a job, with the phase that belongs to it.
pub(crate) enum Job {
    /// A picture; its phase is there.
    Picture(Box<OpenedPicture>),
    /// Coefficients without a phase file, or magnitudes with one.
    Array(Box<OpenedArray>),
}

impl Job {
    pub(crate) fn open(inputs: &Inputs<'_>) -> Result<Self, Error> {
        inputs.input.check_kind()?;
        if inputs.input.is_array()? {
            return Ok(Self::Array(Box::new(OpenedArray::open(inputs)?)));
        }
        let opened = OpenedPicture::open(inputs)?;
        if let Some(mask) = inputs.mask.filter(|_| opened.phase.is_none()) {
            let (found, expected) = ("a mask for a picture without its phase", "the phase that masked cells lose");
            return Err(Error::content(mask.name(), found, expected, "give it with `phase`, or leave `mask` out"));
        }
        Ok(Self::Picture(Box::new(opened)))
    }

    pub(crate) fn phase(&self) -> Option<&Phase> {
        match self {
            Self::Picture(opened) => opened.phase.as_ref(),
            Self::Array(opened) => opened.phase.as_ref(),
        }
    }

    /// Bins and frames of the grid.
    pub(crate) fn shape(&self) -> (usize, usize) {
        match (self, self.phase()) {
            (_, Some(phase)) => phase.array.phasors.shape(),
            (Self::Array(opened), None) => opened.array.shape(),
            (Self::Picture(opened), None) => whole_shape(&opened.picture),
        }
    }

    /// The picture, if it is none of an array.
    pub(crate) fn picture(&self) -> Option<&OpenedPicture> {
        match self {
            Self::Picture(opened) => Some(opened),
            Self::Array(_) => None,
        }
    }

    /// Why an array's numbers may be no magnitudes.
    pub(crate) fn doubt(&self) -> Option<&str> {
        match self {
            Self::Picture(_) => None,
            Self::Array(opened) => opened.doubt.as_deref(),
        }
    }

    /// Whether it is an array of complex coefficients.
    pub(crate) fn has_own_phase(&self) -> bool {
        matches!(self, Self::Array(opened) if opened.array.kind == ValueKind::Complex)
    }

    /// Whether levels were read that stand for ranges of magnitudes.
    pub(crate) fn has_ranges(&self) -> bool {
        match self {
            Self::Picture(_) => true,
            Self::Array(opened) => opened.magnitudes.as_ref().is_some_and(|magnitudes| magnitudes.range.is_some()),
        }
    }

    /// What is known of edits.
    pub(crate) fn edits(&self, inputs: &Inputs<'_>) -> Edits {
        match self {
            _ if inputs.has_edits() => Edits::Told,
            Self::Picture(opened) if opened.is_told() => Edits::Untold,
            Self::Picture(_) => Edits::Unknown,
            Self::Array(opened) => match &opened.phase {
                Some(phase) => Edits::OfMagnitudes { phase_was_turned: phase.was_turned() },
                None => Edits::OfCoefficients,
            },
        }
    }

    /// What is known of how it was made.
    pub(crate) fn recipe(&self) -> &Recipe {
        match self {
            Self::Picture(opened) => &opened.recipe,
            Self::Array(opened) => &opened.recipe,
        }
    }

    /// Magnitudes and phase as coefficients, with every step's line in the report.
    pub(crate) fn coefficients(
        &self,
        inputs: &Inputs<'_>,
        resolved: &Resolved,
        report: &mut Report,
    ) -> Result<Data, Error> {
        match self {
            Self::Array(opened) => Ok(opened.data(report)),
            Self::Picture(opened) => picture_data(opened, inputs, resolved, report),
        }
    }

    /// The same of an array, whatever transform it is of; `None` of a picture.
    pub(crate) fn array_coefficients(&self, report: &mut Report) -> Option<Data> {
        match self {
            Self::Array(opened) => Some(opened.data(report)),
            Self::Picture(_) => None,
        }
    }

    /// Where the phase comes from, in the report; `method` finds it where there is none.
    pub(crate) fn report_phase(&self, method: PhaseMethod, report: &mut Report) {
        match self.phase() {
            Some(phase) => phase.report(report),
            None if self.has_own_phase() => {}
            None => self.report_no_phase(method, report),
        }
    }

    fn report_no_phase(&self, method: PhaseMethod, report: &mut Report) {
        let evidence = "none was given; with the one that was kept (`phase`) the sound would be better";
        let method = format!("found from the magnitudes ({method})");
        report.findings.push(Entry::new("phase", "source", &Finding::assumed(method, 0.5, evidence)));
        if let Some(name) = &self.recipe().picture.phase {
            report.warnings.push(format!(
                "WARNING: the picture's recipe names its phase, {name:?}, which is not beside it: put it there, or give it with `phase`"
            ));
        }
    }

    pub(crate) fn overlay(&self) -> Option<Raster> {
        match self {
            Self::Picture(opened) => Some(overlay(&opened.raster, &opened.picture)),
            Self::Array(_) => None,
        }
    }
}

fn picture_data(
    opened: &OpenedPicture,
    inputs: &Inputs<'_>,
    resolved: &Resolved,
    report: &mut Report,
) -> Result<Data, Error> {
    opened.describe(report);
    let picture = &opened.picture;
    let Some(phase) = &opened.phase else {
        let scale = picture.scale.clone();
        let scale = opened.recipe.picture.levels.map_or(scale, |levels| Finding::given(levels, ""));
        report.findings.push(Entry::new("picture", "levels", &scale));
        if opened.before.is_some() {
            report.notes.push("no phase was kept that edited cells could lose; the original tells the rest".to_owned());
        }
        let levels = Levels { picture, scale: scale.value, reference: opened.recipe.picture.reference };
        let (bins, frames) = whole_shape(picture);
        let phasors = Plane::filled(bins, frames, Complex::new(1.0, 0.0));
        return Ok(from_levels(&levels, &phasors, Some(&picture.levels.map(|_| true))));
    };
    let phasors = &phase.array.phasors;
    let scale = level_scale(&opened.recipe, resolved, picture, phasors, inputs.stop)?;
    report.findings.push(Entry::new("picture", "levels", &scale));
    let levels = Levels { picture, scale: scale.value, reference: opened.recipe.picture.reference };
    let edited = edited_cells(inputs, opened)?;
    if let Some(edited) = &edited {
        let changed = edited.value.as_slice().iter().filter(|&&changed| changed).count();
        let text = format!("{changed} of {} cells lose their phase", edited.value.as_slice().len());
        report.findings.push(Entry::new("phase", "edited", &edited.clone().map(|_| text)));
    }
    // Nothing was edited: the whole phase counts.
    let edited = edited.map(|edited| edited.value).filter(|edited| edited.as_slice().contains(&true));
    Ok(from_levels(&levels, phasors, edited.as_ref()))
}
