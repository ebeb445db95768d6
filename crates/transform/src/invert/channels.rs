//! Channels of one sound: each solved for by itself, side by side.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Data, SolveOptions, Solved, solve_or_retrieve};
use crate::budget::Budget;
use crate::parallel::beside;
use crate::watch::{Stop, Watch};
use crate::{Analysis, TransformError};

/// The samples of each channel, as [`solve_or_retrieve`] finds them of that channel alone; so they do not depend on threads.
///
/// `watch` is told of the first channel, and ends all. Each channel has the whole `budget`, out of which the most that one of
/// them took is spent.
///
/// # Errors
/// As [`solve_or_retrieve`].
pub fn solve_channels(
    plan: &dyn Analysis,
    channels: &[Data],
    options: &SolveOptions,
    budget: &mut Budget,
    watch: &mut Watch<'_>,
) -> Result<Vec<Solved>, TransformError> {
    let all = *budget;
    let solved = each_channel(channels, watch, |data, watch| {
        let mut own = all;
        let solved = solve_or_retrieve(plan, data, options, &mut own, watch)?;
        Ok((solved, all.left() - own.left()))
    })?;
    budget.spend(solved.iter().map(|(_, spent)| *spent).max().unwrap_or(0));
    Ok(solved.into_iter().map(|(solved, _)| solved).collect())
}

/// `solve` of each channel, whatever that is, side by side; of the first it is `watch` that looks on, and if it ends the work,
/// all end.
///
/// # Errors
/// The first of the channels'.
pub fn each_channel<T: Sync, R: Send>(
    channels: &[T],
    watch: &mut Watch<'_>,
    solve: impl Fn(&T, &mut Watch<'_>) -> Result<R, TransformError> + Sync,
) -> Result<Vec<R>, TransformError> {
    let Some((first, others)) = channels.split_first() else { return Ok(Vec::new()) };
    let (ended, stop) = (Arc::new(AtomicBool::new(false)), watch.stop().clone());
    let own = || {
        let solved = solve(first, watch);
        // Only `watch` itself knows that its caller has enough.
        ended.store(watch.has_ended(), Ordering::Relaxed);
        solved
    };
    let other = |data: &T| solve(data, &mut Watch::heeding(&stop).and(&ended));
    beside(own, others, other).into_iter().collect()
}

/// Whether any channel's solve was ended.
pub(crate) fn is_cancelled(solved: &[Solved]) -> bool {
    solved.iter().any(|solved| solved.solution.stop == Stop::Cancelled)
}
