//! Readers of untrusted bytes run behind a guard: a panic in a decoder says that the file is damaged.
//!
//! Decoders that others keep do panic on some inputs: png 0.18.1 on a palette whose length is no multiple of three,
//! symphonia 0.6.1 on four kinds of Vorbis headers and on some of AIFF and CAF. Own code does not rely on the
//! guard: a panic of it is a fault that the fuzzer reports.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Once;

use crate::FileError;

thread_local! {
    /// How many guarded readers run on this thread, one inside the other.
    static GUARDED: Cell<usize> = const { Cell::new(0) };
}

/// Whether a guarded reader runs on this thread, so that a panic here becomes an error.
pub fn is_guarded() -> bool {
    GUARDED.with(|guarded| guarded.get() > 0)
}

/// Keeps the panics that become errors off stderr; all others are told as before. A program calls it once, at its start;
/// more calls do nothing.
pub fn silence_guarded_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !is_guarded() {
                before(panic);
            }
        }));
    });
}

/// One more guarded reader, for as long as it lives.
struct Guard;

impl Guard {
    fn new() -> Self {
        GUARDED.with(|guarded| guarded.set(guarded.get() + 1));
        Self
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        GUARDED.with(|guarded| guarded.set(guarded.get() - 1));
    }
}

/// What `read` makes of a file; its panic is [`FileError::Damaged`]. Where panics abort the process nothing can be caught.
///
/// What `read` was about to change is lost with it: it should own what it writes to. `path` and `expected` are for messages.
///
/// # Errors
/// Those of `read`, and [`FileError::Damaged`].
pub fn guarded<T, E: From<FileError>>(
    path: &Path,
    expected: &'static str,
    read: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let guard = Guard::new();
    let result = catch_unwind(AssertUnwindSafe(read));
    drop(guard);
    result.unwrap_or_else(|_| {
        Err(FileError::damaged(path, "its data stop the decoder with an internal error", expected).into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_and_the_guard_ends_with_it() {
        let empty: Vec<u8> = Vec::new();
        let panics = || Ok::<u8, FileError>(empty[std::hint::black_box(3)]);
        let error = guarded(Path::new("a.ogg"), "a sound", panics).unwrap_err();
        let message = error.to_string();
        assert!(message.starts_with("a.ogg: is damaged: ") && message.contains("a sound"), "{message}");
        assert!(!is_guarded());
        let inner =
            guarded(Path::new("a"), "b", || guarded(Path::new("c"), "d", || Ok::<bool, FileError>(is_guarded())));
        assert!(inner.unwrap() && !is_guarded());
    }
}
