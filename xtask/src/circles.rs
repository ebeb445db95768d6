//! Finds imports that go round in a circle, between the files and folders of one folder.
//!
//! A folder's `mod.rs` is no member of its own folder: it gathers what the files offer, and a name that it passes on is
//! that of the file which defines it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::sources::{code_of, is_of_name, rust_files};

/// The names from a crate's root, or from where a `use` stands, to what is meant.
type Names = Vec<String>;

/// Of each member of a folder, the members that it imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// What a file names of its own crate.
#[derive(Debug, Default)]
struct Module {
    named: Vec<Names>,
    /// What it passes on, by the last name.
    passed_on: Vec<Names>,
}

/// Every circle in the sources of every crate, as a line to print.
pub(crate) fn circles(root: &Path) -> Result<Vec<String>> {
    let mut sources = vec![root.join("xtask/src")];
    for entry in fs::read_dir(root.join("crates"))? {
        sources.push(entry?.path().join("src"));
    }
    sources.sort();
    let mut found = Vec::new();
    for folder in sources {
        let mut files = Vec::new();
        for file in rust_files(&folder)? {
            files.push((module_path(file.strip_prefix(&folder)?), fs::read_to_string(&file)?));
        }
        let name = folder.strip_prefix(root)?.display().to_string();
        found.extend(circles_of(&files).into_iter().map(|circle| format!("{name}/{circle}")));
    }
    Ok(found)
}

/// `a/b.rs` and `a/b/mod.rs` are `a::b`; the crate's root has no names.
fn module_path(file: &Path) -> Names {
    let mut names: Names = file.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

/// The circles of one crate, whose files these are.
fn circles_of(files: &[(Names, String)]) -> Vec<String> {
    let (mut modules, mut of_tests) = (BTreeMap::new(), Vec::new());
    for (path, text) in files {
        let code = code_of(text);
        of_tests.extend(test_modules(&code).into_iter().map(|name| [path.clone(), vec![name]].concat()));
        modules.insert(path.clone(), Module::new(&code));
    }
    modules.retain(|path, _| !of_tests.iter().any(|test| path.starts_with(test)));
    let mut folders: BTreeMap<Names, Imports> = BTreeMap::new();
    for (from, module) in &modules {
        for to in module.named.iter().filter_map(|names| resolved(&modules, from, names)) {
            let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
            if let (Some(importer), Some(imported)) = (from.get(shared), to.get(shared)) {
                let imports = folders.entry(from[..shared].to_vec()).or_default();
                imports.entry(importer.clone()).or_default().insert(imported.clone());
            }
        }
    }
    let line = |folder: &Names, circle: Names| [folder.clone(), vec![circle.join(" -> ")]].concat().join("/");
    folders.iter().flat_map(|(folder, imports)| circles_among(imports).into_iter().map(|c| line(folder, c))).collect()
}

/// Modules that are compiled for tests alone.
fn test_modules(code: &str) -> Vec<String> {
    let declared = code.split("#[cfg(test)]").skip(1).filter_map(|rest| rest.trim_start().split(';').next());
    declared.filter_map(|line| line.rsplit_once("mod ")).map(|(_, name)| name.to_owned()).collect()
}

impl Module {
    fn new(code: &str) -> Self {
        let mut module = Self::default();
        for statement in code.split_inclusive(';') {
            let used = statement.rfind("use ").filter(|at| !statement[..*at].ends_with(is_of_name));
            let (before, tree) = statement.split_at(used.unwrap_or(statement.len()));
            module.named.extend(paths_in(before));
            let visibility = before.rsplit(['}', '\n']).next().unwrap_or_default();
            let names = if visibility.contains("pub") { &mut module.passed_on } else { &mut module.named };
            names.extend(tree.strip_prefix("use ").into_iter().flat_map(|tree| expanded(tree.trim_end_matches(';'))));
        }
        module
    }
}

/// Paths outside of `use` that begin with a keyword.
fn paths_in(code: &str) -> Vec<Names> {
    let starts = ["crate::", "super::", "self::"].into_iter().flat_map(|start| code.match_indices(start));
    let is_start = |at: &usize| !code[..*at].ends_with(|c: char| is_of_name(c) || c == ':' || c == '$');
    let path = |at: usize| code[at..].split(|c: char| !is_of_name(c) && c != ':').next().unwrap_or_default();
    starts.map(|(at, _)| at).filter(is_start).flat_map(|at| expanded(path(at).trim_end_matches(':'))).collect()
}

/// The paths of a `use`, its groups taken apart. What stands after `as` is the name that others see.
fn expanded(tree: &str) -> Vec<Names> {
    let Some((head, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()];
    };
    let group = group.rsplit_once('}').map_or(group, |(inside, _)| inside);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| expanded(&format!("{}{}", head.trim(), part.trim()))).collect()
}

/// The file that defines what a path in `from` names; `None` outside of the crate.
fn resolved(modules: &BTreeMap<Names, Module>, from: &[String], path: &[String]) -> Option<Names> {
    let (mut at, mut rest) = (from.to_vec(), path);
    match rest.first()?.as_str() {
        "crate" => (at, rest) = (Vec::new(), &rest[1..]),
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|name| name == "super") {
                at.pop()?;
                rest = &rest[1..];
            }
        }
        first => {
            modules.get(&[from, &[first.to_owned()]].concat())?;
        }
    }
    while let Some((name, after)) = rest.split_first() {
        let child = [at.as_slice(), std::slice::from_ref(name)].concat();
        if modules.contains_key(&child) {
            (at, rest) = (child, after);
            continue;
        }
        let passed_on = modules.get(&at)?.passed_on.iter().find(|path| path.last() == Some(name));
        return passed_on
            .filter(|path| path.as_slice() != rest)
            .and_then(|path| resolved(modules, &at, path))
            .or(Some(at));
    }
    Some(at)
}

/// For each set of members that reach each other, one shortest way round.
fn circles_among(imports: &Imports) -> Vec<Names> {
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for member in imports.keys() {
        if let Some(circle) = way_round(imports, member).filter(|circle| circle.iter().all(|name| !seen.contains(name)))
        {
            seen.extend(circle.clone());
            found.push(circle);
        }
    }
    found
}

/// The shortest way from a member back to itself.
fn way_round(imports: &Imports, start: &str) -> Option<Names> {
    let mut ways = VecDeque::from([vec![start.to_owned()]]);
    let mut reached = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for next in imports.get(way.last()?).into_iter().flatten() {
            let longer = [way.as_slice(), std::slice::from_ref(next)].concat();
            if next == start {
                return Some(longer);
            }
            if reached.insert(next.clone()) {
                ways.push_back(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{circles_of, module_path};

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> =
            files.iter().map(|(path, text)| (module_path(Path::new(path)), (*text).to_owned())).collect();
        circles_of(&files)
    }

    #[test]
    fn a_circle_is_found_however_it_is_spelled() {
        let lib = ("lib.rs", "mod a;\nmod b;\npub use b::{Thing, other};\n");
        for b in ["use super::a::f;\n", "fn g() {\n    crate::a::f();\n}\n", "use crate::{a, Thing};\n"] {
            for a in ["use super::b;\n", "use crate::{\n    Thing,\n};\n", "pub(crate) fn f(_: &super::b::Thing) {}\n"]
            {
                assert_eq!(found(&[lib, ("a.rs", a), ("b.rs", b)]), ["a -> b -> a"], "{a} {b}");
            }
        }
    }

    #[test]
    fn longer_circles_and_those_of_folders_are_found() {
        let files = [
            ("lib.rs", "mod x;\nmod y;\n"),
            ("x/mod.rs", "mod p;\nmod q;\nmod r;\nuse p::P;\n"),
            ("x/p.rs", "use super::q::Q;\n"),
            ("x/q.rs", "use super::r::R;\nuse crate::y::Y;\n"),
            ("x/r.rs", "use super::p::P;\n"),
            ("y.rs", "use crate::x::p::P;\n"),
        ];
        assert_eq!(found(&files), ["x -> y -> x", "x/p -> q -> r -> p"]);
    }

    #[test]
    fn what_is_no_circle_is_left_alone() {
        let files = [
            ("lib.rs", "mod a;\nmod b;\n#[cfg(test)]\npub(crate) mod testing;\nuse a::A;\n"),
            ("a.rs", "use std::fmt;\nuse crate::b::B; // super::c\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n"),
            ("b.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n"),
            ("testing.rs", "use crate::a::A;\n"),
        ];
        assert!(found(&files).is_empty());
    }
}
