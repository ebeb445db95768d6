//! Between a recipe and what looks for what it does not say.

use photophone_spectrum::Finding;
use photophone_transform::identify::{Found, Open, OpenTuning, Settings};
use serde::Serialize;

use super::{Entry, Recipe, Resolved, Tuning};

impl Resolved {
    /// The same as settings, of which those that nobody has told are open.
    pub(crate) fn settings(&self, recipe: &Recipe) -> Settings {
        Settings {
            params: self.params,
            ratios: self.ratios.clone(),
            length: recipe.sound.length,
            open: Open {
                librosa: self.librosa_unknown,
                tuning: match recipe.transform.tuning {
                    Some(Tuning::Auto) => OpenTuning::Estimated,
                    _ if self.tuning_unknown => OpenTuning::Untold,
                    _ => OpenTuning::Told,
                },
                pad_mode: self.pad_mode_unknown,
            },
            found: Found::default(),
        }
    }

    /// Hz of the samples for each Hz of the rate that the transform was told.
    pub(crate) fn hz_from_told(&self) -> f64 {
        f64::from(self.sample_rate_hz) / self.params.sr
    }

    /// The lines of the report, with what was found; the release that was found in the place of the default.
    pub(crate) fn entries_with(self, found: &Found) -> Vec<Entry> {
        let mut entries = self.entries;
        if let Some(librosa) = line("librosa", found.librosa.as_ref()) {
            entries.retain(|entry| entry.name != librosa.name);
            entries.insert(0, librosa);
        }
        entries.extend(line("intervals", found.intervals.as_ref()));
        entries.extend(line("tuning", found.tuning.as_ref()));
        entries.extend(line("pad-mode", found.pad_mode.as_ref()));
        entries.extend(line("length", found.length.as_ref()));
        entries
    }
}

fn line<T: Serialize>(name: &'static str, finding: Option<&Finding<T>>) -> Option<Entry> {
    finding.map(|finding| Entry::new("recipe", name, finding))
}

#[cfg(test)]
mod tests {
    use photophone_transform::{LibrosaVersion, PadMode};

    use super::*;

    fn recipe(text: &str) -> Recipe {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn what_nobody_told_is_open() {
        let open = |text: &str| recipe(text).resolve(None).unwrap().settings(&recipe(text)).open;
        let all = Open { librosa: true, tuning: OpenTuning::Untold, pad_mode: true };
        assert_eq!(open("hop = 256"), all);
        assert_eq!(open("tuning = \"auto\""), Open { tuning: OpenTuning::Estimated, ..all });
        assert_eq!(open("tuning = 0.0\nlibrosa = \"0.11\"\npad-mode = \"edge\""), Open::default());
    }

    #[test]
    fn what_was_found_is_reported_once_and_the_release_first() {
        let found = Found {
            librosa: Some(Finding::read(LibrosaVersion::V1_0, 0.9, "seen")),
            pad_mode: Some(Finding::read(PadMode::Edge, 0.9, "")),
            length: Some(Finding::assumed(7, 0.5, "")),
            ..Found::default()
        };
        let entries = recipe("hop = 256").resolve(None).unwrap().entries_with(&found);
        let names: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
        assert_eq!((names[0], entries[0].evidence.as_str()), ("librosa", "seen"));
        assert_eq!(names[names.len() - 2..], ["pad-mode", "length"]);
        assert_eq!(names.iter().filter(|&&name| name == "librosa").count(), 1);
    }
}
