//! The rows that determine their part of the signal many times over, at a rate of their own.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::least_squares::LeastSquaresOptions;
use super::noise::RowNoise;
use super::precision::DETERMINED;
use crate::analysis::{Analysis, Cells, Part};

/// The low rows of a problem.
///
/// What lies below the lowest bin and what a mirror makes of the ends is heard in them alone, and takes hundreds of
/// iterations to tell apart. At their rate these cost a part of what they cost for all rows.
pub struct DeterminedRows<'a> {
    part: Box<dyn Part + 'a>,
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
        Some(DeterminedRows { data: first_rows(data, rows.end), part, noise, trust })
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

    /// Their signal at the rate of all rows.
    pub fn prolong(&self, samples: &[f64]) -> Vec<f64> {
        self.part.prolong(samples)
    }
}

fn first_rows<T: Copy>(plane: &Plane<T>, rows: usize) -> Plane<T> {
    Plane::from_fn(rows, plane.columns(), |k, t| plane[(k, t)])
}
