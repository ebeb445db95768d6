//! A figure of STFT or mel magnitudes that has been read by its axes, and data of such without axes.

use photophone_picture::{
    FigureOptions, Flip, FrequencyEnds, Grid, PanelReading, Raster, ReadOptions, Reading, ShownLevels, Statement,
    StatementSource, Verdict,
};
use photophone_spectrum::{Finding, FrequencyScale, LevelScale, Plane, Source, Sureness};
use photophone_transform::StftParams;
use photophone_transform::invert::Data;

use super::kind::HALF;
use super::magnitudes::{LevelCells, from_shown, whole_shape};
use super::panel_settings::{PanelSettings, finding, kind_of};
use super::stft_scale::{around_loudest, nearer};
use super::surveyed::{Surveyed, surveyed};
use super::told::told_shape;
use super::{Inputs, OpenedPicture, panels};
use crate::Error;
use crate::files::PictureReadOptions;
use crate::recipe::{Entry, Recipe, Stored, TransformKind};
use crate::report::Report;

/// A panel that has been read by its axes.
pub(crate) struct OpenedPanel {
    raster: Raster,
    reading: Reading,
    settings: PanelSettings,
    shown: ShownLevels,
    /// Rows and frames of the transform, those included that have no line of pixels.
    whole: (usize, usize),
    scale: Finding<LevelScale>,
}

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
    let (bands, rate) = (transform.n_mels?, transform.sr.unwrap_or(super::panel_settings::LIBROSA_RATE_HZ));
    let bins = bins_hz(inputs.recipe, TransformKind::Mel, bands, rate);
    let ([first, second, ..], [.., before, last]) = (bins.as_slice(), bins.as_slice()) else { return None };
    Some(FrequencyEnds { scale, low_hz: first - 0.5 * (second - first), high_hz: last + 0.5 * (last - before) })
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

impl OpenedPanel {
    fn open(raster: Raster, reading: Reading, kind: TransformKind, inputs: &Inputs<'_>) -> Result<Self, Error> {
        let Some(panel) = reading.panels.first() else {
            let (found, expected) = ("a figure without a box of data", "one with a box");
            return Err(Error::content(inputs.input.name(), found, expected, "give `crop`"));
        };
        let settings = PanelSettings::of(panel, kind, inputs.recipe);
        let transform = &settings.recipe.transform;
        let rate = transform.sr.unwrap_or(super::panel_settings::LIBROSA_RATE_HZ);
        if panel.palette.value.is_none() {
            let (found, next) =
                ("colours of no known palette, and no colour bar that tells it", "give `palette`, or `crop`");
            return Err(Error::content(inputs.input.name(), found, "a known palette", next));
        }
        let seen = panel.transform.value.as_ref().and_then(|said| said.n_mels).filter(|_| !panel.bin_of_row.is_empty());
        let rows = match kind {
            TransformKind::Stft => transform.n_fft.map(|n_fft| n_fft / 2 + 1),
            TransformKind::Mel => transform.n_mels.or(seen),
            _ => Some(panel.row_hz().len()),
        };
        let Some(rows) = rows else {
            let found = "an axis of mel frequencies, and rows of pixels that do not tell the number of bands";
            let next = "give it: `transform mel:128`; or `transform stft` if an STFT is drawn on that axis";
            return Err(Error::content(inputs.input.name(), found, "bands that can be counted", next));
        };
        let mut panel = panel.clone();
        if seen.is_some_and(|seen| seen != rows) {
            // They are not those that were told.
            panel.bin_of_row.clear();
        }
        let bins_hz =
            if kind.is_constant_q() { panel.row_hz().to_vec() } else { bins_hz(&settings.recipe, kind, rows, rate) };
        let hop_s = transform.hop.unwrap_or(super::panel_settings::LIBROSA_HOP as usize) as f64 / rate;
        let mut shown = panel.shown(&raster, Some(&Grid { bins_hz, hop_s }), inputs.stop)?;
        let first = shown.frames.first().copied().unwrap_or(0);
        shown.frames.iter_mut().for_each(|frame| *frame -= first);
        let whole = (rows, shown.frames.last().map_or(0, |last| last + 1));
        let scale = scale(&panel, &settings.recipe, inputs)?;
        Ok(Self { raster, reading, settings, shown, whole, scale })
    }

    /// What was given, with what the axes say.
    pub(super) fn recipe(&self) -> &Recipe {
        &self.settings.recipe
    }

    /// What the axes say of the transform.
    pub(super) fn settings(&self) -> &PanelSettings {
        &self.settings
    }

    pub(super) fn shape(&self) -> (usize, usize) {
        self.whole
    }

    /// What was read, drawn over the picture.
    pub(super) fn overlay(&self) -> Raster {
        self.reading.overlay(&self.raster)
    }

    /// The magnitudes, and what was read of the figure as lines of the report.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub(super) fn data(&self, stft: Option<&StftParams>, report: &mut Report) -> Result<Data, Error> {
        if let Some(panel) = self.reading.panels.first() {
            describe(&self.reading, panel, report);
            report.warnings.extend(panels::which(&self.reading));
        }
        let scale = stft.map_or_else(|| Ok(self.scale.clone()), |params| self.scale_by_sound(params))?;
        report.findings.push(Entry::new("picture", "levels", &scale));
        report.warnings.extend(self.settings.warning.clone());
        let ShownLevels { bins, frames, .. } = &self.shown;
        let (rows, columns) = self.whole;
        let hidden = [("rows", rows - bins.len(), rows), ("frames", columns - frames.len(), columns)];
        for (what, hidden, of) in hidden.into_iter().filter(|(_, hidden, _)| *hidden > 0) {
            report.notes.push(format!("{hidden} of {of} {what} have no line of pixels: the sound fills them"));
        }
        Ok(self.with_scale(scale.value))
    }

    /// The magnitudes on a scale of levels.
    fn with_scale(&self, scale: LevelScale) -> Data {
        let ShownLevels { levels, low, high, clip, bins, frames } = &self.shown;
        let cells = LevelCells { levels, low, high, clip, scale, reference: None };
        from_shown(&cells, (bins, frames), self.whole)
    }

    /// What the levels mean, by the sound where neither a word nor a colour bar tells. Only rows that are all seen tell it: of
    /// others the frame's length is not known.
    fn scale_by_sound(&self, params: &StftParams) -> Result<Finding<LevelScale>, Error> {
        let guess = self.scale.clone();
        if self.shown.bins.len() < self.whole.0 {
            return Ok(guess);
        }
        let others = match guess.value {
            LevelScale::Linear => &[LevelScale::Power][..],
            _ => &[LevelScale::Linear, LevelScale::Power],
        };
        let columns = around_loudest(&self.shown.levels);
        let frames = (self.shown.frames.get(columns.start), self.shown.frames.get(columns.end.saturating_sub(1)));
        let (Some(&first), Some(&last), Source::Assumed) = (frames.0, frames.1, guess.source) else { return Ok(guess) };
        let values = |scale| {
            let whole = self.with_scale(scale).coefficients;
            Plane::from_fn(whole.rows(), last + 1 - first, |k, t| whole[(k, first + t)].norm())
        };
        nearer(guess, others, params, values)
    }

    /// What of the reading is less than half sure, in words, each with the flag that answers it.
    pub(super) fn doubts(&self) -> Vec<String> {
        let Some(panel) = self.reading.panels.first() else { return Vec::new() };
        let mut doubts = Vec::new();
        let mut doubt = |what: &str, flag: &str, source: StatementSource, confidence: f64| {
            if source == StatementSource::Read && confidence < HALF {
                doubts.push(format!("{what} is {} ({flag})", Sureness::of(confidence)));
            }
        };
        for (what, flag, (source, confidence)) in [
            ("the box of data", "`crop`", said(&panel.data_box)),
            ("the number of cells", "`cells`", said(&panel.cells)),
            ("the palette", "`palette`", said(&panel.palette)),
            ("what its ends stand for", "`levels`", said(&panel.levels)),
            ("the axis of frequencies", "`axis`, `fmin` and `fmax`", said(&panel.frequency)),
            ("the transform", "`transform`", said(&panel.transform)),
        ] {
            doubt(what, flag, source, confidence);
        }
        doubts
    }
}

/// The middles of the bins of an STFT, or of mel bands as librosa draws them, in Hz.
fn bins_hz(recipe: &Recipe, kind: TransformKind, rows: usize, rate: f64) -> Vec<f64> {
    let transform = &recipe.transform;
    if kind == TransformKind::Stft {
        let bin_hz = rate / (2.0 * rows.saturating_sub(1).max(1) as f64);
        return (0..rows).map(|bin| bin as f64 * bin_hz).collect();
    }
    let (fmin, fmax) = (transform.fmin.map_or(0.0, |fmin| fmin.0), transform.fmax.unwrap_or(0.5 * rate));
    transform.mel_scale.unwrap_or_default().frequencies(rows, fmin, fmax)
}

/// Where a statement comes from, and how sure it is.
fn said<T>(statement: &Statement<T>) -> (StatementSource, f64) {
    (statement.source, statement.confidence)
}

/// What the ends of the palette stand for: as is told or read, else librosa's default for decibels.
fn scale(panel: &PanelReading, recipe: &Recipe, inputs: &Inputs<'_>) -> Result<Finding<LevelScale>, Error> {
    if let Some(told) = recipe.picture.levels {
        return Ok(Finding::given(told, ""));
    }
    let Some(ends) = &panel.levels.value else {
        let evidence = format!("{}; librosa's default for decibels under the loudest", panel.levels.evidence);
        return Ok(Finding::assumed(LevelScale::DB_80, HALF, evidence));
    };
    // librosa's mel spectrograms are of powers.
    let is_power = panel.levels.source == StatementSource::Assumed && recipe.transform.kind == Some(TransformKind::Mel);
    let Some(scale) =
        ends.scale().map(|scale| if is_power && scale == LevelScale::Linear { LevelScale::Power } else { scale })
    else {
        let found = format!("{} levels from {} to {}", ends.scale, ends.low, ends.high);
        let expected = "decibels, logarithms, or others from 0";
        return Err(Error::content(inputs.input.name(), found, expected, "give `levels`"));
    };
    Ok(finding(&panel.levels, |_| scale).unwrap_or(Finding::assumed(scale, HALF, "")))
}

/// What was read of a figure, as lines of the report.
fn describe(reading: &Reading, panel: &PanelReading, report: &mut Report) {
    let mut say = |name: &'static str, found: Option<Finding<String>>| {
        report.findings.extend(found.map(|found| Entry::new("picture", name, &found)));
    };
    say("made by", finding(&reading.tool.name, Clone::clone));
    say("box", finding(&panel.data_box, |[x, y, w, h]| format!("{w:.0} x {h:.0} px at ({x:.0}, {y:.0})")));
    say("cells", finding(&panel.cells, |[rows, frames]| format!("{rows} x {frames}")));
    say("palette", finding(&panel.palette, Clone::clone));
    say("frequency", finding(&panel.frequency, |ends| format!("{:.1} to {:.1} Hz", ends.low_hz, ends.high_hz)));
    say("time", finding(&panel.time, |ends| format!("{:.3} to {:.3} s", ends.low_s, ends.high_s)));
}
