//! The tables of flags in `docs/cli.md`, made from the definitions of the arguments.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use clap::{Arg, Command};

use crate::command_line::Arguments;

/// What stands before and after the tables.
const BEGIN: &str = "<!-- flags: made by cargo xtask cli-docs -->\n";
const END: &str = "<!-- end of flags -->\n";

/// Heading of the flags that have none of their own.
const OWN: &str = "";

/// One line of a table.
#[derive(Clone, PartialEq)]
struct Row {
    flag: String,
    what: String,
}

/// The tables of all commands. Flags that several commands share are told once, and later only where they differ.
fn tables() -> String {
    let definition = Arguments::definition();
    let mut text = String::from("\n### Every command\n");
    let global: Vec<Row> = definition.get_arguments().filter(|arg| !is_clap_s(arg)).map(row).collect();
    table(&mut text, OWN, &[], &global);
    commands(&mut text, "photophone", &definition, &mut BTreeMap::new());
    text
}

/// The tables of a command's own commands. `told` has the flags that others have had before, by heading.
fn commands(text: &mut String, name: &str, of: &Command, told: &mut BTreeMap<String, Vec<Row>>) {
    for command in of.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = format!("{name} {}", command.get_name());
        if command.has_subcommands() {
            commands(text, &name, command, told);
            continue;
        }
        let _ = writeln!(text, "\n### `{name}{}`", positionals(command));
        for (heading, rows) in groups(command) {
            let before = if heading == OWN { Vec::new() } else { told.remove(&heading).unwrap_or_default() };
            let new: Vec<Row> = rows.into_iter().filter(|row| !before.contains(row)).collect();
            table(text, &heading, &before, &new);
            told.insert(heading, [before, new].concat());
        }
    }
}

/// A group's flags that are new after those told before.
fn table(text: &mut String, heading: &str, before: &[Row], new: &[Row]) {
    if heading != OWN {
        let _ = writeln!(text, "\n**{heading}**");
    }
    if !before.is_empty() {
        let _ = writeln!(text, "\n{}", if new.is_empty() { "As above." } else { "As above, but for:" });
    }
    if new.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n| flag | what |\n|---|---|");
    for Row { flag, what } in new {
        let _ = writeln!(text, "| {flag} | {what} |");
    }
}

/// A command's flags by heading, its own first, in the order in which they are defined.
fn groups(command: &Command) -> Vec<(String, Vec<Row>)> {
    let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
    for arg in command.get_arguments().filter(|arg| !arg.is_global_set() && !is_clap_s(arg)) {
        let heading = arg.get_help_heading().unwrap_or(OWN);
        match groups.iter_mut().find(|(known, _)| known == heading) {
            Some((_, rows)) => rows.push(row(arg)),
            None => groups.push((heading.to_owned(), vec![row(arg)])),
        }
    }
    groups
}

/// What clap adds itself.
fn is_clap_s(arg: &Arg) -> bool {
    matches!(arg.get_id().as_str(), "help" | "version")
}

fn row(arg: &Arg) -> Row {
    let mut names: Vec<String> = arg.get_short().map(|short| format!("-{short}")).into_iter().collect();
    names.extend(arg.get_long().map(|long| format!("--{long}")));
    if names.is_empty() {
        return Row { flag: code(&values(arg)), what: what(arg) };
    }
    let last = names.len() - 1;
    if arg.get_action().takes_values() {
        names[last].push(' ');
        names[last].push_str(&values(arg));
    }
    Row { flag: names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "), what: what(arg) }
}

fn values(arg: &Arg) -> String {
    match arg.get_value_names() {
        Some(names) => names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        None => arg.get_id().as_str().to_uppercase(),
    }
}

/// The help text, with clap's default where it does not name one.
fn what(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ");
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let is_shown = arg.get_action().takes_values() && !arg.is_hide_default_value_set() && !default.is_empty();
    let help = help.replace('|', "\\|");
    if is_shown { format!("{help} [default: {}]", default.join(" ")) } else { help }
}

fn positionals(command: &Command) -> String {
    command.get_positionals().flat_map(|arg| [" ".to_owned(), values(arg)]).collect()
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// A page with these tables between its marks; `None` without the marks.
fn with_tables(page: &str, tables: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{tables}\n{END}{after}"))
}

/// Compares the page with the definitions, or writes it where `PHOTOPHONE_WRITE_DOCS` is set (`cargo xtask cli-docs`).
#[test]
fn the_page_lists_the_flags_as_they_are_defined() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    let page = std::fs::read_to_string(&path).expect("docs/cli.md");
    let made = with_tables(&page, &tables()).expect("the marks for the tables");
    if std::env::var_os("PHOTOPHONE_WRITE_DOCS").is_some() {
        std::fs::write(&path, made).expect("docs/cli.md can be written");
    } else {
        assert!(page == made, "docs/cli.md is not what the flags are: run cargo xtask cli-docs");
    }
}

#[test]
fn every_flag_is_in_a_table_and_says_what_it_is() {
    let text = tables();
    for flag in [
        "`-o`, `--output SOUND`",
        "`--hop SAMPLES`",
        "`--fmin HZ\\|NOTE`",
        "`-v`, `--verbose`",
        "`SOUND`",
        "`--shard I/N`",
    ] {
        assert!(text.contains(flag), "{flag} is not in {text}");
    }
    assert!(!text.contains("|  |"), "a flag without help: {text}");
    assert!(text.matches("--sparsity").count() == 1, "shared flags are told once: {text}");
}
