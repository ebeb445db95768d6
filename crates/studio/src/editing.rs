//! Edits of a sound, by the library's engine: the whole list is applied to the sound as it was, so undoing one is exact.

use std::sync::Arc;

use photophone::edit::{Action, Edit, EditOptions, Edits, Shape, apply};
use photophone::files::Sound;
use photophone::transform::StopFlag;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::document::{Document, Heard};
use crate::edited::{Changed, span};
use crate::history::{History, Turn};
use crate::report::peaks;
use crate::words::{Problem, problem_of};
use crate::work::Teller;

/// Which of a document's sounds is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// With its edits.
    Edited,
    /// As it was.
    Original,
    /// What is marked of the original, alone.
    Marked,
    /// The edited one less the original.
    Difference,
}

impl Which {
    /// By the name that the page gives it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "edited" => Self::Edited,
            "original" => Self::Original,
            "marked" => Self::Marked,
            "difference" => Self::Difference,
            _ => return None,
        })
    }
}

const NO_SOUND: &str = "There is no sound yet.";

/// Turns the list of edits, and tells what changed: `span` are the samples from the first to behind the last that differ.
///
/// # Errors
/// An edit that is not understood or out of range, and work that was given up; all stays as it was then.
pub(crate) fn edit(document: &Document, request: Map<String, Value>, teller: &mut Teller) -> Result<Value, Problem> {
    let turn = Turn::from_request(request)?;
    let inside = document.inside();
    let heard = inside.heard.clone().ok_or_else(|| Problem::new(NO_SOUND))?;
    let (before, revision) = (inside.editing.changed.clone(), inside.editing.revision);
    let (history, mark) = inside.editing.history.turned(turn)?;
    drop(inside);
    teller.tell("Changing the sound", 0.0);
    let changed = changed(&heard, &history, &teller.stop_flag(), &document.name)?;
    let [before, now] = [&before, &changed].map(|changed| changed.as_ref().map_or(&heard.sound, |some| &some.sound));
    let (span, peaks) = (span(before, now), peaks(now));
    let mut inside = document.inside();
    if inside.editing.revision != revision {
        return Err(Problem::new("Something else was edited meanwhile. Do it again."));
    }
    inside.editing.revision += 1;
    (inside.editing.history, inside.editing.changed) = (history, changed);
    let edits = inside.editing.shown();
    drop(inside);
    Ok(json!({ "edits": edits, "span": span, "mark": mark, "peaks": peaks, "command": document.command() }))
}

/// The sound with a history's edits; none where there are none.
///
/// # Errors
/// As [`edit`].
pub(crate) fn changed(
    heard: &Heard,
    history: &History,
    stop: &StopFlag,
    name: &str,
) -> Result<Option<Arc<Changed>>, Problem> {
    if !history.is_edited() {
        return Ok(None);
    }
    let sound = applied(heard, &history.edits(), stop, name)?;
    Ok(Some(Arc::new(Changed::new(sound))))
}

/// What the page marks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    shapes: Vec<Shape>,
    soft_cells: f64,
}

/// Makes the sound of what is marked: the original less the original with the mark erased, so that both add up to it.
/// Gives the number that it is asked for by.
///
/// # Errors
/// As [`edit`].
pub(crate) fn hear(document: &Document, request: Map<String, Value>, teller: &mut Teller) -> Result<Value, Problem> {
    let Marks { shapes, soft_cells } =
        serde_json::from_value(Value::Object(request)).map_err(|_| Problem::new("The mark is not understood."))?;
    let heard = document.inside().heard.clone().ok_or_else(|| Problem::new(NO_SOUND))?;
    let erased = |shape| Edit { shape, action: Action::Erase, soft_cells, channels: None };
    let edits = Edits::new(shapes.into_iter().map(erased).collect());
    let rest = applied(&heard, &edits, &teller.stop_flag(), &document.name)?;
    let marked = difference(&heard.sound, &rest);
    let mut inside = document.inside();
    inside.editing.marked = Some(Arc::new(marked));
    inside.editing.marks += 1;
    Ok(json!({ "rev": inside.editing.marks }))
}

fn applied(heard: &Heard, edits: &Edits, stop: &StopFlag, name: &str) -> Result<Sound, Problem> {
    let edited = match heard.editor() {
        Some(editor) => editor.apply(&heard.sound, edits, stop),
        // Says why there is none.
        None => apply(&heard.sound, edits, &EditOptions { stop: stop.clone(), ..EditOptions::default() }),
    };
    edited.map(|edited| edited.sound).map_err(|error| problem_of(&error, name))
}

/// One sound less another of the same shape.
fn difference(one: &Sound, other: &Sound) -> Sound {
    let less = |(one, other): (&Vec<f32>, &Vec<f32>)| one.iter().zip(other).map(|(a, b)| a - b).collect();
    Sound { channels: one.channels.iter().zip(&other.channels).map(less).collect(), ..*one }
}

/// One of a document's sounds at a revision, as samples `from` to `to` of each channel, one channel after the other. None
/// where there is no such sound, or another one by now.
pub(crate) fn samples(
    document: &Document,
    which: Which,
    revision: u64,
    (from, to): (usize, usize),
) -> Option<Vec<f32>> {
    let inside = document.inside();
    let (heard, changed) = (inside.heard.clone()?, inside.editing.changed.clone());
    let is_current = match which {
        Which::Marked => inside.editing.marks == revision,
        Which::Original => true,
        Which::Edited | Which::Difference => inside.editing.revision == revision,
    };
    let marked = inside.editing.marked.clone();
    drop(inside);
    if !is_current {
        return None;
    }
    let original = &heard.sound;
    let edited = changed.as_ref().map_or(original, |changed| &changed.sound);
    let part = |sound: &Sound| -> Vec<f32> {
        let to = to.min(sound.frames());
        sound.channels.iter().filter_map(|channel| channel.get(from..to)).flatten().copied().collect()
    };
    Some(match which {
        Which::Edited => part(edited),
        Which::Original => part(original),
        Which::Marked => part(marked.as_deref()?),
        Which::Difference => part(edited).into_iter().zip(part(original)).map(|(a, b)| a - b).collect(),
    })
}

/// Cells of a tile of the edited levels, or of the original's where nothing is edited; empty where there is none.
pub(crate) fn tile(document: &Document, zoom: usize, from: usize, frames: usize) -> Option<Vec<u8>> {
    let inside = document.inside();
    let (heard, changed): (Arc<Heard>, _) = (inside.heard.clone()?, inside.editing.changed.clone());
    drop(inside);
    let levels =
        changed.as_ref().map_or(Some(&heard.levels), |changed| changed.levels((&heard.sound, &heard.levels)))?;
    Some(levels.frames_of(zoom, from, frames).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_holds_all_that_differs_and_a_difference_adds_up() {
        let sound = |samples: &[f64]| Sound::from_mono(8000, samples);
        let (one, other) = (sound(&[0.1, 0.2, 0.3, 0.4, 0.5]), sound(&[0.1, 0.7, 0.3, 0.2, 0.5]));
        assert_eq!(span(&one, &other), Some((1, 4)));
        assert_eq!(span(&one, &one), None);
        let less = difference(&one, &other);
        for ((less, other), one) in less.channels[0].iter().zip(&other.channels[0]).zip(&one.channels[0]) {
            assert!((less + other - one).abs() < 1e-7);
        }
    }
}
