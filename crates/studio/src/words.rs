//! Errors in the page's words: what was found, what was expected, what to do.

use photophone::files::FileError;
use photophone::picture::PictureError;
use photophone::wording::{Setting, worded};
use photophone::{Error, shortened};

/// What could not be done, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem(pub(crate) String);

impl Problem {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// What the page calls the settings that messages name; the others keep their names.
const LABELS: [(&str, &str); 17] = [
    ("axis", "Frequency scale"),
    ("bins", "Bins"),
    ("bins-per-octave", "Bins"),
    ("cells", "Cells"),
    ("crop", "Frame"),
    ("duration", "Time"),
    ("fmax", "Highest frequency"),
    ("fmin", "Lowest frequency"),
    ("hop", "Hop"),
    ("length", "Samples"),
    ("levels", "Level scale"),
    ("original", "the original picture"),
    ("palette", "Palette"),
    ("phase", "Add phase"),
    ("sample-rate", "Samples' rate"),
    ("sr", "Sample rate"),
    ("tuning", "Tuning"),
];

/// A setting's name on the page.
pub(crate) fn label(name: &str) -> &str {
    LABELS.iter().find(|(setting, _)| *setting == name).map_or(name, |(_, label)| label)
}

/// A message of the library's with its settings as the page calls them.
pub(crate) fn on_page(message: &str) -> String {
    worded(message, |Setting { name, value }| {
        let label = label(name);
        Some(value.map_or_else(|| label.to_owned(), |value| format!("{label} {value}")))
    })
}

/// An error of the library's about a document of this name.
pub(crate) fn problem_of(error: &Error, name: &str) -> Problem {
    match error {
        Error::File(error) => of_file(error, name),
        Error::PictureFile { source: PictureError::UnknownColours { .. }, .. }
        | Error::Picture(PictureError::UnknownColours { .. }) => {
            Problem::new("No palette explains these colours. Choose one or crop to the data.")
        }
        Error::Doubtful { doubts, .. } => Problem::new(format!(
            "Too doubtful to make a sound of: {}. Correct what is wrong, or take it as it is.",
            on_page(doubts)
        )),
        Error::Interrupted => Problem::new("Cancelled."),
        other => said(&other.to_string(), name),
    }
}

/// An error of reading a file.
pub(crate) fn of_file(error: &FileError, name: &str) -> Problem {
    match error {
        FileError::Kind { found, advice, .. } => Problem::new(format!("This is {found}. {}.", sentence(advice))),
        FileError::Unsupported { found, advice, .. } if found.starts_with("a ") => {
            Problem::new(format!("This is {found}. {}.", sentence(advice)))
        }
        other => said(&other.to_string(), name),
    }
}

/// A message without the file that it is about: the page shows that on top.
fn said(message: &str, name: &str) -> Problem {
    let text = on_page(&shortened(message));
    // What was sent lies under a name of the server's.
    let text = match text.split_once(": ") {
        Some((file, rest)) if file == name || file.contains(['/', '\\']) => rest,
        _ => &text,
    };
    Problem::new(sentence(text))
}

/// A text that begins as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn messages_say_what_is_found_and_what_to_do_in_the_pages_words() {
        let webp = FileError::Kind {
            path: PathBuf::from("a.webp"),
            found: "a WebP picture".to_owned(),
            expected: "a picture",
            advice: "save it as PNG".to_owned(),
        };
        assert_eq!(of_file(&webp, "a.webp").0, "This is a WebP picture. Save it as PNG.");
        let damaged = FileError::damaged(&PathBuf::from("/tmp/x/a.png"), "it ends early", "all of it");
        let text = of_file(&damaged, "a.png").0;
        assert!(text.starts_with("Is damaged: it ends early") && !text.contains("/tmp"), "{text}");
        assert_eq!(on_page("a lower `fmin` or 8 bits (`bits 8`)"), "a lower Lowest frequency or 8 bits (bits 8)");
    }
}
