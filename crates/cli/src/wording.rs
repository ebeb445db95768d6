//! The library's messages in the words of the command line.

use photophone::wording::{Setting, worded};

/// A message with its settings as flags: `--hop`.
pub(crate) fn in_flags(message: &str) -> String {
    worded(message, |Setting { name, value }| {
        Some(value.map_or_else(|| format!("--{name}"), |value| format!("--{name} {value}")))
    })
}
