//! Exact coefficients that are of no sound: their bins lie elsewhere, or they were changed.

use photophone_transform::Cqt;
use photophone_transform::inverse::{Solution, Stop};

use super::Data;
use super::solve::{QUICK_ITERATIONS, UNTRUSTED_DB, unexplained_share};
use crate::Error;

/// What no sound explains, in dB, up to which coefficients are librosa's own. Of one clip at hop 128 the bins of
/// `intervals="equal"` leave -71, those of `"ji3"`, `"pythagorean"`, `"ji5"` and `"ji7"` -27 to -21, taken as equal ones.
const OWN_DB: f64 = -40.0;

/// What to say where coefficients that no picture has rounded fit no sound as well as librosa's own do. Worse ones than
/// [`UNTRUSTED_DB`] are spoken of elsewhere.
pub(super) fn warning(plan: &Cqt, data: &Data, solution: &Solution) -> Result<Option<String>, Error> {
    let is_unfinished = solution.stop != Stop::Converged && solution.iterations <= QUICK_ITERATIONS;
    if data.intervals.is_some() || data.trust.is_some() || data.phase_trust.is_some() || is_unfinished {
        return Ok(None);
    }
    let made = plan.forward(&solution.samples)?;
    let misfit_db = 20.0 * unexplained_share(plan, data, &made).max(1e-20).log10();
    Ok((misfit_db > OWN_DB && misfit_db <= UNTRUSTED_DB).then(|| {
        format!(
            "WARNING: these coefficients are of no sound under equal temperament ({misfit_db:.1} dB of them unexplained; \
             librosa's own leave less than {OWN_DB}). Where they were made with other intervals (pythagorean, ji3, ji5, \
             ji7, or ratios), the sound comes back worse than it is in them, as only equal ones are inverted. \
             Else doubt --librosa, --fmin, --gamma and --filter-scale, or they were changed since"
        )
    }))
}
