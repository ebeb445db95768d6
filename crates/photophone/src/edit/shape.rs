//! Shapes on the surface: how far from one a place lies.

use super::edits::Shape;
use super::surface::{ROWS_OF_CELL, Surface};

/// A shape with its frequencies as places between rows, and its times as samples.
#[derive(Clone, Debug)]
pub(super) enum Outline {
    /// What lies between these samples and rows, which may be infinitely many.
    Box { samples: (f64, f64), rows: (f64, f64) },
    /// What the corners' outline winds around, each a sample and a row.
    Polygon { corners: Vec<(f64, f64)> },
}

impl Outline {
    pub(super) fn new(shape: &Shape, surface: &Surface) -> Self {
        let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
        match shape {
            Shape::Rectangle { secs, hz } => Self::Box { samples: samples(*secs, surface), rows: rows(*hz, surface) },
            Shape::Band { hz } => Self::Box { samples: everywhere, rows: rows(*hz, surface) },
            Shape::Time { secs } => Self::Box { samples: samples(*secs, surface), rows: everywhere },
            Shape::Lasso { points } => {
                let sr = surface.params().sr;
                let corner = |&(secs, hz): &(f64, f64)| (secs * sr, surface.row_from_hz(hz.clamp(0.0, sr / 2.0)));
                Self::Polygon { corners: points.iter().map(corner).collect() }
            }
        }
    }

    /// It so many samples later. What reaches an end of the sound is moved with it.
    pub(super) fn moved(shape: &Shape, surface: &Surface, later: i64) -> Self {
        let (sr, later) = (surface.params().sr, later as f64);
        match (Self::new(shape, surface), shape) {
            (Self::Box { rows, .. }, Shape::Rectangle { secs, .. } | Shape::Time { secs }) => {
                Self::Box { samples: (secs.0 * sr + later, secs.1 * sr + later), rows }
            }
            (Self::Polygon { corners }, _) => {
                Self::Polygon { corners: corners.into_iter().map(|(sample, row)| (sample + later, row)).collect() }
            }
            (everywhere, _) => everywhere,
        }
    }

    /// The samples and the rows between which it lies.
    pub(super) fn bounds(&self) -> ((f64, f64), (f64, f64)) {
        match self {
            Self::Box { samples, rows } => (*samples, *rows),
            Self::Polygon { corners } => {
                let between = |values: &mut dyn Iterator<Item = f64>| {
                    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                        (low.min(value), high.max(value))
                    })
                };
                (
                    between(&mut corners.iter().map(|corner| corner.0)),
                    between(&mut corners.iter().map(|corner| corner.1)),
                )
            }
        }
    }

    /// It as a row sees it.
    pub(super) fn in_row(&self, row: usize, cell_samples: f64) -> InRow {
        let row = row as f64;
        match self {
            Self::Box { samples, rows } => {
                let beside = (rows.0 - row).max(row - rows.1) / ROWS_OF_CELL as f64;
                InRow { cell_samples, sides: Sides::Box { samples: *samples, beside } }
            }
            Self::Polygon { corners } => {
                let next = corners.iter().cycle().skip(1);
                let pairs: Vec<_> = corners.iter().copied().zip(next.copied()).collect();
                let local = |(sample, at): (f64, f64)| (sample / cell_samples, (at - row) / ROWS_OF_CELL as f64);
                let mut turns: Vec<(f64, i32)> =
                    pairs.iter().filter_map(|&(from, to)| crossing(from, to, row)).collect();
                turns.sort_by(|a, b| a.0.total_cmp(&b.0));
                let lines = pairs.iter().map(|&(from, to)| (local(from), local(to))).collect();
                InRow { cell_samples, sides: Sides::Polygon { turns, lines } }
            }
        }
    }
}

fn samples(secs: (f64, f64), surface: &Surface) -> (f64, f64) {
    let (sr, end) = (surface.params().sr, surface.samples() as f64);
    // What reaches an end of the sound goes on beyond it, where coefficients still hear the sound.
    let first = if secs.0 <= 0.0 { f64::NEG_INFINITY } else { secs.0 * sr };
    let last = if secs.1 * sr >= end { f64::INFINITY } else { secs.1 * sr };
    (first, last)
}

fn rows(hz: (f64, f64), surface: &Surface) -> (f64, f64) {
    let nyquist = surface.params().sr / 2.0;
    let place = |hz: f64| surface.row_from_hz(hz.clamp(0.0, nyquist));
    (place(hz.0), if hz.1 >= nyquist { f64::INFINITY } else { place(hz.1) })
}

/// Where a side crosses a row, and whether upwards (1) or downwards (-1). Its lower end belongs to it.
fn crossing(from: (f64, f64), to: (f64, f64), row: f64) -> Option<(f64, i32)> {
    let turn = match (from.1 <= row, to.1 <= row) {
        (true, false) => 1,
        (false, true) => -1,
        _ => return None,
    };
    Some((from.0 + (row - from.1) / (to.1 - from.1) * (to.0 - from.0), turn))
}

/// A shape as one row sees it.
pub(super) struct InRow {
    cell_samples: f64,
    sides: Sides,
}

enum Sides {
    /// From one sample to another, so many cells beside the row: below 0 around it.
    Box { samples: (f64, f64), beside: f64 },
    /// Where the outline crosses the row, and its sides in cells, from sample 0 and from the row.
    Polygon { turns: Vec<(f64, i32)>, lines: Vec<Line> },
}

/// From one point to another.
type Line = ((f64, f64), (f64, f64));

impl InRow {
    /// How many of the samples from 0 to `end` lie inside.
    pub(super) fn samples_inside(&self, end: f64) -> f64 {
        let between = |(from, to): (f64, f64)| (to.min(end) - from.max(0.0)).max(0.0);
        match &self.sides {
            Sides::Box { samples, beside } => {
                if *beside > 0.0 {
                    0.0
                } else {
                    between(*samples)
                }
            }
            Sides::Polygon { turns, .. } => {
                let mut winding = 0;
                let inside = turns.windows(2).map(|pair| {
                    winding += pair[0].1;
                    if winding == 0 { 0.0 } else { between((pair[0].0, pair[1].0)) }
                });
                inside.sum()
            }
        }
    }

    /// How many cells beside the row the shape lies, below 0 around it, where that is the same at all samples.
    pub(super) fn beside(&self) -> Option<f64> {
        match self.sides {
            Sides::Box { beside, .. } => Some(beside),
            Sides::Polygon { .. } => None,
        }
    }

    /// How many cells before or after the shape a sample lies, whatever the row; 0 or below within. Of an outline, as
    /// [`InRow::cells_outside`].
    pub(super) fn cells_along(&self, sample: f64) -> f64 {
        match &self.sides {
            Sides::Box { samples, .. } => (samples.0 - sample).max(sample - samples.1) / self.cell_samples,
            Sides::Polygon { .. } => self.cells_outside(sample),
        }
    }

    /// How many cells outside of the shape a sample lies: 0 or below inside.
    pub(super) fn cells_outside(&self, sample: f64) -> f64 {
        match &self.sides {
            Sides::Box { beside, .. } => self.cells_along(sample).max(*beside),
            Sides::Polygon { turns, lines } => {
                let winding: i32 = turns.iter().take_while(|turn| turn.0 <= sample).map(|turn| turn.1).sum();
                if winding != 0 {
                    return 0.0;
                }
                let at = (sample / self.cell_samples, 0.0);
                lines.iter().map(|line| squared_distance(at, line)).fold(f64::INFINITY, f64::min).sqrt()
            }
        }
    }
}

/// The squared distance of a point from a line between two others.
fn squared_distance(at: (f64, f64), &(from, to): &Line) -> f64 {
    let (along, off) = ((to.0 - from.0, to.1 - from.1), (at.0 - from.0, at.1 - from.1));
    let length = along.0 * along.0 + along.1 * along.1;
    let share = if length > 0.0 { ((off.0 * along.0 + off.1 * along.1) / length).clamp(0.0, 1.0) } else { 0.0 };
    (off.0 - share * along.0).powi(2) + (off.1 - share * along.1).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::SurfaceOptions;

    fn surface() -> Surface {
        Surface::new(8000.0, 16_000, &SurfaceOptions::default()).unwrap()
    }

    #[test]
    fn rectangles_are_as_far_as_the_farther_side() {
        let surface = surface();
        let shape = Shape::Rectangle { secs: (0.5, 1.0), hz: (surface.hz_from_row(50.0), surface.hz_from_row(60.0)) };
        let outline = Outline::new(&shape, &surface);
        let cell = surface.cell_samples(55);
        let inside = outline.in_row(55, cell);
        assert!(inside.cells_outside(4000.0) <= 0.0 && inside.cells_outside(6000.0) < 0.0);
        assert!((inside.cells_outside(4000.0 - 3.0 * cell) - 3.0).abs() < 1e-9);
        assert!((outline.in_row(64, cell).cells_outside(5000.0) - 2.0).abs() < 1e-6);
        assert!((outline.in_row(64, cell).cells_outside(8000.0 + 5.0 * cell) - 5.0).abs() < 1e-9);
    }

    #[test]
    fn what_reaches_an_end_goes_on_beyond_it() {
        let outline = Outline::new(&Shape::Rectangle { secs: (0.0, 2.0), hz: (-5.0, 4000.0) }, &surface());
        assert_eq!(outline.bounds(), ((f64::NEG_INFINITY, f64::INFINITY), (0.0, f64::INFINITY)));
    }

    /// A star in one stroke: its middle is wound around twice, which an even-odd rule would leave out.
    #[test]
    fn an_outline_that_crosses_itself_holds_what_it_winds_around() {
        let surface = surface();
        let corner = |k: usize| {
            let angle = std::f64::consts::TAU * (2 * k) as f64 / 5.0;
            (1.0 + 0.5 * angle.sin(), surface.hz_from_row(100.0 + 40.0 * angle.cos()))
        };
        let points: Vec<_> = (0..5).map(corner).collect();
        let turned: Vec<_> = points.iter().rev().copied().collect();
        for points in [points, turned] {
            let outline = Outline::new(&Shape::Lasso { points }, &surface);
            let cell = surface.cell_samples(100);
            assert_eq!(outline.in_row(100, cell).cells_outside(8000.0), 0.0);
            // Between two points of the star, outside, and above its upper point, by two rows.
            assert!(outline.in_row(60, cell).cells_outside(8000.0) > 1.0);
            assert!((outline.in_row(142, cell).cells_outside(8000.0) - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn a_polygon_of_a_rectangle_is_that_rectangle() {
        let surface = surface();
        let (secs, hz) = ((0.5, 1.0), (surface.hz_from_row(50.2), surface.hz_from_row(60.3)));
        let rectangle = Outline::new(&Shape::Rectangle { secs, hz }, &surface);
        let points = vec![(secs.0, hz.0), (secs.1, hz.0), (secs.1, hz.1), (secs.0, hz.1)];
        let lasso = Outline::new(&Shape::Lasso { points }, &surface);
        for row in 45..65 {
            let (a, b) = (rectangle.in_row(row, 900.0), lasso.in_row(row, 900.0));
            for sample in (3000..9000).step_by(7) {
                let (a, b) = (a.cells_outside(f64::from(sample)), b.cells_outside(f64::from(sample)));
                // Beside a corner the way to it is longer than the farther of both ways.
                let a = a.max(0.0);
                assert!(a <= b + 1e-9 && b <= a * 2f64.sqrt() + 1e-9, "row {row}, sample {sample}: {a} and {b}");
            }
        }
    }
}
