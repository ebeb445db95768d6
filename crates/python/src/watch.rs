//! Long work without Python's lock, which Ctrl-C stops.

use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use photophone::transform::Progress;
use pyo3::prelude::*;

use crate::error::PhotophoneError;
use crate::threads::{on_threads, try_lock};

/// How often Python is asked for signals: a person who presses Ctrl-C notices a tenth of a second.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long stopped work is waited for before it is left behind: half of the second that people are promised.
const GRACE: Duration = Duration::from_millis(500);

/// What stops work: Python's exception, once there is one.
#[derive(Default)]
pub(crate) struct Stopper {
    stopped: Arc<AtomicBool>,
    why: Mutex<Option<PyErr>>,
    /// Whether nobody else asks Python for signals, as no thread could be started for the work.
    alone: AtomicBool,
}

impl Stopper {
    /// Whether work has to end.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// The same as a flag, for work that asks by itself.
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopped)
    }

    /// The result of work, or what stopped it.
    fn outcome<T>(&self, result: Option<thread::Result<T>>) -> PyResult<T> {
        if let Some(why) = self.why.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(why);
        }
        result.unwrap_or_else(|| Err(Box::new("the work ended without a result"))).map_err(fault)
    }

    fn ask_for_signals(&self) {
        #[expect(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough")]
        if let Err(error) = Python::attach(|py| py.check_signals()) {
            self.stop(error);
        }
    }

    fn stop(&self, why: PyErr) {
        // The first reason is the one to tell.
        self.why.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Does the work on this thread, as no other could be started: it asks for signals by itself.
    fn work_alone<T: Send>(&self, work: &Mutex<Option<impl FnOnce(&Self) -> T + Send>>) -> Option<thread::Result<T>> {
        self.alone.store(true, Ordering::Relaxed);
        let work = try_lock(work)?.take()?;
        Some(guarded(|| work(self)))
    }

    /// Passes a solver's progress on to a Python callable, whose exception stops the work.
    pub(crate) fn report(&self, callable: Option<&Py<PyAny>>, progress: Progress) -> ControlFlow<()> {
        if self.alone.load(Ordering::Relaxed) {
            self.ask_for_signals();
        }
        if let Some(callable) = callable
            && !self.is_stopped()
        {
            let told = Python::attach(|py| callable.call1(py, (progress.iteration, progress.max_iterations)).map(drop));
            if let Err(error) = told {
                self.stop(error);
            }
        }
        if self.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Runs short work without Python's lock, on this thread.
///
/// # Errors
/// A panic of the work as [`PhotophoneError`]: it is a fault of the library, and no reason to end the caller.
pub(crate) fn unlocked<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    py.detach(|| guarded(|| on_threads(work))).map_err(fault)
}

/// Runs long work without Python's lock, on a thread of its own, while this one listens for Ctrl-C.
///
/// Work that does not end soon after it was stopped is left behind: it ends by itself at its next look.
///
/// # Errors
/// What stopped the work: Python's exception. A panic as [`unlocked`] tells it.
pub(crate) fn interruptible<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Stopper) -> T + Send + 'static,
) -> PyResult<T> {
    interruptible_alone(py, move |stopper| on_threads(|| work(stopper)))
}

/// The same on one processor: for workers, of which there is one for each.
///
/// # Errors
/// As [`interruptible`].
pub(crate) fn interruptible_alone<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Stopper) -> T + Send + 'static,
) -> PyResult<T> {
    let stopper = Arc::new(Stopper::default());
    let (done, waiting) = sync_channel(1);
    let work = Arc::new(Mutex::new(Some(work)));
    let (theirs, watched) = (Arc::clone(&work), Arc::clone(&stopper));
    let started = thread::Builder::new().spawn(move || {
        if let Some(work) = try_lock(&theirs).and_then(|mut work| work.take()) {
            // Nobody waits for what was left behind.
            let _ = done.send(guarded(|| work(&watched)));
        }
    });
    let attended = Arc::clone(&stopper);
    let result = py.detach(move || match started {
        Ok(_) => attend(&attended, &waiting, Some(GRACE)),
        Err(_) => attended.work_alone(&work),
    });
    stopper.outcome(result)
}

/// The same for work on borrowed data, which has to heed [`Stopper::flag`]: it is waited for.
///
/// # Errors
/// As [`interruptible`].
pub(crate) fn interruptible_borrowing<T: Send>(py: Python<'_>, work: impl FnOnce(&Stopper) -> T + Send) -> PyResult<T> {
    let stopper = Stopper::default();
    let watched = &stopper;
    let work = Mutex::new(Some(move |stopper: &Stopper| on_threads(|| work(stopper))));
    let result = py.detach(|| {
        thread::scope(|scope| {
            let (done, waiting) = sync_channel(1);
            let theirs = &work;
            let started = thread::Builder::new().spawn_scoped(scope, move || {
                if let Some(work) = try_lock(theirs).and_then(|mut work| work.take()) {
                    let _ = done.send(guarded(|| work(watched)));
                }
            });
            match started {
                Ok(_) => attend(watched, &waiting, None),
                Err(_) => watched.work_alone(theirs),
            }
        })
    });
    stopper.outcome(result)
}

/// Runs work; a panic in it is a value.
fn guarded<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
    catch_unwind(AssertUnwindSafe(work))
}

/// Waits for the result, and stops the work at Ctrl-C; `None` where the work did not end within `grace` then.
fn attend<T>(
    stopper: &Stopper,
    waiting: &Receiver<thread::Result<T>>,
    grace: Option<Duration>,
) -> Option<thread::Result<T>> {
    let mut stopped_at: Option<Instant> = None;
    loop {
        match waiting.recv_timeout(PATIENCE) {
            Ok(result) => return Some(result),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        stopper.ask_for_signals();
        if stopper.is_stopped() {
            let since = stopped_at.get_or_insert_with(Instant::now).elapsed();
            if grace.is_some_and(|grace| since > grace) {
                return None;
            }
        }
    }
}

fn fault(panic: Box<dyn Any + Send>) -> PyErr {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default();
    PhotophoneError::new_err(format!("a fault inside photophone: {text}; report it with the call that led to it"))
}
