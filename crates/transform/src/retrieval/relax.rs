//! Integrated phase, made to agree with all of its gradient.
//!
//! Heap integration meets each cell once, from its loudest neighbour; what the other neighbours
//! say is not heard, and where the parts that grew from two starts meet there is a seam. Both are
//! put right by making the sum over pairs of neighbours of `w cos(phase' - phase - step)` as large as
//! can be, with the steps and weights `w` of [`Couplings`]: first by the sign of each part that grew
//! from a mirrored end, which no magnitude of its own tells, then cell by cell.

use photophone_spectrum::Plane;

use super::heap::Integrated;
use super::magnitudes::KnownPhase;
use super::steps::{Couplings, Steps};
use crate::analysis::{Analysis, Cells};

/// Power of both magnitudes that a pair's word counts by when parts are compared, and when cells are.
///
/// Of parts, whole borders are heard, so each pair has the weight that it has in noise. Cells have four
/// neighbours, and what is wrong with a gradient is worst where it is quiet and near zeros: between
/// 2 and 8 the retrieved sounds of 19 clips of many kinds differ by some tenths of a decibel.
const POWER_OF_PARTS: i32 = 1;
const POWER_OF_CELLS: i32 = 4;

/// Sweeps over the cells, there and back in turn. Four do nearly as much; more carry errors of the
/// gradient further.
const SWEEPS: usize = 10;

/// Sign synchronisation: turns whole parts round where their neighbours then agree better.
pub(super) fn synchronise_signs(plan: &dyn Analysis, found: &mut Integrated, magnitudes: &Plane<f64>) {
    let Some(parts) = found.ends.iter().flatten().max().map(|last| last + 1) else { return };
    let couplings = Couplings::new(plan, &found.steps, magnitudes, POWER_OF_PARTS);
    // What grew from no mirrored end keeps its sign.
    let part = |cell: usize| found.ends[cell].unwrap_or(parts);
    let count = parts + 1;
    let mut agreement = vec![0.0; count * count];
    couplings.for_each(&found.phasors, |from, to, agrees| {
        let (from, to) = (part(from), part(to));
        if from != to {
            agreement[from * count + to] += agrees;
            agreement[to * count + from] += agrees;
        }
    });
    let signs = synchronised_signs(&agreement, count);
    for (phasor, end) in found.phasors.as_mut_slice().iter_mut().zip(&found.ends) {
        *phasor *= signs[end.unwrap_or(parts)];
    }
}

/// The signs `s` that make `sum s s' agreement` large: turns the one that gains most until none does.
fn synchronised_signs(agreement: &[f64], count: usize) -> Vec<f64> {
    let mut signs = vec![1.0; count];
    // With itself, all that each part agrees with the others; the sum grows with every turn, so it ends.
    let mut sums: Vec<f64> = agreement.chunks(count).map(|row| row.iter().sum()).collect();
    while let Some((worst, &sum)) = sums.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)) {
        let scale: f64 = agreement[worst * count..][..count].iter().map(|value| value.abs()).sum();
        if sum >= -1e-9 * scale {
            break;
        }
        signs[worst] = -signs[worst];
        sums[worst] = -sum;
        for other in (0..count).filter(|other| *other != worst) {
            sums[other] += 2.0 * signs[other] * signs[worst] * agreement[worst * count + other];
        }
    }
    signs
}

/// Lets each cell's phase follow its neighbours. Known phase stays, or else that of mirrored ends.
pub(super) fn relax(
    plan: &dyn Analysis,
    phasors: &mut Cells,
    (steps, magnitudes): (&Steps, &Plane<f64>),
    known: Option<KnownPhase<'_>>,
) {
    let couplings = Couplings::new(plan, steps, magnitudes, POWER_OF_CELLS);
    let (rows, frames) = phasors.shape();
    let mirrored = plan.mirror().is_some();
    let stays = |cell: usize| match known {
        Some(known) => known.kept(cell).is_some(),
        None => mirrored && (cell.is_multiple_of(frames) || cell % frames + 1 == frames),
    };
    let open: Vec<bool> = (0..rows * frames).map(|cell| !stays(cell)).collect();
    let phasors = phasors.as_mut_slice();
    for sweep in 0..SWEEPS {
        let mut relax = |k: usize, t: usize| {
            if !open[k * frames + t] {
                return;
            }
            let target = couplings.target_of((k, t), phasors);
            let modulus = target.norm_sqr().sqrt();
            if modulus > f64::MIN_POSITIVE {
                phasors[k * frames + t] = target / modulus;
            }
        };
        if sweep % 2 == 0 {
            (0..rows).for_each(|k| (0..frames).for_each(|t| relax(k, t)));
        } else {
            (0..rows).rev().for_each(|k| (0..frames).rev().for_each(|t| relax(k, t)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use num_complex::Complex;

    use super::*;
    use crate::retrieval::heap::{HeapOptions, integrated};
    use crate::retrieval::magnitudes::Magnitudes;
    use crate::testing::noise;
    use crate::{Cqt, CqtParams, PadMode};

    fn plan() -> Cqt {
        let params =
            CqtParams { bins: 36, fmin_hz: 110.0, hop: 256, pad_mode: PadMode::Reflect, ..CqtParams::default() };
        Cqt::new(&params, 22050).unwrap()
    }

    /// Phases of two partials four bins apart, each with a sign of its own.
    fn two_partials(plan: &Cqt, sign: f64) -> (Cells, Plane<f64>, Integrated) {
        let x: Vec<f64> = (0..plan.samples())
            .map(|i| i as f64 / plan.params().sr)
            .map(|secs| (TAU * 220.0 * secs).cos() + sign * (TAU * 277.2 * secs).cos())
            .collect();
        let coefficients = plan.forward(&x).unwrap();
        let values = coefficients.map(|value| value.norm());
        let found = integrated(plan, &Magnitudes::exact(&values), None, &HeapOptions::default()).unwrap();
        (coefficients, values, found)
    }

    /// How well the first frames' phases go with the true ones, whatever the sign of the whole: 1 at best.
    fn likeness(coefficients: &Cells, found: &Cells) -> f64 {
        let cells = || (0..36).flat_map(|k| (0..8).map(move |t| (k, t)));
        let sum: Complex<f64> = cells().map(|at| coefficients[at] * coefficients[at].norm() * found[at].conj()).sum();
        sum.norm() / cells().map(|at| coefficients[at].norm_sqr()).sum::<f64>()
    }

    #[test]
    fn parts_from_a_mirrored_end_get_one_sign() {
        // The first frame alone tells of neither sign, and one of these two is always wrong at first.
        let plan = plan();
        let mut before = Vec::new();
        for sign in [1.0, -1.0] {
            let (coefficients, values, mut found) = two_partials(&plan, sign);
            before.push(likeness(&coefficients, &found.phasors));
            synchronise_signs(&plan, &mut found, &values);
            let after = likeness(&coefficients, &found.phasors);
            assert!(after > 0.85, "sign {sign}: {after}");
        }
        assert!(before.iter().any(|before| *before < 0.5), "{before:?}");
    }

    #[test]
    fn hidden_signs_are_found() {
        let (count, dice) = (9, noise(90, 3));
        let hidden: Vec<f64> = dice[..count].iter().map(|value| value.signum()).collect();
        let weight = |a: usize, b: usize| dice[9 + a.min(b) * count + a.max(b)].abs();
        let agreement: Vec<f64> = (0..count * count)
            .map(|at| (at / count, at % count))
            .map(|(a, b)| if a == b { 0.0 } else { hidden[a] * hidden[b] * weight(a, b) })
            .collect();
        let signs = synchronised_signs(&agreement, count);
        assert!((0..count).all(|part| signs[part] * hidden[part] == signs[0] * hidden[0]));
    }

    #[test]
    fn relaxing_makes_neighbours_agree_and_moves_nothing_fixed() {
        let plan = plan();
        let (_, values, found) = two_partials(&plan, 1.0);
        let couplings = Couplings::new(&plan, &found.steps, &values, POWER_OF_CELLS);
        let agreement = |phasors: &Cells| {
            let mut sum = 0.0;
            couplings.for_each(phasors, |_, _, agrees| sum += agrees);
            sum
        };
        let mut relaxed = found.phasors.clone();
        relax(&plan, &mut relaxed, (&found.steps, &values), None);
        assert!(agreement(&relaxed) > agreement(&found.phasors));
        let last = plan.shape().1 - 1;
        assert!((0..36).all(|k| [0, last].iter().all(|&t| relaxed[(k, t)] == found.phasors[(k, t)])));

        let trust = Plane::from_fn(36, last + 1, |k, _| f64::from(u8::from(k == 12)));
        let known = KnownPhase { phasors: &found.phasors, trust: &trust };
        let mut kept = found.phasors.clone();
        relax(&plan, &mut kept, (&found.steps, &values), Some(known));
        assert_eq!(kept.row(12), found.phasors.row(12));
    }
}
