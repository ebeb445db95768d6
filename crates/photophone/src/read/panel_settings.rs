//! What a figure's axes say of the transform, as a recipe.

use photophone_picture::{GivenAxes, PanelReading, Statement, StatementSource, TransformSaid};
use photophone_spectrum::{Finding, FrequencyScale, Source};
use serde::Serialize;

use super::Inputs;
use super::panel_rate::{
    BY_DEFAULT, BY_RATE, LIBROSA_HOP, LIBROSA_RATE_HZ, Shown, TOP_OFF, narrower_than_s, rate_by_frames, rate_by_top,
};
use super::usual::{HOP_OFF, is_near, roundest_hop, usual_frame};
use crate::recipe::{Entry, Recipe, TransformKind};

/// Samples in a frame that librosa has where nothing is said.
const LIBROSA_N_FFT: usize = 2048;
/// Part that a duration may be off by which somebody has rounded: half a second of two. Shorter ones are told by tenths.
const ROUNDED: f64 = 0.25;

/// Why a picture is taken for one of an STFT.
const LINEAR: &str = "the axis given is linear";

/// A transform as far as a figure tells it.
pub(crate) struct PanelSettings {
    /// What was given, with what the axes say where nothing was.
    pub(super) recipe: Recipe,
    /// What the axes say, with the evidence.
    pub(super) said: Vec<Entry>,
    /// What is odd about it.
    pub(super) warning: Option<String>,
    /// Why no axis tells its frequencies, and what to give, where none does.
    pub(super) untold: Option<String>,
}

/// What the caller says of a figure's axes, with what the recipe and the options say for every picture.
pub(crate) fn given_axes(inputs: &Inputs<'_>) -> GivenAxes {
    let (given, reading, told) = (inputs.axes, inputs.reading, &inputs.recipe.transform);
    let kind = told.kind.and_then(|kind| match kind {
        TransformKind::Stft => Some("stft"),
        TransformKind::Mel => Some("mel"),
        TransformKind::Cqt => Some("cqt"),
        TransformKind::Vqt => None,
    });
    let transform =
        kind.map(|kind| TransformSaid { kind, n_fft: told.n_fft, n_mels: told.n_mels, ..TransformSaid::default() });
    GivenAxes {
        fmin_hz: given.fmin_hz.or(told.fmin.map(|fmin| fmin.0)),
        fmax_hz: given.fmax_hz.or(told.fmax),
        levels: given.levels.or(inputs.recipe.picture.levels),
        palette: given.palette.clone().or(reading.palette.as_ref().map(ToString::to_string)),
        crop: given.crop.or(reading.crop),
        cells: given.cells.or(reading.cells.map(|(rows, frames)| [rows, frames])),
        flip: given.flip.or(reading.flip),
        sample_rate: given.sample_rate.or(told.sr.map(|rate| rate.round() as u32)),
        hop: given.hop.or(told.hop),
        transform: given.transform.clone().or(transform),
        ..given.clone()
    }
}

/// What a statement says, as a finding; `None` where it says nothing.
pub(super) fn finding<T, U>(statement: &Statement<T>, of: impl Fn(&T) -> U) -> Option<Finding<U>> {
    let value = of(statement.value.as_ref()?);
    let evidence = statement.evidence.clone();
    match statement.source {
        StatementSource::Read => Some(Finding::read(value, statement.confidence, evidence)),
        StatementSource::Given => Some(Finding::given(value, evidence)),
        StatementSource::Assumed => Some(Finding::assumed(value, statement.confidence, evidence)),
        StatementSource::Unknown => None,
    }
}

/// The transform whose magnitudes a panel shows, where it is no constant-Q one: the one told, the one read, or an STFT where a
/// linear axis is given.
pub(super) fn kind_of(panel: &PanelReading, told: Option<TransformKind>) -> Option<TransformKind> {
    let is_linear = panel.frequency.value.is_some_and(|ends| ends.scale == FrequencyScale::Linear);
    match (told, panel.transform.value.as_ref().map(|said| said.kind)) {
        (Some(TransformKind::Stft | TransformKind::Mel), _) => told,
        (None, Some("stft")) => Some(TransformKind::Stft),
        (None, Some("mel")) => Some(TransformKind::Mel),
        (None, None) if is_linear && panel.frequency.source == StatementSource::Given => Some(TransformKind::Stft),
        _ => None,
    }
}

impl PanelSettings {
    /// The recipe of a panel that shows a transform of this kind.
    pub(super) fn of(panel: &PanelReading, kind: TransformKind, given: &Recipe) -> Self {
        let mut found = Self { recipe: given.clone(), said: Vec::new(), warning: None, untold: None };
        found.untold = panel.frequency.value.is_none().then(|| panel.frequency.evidence.clone());
        if kind.is_constant_q() {
            found.constant_q(panel);
            return found;
        }
        let transform = &mut found.recipe.transform;
        transform.kind = Some(kind);
        if kind == TransformKind::Stft {
            // Of the axis, which an STFT has none of.
            (transform.fmin, transform.fmax) = (None, None);
        }
        if given.transform.kind.is_none() {
            let read = finding(&panel.transform, |_| kind).unwrap_or_else(|| Finding::assumed(kind, BY_RATE, LINEAR));
            found.say("transform", &read);
        }
        let rate = found.rate(panel);
        if kind == TransformKind::Stft {
            found.frame_seen(panel, rate);
        } else {
            found.bands(panel, rate);
        }
        found.hop(panel, rate, given.transform.n_fft.is_some());
        found.usual_frame();
        found
    }

    fn is_constant_q(&self) -> bool {
        self.recipe.transform.kind.is_none_or(TransformKind::is_constant_q)
    }

    fn say<T: Serialize>(&mut self, name: &'static str, finding: &Finding<T>) {
        self.said.push(Entry::new("recipe", name, finding));
    }

    /// The sample rate: that of the axis of frequencies, or that at which the frames are librosa's hop apart. Where nothing
    /// tells, librosa's.
    fn rate(&mut self, panel: &PanelReading) -> f64 {
        if let Some(told) = self.recipe.transform.sr {
            return told;
        }
        let at_nyquist = || {
            let ends = panel.frequency.value.filter(|_| panel.frequency.source == StatementSource::Given)?;
            let evidence = "the axis given ends at half of it";
            (ends.scale == FrequencyScale::Linear && self.recipe.transform.kind == Some(TransformKind::Stft))
                .then(|| Finding::assumed(2.0 * ends.high_hz, BY_RATE, evidence))
        };
        let read = finding(&panel.sample_rate, |rate| f64::from(*rate));
        let shown = Shown::of(panel, self.is_constant_q().then_some(&self.recipe));
        let by_frames = || rate_by_frames(panel, &shown, self.recipe.transform.hop);
        let by_top = || rate_by_top(panel, &shown);
        let Some(found) = read.or_else(at_nyquist).or_else(by_frames).or_else(by_top) else {
            return LIBROSA_RATE_HZ;
        };
        self.recipe.transform.sr = Some(found.value);
        self.say("sr", &found);
        found.value
    }

    /// The samples of a frame, where the rows or a word tell them.
    fn frame_seen(&mut self, panel: &PanelReading, rate: f64) {
        let said = panel.transform.value.as_ref();
        let by_rows = panel.cells.value.map(|[rows, _]| 2 * rows.saturating_sub(1));
        let found = match (said.and_then(|said| said.n_fft), by_rows) {
            _ if self.recipe.transform.n_fft.is_some() => None,
            (None, None) => frame_by_rows(panel, rate),
            (Some(n_fft), _) => finding(&panel.transform, |_| n_fft),
            (None, Some(n_fft)) => finding(&panel.cells, |_| n_fft),
        };
        if let Some(found) = found {
            self.recipe.transform.n_fft = Some(found.value);
            self.say("n-fft", &found);
        }
    }

    /// The samples of a frame where nothing tells them: those that people use with the hop.
    fn usual_frame(&mut self) {
        if self.recipe.transform.n_fft.is_some() {
            return;
        }
        let (n_fft, evidence) = match self.recipe.transform.hop {
            Some(hop) if hop as f64 != LIBROSA_HOP => {
                (usual_frame(hop), "about four hops, as is usual; no row of pixels tells it")
            }
            _ => (LIBROSA_N_FFT, "librosa's default; no row of pixels tells it"),
        };
        self.recipe.transform.n_fft = Some(n_fft);
        self.say("n-fft", &Finding::assumed(n_fft, BY_DEFAULT, evidence));
    }

    /// The lowest bin and the bins of an octave, where the rows tell them, and how far apart the frames are, where an axis tells
    /// times. What no axis tells stays open, as in a picture without axes.
    fn constant_q(&mut self, panel: &PanelReading) {
        let said = panel.transform.value.as_ref().and_then(|said| said.bins_per_octave);
        if let ([lowest, ..], Some(bins_per_octave)) = (panel.row_hz(), said) {
            let evidence = "the rows lie where constant-Q bins do";
            let read = |of| Finding::read((*lowest, bins_per_octave), of, evidence);
            let (fmin, octave) = (read(panel.frequency.confidence), read(panel.transform.confidence));
            let transform = &mut self.recipe.transform;
            let is_told = (transform.fmin.is_some(), transform.bins_per_octave.is_some());
            transform.fmin = transform.fmin.or(Some(crate::recipe::Pitch(*lowest)));
            transform.bins_per_octave = transform.bins_per_octave.or(Some(bins_per_octave));
            if !is_told.0 {
                self.say("fmin", &fmin.map(|(lowest, _)| lowest));
            }
            if !is_told.1 {
                self.say("bins-per-octave", &octave.map(|(_, bins)| bins));
            }
        }
        if panel.time.value.is_some() {
            let rate = self.rate(panel);
            self.hop(panel, rate, true);
        }
    }

    /// The edges of mel bands: the middles of the outermost rows, which is where librosa draws them.
    fn bands(&mut self, panel: &PanelReading, rate: f64) {
        let evidence = "where the axis has its outermost row";
        let (low, high) = match (panel.row_hz(), panel.frequency.value) {
            ([low, .., high], _) => (*low, *high),
            // Half a row beyond the middle of the outermost one.
            (_, Some(ends)) if !is_near(ends.high_hz, 0.5 * rate, TOP_OFF) => {
                (0.0, ends.high_hz / (1.0 + 0.5 * TOP_OFF))
            }
            _ => return,
        };
        if self.recipe.transform.fmin.is_none() && low > 1.0 {
            let found = Finding::read(low, panel.frequency.confidence, evidence);
            self.recipe.transform.fmin = Some(crate::recipe::Pitch(low));
            self.say("fmin", &found);
        }
        // An axis is read to a pixel: half the rate is meant where it is as near.
        if self.recipe.transform.fmax.is_none() && !is_near(high, 0.5 * rate, 0.01) && high < 0.5 * rate {
            let found = Finding::read(high.round(), panel.frequency.confidence, evidence);
            self.recipe.transform.fmax = Some(found.value);
            self.say("fmax", &found);
        }
    }

    /// Samples from a frame to the next: what the times and the number of frames leave possible, the usual of these.
    fn hop(&mut self, panel: &PanelReading, rate: f64, is_frame_told: bool) {
        if self.recipe.transform.hop.is_some() {
            return;
        }
        if let Some(hop) = panel.transform.value.as_ref().and_then(|said| said.hop) {
            let found = finding(&panel.transform, |_| hop).unwrap_or_else(|| Finding::read(hop, BY_RATE, ""));
            self.recipe.transform.hop = Some(hop);
            return self.say("hop", &found);
        }
        let mut usual = (self.recipe.transform.n_fft.unwrap_or(LIBROSA_N_FFT) / 4).max(1);
        if let Some(most_s) = narrower_than_s(panel).filter(|_| self.is_constant_q()) {
            // Frames that are no wider than pixels, of which constant-Q bins take each: fewer tell too little.
            while usual > 1 && usual as f64 > most_s * rate {
                usual /= 2;
            }
        }
        let default =
            if self.is_constant_q() { "librosa's default" } else { "a quarter of the frame, librosa's default" };
        let Some((step_s, frames)) = panel.frame_step_s() else {
            let evidence = format!("{default}; no column of pixels tells it");
            self.recipe.transform.hop = Some(usual);
            if panel.time.value.is_none() && !is_frame_told {
                self.warning = Some(format!(
                    "WARNING: nothing tells the time from frame to frame: a hop of {usual} samples is assumed, and with another the \
                     sound would be faster or slower: give `duration` or `hop`"
                ));
            }
            return self.say("hop", &Finding::assumed(usual, BY_DEFAULT, evidence));
        };
        let samples = step_s * rate;
        let off = samples / usual as f64 - 1.0;
        let is_given = panel.time.source == StatementSource::Given;
        // A duration that somebody gives is rounded, and the last frame is of less than a hop.
        let reach = if is_given { HOP_OFF + 1.0 / frames as f64 } else { HOP_OFF };
        let said = format!("{frames} frames in {:.3} s", step_s * frames as f64);
        let found = if off.abs() <= reach {
            Finding::read(usual, BY_RATE, format!("{said}; {default}"))
        } else if is_given && off.abs() <= ROUNDED {
            self.warning = Some(format!(
                "WARNING: {said} would be {samples:.0} samples apart, which no transform has by default; {usual} are assumed, \
                 a quarter of the frame, so that the sound lasts {:.2} s: give `hop` if the duration is exact",
                (frames * usual) as f64 / rate
            ));
            Finding::assumed(
                usual,
                BY_DEFAULT,
                "librosa's default, a quarter of the frame; the duration given is near it",
            )
        } else {
            Finding::read(roundest_hop(samples, rate), BY_DEFAULT, said)
        };
        self.recipe.transform.hop = Some(found.value);
        self.say("hop", &found);
    }

    /// The recipe's lines with the evidence of what the axes say in place of "given".
    pub(super) fn attribute(said: &[Entry], findings: &mut [Entry]) {
        for entry in findings.iter_mut().filter(|entry| entry.section == "recipe" && entry.source == Source::Given) {
            if let Some(by_axis) = said.iter().find(|said| said.name == entry.name) {
                let value = std::mem::take(&mut entry.value);
                *entry = Entry { value, ..by_axis.clone() };
            }
        }
    }
}

/// The samples of a frame whose bins lie as far apart as the rows that a zoom shows.
fn frame_by_rows(panel: &PanelReading, rate: f64) -> Option<Finding<usize>> {
    let [first, second, ..] = panel.row_hz() else { return None };
    let n_fft = rate / (second - first);
    let evidence = format!("the rows shown lie {:.3} Hz apart", second - first);
    is_near(n_fft, n_fft.round(), 1e-3)
        .then(|| Finding::read(n_fft.round() as usize, panel.transform.confidence, evidence))
}

#[cfg(test)]
mod tests {
    use photophone_picture::{FigureOptions, FrequencyEnds, Raster, Reading, TimeEnds};

    use super::*;

    /// A panel whose axes go from 0 Hz to `top_hz` and over `frames` frames, `step_s` apart.
    fn panel(scale: FrequencyScale, top_hz: f64, (frames, step_s): (usize, f64)) -> PanelReading {
        let raster = Raster::from_fn(8, 8, |x, _| [x as u8; 4]).unwrap();
        let mut panel = Reading::of_nothing(&raster, "", &FigureOptions::default()).panels.remove(0);
        panel.frequency = Statement::read(FrequencyEnds { scale, low_hz: 0.0, high_hz: top_hz }, 0.8, "");
        panel.time = Statement::read(TimeEnds { low_s: 0.0, high_s: frames as f64 * step_s }, 0.8, "");
        panel.cells = Statement::read([40, frames], 0.8, "");
        panel
    }

    /// Rate, hop and samples of a frame of a mel panel.
    fn mel(top_hz: f64, step_s: f64) -> (Option<f64>, Option<usize>, Option<usize>) {
        let panel = panel(FrequencyScale::LIBROSA_MEL, top_hz, (200, step_s));
        let transform = PanelSettings::of(&panel, TransformKind::Mel, &Recipe::default()).recipe.transform;
        (transform.sr, transform.hop, transform.n_fft)
    }

    #[test]
    fn a_rate_has_the_frequencies_shown_and_frames_a_usual_hop_apart() {
        assert_eq!(mel(11_025.0, 512.0 / 22_050.0), (Some(22_050.0), Some(512), Some(2048)));
        // 512 samples at 44.1 kHz are 256 at the rate whose half the rows end at.
        assert_eq!(mel(11_025.0, 256.0 / 22_050.0), (Some(22_050.0), Some(256), Some(1024)));
        assert_eq!(mel(22_050.0, 256.0 / 44_100.0), (Some(44_100.0), Some(256), Some(1024)));
        // Bands may end below half the rate, where the frames would lie 371.5 samples apart.
        assert_eq!(mel(8_000.0, 512.0 / 22_050.0), (Some(22_050.0), Some(512), Some(2048)));
        // No rate explains 0.0137 s: speed and pitch are as the axes say.
        assert_eq!(mel(22_050.0, 0.0137).0, Some(44_100.0));
    }

    /// Rate and hop of a figure of 84 constant-Q bins whose axes tell pitch and times.
    fn constant_q(step_s: f64) -> (Option<f64>, Option<usize>, Option<f64>) {
        let mut panel = panel(FrequencyScale::Log, 4062.0, (200, step_s));
        panel.cells = Statement::read([84, 200], 0.8, "");
        let transform = PanelSettings::of(&panel, TransformKind::Cqt, &Recipe::default()).recipe.transform;
        assert!(transform.kind.is_none() && transform.n_fft.is_none() && transform.fmax.is_none());
        (transform.sr, transform.hop, transform.fmin.map(|fmin| fmin.0))
    }

    #[test]
    fn the_rate_of_constant_q_bins_is_one_at_which_frames_are_librosas_hop_apart_and_all_bins_fit() {
        for rate in [22_050.0, 44_100.0, 48_000.0, 16_000.0] {
            assert_eq!(constant_q(512.0 / rate), (Some(rate), Some(512), None));
        }
        // The same frames 256 samples apart at 8 kHz would be: 84 bins from C1 do not fit there.
        assert_eq!(constant_q(256.0 / 8_000.0), (Some(16_000.0), Some(512), None));
        assert_eq!(constant_q(160.0 / 16_000.0).1, Some(220));
    }

    #[test]
    fn constant_q_frames_narrower_than_a_pixel_are_at_most_a_pixel_apart() {
        let mut panel = panel(FrequencyScale::Log, 4062.0, (1000, 0.012));
        panel.cells = Statement::unknown("");
        panel.inside.width = 700;
        let told = |panel: &PanelReading| {
            let transform = PanelSettings::of(panel, TransformKind::Cqt, &Recipe::default()).recipe.transform;
            (transform.sr, transform.hop)
        };
        assert_eq!(told(&panel), (Some(44_100.0), Some(512)));
        panel.inside.width = 3000;
        assert_eq!(told(&panel), (Some(22_050.0), Some(64)));
        // Without times nothing is said of rate and hop, as of a picture without axes.
        panel.time = Statement::unknown("");
        assert_eq!(told(&panel), (None, None));
    }

    #[test]
    fn frames_of_an_stft_are_as_far_apart_as_the_axis_says() {
        let mut panel = panel(FrequencyScale::Linear, 4000.0, (119, 160.3 / 8000.0));
        panel.cells = Statement::read([201, 119], 0.8, "");
        let mut given = Recipe::default();
        given.transform.sr = Some(8000.0);
        let transform = PanelSettings::of(&panel, TransformKind::Stft, &given).recipe.transform;
        assert_eq!((transform.hop, transform.n_fft), (Some(160), Some(400)));
    }

    #[test]
    fn where_no_column_tells_the_hop_it_is_a_quarter_of_the_frame_and_said_to_be_assumed() {
        let mut panel = panel(FrequencyScale::Linear, 11_025.0, (100, 0.01));
        panel.cells = Statement::unknown("");
        let mut given = Recipe::default();
        given.transform.n_fft = Some(400);
        let found = PanelSettings::of(&panel, TransformKind::Stft, &given);
        assert_eq!(found.recipe.transform.hop, Some(100));
        let hop = found.said.iter().find(|entry| entry.name == "hop").unwrap();
        assert_eq!(hop.source, Source::Assumed);
        // Where no axis tells times either, the speed is a guess.
        panel.time = Statement::unknown("");
        let found = PanelSettings::of(&panel, TransformKind::Stft, &Recipe::default());
        assert!(found.warning.is_some_and(|text| text.contains("`duration`")));
    }
}
