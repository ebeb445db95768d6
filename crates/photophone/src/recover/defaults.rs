//! librosa's own tuning and pad mode, where they explain exact coefficients: then neither is searched for.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use photophone_transform::inverse::{LeastSquaresOptions, Progress, Stop, carried, least_squares};

use super::unknowns::{Knows, length};
use crate::Error;
use crate::recipe::{Entry, Recipe, Resolved, Tuning};

/// Iterations that the defaults are given, about what a search for the pad mode takes an octave.
const ITERATIONS: usize = 60;

/// What may be left unexplained, in dB. On two grids the right defaults leave -59 and -80, a wrong pad mode -50 to -22 and
/// a tuning that is 0.01 of a bin off -41.
const EXPLAINED_DB: f64 = -60.0;

/// How many numbers there have to be for each sample, so that a wrong guess cannot be explained as well.
const REDUNDANCY: usize = 2;

/// Resolves tuning and pad mode where librosa's defaults explain the coefficients, whose redundancy then proves them. Cost:
/// a fifth of a solve, where the searches that it spares take up to three.
///
/// # Errors
/// An interruption, or parameters that make no transform.
pub(super) fn resolve(
    recipe: &Recipe,
    resolved: &mut Resolved,
    grid: &Plane<Complex<f64>>,
    knows: Knows,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<(), Error> {
    let is_asked = recipe.transform.tuning == Some(Tuning::Auto) || !resolved.pad_mode_unknown;
    let numbers = 2 * grid.as_slice().len();
    if is_asked || !knows.exact || !knows.phase || numbers < REDUNDANCY * grid.columns() * resolved.params.hop {
        return Ok(());
    }
    let samples = length(recipe, resolved, grid, knows)?.value;
    let plan = resolved.plan(samples, knows.stop)?;
    if carried(&plan).bins_above > 0 {
        return Ok(());
    }
    let options = LeastSquaresOptions { max_iterations: ITERATIONS, ..LeastSquaresOptions::default() };
    let solution = least_squares(&plan, grid, &options, progress)?;
    if solution.stop == Stop::Cancelled {
        return Err(Error::Interrupted);
    }
    if solution.residual_db > EXPLAINED_DB {
        return Ok(());
    }
    let evidence = format!("librosa's default leaves {:.1} dB of exact coefficients unexplained", solution.residual_db);
    if resolved.tuning_unknown {
        let tuning = Finding::read(resolved.params.tuning, 0.99, evidence.clone());
        resolved.entries.push(Entry::new("recipe", "tuning", &tuning));
        resolved.tuning_unknown = false;
    }
    let pad_mode = Finding::read(resolved.params.pad_mode, 0.99, evidence);
    resolved.entries.push(Entry::new("recipe", "pad-mode", &pad_mode));
    resolved.pad_mode_unknown = false;
    Ok(())
}
