//! Settings that were given and change nothing of this job: whoever gave one is told.

use photophone_transform::retrieval::PhaseMethod;

use super::RecoverOptions;
use crate::edit::Edge;
use crate::read::Job;
use crate::wording::listed;

/// Names every setting that has no effect on what is there. `knows_all_phase`: no cell's phase has to be found.
///
/// A setting that has its default's value counts as not given.
pub(super) fn warning(options: &RecoverOptions, job: &Job, knows_all_phase: bool) -> Option<String> {
    let is_array = job.is_array();
    let is_complex = job.has_own_phase();
    let given = [
        ("`phase-method`", options.phase_method != PhaseMethod::default(), knows_all_phase),
        ("`seed`", options.seed != 0, knows_all_phase),
        ("`centres`", options.centres, is_array && !job.has_ranges()),
        // The picture is none of the program's own, whose edits have borders.
        ("`edge`", options.edge != Edge::default(), true),
        ("`max-pixels`", options.max_pixels != 0, is_array),
        ("`despite-doubt`", options.despite_doubt, is_array && knows_all_phase),
    ];
    let idle: Vec<&str> = given.iter().filter(|(_, given, idle)| *given && *idle).map(|(name, ..)| *name).collect();
    let names_have = listed(&idle)?;
    let what = match (is_complex, is_array, knows_all_phase) {
        (true, ..) => "complex coefficients, which are what they are, phase and all",
        (_, true, true) => "an array of magnitudes with its phase",
        (_, true, false) => "an array of magnitudes",
        (_, _, true) => "a picture whose whole phase was kept",
        _ => "a picture that was not drawn to be edited",
    };
    Some(format!("WARNING: {names_have} no effect on {what}"))
}
