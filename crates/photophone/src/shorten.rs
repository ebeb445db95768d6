//! Messages that a person can read: what was typed or found in a file is echoed, but not a megabyte of it.

use std::borrow::Cow;

/// Characters that are kept of a longer line: the longest message with advice has some 500.
const MOST: usize = 800;

/// The text with the middle of overlong lines left out; what is short enough is not copied.
///
/// Each line keeps its first and last 400 characters and says how many are missing. For error messages of any origin,
/// which echo what they refuse.
pub fn shortened(text: &str) -> Cow<'_, str> {
    if text.lines().all(|line| line.len() <= MOST) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.lines().map(short_line).collect::<Vec<_>>().join("\n"))
}

fn short_line(line: &str) -> Cow<'_, str> {
    let count = line.chars().count();
    // A line is not cut to say that ten characters are missing.
    if count <= MOST + MOST / 2 {
        return Cow::Borrowed(line);
    }
    let start: String = line.chars().take(MOST / 2).collect();
    let end: String = line.chars().skip(count - MOST / 2).collect();
    Cow::Owned(format!("{start} ... ({} characters left out) ... {end}", count - MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_long_is_cut() {
        let message = "x.toml: hop is 'many'; expected a whole number";
        assert_eq!(shortened(message), message);
        let long = format!("hop is '{}'; expected a whole number\nsecond line", "ä".repeat(1_000_000));
        let short = shortened(&long);
        assert!(short.len() < 2000, "{}", short.len());
        assert!(short.starts_with("hop is 'ä") && short.contains("characters left out"), "{short}");
        assert!(short.contains("expected a whole number\nsecond line"), "{short}");
    }
}
