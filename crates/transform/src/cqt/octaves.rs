//! Runs a step for every octave, side by side with the feature `parallel`.
//!
//! Each octave writes only its own memory, so the result does not depend on the threads.

use super::plan::{OctaveScratch, Stage};

/// Calls `step` with each octave, its cells and its working memory.
#[cfg(feature = "parallel")]
pub(super) fn for_each_octave<C: Send>(
    stages: &[Stage],
    cells: Vec<C>,
    scratch: &mut [OctaveScratch],
    step: impl Fn(&Stage, C, &mut OctaveScratch) + Sync,
) {
    use rayon::prelude::*;

    stages.par_iter().zip(cells).zip(scratch).for_each(|((stage, cells), octave)| step(stage, cells, octave));
}

/// Calls `step` with each octave, its cells and its working memory.
#[cfg(not(feature = "parallel"))]
pub(super) fn for_each_octave<C>(
    stages: &[Stage],
    cells: Vec<C>,
    scratch: &mut [OctaveScratch],
    step: impl Fn(&Stage, C, &mut OctaveScratch),
) {
    for ((stage, cells), octave) in stages.iter().zip(cells).zip(scratch) {
        step(stage, cells, octave);
    }
}
