//! The sample rate of a figure, by what its rows and frames say of it.

use photophone_picture::PanelReading;
use photophone_spectrum::{Finding, Sureness};
use photophone_transform::{CqtParams, bins_that_fit};

use super::usual::{HOP_OFF, RATES_HZ, is_near, usual_hop};
use crate::recipe::Recipe;

/// Samples from a frame to the next that librosa has where nothing is said.
pub(super) const LIBROSA_HOP: f64 = 512.0;
/// The sample rate that librosa has where nothing is said.
pub(super) const LIBROSA_RATE_HZ: f64 = RATES_HZ[0];
/// Part that half a sample rate may differ from the top of a matrix by, whose outermost row goes half beyond its middle.
pub(super) const TOP_OFF: f64 = 0.03;
/// The highest sample rate that is taken for a sound's where nothing but the width of a pixel tells it: of what is recorded.
const MOST_USUAL_HZ: f64 = 48_000.0;
/// Chance that a default holds, and that of what a default would explain: the one is half, as nothing speaks for it, and the
/// other between that and what is called likely. Neither is measured, so that both are said to be doubtful.
pub(super) const BY_DEFAULT: f64 = Sureness::Doubtful.least();
pub(super) const BY_RATE: f64 = 0.7;

/// What the rows that are shown say of the sample rate.
pub(super) enum Shown {
    /// The highest frequency, in Hz, where an axis tells one, of rows that may go up to half the rate.
    UpTo(Option<f64>),
    /// Constant-Q bins, which end below half the rate, filters and all: so many, at rates of which these parameters tell the rest.
    Bins(usize, CqtParams),
}

impl Shown {
    /// `constant_q` is the recipe of a constant-Q transform, as far as it is known.
    pub(super) fn of(panel: &PanelReading, constant_q: Option<&Recipe>) -> Self {
        let Some(recipe) = constant_q else {
            return Self::UpTo(panel.row_hz().last().copied().or(panel.frequency.value.map(|ends| ends.high_hz)));
        };
        let (told, base) = (&recipe.transform, CqtParams::default());
        let params = CqtParams {
            fmin_hz: told.fmin.map_or(base.fmin_hz, |fmin| fmin.0),
            bins_per_octave: told.bins_per_octave.unwrap_or(base.bins_per_octave),
            ..base
        };
        let counted = panel.cells.value.map(|[rows, _]| rows);
        Self::Bins(Some(panel.row_hz().len()).filter(|&rows| rows > 0).or(counted).unwrap_or(0), params)
    }

    /// Whether a sound of a sample rate can have such rows.
    fn fit(&self, rate: f64) -> bool {
        match *self {
            Self::UpTo(top) => top.is_none_or(|top| 0.5 * rate >= (1.0 - TOP_OFF) * top),
            Self::Bins(bins, params) => bins <= bins_that_fit(&CqtParams { sr: rate, ..params }),
        }
    }

    /// Whether they end at half of it.
    fn end_at(&self, rate: f64) -> bool {
        matches!(*self, Self::UpTo(Some(top)) if is_near(0.5 * rate, top, TOP_OFF))
    }
}

/// The rate whose half the rows end at and at which the frames are a usual hop apart, or the usual one at which they are `hop`
/// apart, librosa's where that is not known.
pub(super) fn rate_by_frames(panel: &PanelReading, shown: &Shown, hop: Option<usize>) -> Option<Finding<f64>> {
    let (step_s, _) = panel.frame_step_s()?;
    let is_hop = |rate: f64| match hop {
        Some(hop) => is_near(step_s * rate, hop as f64, HOP_OFF),
        None => usual_hop(step_s * rate, rate).is_some(),
    };
    if let Some(rate) = RATES_HZ.into_iter().find(|&rate| shown.end_at(rate) && is_hop(rate)) {
        let evidence = format!("the rows end at half of it, and the frames are {:.0} samples apart", step_s * rate);
        return Some(Finding::assumed(rate, BY_RATE, evidence));
    }
    let hop = hop.map_or(LIBROSA_HOP, |hop| hop as f64);
    let rate = RATES_HZ.into_iter().find(|&rate| shown.fit(rate) && is_near(step_s * rate, hop, HOP_OFF))?;
    let evidence = format!("the frames are {hop:.0} samples apart at that rate, librosa's default");
    Some(Finding::assumed(rate, BY_RATE, evidence))
}

/// Where both axes tell their units, so that speed and pitch hang on no rate: librosa's, or the lowest usual one that holds all
/// that is shown. Constant-Q bins have their pitch without an axis.
pub(super) fn rate_by_top(panel: &PanelReading, shown: &Shown) -> Option<Finding<f64>> {
    if panel.time.value.is_none() || matches!(shown, Shown::UpTo(None)) {
        return None;
    }
    let fitting = |rate: &f64| shown.fit(*rate);
    let is_narrow = |most_s: f64| RATES_HZ.into_iter().filter(fitting).find(|rate| LIBROSA_HOP <= most_s * rate);
    let narrow = narrower_than_s(panel).filter(|_| matches!(shown, Shown::Bins(..)));
    if let Some(rate) = narrow.and_then(is_narrow).filter(|&rate| rate <= MOST_USUAL_HZ) {
        let evidence =
            "frames are narrower than a pixel, as librosa's hop is at that rate; speed and pitch are as the axes say";
        return Some(Finding::assumed(rate, BY_DEFAULT, evidence));
    }
    let mut rates = RATES_HZ;
    rates[1..].sort_by(f64::total_cmp);
    let rate = rates.into_iter().find(fitting)?;
    Some(Finding::assumed(rate, BY_DEFAULT, "nothing tells it; speed and pitch are as the axes say"))
}

/// The longest time between frames of which pixels show too few to be counted, in seconds: a pixel. `None` where they are counted.
pub(super) fn narrower_than_s(panel: &PanelReading) -> Option<f64> {
    let (time, pixels) = (panel.time.value?, panel.inside.width);
    (panel.frame_step_s().is_none() && pixels > 0).then(|| (time.high_s - time.low_s).abs() / pixels as f64)
}
