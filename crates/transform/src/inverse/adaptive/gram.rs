//! What the rows of each frame are expected to have in common.

use std::f64::consts::TAU;
use std::ops::Range;

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::analysis::{Analysis, Cells};
use crate::inverse::banded::BandedFactor;
use crate::parallel::map;

/// A filter's energy over frequency.
pub(super) struct RowResponse {
    first_bin: usize,
    /// Squared response, times the bins' distance.
    energy: Vec<f64>,
    /// The bins of the main lobe.
    lobe: Range<usize>,
}

impl RowResponse {
    /// Of a row, over bins that lie `spacing` apart (cycles a sample) up to the last one. `below` and `above`: how far the
    /// filter is looked at, in cycles a sample; `below` is its main lobe.
    pub(super) fn new(
        plan: &dyn Analysis,
        row: usize,
        (below, above): (f64, f64),
        (spacing, last): (f64, usize),
    ) -> Self {
        let sr = plan.channels().sample_rate_hz;
        let centre = plan.channels().rows[row].centre_hz / sr;
        let bin = |frequency: f64| ((frequency / spacing).round().max(0.0) as usize).min(last);
        let (first_bin, last_bin) = (bin(centre - below), bin(centre + above));
        let lobe = first_bin..bin(centre + below) + 1;
        let energy = |bin: usize| plan.response(row, bin as f64 * spacing * sr).powi(2) * spacing;
        Self { first_bin, energy: (first_bin..=last_bin).map(energy).collect(), lobe }
    }

    /// Where the filter is looked at.
    fn bins(&self) -> Range<usize> {
        self.first_bin..self.first_bin + self.energy.len()
    }

    fn energy_at(&self, bin: usize) -> f64 {
        self.energy[bin - self.first_bin]
    }

    /// Half the power that is expected of a coefficient, for the power expected in each bin.
    fn half_power(&self, powers: &[f64]) -> f64 {
        0.5 * self.energy.iter().zip(&powers[self.first_bin..]).map(|(energy, power)| energy * power).sum::<f64>()
    }

    /// Half of what is expected in common with another row, within the main lobes: there both are positive.
    fn half_in_common(&self, other: &Self, powers: &[f64]) -> f64 {
        let lobe = self.lobe.start.max(other.lobe.start)..self.lobe.end.min(other.lobe.end);
        let both = lobe.map(|bin| (self.energy_at(bin) * other.energy_at(bin)).sqrt() * powers[bin]);
        0.5 * both.sum::<f64>()
    }
}

/// What a part of the prior expects.
pub(super) struct Expected<'a> {
    /// What each row hears.
    pub(super) rows: &'a [RowResponse],
    /// The power expected in each bin at a frame, or nothing.
    pub(super) powers_at: Box<dyn Fn(usize) -> Vec<f64> + Sync + Send + 'a>,
}

/// `G_t = A_t P A_t^T + N_t` for the rows of each frame `t`, factored: what frames have in common is left out.
///
/// Above the grid's limit a filter is shorter than a hop, so that rows of one frame overlap and frames hardly do. `A_t` is
/// what the rows hear far from the signal's ends. Cost: for `r` rows of which `b` overlap, `r b^2` operations a
/// frame to factor and `4 r b` to solve.
pub(super) struct Gram {
    factors: Vec<BandedFactor>,
    /// Of each row's exponential at its window's centre.
    phases: Vec<Complex<f64>>,
}

impl Gram {
    /// For the rows of a plan and what the parts of a prior expect; `noise` is half the noise variance of each cell,
    /// infinite where there are no data.
    pub(super) fn new(plan: &dyn Analysis, expected: &[Expected<'_>], noise: &Plane<f64>) -> Self {
        let (rows, frames) = noise.shape();
        let reach = expected.iter().map(|of| overlap(of.rows)).max().unwrap_or(0);
        let frames: Vec<usize> = (0..frames).collect();
        let factors = map(&frames, |&t| {
            let mut matrix = vec![Complex::default(); rows * (reach + 1)];
            for Expected { rows, powers_at } in expected {
                add_half_in_common(&mut matrix, rows, reach, &powers_at(t));
            }
            BandedFactor::new(matrix, reach, |row| noise[(row, t)])
        });
        let channels = plan.channels();
        let turns = |row: usize| channels.centres()[row] * channels.rows[row].phase_origin;
        let phases = (0..rows).map(|row| Complex::from_polar(1.0, TAU * turns(row))).collect();
        Self { factors, phases }
    }

    /// `G^-1 cells`.
    pub(super) fn solve(&self, cells: &Cells) -> Cells {
        self.applied(cells, BandedFactor::solve)
    }

    /// `G cells`.
    pub(super) fn multiply(&self, cells: &Cells) -> Cells {
        self.applied(cells, BandedFactor::multiply)
    }

    fn applied(&self, cells: &Cells, apply: impl Fn(&BandedFactor, &mut [Complex<f64>]) + Sync + Send) -> Cells {
        let frames: Vec<usize> = (0..self.factors.len()).collect();
        let columns = map(&frames, |&t| {
            let mut column: Vec<_> =
                self.phases.iter().enumerate().map(|(row, phase)| cells[(row, t)] * phase.conj()).collect();
            apply(&self.factors[t], &mut column);
            column
        });
        Plane::from_fn(cells.rows(), cells.columns(), |row, t| columns[t][row] * self.phases[row])
    }

    /// `h^H G_t^-1 h / 2` for what the rows hear of each of so many bins: by how much `ln det G_t` grows with the bin's
    /// power.
    pub(super) fn told_of_bins(&self, rows: &[RowResponse], bins: usize, t: usize) -> Vec<f64> {
        let mut work = Vec::new();
        let told = |bin: usize| {
            let first = rows.partition_point(|row| row.bins().end <= bin);
            let heard =
                rows[first..].iter().take_while(|row| row.first_bin <= bin).map(|row| row.energy_at(bin).sqrt());
            0.5 * self.factors[t].inverse_norm(first, heard, &mut work)
        };
        (0..bins).map(told).collect()
    }

    /// What a row adds to `ln det G_t` beyond the rows below it: 0 where there are no data.
    pub(super) fn log_determinant(&self, row: usize, t: usize) -> f64 {
        self.factors[t].log_determinant(row)
    }

    /// Frames of the plan.
    pub(super) fn frames(&self) -> usize {
        self.factors.len()
    }
}

/// Rows below a row whose main lobes overlap with its own, at most.
fn overlap(rows: &[RowResponse]) -> usize {
    let first = |row: usize| rows[..row].partition_point(|below| below.lobe.end <= rows[row].lobe.start);
    (0..rows.len()).map(|row| row - first(row)).max().unwrap_or(0)
}

/// Adds half of `A_t P A_t^T`, as [`BandedFactor`] stores it, for the powers expected in each bin, or none.
fn add_half_in_common(matrix: &mut [Complex<f64>], rows: &[RowResponse], reach: usize, powers: &[f64]) {
    if powers.is_empty() {
        return;
    }
    for (row, values) in matrix.chunks_mut(reach + 1).enumerate() {
        values[0] += rows[row].half_power(powers);
        for (d, value) in values.iter_mut().enumerate().take(row + 1).skip(1) {
            *value += rows[row].half_in_common(&rows[row - d], powers);
        }
    }
}
