//! What is said of a picture, each statement with its source, its confidence and its evidence.

use photophone_spectrum::{Finding, FrequencyScale, Source};
use serde::Serialize;

use crate::pixel_box::PixelBox;

/// Where a statement comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StatementSource {
    /// Read in the picture or its metadata.
    Read,
    /// Said by the user or a recipe.
    Given,
    /// What such pictures mostly are.
    Assumed,
    /// Nothing is known.
    #[default]
    Unknown,
}

/// A statement. Without a value it says that nothing is known, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement<T> {
    /// What is so; `None` where it is not known.
    pub value: Option<T>,
    /// Where it comes from.
    pub source: StatementSource,
    /// Chance that it is right, 0 to 1.
    pub confidence: f64,
    /// Why.
    pub evidence: String,
}

impl<T> Statement<T> {
    /// Read in the picture.
    pub fn read(value: T, confidence: f64, evidence: impl Into<String>) -> Self {
        Self { value: Some(value), source: StatementSource::Read, confidence, evidence: evidence.into() }
    }

    /// What such pictures mostly are.
    pub fn assumed(value: T, confidence: f64, evidence: impl Into<String>) -> Self {
        Self { value: Some(value), source: StatementSource::Assumed, confidence, evidence: evidence.into() }
    }

    /// Said by the user.
    pub fn given(value: T) -> Self {
        let evidence = String::new();
        Self { value: Some(value), source: StatementSource::Given, confidence: 1.0, evidence }
    }

    /// Makes it so much less sure, unless it was given.
    pub(super) fn doubt(&mut self, part: f64) {
        if self.source != StatementSource::Given {
            self.confidence *= part;
        }
    }

    /// Not known, for a reason.
    pub fn unknown(evidence: impl Into<String>) -> Self {
        Self { value: None, source: StatementSource::Unknown, confidence: 0.0, evidence: evidence.into() }
    }
}

impl<T> From<Finding<T>> for Statement<T> {
    fn from(finding: Finding<T>) -> Self {
        let source = match finding.source {
            Source::Read => StatementSource::Read,
            Source::Given => StatementSource::Given,
            Source::Assumed => StatementSource::Assumed,
        };
        Self { value: Some(finding.value), source, confidence: finding.confidence, evidence: finding.evidence }
    }
}

/// Whether a picture can be sounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It shows magnitudes over time and frequency.
    Yes,
    /// It shows something else.
    No,
    /// Nothing tells.
    Unknown,
}

/// The program that drew a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tool {
    /// Its name, and where that comes from.
    #[serde(flatten)]
    pub name: Statement<String>,
    /// Its version, where the picture says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What the two ends of a palette stand for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelEnds {
    /// `db`, or `linear`.
    pub scale: &'static str,
    /// Value at the quiet end.
    pub low: f64,
    /// Value at the loud end.
    pub high: f64,
    /// What 0 dB is, as far as it can be told.
    pub reference: Option<&'static str>,
}

/// The frequencies at the lower and upper edge of the data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FrequencyEnds {
    /// How they are spread between the edges.
    #[serde(flatten)]
    pub scale: FrequencyScale,
    /// Frequency at the lower edge, in Hz.
    pub low_hz: f64,
    /// Frequency at the upper edge, in Hz.
    pub high_hz: f64,
}

/// The times at the left and right edge of the data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TimeEnds {
    /// Time at the left edge, in seconds.
    pub low_s: f64,
    /// Time at the right edge, in seconds.
    pub high_s: f64,
}

/// The transform whose magnitudes are drawn, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TransformSaid {
    /// `stft`, `mel`, `cqt`, or `gabor`, the exact constant-Q transform.
    pub kind: &'static str,
    /// Samples in a window.
    pub n_fft: Option<usize>,
    /// Samples from a frame to the next.
    pub hop: Option<usize>,
    /// Mel bands.
    pub n_mels: Option<usize>,
    /// Constant-Q bins in an octave.
    pub bins_per_octave: Option<usize>,
    /// Lowest frequency of the bank of filters, in Hz.
    pub fmin: Option<f64>,
    /// Highest frequency of the bank of filters, in Hz.
    pub fmax: Option<f64>,
}

/// What was read around a box of data, in pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Marks {
    /// Left, top, right and bottom of the colour bar.
    pub(crate) bar: Option<[f64; 4]>,
    /// Ticks whose labels were read and lie on their axis.
    pub(crate) ticks: Vec<(f64, f64)>,
}

/// One box of data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PanelReading {
    /// Left, top, width and height of the data, in pixels from the top left.
    #[serde(rename = "box")]
    pub data_box: Statement<[f64; 4]>,
    /// Rows (frequencies) and frames of the matrix drawn.
    pub cells: Statement<[usize; 2]>,
    /// Name of the palette, or `learned` from the colour bar.
    pub palette: Statement<String>,
    /// What the ends of the palette stand for.
    pub levels: Statement<LevelEnds>,
    /// Frequencies at the edges.
    pub frequency: Statement<FrequencyEnds>,
    /// Times at the edges.
    pub time: Statement<TimeEnds>,
    /// `upright`, `vertical` where the lowest frequency is on top, `horizontal` where time runs to the left, or `both`.
    pub orientation: Statement<&'static str>,
    /// The transform.
    pub transform: Statement<TransformSaid>,
    /// Sample rate, in Hz.
    pub sample_rate: Statement<u32>,
    /// What was done to the picture since it was drawn.
    pub damage: Statement<String>,
    /// Share of the pixels that the cells, repainted as a mesh, have the colours of.
    pub explained: Statement<f64>,
    /// The whole pixels of data: those that no frame line covers.
    #[serde(skip)]
    pub inside: PixelBox,
    /// Which row of the matrix, counted from the lowest frequency, each row of these pixels shows, from the top; empty where it is not known.
    #[serde(skip)]
    pub bin_of_row: Vec<usize>,
    /// Which frame each column of these pixels shows; empty where it is not known.
    #[serde(skip)]
    pub frame_of_column: Vec<usize>,
    /// Which of the picture's panels it is, counted from 1 in reading order.
    #[serde(skip)]
    pub number: usize,
    /// Mean distance of its colours from the palette given, in steps of an 8-bit channel; `None` where none is given.
    #[serde(skip)]
    pub palette_residual: Option<f64>,
    /// Frequency of each row of the matrix, in Hz, and time of each frame's middle, in seconds; empty where they are not known.
    #[serde(skip)]
    pub(crate) row_hz: Vec<f64>,
    #[serde(skip)]
    pub(crate) frame_s: Vec<f64>,
    /// What was read around the data, for drawing it over the picture.
    #[serde(skip)]
    pub(crate) marks: Marks,
    /// Whether its values are spread evenly over the palette, as angles are.
    #[serde(skip)]
    pub(crate) is_even: bool,
    /// The colours of a palette learned from the colour bar, from its low end on.
    #[serde(skip)]
    pub(crate) learned: Option<Vec<[u8; 3]>>,
}

/// What a statement is worth in a picture whose tool is not known: its boxes and axes may be drawn by other rules.
const OF_UNKNOWN_TOOL: f64 = 0.7;

impl PanelReading {
    /// A panel of which nothing is said.
    pub(crate) fn empty() -> Self {
        Self {
            data_box: Statement::unknown(""),
            cells: Statement::unknown(""),
            palette: Statement::unknown(""),
            levels: Statement::unknown(""),
            frequency: Statement::unknown(""),
            time: Statement::unknown(""),
            orientation: Statement::unknown(""),
            transform: Statement::unknown(""),
            sample_rate: Statement::unknown(""),
            damage: Statement::unknown(""),
            explained: Statement::unknown(""),
            inside: PixelBox { x: 0, y: 0, width: 0, height: 0 },
            bin_of_row: Vec::new(),
            frame_of_column: Vec::new(),
            number: 1,
            palette_residual: None,
            row_hz: Vec::new(),
            frame_s: Vec::new(),
            marks: Marks::default(),
            is_even: false,
            learned: None,
        }
    }

    /// Where the ticks are whose labels were read and lie on their axis: x and y in pixels from the top left.
    pub fn ticks_px(&self) -> &[(f64, f64)] {
        &self.marks.ticks
    }

    /// Left, top, right and bottom of the colour bar, in pixels from the top left, if there is one.
    pub fn colour_bar_px(&self) -> Option<[f64; 4]> {
        self.marks.bar
    }

    /// Whether the first frame is at the right.
    pub(crate) fn is_mirrored(&self) -> bool {
        matches!(self.orientation.value, Some("horizontal" | "both"))
    }

    /// Whether the lowest frequency is on top.
    pub(crate) fn is_overturned(&self) -> bool {
        matches!(self.orientation.value, Some("vertical" | "both"))
    }

    /// The same of a picture by an unknown tool.
    #[must_use]
    pub(crate) fn doubted(mut self) -> Self {
        self.data_box.doubt(OF_UNKNOWN_TOOL);
        self.cells.doubt(OF_UNKNOWN_TOOL);
        self.palette.doubt(OF_UNKNOWN_TOOL);
        self.levels.doubt(OF_UNKNOWN_TOOL);
        self.frequency.doubt(OF_UNKNOWN_TOOL);
        self.time.doubt(OF_UNKNOWN_TOOL);
        self.transform.doubt(OF_UNKNOWN_TOOL);
        self.sample_rate.doubt(OF_UNKNOWN_TOOL);
        self
    }
}

/// All that is said of a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// Whether it can be sounded.
    pub spectrogram: Statement<Verdict>,
    /// What drew it.
    pub tool: Tool,
    /// Its boxes of data, the one that is sounded first.
    pub panels: Vec<PanelReading>,
}
