//! What is kept of the edits of a sound.

use std::sync::{Arc, OnceLock};

use photophone::SoundLevels;
use photophone::files::Sound;
use photophone::transform::StopFlag;
use serde_json::{Value, json};

use crate::history::History;

/// A sound with its edits.
#[derive(Debug)]
pub(crate) struct Changed {
    pub(crate) sound: Sound,
    /// Drawn when they are asked for: the sound is heard before.
    levels: OnceLock<Option<SoundLevels>>,
}

impl Changed {
    /// Without its levels yet.
    pub(crate) fn new(sound: Sound) -> Self {
        Self { sound, levels: OnceLock::new() }
    }

    /// Its levels, those of the `original` sound being known. The first call takes as long as drawing what the edits reach.
    pub(crate) fn levels(&self, (original, levels): (&Sound, &SoundLevels)) -> Option<&SoundLevels> {
        let draw = || {
            let (first, end) = span(original, &self.sound).unwrap_or_default();
            levels.redrawn(&self.sound, first..end, &StopFlag::default()).ok()
        };
        self.levels.get_or_init(draw).as_ref()
    }
}

/// The edits of a document's sound.
#[derive(Debug, Default)]
pub(crate) struct Editing {
    pub(crate) history: History,
    /// Rises with every change of the list.
    pub(crate) revision: u64,
    /// The sound with them, where there is one.
    pub(crate) changed: Option<Arc<Changed>>,
    /// What was marked last, by a number of its own.
    pub(crate) marked: Option<Arc<Sound>>,
    pub(crate) marks: u64,
}

impl Editing {
    /// The list as the page shows it.
    pub(crate) fn shown(&self) -> Value {
        let (undo, redo) = self.history.ways();
        json!({ "rev": self.revision, "list": self.history.edits().edits, "undo": undo, "redo": redo })
    }
}

/// The samples from the first to behind the last in which two sounds differ.
pub(crate) fn span(one: &Sound, other: &Sound) -> Option<(usize, usize)> {
    let ends = one.channels.iter().zip(&other.channels).filter_map(|(one, other)| {
        let differs = |n: &usize| one[*n].to_bits() != other[*n].to_bits();
        let samples = 0..one.len().min(other.len());
        Some((samples.clone().find(differs)?, samples.rev().find(differs)? + 1))
    });
    ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}
