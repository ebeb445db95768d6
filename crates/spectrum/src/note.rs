//! Names of notes.

/// The frequency in Hz of a note in twelve-tone equal temperament, A4 = 440 Hz: a letter, accidentals (`#`, `♯`, `b`, `♭`, and
/// librosa's `!`) and an octave from -8 to 16, 0 where there is none. `None` of what is no note.
///
/// As librosa's `note_to_hz` (0.11) but for cents.
pub fn hz_from_note(text: &str) -> Option<f64> {
    let mut letters = text.trim().chars();
    let step = match letters.next()?.to_ascii_uppercase() {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let rest = letters.as_str();
    let octave_text = rest.trim_start_matches(['#', 'b', '♯', '♭', '!']);
    let accidental: i32 =
        rest[..rest.len() - octave_text.len()].chars().map(|mark| if matches!(mark, '#' | '♯') { 1 } else { -1 }).sum();
    let octave: i32 = if octave_text.is_empty() { 0 } else { octave_text.parse().ok()? };
    (-8..=16).contains(&octave).then(|| {
        let midi = 12 * (octave + 1) + step + accidental;
        440.0 * (f64::from(midi - 69) / 12.0).exp2()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_those_of_the_keyboard() {
        assert_eq!(hz_from_note("A4"), Some(440.0));
        assert_eq!(hz_from_note(" a\u{266f}3 "), hz_from_note("Bb3"));
        assert!((hz_from_note("C1").unwrap_or_default() - 32.70319566).abs() < 1e-6);
        assert_eq!(hz_from_note("C"), hz_from_note("C0"));
        for nothing in ["", "H4", "4", "A17", "A4.5"] {
            assert_eq!(hz_from_note(nothing), None, "{nothing}");
        }
    }
}
