//! Integrated phase turned to where known phase says.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::magnitudes::KnownPhase;
use crate::analysis::Cells;

/// Sweeps of relaxation, each in both directions, so that turns travel far in one.
const SWEEPS: usize = 20;

/// Turns integrated phasors, smoothly, towards the known ones, and puts those in.
///
/// Integration from scattered known cells would leave a seam where the parts that grew from two of
/// them meet. A partial whose phase is off by the same angle everywhere has the right magnitudes
/// and one with seams has not, so what is known turns its surroundings instead. The turn `u` of
/// each cell is the one that minimises
///
/// ```text
/// sum over known cells of m^2 |u - known/integrated|^2 + sum over neighbours of m m' |u - u'|^2
/// ```
///
/// with the magnitudes `m`, by Gauss-Seidel relaxation. Parts that nothing known reaches stay.
pub(super) fn anchored_to_known(integrated: &Cells, values: &Plane<f64>, known: KnownPhase<'_>) -> Cells {
    let (rows, frames) = integrated.shape();
    let target = |k: usize, t: usize| known.kept(k * frames + t).map(|phasor| phasor * integrated[(k, t)].conj());
    let mut turns = Plane::from_fn(rows, frames, |k, t| target(k, t).unwrap_or_default());
    for sweep in 0..2 * SWEEPS {
        for step in 0..rows * frames {
            let cell = if sweep % 2 == 0 { step } else { rows * frames - 1 - step };
            let (k, t) = (cell / frames, cell % frames);
            let m = values[(k, t)];
            let mut sum = target(k, t).map_or(Complex::default(), |target| target * m);
            let mut weight = if sum.norm_sqr() > 0.0 { m } else { 0.0 };
            let mut meet = |k: usize, t: usize| {
                let other = values[(k, t)];
                sum += turns[(k, t)] * other;
                weight += other;
            };
            if k > 0 {
                meet(k - 1, t);
            }
            if k + 1 < rows {
                meet(k + 1, t);
            }
            if t > 0 {
                meet(k, t - 1);
            }
            if t + 1 < frames {
                meet(k, t + 1);
            }
            if weight > 0.0 {
                turns[(k, t)] = sum / weight;
            }
        }
    }
    Plane::from_fn(rows, frames, |k, t| {
        let turn = turns[(k, t)];
        let modulus = turn.norm();
        let turned = if modulus > 0.0 { integrated[(k, t)] * (turn / modulus) } else { integrated[(k, t)] };
        known.kept(k * frames + t).unwrap_or(turned)
    })
}
