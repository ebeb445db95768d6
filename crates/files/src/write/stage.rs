//! What is being written, for whoever has to end it from another thread.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::FileError;

/// The temporary files of some [`Outputs`](super::Outputs), shared with a thread that may have to end the process.
///
/// Cloning gives another handle of the same stage.
#[derive(Clone, Debug, Default)]
pub struct Stage(Arc<State>);

#[derive(Debug, Default)]
struct State {
    temporaries: Mutex<BTreeSet<PathBuf>>,
    /// Whether some output has been put in place; held while outputs are.
    placed: Mutex<bool>,
    abandoned: AtomicBool,
}

impl Stage {
    /// Removes every temporary file and lets nothing more be put in place. Waits for outputs that are just being put
    /// in place: files get their names then, and no bytes are written.
    ///
    /// Returns whether anything has been put in place before.
    pub fn abandon(&self) -> bool {
        let placed = hold(&self.0.placed);
        self.0.abandoned.store(true, Ordering::SeqCst);
        for path in std::mem::take(&mut *hold(&self.0.temporaries)) {
            let _ = fs::remove_file(path);
        }
        *placed
    }

    /// Puts outputs in place; [`abandon`](Self::abandon) waits for the end of it.
    pub(super) fn place(&self, place: impl FnOnce() -> Result<(), FileError>) -> Result<(), FileError> {
        let mut placed = hold(&self.0.placed);
        if self.is_abandoned() {
            return Err(FileError::Abandoned);
        }
        place()?;
        *placed = true;
        Ok(())
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.0.abandoned.load(Ordering::SeqCst)
    }

    pub(super) fn enter(&self, temporary: &Path) {
        hold(&self.0.temporaries).insert(temporary.to_owned());
    }

    pub(super) fn leave(&self, temporary: &Path) {
        hold(&self.0.temporaries).remove(temporary);
    }
}

/// Whatever a thread that panicked was doing, what it held is whole.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
