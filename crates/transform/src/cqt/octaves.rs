//! Runs a step for every octave.

use super::plan::OctaveScratch;
use super::stage::Stage;
use crate::parallel::for_each;

/// Calls `step` with each octave, its cells and its working memory.
pub(super) fn for_each_octave<C: Send>(
    stages: &[Stage],
    cells: Vec<C>,
    scratch: &mut [OctaveScratch],
    step: impl Fn(&Stage, C, &mut OctaveScratch) + Sync,
) {
    let octaves = stages.iter().zip(cells).zip(scratch).collect();
    for_each(octaves, |((stage, cells), octave)| step(stage, cells, octave));
}
