//! Who said what was given: the caller, the picture's recipe or the picture before it was edited.

use photophone_spectrum::Source;

use super::RecoverOptions;
use super::opened::OpenedPicture;
use crate::recipe::{Entry, Recipe};
use crate::report::Report;

/// Says of each value that was given, but not by the caller, where it came from.
pub(super) fn attribute(report: &mut Report, opened: &OpenedPicture, options: &RecoverOptions) {
    let caller = Said::by(&options.recipe);
    let stored = opened.stored().map(|(recipe, place)| (Said::by(recipe), place));
    let given = report.findings.iter_mut().filter(|entry| entry.source == Source::Given);
    for entry in given.filter(|entry| entry.section == "recipe" || matches!(entry.name, "palette" | "levels")) {
        if caller.names(entry) || (entry.name == "palette" && options.reading.palette.is_some()) {
            continue;
        }
        if let Some((_, place)) = stored.as_ref().filter(|(said, _)| said.names(entry)) {
            entry.evidence = format!("said by {place}");
        } else if opened.before.is_some() {
            "that of the picture before it was edited".clone_into(&mut entry.evidence);
        }
    }
}

/// The fields that a recipe says.
struct Said(serde_json::Value);

impl Said {
    fn by(recipe: &Recipe) -> Self {
        Self(serde_json::to_value(recipe).unwrap_or_default())
    }

    fn names(&self, entry: &Entry) -> bool {
        self.0.get(entry.name).is_some()
    }
}
