//! Long work without Python's lock, which Ctrl-C stops.

use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use photophone::transform::inverse::Progress;
use pyo3::prelude::*;

use crate::error::PhotophoneError;

/// How often Python is asked for signals: a person who presses Ctrl-C notices a tenth of a second.
const PATIENCE: Duration = Duration::from_millis(50);

/// What stops work: Python's exception, once there is one.
#[derive(Default)]
pub(crate) struct Stopper {
    stopped: AtomicBool,
    why: Mutex<Option<PyErr>>,
}

impl Stopper {
    /// Whether work has to end.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn stop(&self, why: PyErr) {
        // The first reason is the one to tell.
        self.why.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Passes a solver's progress on to a Python callable, whose exception stops the work.
    pub(crate) fn report(&self, callable: Option<&Py<PyAny>>, progress: Progress) -> ControlFlow<()> {
        if let Some(callable) = callable {
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
    py.detach(|| catch_unwind(AssertUnwindSafe(work))).map_err(fault)
}

/// Runs long work without Python's lock, on a thread of its own, while this one listens for Ctrl-C.
///
/// # Errors
/// What stopped the work: Python's exception. A panic as [`unlocked`] tells it.
pub(crate) fn interruptible<T: Send>(py: Python<'_>, work: impl FnOnce(&Stopper) -> T + Send) -> PyResult<T> {
    let stopper = Stopper::default();
    let watched = &stopper;
    let result = py.detach(|| {
        thread::scope(|scope| {
            let (done, waiting) = sync_channel::<()>(1);
            let worker = scope.spawn(move || {
                let result = work(watched);
                let _ = done.send(());
                result
            });
            while matches!(waiting.recv_timeout(PATIENCE), Err(RecvTimeoutError::Timeout)) && !worker.is_finished() {
                #[expect(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough")]
                if let Err(error) = Python::attach(|py| py.check_signals()) {
                    watched.stop(error);
                }
            }
            worker.join()
        })
    });
    match stopper.why.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(why) => Err(why),
        None => result.map_err(fault),
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
