//! The list of edits of a sound, and the lists before and after it: undoing is going back to a list.

use std::sync::Arc;

use photophone::edit::{Edit, Edits};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::words::Problem;

/// Most lists that are kept: the oldest are forgotten.
const MOST_KEPT: usize = 1000;

/// What the page asks for. A mark is the page's own, kept so that it comes back with its edit.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Turn {
    /// One more edit.
    Add { edit: Edit, mark: Value },
    /// Another one in place of the one of this number, the first one 0.
    Replace { number: usize, edit: Edit, mark: Value },
    /// All but the one of this number.
    Remove { number: usize, mark: Value },
    /// Back to the list before.
    Undo {},
    /// Forward again.
    Redo {},
}

impl Turn {
    /// What a request asks for.
    ///
    /// # Errors
    /// What is not understood.
    pub(crate) fn from_request(request: Map<String, Value>) -> Result<Self, Problem> {
        serde_json::from_value(Value::Object(request)).map_err(|_| Problem::new("The edit is not understood."))
    }
}

/// A list, and the mark that it was made with.
#[derive(Clone, Debug, Default)]
struct Listed {
    edits: Vec<Arc<Edit>>,
    mark: Value,
}

/// All lists in the order in which they were made.
#[derive(Clone, Debug)]
pub(crate) struct History {
    lists: Vec<Listed>,
    at: usize,
}

impl Default for History {
    fn default() -> Self {
        Self { lists: vec![Listed::default()], at: 0 }
    }
}

impl History {
    /// The edits that are heard.
    pub(crate) fn edits(&self) -> Edits {
        Edits::new(self.listed().iter().map(|edit| Edit::clone(edit)).collect())
    }

    /// Whether there is an edit.
    pub(crate) fn is_edited(&self) -> bool {
        !self.listed().is_empty()
    }

    /// Whether there is a list before this one, and one after it.
    pub(crate) fn ways(&self) -> (bool, bool) {
        (self.at > 0, self.at + 1 < self.lists.len())
    }

    fn listed(&self) -> &[Arc<Edit>] {
        self.lists.get(self.at).map_or(&[], |listed| &listed.edits)
    }

    /// The history after a turn, and the mark that comes back with it.
    ///
    /// # Errors
    /// What there is not, and edits out of range.
    pub(crate) fn turned(&self, turn: Turn) -> Result<(Self, Value), Problem> {
        let mut edits = self.listed().to_vec();
        let none = || Problem::new("There is no such edit any more.");
        let mark = match turn {
            Turn::Undo {} if self.at > 0 => return Ok(self.gone_to(self.at - 1, self.at)),
            Turn::Redo {} if self.at + 1 < self.lists.len() => return Ok(self.gone_to(self.at + 1, self.at + 1)),
            Turn::Undo {} => return Err(Problem::new("There is nothing to undo.")),
            Turn::Redo {} => return Err(Problem::new("There is nothing to redo.")),
            Turn::Add { edit, mark } => {
                edits.push(Arc::new(edit));
                mark
            }
            Turn::Replace { number, edit, mark } => {
                *edits.get_mut(number).ok_or_else(none)? = Arc::new(edit);
                mark
            }
            Turn::Remove { number, mark } => {
                edits.get(number).ok_or_else(none)?;
                edits.remove(number);
                mark
            }
        };
        let mut turned = self.clone();
        turned.lists.truncate(self.at + 1);
        turned.lists.push(Listed { edits, mark: mark.clone() });
        let forgotten = turned.lists.len().saturating_sub(MOST_KEPT);
        turned.lists.drain(..forgotten);
        turned.at = turned.lists.len() - 1;
        turned.edits().check().map_err(|error| Problem::new(error.to_string()))?;
        Ok((turned, mark))
    }

    /// Another list, with the mark of the turn between both.
    fn gone_to(&self, at: usize, made: usize) -> (Self, Value) {
        let mark = self.lists.get(made).map_or(Value::Null, |listed| listed.mark.clone());
        (Self { at, ..self.clone() }, mark)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn turned(history: &History, request: &Value) -> Result<(History, Value), Problem> {
        history.turned(Turn::from_request(request.as_object().unwrap().clone())?)
    }

    fn add(history: &History, low: f64) -> History {
        let edit = json!({ "shape": { "band": { "hz": [low, 900.0] } }, "action": "erase" });
        turned(history, &json!({ "add": { "edit": edit, "mark": low } })).unwrap().0
    }

    #[test]
    fn lists_and_marks_come_back_in_either_direction() {
        let one = add(&History::default(), 100.0);
        let two = add(&one, 200.0);
        let (back, mark) = turned(&two, &json!({ "undo": {} })).unwrap();
        assert_eq!((back.edits(), mark, back.ways()), (one.edits(), json!(200.0), (true, true)));
        let (forth, mark) = turned(&back, &json!({ "redo": {} })).unwrap();
        assert_eq!((forth.edits(), mark, forth.ways()), (two.edits(), json!(200.0), (true, false)));
        let (first, _) = turned(&two, &json!({ "remove": { "number": 1, "mark": null } })).unwrap();
        assert_eq!((first.edits(), first.ways()), (one.edits(), (true, false)));
        // Another edit ends what could be redone.
        assert_eq!(add(&back, 300.0).ways(), (true, false));
    }

    #[test]
    fn what_is_not_there_or_out_of_range_is_refused() {
        let one = add(&History::default(), 100.0);
        let edit = |db: f64| json!({ "shape": { "time": { "secs": [0.0, 1.0] } }, "action": { "gain_db": db } });
        for wrong in [
            json!({ "redo": {} }),
            json!({ "remove": { "number": 1, "mark": null } }),
            json!({ "replace": { "number": 1, "edit": edit(1.0), "mark": null } }),
            json!({ "add": { "edit": edit(500.0), "mark": null } }),
            json!({ "add": { "edit": { "shape": {} }, "mark": null } }),
            json!({ "recipe": "/etc/passwd" }),
        ] {
            assert!(turned(&one, &wrong).is_err(), "{wrong}");
        }
        assert!(turned(&History::default(), &json!({ "undo": {} })).is_err());
    }

    #[test]
    fn the_oldest_lists_are_forgotten_and_no_edit() {
        let history = (0..MOST_KEPT + 5).fold(History::default(), |history, n| add(&history, n as f64 / 10.0));
        assert_eq!((history.lists.len(), history.edits().edits.len()), (MOST_KEPT, MOST_KEPT + 5));
    }
}
