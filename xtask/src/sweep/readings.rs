//! Thresholds of reading pictures, all multiplied by the same factors: which statements about the same pictures change.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::thresholds::{OF_READING, OfReading, READINGS};
use super::tree::{Program, Said, Value, defined};
use crate::process::root;

const FACTORS: [f64; 4] = [0.5, 0.7, 1.4, 2.0];

/// The table of all of them.
///
/// # Errors
/// A program that fails.
pub(super) fn table(program: &Program, gallery: Option<&Path>) -> Result<String> {
    let (shipped, asked) = program.run(READINGS, gallery, None)?;
    let count = |word: &str| shipped.values().filter(|value| **value == Value::Word(word.to_owned())).count();
    let mut table = format!(
        "{} statements, of which {} are known to be right and {} are not made.\n\n| threshold | of | value |",
        shipped.len(),
        count("right"),
        count("unknown")
    );
    FACTORS.iter().try_for_each(|factor| write!(table, " x {factor} |"))?;
    table.push_str("\n|---|---|---|---|---|---|---|\n");
    for OfReading { threshold, is_of_rest } in &OF_READING {
        let text = fs::read_to_string(root()?.join("crates").join(threshold.file)).context(threshold.file)?;
        let own = defined(&text, threshold)?.value;
        let of = threshold.file.rsplit('/').next().unwrap_or_default();
        let lack = if *is_of_rest { " (what lacks of 1)" } else { "" };
        write!(table, "| `{}` | `{of}` | {own}{lack} |", threshold.constant)?;
        for factor in FACTORS {
            let change = if asked.contains(&threshold.variable()) {
                let value = scaled(own, *is_of_rest, factor).with_context(|| format!("{own} is no number"))?;
                let (said, _) = program.run(READINGS, gallery, Some((threshold, &value)))?;
                Change::between(&shipped, &said).to_string()
            } else {
                "not asked".to_owned()
            };
            println!("{} x {factor}: {change}", threshold.name);
            write!(table, " {change} |")?;
        }
        table.push('\n');
    }
    Ok(table.trim_end().to_owned())
}

/// A constant's text multiplied; whole numbers stay whole.
fn scaled(own: &str, is_of_rest: bool, factor: f64) -> Option<String> {
    let value: f64 = own.parse().ok()?;
    let scaled = if is_of_rest { 1.0 - factor * (1.0 - value) } else { factor * value };
    Some(if own.contains(['.', 'e']) { format!("{scaled:.6}") } else { format!("{scaled:.0}") })
}

/// Statements that another value changes.
#[derive(Debug, Default, PartialEq)]
struct Change {
    /// No longer made.
    lost: usize,
    /// Known to be right, which they were not.
    mended: usize,
    /// Made otherwise.
    other: usize,
}

impl Change {
    fn between(shipped: &Said, said: &Said) -> Self {
        let mut change = Self::default();
        // Of a picture that is not read, most statements are not made at all.
        let names = shipped.keys().chain(said.keys().filter(|name| !shipped.contains_key(*name)));
        let unknown = Value::Word("unknown".to_owned());
        for name in names {
            let (before, after) = (shipped.get(name).unwrap_or(&unknown), said.get(name).unwrap_or(&unknown));
            if before != after {
                let counted = match after {
                    Value::Word(word) if word == "unknown" => &mut change.lost,
                    Value::Word(word) if word == "right" => &mut change.mended,
                    _ => &mut change.other,
                };
                *counted += 1;
            }
        }
        change
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts = [(self.lost, "lost"), (self.other, "other"), (self.mended, "mended")];
        let told = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let told = told.collect::<Vec<_>>().join(", ");
        f.write_str(if told.is_empty() { "0" } else { &told })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_near_one_are_multiplied_in_what_they_lack() {
        assert_eq!(scaled("0.98", true, 2.0).as_deref(), Some("0.960000"));
        assert_eq!(scaled("0.2", false, 0.5).as_deref(), Some("0.100000"));
        assert_eq!(scaled("5", false, 0.7).as_deref(), Some("4"));
        assert_eq!(scaled("[1.0, 2.0]", false, 0.7), None);
    }

    #[test]
    fn what_is_not_said_any_more_is_lost() {
        let said = |words: &[(&str, &str)]| -> Said {
            words.iter().map(|(name, word)| ((*name).to_owned(), Value::Word((*word).to_owned()))).collect()
        };
        let shipped = said(&[("a", "right"), ("b", "7"), ("c", "unknown"), ("d", "2"), ("e", "8")]);
        let other = said(&[("a", "unknown"), ("b", "8"), ("c", "right"), ("d", "2"), ("f", "1")]);
        let change = Change::between(&shipped, &other);
        assert_eq!(change, Change { lost: 2, mended: 1, other: 2 });
        assert_eq!(change.to_string(), "2 lost, 2 other, 1 mended");
        assert_eq!(Change::between(&shipped, &shipped).to_string(), "0");
    }
}
