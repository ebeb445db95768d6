//! What is open: a picture or a sound, what was said of it, and the sound that was made.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use photophone::edit::{EditOptions, Editor};
use photophone::files::{FileKind, Sound};
use photophone::{Input, RecoverOptions, Report, SoundLevels};
use tempfile::TempPath;

use crate::edited::Editing;
use crate::shell;
use crate::words::Problem;
use crate::{Front, findings::Shown};

/// Settings that the page may give. Those that name files are not among them: of files the server opens the one of its
/// command line, and what was sent to it.
pub(crate) const SETTINGS: [&str; 20] = [
    "axis",
    "bins-per-octave",
    "cells",
    "crop",
    "despite-doubt",
    "duration",
    "flip",
    "fmax",
    "fmin",
    "gamma",
    "hop",
    "length",
    "levels",
    "librosa",
    "pad-mode",
    "palette",
    "panel",
    "sample-rate",
    "sr",
    "tuning",
];

/// Longest value of a setting.
const LONGEST_VALUE: usize = 200;

/// Where a document's bytes are.
#[derive(Debug)]
pub(crate) enum Source {
    /// The file of the command line.
    File(PathBuf),
    /// A copy of what was sent, removed with it.
    Sent(TempPath),
    /// Nowhere: the demo.
    Made,
}

impl Source {
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Sent(path) => Some(path),
            Self::Made => None,
        }
    }
}

/// A sound with its levels.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) sound: Sound,
    pub(crate) levels: SoundLevels,
    /// The account, where it was recovered.
    pub(crate) report: Option<Report>,
    /// What its edits have in common, made ahead of the first.
    pub(crate) editor: OnceLock<Option<Editor>>,
}

impl Heard {
    /// What edits of it have in common; none where there can be no edit.
    pub(crate) fn editor(&self) -> Option<&Editor> {
        self.editor.get_or_init(|| Editor::new(&self.sound, &EditOptions::default()).ok()).as_ref()
    }
}

/// What was read of a picture, as the page shows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) size: (usize, usize),
    pub(crate) findings: Vec<Shown>,
    /// Seconds from a frame to the next by a time axis.
    pub(crate) frame_secs: Option<f64>,
    pub(crate) has_phase: bool,
    /// Where frame, cells, ticks and colour bar lie.
    pub(crate) overlay: serde_json::Value,
    /// Why no sound could be made of it, if so.
    pub(crate) problem: Option<String>,
    pub(crate) warnings: Vec<String>,
}

/// What changes of a document.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    /// Settings that the person gave, in the order given.
    pub(crate) settings: Vec<(String, String)>,
    /// The phase that was sent, and its name.
    pub(crate) phase: Option<(String, Arc<TempPath>)>,
    pub(crate) reading: Option<Reading>,
    pub(crate) heard: Option<Arc<Heard>>,
    /// The edits of that sound.
    pub(crate) editing: Editing,
}

/// An open picture or sound.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) source: Source,
    inside: Mutex<Inside>,
    job: Mutex<Arc<AtomicBool>>,
}

impl Document {
    pub(crate) fn new(id: u64, name: String, source: Source) -> Self {
        Self { id, name, source, inside: Mutex::default(), job: Mutex::default() }
    }

    /// What changes of it. Work of seconds is done outside of the lock.
    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a job and ends the one before.
    pub(crate) fn begin(&self) -> Arc<AtomicBool> {
        let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        job.store(true, Ordering::Relaxed);
        *job = Arc::default();
        Arc::clone(&job)
    }

    /// Whether it is a sound and no picture.
    pub(crate) fn is_sound(&self) -> bool {
        self.inside().reading.is_none()
    }

    /// What the library works on: the picture, its phase, and the settings.
    pub(crate) fn options(&self, front: Front, settings: &[(String, String)]) -> Result<RecoverOptions, Problem> {
        let options = (front.options)(&shell::flags(settings)).map_err(Problem::new)?;
        let phase = self.inside().phase.clone();
        let phase = phase.map(|(name, path)| bytes_of(&name, &path)).transpose()?;
        let input = match &self.source {
            Source::File(path) => path.clone().into(),
            Source::Sent(path) => bytes_of(&self.name, path)?,
            Source::Made => return Err(Problem::new("This is a sound, not a picture.")),
        };
        Ok(RecoverOptions { input, phase, ..options })
    }

    /// The command that does the same in a shell.
    pub(crate) fn command(&self) -> String {
        let name = match &self.source {
            Source::File(path) => path.display().to_string(),
            _ => self.name.clone(),
        };
        let inside = self.inside();
        let is_edited = inside.heard.is_some() && inside.editing.history.is_edited();
        let made = match (&self.source, &inside.reading) {
            (Source::Made, _) => Some("photophone demo".to_owned()),
            (_, Some(_)) => {
                Some(shell::recover(&name, &inside.settings, inside.phase.as_ref().map(|(name, _)| &**name)))
            }
            (_, None) => None,
        };
        match made {
            Some(made) if is_edited => shell::edit_made(&made, &self.name, matches!(self.source, Source::Made)),
            Some(made) => made,
            None if is_edited => shell::edit(&name, &self.name),
            None => shell::draw(&name),
        }
    }
}

fn bytes_of(name: &str, path: &Path) -> Result<Input, Problem> {
    let bytes = std::fs::read(path).map_err(|error| Problem::new(format!("The copy of {name} is gone: {error}.")))?;
    Ok(Input::Bytes { name: name.to_owned(), bytes })
}

/// What a file is, by its first bytes.
pub(crate) fn kind_of(path: &Path) -> Option<FileKind> {
    use std::io::Read;
    let mut head = Vec::new();
    std::fs::File::open(path).ok()?.take(1024).read_to_end(&mut head).ok()?;
    FileKind::from_bytes(&head)
}

/// Settings with some given, changed, or taken back (`null`).
///
/// # Errors
/// A setting that the page has not, and a value that is too long or no text.
pub(crate) fn with_changes(
    mut settings: Vec<(String, String)>,
    changes: &serde_json::Map<String, serde_json::Value>,
) -> Result<Vec<(String, String)>, Problem> {
    for (name, value) in changes {
        if !SETTINGS.contains(&name.as_str()) {
            return Err(Problem::new("There is no such setting."));
        }
        settings.retain(|(other, _)| other != name);
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) if text.len() <= LONGEST_VALUE => {
                settings.push((name.clone(), text.trim().to_owned()));
            }
            _ => return Err(Problem::new("A value is a short text.")),
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_given_changed_and_taken_back_and_none_names_a_file() {
        let change = |settings: Vec<(String, String)>, to: serde_json::Value| {
            with_changes(settings, to.as_object().unwrap()).map(|all| shell::flags(&all))
        };
        let given = vec![("sr".to_owned(), "22050".to_owned()), ("hop".to_owned(), "512".to_owned())];
        assert_eq!(change(given.clone(), json!({ "sr": "44100" })).unwrap(), ["--hop=512", "--sr=44100"]);
        assert_eq!(change(given.clone(), json!({ "sr": null })).unwrap(), ["--hop=512"]);
        for wrong in [json!({ "recipe": "/etc/passwd" }), json!({ "output": "x" }), json!({ "sr": 3 })] {
            assert!(change(given.clone(), wrong).is_err());
        }
    }

    #[test]
    fn a_new_job_ends_the_one_before() {
        let document = Document::new(1, "a.png".to_owned(), Source::Made);
        let (first, second) = (document.begin(), document.begin());
        assert!(first.load(Ordering::Relaxed) && !second.load(Ordering::Relaxed));
    }
}
