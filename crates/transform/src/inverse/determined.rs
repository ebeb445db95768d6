//! The rows that determine their part of the signal many times over, at a rate of their own.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::filter::below_bins;
use super::least_squares::LeastSquaresOptions;
use super::noise::RowNoise;
use super::precision::DETERMINED;
use crate::analysis::{Analysis, Cells, Part};
use crate::vectors::{add_scaled, difference, dot};

/// Richardson's steps after a change of the rate. Measured on vibeace: without them an offset of three tenths of the peak costs
/// 0.6 dB and a hum of 12 Hz 1.3, with two 0.2 at most; with four the hum costs 1.2 again, since the decimator's adjoint is not
/// its inverse.
const RICHARDSON: usize = 2;

/// The low rows of a problem.
///
/// What lies below the lowest bin and what a mirror makes of the ends is heard in them alone, and takes hundreds of
/// iterations to tell apart. At their rate these cost a part of what they cost for all rows.
pub struct DeterminedRows<'a> {
    part: Box<dyn Part + 'a>,
    /// The rate of all rows over theirs.
    rates: f64,
    /// Their data.
    pub data: Cells,
    noise: Option<RowNoise>,
    trust: Option<Plane<f64>>,
}

impl<'a> DeterminedRows<'a> {
    /// `None` where those are all rows, or none, or have no rate of their own.
    pub fn of(
        plan: &'a dyn Analysis,
        data: &Plane<Complex<f64>>,
        options: &LeastSquaresOptions<'_>,
    ) -> Option<DeterminedRows<'a>> {
        let channels = plan.channels();
        let is_determined = |row: &crate::Channel| channels.frame_rate_hz() >= DETERMINED * row.band_hz;
        let count = channels.rows.iter().take_while(|row| is_determined(row)).count();
        let part = if count < channels.rows.len() { plan.part(0..count)? } else { return None };
        let rows = part.rows();
        if rows.start > 0 || rows.end == data.rows() {
            return None;
        }
        let noise = options.noise.as_ref().map(|noise| RowNoise(noise.0[rows.clone()].to_vec()));
        let trust = options.trust.map(|trust| first_rows(trust, rows.end));
        let rates = channels.sample_rate_hz / part.analysis().channels().sample_rate_hz;
        Some(DeterminedRows { rates, data: first_rows(data, rows.end), part, noise, trust })
    }

    /// Their analysis.
    pub fn plan(&self) -> &dyn Analysis {
        self.part.analysis()
    }

    /// The same options for them, without a start.
    pub fn options(&self, options: &LeastSquaresOptions<'_>) -> LeastSquaresOptions<'_> {
        LeastSquaresOptions {
            max_iterations: options.max_iterations,
            noise: self.noise.clone(),
            trust: self.trust.as_ref(),
            start: None,
            free_ends: options.free_ends,
            whiten: false,
        }
    }

    /// The rate of all rows over theirs.
    pub fn rates(&self) -> f64 {
        self.rates
    }

    /// The signal at the rate of all rows whose decimation is theirs.
    ///
    /// A decimator's adjoint is nearly its inverse but at the ends, which it blurs: Richardson's steps `x += P(z - D x)` (Saad
    /// 2003, section 4.2) bring them back.
    pub fn prolong(&self, samples: &[f64]) -> Vec<f64> {
        let mut whole = self.interpolated(samples);
        for _ in 0..RICHARDSON {
            let left = difference(samples, &self.part.restrict(&whole));
            add_scaled(&mut whole, 1.0, &self.part.prolong(&left));
        }
        whole
    }

    /// The first of those steps.
    ///
    /// What lies below the lowest bin goes on beyond the ends, where decimators take zeros: it is interpolated instead.
    fn interpolated(&self, samples: &[f64]) -> Vec<f64> {
        let channels = self.plan().channels();
        let low = below_bins(samples, channels.rows[0].centre_hz / channels.sample_rate_hz);
        let mut whole = self.part.prolong(&difference(samples, &low));
        let slow = interpolated(&low, self.rates, whole.len());
        // Decimators have a gain of their own; away from the ends it is all that they do to slow sound.
        let again = self.part.restrict(&slow);
        let middle = low.len() / 4..low.len() - low.len() / 4;
        let heard = dot(&again[middle.clone()], &again[middle.clone()]);
        let gain = if heard > 0.0 { dot(&again[middle.clone()], &low[middle]) / heard } else { 0.0 };
        add_scaled(&mut whole, gain, &slow);
        whole
    }
}

/// A slow signal at `ratio` times its rate, so many samples of it, by the cubic through the four samples around each place
/// (Lagrange). Up to a hundredth of the rate it is off by less than -100 dB.
fn interpolated(slow: &[f64], ratio: f64, samples: usize) -> Vec<f64> {
    if slow.len() < 4 {
        let nearest = |i: usize| slow.get(((i as f64 / ratio) as usize).min(slow.len() - 1)).copied();
        return (0..samples).map(|i| nearest(i).unwrap_or(0.0)).collect();
    }
    let at = |i: usize| {
        let place = i as f64 / ratio;
        let first = (place as usize).saturating_sub(1).min(slow.len() - 4);
        let x = place - first as f64;
        let [a, b, c, d] = [0, 1, 2, 3].map(|k| slow[first + k]);
        let (x1, x2, x3) = (x - 1.0, x - 2.0, x - 3.0);
        -a * x1 * x2 * x3 / 6.0 + b * x * x2 * x3 / 2.0 - c * x * x1 * x3 / 2.0 + d * x * x1 * x2 / 6.0
    };
    (0..samples).map(at).collect()
}

fn first_rows<T: Copy>(plane: &Plane<T>, rows: usize) -> Plane<T> {
    Plane::from_fn(rows, plane.columns(), |k, t| plane[(k, t)])
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::testing::db_from_ratio;
    use crate::{Cqt, CqtParams};

    #[test]
    fn slow_sound_keeps_its_height_up_to_the_ends() {
        let samples = 40_000;
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, samples).unwrap();
        let data = Plane::filled(plan.shape().0, plan.shape().1, Complex::default());
        let rows = DeterminedRows::of(&plan, &data, &LeastSquaresOptions::default()).unwrap();
        let wave = |i: usize| 0.3 + (TAU * 3.0 * i as f64 / 44100.0 + 0.4).sin();
        let whole: Vec<f64> = (0..samples).map(wave).collect();
        let db = db_from_ratio(&rows.prolong(&rows.part.restrict(&whole)), &whole);
        assert!(rows.rates() >= 4.0 && db < -58.0, "{} times the rate, {db} dB", rows.rates());
    }
}
