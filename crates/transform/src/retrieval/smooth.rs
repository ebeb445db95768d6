//! Log-magnitudes without a quantiser's steps.

use std::ops::Range;

use photophone_spectrum::Plane;

/// Passes over the plane. The steps are a cell wide at their narrowest, and what is smoother than
/// some cells has no steps to lose.
const PASSES: usize = 10;

/// Moves each value within its interval to where its second differences are small.
///
/// Projected relaxation of the sum of squared second differences along both axes: a value goes to
/// where its five-point stencil along each axis has no fourth difference, and is put back into its
/// interval. Cost: ten passes.
pub(super) fn smoothed(mut values: Plane<f64>, low: &Plane<f64>, high: &Plane<f64>) -> Plane<f64> {
    let (rows, columns) = values.shape();
    for _ in 0..PASSES {
        for row in 0..rows {
            let inner = if (2..rows.saturating_sub(2)).contains(&row) { 2..columns.saturating_sub(2) } else { 0..0 };
            for column in (0..inner.start.min(columns)).chain(inner.end.max(inner.start).min(columns)..columns) {
                relax_at_edge(&mut values, (row, column), low, high);
            }
            if !inner.is_empty() {
                relax_inside(values.as_mut_slice(), columns, row * columns, inner, (low.row(row), high.row(row)));
            }
        }
    }
    values
}

/// Relaxes the inner cells of a row that has two rows on each side; `start` is its first cell.
fn relax_inside(values: &mut [f64], columns: usize, start: usize, inner: Range<usize>, (low, high): (&[f64], &[f64])) {
    let (before, rest) = values[start - 2 * columns..start + 3 * columns].split_at_mut(2 * columns);
    let (row, after) = rest.split_at_mut(columns);
    let ((far_below, below), (above, far_above)) = (before.split_at(columns), after.split_at(columns));
    for t in inner {
        let near = row[t - 1] + row[t + 1] + below[t] + above[t];
        let far = row[t - 2] + row[t + 2] + far_below[t] + far_above[t];
        row[t] = ((4.0 * near - far) * (1.0 / 12.0)).max(low[t]).min(high[t]);
    }
}

/// Relaxes a cell that lacks neighbours.
fn relax_at_edge(values: &mut Plane<f64>, cell: (usize, usize), low: &Plane<f64>, high: &Plane<f64>) {
    let ((row, column), (rows, columns)) = (cell, values.shape());
    let along_bins = from_neighbours(row, rows, |at| values[(at, column)]);
    let along_frames = from_neighbours(column, columns, |at| values[(row, at)]);
    let target = match (along_bins, along_frames) {
        (Some(a), Some(b)) => 0.5 * (a + b),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return,
    };
    values[cell] = target.max(low[cell]).min(high[cell]);
}

/// Where a cubic through the two neighbours on each side passes, or a line through one on each.
fn from_neighbours(at: usize, count: usize, value: impl Fn(usize) -> f64) -> Option<f64> {
    if at >= 2 && at + 2 < count {
        Some((4.0 * (value(at - 1) + value(at + 1)) - value(at - 2) - value(at + 2)) / 6.0)
    } else if at >= 1 && at + 1 < count {
        Some(0.5 * (value(at - 1) + value(at + 1)))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_steps_off_a_slope_and_stays_within_them() {
        let truth = |k: usize, t: usize| (0.2 * k as f64).sin() + 0.3 * (0.1 * t as f64).cos();
        let (step, at) = (0.05, |k, t| (truth(k, t) / 0.05).floor() * 0.05);
        let (low, high) = (Plane::from_fn(30, 80, at), Plane::from_fn(30, 80, |k, t| at(k, t) + step));
        let centres = low.map(|low| low + 0.5 * step);
        let smooth = smoothed(centres.clone(), &low, &high);
        let off = |plane: &Plane<f64>| {
            (0..29 * 79)
                .map(|i| (i / 79, i % 79))
                .map(|(k, t)| {
                    let slope = plane[(k, t + 1)] - plane[(k, t)] - (truth(k, t + 1) - truth(k, t));
                    slope * slope
                })
                .sum::<f64>()
        };
        assert!(off(&smooth) < 0.3 * off(&centres), "{} of {}", off(&smooth), off(&centres));
        for ((value, low), high) in smooth.as_slice().iter().zip(low.as_slice()).zip(high.as_slice()) {
            assert!((low..=high).contains(&value));
        }
    }

    #[test]
    fn every_cell_is_relaxed_once_a_pass() {
        // Harmonic growth along both axes is what a stencil keeps: only a cell that was left out,
        // or met twice from stale neighbours, would stay off it.
        let truth = Plane::from_fn(9, 11, |k, t| 0.3 * k as f64 - 0.2 * t as f64);
        let wide = |by: f64| truth.map(|value| value + by);
        let corners = |k: usize, t: usize| (k == 0 || k == 8) && (t == 0 || t == 10);
        let start = Plane::from_fn(9, 11, |k, t| if corners(k, t) { truth[(k, t)] } else { truth[(k, t)] + 0.01 });
        let smooth = smoothed(start.clone(), &wide(-1.0), &wide(1.0));
        for k in 0..9 {
            for t in 0..11 {
                let moved = (smooth[(k, t)] - start[(k, t)]).abs();
                assert!(corners(k, t) || (moved > 1e-9 && moved < 0.02), "{k} {t}: {moved}");
            }
        }
    }

    #[test]
    fn small_planes_and_exact_values_stay() {
        for shape in [(0, 0), (1, 1), (1, 9), (9, 1), (2, 2)] {
            let plane = Plane::from_fn(shape.0, shape.1, |k, t| (k * 7 + t * t) as f64);
            assert_eq!(smoothed(plane.clone(), &plane, &plane), plane);
        }
    }
}
