//! The noise by which the adaptive inverse goes: as told, and as what the linear inverse leaves unexplained shows.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::options::AdaptiveOptions;
use crate::TransformError;
use crate::analysis::Analysis;
use crate::inverse::{OPERATOR_MISMATCH, RowNoise, Solution};

/// How many times what is left beyond the known noise is wrong, away from the ends: where the grid undersamples, a signal is
/// found for nearly all errors, of which a part shows. Measured on ten sounds, speech above a rumble among them: 1, 10 and 100
/// are within 0.5 dB of each other, and up to 1.8 dB better than nothing; beside a loud tone above the bins 100 loses 2 dB.
const TIMES: f64 = 10.0;

/// The same of filters that reach beyond an end, where the linear inverse errs most and least of it shows. At 84 dB (notes
/// above an offset of a hundredth) 10 loses 2.0 dB to the offset, and 100, 300 and 1000 lose 0.5 to 0.4.
const TIMES_AT_ENDS: f64 = 300.0;

/// Rows and frames to either side over which what is left is averaged: filters overlap with so many.
const REACH: usize = 2;

/// The noise of each cell of data of which a linear solution was found.
pub(super) fn noise_of(
    plan: &dyn Analysis,
    data: &Plane<Complex<f64>>,
    linear: &Solution,
    options: &AdaptiveOptions<'_>,
) -> Result<Plane<f64>, TransformError> {
    let noise = told(data, options);
    if options.intervals.is_some() {
        // Ranges say themselves how far the data can be off.
        return Ok(noise);
    }
    let (channels, frames) = (plan.channels(), data.columns());
    let reach = |row: usize| (0.5 * channels.rows[row].length / channels.hop as f64).ceil() as usize;
    let times = |(row, t): (usize, usize)| {
        let is_at_an_end = t < reach(row) || t + reach(row) >= frames;
        if is_at_an_end { TIMES_AT_ENDS } else { TIMES }
    };
    Ok(noise_that_shows(data, &plan.forward(&linear.samples)?, (&noise, &times), options.trust))
}

/// The noise that was told; else that of the operator itself.
pub(super) fn told(data: &Plane<Complex<f64>>, options: &AdaptiveOptions<'_>) -> Plane<f64> {
    let mismatch = || RowNoise::relative(data, OPERATOR_MISMATCH).cells(data.columns());
    options.noise.map_or_else(mismatch, Clone::clone)
}

/// How many times what shows in a cell counts.
type Times<'a> = dyn Fn((usize, usize)) -> f64 + 'a;

/// The noise of each cell: the known `noise`, and so many `times` more where `made`, the transform
/// of the linear solution, is further from the data than that, and than the row's noise, to which it was found. So a
/// range's middle or what a loud rumble leaves in the bins is not believed to the last digit.
fn noise_that_shows(
    data: &Plane<Complex<f64>>,
    made: &Plane<Complex<f64>>,
    (noise, times): (&Plane<f64>, &Times<'_>),
    trust: Option<&Plane<f64>>,
) -> Plane<f64> {
    let (rows, frames) = data.shape();
    let of_rows = RowNoise::from_cells(noise);
    let trust = |cell: (usize, usize)| trust.map_or(1.0, |trust| trust[cell]);
    let left = Plane::from_fn(rows, frames, |row, t| {
        let cell = (row, t);
        trust(cell) * ((data[cell] - made[cell]).norm_sqr() - noise[cell].max(of_rows.0[row]))
    });
    Plane::from_fn(rows, frames, |row, t| {
        let near = |at: usize, count: usize| at.saturating_sub(REACH)..(at + REACH + 1).min(count);
        let cells = near(row, rows).flat_map(|row| near(t, frames).map(move |t| (row, t)));
        let (sum, of) = cells.fold((0.0, 0.0), |(sum, of), cell| (sum + left[cell], of + trust(cell)));
        noise[(row, t)].max(times((row, t)) * sum / f64::max(of, f64::MIN_POSITIVE))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(value: impl Fn(usize, usize) -> f64) -> Plane<Complex<f64>> {
        Plane::from_fn(9, 12, |row, t| Complex::from(value(row, t)))
    }

    #[test]
    fn what_the_known_noise_accounts_for_changes_nothing() {
        let noise = Plane::filled(9, 12, 0.01);
        let told =
            noise_that_shows(&cells(|_, _| 1.0), &cells(|_, t| 1.0 + 0.1 * (t % 2) as f64), (&noise, &|_| TIMES), None);
        assert_eq!(told, noise);
    }

    #[test]
    fn what_is_left_beyond_it_raises_it_nearby_where_it_is_trusted() {
        let noise = Plane::filled(9, 12, 1e-6);
        let made = cells(|row, t| if (row, t) == (4, 6) { 2.0 } else { 1.0 });
        let told = noise_that_shows(&cells(|_, _| 1.0), &made, (&noise, &|_| TIMES), None);
        // One error of 1 among 25 cells.
        assert!((told[(4, 6)] - TIMES / 25.0).abs() < 1e-4 && (told[(2, 8)] - TIMES / 25.0).abs() < 1e-4);
        assert!([(1, 6), (4, 9)].iter().all(|&cell| (told[cell] - 1e-6).abs() < 1e-12));

        let trust = Plane::from_fn(9, 12, |row, t| f64::from(u8::from((row, t) != (4, 6))));
        for trust in [trust, Plane::filled(9, 12, 0.0)] {
            let told = noise_that_shows(&cells(|_, _| 1.0), &made, (&noise, &|_| TIMES), Some(&trust));
            assert_eq!(told, noise);
        }
    }
}
