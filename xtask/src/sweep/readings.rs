//! Thresholds of reading pictures, all multiplied by the same factors: which statements about the same pictures change.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::thresholds::Threshold;
use super::tree::{Program, Said, Value, defined};
use crate::process::root;

/// What the command calls them all, and the group of pictures.
pub(super) const NAME: &str = "readings";

const FACTORS: [f64; 4] = [0.5, 0.7, 1.4, 2.0];

/// A threshold of reading.
pub(super) struct OfReading {
    pub(super) threshold: Threshold,
    /// Whether the factors are of what a share lacks of 1, not of the share.
    is_of_rest: bool,
}

const fn itself(name: &'static str, (file, constant): (&'static str, &'static str)) -> OfReading {
    let threshold = Threshold { name, file, constant, users: &[], group: NAME, values: &[] };
    OfReading { threshold, is_of_rest: false }
}

/// A share near 1.
const fn rest(name: &'static str, place: (&'static str, &'static str)) -> OfReading {
    OfReading { is_of_rest: true, ..itself(name, place) }
}

impl OfReading {
    const fn used_by(self, users: &'static [&'static str]) -> Self {
        Self { threshold: Threshold { users, ..self.threshold }, ..self }
    }
}

/// Those of the picture half, then those of the library that joins the halves.
pub(super) const OF_READING: [OfReading; 30] = [
    itself("margin-rare", ("picture/src/frame.rs", "RARE_SHARE")),
    rest("box-filled", (FIGURE, "FILLED_SHARE")),
    rest("box-bare", (FIGURE, "BARE_SHARE")),
    itself("line-alike", (FRAME_LINE, "LIKE_THE_LINE")),
    itself("line-depth", (FRAME_LINE, "FRAME_DEPTH")).used_by(&[
        FIGURE,
        "picture/src/unframed.rs",
        "picture/src/frame.rs",
    ]),
    itself("cells-holes", (CELLS, "MAX_HOLES")),
    itself("cells-fine", (CELLS, "FINE_CELL_PX")),
    itself("lattice-holes", (LATTICE, "FEW_HOLES")),
    itself("lattice-drift", (LATTICE, "DRIFT_CELLS")),
    itself("lattice-off", (ROBUST_FIT, "MAX_OFF_SHARE")),
    itself("lattice-off-rate", (ROBUST_FIT, "MAX_OFF_RATE")),
    rest("palette-exact", ("picture/src/palette/colours.rs", "EXACT_SHARE"))
        .used_by(&["picture/src/palette/recognise.rs"]),
    itself("direction-usual", (POLARITY, "FORWARD_PRIOR")),
    itself("direction-usual-gray", (POLARITY, "FORWARD_PRIOR_GRAY")),
    itself("direction-slope", (POLARITY, "SLOPE_WEIGHT")),
    itself("direction-quiet", (POLARITY, "QUIET_WEIGHT")),
    itself("direction-ends", (POLARITY, "END_ENTRIES")),
    itself("curves-bare", ("picture/src/axes/content.rs", "BARE_SHARE")),
    itself("edge-ticks", ("picture/src/axes/boxes.rs", "EDGE_SHARE")),
    itself("rows-seen", (ROWS, "SEEN")),
    rest("rows-explained", (ROWS, "EXPLAINED")),
    itself("rows-lead", (ROWS, "LEAD")),
    itself("label-unexplained", ("picture/src/axes/labels.rs", "MOST_UNEXPLAINED")),
    itself("text-unexplained", (TEXT, "MOST_UNEXPLAINED")),
    itself("text-glyph", (TEXT, "GLYPH_COST")),
    itself("edit-usual", ("photophone/src/read/edited.rs", "MOST_USUAL")),
    itself("recolour-kept", (RECOLOUR, "KEPT")),
    itself("recolour-most", (RECOLOUR, "MOST")),
    itself("recolour-follows", (RECOLOUR, "FOLLOWS")),
    itself("range-lead", ("photophone/src/read/range.rs", "LEAD")),
];

const FIGURE: &str = "picture/src/figure.rs";
const FRAME_LINE: &str = "picture/src/frame_line.rs";
const CELLS: &str = "picture/src/cells.rs";
const LATTICE: &str = "picture/src/lattice/fit.rs";
const ROBUST_FIT: &str = "picture/src/lattice/robust_fit.rs";
const POLARITY: &str = "picture/src/polarity.rs";
const ROWS: &str = "picture/src/axes/lattice.rs";
const TEXT: &str = "picture/src/axes/text.rs";
const RECOLOUR: &str = "photophone/src/read/recolour.rs";

/// The table of all of them.
///
/// # Errors
/// A program that fails.
pub(super) fn table(program: &Program, gallery: Option<&Path>) -> Result<String> {
    let (shipped, asked) = program.run(NAME, gallery, None)?;
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
                let (said, _) = program.run(NAME, gallery, Some((threshold, &value)))?;
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
