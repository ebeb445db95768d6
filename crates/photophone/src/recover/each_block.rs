//! What the blocks of a recording have in common, wherever their data lie.

use photophone_spectrum::Finding;
use photophone_transform::blocks::{Block, Layout};
use photophone_transform::{Budget, Course, Progress, Tempered, Watch};

use super::RecoverOptions;
use crate::Error;
use crate::recipe::Entry;

/// The iterations that a block may take.
///
/// # Errors
/// Parameters that make no transform.
pub(super) fn budget(options: &RecoverOptions, of: Tempered<'_>, block: &Block) -> Result<Budget, Error> {
    let by_work = options.limits.most_iterations(of, block.frames.len(), block.samples.len())?;
    Ok(Budget::new(options.max_iterations, by_work))
}

/// One of several parts of a work, each of the same share of the whole.
pub(super) fn with_share<T>(
    watch: &mut Watch<'_>,
    (index, count): (usize, usize),
    work: impl FnOnce(&mut Watch<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let (mut course, stop) = (Course::default(), watch.stop().clone());
    let mut told = |now: Progress| {
        let now = course.of_the_whole(now);
        watch.tell(Progress { done: (index as f64 + now.done) / count as f64, of_all: true, ..now })
    };
    work(&mut Watch::new(&mut told, &stop))
}

/// The line of the report about blocks.
pub(super) fn blocks_entry(layout: &Layout, rate_hz: f64) -> Entry {
    let secs = |samples: usize| samples as f64 / rate_hz;
    let text = format!("{} of {:.1} s", layout.count(), secs(layout.block_samples()));
    let evidence = format!("faded into each other over {:.2} s", secs(layout.fade_samples()));
    Entry::new("recipe", "blocks", &Finding::assumed(text, 1.0, evidence))
}
