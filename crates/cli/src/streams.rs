//! Standard input and output, and pipes.

use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use photophone::files::{
    A_SOUND, FileGroup, PICTURE_OR_ARRAY, Sound, SoundReadOptions, StoredSamples, decode_sound, read_known, read_sound,
    stored_samples, stored_samples_of,
};
use photophone::{Input, NamedFile};

/// What standard input is called in messages.
const STDIN: &str = "the standard input";

/// What is asked for where a sound is taken.
const SOUND: Expected = (A_SOUND, &[FileGroup::Sound]);

/// The same of a picture or an array.
const CELLS: Expected = (PICTURE_OR_ARRAY, &[FileGroup::Picture, FileGroup::Array]);

/// What something has to be, in words and as what its first bytes tell.
type Expected = (&'static str, &'static [FileGroup]);

/// Most bytes read from a pipe: the largest array that is read (2^26 complex numbers of 16 bytes) and its header.
const MAX_BYTES: u64 = (1 << 30) + (1 << 20);

/// Whether a name stands for standard input or output.
pub(crate) fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

/// A picture or array: a file, or what comes through standard input (`-`) or a pipe.
///
/// # Errors
/// Standard input that is named twice, and what cannot be read.
pub(crate) fn input(file: &NamedFile) -> anyhow::Result<Input> {
    if is_stream(&file.path) {
        return Ok(Input::Bytes { name: STDIN.to_owned(), bytes: stdin_bytes(CELLS)? });
    }
    let kind = std::fs::metadata(&file.path).map(|found| found.file_type());
    if file.name.is_some() || !kind.is_ok_and(|kind| !kind.is_file() && !kind.is_dir()) {
        return Ok(file.clone().into());
    }
    let name = file.path.display().to_string();
    let pipe = File::open(&file.path).with_context(|| format!("{name}: cannot be read"))?;
    Ok(Input::Bytes { bytes: whole(pipe, &name, CELLS)?, name })
}

/// A sound: a file, or what comes through standard input (`-`) or a pipe.
///
/// # Errors
/// As [`read_sound`], and standard input that is named twice.
pub(crate) fn sound(path: &Path) -> anyhow::Result<Sound> {
    let options = SoundReadOptions::default();
    if is_stream(path) {
        return Ok(decode_sound(Path::new(STDIN), stdin_bytes(SOUND)?, options)?);
    }
    Ok(read_sound(path, options)?)
}

/// The same, and how its samples are stored.
///
/// # Errors
/// As [`sound`].
pub(crate) fn stored_sound(path: &Path) -> anyhow::Result<(Sound, StoredSamples)> {
    let options = SoundReadOptions::default();
    if !is_stream(path) {
        let stored = stored_samples(path)?;
        return Ok((read_sound(path, options)?, stored));
    }
    let (path, bytes) = (Path::new(STDIN), stdin_bytes(SOUND)?);
    let stored = stored_samples_of(path, bytes.clone())?;
    Ok((decode_sound(path, bytes, options)?, stored))
}

fn stdin_bytes(expected: Expected) -> anyhow::Result<Vec<u8>> {
    whole(stdin_once()?, STDIN, expected)
}

/// The lines of standard input that are not empty.
///
/// # Errors
/// Standard input that is named twice, that cannot be read, and lines that are not UTF-8.
pub(crate) fn stdin_lines() -> anyhow::Result<Vec<String>> {
    let lines = stdin_once()?.lines().map(|line| line.with_context(|| format!("{STDIN}: a line cannot be read")));
    lines.filter(|line| !line.as_ref().is_ok_and(|line| line.trim().is_empty())).collect()
}

fn stdin_once() -> anyhow::Result<io::StdinLock<'static>> {
    static READ: AtomicBool = AtomicBool::new(false);
    anyhow::ensure!(
        !READ.swap(true, Ordering::Relaxed),
        "{STDIN} (-) is named for two inputs; it can be read once: give one of them as a file"
    );
    Ok(io::stdin().lock())
}

/// All that comes, once its first bytes are of a known kind: a device that never ends is refused by these.
fn whole(source: impl Read, name: &str, expected: Expected) -> anyhow::Result<Vec<u8>> {
    Ok(read_known(source, Path::new(name), expected, (MAX_BYTES, "give it as a file"))?)
}

/// Prints lines of data.
///
/// # Errors
/// As [`send`].
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    send(format!("{}\n", text.trim_end()).as_bytes())
}

/// Writes to standard output. A reader that has gone away is no error.
///
/// # Errors
/// What the operating system refuses, such as a full disk.
pub(crate) fn send(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("the standard output cannot be written"),
    }
}
