//! The threads that the transforms share their work on.
//!
//! A process that is forked has its parent's memory but none of its threads: what waits for them waits for ever. So
//! pools are known by the process that started them, and a child starts its own. Nor may a child wait for a lock, as
//! another thread of the parent's may have held it: see [`try_lock`].

use std::mem;
use std::process;
use std::sync::{Mutex, MutexGuard, TryLockError};

use photophone::transform::Threads;

/// Most pools that are kept between calls: as many calls at a time find their threads started.
const KEPT: usize = 4;

/// Pools that no call is using.
struct Idle {
    /// Whose threads they are.
    process: u32,
    pools: Vec<Threads>,
}

static IDLE: Mutex<Idle> = Mutex::new(Idle { process: 0, pools: Vec::new() });

/// Runs work on threads of this process, which no other call uses meanwhile: a short call never waits for a long one.
pub(crate) fn on_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let threads = taken().unwrap_or_else(|| Threads::start(0));
    let result = threads.run(work);
    give_back(threads);
    result
}

fn taken() -> Option<Threads> {
    let mut idle = try_lock(&IDLE)?;
    let process = process::id();
    if idle.process != process {
        // Dropping a parent's pool would reach for threads that are not there.
        mem::forget(mem::take(&mut idle.pools));
        idle.process = process;
    }
    idle.pools.pop()
}

fn give_back(threads: Threads) {
    match try_lock(&IDLE) {
        Some(mut idle) if idle.process == process::id() && idle.pools.len() < KEPT => idle.pools.push(threads),
        _ => drop(threads),
    }
}

/// What is locked, unless another thread has it: then do without.
///
/// A lock that was held when the process was forked is never opened in the child, so nothing here waits for one.
pub(crate) fn try_lock<T>(lock: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match lock.try_lock() {
        Ok(held) => Some(held),
        Err(TryLockError::Poisoned(held)) => Some(held.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
