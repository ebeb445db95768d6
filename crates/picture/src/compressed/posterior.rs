//! The mean and variance of each cell's entry over all pictures that the file may be of.

use photophone_spectrum::Plane;

use super::model::Model;

/// Most sweeps of a chain: half of them before the first one that counts, each at a temperature: likelihoods to the power of
/// one over it. Two cells that share their chroma may both be wrong and explain it together; what is hot finds out of that.
const SWEEPS: usize = 40;

/// Least sweeps of a chain. Of pictures with 200 000 cells they lose 0.3 dB of the sound to the most.
const LEAST_SWEEPS: usize = 8;

/// Visits of cells, over all sweeps: a second. With more cells there are fewer sweeps.
const VISITS: usize = 1 << 21;

/// Temperature of the first sweep; the last ones before those that count are at 1, as these are.
const HOTTEST: f32 = 64.0;

/// Times that it is done anew, from where the last one ended: where cells end up elsewhere every time, their variance
/// tells (Gelman and Rubin 1992).
const MOST_CHAINS: usize = 2;

/// Cost beyond the least from which an entry is not considered: its likelihood is below `exp(-15)`.
const NEGLIGIBLE: f32 = 30.0;

/// Estimates of cells, rows counted from the top, in entries of the palette.
pub(super) struct Posterior {
    pub(super) mean: Plane<f64>,
    pub(super) variance: Plane<f64>,
    /// See [`Model::misfit`].
    pub(super) misfit: f64,
}

/// Draws pictures from the posterior by Gibbs sampling (Geman and Geman 1984): one cell after the other gets an entry
/// drawn from its distribution given all others. What counts is not the entry drawn but that distribution's mean and
/// variance (Rao-Blackwell), which converge sooner. The draws are the same in every run. `None` once stopped, or where the
/// misfit is over `most_misfit`.
pub(super) fn sampled(
    model: &mut Model,
    mut entries: Plane<usize>,
    most_misfit: f64,
    is_stopped: &dyn Fn() -> bool,
) -> Option<Posterior> {
    let (rows, columns) = model.shape();
    let (uncounted, chains) = sweeps_and_chains(rows * columns);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut first = Plane::from_fn(rows, columns, |_, _| 0.0);
    let mut second = first.clone();
    let mut odds = Vec::new();
    for sweep in (0..chains).flat_map(|_| 0..2 * uncounted) {
        if sweep == uncounted && model.misfit() > most_misfit {
            return None;
        }
        let temperature = HOTTEST.powf((1.0 - 1.25 * sweep as f32 / uncounted as f32).max(0.0));
        for row in 0..rows {
            if is_stopped() {
                return None;
            }
            for column in 0..columns {
                let from = entries[(row, column)];
                let drawn = drawn(model, ((row, column), from), temperature, &mut random, &mut odds);
                if drawn.entry != from {
                    model.change((row, column), from, drawn.entry);
                    entries[(row, column)] = drawn.entry;
                }
                if sweep >= uncounted {
                    first[(row, column)] += drawn.mean;
                    second[(row, column)] += drawn.square;
                }
            }
        }
    }
    let mean = first.map(|sum| sum / (chains * uncounted) as f64);
    let variance = Plane::from_fn(rows, columns, |row, column| {
        (second[(row, column)] / (chains * uncounted) as f64 - mean[(row, column)].powi(2)).max(0.0)
    });
    Some(Posterior { mean, variance, misfit: model.misfit() })
}

/// The sweeps of a chain that do not count, which as many that do follow, and the chains of a picture with so many cells.
fn sweeps_and_chains(cells: usize) -> (usize, usize) {
    let sweeps = (VISITS / cells.max(1)).clamp(LEAST_SWEEPS, MOST_CHAINS * SWEEPS);
    let chains = if sweeps < MOST_CHAINS * SWEEPS { 1 } else { MOST_CHAINS };
    (sweeps.min(SWEEPS) / 2, chains)
}

/// A draw, and the distribution that it was drawn from.
struct Drawn {
    entry: usize,
    mean: f64,
    /// Mean square.
    square: f64,
}

fn drawn(
    model: &Model,
    (cell, from): ((usize, usize), usize),
    temperature: f32,
    random: &mut Random,
    odds: &mut Vec<f32>,
) -> Drawn {
    let told = model.told(cell.0, cell.1);
    odds.clear();
    odds.extend((0..model.entries()).map(|entry| model.cost(&told, from, entry)));
    let least = odds.iter().copied().fold(f32::INFINITY, f32::min);
    let (mut sum, mut mean, mut square) = (0.0, 0.0, 0.0);
    for (entry, odds) in odds.iter_mut().enumerate() {
        let over = (*odds - least) / temperature;
        *odds = if over < NEGLIGIBLE { (-0.5 * over).exp() } else { 0.0 };
        let (entry, share) = (entry as f64, f64::from(*odds));
        sum += share;
        mean += share * entry;
        square += share * entry * entry;
    }
    let mut left = random.next() * sum;
    let passed = |odds: &f32| {
        left -= f64::from(*odds);
        left <= 0.0 && *odds > 0.0
    };
    let entry = odds.iter().position(passed).unwrap_or(from);
    Drawn { entry, mean: mean / sum, square: square / sum }
}

/// Marsaglia's xorshift64 (2003) with the multiplier of Vigna's xorshift64*.
struct Random(u64);

impl Random {
    /// Evenly from 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_pictures_have_fewer_sweeps() {
        assert_eq!(sweeps_and_chains(84 * 260), (20, 2));
        assert_eq!(sweeps_and_chains(60_000), (17, 1));
        assert_eq!(sweeps_and_chains(1025 * 216), (4, 1));
        assert_eq!(sweeps_and_chains(0), (20, 2));
    }
}
