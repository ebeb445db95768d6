//! Which files are meant, and where below the folder of outputs each belongs.

use std::collections::HashSet;
use std::path::{Path, PathBuf, absolute};

use anyhow::Context;
use photophone::files::{FileGroup, FileKind, kind_of_file};
use photophone::{NamedFile, tile_path};
use walkdir::{DirEntry, WalkDir};

use crate::parse::named_file;
use crate::streams::{is_stream, stdin_lines};

/// Endings of files that lie beside others, and are never meant by the folder that they are in.
const SIDE_FILES: [&str; 2] = [".phase.npy", ".overlay.png"];

/// What makes a pattern of a name.
const WILDCARDS: [char; 3] = ['*', '?', '['];

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) file: NamedFile,
    /// Its name below the folder of outputs, but for the ending.
    pub(super) place: PathBuf,
    /// Whether it is meant only if its content is of the right kind, as it was found in a folder.
    depends_on_kind: bool,
}

impl Found {
    /// Whether it is to be worked on. One that cannot be read is, and one that is no file of any kind but whose name says that
    /// it is: its row tells why it failed.
    pub(super) fn is_meant(&self, groups: &[FileGroup]) -> bool {
        let named = || FileGroup::from_ending(&self.file.path);
        let is_of = |kind: Option<FileKind>| {
            kind.map(FileKind::group).or_else(named).is_some_and(|group| groups.contains(&group))
        };
        !self.depends_on_kind || kind_of_file(&self.file.path).map_or(true, is_of)
    }
}

/// The files that inputs stand for, each once.
///
/// # Errors
/// A folder that cannot be read, a pattern that matches nothing, and a file that is not below `base`.
pub(super) fn found(inputs: &[PathBuf], base: Option<&Path>) -> anyhow::Result<Vec<Found>> {
    let mut all = Vec::new();
    for input in inputs {
        if is_stream(input) {
            let lines = stdin_lines()?;
            all.extend(lines.into_iter().map(|line| named(Path::new(&line), base)).collect::<Result<Vec<_>, _>>()?);
        } else if input.is_dir() {
            all.extend(in_folder(input)?);
        } else if is_pattern(input) {
            all.extend(matches(input)?);
        } else {
            all.push(named(input, base)?);
        }
    }
    let mut known = HashSet::new();
    all.retain(|found| {
        let path = absolute(&found.file.path).unwrap_or_else(|_| found.file.path.clone());
        known.insert((path, found.file.name.clone()))
    });
    Ok(all)
}

/// A file that is named itself.
fn named(path: &Path, base: Option<&Path>) -> anyhow::Result<Found> {
    let parsed = path.to_str().and_then(|text| named_file(text).ok());
    let file = parsed.unwrap_or_else(|| NamedFile { path: path.to_owned(), name: None });
    let place = match base {
        Some(base) => {
            let below = absolute(&file.path)?.strip_prefix(absolute(base)?).map(Path::to_owned);
            let (path, base) = (file.path.display(), base.display());
            below.with_context(|| format!("{path}: is not below {base}; expected a file below --base; leave it out"))?
        }
        None => file.path.file_name().map(PathBuf::from).unwrap_or_default(),
    };
    let place = match &file.name {
        // Arrays of one file are several inputs.
        Some(name) => place.with_extension(format!("{name}.npy")),
        None => place,
    };
    Ok(Found { file, place, depends_on_kind: false })
}

fn of_path(path: PathBuf, below: &Path, depends_on_kind: bool) -> Found {
    let place = path.strip_prefix(below).unwrap_or(&path).to_owned();
    Found { file: NamedFile { path, name: None }, place, depends_on_kind }
}

/// All files below a folder but for hidden ones and side files.
fn in_folder(folder: &Path) -> anyhow::Result<Vec<Found>> {
    let is_shown = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
    let mut all = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(is_shown) {
        match entry {
            Ok(entry) if entry.file_type().is_file() && !is_side_file(entry.path()) => {
                all.extend(whole(entry.into_path()).map(|path| of_path(path, folder, true)));
            }
            Ok(_) => {}
            // A link to a folder above has been gone through already, and one to nothing is no file.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) if error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound) => {}
            Err(error) => return Err(error).with_context(|| format!("{}: cannot be read", folder.display())),
        }
    }
    Ok(all)
}

/// The picture that a tile is the first of; of a tile that follows it nothing, and every other file itself.
fn whole(path: PathBuf) -> Option<PathBuf> {
    let stem = path.file_stem().map(Path::new);
    let digits = stem.and_then(Path::extension).map(|digits| digits.to_string_lossy().into_owned());
    let is_png = path.extension().is_some_and(|ending| ending == "png");
    let Some(number) =
        digits.filter(|digits| is_png && digits.len() >= 4).and_then(|digits| digits.parse::<u32>().ok())
    else {
        return Some(path);
    };
    let picture = path.with_extension("").with_extension("png");
    let has_first = tile_path(&picture, 0).is_file() && !picture.exists();
    match number {
        _ if !has_first => Some(path),
        1 => Some(picture),
        _ => None,
    }
}

fn is_side_file(path: &Path) -> bool {
    let name = path.to_string_lossy();
    SIDE_FILES.iter().any(|ending| name.ends_with(ending))
}

fn is_pattern(input: &Path) -> bool {
    !input.exists() && input.to_string_lossy().contains(WILDCARDS)
}

/// The files that a pattern matches. They keep their folders below its part without wildcards.
fn matches(pattern: &Path) -> anyhow::Result<Vec<Found>> {
    let fixed = |part: &std::path::Component<'_>| !part.as_os_str().to_string_lossy().contains(WILDCARDS);
    let below: PathBuf = pattern.components().take_while(fixed).collect();
    let text = pattern.to_string_lossy();
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let paths = glob::glob_with(&text, options).with_context(|| format!("{text}: is no pattern"))?;
    let mut all = Vec::new();
    for path in paths {
        let path = path.with_context(|| format!("{text}: a folder cannot be read"))?;
        if !path.is_dir() {
            all.push(of_path(path, &below, false));
        }
    }
    anyhow::ensure!(!all.is_empty(), "{text}: matches no file; expected one or more; check the pattern");
    Ok(all)
}

#[cfg(test)]
impl Found {
    /// A file that is named itself.
    pub(super) fn of_name(name: &str) -> Self {
        Self { file: NamedFile { path: name.into(), name: None }, place: name.into(), depends_on_kind: false }
    }
}
