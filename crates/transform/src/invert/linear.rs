//! The linear inverse: low rows first, then all.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::Cut;
use crate::budget::{Budget, FOLDED_ITERATIONS};
use crate::inverse::{
    AND_BELOW_SOLVES, BELOW_AT_ALL, DeterminedRows, LeastSquaresOptions, MOST_SOLVES, Solution, is_loud_below,
    least_squares, least_squares_and_below, least_squares_beside, least_squares_far_below, sound_below,
    tells_of_low_sound,
};
use crate::watch::{Stop, Watch};
use crate::{Analysis, TransformError};

/// An analysis and its data.
type Grid<'a> = (&'a dyn Analysis, &'a Plane<Complex<f64>>);

/// Solves a grid with up to so many iterations; also tells whether there is sound below the bins.
type Solve<'a> =
    &'a dyn Fn(Grid<'_>, LeastSquaresOptions<'_>, Budget, &mut Watch<'_>) -> Result<(Solution, bool), TransformError>;

/// The linear inverse of exact data, with sound below the bins as loud as it may be.
pub(super) fn exact(
    plan: &dyn Analysis,
    grid: &Plane<Complex<f64>>,
    (options, cut): (&LeastSquaresOptions<'_>, Cut),
    budget: Budget,
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    let (solution, _) =
        from_low_rows((plan, grid), (options, cut), budget, watch, &|(plan, grid), options, budget, watch| {
            Ok((with_sound_below(plan, grid, options, budget, watch)?, true))
        })?;
    Ok(solution)
}

/// Frames from which low rows' solutions with sound below the bins are gone on from: twice those that count as ends.
const LEAST_FRAMES: usize = 32;

/// Solves for the rows that determine the signal many times over, and from there for all rows; where that leaves more of the
/// data than silence does, or where sound below the bins is louder than what is within them, for all rows at once: a change
/// of rates would blur it at the ends.
pub(super) fn from_low_rows(
    (plan, grid): Grid<'_>,
    (options, cut): (&LeastSquaresOptions<'_>, Cut),
    mut budget: Budget,
    watch: &mut Watch<'_>,
    solve: Solve<'_>,
) -> Result<(Solution, bool), TransformError> {
    let solve = if cut.is_bound() { &bound } else { solve };
    let Some(low) = DeterminedRows::of(plan, grid, options) else {
        return solve((plan, grid), options.clone(), budget, watch);
    };
    let (found, free_ends) = solve((low.plan(), &low.data), low.options(options), budget.part(2), watch)?;
    budget.spend(found.iterations);
    if found.stop == Stop::Cancelled {
        return Ok((Solution { samples: low.prolong(&found.samples), ..found }, free_ends));
    }
    let mut iterations = found.iterations;
    let below = sound_below(low.plan(), &found.samples, |x| cut.inside(x, low.rates()));
    // A seam is held to more than a recording's own ends, and a few frames are nothing but ends.
    let most = if cut.is_none() && grid.columns() >= LEAST_FRAMES { 1.0 } else { BELOW_AT_ALL };
    if below <= most || budget.left() == 0 {
        let known = low.prolong(&found.samples);
        // Up to a third as many follow.
        let max_iterations = budget.most(FOLDED_ITERATIONS, 2);
        let whitened = LeastSquaresOptions { max_iterations, start: None, free_ends, whiten: true, ..options.clone() };
        let whole = least_squares_beside(plan, grid, (&known, &whitened), watch)?;
        budget.spend(whole.iterations);
        iterations += whole.iterations;
        if whole.residual_db <= 0.0 || whole.stop == Stop::Cancelled || budget.left() == 0 {
            return Ok((Solution { iterations, ..whole }, free_ends));
        }
    }
    let (all, free_ends) = solve((plan, grid), options.clone(), budget, watch)?;
    Ok((Solution { iterations: iterations + all.iterations, ..all }, free_ends))
}

/// Least squares without sound below the bins.
fn bound(
    (plan, grid): Grid<'_>,
    options: LeastSquaresOptions<'_>,
    budget: Budget,
    watch: &mut Watch<'_>,
) -> Result<(Solution, bool), TransformError> {
    let max_iterations = budget.most(options.max_iterations, 1);
    let options = LeastSquaresOptions { max_iterations, free_ends: false, ..options };
    Ok((least_squares(plan, grid, &options, watch)?, false))
}

/// Least squares with sound below the bins as loud as it may be.
fn with_sound_below(
    plan: &dyn Analysis,
    grid: &Plane<Complex<f64>>,
    options: LeastSquaresOptions<'_>,
    mut budget: Budget,
    watch: &mut Watch<'_>,
) -> Result<Solution, TransformError> {
    let usual = options.max_iterations;
    let most = budget.most(usual, AND_BELOW_SOLVES);
    let options = LeastSquaresOptions { max_iterations: most, ..options };
    if most < usual {
        return Ok(either(plan, grid, &options, budget.left(), watch)?.0);
    }
    let found = least_squares_and_below(plan, grid, &options, watch)?;
    budget.spend(found.iterations);
    if found.stop == Stop::Cancelled || !budget.affords(MOST_SOLVES * usual) || !is_loud_below(plan, &found.samples) {
        return Ok(found);
    }
    least_squares_far_below(plan, grid, (&options, found), watch)
}

/// The solution without sound below the bins, or with it where the data tell of it, and whether they do; `left` is the most
/// iterations for both.
pub(super) fn either(
    plan: &dyn Analysis,
    grid: &Plane<Complex<f64>>,
    options: &LeastSquaresOptions<'_>,
    left: usize,
    watch: &mut Watch<'_>,
) -> Result<(Solution, bool), TransformError> {
    let bound = LeastSquaresOptions { free_ends: false, ..options.clone() };
    let bound = least_squares(plan, grid, &bound, watch)?;
    let max_iterations = options.max_iterations.min(left.saturating_sub(bound.iterations));
    if bound.stop == Stop::Cancelled || max_iterations == 0 {
        return Ok((bound, false));
    }
    let free = LeastSquaresOptions { max_iterations, free_ends: true, ..options.clone() };
    let free = least_squares(plan, grid, &free, watch)?;
    let iterations = bound.iterations + free.iterations;
    let is_told = free.stop == Stop::Cancelled || tells_of_low_sound(plan, [&bound, &free]);
    Ok((Solution { iterations, ..if is_told { free } else { bound } }, is_told))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::inverse::filtered;
    use crate::testing::{db_from_ratio, noise};
    use crate::vectors::{difference, sum};
    use crate::{Cqt, CqtParams, PadMode, Window};

    /// Of a constant that a mirror goes on with the low rows hear rounding alone: scaled up to what that seems to tell, it
    /// would be 200 dB louder than the sound.
    #[test]
    fn what_is_not_heard_is_not_there() {
        let params = CqtParams {
            sr: 32_000.0,
            hop: 39,
            bins: 39,
            bins_per_octave: 9,
            fmin_hz: 760.719_777_946_769_6,
            tuning: -0.4,
            filter_scale: 0.5,
            window: Window::Kaiser { beta: 8.6 },
            scale: false,
            pad_mode: PadMode::Symmetric,
            ..CqtParams::default()
        };
        let plan = Cqt::new(&params, 734).unwrap();
        let data = plan
            .forward(&noise(734, 3))
            .unwrap()
            .map(|value| Complex::new(f64::from(value.re as f32), f64::from(value.im as f32)));
        let budget = Budget::new(0, 10_000);
        let found =
            exact(&plan, &data, (&LeastSquaresOptions::default(), Cut::default()), budget, &mut Watch::default())
                .unwrap();
        let loudest = found.samples.iter().fold(0.0, |loudest: f64, x| loudest.max(x.abs()));
        assert!(loudest < 10.0, "{loudest}");
    }

    /// The low rows' solution of an offset ends in a step, which the change to all rows' rate would blur: this far below an
    /// offset quiet notes would lose what is asserted here.
    #[test]
    fn a_loud_offset_costs_quiet_notes_nothing() {
        let params = CqtParams { sr: 44_100.0, pad_mode: PadMode::Constant, ..CqtParams::default() };
        let secs = |i: usize| i as f64 / 44_100.0;
        let note = |i: usize| (1..=4).map(|h| (TAU * 261.6 * f64::from(h) * secs(i)).sin() / f64::from(h)).sum::<f64>();
        let notes: Vec<f64> = (0..60_000).map(|i| 0.02 * note(i)).collect();
        let plan = Cqt::new(&params, notes.len()).unwrap();
        let within = |hz: f64| f64::from(u8::from((30.0..4100.0).contains(&hz)));
        let left_db = |offset: f64| {
            let x = sum(&notes, &vec![offset; notes.len()]);
            let data = plan.forward(&x).unwrap();
            let budget = Budget::new(0, 10_000);
            let found =
                exact(&plan, &data, (&LeastSquaresOptions::default(), Cut::default()), budget, &mut Watch::default())
                    .unwrap();
            let error = filtered(&difference(&found.samples, &x), |frequency| within(44_100.0 * frequency));
            db_from_ratio(&sum(&notes, &error), &notes)
        };
        let (without, with) = (left_db(0.0), left_db(0.95));
        assert!(with < without + 0.3, "{with} instead of {without} dB");
    }
}
