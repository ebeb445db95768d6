//! librosa's own tuning and pad mode, where they explain exact coefficients: then neither is searched for.

use photophone_spectrum::Finding;

use super::settings::{Knows, OpenTuning, Settings};
use crate::inverse::{LeastSquaresOptions, carried, least_squares};
use crate::watch::{Stop, Watch};
use crate::{Cells, TransformError};

/// Iterations that the defaults are given, about what a search for the pad mode takes an octave.
const ITERATIONS: usize = 60;

/// What may be left unexplained, in dB: 10 dB less than any wrong default leaves, since to believe one spoils the sound and to
/// doubt the right one only costs the searches. A wrong pad mode leaves -50 to -22, a tuning that is 0.01 of a bin off -41.
/// The right defaults leave -80 where the iterations suffice; on a grid where they do not, -59, and there is a search.
const EXPLAINED_DB: f64 = -60.0;

/// How many numbers there have to be for each sample, so that a wrong guess cannot be explained as well.
const REDUNDANCY: usize = 2;

/// Resolves tuning and pad mode where librosa's defaults explain the coefficients, whose redundancy then proves them. Cost:
/// a fifth of a solve, where the searches that it spares take up to three.
///
/// # Errors
/// An interruption, or parameters that make no transform.
pub(super) fn resolve(
    settings: &mut Settings,
    grid: &Cells,
    knows: Knows,
    watch: &mut Watch<'_>,
) -> Result<(), TransformError> {
    let is_asked = settings.open.tuning == OpenTuning::Estimated || !settings.open.pad_mode;
    let numbers = 2 * grid.as_slice().len();
    if is_asked || !knows.exact || !knows.phase || numbers < REDUNDANCY * grid.columns() * settings.params.hop {
        return Ok(());
    }
    let samples = settings.samples(grid, knows, watch.stop())?.value;
    let plan = settings.plan(samples, watch.stop())?;
    if carried(&plan).bins_above > 0 {
        return Ok(());
    }
    let options = LeastSquaresOptions { max_iterations: ITERATIONS, ..LeastSquaresOptions::default() };
    let solution = least_squares(&plan, grid, &options, watch)?;
    if solution.stop == Stop::Cancelled {
        return Err(TransformError::Stopped);
    }
    if solution.residual_db > EXPLAINED_DB {
        return Ok(());
    }
    let evidence = format!("librosa's default leaves {:.1} dB of exact coefficients unexplained", solution.residual_db);
    if settings.open.tuning == OpenTuning::Untold {
        settings.found.tuning = Some(Finding::read(settings.params.tuning, 0.99, evidence.clone()));
        settings.open.tuning = OpenTuning::Told;
    }
    settings.found.pad_mode = Some(Finding::read(settings.params.pad_mode, 0.99, evidence));
    settings.open.pad_mode = false;
    Ok(())
}
