//! What the label of a tick says.

use photophone_spectrum::hz_from_note;

/// What a number at a tick counts, where the label says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Hz,
    Seconds,
    Db,
    /// A note's frequency, equal temperament at A4 = 440 Hz.
    Note,
}

/// A label's number, in Hz, seconds or dB where it says which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Label {
    pub(crate) value: f64,
    pub(crate) unit: Option<Unit>,
}

/// Units that may stand behind a number, and what they multiply it by.
const UNITS: [(&str, f64, Unit); 6] = [
    ("khz", 1000.0, Unit::Hz),
    ("hz", 1.0, Unit::Hz),
    ("db", 1.0, Unit::Db),
    ("ms", 0.001, Unit::Seconds),
    ("s", 1.0, Unit::Seconds),
    ("k", 1000.0, Unit::Hz),
];

/// Reads a label; `None` where it is no number, time or note.
pub(crate) fn parse(text: &str) -> Option<Label> {
    let text = text.replace('\u{2212}', "-").replace(' ', "");
    if let Some(value) = note(&text) {
        return Some(Label { value, unit: Some(Unit::Note) });
    }
    if text.contains(':') {
        return clock(&text).map(|value| Label { value, unit: Some(Unit::Seconds) });
    }
    let lower = text.to_lowercase();
    for (name, factor, unit) in UNITS {
        if let Some(number) = lower.strip_suffix(name) {
            return Some(Label { value: number_of(number)? * factor, unit: Some(unit) });
        }
    }
    Some(Label { value: number_of(&lower)?, unit: None })
}

fn number_of(text: &str) -> Option<f64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let is_number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | '+'));
    (is_number && text.chars().any(|c| c.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// `m:ss` or `h:mm:ss`, in seconds.
fn clock(text: &str) -> Option<f64> {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |text| (-1.0, text));
    let parts: Vec<f64> = text.split(':').map(|part| number_of(part).filter(|&n| n >= 0.0)).collect::<Option<_>>()?;
    let fits = (2..=3).contains(&parts.len()) && parts[1..].iter().all(|&part| part < 60.0);
    fits.then(|| sign * parts.iter().fold(0.0, |sum, part| 60.0 * sum + part))
}

/// A note such as `C4` or `A♯-1`, in Hz. A letter alone is a word.
fn note(text: &str) -> Option<f64> {
    let is_name =
        text.starts_with(|letter| ('A'..='G').contains(&letter)) && text.ends_with(|c: char| c.is_ascii_digit());
    hz_from_note(text).filter(|_| is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_times_and_notes_are_read() {
        let value = |text: &str| parse(text).map(|label| (label.value, label.unit));
        assert_eq!(value("\u{2212}80"), Some((-80.0, None)));
        assert_eq!(value("+0 dB"), Some((0.0, Some(Unit::Db))));
        assert_eq!(value("2.5 kHz"), Some((2500.0, Some(Unit::Hz))));
        assert_eq!(value("10k"), Some((10000.0, Some(Unit::Hz))));
        assert_eq!(value("250 ms"), Some((0.25, Some(Unit::Seconds))));
        assert_eq!(value("1:05"), Some((65.0, Some(Unit::Seconds))));
        assert_eq!(value("1:01:05"), Some((3665.0, Some(Unit::Seconds))));
        assert_eq!(value("A4"), Some((440.0, Some(Unit::Note))));
        assert!((value("C1").unwrap().0 - 32.70319566).abs() < 1e-6);
        assert!((value("A\u{266f}-1").unwrap().0 - 14.5676175).abs() < 1e-6);
        assert_eq!(value("1e-5"), Some((1e-5, None)));
        for nothing in ["", "Hz", "-", "1:75", "Time", "1.2.3", "C", "H4"] {
            assert_eq!(value(nothing), None, "{nothing}");
        }
    }
}
