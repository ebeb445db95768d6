//! Accelerated Griffin-Lim where the analysis has an exact inverse.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::constraints::Constraints;
use crate::TransformError;
use crate::analysis::Dual;
use crate::inverse::{Progress, Step, Stop};
use crate::lanes::LANES;
use crate::simd::{Work, vectorized};

/// Projections in each round.
const PROJECTIONS_A_ROUND: usize = 4;

/// How far each step goes past the projection, and the weight of the last change that it starts with: `c` and `b` below.
///
/// What the projection undoes at once follows `t[n] = (1 - c) ((1 + b) t[n-1] - b t[n-2])`, which dies out while
/// `(c - 1) (1 + 2 b)` is below 1; here it is 0.8. What it leaves as it is keeps `c a - (c - 1) b` of each change: 0.96 with
/// the usual momentum. `cargo xtask python-bench` has what that gains; half the relaxation costs 0.3 dB.
const RELAXATION: f64 = 1.25;
const CARRIED: f64 = 1.1;

/// Where rounds start and how they go.
pub(super) struct Accelerated<'a> {
    pub(super) constraints: Constraints<'a>,
    /// Each of [`PROJECTIONS_A_ROUND`].
    pub(super) rounds: usize,
    /// Weight of the last change that each projection is taken ahead of.
    pub(super) momentum: f64,
}

impl Accelerated<'_> {
    /// Refines `samples`; the rounds done and why it ended. The signal left is always a projected one.
    ///
    /// With the projection `P(x)`, which puts the magnitudes of the coefficients of `x` right and takes the exact inverse of
    /// that,
    ///
    /// ```text
    /// t[n] = (1 - c) d[n-1] + c P(x[n-1]),  x[n] = t[n] + a (t[n] - t[n-1]),  d[n] = t[n] + b (t[n] - t[n-1])
    /// ```
    ///
    /// with `a` the momentum, `b` [`CARRIED`] and `c` [`RELAXATION`] (Nenov, Nguyen, Balazs and Bot 2023, arXiv 2306.12504);
    /// `c = 1` is fast Griffin-Lim (Perraudin, Balazs and Sondergaard 2013). The papers have coefficients in place of these
    /// signals; as the analysis is linear and all come from projections, each is of a signal. Cost: a transform and an
    /// inverse a projection.
    pub(super) fn refine(
        &self,
        dual: &mut dyn Dual,
        samples: &mut Vec<f64>,
        mut progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(usize, Stop), TransformError> {
        let targets = Targets::new(self.constraints);
        let whole = targets.energy().max(f64::MIN_POSITIVE);
        let mut ahead = samples.clone();
        let (mut carried, mut last, mut projected) = (samples.clone(), samples.clone(), samples.clone());
        for round in 0..self.rounds {
            for projection in 0..PROJECTIONS_A_ROUND {
                let mut residual = (projection == 0).then_some(0.0);
                let mut change = |t: usize, frame: &mut [Complex<f64>]| {
                    if let Some(residual) = &mut residual {
                        *residual += targets.residual(t, frame);
                    }
                    targets.apply(t, frame);
                };
                dual.resynthesise(&ahead, &mut change, &mut projected)?;
                if let Some(residual) = residual {
                    let now = Progress::of(Step::Retrieval, round, self.rounds, (residual / whole).sqrt());
                    if progress(now).is_break() {
                        samples.copy_from_slice(&projected);
                        return Ok((round, Stop::Cancelled));
                    }
                }
                let moves = projected.iter().zip(&mut last).zip(ahead.iter_mut().zip(&mut carried));
                for ((projected, last), (ahead, carried)) in moves {
                    let step = *carried + RELAXATION * (projected - *carried);
                    let change = step - *last;
                    (*ahead, *carried, *last) = (step + self.momentum * change, step + CARRIED * change, step);
                }
            }
        }
        dual.resynthesise(&ahead, &mut |t, frame| targets.apply(t, frame), samples)?;
        Ok((self.rounds, Stop::IterationLimit))
    }
}

/// What is wanted of the coefficients, frame by frame.
struct Targets<'a> {
    constraints: Constraints<'a>,
    rows: usize,
    frames: usize,
    values: Vec<f64>,
    /// The least and the largest that each can be, where those differ.
    ranges: Option<(Vec<f64>, Vec<f64>)>,
}

impl<'a> Targets<'a> {
    fn new(constraints: Constraints<'a>) -> Self {
        let magnitudes = constraints.magnitudes;
        let (rows, frames) = magnitudes.values.shape();
        let ranges = magnitudes.intervals.map(|intervals| (by_frames(&intervals.low), by_frames(&intervals.high)));
        Self { constraints, rows, frames, values: by_frames(magnitudes.values), ranges }
    }

    fn energy(&self) -> f64 {
        self.values.iter().map(|value| value * value).sum()
    }

    /// The nearest coefficients that meet the constraints.
    fn apply(&self, t: usize, frame: &mut [Complex<f64>]) {
        let (values, ranges) = self.of(t);
        vectorized(Rescale { frame: &mut *frame, values, ranges });
        if let Some(known) = self.constraints.known {
            for (k, value) in frame.iter_mut().enumerate() {
                if let Some(phasor) = known.kept(k * self.frames + t) {
                    *value = phasor * value.norm();
                }
            }
        }
    }

    /// Squared distance of coefficients from what is wanted.
    fn residual(&self, t: usize, frame: &[Complex<f64>]) -> f64 {
        if self.constraints.known.is_none() {
            let (values, ranges) = self.of(t);
            return vectorized(Distance { frame, values, ranges });
        }
        let off = |(k, value): (usize, &Complex<f64>)| {
            (value - self.constraints.nearest(k * self.frames + t, *value)).norm_sqr()
        };
        frame.iter().enumerate().map(off).sum()
    }

    /// The magnitudes of a frame, and their ranges.
    fn of(&self, t: usize) -> (&[f64], Option<(&[f64], &[f64])>) {
        let of = t * self.rows..(t + 1) * self.rows;
        (&self.values[of.clone()], self.ranges.as_ref().map(|(low, high)| (&low[of.clone()], &high[of.clone()])))
    }
}

/// Gives coefficients the magnitudes wanted of them.
struct Rescale<'a> {
    frame: &'a mut [Complex<f64>],
    values: &'a [f64],
    ranges: Option<(&'a [f64], &'a [f64])>,
}

impl Work for Rescale<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.ranges {
            None => {
                for (value, target) in self.frame.iter_mut().zip(self.values) {
                    rescale(value, value.norm_sqr().sqrt(), *target);
                }
            }
            Some((low, high)) => {
                for (value, (low, high)) in self.frame.iter_mut().zip(low.iter().zip(high)) {
                    let modulus = value.norm_sqr().sqrt();
                    rescale(value, modulus, modulus.max(*low).min(*high));
                }
            }
        }
    }
}

#[inline(always)]
fn rescale(value: &mut Complex<f64>, modulus: f64, target: f64) {
    *value = if modulus > 0.0 { *value * (target / modulus) } else { Complex::new(target, 0.0) };
}

/// Squared distance of coefficients' moduli from the magnitudes wanted of them.
struct Distance<'a> {
    frame: &'a [Complex<f64>],
    values: &'a [f64],
    ranges: Option<(&'a [f64], &'a [f64])>,
}

impl Work for Distance<'_> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        // Sums side by side, which a processor adds at once.
        let mut sums = [0.0; LANES];
        match self.ranges {
            None => {
                for (frame, values) in self.frame.chunks(LANES).zip(self.values.chunks(LANES)) {
                    for ((sum, value), target) in sums.iter_mut().zip(frame).zip(values) {
                        *sum += (value.norm_sqr().sqrt() - target).powi(2);
                    }
                }
            }
            Some((low, high)) => {
                let ranges = low.chunks(LANES).zip(high.chunks(LANES));
                for (frame, (low, high)) in self.frame.chunks(LANES).zip(ranges) {
                    for ((sum, value), (low, high)) in sums.iter_mut().zip(frame).zip(low.iter().zip(high)) {
                        let modulus = value.norm_sqr().sqrt();
                        *sum += (modulus - modulus.max(*low).min(*high)).powi(2);
                    }
                }
            }
        }
        sums.iter().sum()
    }
}

/// A plane's cells, frame after frame.
fn by_frames(plane: &Plane<f64>) -> Vec<f64> {
    (0..plane.columns()).flat_map(|t| (0..plane.rows()).map(move |k| plane[(k, t)])).collect()
}
