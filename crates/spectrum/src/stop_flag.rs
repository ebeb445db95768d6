//! What ends work early from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;

/// Work that was ended from another thread, by its [`StopFlag`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the work was stopped from another thread")]
pub struct Stopped;

/// Ends work early once another thread has set it. Planning asks it for every filter, searches for every step of their
/// solves, readers of pictures for every row of pixels or step of a search. The default is never set.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Option<Arc<AtomicBool>>);

impl StopFlag {
    /// Heeds a flag.
    pub fn new(flag: Arc<AtomicBool>) -> Self {
        Self(Some(flag))
    }

    /// Whether work has to end.
    pub fn is_set(&self) -> bool {
        self.0.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// The same as an error.
    ///
    /// # Errors
    /// [`Stopped`].
    pub fn check(&self) -> Result<(), Stopped> {
        if self.is_set() { Err(Stopped) } else { Ok(()) }
    }

    /// The flag itself.
    pub fn flag(&self) -> Option<Arc<AtomicBool>> {
        self.0.clone()
    }
}

/// Two are the same where they heed the same flag.
impl PartialEq for StopFlag {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}
