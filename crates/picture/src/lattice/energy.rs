//! A lattice from how strongly neighbouring pixels differ: for blurred, resized or compressed pictures, where
//! every pixel edge shows some change but those on cell boundaries show more.

use std::borrow::Cow;

use photophone_spectrum::{StopFlag, Stopped};

use super::axis_fit::AxisFit;
use crate::raster::Field;

/// Pixels on either side over which change is averaged, so that loud passages do not outweigh quiet ones.
const LOCAL_PX: usize = 8;
/// Smallest cells searched for in changed pictures when their number is unknown, in pixels: below, fewer than one pixel
/// edge in seven is no boundary, and compression leaves too little of that.
const FINEST_CELL_PX: f64 = 1.15;
/// Largest cells searched for when their number is unknown, in pixels.
const COARSEST_CELL_PX: f64 = 40.0;
/// Strongest frequencies of the change that are tried as lattices.
const PEAKS: usize = 6;
/// Pixels up to which a profile is searched as a whole: the search takes time as the square of its length. Longer ones
/// are searched over their loudest stretch of that length, which is then doubled.
const LONG_PX: usize = 4096;
/// Pixels by which a lattice may drift over a stretch that it was found on.
const DRIFT_PX: f64 = 1.0;
/// Least change relative to its surroundings, before its logarithm is taken.
const LEAST_CHANGE: f64 = 1e-3;
/// Stretches of a long side in which cells are looked for.
const STRETCHES: usize = 4;
/// Standard errors within which two lattices stand out alike.
const ALIKE: f64 = 1.0;
/// Standard errors by which boundaries must stand out. A normal number exceeds 7.5 once in 3e13, and a side of `n` = 4096 px
/// has about `n^3 / pi^2` = 7e9 lattices (Mignosi 1991), so one side in 4500 without cells has one by chance.
const MIN_SCORE: f64 = 7.5;
/// The same when the number of cells is known and far fewer lattices are tried: a normal number exceeds 3.5 once in 4300.
const MIN_SCORE_TOLD: f64 = 3.5;

/// Summed absolute difference of each column's luma from the one on its left, over all rows. Compression coarsens chroma
/// and may share one chroma among four pixels.
pub(crate) fn energies(field: &Field, stop: &StopFlag) -> Result<Vec<f64>, Stopped> {
    // ITU-R BT.601.
    let luma = |&[r, g, b]: &[u8; 3]| 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
    let mut sums = vec![0.0; field.width];
    for y in 0..field.height {
        stop.check()?;
        let lumas: Vec<f64> = field.row(y).iter().map(luma).collect();
        for (sum, pair) in sums[1..].iter_mut().zip(lumas.windows(2)) {
            *sum += (pair[1] - pair[0]).abs();
        }
    }
    Ok(sums)
}

/// The lattice whose boundaries carry the most change, if they stand out; `expected` cells, or one fewer, if told, and
/// just so many if `exactly`.
pub(crate) fn fit_to_energy(energies: &[f64], expected: Option<usize>, exactly: bool) -> Option<AxisFit> {
    let length = energies.len();
    if length < 8 {
        return None;
    }
    let (plain, log) = (Profile::new(energies), Profile::logarithmic(energies));
    let both = plain.joined(&log);
    let best = match expected {
        Some(n) if n > 1 && exactly => both.best_of(n),
        Some(n) if n > 1 => both.best_of_told(n),
        _ => {
            // A fine lattice and its alias differ at few edges: there two boundaries meet, or none is near. The
            // logarithm weighs an edge without change as much as one with.
            let found = both.all(FINEST_CELL_PX);
            let most = found.iter().map(|comb| comb.score).fold(f64::NEG_INFINITY, f64::max);
            if most < MIN_SCORE {
                return None;
            }
            let alike = found.into_iter().filter(|comb| comb.score > most - ALIKE);
            alike.max_by(|a, b| log.score(a.origin, a.cell).total_cmp(&log.score(b.origin, b.cell)))?
        }
    };
    let enough = if expected.is_some() { MIN_SCORE_TOLD } else { MIN_SCORE };
    if best.score < enough || best.cell < 1.0 {
        return None;
    }
    let told = expected.filter(|&n| (n as f64 * best.cell - length as f64).abs() < 1.5 * best.cell);
    // Cell 0 holds pixel 0. A boundary within the first pixel is drawn at its edge, and one within half a cell may be
    // the box's own edge, a little off.
    let latest = f64::max(1.0, best.cell / 2.0);
    let origin = best.origin - ((best.origin - latest) / best.cell).floor().max(-1.0) * best.cell - best.cell;
    let seen = ((length as f64 - origin) / best.cell).round().max(1.0) as usize;
    let cells = told.map_or(seen, |n| if !exactly && (n == seen + 1 || n == seen) { seen } else { n });
    let confidence = (1.0 - (enough / best.score).powi(2)).clamp(0.1, 0.9);
    Some(AxisFit { origin, cell: best.cell, cells, confidence, ..AxisFit::default() })
}

/// A lattice and how much speaks for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comb {
    pub(super) origin: f64,
    pub(super) cell: f64,
    pub(super) score: f64,
}

/// Change relative to its surroundings, mean 0.
#[derive(Clone)]
pub(super) struct Profile {
    values: Vec<f64>,
    deviation: f64,
}

impl Profile {
    pub(super) fn new(energies: &[f64]) -> Self {
        Self::of(energies, |change| change - 1.0)
    }

    /// Of the logarithm of the change, which many small changes shape as much as a few large ones.
    fn logarithmic(energies: &[f64]) -> Self {
        Self::of(energies, |change| change.max(LEAST_CHANGE).ln())
    }

    /// The sum of two profiles, each in its own standard deviations.
    fn joined(&self, other: &Self) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(a, b)| a / self.deviation + b / other.deviation);
        Self::centred(values.collect())
    }

    fn of(energies: &[f64], value_from_change: impl Fn(f64) -> f64) -> Self {
        let mut values = vec![0.0; energies.len()];
        for (x, value) in values.iter_mut().enumerate().skip(1) {
            let near = &energies[x.saturating_sub(LOCAL_PX).max(1)..(x + LOCAL_PX + 1).min(energies.len())];
            let mean = near.iter().sum::<f64>() / near.len() as f64;
            *value = if mean > 0.0 { value_from_change(energies[x] / mean) } else { 0.0 };
        }
        Self::centred(values)
    }

    fn centred(mut values: Vec<f64>) -> Self {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        for value in &mut values {
            *value -= mean;
        }
        let deviation = (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt();
        Self { values, deviation: deviation.max(f64::MIN_POSITIVE) }
    }

    /// Standard errors by which the mean change on a lattice's boundaries exceeds that elsewhere.
    fn score(&self, origin: f64, cell: f64) -> f64 {
        let length = self.values.len();
        let (mut sum, mut count, mut place) = (0.0, 0usize, origin);
        while place < length as f64 {
            if place >= 1.0 {
                sum += self.values[place as usize];
                count += 1;
            }
            place += cell;
        }
        let off = length.saturating_sub(count);
        if count == 0 || off == 0 {
            return 0.0;
        }
        // The whole has mean 0, so the rest's mean is -sum / off.
        let contrast = sum / count as f64 + sum / off as f64;
        contrast / self.deviation * ((count * off) as f64 / length as f64).sqrt()
    }

    /// The best lattice with so many cells, or one fewer; `cells` is over 1.
    pub(super) fn best_of_told(&self, cells: usize) -> Comb {
        let length = self.values.len() as f64;
        self.best_within((length - 1.0) / (cells as f64 + 0.5), (length + 1.0) / (cells as f64 - 1.5).max(0.5))
    }

    /// The best lattice with just so many cells, whose outer ones may be cut by a pixel or begin one outside; `cells` is
    /// over 1.
    fn best_of(&self, cells: usize) -> Comb {
        let (length, cells) = (self.values.len() as f64, cells as f64);
        self.best_within((length - 1.0) / cells, (length + 2.0) / cells)
    }

    /// The best lattice of any number of cells no narrower than `finest_px`.
    pub(super) fn best_of_all(&self, finest_px: f64) -> Option<Comb> {
        self.all(finest_px).into_iter().max_by(|a, b| a.score.total_cmp(&b.score))
    }

    /// The best lattice near each size that is worth a look.
    fn all(&self, finest_px: f64) -> Vec<Comb> {
        let near = |cell: f64| {
            let reach = cell * cell / self.values.len().min(LONG_PX) as f64;
            self.best_on_stretch(cell - reach, cell + reach)
        };
        let mut found: Vec<Comb> = self.cell_candidates(finest_px).into_iter().map(near).collect();
        if self.values.len() > LONG_PX {
            found.sort_by(|a, b| b.score.total_cmp(&a.score));
            found.truncate(PEAKS);
        }
        found.into_iter().map(|comb| self.followed(comb)).collect()
    }

    fn best_within(&self, low: f64, high: f64) -> Comb {
        // Cells so large that few are in a stretch are placed on a coarser raster instead.
        if high > (LONG_PX / 8) as f64 {
            return self.best_on_raster(low, high);
        }
        self.followed(self.best_on_stretch(low, high))
    }

    fn best_on_stretch(&self, low: f64, high: f64) -> Comb {
        self.loudest(self.values.len().min(LONG_PX)).best_on_raster(low, high)
    }

    /// A lattice that was found on a stretch, followed to the ends.
    fn followed(&self, mut best: Comb) -> Comb {
        let whole = self.values.len();
        let mut length = whole.min(LONG_PX);
        while length < whole {
            let reach = DRIFT_PX * best.cell / length as f64;
            length = (2 * length).min(whole);
            best = self.loudest(length).best_on_raster(best.cell - reach, best.cell + reach);
        }
        best
    }

    /// The stretch of so many pixels with the most change in it.
    fn loudest(&self, length: usize) -> Cow<'_, Self> {
        if length == self.values.len() {
            return Cow::Borrowed(self);
        }
        let power = |x: usize| self.values[x] * self.values[x];
        let mut sum: f64 = (0..length).map(power).sum();
        let (mut most, mut start) = (sum, 0);
        for first in 1..=self.values.len() - length {
            sum += power(first + length - 1) - power(first - 1);
            if sum > most {
                (most, start) = (sum, first);
            }
        }
        Cow::Owned(Self::centred(self.values[start..start + length].to_vec()))
    }

    fn best_on_raster(&self, low: f64, high: f64) -> Comb {
        let length = self.values.len() as f64;
        let coarseness = if high > (LONG_PX / 8) as f64 { (length / LONG_PX as f64).max(1.0) } else { 1.0 };
        let mut best = Comb { origin: 0.0, cell: low, score: f64::NEG_INFINITY };
        // A quarter of a pixel of drift over the whole length.
        let mut cell = low.max(1.0);
        while cell <= high {
            let mut origin = 0.0;
            while origin < cell {
                let score = self.score(origin, cell);
                if score > best.score {
                    best = Comb { origin, cell, score };
                }
                origin += 0.2 * coarseness;
            }
            cell += 0.25 * coarseness * cell / length;
        }
        best
    }

    /// Cell sizes whose first or second harmonic is among the strongest frequencies of the change.
    fn cell_candidates(&self, finest_px: f64) -> Vec<f64> {
        let length = self.values.len().min(LONG_PX);
        let bins = 2 * length;
        // The powers of stretches add up, wherever their lattices begin (Bartlett 1948). Those with most change tell most.
        let mut stretches: Vec<&[f64]> = self.values.chunks(length).collect();
        let change = |stretch: &[f64]| stretch.iter().map(|value| value * value).sum::<f64>();
        stretches.sort_by(|a, b| change(b).total_cmp(&change(a)));
        stretches.truncate(STRETCHES);
        let power_at = |f: f64| stretches.iter().map(|stretch| power_at(stretch, f)).sum();
        let power: Vec<f64> = (1..=bins).map(|k| power_at(0.5 * k as f64 / bins as f64)).collect();
        let mut peaks: Vec<usize> =
            (1..bins - 1).filter(|&k| power[k] >= power[k - 1] && power[k] > power[k + 1]).collect();
        peaks.sort_by(|&a, &b| power[b].total_cmp(&power[a]));
        let frequencies = peaks.into_iter().take(PEAKS).map(|k| 0.5 * (k + 1) as f64 / bins as f64);
        let cells = frequencies.flat_map(|f| [1.0 / f, 1.0 / (1.0 - f), 2.0 / f, 2.0 / (1.0 - f)]);
        cells.filter(|cell| (finest_px..COARSEST_CELL_PX).contains(cell)).collect()
    }
}

/// Power of a profile at a frequency in cycles a pixel (Goertzel's recurrence).
fn power_at(values: &[f64], frequency: f64) -> f64 {
    let twice_cos = 2.0 * (std::f64::consts::TAU * frequency).cos();
    let (mut a, mut b) = (0.0, 0.0);
    for &value in values {
        (a, b) = (value + twice_cos * a - b, a);
    }
    a * a + b * b - twice_cos * a * b
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noisy_profile(length: usize, origin: f64, cell: f64, contrast: f64) -> Vec<f64> {
        let mut state = 7u64;
        let mut noise = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as f64 / (1u64 << 31) as f64
        };
        let mut energies: Vec<f64> = (0..length).map(|_| 1.0 + noise()).collect();
        let mut place = origin;
        while place < length as f64 {
            energies[place as usize] += contrast;
            place += cell;
        }
        energies
    }

    #[test]
    fn a_noisy_lattice_is_found_without_its_number_of_cells() {
        for (length, cell) in [(496, 496.0 / 260.0), (370, 4.4), (2000, 9.26), (600, 2.61)] {
            let fit = fit_to_energy(&noisy_profile(length, 0.3, cell, 1.0), None, false).unwrap();
            assert!((fit.cell - cell).abs() * (length as f64) < cell * cell, "{cell} {fit:?}");
            assert!(fit.cells.abs_diff((length as f64 / cell).round() as usize) <= 1);
        }
    }

    /// The longest side of a JPEG, silent at first. Searched as a whole, this takes minutes.
    #[test]
    fn a_long_profile_is_searched_by_stretches_and_to_its_ends() {
        for (cell, told) in [(9.26, None), (9.26, Some(7078)), (2.61, None), (30_000.0, Some(3))] {
            let mut energies = noisy_profile(65_535, 0.3, cell, 1.0);
            energies[..20_000].fill(0.0);
            let fit = fit_to_energy(&energies, told, false);
            if cell < 100.0 {
                let fit = fit.unwrap();
                assert!((fit.cell - cell).abs() * 65_535.0 < cell, "{cell} {fit:?}");
            }
        }
    }

    #[test]
    fn noise_has_no_lattice() {
        assert_eq!(fit_to_energy(&noisy_profile(500, 0.0, 1e9, 0.0), None, false), None);
    }
}
