//! What the words beside an axis say that it counts.

/// What an axis counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Quantity {
    /// Frequency, in so many Hz.
    Frequency(f64),
    /// Notes, in Hz.
    Notes,
    /// Time, in so many seconds.
    Time(f64),
    /// Rows or columns by their number.
    Index,
    /// Decibels.
    Decibels,
    /// Something else.
    Other,
    /// Nothing is said.
    Untold,
}

/// Words that name what is no magnitude over frequency, and what that is.
const OTHERS: [(&str, &str); 18] = [
    ("mfcc", "MFCC"),
    ("mfccs", "MFCC"),
    ("cepstral", "a cepstrum"),
    ("cepstrum", "a cepstrum"),
    ("chroma", "a chromagram"),
    ("chromagram", "a chromagram"),
    ("class", "a chromagram"),
    ("tempogram", "a tempogram"),
    ("tempo", "a tempogram"),
    ("bpm", "a tempogram"),
    ("tonnetz", "a tonnetz"),
    ("similarity", "a self-similarity matrix"),
    ("recurrence", "a recurrence matrix"),
    ("affinity", "an affinity matrix"),
    ("phase", "phase, not magnitude"),
    ("difference", "a difference of magnitudes"),
    ("latitude", "a map"),
    ("longitude", "a map"),
];

/// What a title says that its axis counts.
pub(crate) fn quantity(title: Option<&str>) -> Quantity {
    let Some(title) = title else { return Quantity::Untold };
    let says = |words: &[&str]| words.iter().any(|word| says(title, word));
    if other(title).is_some() {
        return Quantity::Other;
    }
    // What is counted in bins and frames is neither time nor frequency, whatever else is said.
    if says(&["frame", "frames", "bin", "bins", "index", "sample", "samples", "channel", "coefficient", "coefficients"])
    {
        return Quantity::Index;
    }
    if says(&["khz"]) {
        return Quantity::Frequency(1000.0);
    }
    if says(&["hz", "frequency", "freq", "hertz"]) {
        return Quantity::Frequency(1.0);
    }
    if says(&["note", "notes", "pitch"]) {
        return Quantity::Notes;
    }
    if says(&["db", "decibel", "decibels"]) {
        return Quantity::Decibels;
    }
    if says(&["ms", "milliseconds"]) {
        return Quantity::Time(0.001);
    }
    if says(&["time", "seconds", "second", "sec", "secs", "s"]) {
        return Quantity::Time(1.0);
    }
    if says(&["min", "minutes"]) {
        return Quantity::Time(60.0);
    }
    Quantity::Other
}

/// What else than magnitudes over frequency a title names.
pub(crate) fn other(title: &str) -> Option<&'static str> {
    OTHERS.iter().find(|(word, _)| says(title, word)).map(|&(_, what)| what)
}

/// Whether a word stands in a title, a letter in four misread at most.
fn says(title: &str, word: &str) -> bool {
    let title = title.to_lowercase();
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|found| !found.is_empty());
    // What looks alike is one letter.
    let alike = |word: &str| word.replace("rn", "m");
    words.into_iter().any(|found| distance(&alike(found), &alike(word)) <= word.len() / 4)
}

/// Letters to change, add or drop between two words (Levenshtein 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, &other) in b.iter().enumerate() {
            let changed = before + usize::from(letter != other);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_say_what_is_counted_though_letters_are_misread() {
        for (title, expected) in [
            ("Hz", Quantity::Frequency(1.0)),
            ("F equency [Hz]", Quantity::Frequency(1.0)),
            ("Frequency (kHz)", Quantity::Frequency(1000.0)),
            ("[ime", Quantity::Time(1.0)),
            ("Tirne [sec]", Quantity::Time(1.0)),
            ("Time (ms)", Quantity::Time(0.001)),
            ("frame", Quantity::Index),
            ("freq_bin", Quantity::Index),
            ("Note", Quantity::Notes),
            ("Pitch class", Quantity::Other),
            ("Latitude", Quantity::Other),
            ("Voltage", Quantity::Other),
        ] {
            assert_eq!(quantity(Some(title)), expected, "{title}");
        }
        assert_eq!(quantity(None), Quantity::Untold);
        assert_eq!(other("MFCC of a voice"), Some("MFCC"));
        assert_eq!(other("Spectrogram"), None);
    }
}
