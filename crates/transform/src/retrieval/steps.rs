//! How the phase changes from a cell to its neighbours.

use std::f64::consts::PI;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::gradient::PhaseGradient;
use super::width::gaussian_width;
use crate::analysis::Analysis;

/// The changes, by the trapezoidal rule, in radians.
pub(super) struct Steps {
    /// To the next frame.
    pub(super) time: Plane<f64>,
    /// To the next bin.
    pub(super) bin: Plane<f64>,
}

impl Steps {
    pub(super) fn new(plan: &dyn Analysis, gradient: &PhaseGradient) -> Self {
        let (bins, frames) = plan.shape();
        let hop = plan.channels().hop as f64;
        let channels = plan.channels();
        let distances: Vec<f64> = (1..bins).map(|k| channels.distance_from_row_below(k)).collect();
        let time = Plane::from_fn(bins, frames.saturating_sub(1), |k, t| {
            0.5 * hop * (gradient.time[(k, t)] + gradient.time[(k, t + 1)])
        });
        let bin = Plane::from_fn(bins.saturating_sub(1), frames, |k, t| {
            0.5 * distances[k] * (gradient.frequency[(k, t)] + gradient.frequency[(k + 1, t)])
        });
        Self { time, bin }
    }
}

/// Of each pair of neighbours, what makes the first one's phasor the second one's, times how far
/// that is to be believed.
pub(super) struct Couplings {
    /// With the next frame.
    time: Plane<Complex<f64>>,
    /// With the next bin.
    bin: Plane<Complex<f64>>,
}

impl Couplings {
    /// A step is believed in proportion to `r / (1 - r^2)`, `r` being the correlation of the two
    /// cells in noise: so much their phases, magnitudes given, tell of each other when both are
    /// Gaussian with correlation `r`. For the Gaussian `exp(-pi t^2 / (c L^2))` that comes nearest
    /// to the window, `r` is `exp(-pi h^2 / (2 c L^2))` over a hop `h` and `exp(-pi c (L df)^2 / 2)`
    /// over a distance `df` of bins.
    ///
    /// It is believed, too, in proportion to this power of both magnitudes: 1 by the same reasoning, and a
    /// higher one to follow the louder neighbour, as heap integration does.
    pub(super) fn new(plan: &dyn Analysis, steps: &Steps, magnitudes: &Plane<f64>, power: i32) -> Self {
        let width = gaussian_width(plan.channels().window);
        let hop = plan.channels().hop as f64;
        let lengths = plan.channels().lengths();
        let centres = plan.channels().centres();
        let loudest = magnitudes.as_slice().iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let weights = magnitudes.map(|magnitude| (magnitude / loudest).powi(power));
        let over_time = |k: usize| informing((-PI * hop * hop / (2.0 * width * lengths[k] * lengths[k])).exp());
        let over_bins = |k: usize| {
            let distance = (centres[k + 1] - centres[k]).powi(2) * lengths[k] * lengths[k + 1];
            informing((-0.5 * PI * width * distance).exp())
        };
        let coupling = |weight: f64, from: (usize, usize), to: (usize, usize), step: f64| {
            Complex::from_polar(weight * weights[from] * weights[to], step)
        };
        let of_row: Vec<f64> = (0..lengths.len()).map(over_time).collect();
        let of_pair: Vec<f64> = (0..lengths.len().saturating_sub(1)).map(over_bins).collect();
        Self {
            time: Plane::from_fn(steps.time.rows(), steps.time.columns(), |k, t| {
                coupling(of_row[k], (k, t), (k, t + 1), steps.time[(k, t)])
            }),
            bin: Plane::from_fn(steps.bin.rows(), steps.bin.columns(), |k, t| {
                coupling(of_pair[k], (k, t), (k + 1, t), steps.bin[(k, t)])
            }),
        }
    }

    /// The phasor that its neighbours want of a cell, not of modulus 1; `phasors` are row by row.
    #[inline]
    pub(super) fn target_of(&self, (k, t): (usize, usize), phasors: &[Complex<f64>]) -> Complex<f64> {
        let (rows, frames) = (self.bin.rows() + 1, self.bin.columns());
        let cell = k * frames + t;
        // A row has one step over time fewer than cells.
        let (over_time, over_bins, later) = (self.time.as_slice(), self.bin.as_slice(), cell - k);
        let mut sum = Complex::new(0.0, 0.0);
        if t > 0 {
            sum += phasors[cell - 1] * over_time[later - 1];
        }
        if t + 1 < frames {
            sum += phasors[cell + 1] * over_time[later].conj();
        }
        if k > 0 {
            sum += phasors[cell - frames] * over_bins[cell - frames];
        }
        if k + 1 < rows {
            sum += phasors[cell + frames] * over_bins[cell].conj();
        }
        sum
    }

    /// Calls `meet(first cell, second cell, agreement)` for all pairs of neighbours; cells count row
    /// by row.
    pub(super) fn for_each(&self, phasors: &Plane<Complex<f64>>, mut meet: impl FnMut(usize, usize, f64)) {
        let (rows, frames) = phasors.shape();
        let agreement = |coupling: Complex<f64>, from: Complex<f64>, to: Complex<f64>| (coupling * from * to.conj()).re;
        for k in 0..rows {
            for t in 0..frames {
                let (cell, phasor) = (k * frames + t, phasors[(k, t)]);
                if t + 1 < frames {
                    meet(cell, cell + 1, agreement(self.time[(k, t)], phasor, phasors[(k, t + 1)]));
                }
                if k + 1 < rows {
                    meet(cell, cell + frames, agreement(self.bin[(k, t)], phasor, phasors[(k + 1, t)]));
                }
            }
        }
    }
}

/// What two Gaussian variables of correlation `r` tell of each other's phase.
fn informing(r: f64) -> f64 {
    // Neighbours that overlap wholly would otherwise be believed without bound.
    r / (1.0 - r * r).max(f64::EPSILON)
}
