//! Independent pieces of work, side by side with the feature `parallel`, else one after another.
//!
//! Each piece has its own memory, so the results do not depend on the threads.

/// Calls `step` with each item.
#[cfg(feature = "parallel")]
pub(crate) fn for_each<T: Send>(items: Vec<T>, step: impl Fn(T) + Sync + Send) {
    use rayon::prelude::*;

    items.into_par_iter().for_each(step);
}

/// Calls `step` with each item.
#[cfg(not(feature = "parallel"))]
pub(crate) fn for_each<T>(items: Vec<T>, step: impl Fn(T)) {
    items.into_iter().for_each(step);
}

/// The results of `step` on each item, in order.
#[cfg(feature = "parallel")]
pub(crate) fn map<T: Sync, R: Send>(items: &[T], step: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    use rayon::prelude::*;

    items.par_iter().map(step).collect()
}

/// The results of `step` on each item, in order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<T, R>(items: &[T], step: impl Fn(&T) -> R) -> Vec<R> {
    items.iter().map(step).collect()
}

/// The results of `step` on each item, in order, or the first error.
#[cfg(feature = "parallel")]
pub(crate) fn try_map<T: Sync, R: Send, E: Send>(
    items: &[T],
    step: impl Fn(&T) -> Result<R, E> + Sync + Send,
) -> Result<Vec<R>, E> {
    use rayon::prelude::*;

    items.par_iter().map(step).collect()
}

/// The results of `step` on each item, in order, or the first error.
#[cfg(not(feature = "parallel"))]
pub(crate) fn try_map<T, R, E>(items: &[T], step: impl Fn(&T) -> Result<R, E>) -> Result<Vec<R>, E> {
    items.iter().map(step).collect()
}

/// Does two things and gives both results.
#[cfg(feature = "parallel")]
pub(crate) fn join<A: Send, B: Send>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(first, second)
}

/// Does two things and gives both results.
#[cfg(not(feature = "parallel"))]
pub(crate) fn join<A, B>(first: impl FnOnce() -> A, second: impl FnOnce() -> B) -> (A, B) {
    (first(), second())
}
