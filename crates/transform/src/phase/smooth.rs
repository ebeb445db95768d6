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
    fn small_planes_and_exact_values_stay() {
        for shape in [(0, 0), (1, 1), (1, 9), (9, 1), (2, 2)] {
            let plane = Plane::from_fn(shape.0, shape.1, |k, t| (k * 7 + t * t) as f64);
            assert_eq!(smoothed(plane.clone(), &plane, &plane), plane);
        }
    }
}
