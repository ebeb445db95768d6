//! What to say of a figure with several boxes of data, of which one is sounded.

use photophone_picture::{PanelReading, Reading, TimeEnds};

/// Part of the frequencies at its edges by which two panels may differ that share an axis: what they are read to.
const ALIKE: f64 = 0.01;

/// Which of the panels of a figure is sounded, and whether others go on where it ends; `None` where there is only one.
pub(super) fn which(reading: &Reading) -> Option<String> {
    let (first, others) = reading.panels.split_first()?;
    if others.is_empty() {
        return None;
    }
    let whole = |panel: &PanelReading| panel.data_box.value.map(|at| at.map(f64::round)).unwrap_or_default();
    let place = |panel: &PanelReading| {
        let [x, y, width, height] = whole(panel);
        format!("{} is {width} x {height} px at ({x}, {y})", panel.number)
    };
    let places: Vec<String> = reading.panels.iter().map(place).collect();
    let mut said = format!(
        "WARNING: the figure has {} boxes of data, of which number {} is sounded: {}; give `panel` for another",
        reading.panels.len(),
        first.number,
        places.join(", ")
    );
    if let Some((own, other)) = others.iter().find_map(|other| broken(first, other)) {
        said = format!(
            "{said}. Its axis of times seems to be broken: it shows {:.3} to {:.3} s, and another {:.3} to {:.3} s",
            own.low_s, own.high_s, other.low_s, other.high_s
        );
    }
    Some(said)
}

/// The times of two panels beside each other with one axis of frequencies, neither of which has a time of the other's.
fn broken(one: &PanelReading, other: &PanelReading) -> Option<(TimeEnds, TimeEnds)> {
    let ([_, top, _, height], [_, y, _, h]) = (one.data_box.value?, other.data_box.value?);
    let (hz, other_hz) = (one.frequency.value?, other.frequency.value?);
    let (times, other_times) = (one.time.value?, other.time.value?);
    let is_beside = (top - y).abs() <= 1.0 && (height - h).abs() <= 1.0;
    let is_alike = hz.scale == other_hz.scale && (hz.high_hz / other_hz.high_hz - 1.0).abs() <= ALIKE;
    let is_apart = times.high_s <= other_times.low_s || other_times.high_s <= times.low_s;
    (is_beside && is_alike && is_apart).then_some((times, other_times))
}

#[cfg(test)]
mod tests {
    use photophone_picture::{FigureOptions, FrequencyEnds, Raster, Statement};
    use photophone_spectrum::FrequencyScale;

    use super::*;

    /// A figure of panels side by side, each 200 px wide, with these times and highest frequencies.
    fn figure(panels: &[(f64, f64, f64)]) -> Reading {
        let raster = Raster::from_fn(8, 8, |x, _| [x as u8; 4]).unwrap();
        let mut reading = Reading::of_nothing(&raster, "", &FigureOptions::default());
        let blank = reading.panels.remove(0);
        let panel = |(number, &(low_s, high_s, high_hz)): (usize, &(f64, f64, f64))| {
            let ends = FrequencyEnds { scale: FrequencyScale::Linear, low_hz: 0.0, high_hz };
            let mut panel = blank.clone();
            panel.data_box = Statement::read([220.0 * number as f64, 30.0, 200.0, 100.0], 0.9, "");
            panel.frequency = Statement::read(ends, 0.9, "");
            panel.time = Statement::read(TimeEnds { low_s, high_s }, 0.9, "");
            panel.number = number;
            panel
        };
        reading.panels = (1..).zip(panels).map(panel).collect();
        reading
    }

    #[test]
    fn several_panels_and_a_broken_axis_are_said() {
        assert_eq!(which(&figure(&[(0.0, 1.0, 8000.0)])), None);
        let two = which(&figure(&[(0.0, 1.0, 8000.0), (0.0, 1.0, 8000.0)])).unwrap();
        assert!(
            two.contains("2 boxes") && two.contains("200 x 100 px at (440, 30)") && !two.contains("broken"),
            "{two}"
        );
        let broken = which(&figure(&[(0.0, 1.0, 8000.0), (2.0, 3.0, 8000.0)])).unwrap();
        assert!(broken.contains("broken") && broken.contains("2.000 to 3.000 s"), "{broken}");
        assert!(!which(&figure(&[(0.0, 1.0, 8000.0), (2.0, 3.0, 4000.0)])).unwrap().contains("broken"));
    }
}
