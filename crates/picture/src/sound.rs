//! What a sound can be and a picture of one turned round cannot: which end of the palette is quiet, and which end of
//! the picture is low.
//!
//! A constant-Q filter of centre f passes a band of f / Q, so the magnitudes of one row change no faster than that: low
//! rows are smooth over the frames, high ones rough. Where they are smooth, the magnitude of a band-limited signal passes
//! through its zeros at a steady rate: as a level, in decibels most of all, its minima are sharp and its maxima round.

use photophone_spectrum::Plane;

/// Standard deviations of a second difference's own noise from which an extremum counts: of noise alone one
/// second difference in 80 is that large.
const CLEAR: f64 = 2.5;
/// Variance of a second difference over that of a sample, and of the difference of second neighbours.
const SECOND: f64 = 6.0;
const SPAN: f64 = 2.0;
/// Cells beside each other of which a filter's response makes one: a Hann window's main lobe is three bins wide.
const ALIKE_ROWS: f64 = 3.0;
/// Share of the rows that count as smooth.
const SMOOTH_SHARE: f64 = 1.0 / 3.0;
/// Least steps between cells a row has to have for its roughness to be measured.
const LEAST_STEPS: f64 = 8.0;

/// Chance that a minimum of a sound's levels is sharper than a maximum, and how far one sound is from another: 0.83 for
/// white noise through the filters, 0.65 to 0.85 for music and speech in decibels.
const SHARPER: f64 = 0.75;
const SHARPER_SPREAD: f64 = 0.1;
/// Rank correlation of rows and their roughness, and how far one sound is from another: 0.9 for white noise, 0.5 to 0.95
/// for music and speech in decibels.
const RISE: f64 = 0.8;
const RISE_SPREAD: f64 = 0.3;
/// How often, before looking, frequency rises with the row, rows are equally rough, and frequency falls: what draws
/// spectrograms has the lowest at the bottom, what saves matrices (`imsave`, `Image.fromarray`) puts row 0 on top.
const RISING: f64 = 0.65;
const EQUAL: f64 = 0.3;
const FALLING: f64 = 0.05;

/// How levels of rows move over the frames.
pub(crate) struct Motion {
    rows: Vec<RowMotion>,
}

/// One row's triples of frames, those at an end of the palette left out, where drawing clips.
struct RowMotion {
    /// Second differences at minima and, with their sign changed, at maxima.
    minima: Vec<f64>,
    maxima: Vec<f64>,
    /// Share of the change that is of the fastest kind, 0 to 1; `None` where hardly anything changes.
    roughness: Option<f64>,
}

impl Motion {
    /// Measures levels, rows by frames, whose error has the standard deviation `noise`; palette ends lie within `step`
    /// of 0 and 1.
    pub(crate) fn new(levels: &Plane<f64>, noise: f64, step: f64) -> Self {
        let rows = (0..levels.rows()).map(|r| RowMotion::new(levels.row(r), noise, step)).collect();
        Self { rows }
    }

    /// Log-odds that high levels are loud, and the chance found that a minimum is sharper than a maximum; `None` where
    /// there are too few.
    pub(crate) fn upright_odds(&self) -> Option<(f64, f64)> {
        let mut smooth: Vec<(f64, &RowMotion)> =
            self.rows.iter().filter_map(|row| Some((row.roughness?, row))).collect();
        smooth.sort_by(|a, b| a.0.total_cmp(&b.0));
        let count = (self.rows.len() as f64 * SMOOTH_SHARE).ceil() as usize;
        let (mut minima, mut maxima) = (Vec::new(), Vec::new());
        for (_, row) in smooth.into_iter().take(count) {
            minima.extend_from_slice(&row.minima);
            maxima.extend_from_slice(&row.maxima);
        }
        let (m, n) = (minima.len() as f64, maxima.len() as f64);
        if m.min(n) < 2.0 {
            return None;
        }
        let share = sharper_share(&mut minima, &mut maxima);
        // The variance of Mann and Whitney's statistic.
        let variance = ALIKE_ROWS * (m + n + 1.0) / (12.0 * m * n) + SHARPER_SPREAD.powi(2);
        Some((log_odds(2.0 * share - 1.0, 2.0 * SHARPER - 1.0, 4.0 * variance), share))
    }

    /// Log-odds that the rows are not in the order of falling frequencies, and the rank correlation of row and roughness;
    /// `None` where too few rows move. In what is no constant-Q picture all rows may be equally rough, which says nothing
    /// of their order.
    pub(crate) fn upright_order_odds(&self) -> Option<(f64, f64)> {
        let rough: Vec<f64> = self.rows.iter().filter_map(|row| row.roughness).collect();
        let count = rough.len() as f64;
        if count < ALIKE_ROWS * LEAST_STEPS {
            return None;
        }
        let rise = rank_correlation(&rough);
        let chance = ALIKE_ROWS / count;
        let spread = chance + RISE_SPREAD.powi(2);
        let log = |mean, variance| log_density(rise, mean, variance);
        let upright = log_sum(RISING.ln() + log(RISE, spread), EQUAL.ln() + log(0.0, chance));
        Some((upright - FALLING.ln() - log(-RISE, spread), rise))
    }
}

impl RowMotion {
    fn new(levels: &[f64], noise: f64, step: f64) -> Self {
        let (mut minima, mut maxima) = (Vec::new(), Vec::new());
        let (mut second, mut span, mut steps) = (0.0, 0.0, 0.0);
        let inside = |level: f64| level > step && level < 1.0 - step;
        let clear = CLEAR * noise * SECOND.sqrt();
        for triple in levels.windows(3) {
            let (before, here, after) = (triple[0], triple[1], triple[2]);
            if !triple.iter().all(|&level| inside(level)) {
                continue;
            }
            let bend = before - 2.0 * here + after;
            second += bend * bend;
            span += (after - before).powi(2);
            steps += 1.0;
            if here < before && here < after && bend > clear {
                minima.push(bend);
            } else if here > before && here > after && -bend > clear {
                maxima.push(-bend);
            }
        }
        let own = noise * noise * steps;
        let (fast, all) = (second - SECOND * own, second + span - (SECOND + SPAN) * own);
        let moves = steps >= LEAST_STEPS && all > (SECOND + SPAN) * own;
        Self { minima, maxima, roughness: moves.then(|| (fast / all).clamp(0.0, 1.0)) }
    }
}

/// Share of the pairs of which the first is larger, equal ones counting half.
fn sharper_share(first: &mut [f64], second: &mut [f64]) -> f64 {
    first.sort_by(f64::total_cmp);
    second.sort_by(f64::total_cmp);
    let below = |x: f64| second.partition_point(|&y| y < x) + second.partition_point(|&y| y <= x);
    let pairs = first.iter().map(|&x| below(x)).sum::<usize>();
    pairs as f64 / (2 * first.len() * second.len()) as f64
}

/// Spearman's rank correlation of values with their places.
fn rank_correlation(values: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let count = values.len() as f64;
    let squares: f64 = order.iter().enumerate().map(|(rank, &place)| (rank as f64 - place as f64).powi(2)).sum();
    1.0 - 6.0 * squares / (count * (count * count - 1.0))
}

/// Log-odds of a normal distribution about `mean` against one about `-mean`.
fn log_odds(found: f64, mean: f64, variance: f64) -> f64 {
    log_density(found, mean, variance) - log_density(found, -mean, variance)
}

/// Logarithm of a normal distribution's density.
fn log_density(found: f64, mean: f64, variance: f64) -> f64 {
    -0.5 * ((found - mean).powi(2) / variance + (std::f64::consts::TAU * variance).ln())
}

/// Logarithm of the sum of two numbers given by their logarithms.
fn log_sum(a: f64, b: f64) -> f64 {
    let (high, low) = (a.max(b), a.min(b));
    high + (low - high).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: f64 = 1.0 / 256.0;

    /// Decibels over 80 of noise through filters whose bands grow by an octave in 12 rows, a frame rate of 86 Hz.
    fn noise_through_filters(rows: usize, frames: usize) -> Plane<f64> {
        let mut state = 3u64;
        let mut random = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let tones = 12;
        let powers = (0..rows).map(|row| {
            let band = 2.0 / 86.0 * (row as f64 / 12.0).exp2();
            let waves: Vec<(f64, f64)> = (0..tones).map(|_| (band * (random() - 0.5), random())).collect();
            let power = |t: usize| {
                let turn = |&(rate, start): &(f64, f64)| (std::f64::consts::TAU * (rate * t as f64 + start)).sin_cos();
                let (sin, cos) = waves.iter().map(turn).fold((0.0, 0.0), |(a, b), (sin, cos)| (a + sin, b + cos));
                sin * sin + cos * cos
            };
            (0..frames).map(power).collect::<Vec<f64>>()
        });
        let powers: Vec<Vec<f64>> = powers.collect();
        let level = |power: f64| 1.0 + 10.0 * (power / f64::from(tones * tones)).log10() / 80.0;
        Plane::from_fn(rows, frames, |row, t| (level(powers[row][t]).clamp(0.0, 0.999) / STEP).floor() * STEP)
    }

    fn turned(levels: &Plane<f64>) -> Plane<f64> {
        Plane::from_fn(levels.rows(), levels.columns(), |r, c| levels[(levels.rows() - 1 - r, c)])
    }

    #[test]
    fn a_picture_turned_round_is_no_sounds() {
        let levels = noise_through_filters(84, 200);
        let rising = |levels: &Plane<f64>| Motion::new(levels, STEP / 4.0, STEP).upright_order_odds().unwrap().0;
        assert!(rising(&levels) > 6.0 && rising(&turned(&levels)) < -2.0, "{}", rising(&levels));
        let upright = |levels: &Plane<f64>| Motion::new(levels, STEP / 4.0, STEP).upright_odds().unwrap().0;
        let negative = levels.map(|level| 1.0 - level);
        assert!(upright(&levels) > 5.0 && upright(&negative) < -5.0, "{} {}", upright(&levels), upright(&negative));
        assert!(upright(&turned(&levels)) > 5.0);
    }

    #[test]
    fn what_moves_alike_in_all_rows_tells_nothing() {
        let mut state = 9u64;
        let levels = Plane::from_fn(84, 200, |_, _| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            0.2 + 0.6 * (state >> 11) as f64 / (1u64 << 53) as f64
        });
        let motion = Motion::new(&levels, STEP / 4.0, STEP);
        assert!(motion.upright_order_odds().unwrap().0 > 0.0 && motion.upright_odds().unwrap().0.abs() < 1.5);
        let still = Motion::new(&Plane::filled(84, 200, 0.5), STEP / 4.0, STEP);
        assert!(still.upright_order_odds().is_none() && still.upright_odds().is_none());
    }
}
