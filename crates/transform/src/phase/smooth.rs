//! Log-magnitudes without a quantiser's steps.

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
            for column in 0..columns {
                let (mut sum, mut weight) = (0.0, 0.0);
                if let Some(wanted) = from_neighbours(row, rows, |at| values[(at, column)]) {
                    (sum, weight) = (sum + wanted, weight + 1.0);
                }
                if let Some(wanted) = from_neighbours(column, columns, |at| values[(row, at)]) {
                    (sum, weight) = (sum + wanted, weight + 1.0);
                }
                if weight > 0.0 {
                    let cell = (row, column);
                    values[cell] = (sum / weight).max(low[cell]).min(high[cell]);
                }
            }
        }
    }
    values
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
