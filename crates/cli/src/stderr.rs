//! What is said to the person.

use std::io::Write;

/// Says something to the person. A closed stderr is nobody's fault.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
}
