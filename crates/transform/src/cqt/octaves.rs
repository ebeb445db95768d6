//! Runs a step for every octave.

use super::scratch::OctaveScratch;
use super::stage::Stage;
use crate::Real;
use crate::parallel::for_each;

/// Calls `step` with each octave, its cells and its working memory.
pub(super) fn for_each_octave<T: Real, C: Send>(
    stages: &[Stage<T>],
    cells: Vec<C>,
    scratch: &mut [OctaveScratch<T>],
    step: impl Fn(&Stage<T>, C, &mut OctaveScratch<T>) + Sync,
) {
    let octaves = stages.iter().zip(cells).zip(scratch).collect();
    for_each(octaves, |((stage, cells), octave)| step(stage, cells, octave));
}
