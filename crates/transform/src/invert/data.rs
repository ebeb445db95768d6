//! Coefficients ready for the solver.

use std::ops::Range;

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};

use crate::Cells;
use crate::inverse::Intervals;

/// Coefficients ready for the solver.
#[derive(Clone, Debug)]
pub struct Data {
    /// Magnitudes and phase, bins by frames; where the phase is not known, any.
    pub coefficients: Cells,
    /// Mean square error of each cell.
    pub noise: Plane<f64>,
    /// Ranges of the magnitudes; `None` where no quantiser has touched them.
    pub intervals: Option<Intervals>,
    /// Trust in each cell, 0 (missing) to 1; `None` where all count in full.
    pub trust: Option<Plane<f64>>,
    /// Trust in each cell's phase, 0 or 1; `None` where all of it was kept.
    pub phase_trust: Option<Plane<f64>>,
    /// Whether the magnitudes are absolute.
    pub absolute: bool,
}

impl Data {
    /// Coefficients that no quantiser has touched.
    pub fn exact(coefficients: Cells) -> Self {
        let noise = coefficients.map(|_| 0.0);
        Self { coefficients, noise, intervals: None, trust: None, phase_trust: None, absolute: true }
    }

    /// Each of the channels that lie one above the other.
    pub fn divided(self, stack: Stack) -> Vec<Self> {
        if stack.channels == 1 {
            return vec![self];
        }
        (0..stack.channels).map(|channel| self.channel(stack, channel)).collect()
    }

    /// Makes all cells of a row zero and exact.
    pub fn silence(&mut self, row: usize) {
        self.coefficients.row_mut(row).fill(Complex::default());
        self.noise.row_mut(row).fill(0.0);
        if let Some(Intervals { low, high }) = &mut self.intervals {
            low.row_mut(row).fill(0.0);
            high.row_mut(row).fill(0.0);
        }
    }

    /// The channel with the most power.
    #[must_use]
    pub fn loudest(self, stack: Stack) -> Self {
        if stack.channels == 1 {
            return self;
        }
        let power = |channel: &usize| {
            let first = stack.first_row(*channel);
            let rows = (first..first + stack.rows).flat_map(|row| self.coefficients.row(row));
            rows.map(Complex::norm_sqr).sum::<f64>()
        };
        // Of channels that are alike the first.
        let loudest = (0..stack.channels).rev().max_by(|a, b| power(a).total_cmp(&power(b)));
        self.channel(stack, loudest.unwrap_or(0))
    }

    fn channel(&self, stack: Stack, channel: usize) -> Self {
        let plane = |plane: &Plane<f64>| stack.channel(plane, channel);
        Self {
            coefficients: stack.channel(&self.coefficients, channel),
            noise: plane(&self.noise),
            intervals: self
                .intervals
                .as_ref()
                .map(|ranges| Intervals { low: plane(&ranges.low), high: plane(&ranges.high) }),
            trust: self.trust.as_ref().map(plane),
            phase_trust: self.phase_trust.as_ref().map(plane),
            absolute: self.absolute,
        }
    }

    /// Trust in each cell's magnitude and phase together, if any is not trusted.
    pub fn trust_in_both(&self) -> Option<Plane<f64>> {
        match (&self.trust, &self.phase_trust) {
            (Some(trust), Some(phase)) => {
                let (bins, frames) = trust.shape();
                Some(Plane::from_fn(bins, frames, |k, t| trust[(k, t)] * phase[(k, t)]))
            }
            (one, other) => one.as_ref().or(other.as_ref()).cloned(),
        }
    }

    /// The data of these frames.
    #[must_use]
    pub fn of_frames(&self, frames: Range<usize>) -> Self {
        self.with_planes(
            |plane| plane.columns_between(frames.start, frames.end),
            |plane| plane.columns_between(frames.start, frames.end),
        )
    }

    /// These data, and after their last frame those of `other`; of what one of them lacks neither has any.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Self {
        let both = |one: &Option<Plane<f64>>, two: &Option<Plane<f64>>, rest: f64| {
            let filled = |plane: &Option<Plane<f64>>, like: &Self| {
                plane.clone().unwrap_or_else(|| like.coefficients.map(|_| rest))
            };
            (one.is_some() || two.is_some()).then(|| filled(one, self).followed_by(&filled(two, other)))
        };
        let intervals = self
            .intervals
            .as_ref()
            .zip(other.intervals.as_ref())
            .map(|(one, two)| Intervals { low: one.low.followed_by(&two.low), high: one.high.followed_by(&two.high) });
        Self {
            coefficients: self.coefficients.followed_by(&other.coefficients),
            noise: self.noise.followed_by(&other.noise),
            intervals,
            trust: both(&self.trust, &other.trust, 1.0),
            phase_trust: both(&self.phase_trust, &other.phase_trust, 1.0),
            absolute: self.absolute && other.absolute,
        }
    }

    fn with_planes(&self, cells: impl Fn(&Cells) -> Cells, plane: impl Fn(&Plane<f64>) -> Plane<f64>) -> Self {
        Self {
            coefficients: cells(&self.coefficients),
            noise: plane(&self.noise),
            intervals: self
                .intervals
                .as_ref()
                .map(|Intervals { low, high }| Intervals { low: plane(low), high: plane(high) }),
            trust: self.trust.as_ref().map(&plane),
            phase_trust: self.phase_trust.as_ref().map(&plane),
            absolute: self.absolute,
        }
    }

    /// Whether enough phase was kept to tell anything by: half of the power.
    pub fn knows_phase(&self) -> bool {
        let Some(trust) = &self.phase_trust else { return true };
        let powers = self.coefficients.as_slice().iter().map(Complex::norm_sqr);
        let (known, whole) = powers
            .zip(trust.as_slice())
            .fold((0.0, 0.0), |(known, whole), (power, trust)| (known + power * trust, whole + power));
        known > 0.5 * whole
    }
}
