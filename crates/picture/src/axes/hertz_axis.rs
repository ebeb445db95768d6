//! The axis of frequencies: which it is.

use photophone_spectrum::FrequencyScale;

use super::ends::{Ends, of_stft};
use super::figure::ReadSide;
use super::fit::{Axis, fit};
use super::label::Unit;
use super::words::{Quantity, quantity};

/// Lowest upper end of an axis of frequencies, in Hz: a telephone's bandwidth ends at 3400, a bass's notes near 400.
const LOWEST_TOP_HZ: f64 = 300.0;
/// How far beyond its edge an axis may have its 0 Hz and be said to begin there or below, in pixels.
const AT_ZERO_PX: f64 = 2.0;

/// An axis that counts Hz.
#[derive(Clone, Debug)]
pub(crate) struct HertzAxis {
    pub(crate) axis: Axis,
    /// Edges of the box at the low and the high end, in pixels.
    pub(crate) from_px: f64,
    pub(crate) to_px: f64,
    /// What it may end as, if it is an STFT's.
    pub(crate) ends: Vec<Ends>,
    /// Pixel and frequency of its ticks.
    pub(crate) ticks: Vec<(f64, f64)>,
    pub(crate) evidence: String,
}

/// The axis of frequencies of a panel, or why there is none.
pub(crate) fn hertz_axis([_, top, _, bottom]: [f64; 4], is_exact: bool, side: &ReadSide) -> Result<HertzAxis, String> {
    let axis = side.axis.ok_or_else(|| {
        let why = side.untold();
        format!("no axis of frequencies was read ({why}): give `axis` and `fmax`, and `fmin` where the lower edge is not 0 Hz")
    })?;
    let factor =
        hertz(side).ok_or("the axis beside the rows does not say that it counts Hz: give `axis` and `fmax`, and `fmin` where the lower edge is not 0 Hz")?;
    let (from_px, to_px) = if axis.slope < 0.0 { (bottom, top) } else { (top, bottom) };
    let ticks: Vec<(f64, f64)> = side.fitting().map(|(px, value)| (px, value * factor)).collect();
    let fitted = |scale| fit(&ticks, &[scale], axis.tolerance_px).ok_or("the labels contradict each other");
    let axis = match axis.scale {
        // Above its threshold such an axis is a logarithmic one.
        FrequencyScale::Symlog { linthresh, .. } if factor * axis.value(from_px) > 0.9 * linthresh => {
            fitted(FrequencyScale::Log)?
        }
        // Below it, where small numbers stand for thousands, it was a linear one.
        FrequencyScale::Symlog { linthresh, .. } if axis.value(to_px) <= linthresh => fitted(FrequencyScale::Linear)?,
        scale => fitted(scale)?,
    };
    if axis.value(to_px) < LOWEST_TOP_HZ {
        return Err("the axis ends too low for the frequencies of a sound".to_owned());
    }
    let evidence = format!("{} of {} labels lie on a {} axis", axis.fitting, side.labelled.len(), name(axis.scale));
    // An STFT's own logarithmic axis begins at 0 Hz.
    let begins_at_0 = (axis.px(0.0) - from_px) * (from_px - to_px).signum() <= AT_ZERO_PX;
    let is_of_stft = axis.scale == FrequencyScale::Linear || (axis.scale == FrequencyScale::LIBROSA_LOG && begins_at_0);
    let ends = if is_of_stft { of_stft(&axis, &ticks, from_px, to_px, is_exact) } else { Vec::new() };
    Ok(HertzAxis { axis, from_px, to_px, ends, ticks, evidence })
}

fn name(scale: FrequencyScale) -> &'static str {
    match scale {
        FrequencyScale::Linear => "linear",
        FrequencyScale::Log => "logarithmic",
        FrequencyScale::LIBROSA_LOG => "logarithmic (linear below 65 Hz)",
        FrequencyScale::LIBROSA_MEL => "mel (linear below 1 kHz)",
        FrequencyScale::Symlog { .. } => "symmetric logarithmic",
    }
}

/// What an axis multiplies Hz by; `None` where it does not say that it counts them.
fn hertz(side: &ReadSide) -> Option<f64> {
    let is_librosa = matches!(side.axis?.scale, FrequencyScale::LIBROSA_LOG | FrequencyScale::LIBROSA_MEL);
    match (side.unit, quantity(side.title.as_deref())) {
        (Some(Unit::Hz | Unit::Note), _) => Some(1.0),
        (None, Quantity::Frequency(factor)) => Some(factor),
        // Ticks at powers of two on such an axis are librosa's.
        (None, Quantity::Untold | Quantity::Other | Quantity::Notes) if is_librosa => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::label::Label;
    use super::super::labels::LabelledTick;
    use super::super::ticks::Tick;
    use super::*;

    #[test]
    fn thousands_of_hz_are_linear_whatever_scale_is_linear_there() {
        let labelled: Vec<LabelledTick> = (0..6)
            .map(|step| LabelledTick {
                tick: Tick { at: 400.0 - 60.0 * f64::from(step), length_px: 4, width_px: 1 },
                label: Label { value: 2.0 * f64::from(step), unit: None },
                unexplained: 0.0,
            })
            .collect();
        let points: Vec<(f64, f64)> = labelled.iter().map(|tick| (tick.tick.at, tick.label.value)).collect();
        for scale in [FrequencyScale::Linear, FrequencyScale::LIBROSA_LOG, FrequencyScale::LIBROSA_MEL] {
            let axis = fit(&points, &[scale], 0.8);
            let title = Some("Frequency (kHz)".to_owned());
            let side = ReadSide { labelled: labelled.clone(), axis, title, ..ReadSide::default() };
            let found = hertz_axis([0.0, 69.25, 0.0, 400.0], true, &side).unwrap();
            assert_eq!(found.axis.scale, FrequencyScale::Linear);
            assert!((found.axis.value(69.25) - 11025.0).abs() < 1.0);
        }
    }
}
