//! How the bins of an octave lie, where nobody wrote it down.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::consistency::Probe;
use crate::{CqtParams, IntervalSet, LibrosaVersion, StopFlag, Tempered, TransformError};

/// Steps of the solver: the right intervals leave -40 dB in them, so that what is left is the wrong ones'.
const STEPS: usize = 120;

/// Steps after which equal intervals mostly explain them: what is left falls from step to step.
const FIRST_STEPS: usize = 15;

/// What may be left unexplained, in dB. Of white noise, which reaches furthest beyond the octaves that are looked at, the
/// right intervals leave -43, the nearest wrong ones -25; this is halfway.
const OWN_DB: f64 = -34.0;

/// Intervals, and the evidence for them.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalsEstimate {
    /// The set.
    pub intervals: IntervalSet,
    /// Ratios of the bins of an octave to its first.
    pub ratios: Vec<f64>,
    /// What no signal explains, in dB,
    pub misfit_db: f64,
    /// and what no signal explains where the bins are equally spaced.
    pub equal_misfit_db: f64,
}

/// Looks for the named intervals that explain exact coefficients where equal ones do not, under the tuning of `params`.
///
/// `None` where equal intervals explain them, or no named ones do, and of librosa before 0.10, which has no others. Cost: a
/// short solve of three octaves, and four more where equal intervals fail.
///
/// # Errors
/// Parameters that make no transform, or values that are not numbers.
pub fn estimate_intervals(
    params: &CqtParams,
    coefficients: &Plane<Complex<f64>>,
    stop: &StopFlag,
) -> Result<Option<IntervalsEstimate>, TransformError> {
    if !matches!(params.librosa, LibrosaVersion::V0_11 | LibrosaVersion::V1_0) || coefficients.columns() < 2 {
        return Ok(None);
    }
    let magnitudes = coefficients.map(|value| value.norm());
    let misfit_db = |ratios: Option<&[f64]>, steps: usize| {
        let probe = Probe::loudest(Tempered { params: *params, ratios }, &magnitudes)?.in_steps(steps).until(stop);
        probe.misfit_for_tuning_db(params.tuning, coefficients)
    };
    if misfit_db(None, FIRST_STEPS)? <= OWN_DB {
        return Ok(None);
    }
    let equal_misfit_db = misfit_db(None, STEPS)?;
    let mut best: Option<IntervalsEstimate> = None;
    if equal_misfit_db <= OWN_DB {
        return Ok(None);
    }
    for intervals in IntervalSet::UNEQUAL {
        // A set may have no room below half the rate, or too many bins for its name.
        let Ok(Some(ratios)) = intervals.ratios(params.bins_per_octave) else { continue };
        let Ok(misfit_db) = misfit_db(Some(&ratios), STEPS) else { continue };
        let least_db = best.as_ref().map_or(OWN_DB, |best| best.misfit_db);
        if misfit_db < least_db {
            best = Some(IntervalsEstimate { intervals, ratios, misfit_db, equal_misfit_db });
        }
    }
    stop.check()?;
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    #[test]
    fn named_intervals_are_found_and_equal_ones_left_alone() {
        let params = CqtParams { fmin_hz: 110.0, bins: 40, hop: 256, ..CqtParams::default() };
        let x = noise(40_000, 7);
        let found = |tempered: Tempered<'_>| {
            let cells = tempered.plan(x.len(), &StopFlag::default()).unwrap().forward(&x).unwrap();
            estimate_intervals(&params, &cells, &StopFlag::default()).unwrap()
        };
        for set in IntervalSet::UNEQUAL {
            let ratios = set.ratios(12).unwrap();
            let estimate = found(Tempered { params, ratios: ratios.as_deref() }).unwrap();
            // Of twelve bins "ji5" and "ji7" are the same.
            assert_eq!(Some(&estimate.ratios), ratios.as_ref(), "{estimate:?}");
        }
        assert_eq!(found((&params).into()), None);
        // Another tuning is no other intervals.
        assert_eq!(found((&CqtParams { tuning: 0.3, ..params }).into()), None);
    }
}
