//! Colours back to places on a palette.

use std::collections::HashMap;

use super::table::Table;

/// How much a colour difference weighs: chroma is what JPEG coarsens and what it subsamples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metric {
    /// Red, green and blue alike.
    Rgb,
    /// Luma counts four times as much as either chroma.
    LumaFirst,
}

/// A place on the palette: entries are numbered from 0, fractions lie between entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Lowest entry the colour may stand for.
    pub(crate) low: f64,
    /// Highest entry.
    pub(crate) high: f64,
    /// Most likely place.
    pub(crate) entry: f64,
    /// Distance from the palette, in steps of an 8-bit channel; 0 when the colour is the palette's own.
    pub(crate) distance: f64,
}

/// Finds colours on a palette: a palette's own colours exactly, others by the nearest point of the line through them.
pub(crate) struct Inverse {
    exact: HashMap<[u8; 3], (usize, usize)>,
    corners: Vec<[f32; 3]>,
    metric: Metric,
}

impl Inverse {
    pub(crate) fn new(table: &Table, metric: Metric) -> Self {
        let mut exact = HashMap::with_capacity(table.colours.len());
        for (i, &colour) in table.colours.iter().enumerate() {
            exact.entry(colour).and_modify(|ends: &mut (usize, usize)| ends.1 = i).or_insert((i, i));
        }
        let corners = table.colours.iter().map(|c| metric.turned(c.map(f32::from))).collect();
        Self { exact, corners, metric }
    }

    /// First and last entry of exactly this colour.
    pub(crate) fn entries_of(&self, colour: [u8; 3]) -> Option<(usize, usize)> {
        self.exact.get(&colour).copied()
    }

    /// Where a colour lies on the palette.
    pub(crate) fn place(&self, colour: [u8; 3]) -> Place {
        match self.entries_of(colour) {
            Some((low, high)) => {
                let (low, high) = (low as f64, high as f64);
                Place { low, high, entry: f64::midpoint(low, high), distance: 0.0 }
            }
            None => self.project(colour.map(f32::from)),
        }
    }

    /// The nearest point of the line through the palette's colours. Cost: one pass over the palette.
    pub(crate) fn project(&self, colour: [f32; 3]) -> Place {
        let point = self.metric.turned(colour);
        // Entries lie close together, so the nearest point of the line is beside the nearest entry.
        let mut nearest = (f32::INFINITY, 0);
        for (i, corner) in self.corners.iter().enumerate() {
            let away = [point[0] - corner[0], point[1] - corner[1], point[2] - corner[2]];
            let squared = dot(away, away);
            if squared < nearest.0 {
                nearest = (squared, i);
            }
        }
        let mut best = (nearest.0, nearest.1 as f32);
        let first = nearest.1.saturating_sub(1);
        let beside = &self.corners[first..(nearest.1 + 2).min(self.corners.len())];
        for (i, ends) in beside.windows(2).enumerate() {
            let (squared, t) = nearest_on_segment(point, ends[0], ends[1]);
            if squared < best.0 {
                best = (squared, (first + i) as f32 + t);
            }
        }
        let entry = f64::from(best.1);
        Place { low: entry, high: entry, entry, distance: f64::from(best.0.sqrt()) }
    }
}

/// Squared distance to a segment and where on it (0 to 1) the nearest point lies.
fn nearest_on_segment(point: [f32; 3], from: [f32; 3], to: [f32; 3]) -> (f32, f32) {
    let along = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    let away = [point[0] - from[0], point[1] - from[1], point[2] - from[2]];
    let length = dot(along, along);
    let t = if length > 0.0 { (dot(away, along) / length).clamp(0.0, 1.0) } else { 0.5 };
    let rest = [away[0] - t * along[0], away[1] - t * along[1], away[2] - t * along[2]];
    (dot(rest, rest), t)
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

impl Metric {
    /// The colour in coordinates whose plain distance is the metric's.
    pub(crate) fn turned(self, [r, g, b]: [f32; 3]) -> [f32; 3] {
        match self {
            Self::Rgb => [r, g, b],
            // JFIF's Y, Cb, Cr (ITU-T T.871), scaled so that a gray step counts as in RGB.
            Self::LumaFirst => {
                let luma = 0.299 * r + 0.587 * g + 0.114 * b;
                let scale = 3f32.sqrt();
                [scale * luma, scale * 0.564 * (b - luma) / 4.0, scale * 0.713 * (r - luma) / 4.0]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{Rounding, table};
    use super::*;

    #[test]
    fn own_colours_are_found_exactly() {
        let table = table("viridis", false, Rounding::Mesh).unwrap();
        let inverse = Inverse::new(&table, Metric::Rgb);
        for (i, &colour) in table.colours.iter().enumerate() {
            let place = inverse.place(colour);
            assert!(place.low <= i as f64 && i as f64 <= place.high && place.high - place.low <= 1.0, "{i} {place:?}");
            assert_eq!(place.distance, 0.0);
        }
    }

    #[test]
    fn a_colour_between_two_entries_lands_between_them() {
        let table = table("magma", false, Rounding::Mesh).unwrap();
        for metric in [Metric::Rgb, Metric::LumaFirst] {
            let inverse = Inverse::new(&table, metric);
            let (a, b) = (table.colours[100].map(f32::from), table.colours[101].map(f32::from));
            let place = inverse.project([0, 1, 2].map(|i| 0.75 * a[i] + 0.25 * b[i]));
            assert!((place.entry - 100.25).abs() < 0.01 && place.distance < 0.01, "{place:?}");
        }
    }
}
