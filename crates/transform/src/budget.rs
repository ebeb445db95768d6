//! How many iterations are left of those that a job may take.
//!
//! An iteration is a step of a solver (a forward and an adjoint transform) or a round of phase retrieval (two to five
//! of them). All stages of a job take theirs from one budget, so that the number given is the most there is.

/// Iterations up to which a solve that has not converged tells nothing of what its data are.
pub(crate) const FEW_ITERATIONS: usize = 48;

/// Iterations for all rows, whitened, from the solution of those that determine the signal many times over. Measured on the
/// example grid: 6 are within 0.1 to 1 dB of 300 that are not whitened, 12 reach or pass them, 24 win 0.1 to 0.8 more, 100
/// 0.2 to 0.5 at twice the time.
pub(crate) const FOLDED_ITERATIONS: usize = 24;

/// Iterations that are left.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Whether a number was given, which then also stands where a stage takes fewer of its own.
    told: bool,
    left: usize,
}

impl Budget {
    /// `told` iterations where that is not 0, and never more than the work allows.
    pub fn new(told: usize, by_work: usize) -> Self {
        let left = if told == 0 { by_work } else { told.min(by_work) };
        Self { told: told > 0, left }
    }

    /// What is left.
    pub(crate) fn left(self) -> usize {
        self.left
    }

    /// What is left for phase retrieval. A round of it is two to five steps of a solver, which counts where the work is
    /// what limits.
    pub(crate) fn left_for_rounds(self) -> usize {
        if self.told { self.left } else { self.left / 3 }
    }

    /// The most for a stage that takes up to `usual` of itself, where `share` stages as long are to come.
    pub(crate) fn most(self, usual: usize, share: usize) -> usize {
        let shared = self.left.div_ceil(share);
        if self.told { shared } else { usual.min(shared) }
    }

    /// Whether a job that was given no number may take so many.
    pub(crate) fn affords(self, iterations: usize) -> bool {
        !self.told && self.left >= iterations
    }

    /// Takes what a stage has used.
    pub(crate) fn spend(&mut self, done: usize) {
        self.left = self.left.saturating_sub(done);
    }

    /// Part of this budget, one of `share` alike, as a budget of its own.
    pub(crate) fn part(self, share: usize) -> Self {
        Self { left: self.left.div_ceil(share), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_share_what_was_given_and_keep_their_own_limits_otherwise() {
        let mut told = Budget::new(10, 1000);
        assert_eq!((told.most(300, 2), told.most(300, 1), told.most(300, 3)), (5, 10, 4));
        told.spend(7);
        assert_eq!((told.left(), told.part(2).left()), (3, 2));
        told.spend(9);
        assert_eq!(told.left(), 0);
        let free = Budget::new(0, usize::MAX);
        assert_eq!((free.most(300, 3), free.most(20, 1)), (300, 20));
        assert_eq!(Budget::new(0, 60).most(300, 2), 30);
        assert_eq!(Budget::new(5000, 60).left(), 60);
    }
}
