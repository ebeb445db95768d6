//! What the user says of a figure in place of its axes.

use photophone_spectrum::{FrequencyScale, LevelScale};

use super::fit::Axis;
use super::hertz_axis::HertzAxis;
use super::statement::{FrequencyEnds, LevelEnds, PanelReading, Statement, StatementSource, TimeEnds, TransformSaid};
use crate::options::Flip;
use crate::pixel_box::PixelBox;

/// Chance that the first frame is centred on 0.
const BY_HOP: f64 = 0.65;

/// What is given of a picture's axes. What is `None` is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GivenAxes {
    /// Frequency at the lower edge of the data, in Hz.
    pub fmin_hz: Option<f64>,
    /// Frequency at the upper edge, in Hz.
    pub fmax_hz: Option<f64>,
    /// How frequencies are spread between.
    pub scale: Option<FrequencyScale>,
    /// Time from the left edge to the right one, in seconds.
    pub duration_s: Option<f64>,
    /// What levels mean.
    pub levels: Option<LevelScale>,
    /// Name of the palette.
    pub palette: Option<String>,
    /// Which panel is sounded first, counted from 0 in reading order.
    pub panel: Option<usize>,
    /// The box of data, in pixels: of the panel that it covers most of.
    pub crop: Option<PixelBox>,
    /// Rows and frames of the matrix drawn.
    pub cells: Option<[usize; 2]>,
    /// How the axes run.
    pub flip: Option<Flip>,
    /// Sample rate, in Hz.
    pub sample_rate: Option<u32>,
    /// Samples from a frame to the next.
    pub hop: Option<usize>,
    /// The transform; its hop stands in [`GivenAxes::hop`].
    pub transform: Option<TransformSaid>,
}

impl GivenAxes {
    /// The axis of frequencies of a box from `bottom` to `top`, where its upper end is known; `read` is the one that was read.
    pub(crate) fn hertz(&self, read: Option<&HertzAxis>, bottom: f64, top: f64) -> Option<HertzAxis> {
        if self.fmin_hz.is_none() && self.fmax_hz.is_none() && self.scale.is_none() {
            return None;
        }
        let scale = self.scale.or(read.map(|read| read.axis.scale)).unwrap_or(FrequencyScale::Linear);
        let low = self.fmin_hz.or(read.map(|read| read.axis.value(read.from_px)));
        // A logarithmic axis has no place for 0.
        let low = low.or((scale != FrequencyScale::Log).then_some(0.0))?;
        let high = self.fmax_hz.or(read.map(|read| read.axis.value(read.to_px)))?;
        let axis = Axis::between(scale, (bottom, low), (top, high))?;
        Some(HertzAxis {
            axis,
            from_px: bottom,
            to_px: top,
            ends: Vec::new(),
            ticks: Vec::new(),
            evidence: String::new(),
        })
    }

    /// The reading with what is given in place of what was read.
    pub(crate) fn applied(&self, mut panel: PanelReading, hertz: Option<&HertzAxis>) -> PanelReading {
        if let Some(HertzAxis { axis, from_px, to_px, .. }) = hertz {
            let (low_hz, high_hz) = (axis.value(*from_px), axis.value(*to_px));
            panel.frequency = Statement::given(FrequencyEnds { scale: axis.scale, low_hz, high_hz });
        }
        if let Some(duration) = self.duration_s {
            let low_s = panel.time.value.map_or(0.0, |time| time.low_s);
            panel.time = Statement::given(TimeEnds { low_s, high_s: low_s + duration });
        }
        match self.levels {
            Some(LevelScale::Db { low, high }) => {
                panel.levels = Statement::given(LevelEnds { scale: "db", low, high, reference: None });
            }
            Some(LevelScale::Ln { low, high }) => {
                panel.levels = Statement::given(LevelEnds { scale: "ln", low, high, reference: None });
            }
            Some(LevelScale::Linear) => {
                panel.levels = Statement::given(LevelEnds { scale: "linear", low: 0.0, high: 1.0, reference: None });
            }
            Some(LevelScale::Power) => {
                panel.levels = Statement::given(LevelEnds { scale: "power", low: 0.0, high: 1.0, reference: None });
            }
            None => {}
        }
        if let Some(palette) = &self.palette {
            panel.palette = Statement::given(palette.clone());
            panel.learned = None;
        }
        if let Some(cells) = self.cells {
            panel.cells = Statement::given(cells);
        }
        if let Some(flip) = self.flip {
            panel.orientation = Statement::given(flip.said());
        }
        if let Some(rate) = self.sample_rate {
            panel.sample_rate = Statement::given(rate);
        }
        self.with_transform(panel)
    }

    /// The reading with the transform and the hop that are given, and the times that follow from these where no axis tells.
    fn with_transform(&self, mut panel: PanelReading) -> PanelReading {
        if let Some(transform) = &self.transform {
            let read = panel.transform.value.as_ref().filter(|read| read.kind == transform.kind);
            let (n_fft, hop) = (read.and_then(|read| read.n_fft), read.and_then(|read| read.hop));
            let said = TransformSaid { n_fft: transform.n_fft.or(n_fft), hop, ..transform.clone() };
            panel.transform = Statement::given(said);
        }
        let Some(hop) = self.hop else { return panel };
        if let Some(transform) = &mut panel.transform.value {
            transform.hop = Some(hop);
            if panel.transform.source == StatementSource::Read {
                panel.transform.evidence += ", with the hop given";
            }
        }
        if let (None, Some([_, frames]), Some(rate)) = (panel.time.value, panel.cells.value, panel.sample_rate.value) {
            let hop_s = hop as f64 / f64::from(rate);
            let ends = TimeEnds { low_s: -hop_s / 2.0, high_s: (frames as f64 - 0.5) * hop_s };
            panel.time =
                Statement::assumed(ends, BY_HOP, "the hop given, and a first frame centred on 0, as librosa's");
        }
        panel
    }
}
