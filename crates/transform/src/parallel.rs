//! Independent pieces of work, side by side on the threads that the caller runs in, else one after another.
//!
//! Each piece has its own memory, so the results do not depend on the threads. There is no pool that all share: who
//! wants threads makes [`Threads`] and works inside. So a program may fork, and nothing here can fail for want of a
//! thread.

/// Threads for transforms and inverses to share their work.
///
/// What runs in [`Threads::run`] uses them; outside, and without the feature `parallel`, all work is done on the
/// caller's thread. Results are the same.
///
/// They do not survive a fork: a child has to make its own, and must neither use nor drop its parent's.
#[derive(Debug)]
pub struct Threads {
    /// None where the caller's own thread does all the work.
    #[cfg(feature = "parallel")]
    pool: Option<rayon::ThreadPool>,
}

#[cfg(feature = "parallel")]
impl Threads {
    /// Starts `count` threads; 0 is one for each processor, or what the environment's `RAYON_NUM_THREADS` says.
    ///
    /// Where they cannot be started (a limit of the system's), work will be done on the caller's thread.
    #[must_use]
    pub fn start(count: usize) -> Self {
        Self::of(rayon::ThreadPoolBuilder::new().num_threads(count).build())
    }

    /// Runs `work` on these threads and waits for it.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// How many threads the caller runs on: 1 outside of [`Threads::run`].
    pub fn here() -> usize {
        if on_threads() { rayon::current_num_threads() } else { 1 }
    }

    fn of<E>(pool: Result<rayon::ThreadPool, E>) -> Self {
        // One thread does nothing that the caller's could not.
        Self { pool: pool.ok().filter(|pool| pool.current_num_threads() > 1) }
    }
}

#[cfg(not(feature = "parallel"))]
impl Threads {
    /// Starts no thread: without the feature `parallel` there is the caller's alone.
    #[must_use]
    pub fn start(_count: usize) -> Self {
        Self {}
    }

    /// How many threads the caller runs on: 1.
    pub fn here() -> usize {
        1
    }

    /// Runs `work`.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        work()
    }
}

/// Whether the caller runs on [`Threads`]. Asking rayon for more elsewhere would start a pool for the whole process.
#[cfg(feature = "parallel")]
fn on_threads() -> bool {
    rayon::current_thread_index().is_some()
}

/// Calls `step` with each item.
#[cfg(feature = "parallel")]
pub(crate) fn for_each<T: Send>(items: Vec<T>, step: impl Fn(T) + Sync + Send) {
    use rayon::prelude::*;

    if on_threads() { items.into_par_iter().for_each(step) } else { items.into_iter().for_each(step) }
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

    if on_threads() { items.par_iter().map(step).collect() } else { items.iter().map(step).collect() }
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

    if on_threads() { items.par_iter().map(step).collect() } else { items.iter().map(step).collect() }
}

/// The results of `step` on each item, in order, or the first error.
#[cfg(not(feature = "parallel"))]
pub(crate) fn try_map<T, R, E>(items: &[T], step: impl Fn(&T) -> Result<R, E>) -> Result<Vec<R>, E> {
    items.iter().map(step).collect()
}

/// The results of `step` on each item, in order, or the first error; `with` makes what a thread keeps between its items.
#[cfg(feature = "parallel")]
pub(crate) fn try_map_with<T: Sync, W, R: Send, E: Send>(
    items: &[T],
    with: impl Fn() -> W + Sync + Send,
    step: impl Fn(&mut W, &T) -> Result<R, E> + Sync + Send,
) -> Result<Vec<R>, E> {
    use rayon::prelude::*;

    if items.len() > 1 && on_threads() {
        return items.par_iter().map_init(with, step).collect();
    }
    let mut kept = with();
    items.iter().map(|item| step(&mut kept, item)).collect()
}

/// The results of `step` on each item, in order, or the first error; `with` makes what is kept between items.
#[cfg(not(feature = "parallel"))]
pub(crate) fn try_map_with<T, W, R, E>(
    items: &[T],
    with: impl Fn() -> W,
    step: impl Fn(&mut W, &T) -> Result<R, E>,
) -> Result<Vec<R>, E> {
    let mut kept = with();
    items.iter().map(|item| step(&mut kept, item)).collect()
}

/// The results of `first`, which the caller's own thread does, and of `other` on each item beside it, in order.
#[cfg(feature = "parallel")]
pub(crate) fn beside<T: Sync, R: Send>(
    first: impl FnOnce() -> R,
    items: &[T],
    other: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    if !on_threads() {
        return std::iter::once(first()).chain(items.iter().map(other)).collect();
    }
    let mut others: Vec<Option<R>> = items.iter().map(|_| None).collect();
    let first = rayon::in_place_scope(|scope| {
        for (item, place) in items.iter().zip(&mut others) {
            let other = &other;
            scope.spawn(move |_| *place = Some(other(item)));
        }
        first()
    });
    std::iter::once(first).chain(others.into_iter().flatten()).collect()
}

/// The results of `first`, which the caller's own thread does, and of `other` on each item beside it, in order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn beside<T, R>(first: impl FnOnce() -> R, items: &[T], other: impl Fn(&T) -> R) -> Vec<R> {
    std::iter::once(first()).chain(items.iter().map(other)).collect()
}

/// Does two things and gives both results.
#[cfg(feature = "parallel")]
pub(crate) fn join<A: Send, B: Send>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B + Send) -> (A, B) {
    if on_threads() { rayon::join(first, second) } else { (first(), second()) }
}

/// Does two things and gives both results.
#[cfg(not(feature = "parallel"))]
pub(crate) fn join<A, B>(first: impl FnOnce() -> A, second: impl FnOnce() -> B) -> (A, B) {
    (first(), second())
}

#[cfg(feature = "parallel")]
#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::sync::Mutex;
    use std::thread::{self, ThreadId};

    use rayon::ThreadPoolBuilder;

    use super::*;

    /// The threads that the four ways of sharing work ran on.
    fn used() -> Vec<ThreadId> {
        let seen_by_all = Mutex::new(Vec::new());
        let ran = |_: &u32| thread::current().id();
        let mut seen = map(&[1; 64], ran);
        seen.extend(try_map(&[1; 64], |item| Ok::<_, ()>(ran(item))).unwrap());
        let (first, second) = join(|| thread::current().id(), || thread::current().id());
        seen.extend([first, second]);
        for_each(vec![1; 64], |item| seen_by_all.lock().unwrap().push(ran(&item)));
        seen.extend(seen_by_all.into_inner().unwrap());
        seen
    }

    #[test]
    fn outside_of_threads_all_work_is_the_callers() {
        let here = thread::current().id();
        assert!(used().iter().all(|&id| id == here));
    }

    #[test]
    fn inside_all_work_is_theirs() {
        let here = thread::current().id();
        assert!(Threads::start(2).run(used).iter().all(|&id| id != here));
        assert_eq!((Threads::start(3).run(Threads::here), Threads::here()), (3, 1));
    }

    #[test]
    fn where_no_thread_can_be_started_work_goes_on() {
        let refused =
            ThreadPoolBuilder::new().num_threads(2).spawn_handler(|_| Err(Error::from(ErrorKind::WouldBlock))).build();
        assert!(refused.is_err());
        let here = thread::current().id();
        assert!(Threads::of(refused).run(used).iter().all(|&id| id == here));
    }
}
