//! The picture or array of a job, brought to one shape with its phase.

use num_complex::Complex;
use photophone_picture::{Raster, overlay};
use photophone_spectrum::{Finding, LevelScale, Plane, Stack};
use photophone_transform::StftParams;
use photophone_transform::retrieval::PhaseMethod;

use super::array::OpenedArray;
use super::chosen::{self, Other};
use super::edited::edited_cells;
use super::magnitudes::{Levels, from_levels, whole_shape};
use super::panel::OpenedPanel;
use super::panel_settings::PanelSettings;
use super::phase::Phase;
use super::scale::level_scale;
use super::stacked::with_silence;
use super::stft_scale::stft_scale;
use super::{Data, Edits, Inputs, OpenedPicture, picture_doubts};
use crate::Error;
use crate::files::ValueKind;
use crate::recipe::{Entry, Recipe, Resolved, TransformKind};
use crate::report::Report;

/// The picture or array of a job, with the phase that belongs to it.
pub(crate) enum Job {
    /// A picture, with what axes say of it; its phase is there.
    Picture(Box<OpenedPicture>, Option<Box<PanelSettings>>),
    /// A picture of STFT or mel magnitudes without axes.
    Cells(Box<OpenedPicture>, Box<PanelSettings>),
    /// A figure of such magnitudes.
    Panel(Box<OpenedPanel>),
    /// Coefficients without a phase file, or magnitudes with one.
    Array(Box<OpenedArray>),
}

impl Job {
    pub(crate) fn open(inputs: &Inputs<'_>) -> Result<Self, Error> {
        inputs.input.check_kind()?;
        if inputs.input.is_array()? {
            return Ok(Self::Array(Box::new(OpenedArray::open(inputs)?)));
        }
        let settings = match chosen::opened(inputs)? {
            Some(Other::Panel(opened)) => return Ok(Self::Panel(opened)),
            Some(Other::Cells(opened, settings)) => return Ok(Self::Cells(opened, settings)),
            Some(Other::ConstantQ(settings)) => Some(settings),
            None => None,
        };
        let recipe = settings.as_ref().map_or(inputs.recipe, |settings| &settings.recipe);
        let informed = Inputs { recipe, ..*inputs };
        let opened = OpenedPicture::open(&informed).map_err(|error| chosen::with_untold(error, inputs))?;
        if let Some(mask) = inputs.mask.filter(|_| opened.phase.is_none()) {
            let (found, expected) = ("a mask for a picture without its phase", "the phase that masked cells lose");
            return Err(Error::content(mask.name(), found, expected, "give it with `phase`, or leave `mask` out"));
        }
        Ok(Self::Picture(Box::new(opened), settings))
    }

    pub(crate) fn phase(&self) -> Option<&Phase> {
        match self {
            Self::Picture(opened, _) => opened.phase.as_ref(),
            Self::Array(opened) => opened.phase.as_ref(),
            Self::Cells(..) | Self::Panel(_) => None,
        }
    }

    /// How the channels lie in what was read.
    pub(crate) fn stack(&self) -> Stack {
        match self {
            Self::Array(opened) => opened.array.stack,
            Self::Picture(opened, _) | Self::Cells(opened, _) => opened.stack,
            Self::Panel(opened) => Stack::one(opened.shape().0),
        }
    }

    /// Bins and frames of each channel's grid.
    pub(crate) fn shape(&self) -> (usize, usize) {
        match (self, self.phase()) {
            (_, Some(phase)) => phase.array.shape(),
            (Self::Array(opened), None) => (opened.array.stack.rows, opened.array.values.columns()),
            (Self::Picture(opened, _) | Self::Cells(opened, _), None) => {
                (opened.stack.rows, whole_shape(&opened.picture).1)
            }
            (Self::Panel(opened), None) => opened.shape(),
        }
    }

    /// The picture, if it is none of an array.
    pub(crate) fn picture(&self) -> Option<&OpenedPicture> {
        match self {
            Self::Picture(opened, _) | Self::Cells(opened, _) => Some(opened),
            Self::Array(_) | Self::Panel(_) => None,
        }
    }

    /// Whether it is an array.
    pub(crate) fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    /// What of the reading of STFT or mel magnitudes is less than half sure.
    pub(crate) fn doubts_of_axes(&self) -> Vec<String> {
        match self {
            Self::Panel(opened) => opened.doubts(),
            Self::Cells(opened, _) => picture_doubts(opened, None),
            Self::Picture(..) | Self::Array(_) => Vec::new(),
        }
    }

    /// Says of each value that the axes tell with what evidence, in place of "given".
    pub(crate) fn attribute_axes(&self, report: &mut Report) {
        let settings = match self {
            Self::Panel(opened) => opened.settings(),
            Self::Cells(_, settings) | Self::Picture(_, Some(settings)) => settings,
            Self::Picture(_, None) | Self::Array(_) => return,
        };
        PanelSettings::attribute(&settings.said, &mut report.findings);
    }

    /// The error of rows that cannot be a constant-Q transform's, with what the axes lack where it is a figure.
    pub(crate) fn with_untold(&self, error: Error, inputs: &Inputs<'_>) -> Error {
        let Self::Picture(_, Some(settings)) = self else { return error };
        let Some((found, advice)) = settings.untold.as_ref().and_then(|untold| untold.split_once(": ")) else {
            return error;
        };
        let (rows, _) = self.shape();
        let found = format!("a figure of {rows} rows, more than a constant-Q transform has by default, and {found}");
        let advice = format!("{advice}; and the `transform`, such as stft:2048:512");
        Error::content(inputs.input.name(), found, "its frequencies", advice)
    }

    /// Why an array's numbers may be no magnitudes.
    pub(crate) fn doubt(&self) -> Option<&str> {
        match self {
            Self::Picture(..) | Self::Cells(..) | Self::Panel(_) => None,
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
            Self::Picture(..) | Self::Cells(..) | Self::Panel(_) => true,
            Self::Array(opened) => opened.magnitudes.as_ref().is_some_and(|magnitudes| magnitudes.range.is_some()),
        }
    }

    /// What is known of edits.
    pub(crate) fn edits(&self, inputs: &Inputs<'_>) -> Edits {
        match self {
            _ if inputs.has_edits() => Edits::Told,
            Self::Picture(opened, _) if opened.is_told() => Edits::Untold,
            Self::Picture(..) | Self::Cells(..) | Self::Panel(_) => Edits::Unknown,
            Self::Array(opened) => match &opened.phase {
                Some(phase) => Edits::OfMagnitudes { phase_was_turned: phase.was_turned() },
                None => Edits::OfCoefficients,
            },
        }
    }

    /// What is known of how it was made.
    pub(crate) fn recipe(&self) -> &Recipe {
        match self {
            Self::Picture(opened, _) | Self::Cells(opened, _) => &opened.recipe,
            Self::Array(opened) => &opened.recipe,
            Self::Panel(opened) => opened.recipe(),
        }
    }

    /// Magnitudes and phase as coefficients, those of several channels one above the other as [`stack`](Self::stack) says, with
    /// every step's line in the report.
    pub(crate) fn coefficients(
        &self,
        inputs: &Inputs<'_>,
        resolved: &Resolved,
        report: &mut Report,
    ) -> Result<Data, Error> {
        match self {
            Self::Array(opened) => Ok(opened.data(report)),
            Self::Picture(opened, _) => picture_data(opened, inputs, resolved, report),
            Self::Cells(opened, _) => Ok(data_without_phase(opened, &scale_of(opened), report)),
            Self::Panel(opened) => opened.data(None, report),
        }
    }

    /// The same of an array, or of a picture of another transform than a constant-Q one, an STFT's being `stft`; `None` of one
    /// that has a phase.
    pub(crate) fn other_coefficients(
        &self,
        stft: Option<&StftParams>,
        report: &mut Report,
    ) -> Result<Option<Data>, Error> {
        Ok(match self {
            Self::Array(opened) => Some(opened.data(report)),
            Self::Cells(opened, settings) => {
                report.warnings.extend(settings.warning.clone());
                let scale = stft.map(|params| stft_scale(opened, params)).transpose()?;
                Some(data_without_phase(opened, &scale.unwrap_or_else(|| scale_of(opened)), report))
            }
            Self::Panel(opened) => Some(opened.data(stft, report)?),
            Self::Picture(..) => None,
        })
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
        let evidence = match self.recipe().transform.kind {
            Some(TransformKind::Mel) => "a mel spectrogram has none",
            _ => "none was given; with the one that was kept (`phase`) the sound would be better",
        };
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
            Self::Picture(opened, _) | Self::Cells(opened, _) => Some(overlay(&opened.raster, &opened.picture)),
            Self::Panel(opened) => Some(opened.overlay()),
            Self::Array(_) => None,
        }
    }
}

/// What levels mean, as was told or read.
fn scale_of(opened: &OpenedPicture) -> Finding<LevelScale> {
    let read = opened.picture.scale.clone();
    opened.recipe.picture.levels.map_or(read, |levels| Finding::given(levels, ""))
}

/// Levels as magnitudes whose phase is not known.
fn data_without_phase(opened: &OpenedPicture, scale: &Finding<LevelScale>, report: &mut Report) -> Data {
    opened.describe(report);
    let picture = &opened.picture;
    report.findings.push(Entry::new("picture", "levels", scale));
    if opened.before.is_some() {
        report.notes.push("no phase was kept that edited cells could lose; the original tells the rest".to_owned());
    }
    let levels = Levels { picture, scale: scale.value, reference: opened.recipe.picture.reference };
    let (bins, frames) = whole_shape(picture);
    let phasors = Plane::filled(bins, frames, Complex::new(1.0, 0.0));
    with_silence(from_levels(&levels, &phasors, Some(&picture.levels.map(|_| true))), picture, opened.stack)
}

fn picture_data(
    opened: &OpenedPicture,
    inputs: &Inputs<'_>,
    resolved: &Resolved,
    report: &mut Report,
) -> Result<Data, Error> {
    let picture = &opened.picture;
    let Some(phase) = &opened.phase else { return Ok(data_without_phase(opened, &scale_of(opened), report)) };
    opened.describe(report);
    let phasors = &phase.array.phasors;
    let scale = level_scale(&opened.recipe, resolved, picture, (phasors, opened.stack), inputs.stop)?;
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
    Ok(with_silence(from_levels(&levels, phasors, edited.as_ref()), picture, opened.stack))
}
