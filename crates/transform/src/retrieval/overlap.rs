//! Accelerated Griffin-Lim where the analysis has an exact inverse.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::constraints::Constraints;
use crate::TransformError;
use crate::analysis::Dual;
use crate::lanes::LANES;
use crate::simd::{Work, vectorized};
use crate::watch::{Progress, Step, Stop, Watch};

/// Projections in each round.
const PROJECTIONS_A_ROUND: usize = 3;

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
        samples: &mut [f64],
        watch: &mut Watch<'_>,
    ) -> Result<(usize, Stop), TransformError> {
        let targets = Targets::new(self.constraints);
        let whole = targets.energy().max(f64::MIN_POSITIVE);
        let mut ahead = samples.to_vec();
        let (mut carried, mut last, mut projected) = (ahead.clone(), ahead.clone(), ahead.clone());
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
                    if watch.tell(now).is_break() {
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
        vectorized(Rescale { frame: &mut *frame, target: self.of(t) });
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
            return vectorized(Distance { frame, target: self.of(t) });
        }
        let off = |(k, value): (usize, &Complex<f64>)| {
            (value - self.constraints.nearest(k * self.frames + t, *value)).norm_sqr()
        };
        frame.iter().enumerate().map(off).sum()
    }

    fn of(&self, t: usize) -> Target<'_> {
        let of = t * self.rows..(t + 1) * self.rows;
        let ranges = self.ranges.as_ref().map(|(low, high)| (&low[of.clone()], &high[of.clone()]));
        Target { values: &self.values[of], ranges }
    }
}

/// The magnitudes wanted of a frame, and their ranges.
struct Target<'a> {
    values: &'a [f64],
    ranges: Option<(&'a [f64], &'a [f64])>,
}

/// Gives coefficients the magnitudes wanted of them.
struct Rescale<'a> {
    frame: &'a mut [Complex<f64>],
    target: Target<'a>,
}

impl Work for Rescale<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.target.ranges {
            None => {
                for (value, target) in self.frame.iter_mut().zip(self.target.values) {
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
    target: Target<'a>,
}

impl Work for Distance<'_> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        // Sums side by side, which a processor adds at once.
        let mut sums = [0.0; LANES];
        match self.target.ranges {
            None => {
                for (frame, values) in self.frame.chunks(LANES).zip(self.target.values.chunks(LANES)) {
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

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::analysis::{Analysis, Cells};
    use crate::inverse::Intervals;
    use crate::retrieval::{KnownPhase, Magnitudes, PhaseMethod, RetrieveOptions, Retrieved, retrieve};
    use crate::testing::{db_from_ratio, noise};
    use crate::{PadMode, Stft, StftParams, StopFlag};

    fn plan(pad_mode: PadMode) -> Stft {
        let params = StftParams { n_fft: 256, win_length: 256, hop: 64, pad_mode, ..StftParams::default() };
        Stft::new(&params, 6000).unwrap()
    }

    /// Gliding partials, a click and some noise.
    fn cells(plan: &Stft) -> Cells {
        let hiss = noise(plan.samples(), 8);
        let partial = |h: f64, at: f64| (0.3 * h * at * (1.0 + at / 30_000.0)).sin() / h;
        let sound = |i: usize| partial(1.0, i as f64) + partial(2.0, i as f64) + 0.05 * hiss[i];
        let mut samples: Vec<f64> = (0..plan.samples()).map(sound).collect();
        samples[2500] += 3.0;
        plan.forward(&samples).unwrap()
    }

    fn found(plan: &Stft, magnitudes: &Magnitudes<'_>, options: &RetrieveOptions<'_>) -> Retrieved {
        retrieve(plan, magnitudes, None, options, &mut Watch::default()).unwrap()
    }

    /// The method as the paper has it: coefficients of all frames at a time.
    fn slowly(plan: &Stft, values: &Plane<f64>, start: &[f64], rounds: usize, momentum: f64) -> Vec<f64> {
        let mixed = |(a, first): (f64, &Cells), (b, second): (f64, &Cells)| {
            Plane::from_fn(first.rows(), first.columns(), |k, t| first[(k, t)] * a + second[(k, t)] * b)
        };
        let inverse = |cells: &Cells| {
            let value = |k, t| cells[(k, t)] / cells[(k, t)].norm() * values[(k, t)];
            plan.inverse(&Plane::from_fn(values.rows(), values.columns(), value)).unwrap()
        };
        let mut last = plan.forward(start).unwrap();
        let (mut ahead, mut carried) = (last.clone(), last.clone());
        for _ in 0..rounds * PROJECTIONS_A_ROUND {
            let projected = plan.forward(&inverse(&ahead)).unwrap();
            let step = mixed((1.0 - RELAXATION, &carried), (RELAXATION, &projected));
            ahead = mixed((1.0 + momentum, &step), (-momentum, &last));
            carried = mixed((1.0 + CARRIED, &step), (-CARRIED, &last));
            last = step;
        }
        inverse(&ahead)
    }

    #[test]
    fn is_the_method_on_coefficients() {
        for pad_mode in [PadMode::Constant, PadMode::Reflect] {
            let plan = plan(pad_mode);
            let values = cells(&plan).map(|value| value.norm());
            let magnitudes = Magnitudes::exact(&values);
            let start = noise(plan.samples(), 4);
            let accelerated = Accelerated {
                constraints: Constraints { magnitudes: &magnitudes, known: None },
                rounds: 3,
                momentum: 0.9,
            };
            let mut samples = start.clone();
            accelerated.refine(&mut *plan.dual().unwrap(), &mut samples, &mut Watch::default()).unwrap();
            let db = db_from_ratio(&samples, &slowly(&plan, &values, &start, 3, 0.9));
            assert!(db < -180.0, "{pad_mode}: {db} dB");
        }
    }

    #[test]
    fn comes_nearer_with_the_rounds_also_at_mirrored_ends() {
        for pad_mode in [PadMode::Constant, PadMode::Reflect] {
            let plan = plan(pad_mode);
            let values = cells(&plan).map(|value| value.norm());
            let left = |iterations| {
                let options = RetrieveOptions { iterations, ..RetrieveOptions::default() };
                let found = found(&plan, &Magnitudes::exact(&values), &options);
                let made = plan.forward(&found.samples).unwrap().map(|value| value.norm());
                let of =
                    |plane: &Plane<f64>| (0..plane.rows()).flat_map(|k| plane.row(k)[..3].to_vec()).collect::<Vec<_>>();
                (found.consistency_db, db_from_ratio(&of(&made), &of(&values)))
            };
            let (before, after) = (left(0), left(25));
            assert!(after.0 < before.0 - 8.0 && after.1 < -20.0, "{pad_mode}: {before:?}, then {after:?} dB");
        }
    }

    #[test]
    fn ranges_and_known_phase_are_kept() {
        let plan = plan(PadMode::Constant);
        let truth = cells(&plan);
        let values = truth.map(|value| value.norm());
        let (low, high) = (values.map(|value| 0.9 * value), values.map(|value| 1.1 * value));
        let off = values.map(|value| 1.05 * value);
        let trust = Plane::from_fn(values.rows(), values.columns(), |_, t| f64::from(u8::from(t < 40)));
        let known = Some(KnownPhase { phasors: &truth, trust: &trust });
        let intervals = Intervals { low: low.clone(), high: high.clone() };
        let magnitudes = Magnitudes { values: &off, intervals: Some(&intervals) };
        let targets = Targets::new(Constraints { magnitudes: &magnitudes, known });
        let (rows, far) = (values.rows(), |k: usize| Complex::from_polar(3.0 * values[(k, 7)], 0.1 * k as f64));
        let mut frame: Vec<Complex<f64>> = (0..rows).map(far).collect();
        targets.apply(7, &mut frame);
        for (k, value) in frame.iter().enumerate() {
            let nearest = truth[(k, 7)] / values[(k, 7)] * high[(k, 7)];
            assert!((value - nearest).norm() < 1e-9 * nearest.norm());
        }
        assert!(targets.residual(7, &frame) < 1e-20);
        // What is known of the first half of the sound comes back as it was.
        let sound =
            retrieve(&plan, &Magnitudes::exact(&values), known, &RetrieveOptions::default(), &mut Watch::default())
                .unwrap()
                .samples;
        let (made, wanted) = (plan.forward(&sound).unwrap(), &truth);
        let of = |cells: &Cells| -> Vec<f64> {
            (0..rows).flat_map(|k| cells.row(k)[2..36].iter().flat_map(|c| [c.re, c.im]).collect::<Vec<_>>()).collect()
        };
        let db = db_from_ratio(&of(&made), &of(wanted));
        assert!(db < -60.0, "{db} dB");
    }

    #[test]
    fn stays_finite_however_far_it_runs_ahead_and_stops_when_told() {
        let plan = plan(PadMode::Constant);
        let values = cells(&plan).map(|value| value.norm());
        let magnitudes = Magnitudes::exact(&values);
        let options = RetrieveOptions { momentum: 50.0, ..RetrieveOptions::default() };
        let wild = found(&plan, &magnitudes, &options);
        assert!(wild.samples.iter().all(|sample| sample.is_finite()) && wild.consistency_db <= 0.0);
        let random = RetrieveOptions { method: PhaseMethod::GriffinLim, ..RetrieveOptions::default() };
        for at in [0, 3] {
            let mut stop = |now: Progress| {
                let reached = now.step == Step::Retrieval && now.iteration >= at;
                if reached { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let found =
                retrieve(&plan, &magnitudes, None, &random, &mut Watch::new(&mut stop, &StopFlag::default())).unwrap();
            assert_eq!((found.stop, found.iterations), (Stop::Cancelled, at));
        }
    }
}
