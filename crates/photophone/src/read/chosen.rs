//! How a picture is opened: by a figure's axes, or by equal cells, with what is told of either.

use photophone_picture::{
    FigureOptions, Flip, FrequencyEnds, PanelReading, Raster, ReadOptions, Reading, Statement, Verdict,
};
use photophone_spectrum::{FrequencyScale, Source};

use super::kind::HALF;
use super::magnitudes::whole_shape;
use super::panel::{OpenedPanel, bins_hz};
use super::panel_rate::LIBROSA_RATE_HZ;
use super::panel_settings::{PanelSettings, kind_of};
use super::surveyed::{Surveyed, surveyed};
use super::told::told_shape;
use super::{Inputs, OpenedPicture};
use crate::Error;
use crate::files::PictureReadOptions;
use crate::recipe::{Recipe, Stored, TransformKind};

/// A picture that is not of a constant-Q spectrogram.
pub(super) enum Other {
    /// Read by its axes.
    Panel(Box<OpenedPanel>),
    /// Read by its cells, which are equally high and wide.
    Cells(Box<OpenedPicture>, Box<PanelSettings>),
    /// Of a constant-Q transform as far as anything tells, with what axes say of it. Its cells are still to be read.
    ConstantQ(Box<PanelSettings>),
}

/// What a figure says of itself and its pixels; `None` where it is none, or has a recipe.
fn read(inputs: &Inputs<'_>) -> Result<Option<Surveyed>, Error> {
    let path = inputs.input.name();
    let decoded = inputs.input.picture(PictureReadOptions { max_pixels: inputs.max_pixels })?;
    if !matches!(Stored::find(path, &decoded.text, inputs.input.path()), Ok(None)) {
        return Ok(None);
    }
    surveyed(inputs, decoded.into_owned()).map(Some)
}

/// Opens a picture as one of STFT or mel magnitudes, or says what a figure of constant-Q ones tells of them; `None` where there are
/// no axes that could.
///
/// # Errors
/// A picture that cannot be read, or whose cells neither lines of pixels nor axes tell.
pub(super) fn opened(inputs: &Inputs<'_>) -> Result<Option<Other>, Error> {
    let told = inputs.recipe.transform.kind;
    if inputs.has_edits() {
        return Ok(None);
    }
    let has_phase = inputs.phase.is_some() || inputs.recipe.picture.phase.is_some();
    let is_constant_q = told.is_some_and(TransformKind::is_constant_q) || has_phase;
    let Some(Surveyed { raster, figure, reading }) = read(inputs)? else { return Ok(None) };
    let about = |error: Error| error.about(inputs.input.name());
    if let Some(reading) = reading {
        let panel = reading.panels.first();
        let is_none = told.is_none() && reading.spectrogram.value == Some(Verdict::No);
        if let Some(error) = panel.filter(|_| !has_phase).and_then(|panel| damaged(panel, inputs)) {
            return Err(error);
        }
        let kind = panel.and_then(|panel| kind_of(panel, told)).filter(|_| !is_none && !is_constant_q);
        let Some(kind) = kind else { return constant_q(raster, reading, inputs, has_phase).map_err(about) };
        let opened = OpenedPanel::open(raster, reading, kind, inputs).map_err(about)?;
        return Ok(Some(Other::Panel(Box::new(opened))));
    }
    if is_constant_q || (told.is_none() && !inputs.has_axes()) {
        return Ok(None);
    }
    without_axes(raster, &figure, inputs)
}

/// The error of a figure of which nothing can be read because of what was done to it since it was drawn.
fn damaged(panel: &PanelReading, inputs: &Inputs<'_>) -> Option<Error> {
    let is_unread = panel.palette.value.is_none() || (panel.frequency.value.is_none() && panel.time.value.is_none());
    let (found, advice) = panel.damage.value.as_ref().filter(|_| is_unread)?.split_once(": ")?;
    let found = format!("a figure {found} ({})", panel.damage.evidence);
    Some(Error::content(inputs.input.name(), found, "one as it was drawn", advice))
}

/// A figure of constant-Q magnitudes: by its axes where these place its bins and frames. Without a colour bar the levels are
/// left to what sounds have, as long as equal cells can be counted.
fn constant_q(raster: Raster, reading: Reading, inputs: &Inputs<'_>, has_phase: bool) -> Result<Option<Other>, Error> {
    let Some(panel) = reading.panels.first() else { return Ok(None) };
    let is_placed = !panel.row_hz().is_empty() && panel.time.value.is_some() && panel.palette.value.is_some();
    let is_counted = panel.cells.value.is_some() || inputs.reading.cells.is_some();
    let is_calibrated = panel.levels.value.is_some() || inputs.recipe.picture.levels.is_some();
    let is_cqt = panel.transform.value.as_ref().is_some_and(|said| said.kind == "cqt");
    let settings = PanelSettings::of(panel, TransformKind::Cqt, inputs.recipe);
    if is_cqt && is_placed && (is_calibrated || !is_counted) && !has_phase {
        let opened = OpenedPanel::open(raster, reading, TransformKind::Cqt, inputs)?;
        // Equal cells may be surer than a box without a frame line.
        if opened.doubts().is_empty() || !is_counted {
            return Ok(Some(Other::Panel(Box::new(opened))));
        }
    }
    Ok(Some(Other::ConstantQ(Box::new(settings))))
}

/// The error of a picture whose cells cannot be read, with what its axes lack where it is a figure.
pub(super) fn with_untold(error: Error, inputs: &Inputs<'_>) -> Error {
    let Ok(Some(Surveyed { reading: Some(reading), .. })) = read(inputs) else { return error };
    let Some(panel) = reading.panels.first() else { return error };
    match (&error, panel.frequency.evidence.split_once(": ")) {
        (Error::PictureFile { .. }, Some((found, advice))) if panel.frequency.value.is_none() => {
            let (found, expected) =
                (format!("a figure, but {found}"), "its frequencies, or equal cells that can be counted");
            Error::content(inputs.input.name(), found, expected, format!("{advice}; or `cells`"))
        }
        _ => error,
    }
}

/// The same of data without axes, of which something is told.
fn without_axes(raster: Raster, figure: &FigureOptions, inputs: &Inputs<'_>) -> Result<Option<Other>, Error> {
    let told = inputs.recipe.transform.kind;
    let cells = inputs.reading.cells.or_else(|| pixels_as_cells(&raster, inputs));
    // Without axes nothing but a constant-Q transform tells which way is up.
    let upright = ReadOptions { flip: inputs.reading.flip.or(Some(Flip::None)), cells, ..inputs.reading.clone() };
    let recipe = with_kind(inputs.recipe, told.unwrap_or(TransformKind::Stft));
    let seen = Inputs { reading: &upright, recipe: &recipe, finest: false, ..*inputs };
    let opened = OpenedPicture::open(&seen)?;
    let mut reading = Reading::of_picture(&opened.raster, &opened.picture, &opened.picture.scale, figure);
    let Some((panel, kind)) =
        reading.panels.first_mut().and_then(|panel| kind_of(panel, told).map(|kind| (panel, kind)))
    else {
        return Ok(None);
    };
    if has_uneven_rows(panel, kind, &opened, inputs) {
        let opened =
            OpenedPanel::open(raster, reading, kind, inputs).map_err(|error| error.about(inputs.input.name()))?;
        return Ok(Some(Other::Panel(Box::new(opened))));
    }
    let settings = PanelSettings::of(panel, kind, inputs.recipe);
    let cells = panel.cells.value.map(|[rows, frames]| (rows, frames));
    let is_told = inputs.reading.flip.is_some();
    let opened = with_cells(opened, cells, &settings.recipe, &Inputs { finest: inputs.finest, ..seen })?;
    let opened = if is_told { opened } else { opened.assumed_upright() };
    Ok(Some(Other::Cells(Box::new(opened), Box::new(settings))))
}

/// Whether rows lie on an axis that is not linear, where they are not equally high, as the bins of an STFT lie equally far apart;
/// nor are mel bands there, unless rows of pixels show that these are. Says of the panel what follows of its cells.
fn has_uneven_rows(panel: &mut PanelReading, kind: TransformKind, opened: &OpenedPicture, inputs: &Inputs<'_>) -> bool {
    let (rows, frames) = whole_shape(&opened.picture);
    let are_seen_even = opened.picture.lattice.source == Source::Read && panel.cells.value.is_some();
    let may_be_uneven = kind == TransformKind::Mel && !are_seen_even;
    if let Some(ends) = mesh_ends(inputs).filter(|_| may_be_uneven && panel.frequency.value.is_none()) {
        panel.frequency = Statement::given(ends);
        if panel.cells.value.is_none() {
            panel.cells = Statement::assumed([rows, frames], HALF, "equally wide columns");
        }
    }
    let is_linear = panel.frequency.value.is_none_or(|ends| ends.scale == FrequencyScale::Linear);
    if (kind == TransformKind::Stft || may_be_uneven) && !is_linear {
        return true;
    }
    if panel.cells.value.is_none() {
        panel.cells = opened.picture.lattice.clone().map(|_| [rows, frames]).into();
    }
    false
}

/// The picture as one of so many cells and with what else is known of it by now: opened again only where it was read as one of
/// others.
fn with_cells(
    opened: OpenedPicture,
    cells: Option<(usize, usize)>,
    recipe: &Recipe,
    inputs: &Inputs<'_>,
) -> Result<OpenedPicture, Error> {
    let whole = whole_shape(&opened.picture);
    let (rows, frames) = told_shape(recipe);
    let is_as_told = rows.is_none_or(|rows| rows == whole.0) && frames.is_none_or(|frames| frames == whole.1);
    let is_read = cells.is_none_or(|cells| cells == whole);
    if is_read && is_as_told {
        return opened.finished(recipe, inputs);
    }
    let cells = cells.filter(|_| !is_read).or(inputs.reading.cells);
    let reading = ReadOptions { cells, ..inputs.reading.clone() };
    OpenedPicture::open(&Inputs { recipe, reading: &reading, ..*inputs })
}

/// The frequencies at the edges of the mesh around so many mel bands as are told, on the scale that is.
fn mesh_ends(inputs: &Inputs<'_>) -> Option<FrequencyEnds> {
    let (scale, transform) = (inputs.axes.scale?, &inputs.recipe.transform);
    let (bands, rate) = (transform.n_mels?, transform.sr.unwrap_or(LIBROSA_RATE_HZ));
    let bins = bins_hz(inputs.recipe, TransformKind::Mel, bands, rate);
    let ([first, second, ..], [.., before, last]) = (bins.as_slice(), bins.as_slice()) else { return None };
    Some(FrequencyEnds { scale, low_hz: first - 0.5 * (second - first), high_hz: last + 0.5 * (last - before) })
}

/// The pixels of a picture as its cells, where it has a row of pixels for each of the rows that are told.
fn pixels_as_cells(raster: &Raster, inputs: &Inputs<'_>) -> Option<(usize, usize)> {
    let transform = &inputs.recipe.transform;
    let rows = match transform.kind? {
        TransformKind::Stft => transform.n_fft? / 2 + 1,
        _ => transform.n_mels?,
    };
    let is_whole = inputs.reading.crop.is_none() && !inputs.reading.transposed && raster.height() == rows;
    is_whole.then(|| (rows, raster.width()))
}

/// The recipe of a picture of this kind.
fn with_kind(recipe: &Recipe, kind: TransformKind) -> Recipe {
    let mut recipe = recipe.clone();
    recipe.transform.kind = Some(kind);
    recipe
}
