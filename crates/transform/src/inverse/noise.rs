//! How far the data can be off, row by row and cell by cell.

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::analysis::Analysis;
use crate::inverse::carried::carried;

/// Root mean square by which this operator differs from librosa's, as a share: the golden tests
/// hold it to -120 dB; 20 dB are left for arrays that were kept in single precision.
pub const OPERATOR_MISMATCH: f64 = 1e-5;

/// Frames a second over the distance of the bins from which a row's misfit tells its noise: below,
/// least squares explains most of the noise away.
const REDUNDANT: f64 = 1.5;

/// Sweeps of coordinate descent for three unknowns; they settle within ten.
const SWEEPS: usize = 50;

/// Mean square error of the coefficients of each row.
///
/// The noise is what the data do not say: a picture's quantiser, a phase's rounding, or the
/// operator's own mismatch with the program that made the data.
#[derive(Clone, Debug, PartialEq)]
pub struct RowNoise(pub Vec<f64>);

impl RowNoise {
    /// Each row off by a share of its own root mean square: rounding, or a mismatch.
    pub fn relative(data: &Plane<Complex<f64>>, share: f64) -> Self {
        Self(row_power(data).into_iter().map(|power| share * share * power).collect())
    }

    /// The mean of each row's cells.
    pub fn from_cells(cells: &Plane<f64>) -> Self {
        let mean = |row: &[f64]| row.iter().sum::<f64>() / row.len().max(1) as f64;
        Self((0..cells.rows()).map(|row| mean(cells.row(row))).collect())
    }

    /// The same for every cell of a row.
    pub fn cells(&self, frames: usize) -> Plane<f64> {
        Plane::from_fn(self.0.len(), frames, |row, _| self.0[row])
    }

    /// Root mean square of the noise over that of the data.
    pub fn share_of(&self, data: &Plane<Complex<f64>>) -> f64 {
        let power: f64 = row_power(data).iter().sum();
        if power > 0.0 { (self.0.iter().sum::<f64>() / power).sqrt() } else { 0.0 }
    }
}

/// Mean square magnitude of each row.
pub(super) fn row_power(data: &Plane<Complex<f64>>) -> Vec<f64> {
    (0..data.rows())
        .map(|row| data.row(row).iter().map(Complex::norm_sqr).sum::<f64>() / data.columns().max(1) as f64)
        .collect()
}

/// The noise of every cell, told by what least squares could not explain where the grid is redundant.
///
/// An image that was blurred, resized or compressed is off by a share of each magnitude (levels are
/// usually decibels), and the more so where levels change from cell to cell. The mean square error
/// is taken to be `|c|^2 (a + b u^2 + d v^2)`, with `u` and `v` the change of `ln |c|` over frames
/// and over bins; `a`, `b` and `d`, none negative, are fitted to the misfit. `made` is the transform
/// of the solution. `None` where no row is redundant or nothing is heard.
pub fn noise_from_misfit(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    made: &Plane<Complex<f64>>,
    trust: Option<&Plane<f64>>,
) -> Option<Plane<f64>> {
    let changes = Changes::new(data);
    let frame_rate_hz = plan.channels().sample_rate_hz / plan.channels().hop as f64;
    let mut sums = NormalEquations::default();
    for (row, bin) in carried(plan).bins.iter().enumerate() {
        let redundancy = frame_rate_hz / bin.spacing_hz;
        if redundancy < REDUNDANT {
            continue;
        }
        // Least squares explains one part in `redundancy` of the noise.
        let left = 1.0 - 1.0 / redundancy;
        for t in 0..data.columns() {
            let (power, trust) = (data[(row, t)].norm_sqr(), trust.map_or(1.0, |trust| trust[(row, t)]));
            if power > 0.0 {
                // Of power more than there is, a cell tells no more than that it is wrong.
                let share = ((made[(row, t)] - data[(row, t)]).norm_sqr() / left / power).min(1.0);
                sums.add(power * trust, changes.at(row, t), share);
            }
        }
    }
    let shares = sums.solved()?;
    Some(Plane::from_fn(data.rows(), data.columns(), |row, t| {
        let share: f64 = shares.iter().zip(changes.at(row, t)).map(|(share, change)| share * change).sum();
        data[(row, t)].norm_sqr() * share.min(1.0)
    }))
}

/// Changes of level between neighbours.
struct Changes {
    levels: Plane<f64>,
}

impl Changes {
    fn new(data: &Plane<Complex<f64>>) -> Self {
        let top = data.as_slice().iter().map(|value| value.norm()).fold(f64::MIN_POSITIVE, f64::max);
        // 180 dB below the loudest: below what any picture shows.
        Self { levels: data.map(|value| (value.norm() / top).max(1e-9).ln()) }
    }

    /// One, and the squared changes over frames and over bins: slope and curvature.
    fn at(&self, row: usize, t: usize) -> [f64; 3] {
        let (rows, frames) = self.levels.shape();
        let here = self.levels[(row, t)];
        let squared = |before: f64, after: f64| (after - 2.0 * here + before).powi(2) + 0.25 * (after - before).powi(2);
        let over_frames = squared(self.levels[(row, t.saturating_sub(1))], self.levels[(row, (t + 1).min(frames - 1))]);
        let over_bins = squared(self.levels[(row.saturating_sub(1), t)], self.levels[((row + 1).min(rows - 1), t)]);
        [1.0, over_frames, over_bins]
    }
}

/// Weighted least squares for three unknowns.
#[derive(Default)]
struct NormalEquations {
    matrix: [[f64; 3]; 3],
    right: [f64; 3],
}

impl NormalEquations {
    fn add(&mut self, weight: f64, terms: [f64; 3], value: f64) {
        for (i, row) in self.matrix.iter_mut().enumerate() {
            self.right[i] += weight * terms[i] * value;
            for (entry, term) in row.iter_mut().zip(terms) {
                *entry += weight * terms[i] * term;
            }
        }
    }

    /// The solution without negative values, by coordinate descent.
    fn solved(&self) -> Option<[f64; 3]> {
        let mut x = [0.0; 3];
        for i in (0..SWEEPS).flat_map(|_| 0..3) {
            let rest: f64 = (0..3).filter(|&j| j != i).map(|j| self.matrix[i][j] * x[j]).sum();
            let diagonal = self.matrix[i][i];
            x[i] = if diagonal > 0.0 { ((self.right[i] - rest) / diagonal).max(0.0) } else { 0.0 };
        }
        (self.matrix[0][0] > 0.0 && x.iter().all(|value| value.is_finite())).then_some(x)
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::inverse::{LeastSquaresOptions, least_squares};
    use crate::testing::noise;
    use crate::watch::Watch;
    use crate::{Cqt, CqtParams};

    #[test]
    fn the_misfit_of_redundant_rows_tells_the_noise_of_all() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 100_000).unwrap();
        let truth = plan.forward(&noise(100_000, 5)).unwrap();
        let changes = Changes::new(&truth);
        let errors = noise(truth.as_slice().len(), 9);
        let wrong = Plane::from_fn(truth.rows(), truth.columns(), |k, t| {
            let share = (0.003 + 0.01 * changes.at(k, t)[1]).min(1.0);
            // Uniform noise of that mean square.
            truth[(k, t)] * (1.0 + (3.0 * share).sqrt() * errors[k * truth.columns() + t])
        });
        let options = LeastSquaresOptions { max_iterations: 60, ..LeastSquaresOptions::default() };
        let solution = least_squares(&plan, &wrong, &options, &mut Watch::default()).unwrap();
        let made = plan.forward(&solution.samples).unwrap();
        let told = noise_from_misfit(&plan, &wrong, &made, None).unwrap();
        for octave in 2..7 {
            let rows = 12 * octave..12 * octave + 12;
            let sum = |of: &dyn Fn(usize, usize) -> f64| -> f64 {
                rows.clone().flat_map(|k| (0..truth.columns()).map(move |t| (k, t))).map(|(k, t)| of(k, t)).sum()
            };
            let ratio_db =
                10.0 * (sum(&|k, t| told[(k, t)]) / sum(&|k, t| (wrong[(k, t)] - truth[(k, t)]).norm_sqr())).log10();
            assert!(ratio_db.abs() < 3.0, "octave {octave}: {ratio_db} dB");
        }
    }

    #[test]
    fn silence_tells_nothing() {
        let plan = Cqt::new(&CqtParams::default(), 20_000).unwrap();
        let silence = plan.forward(&vec![0.0; 20_000]).unwrap();
        assert!(noise_from_misfit(&plan, &silence, &silence, None).is_none());
    }
}
