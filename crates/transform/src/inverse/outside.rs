//! Sound below the lowest bin that is heard only where the signal ends.
//!
//! A constant, a drift or a rumble far below the lowest bin passes no filter (-75 dB), so the data say nothing about it
//! and a prior must not say that it is small. At the ends it is heard all the same: decimators take what lies beyond
//! for zeros, and a mirror makes a kink of a slope. Explained as sound within the bins, an offset costs 5 to 30 dB.
//! Here its value, slope and curvature at either end are unknowns of unlimited variance: the space of data that they
//! can make is projected out (variable projection, Golub and Pereyra 1973), and they follow from what is left.

use std::f64::consts::PI;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::filter::raised_cosine;
use super::noise::{OPERATOR_MISMATCH, RowNoise};
use crate::TransformError;
use crate::analysis::Analysis;
use crate::vectors::add_scaled;

/// Length of the shapes at each end over the longest filter's, and the share of it before they begin to fade.
const REACH: f64 = 2.0;
const FLAT: f64 = 0.25;

/// Sines and cosines at each end, and by how many half-periods of the reach each is faster than the last.
const PAIRS: usize = 3;
const HALF_PERIODS: usize = 2;

/// Shapes: a constant, a ramp, and a sine and a cosine at each end for each pair.
const COUNT: usize = 2 + 4 * PAIRS;

/// Share of the loudest shape's coefficients below which a shape is left out: it would be a hundred times as loud for the same
/// error.
const HEARD: f64 = 1e-2;

/// Times the energy of what is left in a direction that a shape's has to be to count: 20 dB.
const SURE: f64 = 100.0;

/// The least numbers in the data for each shape: fewer would be explained away.
const NUMBERS_A_SHAPE: usize = 100;

/// Shapes that sound below the bins can have at the ends, and what the plan makes of them.
pub(super) struct Outside {
    /// Root of the weight of each cell.
    gain: Plane<f64>,
    /// Frames at the ends: in those between the shapes are not heard.
    frames: Vec<usize>,
    parts: Vec<Part>,
    shapes: Shapes,
}

/// A sum of shapes.
struct Part {
    shares: Vec<f64>,
    /// Its weighed coefficients at the ends, orthonormal to the other parts'.
    image: Vec<Complex<f64>>,
}

impl Outside {
    /// Cost: [`COUNT`] forward transforms.
    pub(super) fn new(plan: &dyn Analysis, gain: Plane<f64>, is_wanted: bool) -> Result<Self, TransformError> {
        let shapes = Shapes::new(plan);
        let count = plan.shape().1;
        let heard = ((1.5 * shapes.reach / plan.channels().hop as f64).ceil() as usize).min(count);
        let frames = (0..heard).chain(count.saturating_sub(heard).max(heard)..count).collect();
        let mut new = Self { gain, frames, parts: Vec::with_capacity(COUNT), shapes };
        if !is_wanted || 2 * new.gain.as_slice().len() < NUMBERS_A_SHAPE * COUNT {
            return Ok(new);
        }
        let mut worker = plan.worker();
        let mut cells = Plane::filled(plan.shape().0, count, Complex::default());
        // A shape of which no more than the operator's own error is heard, as where a mirror goes on with it, tells nothing.
        let peak = plan.channels().peaks().into_iter().fold(0.0, f64::max);
        let mut loudest = OPERATOR_MISMATCH / HEARD * peak * (new.frames.len() as f64).sqrt();
        for index in 0..COUNT {
            worker.forward(&new.shapes.samples(index), &mut cells)?;
            new.weigh(&mut cells);
            let image = (0..cells.rows()).flat_map(|k| new.frames.iter().map(move |t| (k, *t))).map(|at| cells[at]);
            let shares = (0..COUNT).map(|other| f64::from(u8::from(other == index))).collect();
            let part = Part { shares, image: image.collect() };
            new.add(part, &mut loudest);
        }
        Ok(new)
    }

    /// Gram and Schmidt's step, twice for the sake of rounding.
    fn add(&mut self, mut part: Part, loudest: &mut f64) {
        for other in self.parts.iter().chain(&self.parts) {
            let share = inner(other.image.iter().zip(&part.image));
            part.image.iter_mut().zip(&other.image).for_each(|(value, other)| *value -= other * share);
            add_scaled(&mut part.shares, -share, &other.shares);
        }
        let norm = inner(part.image.iter().zip(&part.image)).sqrt();
        *loudest = loudest.max(norm);
        if norm > HEARD * *loudest {
            part.image.iter_mut().for_each(|value| *value /= norm);
            part.shares.iter_mut().for_each(|value| *value /= norm);
            self.parts.push(part);
        }
    }

    /// Weighs cells by the square root of their weight.
    pub(super) fn weigh(&self, cells: &mut Plane<Complex<f64>>) {
        for (value, gain) in cells.as_mut_slice().iter_mut().zip(self.gain.as_slice()) {
            *value *= gain;
        }
    }

    /// How much of a part there is in weighed cells.
    fn share(&self, part: &Part, cells: &Plane<Complex<f64>>) -> f64 {
        let rows = part.image.chunks_exact(self.frames.len()).enumerate();
        rows.map(|(k, image)| inner(image.iter().zip(self.frames.iter().map(|t| &cells.row(k)[*t])))).sum()
    }

    /// Rows and frames of the data.
    pub(super) fn shape(&self) -> (usize, usize) {
        self.gain.shape()
    }

    /// The frames at the ends.
    pub(super) fn frames(&self) -> &[usize] {
        &self.frames
    }

    /// What the shapes can make of the weighed data in those frames, row by row: orthonormal.
    pub(super) fn images(&self) -> impl Iterator<Item = &[Complex<f64>]> {
        self.parts.iter().map(|part| part.image.as_slice())
    }

    /// Energy of the noise in the weighed cells at the ends.
    fn noise_energy(&self, noise: &RowNoise) -> f64 {
        let of_row = |(k, variance): (usize, &f64)| {
            self.frames.iter().map(|t| self.gain[(k, *t)].powi(2)).sum::<f64>() * variance
        };
        noise.0.iter().enumerate().map(of_row).sum()
    }

    /// Adds the sum of shapes that explains most of what a signal leaves of the data.
    ///
    /// A shape that is hardly heard is loud for little: where there is no more of it than [`SURE`] times the noise, or
    /// what is left, in any other direction of the same frames, it is shrunk to nothing (James and Stein 1961).
    pub(super) fn explain(&self, mut left: Plane<Complex<f64>>, noise: &RowNoise, signal: &mut [f64]) {
        if self.parts.is_empty() {
            return;
        }
        self.weigh(&mut left);
        let found: Vec<f64> = self.parts.iter().map(|part| self.share(part, &left)).collect();
        let whole: f64 =
            (0..left.rows()).flat_map(|k| self.frames.iter().map(move |t| (k, *t))).map(|at| left[at].norm_sqr()).sum();
        let others = (whole - found.iter().map(|share| share * share).sum::<f64>()).max(0.0);
        let directions = (2 * left.rows() * self.frames.len()) as f64;
        let noise = others.max(self.noise_energy(noise)) / directions;
        let mut shares = vec![0.0; COUNT];
        for (part, found) in self.parts.iter().zip(found) {
            let kept = if found == 0.0 { 0.0 } else { (1.0 - SURE * noise / (found * found)).max(0.0) };
            add_scaled(&mut shares, kept * found, &part.shares);
        }
        for (index, share) in shares.into_iter().enumerate().filter(|(_, share)| *share != 0.0) {
            add_scaled(signal, share, &self.shapes.samples(index));
        }
    }
}

/// Real part of the inner product.
pub(super) fn inner<'a>(pairs: impl Iterator<Item = (&'a Complex<f64>, &'a Complex<f64>)>) -> f64 {
    pairs.map(|(a, b)| a.re * b.re + a.im * b.im).sum()
}

/// A constant and a ramp over the whole signal, and sines and cosines that fade away from either end.
struct Shapes {
    samples: usize,
    reach: f64,
}

impl Shapes {
    fn new(plan: &dyn Analysis) -> Self {
        let longest = plan.channels().lengths().into_iter().fold(1.0, f64::max);
        Self { samples: plan.samples(), reach: (REACH * longest).min(plan.samples() as f64) }
    }

    fn samples(&self, index: usize) -> Vec<f64> {
        let middle = 0.5 * (self.samples as f64 - 1.0);
        match index {
            0 => vec![1.0; self.samples],
            1 => (0..self.samples).map(|i| (i as f64 - middle) / middle.max(1.0)).collect(),
            _ => {
                let (pair, kind) = ((index - 2) / 4 + 1, (index - 2) % 4);
                let turns = PI * (HALF_PERIODS * pair) as f64;
                let at = |i: usize| {
                    let share = i as f64 / self.reach;
                    let wave = if kind < 2 { (turns * share).sin() } else { (turns * share).cos() };
                    wave * raised_cosine((share - FLAT) / (1.0 - FLAT))
                };
                if kind % 2 == 0 {
                    (0..self.samples).map(at).collect()
                } else {
                    (0..self.samples).rev().map(at).collect()
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::inverse::filter::SpectralFilter;
    use crate::inverse::prior::{Diagonals, row_weights};
    use crate::inverse::{LeastSquaresOptions, RowNoise, least_squares};
    use crate::testing::{db_from_ratio, dot, noise};
    use crate::watch::Watch;
    use crate::{Cqt, CqtParams};

    const SAMPLES: usize = 600;

    fn flat(cells: &Plane<Complex<f64>>) -> Vec<f64> {
        cells.as_slice().iter().flat_map(|value| [value.re, value.im]).collect()
    }

    /// Solves a symmetric positive definite system by elimination.
    fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
        let n = right.len();
        for i in 0..n {
            for k in i + 1..n {
                let share = matrix[k][i] / matrix[i][i];
                let (above, below) = matrix.split_at_mut(k);
                add_scaled(&mut below[0][i..], -share, &above[i][i..]);
                right[k] -= share * right[i];
            }
        }
        for i in (0..n).rev() {
            let rest: f64 = (i + 1..n).map(|j| matrix[i][j] * right[j]).sum();
            right[i] = (right[i] - rest) / matrix[i][i];
        }
        right
    }

    /// The most likely signal, with unlimited variance for the shapes and the prior's for the rest, by a dense solve
    /// for both together.
    fn dense(plan: &Cqt, data: &Plane<Complex<f64>>, noise: &RowNoise) -> Vec<f64> {
        let mut filter = SpectralFilter::new(SAMPLES);
        let frequencies: Vec<f64> = filter.frequencies().collect();
        let ridge = Diagonals::weighed(plan, data, noise, (&row_weights(plan, data), Some(1e-2)), &frequencies).ridge;
        let shapes = Shapes::new(plan);
        let unit = |i: usize| (0..SAMPLES).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> =
            (0..SAMPLES).map(unit).chain((0..COUNT).map(|index| shapes.samples(index))).collect();
        let images: Vec<Vec<f64>> = columns.iter().map(|column| flat(&plan.forward(column).unwrap())).collect();
        let mut matrix: Vec<Vec<f64>> = images.iter().map(|a| images.iter().map(|b| dot(a, b)).collect()).collect();
        let mut ridged = vec![0.0; SAMPLES];
        for i in 0..SAMPLES {
            filter.load(&columns[i]);
            filter.product(|k| ridge[k], &mut ridged);
            add_scaled(&mut matrix[i][..SAMPLES], 1.0, &ridged);
        }
        // The shapes are nearly alike to the bank: what tells them apart by nothing is left at nothing.
        for (i, row) in matrix.iter_mut().enumerate().skip(SAMPLES) {
            row[i] *= 1.0 + 1e-9;
        }
        let right = images.iter().map(|image| dot(image, &flat(data))).collect();
        let shares = solved(matrix, right);
        let mut x = vec![0.0; SAMPLES];
        for (share, column) in shares.iter().zip(&columns) {
            add_scaled(&mut x, *share, column);
        }
        x
    }

    #[test]
    fn agrees_with_a_dense_solve() {
        let params = CqtParams { sr: 8000.0, bins: 24, fmin_hz: 400.0, hop: 32, ..CqtParams::default() };
        let plan = Cqt::new(&params, SAMPLES).unwrap();
        let hiss = noise(SAMPLES, 4);
        let x: Vec<f64> = (0..SAMPLES).map(|i| (0.45 * i as f64).sin() + 0.3 * hiss[i] + 20.0).collect();
        let data = plan.forward(&x).unwrap();
        let noise = RowNoise::relative(&data, 0.05);
        let wanted = plan.forward(&dense(&plan, &data, &noise)).unwrap();
        let options =
            LeastSquaresOptions { max_iterations: 2000, noise: Some(noise), ..LeastSquaresOptions::default() };
        let found = least_squares(&plan, &data, &options, &mut Watch::default()).unwrap();
        let db = db_from_ratio(&flat(&plan.forward(&found.samples).unwrap()), &flat(&wanted));
        // The noise is at -26 dB; what is shrunk away lies 16 dB below it.
        assert!(db < -40.0, "{db} dB from the dense solution");
    }

    #[test]
    fn few_cells_have_no_shapes() {
        let plan = Cqt::new(&CqtParams { bins: 12, fmin_hz: 440.0, ..CqtParams::default() }, 400).unwrap();
        let (rows, frames) = plan.shape();
        assert!(Outside::new(&plan, Plane::filled(rows, frames, 1.0), true).unwrap().parts.is_empty());
    }
}
