//! Data that are all there, solved block by block: what solving takes does not grow with their length.

use photophone_transform::blocks::{BlockInverse, Joint, Layout};
use photophone_transform::inverse::Solution;
use photophone_transform::invert::{Data, SolveOptions, Solved};
use photophone_transform::{Stop, Tempered, Watch};

use super::RecoverOptions;
use super::each_block::{budget, with_share};
use crate::Error;

/// The samples of each channel, solved block by block.
///
/// # Errors
/// As [`BlockInverse::solve`].
pub(super) fn solved(
    (of, layout): (Tempered<'_>, &Layout),
    channels: &[Data],
    (options, solving): (&RecoverOptions, SolveOptions),
    watch: &mut Watch<'_>,
) -> Result<Vec<Solved>, Error> {
    let mut sums: Vec<Sum> = channels.iter().map(|_| Sum::default()).collect();
    let mut blocks = BlockInverse::new(of, layout, solving, Joint::default());
    while let Some(block) = blocks.next() {
        let parts = channels.iter().map(|data| data.of_frames(block.frames.clone())).collect();
        let mut budget = budget(options, of, &block)?;
        let found =
            with_share(watch, (block.index, layout.count()), |watch| Ok(blocks.solve(parts, &mut budget, watch)?))?;
        let solved = found.data.iter().zip(&found.solved);
        for (sum, (samples, (data, solved))) in sums.iter_mut().zip(found.finished.into_iter().zip(solved)) {
            sum.add(samples, data, &solved.solution);
        }
    }
    Ok(sums.into_iter().map(Sum::solved).collect())
}

/// What the blocks of a channel add up to.
#[derive(Default)]
struct Sum {
    samples: Vec<f64>,
    iterations: usize,
    /// Power of the data, and of what is left of them.
    whole: f64,
    left: f64,
    is_limited: bool,
}

impl Sum {
    fn add(&mut self, samples: Vec<f64>, data: &Data, solution: &Solution) {
        let power: f64 = data.coefficients.as_slice().iter().map(num_complex::Complex::norm_sqr).sum();
        self.samples.extend(samples);
        self.iterations += solution.iterations;
        self.whole += power;
        self.left += power * 10_f64.powf(solution.residual_db / 10.0);
        self.is_limited |= solution.stop != Stop::Converged;
    }

    fn solved(self) -> Solved {
        let residual_db = if self.whole > 0.0 { 10.0 * (self.left / self.whole).max(1e-40).log10() } else { 0.0 };
        let stop = if self.is_limited { Stop::IterationLimit } else { Stop::Converged };
        let solution = Solution { samples: self.samples, iterations: self.iterations, residual_db, stop };
        Solved { solution, noise: None, of_known: None }
    }
}
