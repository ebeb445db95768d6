//! How the bins lie in an octave, where nobody has said: exact coefficients tell.

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use photophone_transform::StopFlag;
use photophone_transform::identify::estimate_intervals;

use crate::Error;
use crate::recipe::{Entry, Resolved};

/// Resolves the intervals, which nobody has told, where named ones explain the coefficients and equal ones do not.
///
/// # Errors
/// Parameters that make no transform, or an interruption.
pub(super) fn resolve(resolved: &mut Resolved, grid: &Plane<Complex<f64>>, stop: &StopFlag) -> Result<(), Error> {
    let Some(found) = estimate_intervals(&resolved.params, grid, stop)? else { return Ok(()) };
    let (misfit_db, equal_db) = (found.misfit_db, found.equal_misfit_db);
    let evidence = format!("leave {misfit_db:.1} dB unexplained, where equal ones leave {equal_db:.1} dB");
    resolved.entries.push(Entry::new("recipe", "intervals", &Finding::read(found.intervals, 0.99, evidence)));
    resolved.ratios = Some(found.ratios);
    Ok(())
}
