//! The noise that shows in what the linear inverse leaves unexplained.

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::inverse::RowNoise;

/// How many times what is left beyond the known noise is wrong: where the grid undersamples, a signal is found for nearly all
/// errors, and of those of its own that the linear inverse makes at the ends and below the bins a part shows. Measured: 1 costs
/// a picture of a sweep all of its 27 dB, 10 and 100 are within 0.9 dB of each other.
const TIMES: f64 = 10.0;

/// The most that a quantiser is off, squared, over its mean square: a quarter of the step's square over a twelfth. Cells
/// below the darkest level, and those of a steady partial, are off by most of it all along. Measured on pictures of 80 dB:
/// without it bells lose 2.7 dB, a sweep 0.9, a voice 0.03.
const AT_MOST: f64 = 3.0;

/// Rows and frames to either side over which what is left is averaged: filters overlap with so many.
const REACH: usize = 2;

/// The noise of each cell by which the adaptive inverse goes: the known `noise` at most, and more where `made`, the transform
/// of the linear solution, is further from the data than that, and than the row's noise, to which it was found. So a
/// range's middle or what a loud rumble leaves in the bins is not believed to the last digit.
pub(super) fn noise_that_shows(
    data: &Plane<Complex<f64>>,
    made: &Plane<Complex<f64>>,
    noise: &Plane<f64>,
    trust: Option<&Plane<f64>>,
) -> Plane<f64> {
    let (rows, frames) = data.shape();
    let (noise, of_rows) = (noise.map(|noise| AT_MOST * noise), RowNoise::from_cells(noise));
    let trust = |cell: (usize, usize)| trust.map_or(1.0, |trust| trust[cell]);
    let left = Plane::from_fn(rows, frames, |row, t| {
        let cell = (row, t);
        trust(cell) * ((data[cell] - made[cell]).norm_sqr() - noise[cell].max(AT_MOST * of_rows.0[row]))
    });
    Plane::from_fn(rows, frames, |row, t| {
        let near = |at: usize, count: usize| at.saturating_sub(REACH)..(at + REACH + 1).min(count);
        let cells = near(row, rows).flat_map(|row| near(t, frames).map(move |t| (row, t)));
        let (sum, of) = cells.fold((0.0, 0.0), |(sum, of), cell| (sum + left[cell], of + trust(cell)));
        noise[(row, t)].max(TIMES * sum / f64::max(of, f64::MIN_POSITIVE))
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
        let told = noise_that_shows(&cells(|_, _| 1.0), &cells(|_, t| 1.0 + 0.1 * (t % 2) as f64), &noise, None);
        assert_eq!(told, noise.map(|noise| AT_MOST * noise));
    }

    #[test]
    fn what_is_left_beyond_it_raises_it_nearby_where_it_is_trusted() {
        let noise = Plane::filled(9, 12, 1e-6);
        let made = cells(|row, t| if (row, t) == (4, 6) { 2.0 } else { 1.0 });
        let told = noise_that_shows(&cells(|_, _| 1.0), &made, &noise, None);
        // One error of 1 among 25 cells.
        assert!((told[(4, 6)] - TIMES / 25.0).abs() < 1e-4 && (told[(2, 8)] - TIMES / 25.0).abs() < 1e-4);
        assert!([(1, 6), (4, 9)].iter().all(|&cell| (told[cell] - AT_MOST * 1e-6).abs() < 1e-12));

        let trust = Plane::from_fn(9, 12, |row, t| f64::from(u8::from((row, t) != (4, 6))));
        for trust in [trust, Plane::filled(9, 12, 0.0)] {
            let told = noise_that_shows(&cells(|_, _| 1.0), &made, &noise, Some(&trust));
            assert_eq!(told, noise.map(|noise| AT_MOST * noise));
        }
    }
}
