//! Exact coefficients that are of no sound: their bins lie elsewhere, or they were changed.

use photophone_transform::Cqt;
use photophone_transform::inverse::{Solution, Stop};

use super::Data;
use super::solve::{QUICK_ITERATIONS, UNTRUSTED_SHARE, unexplained_share};
use crate::Error;
use crate::percent;

/// Share of the power that no sound explains up to which coefficients are librosa's own: -40 dB. Of one clip at hop 128 the bins of
/// `intervals="equal"` leave -71 dB, those of `"ji3"`, `"pythagorean"`, `"ji5"` and `"ji7"` -27 to -21, taken as equal ones.
const OWN_SHARE: f64 = 1e-4;

/// What to say where coefficients that no picture has rounded fit no sound as well as librosa's own do. Worse ones than
/// [`UNTRUSTED_SHARE`] are spoken of elsewhere.
pub(super) fn warning(plan: &Cqt, data: &Data, solution: &Solution) -> Result<Option<String>, Error> {
    let is_unfinished = solution.stop != Stop::Converged && solution.iterations <= QUICK_ITERATIONS;
    if data.intervals.is_some() || data.trust.is_some() || data.phase_trust.is_some() || is_unfinished {
        return Ok(None);
    }
    let made = plan.forward(&solution.samples)?;
    let share = unexplained_share(plan, data, &made).powi(2);
    Ok((share > OWN_SHARE && share <= UNTRUSTED_SHARE).then(|| {
        format!(
            "WARNING: {} of the power of these coefficients cannot come from any sound {}; librosa's own leave less than \
             0.01 %. Where they were made with other intervals (pythagorean, ji3, ji5, ji7, or ratios), the sound comes back \
             worse than it is in them: give those (`intervals`). Else doubt `librosa`, `fmin`, `gamma` and `filter-scale`, \
             or they were changed since",
            percent(share),
            if plan.tempered().ratios.is_some() { "under these intervals" } else { "under equal temperament" }
        )
    }))
}
