//! A figure of magnitudes that has been read by its axes.

use photophone_picture::{Grid, PanelReading, Raster, Reading, ShownLevels, Statement, StatementSource};
use photophone_spectrum::{Finding, LevelScale, Plane, Source, Sureness};
use photophone_transform::StftParams;
use photophone_transform::invert::Data;

use super::kind::HALF;
use super::magnitudes::{LevelCells, from_shown};
use super::panel_rate::{LIBROSA_HOP, LIBROSA_RATE_HZ};
use super::panel_settings::{PanelSettings, finding};
use super::stft_scale::{around_loudest, nearer};
use super::{Inputs, panels};
use crate::Error;
use crate::recipe::{Entry, Recipe, TransformKind};
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

impl OpenedPanel {
    /// Opens the first panel of a reading as magnitudes of a kind.
    ///
    /// # Errors
    /// A palette that is not known, rows that cannot be counted, or lines of pixels that nothing places.
    pub(super) fn open(
        raster: Raster,
        reading: Reading,
        kind: TransformKind,
        inputs: &Inputs<'_>,
    ) -> Result<Self, Error> {
        let Some(panel) = reading.panels.first() else {
            let (found, expected) = ("a figure without a box of data", "one with a box");
            return Err(Error::content(inputs.input.name(), found, expected, "give `crop`"));
        };
        let settings = PanelSettings::of(panel, kind, inputs.recipe);
        let transform = &settings.recipe.transform;
        let rate = transform.sr.unwrap_or(LIBROSA_RATE_HZ);
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
        let hop_s = transform.hop.unwrap_or(LIBROSA_HOP as usize) as f64 / rate;
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
pub(super) fn bins_hz(recipe: &Recipe, kind: TransformKind, rows: usize, rate: f64) -> Vec<f64> {
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
