//! The outputs' names, checked against each other and against the inputs, and one shard of them.

use std::collections::HashSet;
use std::path::{Path, PathBuf, absolute};

use photophone::batch::{Task, TaskSource};
use photophone::files::FileGroup;

use super::inputs::Found;
use crate::shard::Shard;

/// What is done with files.
pub(super) struct Plan<'a> {
    /// The folder of outputs.
    pub(super) folder: &'a Path,
    /// Ending of the outputs.
    pub(super) ending: &'a str,
    /// What the files of a folder have to be.
    pub(super) groups: &'a [FileGroup],
    /// The part of the files that is done.
    pub(super) shard: Option<Shard>,
}

impl Plan<'_> {
    /// A task for each file that is meant and of the shard, in the order of the outputs' names. Only files of the shard, and
    /// those that would be written to one output, are opened to see what they are.
    ///
    /// # Errors
    /// Two files that would be written to one, an output that is an input, and nothing to do.
    pub(super) fn tasks(&self, found: Vec<Found>) -> anyhow::Result<Vec<Task>> {
        anyhow::ensure!(!found.is_empty(), NOTHING);
        self.refuse_inputs(&found)?;
        let mut named: Vec<(PathBuf, Found)> =
            found.into_iter().map(|found| (found.place.with_extension(self.ending), found)).collect();
        named.sort_unstable_by(|one, other| (&one.0, &one.1.file.path).cmp(&(&other.0, &other.1.file.path)));
        let mut tasks = Vec::new();
        for same in named.chunk_by(|one, other| one.0 == other.0) {
            let output = &same[0].0;
            let is_ours = self.shard.is_none_or(|shard| shard.has(output));
            if !is_ours && same.len() == 1 {
                continue;
            }
            let meant: Vec<&Found> =
                same.iter().map(|(_, found)| found).filter(|found| found.is_meant(self.groups)).collect();
            if let [one, other, ..] = meant[..] {
                return Err(self.collision(one, other, output));
            }
            if let Some(found) = meant.first().filter(|_| is_ours) {
                tasks.push(Task { source: TaskSource::File(found.file.clone()), output: output.clone() });
            }
        }
        anyhow::ensure!(!tasks.is_empty() || self.shard.is_some(), NOTHING);
        Ok(tasks)
    }

    fn collision(&self, one: &Found, other: &Found, output: &Path) -> anyhow::Error {
        let [one, other] = [one, other].map(|found| found.file.path.display());
        let output = self.folder.join(output);
        anyhow::anyhow!(
            "{one} and {other} would both be written to {}; expected a name for each; give their folder, or --base with \
             the folder that they are below, or work on them one after another",
            output.display()
        )
    }

    /// Refuses outputs that are inputs. Only inputs below the folder of outputs can be.
    fn refuse_inputs(&self, found: &[Found]) -> anyhow::Result<()> {
        let folder = absolute(self.folder)?;
        let absolute_inputs = found.iter().filter_map(|found| absolute(&found.file.path).ok());
        let below: HashSet<PathBuf> = absolute_inputs.filter(|path| path.starts_with(&folder)).collect();
        for found in found.iter().filter(|_| !below.is_empty()) {
            let output = folder.join(found.place.with_extension(self.ending));
            if below.contains(&output) {
                anyhow::bail!(
                    "{}: is an input and would be overwritten; give another folder with -o",
                    output.display()
                );
            }
        }
        Ok(())
    }
}

/// What to say where no file is meant.
const NOTHING: &str = "found no files to work on; expected one or more; name files or their folder";

#[cfg(test)]
mod tests {
    use super::*;

    fn tasks(names: &[&str], folder: &str, shard: Option<Shard>) -> anyhow::Result<Vec<Task>> {
        let plan = Plan { folder: Path::new(folder), ending: "png", groups: &[FileGroup::Sound], shard };
        plan.tasks(names.iter().map(|name| Found::of_name(name)).collect())
    }

    #[test]
    fn shards_are_a_partition_and_about_as_large() {
        let names: Vec<String> = (0..3000).map(|number| format!("folder/{number}.wav")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let part = |names: &[&str], number| tasks(names, "out", Some(Shard { number, of: 7 })).unwrap();
        let parts: Vec<_> = (1..=7).map(|number| part(&names, number)).collect();
        let mut together: Vec<_> = parts.iter().flatten().map(|task| task.output.clone()).collect();
        together.sort();
        let all: Vec<_> = tasks(&names, "out", None).unwrap().into_iter().map(|task| task.output).collect();
        assert_eq!(together, all);
        // The standard deviation of a part is 19.
        assert!(parts.iter().all(|part| part.len().abs_diff(3000 / 7) < 100), "{:?}", parts.iter().map(Vec::len));
        let first = part(&names[..1500], 1);
        assert!(first.iter().all(|task| parts[0].contains(task)), "a file changed its part as others were found");
    }

    #[test]
    fn two_inputs_of_one_output_are_refused_in_every_shard() {
        for shard in [None, Some(Shard { number: 1, of: 2 }), Some(Shard { number: 2, of: 2 })] {
            let error = tasks(&["a/x.wav", "b.wav", "a/x.flac"], "out", shard).unwrap_err().to_string();
            assert!(error.contains("a/x.flac and a/x.wav") && error.contains("out/a/x.png"), "{error}");
        }
        assert!(tasks(&["a/x.wav", "b/x.flac"], "out", None).is_ok());
        let error = tasks(&["x.png", "x.wav"], ".", None).unwrap_err().to_string();
        assert!(error.contains("x.png"), "{error}");
    }
}
