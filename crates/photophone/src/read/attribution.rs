//! Who said what was given: the caller, the picture's recipe or the picture before it was edited.

use photophone_spectrum::Source;

use super::Inputs;
use crate::recipe::{Entry, ROWS, Recipe};
use crate::report::Report;
use crate::{Error, GIVEN};

/// Says of each value that was given, but not by the caller, where it came from. `stored` is another recipe that counts, and
/// what that is called.
pub(crate) fn attribute(report: &mut Report, inputs: &Inputs<'_>, stored: Option<(&Recipe, &'static str)>) {
    let caller = Said::by(inputs.recipe);
    let stored = stored.map(|(recipe, place)| (Said::by(recipe), place));
    let given = report.findings.iter_mut().filter(|entry| entry.source == Source::Given);
    for entry in given.filter(|entry| entry.section == "recipe" || matches!(entry.name, "palette" | "levels")) {
        if caller.names(entry) || (entry.name == "palette" && inputs.reading.palette.is_some()) {
            continue;
        }
        if let Some((_, place)) = stored.as_ref().filter(|(said, _)| said.names(entry)) {
            entry.evidence = format!("said by {place}");
        } else if inputs.original.is_some() {
            "that of the picture before it was edited".clone_into(&mut entry.evidence);
        }
    }
}

/// The same error, a contradiction told of who said the value that the caller did not give. `stored` is as there.
pub(crate) fn attributed(error: Error, inputs: &Inputs<'_>, stored: Option<(&Recipe, &'static str)>) -> Error {
    let Error::Contradiction { name, here: GIVEN, given, mut there, stored: found } = error else { return error };
    if name == "bins" && there == ROWS && inputs.reading.transposed {
        there = "the picture or array, turned as `transposed` says";
    }
    let says = |recipe: &Recipe| Said::by(recipe).0.contains_key(&name);
    let place = stored.filter(|(recipe, _)| !says(inputs.recipe) && says(recipe)).map(|(_, place)| place);
    Error::Contradiction { here: place.unwrap_or(GIVEN), name, given, there, stored: found }
}

/// The fields that a recipe says.
struct Said(serde_json::Map<String, serde_json::Value>);

impl Said {
    fn by(recipe: &Recipe) -> Self {
        Self(recipe.by_name())
    }

    fn names(&self, entry: &Entry) -> bool {
        self.0.contains_key(entry.name)
    }
}
