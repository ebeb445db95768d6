//! Settings in messages: the library names them, each front end spells them.
//!
//! A message that tells what to change names the setting between backquotes, with a value behind it where one helps:
//! "fewer bins (`bins`)", "8 bits (`bits 8`)". [`worded`] puts in what people type: `--bins` on the command line,
//! `n_bins=` in Python.

/// The settings that messages name. What else stands between backquotes is left alone, such as a file's name.
pub const SETTINGS: [&str; 55] = [
    "axis",
    "bins",
    "bins-per-octave",
    "bits",
    "cell-height",
    "cell-width",
    "cells",
    "center",
    "centres",
    "crop",
    "despite-doubt",
    "duration",
    "edge",
    "filter-scale",
    "flip",
    "fmax",
    "fmin",
    "force",
    "gamma",
    "hop",
    "intervals",
    "inverse",
    "iterations",
    "length",
    "levels",
    "librosa",
    "mask",
    "max-memory",
    "max-pixels",
    "max-work",
    "mel-norm",
    "mel-scale",
    "n-fft",
    "n-mels",
    "norm",
    "original",
    "overlay",
    "pad-mode",
    "palette",
    "panel",
    "phase",
    "phase-method",
    "power",
    "recipe",
    "reference",
    "res-type",
    "sample-rate",
    "seed",
    "sparsity",
    "sr",
    "transform",
    "transposed",
    "tuning",
    "win-length",
    "window",
];

/// A setting as a message names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting<'a> {
    /// One of [`SETTINGS`].
    pub name: &'a str,
    /// A value that is proposed, or the form of one, such as `ROWSxFRAMES`.
    pub value: Option<&'a str>,
}

impl<'a> Setting<'a> {
    fn parse(quoted: &'a str) -> Option<Self> {
        let (name, value) = match quoted.split_once(' ') {
            Some((name, value)) => (name, Some(value)),
            None => (quoted, None),
        };
        SETTINGS.contains(&name).then_some(Self { name, value })
    }
}

/// A message with each setting that it names as `spell` spells it. A spelling of `None` leaves out a setting that
/// stands alone in parentheses, parentheses and all, and is the bare name elsewhere: there is no such setting to give.
pub fn worded(message: &str, spell: impl Fn(Setting<'_>) -> Option<String>) -> String {
    let mut text = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find('`') {
        let (before, quoted) = (&rest[..start], &rest[start + 1..]);
        text.push_str(before);
        let found = quoted.find('`').and_then(|end| Some((Setting::parse(&quoted[..end])?, &quoted[end + 1..])));
        let Some((setting, after)) = found else {
            text.push('`');
            rest = quoted;
            continue;
        };
        rest = after;
        match spell(setting) {
            Some(spelt) => text.push_str(&spelt),
            None if text.ends_with(" (") && rest.starts_with(')') => {
                text.truncate(text.len() - " (".len());
                rest = &rest[1..];
            }
            None => text.push_str(setting.name),
        }
    }
    text + rest
}

/// Names as the beginning of a sentence, with "has" or "have"; `None` without any.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> Option<String> {
    let (last, first) = names.split_last()?;
    let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
    let last = last.as_ref();
    Some(if first.is_empty() { format!("{last} has") } else { format!("{} and {last} have", first.join(", ")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(Setting { name, value }: Setting<'_>) -> Option<String> {
        (name != "bins").then(|| format!("--{name}{}", value.map(|value| format!(" {value}")).unwrap_or_default()))
    }

    #[test]
    fn settings_are_spelt_and_all_else_is_kept() {
        let is = |message: &str, text: &str| assert_eq!(worded(message, flag), text);
        is("a lower `fmin` or a higher `sr`", "a lower --fmin or a higher --sr");
        is("8 bits (`bits 8`)", "8 bits (--bits 8)");
        is("fewer bins (`bins`), a lower `fmin`", "fewer bins, a lower --fmin");
        is("`bins` and (more `bins`)", "bins and (more bins)");
        is("the file `a b`.png and ` and `crop`", "the file `a b`.png and ` and --crop");
        is("", "");
    }
}
