//! `cargo xtask sweep [NAME]`: over which range of a threshold results stay as they are.
//!
//! Each value of a threshold recovers the same group of sounds; what differs from the shipped value is a row of a table in
//! docs/sweeps.md. Thresholds of reading pictures have one table together.

mod readings;
mod thresholds;
mod tree;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::document::Marks;
use crate::gallery;
use thresholds::{READINGS, THRESHOLDS, Threshold};
use tree::{Program, Said, Value};

const PAGE: &str = "docs/sweeps.md";

/// Differences up to which results are said to be the same, in dB.
const SAME_DB: f64 = 0.1;

/// Sweeps the thresholds of these names, or all, and writes their tables.
///
/// # Errors
/// A name that there is not, and sources that do not build.
pub(crate) fn run(names: &[String]) -> Result<()> {
    let there: Vec<&str> = THRESHOLDS.iter().map(|threshold| threshold.name).chain([READINGS]).collect();
    if let Some(unknown) = names.iter().find(|name| !there.contains(&name.as_str())) {
        bail!("there is no sweep {unknown}; there are {}", there.join(", "));
    }
    let is_named = |name: &str| names.is_empty() || names.iter().any(|named| named == name);
    println!("building a copy whose thresholds can be changed");
    let program = Program::build()?;
    let gallery = gallery::folder().ok();
    let mut shipped: BTreeMap<&str, Said> = BTreeMap::new();
    for threshold in THRESHOLDS.iter().filter(|threshold| is_named(threshold.name)) {
        let begin = Instant::now();
        if !shipped.contains_key(threshold.group) {
            shipped.insert(threshold.group, program.run(threshold.group, gallery.as_deref(), None)?.0);
        }
        let shipped = &shipped[threshold.group];
        let mut rows = Vec::new();
        for value in threshold.values {
            let (said, _) = program.run(threshold.group, gallery.as_deref(), Some((threshold, value)))?;
            rows.push((*value, Change::between(shipped, &said)?));
        }
        let table = table(threshold, shipped, &rows);
        println!("{}, {:.0} s\n{table}", threshold.name, begin.elapsed().as_secs_f64());
        write(threshold.name, &table)?;
    }
    if is_named(READINGS) {
        write(READINGS, &readings::table(&program, gallery.as_deref())?)?;
    }
    Ok(())
}

fn write(name: &str, table: &str) -> Result<()> {
    let (begin, end) = marks(name);
    Marks { document: PAGE, begin: &begin, end: &end }.write(table)
}

/// What stands around a threshold's table.
fn marks(name: &str) -> (String, String) {
    (format!("<!-- {name}: made by cargo xtask sweep {name} -->"), format!("<!-- end of {name} -->"))
}

/// What a value changes, beside the shipped one.
#[derive(Debug, Default, PartialEq)]
struct Change {
    /// How much worse and how much better a case became at most, in dB, and which.
    loss: (f64, String),
    gain: (f64, String),
    /// Readings that became another.
    readings: usize,
}

impl Change {
    fn between(shipped: &Said, said: &Said) -> Result<Self> {
        let mut change = Self::default();
        for (name, before) in shipped {
            match (before, said.get(name).context("a case is missing")?) {
                (Value::Db(before), Value::Db(after)) => {
                    for (worst, db) in [(&mut change.loss, before - after), (&mut change.gain, after - before)] {
                        if db > worst.0 {
                            *worst = (db, name.clone());
                        }
                    }
                }
                (before, after) => change.readings += usize::from(before != after),
            }
        }
        Ok(change)
    }

    fn is_none(&self) -> bool {
        self.loss.0 <= SAME_DB && self.gain.0 <= SAME_DB && self.readings == 0
    }
}

/// The table of one threshold, and the range around its own value in which nothing changes.
fn table(threshold: &Threshold, shipped: &Said, rows: &[(&str, Change)]) -> String {
    let figures = shipped.values().filter(|value| matches!(value, Value::Db(_))).count();
    let words = shipped.len() - figures;
    let right = shipped.values().filter(|value| matches!(value, Value::Word(word) if word == "right")).count();
    let mut table = match (figures, words) {
        (_, 0) => format!("{figures} sounds of the group `{}`.\n\n", threshold.group),
        (0, _) => format!("{words} readings of the group `{}`, of which {right} are right.\n\n", threshold.group),
        _ => format!("{figures} figures and {words} readings of the group `{}`.\n\n", threshold.group),
    };
    table.push_str("| value | most lost, dB | most gained, dB | other readings |\n|---|---|---|---|\n");
    let side = |(db, name): &(f64, String)| if *db >= 0.005 { format!("{db:.2} ({name})") } else { "0".to_owned() };
    for (value, change) in rows {
        let _ = writeln!(table, "| {value} | {} | {} | {} |", side(&change.loss), side(&change.gain), change.readings);
    }
    // The shipped value lies in the middle.
    let (below, above) = rows.split_at(rows.len() / 2);
    let flat = |rows: &mut dyn Iterator<Item = &(&str, Change)>| {
        rows.take_while(|(_, change)| change.is_none()).last().map(|(value, _)| (*value).to_owned())
    };
    let own = || "its own value".to_owned();
    let (low, high) = (flat(&mut below.iter().rev()), flat(&mut above.iter()));
    let verdict = match (&low, &high) {
        (None, None) => "Only at its own value are all within 0.1 dB.".to_owned(),
        _ => format!(
            "Within 0.1 dB and with the same readings: {} to {}.",
            low.unwrap_or_else(own),
            high.unwrap_or_else(own)
        ),
    };
    let _ = write!(table, "\n{verdict}");
    table
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::thresholds::{OF_READING, OfReading};
    use super::*;
    use crate::process::root;

    #[test]
    fn every_threshold_is_in_its_file_and_on_the_page() {
        let page = fs::read_to_string(root().unwrap().join(PAGE)).unwrap();
        for threshold in &THRESHOLDS {
            let text = fs::read_to_string(root().unwrap().join("crates").join(threshold.file)).unwrap();
            assert!(tree::rewritten(&text, threshold).is_ok(), "{}", threshold.name);
            assert!(threshold.values.len() == 4, "{}", threshold.name);
            let (begin, end) = marks(threshold.name);
            assert!(page.contains(&begin) && page.contains(&end), "{}", threshold.name);
        }
        for OfReading { threshold, .. } in &OF_READING {
            let text = fs::read_to_string(root().unwrap().join("crates").join(threshold.file)).unwrap();
            assert!(tree::rewritten(&text, threshold).is_ok(), "{}", threshold.name);
        }
    }

    #[test]
    fn the_range_ends_where_something_changes() {
        let said = |db: f64, word: &str| -> Said {
            [("a".to_owned(), Value::Db(db)), ("b".to_owned(), Value::Word(word.to_owned()))].into()
        };
        let shipped = said(20.0, "right");
        let change = |db, word| Change::between(&shipped, &said(db, word)).unwrap();
        let rows = [
            ("1", change(20.0, "wrong")),
            ("2", change(19.95, "right")),
            ("4", change(20.05, "right")),
            ("5", change(19.0, "right")),
        ];
        let table = table(&THRESHOLDS[0], &shipped, &rows);
        assert!(table.ends_with("same readings: 2 to 4."), "{table}");
        assert!(table.contains("| 5 | 1.00 (a) | 0 | 0 |") && table.contains("| 1 | 0 | 0 | 1 |"), "{table}");
    }
}
