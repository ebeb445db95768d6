//! The README's table of results: five rows of docs/limits.md, which `cargo xtask clips` measures.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};

use crate::document::Marks;
use crate::process::root;

const SOURCE: &str = "docs/limits.md";
const MARKS: Marks<'static> = Marks {
    document: "README.md",
    begin: "<!-- results: made by cargo xtask readme -->",
    end: "<!-- end of results -->",
};

/// Tonal and noisy, sparse and dense; `drums` is what a prior cannot learn.
const CLIPS: [&str; 5] = ["arpeggio", "chords", "voice", "drums", "band"];

/// Columns of the README's table: what they are called, and the section and column of the source.
const COLUMNS: [(&str, &str, &str); 3] = [
    ("`librosa.icqt`, from the coefficients", "## Inverses", "librosa `icqt`"),
    ("Photophone, from the coefficients", "## Inverses", "`--inverse adaptive`"),
    ("Photophone, from an 8-bit picture and the phase", "## Ranges", "80 dB, ranges"),
];

/// Writes the table, or compares it where `check` is set.
pub(crate) fn run(check: bool) -> Result<()> {
    let table = table(&fs::read_to_string(root()?.join(SOURCE)).context(SOURCE)?)?;
    if check { MARKS.check(&table, "cargo xtask readme") } else { MARKS.write(&table) }
}

fn table(source: &str) -> Result<String> {
    let titles: Vec<&str> = COLUMNS.iter().map(|&(title, ..)| title).collect();
    let mut table = format!("| sound | {} |\n|---|{}\n", titles.join(" | "), "---|".repeat(COLUMNS.len()));
    for clip in CLIPS {
        let figures: Result<Vec<&str>> =
            COLUMNS.iter().map(|&(_, section, column)| figure(source, section, column, clip)).collect();
        writeln!(table, "| {clip} | {} |", figures?.join(" | "))?;
    }
    Ok(table)
}

/// One figure of a page's first table under a heading.
fn figure<'a>(page: &'a str, section: &str, column: &str, row: &str) -> Result<&'a str> {
    let (_, rest) = page.split_once(section).with_context(|| format!("{SOURCE} has no section '{section}'"))?;
    let mut lines = rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |line: &'a str| line.trim_matches('|').split('|').map(str::trim);
    let at = lines.next().and_then(|head| cells(head).position(|title| title == column));
    let at = at.with_context(|| format!("{SOURCE}, {section}: no column '{column}'"))?;
    let found = lines.find(|line| cells(line).next() == Some(row)).and_then(|line| cells(line).nth(at));
    found.with_context(|| format!("{SOURCE}, {section}: no row '{row}'"))
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_are_found_by_section_column_and_row() {
        let page = "## A\n\nwords\n\n| clip | x | y |\n|---|---|---|\n| a | 1 | 2 |\n\n## B\n| clip | y |\n| a | 3 |\n";
        assert_eq!(figure(page, "## A", "y", "a").unwrap(), "2");
        assert_eq!(figure(page, "## B", "y", "a").unwrap(), "3");
        assert!(figure(page, "## A", "z", "a").unwrap_err().to_string().contains("no column 'z'"));
        assert!(figure(page, "## A", "y", "b").unwrap_err().to_string().contains("no row 'b'"));
    }
}
