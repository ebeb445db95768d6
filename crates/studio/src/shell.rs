//! The command that does the same in a shell.

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._/-:,+@%=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A file's name as an argument that is no flag.
fn file(name: &str) -> String {
    if name.starts_with('-') { quoted(&format!("./{name}")) } else { quoted(name) }
}

/// `photophone recover NAME` with settings, the phase's file and flags behind.
pub(crate) fn recover(name: &str, settings: &[(String, String)], phase: Option<&str>) -> String {
    let mut words = vec!["photophone recover".to_owned(), file(name)];
    words.extend(phase.map(|phase| format!("--phase {}", file(phase))));
    words.extend(flags(settings).iter().map(|flag| match flag.split_once('=') {
        // A value with a minus sign would be taken for a flag.
        Some((name, value)) if !value.starts_with('-') => format!("{name} {}", quoted(value)),
        _ => quoted(flag),
    }));
    words.join(" ")
}

/// `photophone draw NAME`.
pub(crate) fn draw(name: &str) -> String {
    format!("photophone draw {}", file(name))
}

/// A name without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// `photophone edit SOUND` with the files that the page downloads of a document of this name.
pub(crate) fn edit(sound: &str, name: &str) -> String {
    let (edits, output) = (format!("{}.edits.json", stem(name)), format!("{}-edited.wav", stem(name)));
    format!("photophone edit {} --edits {} -o {}", file(sound), file(&edits), file(&output))
}

/// The same of a sound that a command makes: the demo's, or a picture's.
pub(crate) fn edit_made(made: &str, name: &str, is_demo: bool) -> String {
    if is_demo {
        return format!("{made} && {}", edit("photophone-demo/original.wav", name));
    }
    let sound = format!("{}.recovered.wav", stem(name));
    format!("{made} -o {} && {}", file(&sound), edit(&sound, name))
}

/// The settings as arguments, each in one piece: `--hop=512`, or `--despite-doubt` where there is no value.
pub(crate) fn flags(settings: &[(String, String)]) -> Vec<String> {
    let flag = |(name, value): &(String, String)| {
        if value.is_empty() { format!("--{name}") } else { format!("--{name}={value}") }
    };
    settings.iter().map(flag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_names_what_the_page_downloads() {
        assert_eq!(edit("/a b/x.wav", "x.wav"), "photophone edit '/a b/x.wav' --edits x.edits.json -o x-edited.wav");
        assert_eq!(
            edit_made(&recover("-p.png", &[], None), "-p.png", false),
            "photophone recover ./-p.png -o ./-p.recovered.wav && photophone edit ./-p.recovered.wav --edits ./-p.edits.json \
             -o ./-p-edited.wav"
        );
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_read_them_otherwise() {
        let settings = [("sr", "44100"), ("tuning", "-0.2"), ("despite-doubt", "")];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            recover("it's a; song.png", &settings, Some("-p.npy")),
            r"photophone recover 'it'\''s a; song.png' --phase ./-p.npy --sr 44100 --tuning=-0.2 --despite-doubt"
        );
    }
}
