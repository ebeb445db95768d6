//! The axis through labelled ticks.

use photophone_spectrum::FrequencyScale;

/// Farthest that a tick is from its place, in pixels: it is drawn to half a pixel, and labels are rounded.
pub(crate) const TOLERANCE_PX: f64 = 0.8;
/// Ticks that make an axis: two lie on a line always.
const FEWEST: usize = 3;

/// An axis: the place of what is at a pixel is `offset + slope * pixel`, on a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    pub(crate) scale: FrequencyScale,
    pub(crate) offset: f64,
    pub(crate) slope: f64,
    /// Ticks that lie on it, and ticks in all.
    pub(crate) fitting: usize,
    pub(crate) of: usize,
    /// How far these lie from it at most, in pixels.
    pub(crate) worst_px: f64,
    /// How far a tick may be from it, in pixels.
    pub(crate) tolerance_px: f64,
}

impl Axis {
    /// The value at a pixel.
    pub(crate) fn value(&self, px: f64) -> f64 {
        self.scale.hz_from_place(self.offset + self.slope * px)
    }

    /// Where a value is drawn.
    pub(crate) fn px(&self, value: f64) -> f64 {
        (self.scale.place_from_hz(value) - self.offset) / self.slope
    }

    /// The axis on a scale with values at two pixels; `None` where the scale has no place for them.
    pub(crate) fn between(scale: FrequencyScale, from: (f64, f64), to: (f64, f64)) -> Option<Self> {
        let nothing =
            Self { scale, offset: 0.0, slope: 0.0, fitting: 0, of: 0, worst_px: 0.0, tolerance_px: TOLERANCE_PX };
        let axis = nothing.through(from, to);
        (axis.offset.is_finite() && axis.slope.is_finite() && axis.slope != 0.0).then_some(axis)
    }

    /// The axis whose ends, at the pixels `from` and `to`, have the values given.
    pub(crate) fn through(&self, (from, low): (f64, f64), (to, high): (f64, f64)) -> Self {
        let place = |value: f64| self.scale.place_from_hz(value);
        let slope = (place(high) - place(low)) / (to - from);
        Self { offset: place(low) - slope * from, slope, ..*self }
    }
}

/// The axis that most ticks, each a pixel and a value, lie on to so many pixels; of axes with as many the one that they lie
/// nearest to. Misread labels are left out. `None` where fewer than three ticks agree, or no more than half.
pub(crate) fn fit(ticks: &[(f64, f64)], scales: &[FrequencyScale], tolerance_px: f64) -> Option<Axis> {
    let fits = scales.iter().filter_map(|&scale| fit_on(ticks, scale, tolerance_px));
    fits.min_by(nearer).filter(is_agreed)
}

fn nearer(a: &Axis, b: &Axis) -> std::cmp::Ordering {
    b.fitting.cmp(&a.fitting).then(a.worst_px.total_cmp(&b.worst_px))
}

fn is_agreed(axis: &Axis) -> bool {
    axis.fitting >= FEWEST && 2 * axis.fitting > axis.of
}

/// The same for labels that are all powers of two, or 0, as librosa's logarithmic and mel axes have them and no others: where
/// scales cannot be told apart by the labels that were read, as above a scale's linear part, the ticks without one (`all`, in
/// pixels) decide, which stand at powers of two, too. `None` where the labels are others.
pub(crate) fn fit_octaves(
    ticks: &[(f64, f64)],
    all: &[f64],
    scales: &[FrequencyScale],
    tolerance_px: f64,
) -> Option<Axis> {
    let is_octave = |value: f64| value == 0.0 || (value >= 1.0 && value.log2().fract() == 0.0);
    let octaves = ticks.iter().filter(|tick| is_octave(tick.1)).count();
    if octaves < FEWEST || 2 * octaves <= ticks.len() {
        return None;
    }
    let is_curved = |scale: &&FrequencyScale| **scale != FrequencyScale::Linear;
    let fits = scales.iter().filter(is_curved).filter_map(|&scale| fit_on(ticks, scale, tolerance_px));
    let fits: Vec<Axis> = fits.filter(is_agreed).collect();
    let most = fits.iter().map(|axis| axis.fitting).max()?;
    let strays = |axis: &Axis| {
        let is_stray = |&&px: &&f64| {
            let value = axis.value(px);
            let octave = if value >= 1.0 { value.log2().round().exp2() } else { 0.0 };
            [0.0, octave].iter().all(|&at| axis.px(at).is_nan() || (axis.px(at) - px).abs() > tolerance_px)
        };
        all.iter().filter(is_stray).count()
    };
    let as_many = fits.into_iter().filter(|axis| axis.fitting == most);
    as_many.min_by(|a, b| strays(a).cmp(&strays(b)).then_with(|| nearer(a, b)))
}

fn fit_on(ticks: &[(f64, f64)], scale: FrequencyScale, tolerance_px: f64) -> Option<Axis> {
    let places: Vec<(f64, f64)> = ticks.iter().map(|&(px, value)| (px, scale.place_from_hz(value))).collect();
    let finite: Vec<(f64, f64)> = places.into_iter().filter(|(_, place)| place.is_finite()).collect();
    let mut best: Option<Vec<(f64, f64)>> = None;
    for (i, a) in finite.iter().enumerate() {
        for b in &finite[i + 1..] {
            let px_a_place = (b.0 - a.0) / (b.1 - a.1);
            if !px_a_place.is_finite() || px_a_place == 0.0 {
                continue;
            }
            let near = |tick: &&(f64, f64)| (a.0 + px_a_place * (tick.1 - a.1) - tick.0).abs() <= tolerance_px;
            let on: Vec<(f64, f64)> = finite.iter().filter(near).copied().collect();
            if best.as_ref().is_none_or(|best| best.len() < on.len()) {
                best = Some(on);
            }
        }
    }
    let on = best?;
    let (middle, spread) = least_squares(&on);
    let (px, place) = middle;
    let slope = 1.0 / spread;
    let worst_px = on.iter().map(|tick| (px + spread * (tick.1 - place) - tick.0).abs()).fold(0.0, f64::max);
    let axis =
        Axis { scale, offset: place - slope * px, slope, fitting: on.len(), of: ticks.len(), worst_px, tolerance_px };
    axis.slope.is_finite().then_some(axis)
}

/// Mean pixel and place, and pixels a place.
fn least_squares(on: &[(f64, f64)]) -> ((f64, f64), f64) {
    let count = on.len() as f64;
    let px = on.iter().map(|tick| tick.0).sum::<f64>() / count;
    let place = on.iter().map(|tick| tick.1).sum::<f64>() / count;
    let along: f64 = on.iter().map(|tick| (tick.0 - px) * (tick.1 - place)).sum();
    let square: f64 = on.iter().map(|tick| (tick.1 - place).powi(2)).sum();
    ((px, place), along / square)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALES: [FrequencyScale; 4] =
        [FrequencyScale::Linear, FrequencyScale::Log, FrequencyScale::LIBROSA_LOG, FrequencyScale::LIBROSA_MEL];

    #[test]
    fn each_scale_is_told_by_its_ticks_and_a_misread_label_is_left_out() {
        for scale in SCALES {
            let values = if scale == FrequencyScale::Linear {
                vec![0.0, 2000.0, 4000.0, 6000.0, 8000.0]
            } else {
                let least = if scale == FrequencyScale::Log { 32.0 } else { 0.0 };
                vec![least, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0]
            };
            let (low, high) = (scale.place_from_hz(30.0), scale.place_from_hz(9000.0));
            let px = |value: f64| (400.0 - 300.0 * (scale.place_from_hz(value) - low) / (high - low)).round();
            let mut ticks: Vec<(f64, f64)> = values.iter().map(|&value| (px(value), value)).collect();
            ticks[2].1 = 777.0;
            let axis = fit(&ticks, &SCALES, TOLERANCE_PX).unwrap();
            assert_eq!((axis.scale, axis.fitting, axis.of), (scale, ticks.len() - 1, ticks.len()));
            assert!((axis.px(9000.0) - 100.0).abs() < 1.0, "{scale:?}: {}", axis.px(9000.0));
        }
    }

    #[test]
    fn ticks_without_a_label_tell_a_mel_axis_whose_upper_labels_were_read_from_a_logarithmic_one() {
        let scales = &SCALES[..];
        let mel = Axis::between(FrequencyScale::LIBROSA_MEL, (400.0, -10.0), (100.0, 24000.0)).unwrap();
        let all: Vec<f64> = [0.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0, 16384.0].map(|hz| mel.px(hz).round()).to_vec();
        let read: Vec<(f64, f64)> = all[2..].iter().map(|&px| (px, mel.value(px).log2().round().exp2())).collect();
        let axis = fit_octaves(&read, &all, scales, TOLERANCE_PX).unwrap();
        assert_eq!(axis.scale, FrequencyScale::LIBROSA_MEL);
        // Nor is a mel axis that ends at 2 kHz a linear one.
        let low: Vec<(f64, f64)> = [0.0, 512.0, 1024.0].map(|hz| (mel.px(hz).round(), hz)).to_vec();
        let px: Vec<f64> = low.iter().map(|tick| tick.0).collect();
        assert_eq!(fit_octaves(&low, &px, scales, TOLERANCE_PX).unwrap().scale, FrequencyScale::LIBROSA_MEL);
        assert_eq!(fit_octaves(&[(10.0, 0.0), (20.0, 1000.0), (30.0, 2000.0)], &[], scales, TOLERANCE_PX), None);
    }

    #[test]
    fn two_ticks_and_labels_that_contradict_each_other_make_no_axis() {
        assert_eq!(fit(&[(10.0, 0.0), (20.0, 5.0)], &SCALES, TOLERANCE_PX), None);
        assert_eq!(fit(&[(10.0, 0.0), (20.0, 5.0), (30.0, 7.0), (40.0, 31.0)], &SCALES[..1], TOLERANCE_PX), None);
    }
}
