//! Open ranges: whether the loudest level is one at which a picture was clipped, by its sound.

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::Analysis;
use crate::inverse::Intervals;

/// How far clipped cells are exceeded, over what they are known to. The rounding of its other cells, which of a steady tone is
/// the same in all frames, lifts a tone by up to a third of that. Clipped by 1 dB it is lifted by 2; half-way between two rows,
/// which agree with each other, clipped by 6 dB by 1.
const BEYOND: f64 = 0.5;

/// The ranges, with the open ones closed if no cell seems to lie beyond them.
///
/// Where many cells share the loudest level, a picture was clipped there, or a sound is as steady as that. `made` is the
/// transform of the least-squares solution for the cells as they are shown. Where the frames determine the sound, the cells
/// around a clipped one pull it above what is shown; those around a steady tone agree with it. So the ranges stay open where `made`
/// exceeds what is shown, summed up, by more than [`BEYOND`] of what it is known to, half a step. Where no such cell is
/// determined they stay open too.
pub(super) fn closed_unless_clipped(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    intervals: Intervals,
    made: &Plane<Complex<f64>>,
) -> Intervals {
    let (rows, frames) = data.shape();
    let channels = plan.channels();
    let is_determined = |row: usize| channels.frame_rate_hz() >= channels.rows[row].band_hz;
    // Of what is open to both sides nothing is shown.
    let is_open = |cell: (usize, usize)| intervals.high[cell].is_infinite() && intervals.low[cell] > 0.0;
    let known_to = |cell: (usize, usize)| data[cell].norm() - intervals.low[cell];
    let (mut beyond, mut width) = (0.0, 0.0);
    for cell in (0..rows).filter(|row| is_determined(*row)).flat_map(|row| (0..frames).map(move |t| (row, t))) {
        let magnitude = data[cell].norm();
        if is_open(cell) && magnitude > 0.0 {
            beyond += ((made[cell] * data[cell].conj()).re / magnitude - magnitude).max(0.0);
            width += known_to(cell);
        }
    }
    if width <= 0.0 || beyond > BEYOND * width {
        return intervals;
    }
    let closed = |row, t| match (row, t) {
        cell if is_open(cell) => data[cell].norm() + known_to(cell).max(0.0),
        cell => intervals.high[cell],
    };
    Intervals { high: Plane::from_fn(rows, frames, closed), low: intervals.low }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::inverse::{LeastSquaresOptions, least_squares};
    use crate::watch::Watch;
    use crate::{Cqt, CqtParams};

    /// Whether the ranges of a tone that is shown up to so many dB below its loudest cell, in steps of 0.3 dB, stay open.
    fn stays_open(hz: f64, clipped_db: f64) -> bool {
        let plan = Cqt::new(&CqtParams::default(), 22_050).unwrap();
        let tone: Vec<f64> = (0..22_050).map(|i| (TAU * hz * f64::from(i) / 22_050.0).sin()).collect();
        let truth = plan.forward(&tone).unwrap();
        let step = 10_f64.powf(0.3 / 20.0);
        let loudest = truth.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
        let ceiling = loudest / 10_f64.powf(clipped_db / 20.0);
        let shown = truth.map(|value| {
            let steps = ((value.norm().max(1e-4 * ceiling) / ceiling).ln() / step.ln()).round().min(0.0);
            Complex::from_polar(ceiling * step.powf(steps), value.arg())
        });
        let low = shown.map(|value| value.norm() / step.sqrt());
        let high =
            shown.map(|value| if value.norm() > 0.999 * ceiling { f64::INFINITY } else { value.norm() * step.sqrt() });
        let found = least_squares(&plan, &shown, &LeastSquaresOptions::default(), &mut Watch::default()).unwrap();
        let made = plan.forward(&found.samples).unwrap();
        let ranges = closed_unless_clipped(&plan, &shown, Intervals { low, high }, &made);
        ranges.high.as_slice().iter().any(|high| high.is_infinite())
    }

    #[test]
    fn a_steady_tone_is_not_clipped() {
        for (hz, least_db) in [(220.0, 1.0), (440.0, 1.0), (452.9, 6.0)] {
            for below_a_step_db in [0.0, 0.05, 0.1, 0.14] {
                assert!(!stays_open(hz, -below_a_step_db), "{hz} Hz, {below_a_step_db} dB below a step");
            }
            assert!(stays_open(hz, least_db) && stays_open(hz, 6.0), "{hz} Hz, clipped");
        }
        // Of what the frames leave open its other cells tell nothing.
        assert!(stays_open(2000.0, 0.0) && stays_open(2000.0, 6.0));
    }
}
