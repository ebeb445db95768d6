//! How far the learnt prior is to be believed: tested on cells that it has not seen.

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::Cqt;

/// One cell in this many is held out while the prior is tested: some hundred of them in a few seconds
/// of sound, and too few to be missed by what is learnt from the others.
const ONE_IN: u64 = 16;

/// Reach of the average over rows, in octaves.
const REACH_OCTAVES: f64 = 0.5;

/// Shares between which belief rises from none to all. One half is where both estimates predict
/// unseen cells equally well. What is learnt improves further once it sees all cells, so that half
/// is enough for half.
const DOUBT: f64 = 0.35;
const CERTAINTY: f64 = 0.65;

/// Whether a cell is held out: a fixed draw, so that results can be repeated.
///
/// The finaliser of `SplitMix64` (Steele, Lea and Flood 2014).
pub(super) fn is_held_out(row: usize, frame: usize) -> bool {
    let mut bits = (((row as u64) << 32) | frame as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (bits ^ (bits >> 31)).is_multiple_of(ONE_IN)
}

/// How much of the learnt estimate's difference from the plain one is to be believed, 0 to 1, over
/// frequency: as much as cells confirm that neither has seen.
#[derive(Clone, Debug)]
pub(super) struct Belief {
    /// Log frequency of each row, in octaves, and its belief.
    rows: Vec<(f64, f64)>,
}

impl Belief {
    /// `data`, and what the plain and the learnt estimate predict of it, in cells that neither has
    /// seen (`held`). Regression of `data - plain` on `learnt - plain` (stacking, Breiman 1996), averaged over
    /// rows nearby. Each cell weighs as its magnitude does, not its power: else a few onsets, which
    /// nothing predicts, would outvote all that follows them.
    pub(super) fn from_held_out(
        plan: &Cqt,
        held: impl Fn(usize, usize) -> bool,
        data: &Plane<Complex<f64>>,
        [plain, learnt]: &[Plane<Complex<f64>>; 2],
    ) -> Self {
        let octaves: Vec<f64> = plan.hz_from_bin().iter().map(|hz| (hz / plan.params().sr).log2()).collect();
        let sums: Vec<(f64, f64)> = (0..data.rows())
            .map(|k| {
                let cells = (0..data.columns()).filter(|&t| held(k, t));
                cells.fold((0.0, 0.0), |(shared, whole), t| {
                    let step = learnt[(k, t)] - plain[(k, t)];
                    let left = data[(k, t)] - plain[(k, t)];
                    let size = (left.norm_sqr() + step.norm_sqr()).sqrt().max(f64::MIN_POSITIVE);
                    (shared + (left * step.conj()).re / size, whole + step.norm_sqr() / size)
                })
            })
            .collect();
        let rows = octaves
            .iter()
            .map(|at| {
                let near = |other: &f64| (-0.5 * ((other - at) / REACH_OCTAVES).powi(2)).exp();
                let (shared, whole) = octaves.iter().zip(&sums).fold((0.0, 0.0), |(shared, whole), (other, sum)| {
                    (shared + near(other) * sum.0, whole + near(other) * sum.1)
                });
                (*at, if whole > 0.0 { ((shared / whole - DOUBT) / (CERTAINTY - DOUBT)).clamp(0.0, 1.0) } else { 0.0 })
            })
            .collect();
        Self { rows }
    }

    /// The belief at a frequency in cycles a sample.
    pub(super) fn at(&self, frequency: f64) -> f64 {
        let octave = frequency.max(f64::MIN_POSITIVE).log2();
        let above = self.rows.partition_point(|row| row.0 < octave);
        match (above.checked_sub(1).and_then(|below| self.rows.get(below)), self.rows.get(above)) {
            (Some(below), Some(row)) => {
                let way = (octave - below.0) / (row.0 - below.0);
                below.1 + way * (row.1 - below.1)
            }
            (Some(row), None) | (None, Some(row)) => row.1,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CqtParams;
    use crate::cqt::testing::noise;

    fn cells(seed: u64) -> Plane<Complex<f64>> {
        let values = noise(2 * 84 * 60, seed);
        Plane::from_fn(84, 60, |k, t| Complex::new(values[2 * (k * 60 + t)], values[2 * (k * 60 + t) + 1]))
    }

    #[test]
    fn believes_what_predicts_and_not_what_does_not() {
        let plan = Cqt::new(&CqtParams::default(), 60 * 512 - 1).unwrap();
        let (data, other) = (cells(1), cells(2));
        let plain = data.map(|_| Complex::default());
        let belief = |learnt: &Plane<Complex<f64>>| {
            Belief::from_held_out(&plan, is_held_out, &data, &[plain.clone(), learnt.clone()]).at(1000.0 / 22050.0)
        };
        assert_eq!(belief(&data), 1.0);
        assert_eq!(belief(&other), 0.0);
        assert_eq!(belief(&plain), 0.0);
    }

    #[test]
    fn one_cell_in_sixteen_is_held_out() {
        let count = (0..84).flat_map(|k| (0..260).map(move |t| (k, t))).filter(|&(k, t)| is_held_out(k, t)).count();
        assert!((1200..1530).contains(&count), "{count}");
    }
}
