//! A figure that was rotated by a few degrees, as in a scan or a photograph.

use super::ink::Ink;

/// Farthest angle that is looked for, in degrees, and the least that is said: less is what a line of half a figure's width rises
/// by in two pixels, which boxes are found with.
const FARTHEST: f64 = 15.0;
const LEAST: f64 = 0.3;
/// Steps between angles, in degrees: at first, and around the best.
const STEPS: [f64; 2] = [0.25, 0.02];
/// Ink of a line, and of the page above it.
const LINE: u8 = 96;
const PAGE: u8 = 24;
/// Least part of the picture's width that a box takes, and how many times as long its edge has to be as at no angle.
const LONGEST: f64 = 0.25;
const CLEARLY: f64 = 2.0;
/// Most pixels that are looked at.
const SAMPLE: usize = 20_000;

/// The angle by which a figure is rotated, in degrees counterclockwise: that at which most of what lies right under the page, as a
/// box's upper edge does, is on one line (a projection profile, Postl 1986), and of what lies right of the page, too, as its left
/// edge does. `None` where there are no such lines, or they are level. Cost: some million sums.
pub(crate) fn skew_degrees(ink: &Ink) -> Option<f64> {
    let upper = Edge::of(ink)?;
    let is_tilted = upper.longest >= CLEARLY * upper.level && upper.degrees.abs() >= LEAST;
    if !is_tilted || upper.longest < LONGEST * ink.width as f64 {
        return None;
    }
    // A tone that rises over a white ground has no second edge at a right angle.
    let left = Edge::of(&ink.turned())?;
    // An edge of two rows has its angle to a pixel of its length.
    let off = (1.0 / left.longest.max(1.0)).to_degrees().max(STEPS[0]);
    let is_box = (upper.degrees - left.degrees).abs() <= off && left.longest >= LONGEST * ink.height as f64;
    is_box.then_some(upper.degrees)
}

/// The longest edge under the page.
struct Edge {
    degrees: f64,
    /// Pixels on it, and on the longest one that is level.
    longest: f64,
    level: f64,
}

impl Edge {
    fn of(ink: &Ink) -> Option<Self> {
        let mut under: Vec<(f64, f64)> = Vec::new();
        for y in 1..ink.height {
            let is_edge = |&x: &usize| ink.at(x, y) >= LINE && ink.at(x, y - 1) < PAGE;
            under.extend((0..ink.width).filter(is_edge).map(|x| (x as f64, y as f64)));
        }
        let step = under.len().div_ceil(SAMPLE).max(1);
        let on_line = |degrees: f64| {
            let slope = degrees.to_radians().tan();
            let mut counts = vec![0usize; 2 * (ink.height + ink.width) + 2];
            for (x, y) in under.iter().step_by(step) {
                // A line that rises to the right has its pixels where y + slope x is the same.
                let bin = (y + slope * x + ink.width as f64).round().max(0.0) as usize;
                if let Some(count) = counts.get_mut(bin) {
                    *count += 1;
                }
            }
            // The steps of a line are on either of two.
            step * counts.windows(2).map(|pair| pair[0] + pair[1]).max().unwrap_or(0)
        };
        // Several angles have as many pixels on two rows: the middle of them.
        let best_of = |from: f64, to: f64, by: f64| {
            let angles = (0..=((to - from) / by) as usize).map(|index| from + index as f64 * by);
            let counts: Vec<(usize, f64)> = angles.map(|degrees| (on_line(degrees), degrees)).collect();
            let most = counts.iter().map(|(count, _)| *count).max()?;
            let best: Vec<f64> =
                counts.iter().filter(|(count, _)| *count == most).map(|(_, degrees)| *degrees).collect();
            Some((most, best[best.len() / 2]))
        };
        let (_, about) = best_of(-FARTHEST, FARTHEST, STEPS[0])?;
        let (longest, degrees) = best_of(about - STEPS[0], about + STEPS[0], STEPS[1])?;
        Some(Self { degrees, longest: longest as f64, level: on_line(0.0) as f64 })
    }
}

#[cfg(test)]
mod tests {
    use photophone_spectrum::StopFlag;

    use super::*;
    use crate::raster::Raster;

    /// A dark box with marks around it, rotated counterclockwise.
    fn skewed(degrees: f64) -> Option<f64> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let raster = Raster::from_fn(400, 300, |x, y| {
            let (x, y) = (x as f64 - 200.0, y as f64 - 150.0);
            let (across, down) = (cos * x - sin * y, sin * x + cos * y);
            let is_box = across.abs() < 120.0 && down.abs() < 80.0;
            let is_label = down > 90.0 && down < 98.0 && (across / 6.0).floor() as i64 % 3 == 0 && across.abs() < 110.0;
            if is_box || is_label { [20, 10, 60, 255] } else { [255; 4] }
        });
        skew_degrees(&Ink::of(&raster.unwrap(), &StopFlag::default()).unwrap().unwrap())
    }

    #[test]
    fn a_tone_that_rises_is_no_edge_of_a_box() {
        let raster = Raster::from_fn(400, 300, |x, y| {
            let is_tone = (y as f64 - 200.0 + 0.1 * x as f64).abs() < 4.0 && x > 10 && x < 390;
            if is_tone { [20, 20, 20, 255] } else { [255; 4] }
        });
        let ink = Ink::of(&raster.unwrap(), &StopFlag::default()).unwrap().unwrap();
        assert!(Edge::of(&ink).unwrap().degrees > 4.0);
        assert_eq!(skew_degrees(&ink), None);
    }

    #[test]
    fn the_angle_of_a_box_is_told_and_a_level_one_has_none() {
        for degrees in [-7.0, -1.5, 2.0, 3.0, 12.0] {
            let found = skewed(degrees).unwrap_or(f64::NAN);
            assert!((found - degrees).abs() < 0.25, "{degrees}: {found}");
        }
        assert_eq!(skewed(0.0), None);
    }
}
