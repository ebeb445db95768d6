//! From the phase found to the last signal.

use super::magnitudes::Magnitudes;
use crate::TransformError;
use crate::analysis::{Analysis, Cells};
use crate::inverse::{
    AdaptiveOptions, Intervals, LeastSquaresOptions, OPERATOR_MISMATCH, RowNoise, Solution, adaptive, least_squares,
};
use crate::watch::{Stop, Watch};

/// The least residual that a guessed phase is taken to have where the grid does not show it: 30 dB
/// below the data.
const LEAST_RESIDUAL: f64 = 0.03;

/// The error that coefficients with a guessed phase are taken to have by the adaptive inverse: 8 dB below the data, as far
/// off as the worst spectrograms of sounds so found are (docs/limits.md). Measured: 0.03 costs the gallery's clips and
/// sounds from formulas up to 0.8 dB, 0.1 up to 0.3.
const GUESSED: f64 = 0.4;

/// Iterations of least squares at the end; where all of the phase is known it is solved for as ever, from silence.
const LAST_ITERATIONS: usize = 10;

/// Rounds and steps of the adaptive inverse at the end.
const ADAPTIVE_ROUNDS: usize = 2;
const ADAPTIVE_STEPS: usize = 15;

/// Iterations of the adaptive inverse besides its rounds.
const AROUND_ADAPTIVE: usize = 50;

/// Coefficients with a phase that was found, and how far they are to be believed.
pub(super) struct Found<'a> {
    pub(super) target: &'a Cells,
    pub(super) magnitudes: &'a Magnitudes<'a>,
    /// Root of the share of the energy that no signal explained.
    pub(super) residual: f64,
    /// Root of the share of the energy whose phase was not known.
    pub(super) open: f64,
    /// Most iterations.
    pub(super) most: usize,
}

/// Iterations of the solves at the end, where no limit is nearer.
pub(super) fn usual_iterations(open: f64, adapt: bool) -> usize {
    let whole = AdaptiveOptions::default();
    let (least, adaptive) = if open == 0.0 {
        (LeastSquaresOptions::default().max_iterations, whole.rounds * whole.steps)
    } else {
        (LAST_ITERATIONS, ADAPTIVE_ROUNDS * ADAPTIVE_STEPS)
    };
    if adapt { least + adaptive + AROUND_ADAPTIVE } else { least }
}

impl Found<'_> {
    /// Least squares at the full rate and, if asked for, the adaptive inverse.
    ///
    /// Where any phase was guessed the latter takes few rounds and is told of more noise than shows: it believes the phase
    /// it is given, and the more it does, the more it spreads the guess's errors where the grid undersamples.
    pub(super) fn finished(
        &self,
        plan: &dyn Analysis,
        start: &[f64],
        adapt: bool,
        watch: &mut Watch<'_>,
    ) -> Result<Solution, TransformError> {
        // What is wrong with a phase that was guessed shows only in part as a residual.
        let found = noise(self.target, self.magnitudes, self.residual.max(LEAST_RESIDUAL) * self.open);
        let all_known = self.open == 0.0;
        let usual = if all_known { LeastSquaresOptions::default().max_iterations } else { LAST_ITERATIONS };
        let max_iterations = self.most.min(usual);
        let least = LeastSquaresOptions {
            max_iterations,
            noise: Some(found),
            // Where nothing was guessed there is nothing to keep.
            start: (!all_known).then_some(start),
            // A phase that was guessed tells nothing of the ends.
            free_ends: all_known,
            ..LeastSquaresOptions::default()
        };
        let linear = least_squares(plan, self.target, &least, watch)?;
        if !adapt || linear.stop == Stop::Cancelled {
            return Ok(linear);
        }
        let whole = AdaptiveOptions::default();
        let (rounds, steps) = if all_known { (whole.rounds, whole.steps) } else { (ADAPTIVE_ROUNDS, ADAPTIVE_STEPS) };
        let noise = noise(self.target, self.magnitudes, self.residual.max(GUESSED) * self.open);
        let noise = noise.cells(self.target.columns());
        let options = AdaptiveOptions { rounds, steps, noise: Some(&noise), ..whole };
        match options.within(self.most - linear.iterations) {
            Some(options) => adaptive(plan, self.target, &linear, &options, watch),
            None => Ok(linear),
        }
    }
}

/// The larger of a share of each row, the operator's mismatch, and what intervals leave open.
pub(super) fn noise(data: &Cells, magnitudes: &Magnitudes<'_>, share: f64) -> RowNoise {
    let relative = RowNoise::relative(data, share.max(OPERATOR_MISMATCH));
    let Some(Intervals { low, high }) = magnitudes.intervals else { return relative };
    let variance = |row: usize| {
        let widths = low.row(row).iter().zip(high.row(row)).map(|(low, high)| high - low);
        widths.filter(|width| width.is_finite()).map(|width| width * width / 12.0).sum::<f64>()
            / low.columns().max(1) as f64
    };
    RowNoise(relative.0.iter().enumerate().map(|(row, relative)| relative.max(variance(row))).collect())
}
