//! Preconditioned conjugate gradients.

use crate::TransformError;
use crate::watch::Stop;

/// A symmetric positive definite system `A x = b` with a preconditioner `M`, and the vectors of the iteration on it: the
/// solution `x`, the residual `r = b - A x`, `z = M^-1 r`, the search direction `p` and its image `q = A p`.
///
/// The system owns them, since what they are differs (samples, cells), and what is kept up beside them by the same
/// recurrence: a ridge times each, coefficients. The first direction is `z`, whatever `p` was.
pub(crate) trait System {
    /// `z = M^-1 r`; gives `r . z`.
    fn precondition(&mut self) -> Result<f64, TransformError>;

    /// `p = z + ratio p`.
    fn update_direction(&mut self, ratio: f64);

    /// `q = A p`; gives `p . q`.
    fn image(&mut self) -> Result<f64, TransformError>;

    /// `x += length p`, `r -= length q`.
    fn step(&mut self, length: f64);
}

/// Takes conjugate gradient steps (Hestenes and Stiefel 1952) from the system's `x`; the steps taken and why they ended.
///
/// Before each step `rule` is asked with the number taken and the energy `r . z`, the square of the preconditioned
/// gradient. After the last of `most` steps no gradient is computed: a caller to whom it matters whether that step
/// converged counts in its rule. Where rounding leaves no curvature along the direction, nothing is to be gained.
pub(crate) fn conjugate_gradients(
    system: &mut impl System,
    most: usize,
    mut rule: impl FnMut(usize, f64) -> Option<Stop>,
) -> Result<(usize, Stop), TransformError> {
    // The first direction is `z` alone.
    let mut last = f64::INFINITY;
    for taken in 0..most {
        let energy = system.precondition()?;
        if let Some(stop) = rule(taken, energy) {
            return Ok((taken, stop));
        }
        system.update_direction(energy / last);
        let curvature = system.image()?;
        let length = energy / curvature;
        let descends = curvature > 0.0 && length.is_finite();
        if !descends {
            return Ok((taken, Stop::Converged));
        }
        system.step(length);
        last = energy;
    }
    Ok((most, Stop::IterationLimit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::{add_scaled, dot, update_direction};

    /// A small matrix, preconditioned by its diagonal.
    struct Dense<const N: usize> {
        matrix: [[f64; N]; N],
        x: [f64; N],
        r: [f64; N],
        z: [f64; N],
        p: [f64; N],
        q: [f64; N],
    }

    impl<const N: usize> Dense<N> {
        fn new(matrix: [[f64; N]; N], b: [f64; N]) -> Self {
            let zeros = [0.0; N];
            Self { matrix, x: zeros, r: b, z: zeros, p: zeros, q: zeros }
        }
    }

    impl<const N: usize> System for Dense<N> {
        fn precondition(&mut self) -> Result<f64, TransformError> {
            for i in 0..N {
                self.z[i] = self.r[i] / self.matrix[i][i];
            }
            Ok(dot(&self.r, &self.z))
        }

        fn update_direction(&mut self, ratio: f64) {
            update_direction(&mut self.p, &self.z, ratio);
        }

        fn image(&mut self) -> Result<f64, TransformError> {
            for i in 0..N {
                self.q[i] = dot(&self.matrix[i], &self.p);
            }
            Ok(dot(&self.p, &self.q))
        }

        fn step(&mut self, length: f64) {
            add_scaled(&mut self.x, length, &self.p);
            add_scaled(&mut self.r, -length, &self.q);
        }
    }

    const MATRIX: [[f64; 3]; 3] = [[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]];

    /// `MATRIX` times (1, -2, 3).
    const RIGHT: [f64; 3] = [3.5, -8.0, 17.5];

    #[test]
    fn as_many_steps_as_unknowns_solve_a_system() {
        let mut system = Dense::new(MATRIX, RIGHT);
        assert_eq!(conjugate_gradients(&mut system, 3, |_, _| None), Ok((3, Stop::IterationLimit)));
        for (x, expected) in system.x.iter().zip([1.0, -2.0, 3.0]) {
            assert!((x - expected).abs() < 1e-12, "{:?}", system.x);
        }
        let mut two = Dense::new(MATRIX, RIGHT);
        conjugate_gradients(&mut two, 2, |_, _| None).unwrap();
        assert!((two.x[0] - 1.0).abs() > 1e-6, "two steps are too few: {:?}", two.x);
    }

    #[test]
    fn the_rule_sees_each_gradient_and_ends_the_work_before_the_step() {
        let mut told = Vec::new();
        let mut system = Dense::new(MATRIX, RIGHT);
        let ended = conjugate_gradients(&mut system, 9, |taken, energy| {
            told.push(energy);
            (taken == 2).then_some(Stop::Cancelled)
        });
        assert_eq!(ended, Ok((2, Stop::Cancelled)));
        let mut two = Dense::new(MATRIX, RIGHT);
        conjugate_gradients(&mut two, 2, |_, _| None).unwrap();
        assert_eq!(system.x, two.x);
        assert!(told.len() == 3 && told[2] < told[0], "{told:?}");
    }

    #[test]
    fn a_system_that_is_solved_or_no_system_is_left_as_it_is() {
        let mut solved = Dense::new(MATRIX, [0.0; 3]);
        assert_eq!(conjugate_gradients(&mut solved, 3, |_, _| None), Ok((0, Stop::Converged)));
        assert_eq!(solved.x, [0.0; 3]);
        let mut indefinite = Dense::new([[1.0, 4.0], [4.0, 1.0]], [1.0, -1.0]);
        assert_eq!(conjugate_gradients(&mut indefinite, 3, |_, _| None), Ok((0, Stop::Converged)));
        assert_eq!(indefinite.x, [0.0; 2]);
    }
}
