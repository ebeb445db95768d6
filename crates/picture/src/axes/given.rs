//! What the user says of a figure in place of its axes.

use photophone_spectrum::{FrequencyScale, LevelScale};

use super::fit::Axis;
use super::interpret::HertzAxis;
use super::statement::{FrequencyEnds, LevelEnds, PanelReading, Statement, TimeEnds};

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
        }
        panel
    }
}
